//! What is written of each event: the columns under the names they get, and their values as text.

use std::borrow::Cow;

use crate::model::{Column, Kind, Log};

/// A column on its way out.
#[derive(Debug, Clone)]
pub(super) struct Planned<'l> {
    /// Name in the file.
    pub(super) name: Cow<'l, str>,
    /// The column.
    pub(super) column: &'l Column,
}

/// Names of the columns with a role.
#[derive(Debug, Clone, Copy)]
pub(super) struct Roles {
    pub(super) case: &'static str,
    pub(super) order: &'static str,
    pub(super) time: &'static str,
    pub(super) activity: &'static str,
    pub(super) party: &'static str,
    pub(super) person: &'static str,
}

impl Roles {
    /// The names where the format has none of its own.
    pub(super) const PLAIN: Self = Self {
        case: "case",
        order: "order",
        time: "time",
        activity: "activity",
        party: "party",
        person: "person",
    };

    fn taken(&self, name: &str) -> bool {
        [
            self.case,
            self.order,
            self.time,
            self.activity,
            self.party,
            self.person,
        ]
        .contains(&name)
    }
}

/// Returns the further columns of events; one whose name has a role gets `other:` before it.
pub(super) fn event_columns<'l>(log: &'l Log, roles: &Roles) -> Vec<Planned<'l>> {
    log.columns()
        .iter()
        .map(|column| Planned {
            name: if roles.taken(&column.name) {
                Cow::Owned(format!("other:{}", column.name))
            } else {
                Cow::Borrowed(&*column.name)
            },
            column,
        })
        .collect()
}

/// Returns the columns of cases, as columns of events.
pub(super) fn case_columns<'l>(log: &'l Log, events: &[Planned<'l>]) -> Vec<Planned<'l>> {
    log.case_columns()
        .iter()
        .map(|column| {
            let mut name = format!("case:{}", column.name);
            while events.iter().any(|other| other.name == name.as_str()) {
                name = format!("case:{name}");
            }
            Planned {
                name: Cow::Owned(name),
                column,
            }
        })
        .collect()
}

/// Returns the text of a value in the one spelling it is written in.
pub(super) fn text(column: &Column, row: usize) -> Option<Cow<'_, str>> {
    match column.kind {
        Kind::Text => column.text(row).map(Cow::Borrowed),
        Kind::Boolean => column
            .number(row)
            .map(|number| Cow::Borrowed(if number == 0 { "false" } else { "true" })),
        Kind::Number { scale } => column
            .number(row)
            .map(|number| Cow::Owned(decimal(number, scale))),
        Kind::Time => column.number(row).map(|number| Cow::Owned(time(number))),
    }
}

/// Returns an integer of the unit 10^-scale as a decimal number.
fn decimal(number: i64, scale: u8) -> String {
    let scale = usize::from(scale);
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
    match digits.split_at_checked(digits.len() - scale) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{digits}"),
    }
}

/// Returns microseconds since 1970-01-01T00:00:00Z as RFC 3339 in UTC.
pub(super) fn time(microseconds: i64) -> String {
    jiff::Timestamp::from_microsecond(microseconds)
        .map_or_else(|_| microseconds.to_string(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        for (number, scale, expected) in [
            (0, 0, "0"),
            (-7, 0, "-7"),
            (150, 2, "1.50"),
            (-5, 2, "-0.05"),
            (i64::MIN, 9, "-9223372036.854775808"),
        ] {
            assert_eq!(decimal(number, scale), expected);
        }
    }

    #[test]
    fn times_have_one_spelling() {
        assert_eq!(time(0), "1970-01-01T00:00:00Z");
        assert_eq!(time(-1), "1969-12-31T23:59:59.999999Z");
    }
}
