//! What a reader must know before using a report.

use baton_eventlog::cases::{CaseTable, Origin, Why};

use super::settings::Settings;
use crate::encode::Encoded;
use crate::wire::Caution;

/// Failures under which little can be found.
const FEW_FAILURES: u64 = 30;

fn caution(kind: &str, text: String) -> Caution {
    Caution {
        kind: kind.to_owned(),
        text,
    }
}

/// Returns what the table alone says, before any search.
pub(crate) fn of_table(table: &CaseTable, settings: &Settings) -> Vec<Caution> {
    let cases = table.ids.len();
    let failures = table.failed.iter().filter(|failed| **failed).count();
    let few = u64::try_from(failures).unwrap_or(u64::MAX) < FEW_FAILURES;
    let mut found = Vec::new();
    if cases == 0 {
        found.push(caution(
            "no-cases",
            "There are no cases to learn from.".to_owned(),
        ));
    } else if failures == 0 {
        let text = format!("None of the {cases} cases failed, so there is nothing to explain.");
        found.push(caution("no-failures", text));
    } else if failures == cases {
        let text = format!("All {cases} cases failed, so nothing sets failures apart.");
        found.push(caution("all-failures", text));
    } else if few {
        let text = format!("Only {failures} cases failed; only very strong causes can be seen.");
        found.push(caution("few-failures", text));
    }
    if table.features.is_empty() && cases > 0 {
        let text = "No feature was left to mine; see what was set aside.".to_owned();
        found.push(caution("no-features", text));
    } else if !table
        .features
        .iter()
        .any(|feature| feature.origin == Origin::Handover)
    {
        let text =
            "No handovers could be seen: as far as it is looked at, no case has a second party.";
        found.push(caution("no-handovers", text.to_owned()));
    }
    if table.cluster.is_some() {
        let text = "Cases that fail together were searched once per cluster; sizes count them all.";
        found.push(caution("clusters", text.to_owned()));
    }
    found.extend(restated(table));
    if settings.raw().later == 0 {
        let text = "No later cases were held out, so no cause is confirmed.".to_owned();
        found.push(caution("no-hold-out", text));
    }
    found
}

/// Columns that restate the outcome are set aside, and said so.
fn restated(table: &CaseTable) -> Option<Caution> {
    let names: Vec<&str> = table
        .excluded
        .iter()
        .filter(|column| matches!(column.why, Why::RestatesOutcome { .. }))
        .map(|column| column.name.as_ref())
        .collect();
    (!names.is_empty()).then(|| {
        let text = format!(
            "Set aside because they restate the outcome: {}.",
            names.join(", ")
        );
        caution("outcome-restated", text)
    })
}

/// Returns what the encoding says: columns that never change, values too rare or too many.
pub(crate) fn of_encoding(table: &CaseTable, encoded: &Encoded) -> Vec<Caution> {
    let name = |place: &usize| {
        table
            .features
            .get(*place)
            .map(|feature| feature.name.as_ref())
    };
    let constant: Vec<&str> = encoded.constant().iter().filter_map(name).collect();
    let mut found = Vec::new();
    if !constant.is_empty() {
        let text = format!(
            "The same in every case that was searched, so not mined: {}.",
            constant.join(", ")
        );
        found.push(caution("constant-features", text));
    }
    for attribute in encoded.attributes() {
        if attribute.crowded() > 0 {
            let text = format!(
                "“{}” has too many values; the {} rarest were searched as one.",
                attribute.name(),
                attribute.folded()
            );
            found.push(caution("many-values", text));
        }
    }
    found
}

/// Returns that the search looked less deep than asked for.
pub(crate) fn less_deep(asked: u32, done: u32) -> Caution {
    let text = format!(
        "There are too many features for {asked} conditions together; {done} were searched."
    );
    caution("less-deep", text)
}

/// Returns that the search could not be done at all.
pub(crate) fn not_searched(why: &str) -> Caution {
    caution(
        "not-searched",
        format!("Nothing was searched: could not {why}."),
    )
}

/// Returns that significant patterns were not looked at.
pub(crate) fn left_out(patterns: u64) -> Caution {
    let text =
        format!("{patterns} significant patterns with the least evidence were not looked at.");
    caution("patterns-left-out", text)
}

/// Returns that the list was cut.
pub(crate) fn more_causes(listed: usize) -> Caution {
    let text = format!("More causes are significant; the {listed} strongest are listed.");
    caution("more-causes", text)
}

/// Returns that a cause could not be adjusted for what was asked for.
pub(crate) fn not_adjusted(rank: u32, feature: &str, why: &str) -> Caution {
    let text = format!("Cause {rank} is not adjusted for “{feature}”: {why}.");
    caution("not-adjusted", text)
}

/// Returns that features drift; nothing when none do.
pub(crate) fn drift(features: usize) -> Option<Caution> {
    let text = match features {
        0 => return None,
        1 => {
            "1 feature only changes over time as the failure rate does; it is listed apart and is \
              no cause."
                .to_owned()
        }
        _ => format!(
            "{features} features only change over time as the failure rate does; they are listed \
             apart and are no causes."
        ),
    };
    Some(caution("drift", text))
}

/// Returns what the listed causes leave unexplained.
pub(crate) fn unexplained(failures: u64, covered: u64) -> Caution {
    let rest = failures.saturating_sub(covered);
    let text = format!("{rest} of {failures} failures lie outside every listed cause.");
    caution("unexplained", text)
}

/// Returns that the error rate holds for one look.
pub(crate) fn one_look() -> Caution {
    let text = "The error rate holds for one look at this log; each further run with other \
                settings is another look.";
    caution("one-look", text.to_owned())
}
