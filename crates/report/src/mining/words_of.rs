//! Words for the names a report uses inside.

/// Returns why a column is set aside, in words.
pub(super) fn why(why: &str) -> &str {
    match why {
        "known-later" => "known only later",
        "restates-outcome" => "restates the outcome",
        "person" => "names single people",
        "in-outcome" => "part of the outcome itself",
        "constant" => "the same in every case",
        "identifier" => "different in nearly every case",
        "chosen" => "set aside on request",
        other => other,
    }
}

/// Returns the place of a reason among the reasons: those a reader should check come first.
pub(super) fn weight(why: &str) -> u8 {
    match why {
        "restates-outcome" => 0,
        "known-later" => 1,
        "in-outcome" => 2,
        "person" => 3,
        "chosen" => 4,
        "identifier" => 5,
        "constant" => 6,
        _ => 7,
    }
}

/// Returns what setting aside for this reason protects from.
pub(super) fn why_it_matters(why: &str) -> &'static str {
    match why {
        "known-later" => {
            "What is written after the fact can't be acted on beforehand, and often only repeats that it failed."
        }
        "restates-outcome" => {
            "It tells failed from fine almost by itself, so it is another name for failing rather than a reason."
        }
        "person" => "Reports look at work and never at single people.",
        "in-outcome" => "Whatever defines failing goes with failing by definition.",
        "constant" => "What never differs can't make a difference.",
        "identifier" => "A name of the case tells nothing about other cases.",
        "chosen" => "The settings of this run leave it out.",
        _ => "",
    }
}

/// Returns where a feature comes from, in words.
pub(super) fn origin(origin: &str) -> &str {
    match origin {
        "attribute" => "column of the log",
        "flow" => "steps and their order",
        "handover" => "handovers between parties",
        "workload" => "work open at the time",
        "calendar" => "calendar",
        "finding" => "finding of a contract",
        other => other,
    }
}

/// Returns the name of a group, or words for the group without a name.
pub(super) fn group_name(name: &str) -> String {
    if name.is_empty() {
        "(no value)".to_owned()
    } else {
        name.to_owned()
    }
}
