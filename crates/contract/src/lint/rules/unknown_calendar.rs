//! A calendar that does not exist counts no time.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::Contract;
use crate::shape::closest;
use crate::syntax::Node;

pub(super) const RULE: Rule = Rule {
    code: Code::new(350),
    name: "unknown-calendar",
    summary: "Deadlines and routing name calendars of the contract.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let entries = subject.root().get("calendar").map(Node::entries);
    let known: Vec<_> = entries
        .unwrap_or_default()
        .iter()
        .map(|entry| entry.key.as_str())
        .collect();
    let named = named(subject.contract()).into_iter();
    named
        .filter(|(_, id)| !known.contains(&id.as_str()))
        .map(|(at, id)| {
            let hint = closest(&id, known.iter().copied()).map_or_else(
                || "add the calendar, or name one that exists".to_owned(),
                |name| format!("did you mean `{name}`?"),
            );
            let expected = match known.as_slice() {
                [] => "a calendar: the contract has none".to_owned(),
                known => format!("one of {}", known.join(", ")),
            };
            subject
                .error(
                    RULE.code,
                    &format!("{at}/calendar"),
                    "calendar is not in the contract",
                )
                .expected(expected)
                .found(format!("`{id}`"))
                .hint(hint)
        })
        .collect()
}

/// Returns the calendars named, each with the place of the section that names it.
fn named(contract: &Contract) -> Vec<(&str, String)> {
    let deadlines = contract
        .deadlines
        .iter()
        .filter_map(|(_, deadline)| Some((deadline.at.as_str(), deadline.calendar.as_ref()?)));
    let routing = contract
        .routing
        .iter()
        .filter_map(|routing| Some((routing.at.as_str(), routing.calendar.as_ref()?)));
    deadlines
        .chain(routing)
        .map(|(at, id)| (at, id.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{check, check_changes};

    #[test]
    fn calendars_are_named_as_they_are_called() {
        check(
            &RULE,
            "within: 4bh, calendar: office",
            "within: 4bh, calendar: ofice",
            &["E0350 error \"ofice\""],
        );
        check(
            &RULE,
            "  calendar: office\n  fairness_min",
            "  calendar: night\n  fairness_min",
            &["E0350 error \"night\""],
        );
        let renamed = ("calendar:\n  office:", "calendar:\n  shop:");
        check_changes(&RULE, &[renamed], &["E0350 error \"office\""; 4]);
    }
}
