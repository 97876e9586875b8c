//! What is said about a localisation, in words that every rendering shares.

use baton_rootcause::localise::{Amount, Localisation, Located};
use baton_rootcause::wire::Fixed;

use crate::mining::conditions::line;
use crate::mining::numbers::{decimal, percent, power, ratio, trimmed, whole};
use crate::words::{count, list};

/// Millionths in one.
const ONE: u128 = 1_000_000;

/// What every rendering draws.
pub(super) struct View<'a> {
    pub(super) answer: &'a Localisation,
    pub(super) headline: String,
    /// What the whole table does.
    pub(super) overall: String,
    pub(super) causes: Vec<CauseView<'a>>,
    pub(super) alternatives: Vec<String>,
    /// How it was looked for.
    pub(super) search: Vec<String>,
    /// What was read.
    pub(super) inputs: Vec<(&'static str, String)>,
}

/// What is said about one cause.
pub(super) struct CauseView<'a> {
    pub(super) cause: &'a Located,
    pub(super) number: usize,
    pub(super) size: String,
    pub(super) evidence: String,
    pub(super) aliases: Vec<String>,
}

impl<'a> View<'a> {
    pub(super) fn new(answer: &'a Localisation) -> Self {
        let numbered = answer.causes.iter().enumerate();
        Self {
            answer,
            headline: headline(answer),
            overall: overall(answer),
            causes: numbered
                .map(|(place, cause)| CauseView {
                    cause,
                    number: place + 1,
                    size: size(answer, cause),
                    evidence: evidence(cause),
                    aliases: cause.aliases.iter().map(|one| line(one)).collect(),
                })
                .collect(),
            alternatives: answer
                .alternatives
                .iter()
                .map(|one| {
                    let causes = one.causes.iter().map(|cause| line(cause));
                    let causes: Vec<String> = causes.collect();
                    let behind = decimal(one.behind, 1);
                    format!("{} (behind by {behind})", causes.join("; and "))
                })
                .collect(),
            search: search(answer),
            inputs: inputs(answer),
        }
    }
}

fn jump(answer: &Localisation) -> &'static str {
    match answer.overall.direction.as_str() {
        "down" => "fall",
        _ => "rise",
    }
}

fn headline(answer: &Localisation) -> String {
    let causes = answer.causes.len();
    if causes == 0 {
        return "Nothing stands out from chance".to_owned();
    }
    let verb = if causes == 1 { "explains" } else { "explain" };
    format!(
        "{} {verb} the {}",
        count(causes, "combination"),
        jump(answer)
    )
}

fn overall(answer: &Localisation) -> String {
    let overall = &answer.overall;
    let (actual, expected) = (amount(overall.actual), amount(overall.expected));
    match (&overall.total, answer.table.measure.as_str()) {
        (Some(total), "share") => {
            format!("{actual} of {} in all.", amount(*total))
        }
        (Some(total), _) => format!(
            "{actual} of {} in all, where {expected} were to be expected.",
            amount(*total)
        ),
        (None, _) => format!("{actual} in all, where {expected} were forecast."),
    }
}

fn size(answer: &Localisation, cause: &Located) -> String {
    let mut sentence = amount(cause.actual);
    if let Some(total) = cause.total {
        sentence.extend([format!(" of {}", amount(total))]);
    }
    let expected = cause.expected.to_f64() * answer.overall.level.map_or(1.0, Fixed::to_f64);
    sentence.extend([format!(
        " where the rest makes {} likely",
        amount(Amount::round(expected))
    )]);
    if let Some(times) = cause.ratio {
        sentence.extend([format!(": {} times as many", ratio(times))]);
    }
    if let Some(share) = cause.share_of_jump {
        sentence.extend([format!(", {} of the {}", percent(share), jump(answer))]);
    }
    sentence.push('.');
    sentence
}

fn evidence(cause: &Located) -> String {
    let leaves = usize::try_from(cause.leaves).unwrap_or(usize::MAX);
    format!(
        "{}; by chance alone with probability {} at most, after all combinations looked at.",
        match leaves {
            1 => "1 leaf".to_owned(),
            _ => format!("{} leaves", whole(cause.leaves)),
        },
        power(cause.log10_p)
    )
}

fn search(answer: &Localisation) -> Vec<String> {
    let conditions = usize::try_from(answer.conditions_max).unwrap_or(usize::MAX);
    let noise = &answer.noise;
    let mut sentences = vec![format!(
        "{} combinations of up to {} were looked at; in pure noise any would be named with probability {} at most.",
        whole(answer.candidates),
        count(conditions, "condition"),
        percent(answer.alpha)
    )];
    let spread = percent(noise.of_leaf);
    sentences.push(if answer.table.measure == "forecast" {
        format!(
            "Without any cause, leaves miss their forecast by {spread}, beyond what counting does."
        )
    } else {
        let times = trimmed(noise.of_count, 2);
        format!(
            "Leaves vary {times} times as much as counts do by chance, and by {spread} beyond that."
        )
    });
    sentences
}

fn inputs(answer: &Localisation) -> Vec<(&'static str, String)> {
    let table = &answer.table;
    let attributes: Vec<String> = table
        .attributes
        .iter()
        .map(|attribute| format!("{} ({})", attribute.name, whole(attribute.values)))
        .collect();
    let mut inputs = vec![
        ("Table", table.name.clone()),
        ("Digest", table.digest.clone()),
        (
            "Rows",
            format!("{} in {} leaves", whole(table.rows), whole(table.leaves)),
        ),
        ("Attributes", list(&attributes)),
    ];
    if !table.set_aside.is_empty() {
        let set_aside: Vec<String> = table
            .set_aside
            .iter()
            .map(|column| format!("{} ({})", column.name, column.why))
            .collect();
        inputs.push(("Set aside", list(&set_aside)));
    }
    inputs.push(("Engine", answer.engine.clone()));
    inputs
}

/// Returns an amount as people write it: whole from 100 on, at most two decimal digits below.
pub(super) fn amount(amount: Amount) -> String {
    let millionths = amount.millionths();
    let sign = if millionths < 0 { "−" } else { "" };
    let size = millionths.unsigned_abs();
    let hundredths = (size + 5_000) / 10_000;
    if size >= 100 * ONE || hundredths.is_multiple_of(100) {
        let rounded = if size >= 100 * ONE {
            (size + ONE / 2) / ONE
        } else {
            hundredths / 100
        };
        let sign = if rounded == 0 { "" } else { sign };
        return format!("{sign}{}", grouped(rounded));
    }
    let written = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    format!("{sign}{}", written.trim_end_matches('0'))
}

fn grouped(number: u128) -> String {
    match u64::try_from(number) {
        Ok(number) => whole(number),
        Err(_) => number.to_string(),
    }
}
