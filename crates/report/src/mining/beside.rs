//! What a report tells beside its causes: what is suspected, what fails less often, and what only
//! drifts. Each is a short list with the words that keep it from passing for a cause.

use baton_rootcause::wire::{Confirmation, Drift, FewerFailures, MiningReport, Suspect};

use super::conditions::{line, other_side};
use super::numbers::{decimal, percent, whole};

/// A list beside the causes.
#[derive(Debug)]
pub(super) struct Beside {
    /// Name of its place on a page.
    pub(super) id: &'static str,
    pub(super) heading: &'static str,
    /// What it is, and what it is not.
    pub(super) about: &'static str,
    /// Each item, and its numbers in a sentence.
    pub(super) items: Vec<(String, String)>,
}

const SUSPECTS: &str = "None of these is claimed: they did not pass the test that a cause must pass. Over all cases they stand out a little, as chance can too. Watch them, or look again with more cases, before anything rests on them.";
const FEWER: &str = "What fails more often here is most of the cases, so it is the rule and no cause; it is told from the side of the few.";
const DRIFT: &str = "These change over the months, and so does the failure rate. Among cases of about the same time most of the difference is gone: they say when, not why. They are no causes.";

/// Returns the lists that hold anything.
pub(super) fn beside(report: &MiningReport) -> Vec<Beside> {
    let lists = [
        Beside {
            id: "suspects",
            heading: "Suspected, not claimed",
            about: SUSPECTS,
            items: report.suspects.iter().map(suspect).collect(),
        },
        Beside {
            id: "fewer",
            heading: "What fails less often",
            about: FEWER,
            items: report.fewer_failures.iter().map(fewer).collect(),
        },
        Beside {
            id: "drift",
            heading: "What only drifts with the failure rate",
            about: DRIFT,
            items: report.drift.iter().map(drift).collect(),
        },
    ];
    lists
        .into_iter()
        .filter(|list| !list.items.is_empty())
        .collect()
}

fn suspect(suspect: &Suspect) -> (String, String) {
    let rate = suspect.rate.value.map_or_else(String::new, percent);
    let size = format!(
        "{} of {} such cases fail ({rate}), against {} of all others. It stands out; chance alone brings about {} of them in a search this size.",
        whole(suspect.failures),
        whole(suspect.cases),
        percent(suspect.other_rate),
        decimal(suspect.by_chance, 2),
    );
    (line(&suspect.conditions), size)
}

fn fewer(few: &FewerFailures) -> (String, String) {
    let rate = few.rate.value.map_or_else(String::new, percent);
    let later = match few.confirmation {
        Confirmation::Replicated => "Later cases show it again.",
        Confirmation::Weaker | Confirmation::Gone => "Later cases do not show it clearly.",
        Confirmation::Untested => "There are too few later cases to say whether it holds.",
    };
    let size = format!(
        "{} of {} such cases fail ({rate}), against {} of all others. {later}",
        whole(few.failures),
        whole(few.cases),
        percent(few.other_rate),
    );
    (other_side(&few.condition), size)
}

fn drift(drift: &Drift) -> (String, String) {
    let size = format!(
        "{} failures above the rate of the others over all times, {} among cases of the same time.",
        decimal(drift.over_all, 0),
        decimal(drift.within, 0),
    );
    (drift.feature.clone(), size)
}
