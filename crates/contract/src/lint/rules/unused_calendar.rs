//! A calendar nobody counts by is left over, or a name somewhere is wrong.

use baton_terms::{Code, Diagnostic};

use crate::lint::time_span::is_business;
use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(354),
    name: "unused-calendar",
    summary: "Every calendar is used.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let deadlines = contract.deadlines.iter();
    let deadlines = deadlines.filter_map(|(_, deadline)| deadline.calendar.as_ref());
    let routing = contract.routing.iter();
    let routing = routing.filter_map(|routing| routing.calendar.as_ref());
    let used: Vec<_> = deadlines.chain(routing).collect();
    // Gates and escalation rungs count by the contract's calendar without naming it.
    let expiries = contract
        .gates
        .iter()
        .filter_map(|gate| gate.expires.as_ref());
    let rungs = contract
        .routing
        .iter()
        .flat_map(|routing| &routing.escalation);
    let is_implied = contract.calendars.len() == 1
        && expiries
            .chain(rungs.map(|rung| &rung.after))
            .any(|span| is_business(span));
    contract
        .calendars
        .iter()
        .filter(|calendar| !is_implied && !used.contains(&&calendar.id))
        .map(|calendar| {
            subject
                .warning(RULE.code, &calendar.at, "calendar is never used")
                .expected("a deadline or routing that names it")
                .found(format!("calendar `{}`, and nothing that does", calendar.id))
                .hint("remove it, or name it where it should count")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_second_calendar_must_be_named() {
        let night =
            "calendar:\n  night:\n    zone: UTC\n    hours: {monday: [22:00-23:00]}\n  office:";
        let calendar = "calendar:\n  office:";
        check(&RULE, calendar, night, &["E0354 warning \"night\""]);
    }

    #[test]
    fn the_only_calendar_counts_for_gates() {
        check(&RULE, "calendar:\n  office:", "calendar:\n  other:", &[]);
    }
}
