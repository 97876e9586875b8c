//! What the values of a column look like.

use std::collections::BTreeMap;

use super::sample::Sample;
use super::words;
use crate::import::{boolean, decimal};
use crate::mapping::{TimeFormat, ValueKind};
use crate::model::Column;

/// Texts that mean there is no value, in many systems.
const MISSING: &[&str] = &[
    "?",
    "NA",
    "N/A",
    "n/a",
    "NULL",
    "null",
    "None",
    "NaN",
    "nan",
    "\\N",
    "#N/A",
    "-",
    "--",
    "undefined",
    "(none)",
    "nil",
];
/// Formats that are tried, the likelier first where a text fits several.
const FORMATS: &[&str] = &[
    "rfc3339",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%m-%d-%Y %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S%.f",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M:%S %p",
    "%d/%b/%y %I:%M %p",
    "%d/%b/%Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d %b %Y %H:%M:%S",
    "%b %d, %Y %H:%M",
    "%b %d, %Y %I:%M:%S %p",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a %b %d %H:%M:%S %Y",
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%m/%d/%y",
    "%d/%b/%y",
    "unix",
    "unix-ms",
];
/// Unix seconds that are taken for times, when the name agrees: the years 1990 to 2100.
const UNIX_SECONDS: std::ops::Range<i64> = 631_152_000..4_102_444_800;
/// Share of the texts that a format must read for the column to hold times; the import refuses and
/// counts the others.
const TIMES_PERCENT_MIN: usize = 80;
/// Distinct texts of a column that are looked at.
const TEXTS_MAX: usize = 2_000;

/// What the values of a column look like.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    /// Distinct values that mean something.
    pub(super) distinct: usize,
    /// Rows with such a value.
    pub(super) filled: usize,
    /// What they are.
    pub(super) kind: ValueKind,
    /// A second format that reads all times too.
    pub(super) or_format: Option<&'static str>,
    /// Whether the values are integers.
    pub(super) is_integer: bool,
}

impl Profile {
    /// Returns the format when the values are times.
    pub(super) fn format(&self) -> Option<&TimeFormat> {
        match &self.kind {
            ValueKind::Time { format } => format.as_ref(),
            _ => None,
        }
    }
}

/// What all columns look like, and the texts that mean there is no value.
pub(super) struct Profiles {
    pub(super) columns: Vec<Profile>,
    pub(super) missing: Vec<&'static str>,
}

impl Profiles {
    pub(super) fn of(sample: &Sample) -> Self {
        let mut used: BTreeMap<&'static str, usize> = BTreeMap::new();
        for column in &sample.columns {
            for token in MISSING {
                if column.dictionary.code(token).is_some() {
                    *used.entry(token).or_default() += 1;
                }
            }
        }
        let is_number = |column: &Column, token: &str| {
            let others = column
                .dictionary
                .texts()
                .filter(|text| *text != token)
                .take(TEXTS_MAX);
            let others: Vec<_> = others.collect();
            !others.is_empty() && kind(&column.name, &others).0 != ValueKind::Text
        };
        // A word such as `None` may be a value; in two columns, or among numbers, it is not.
        let missing: Vec<&'static str> = used
            .into_iter()
            .filter(|(token, columns)| {
                *token == "?"
                    || *columns > 1
                    || sample.columns.iter().any(|column| {
                        column.dictionary.code(token).is_some() && is_number(column, token)
                    })
            })
            .map(|(token, _)| token)
            .collect();
        let columns = sample
            .columns
            .iter()
            .map(|column| profile(column, &missing))
            .collect();
        Self { columns, missing }
    }
}

fn profile(column: &Column, missing: &[&str]) -> Profile {
    let is_value = |text: &str| !missing.contains(&text);
    let texts: Vec<_> = column
        .dictionary
        .texts()
        .filter(|text| is_value(text))
        .collect();
    let filled = column
        .codes
        .iter()
        .filter(|code| column.dictionary.text(**code).is_some_and(is_value));
    let looked = texts.get(..TEXTS_MAX).unwrap_or(&texts);
    let (kind, or_format) = kind(&column.name, looked);
    Profile {
        distinct: texts.len(),
        filled: filled.count(),
        is_integer: !looked.is_empty() && looked.iter().all(|text| decimal(text, 0).is_some()),
        kind,
        or_format,
    }
}

fn kind(name: &str, texts: &[&str]) -> (ValueKind, Option<&'static str>) {
    if texts.is_empty() {
        return (ValueKind::Text, None);
    }
    let all = |fits: &dyn Fn(&str) -> bool| texts.iter().all(|text| fits(text));
    if texts.len() <= 2
        && all(&|text| boolean(text).is_some())
        && !all(&|text| text == "1" || text == "0")
    {
        return (ValueKind::Boolean, None);
    }
    if let Some(found) = times(name, texts) {
        return found;
    }
    let scale = (0..=9).find(|scale| all(&|text| decimal(text, *scale).is_some()));
    // Numbers with leading zeros are names: `007` is not 7.
    let is_name = texts
        .iter()
        .any(|text| text.len() > 1 && text.starts_with('0') && !text.contains('.'));
    match scale {
        Some(scale) if !is_name => (ValueKind::Number { scale }, None),
        _ => (ValueKind::Text, None),
    }
}

/// Returns the format that reads most of the texts, when it reads nearly all of them, and another
/// one that reads as many.
fn times(name: &str, texts: &[&str]) -> Option<(ValueKind, Option<&'static str>)> {
    let may_be_unix = words::sign(name, words::TIME).is_some();
    let count = |format: &'static &'static str| -> Option<(usize, &'static str)> {
        let read: TimeFormat = format.parse().ok()?;
        let is_unix = format.starts_with("unix");
        let fits = |text: &&&str| {
            let moment = read.read(text.as_bytes());
            moment.is_some_and(|moment| {
                !is_unix || UNIX_SECONDS.contains(&(moment.wall_micros / 1_000_000))
            })
        };
        let is_apt = !is_unix || may_be_unix;
        is_apt.then(|| (texts.iter().filter(fits).count(), *format))
    };
    let counts: Vec<_> = FORMATS.iter().filter_map(count).collect();
    let most = counts.iter().map(|(count, _)| *count).max()?;
    if most.saturating_mul(100) < texts.len().saturating_mul(TIMES_PERCENT_MIN) {
        return None;
    }
    let mut best = counts
        .iter()
        .filter(|(count, _)| *count == most)
        .map(|(_, format)| *format);
    let format = best.next()?.parse().ok();
    Some((ValueKind::Time { format }, best.next()))
}
