//! A business day has no length without a calendar.

use baton_terms::{Code, Diagnostic};

use crate::lint::time_span::is_business;
use crate::lint::{Rule, Subject};
use crate::syntax::Node;

pub(super) const RULE: Rule = Rule {
    code: Code::new(351),
    name: "business-time-without-calendar",
    summary: "Business time is counted by a calendar.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let calendars = subject.root().get("calendar").map(Node::entries);
    let has_calendar = calendars.is_some_and(|entries| !entries.is_empty());
    let mut spans = Vec::new();
    for (_, deadline) in contract.deadlines.iter() {
        if !subject.has(&deadline.at, "calendar") {
            spans.push((format!("{}/within", deadline.at), &deadline.within));
        }
    }
    if !has_calendar {
        for gate in &contract.gates {
            let expires = gate.expires.iter();
            spans.extend(expires.map(|span| (format!("{}/expires", gate.at), span)));
        }
        let rungs = contract
            .routing
            .iter()
            .flat_map(|routing| &routing.escalation);
        spans.extend(rungs.map(|rung| (format!("{}/after", rung.at), &rung.after)));
    }
    spans
        .into_iter()
        .filter(|(_, span)| is_business(span))
        .map(|(at, span)| {
            subject
                .error(RULE.code, &at, "business time has no calendar")
                .expected("a calendar that counts it, or elapsed time such as `48h`")
                .found(format!("`{span}` and no calendar"))
                .hint("add `calendar:` with zone, hours and holidays, and name it here")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{SOUND, check, check_changes};

    #[test]
    fn a_deadline_names_its_calendar() {
        let verdict = "within: 2bd, calendar: office";
        check(&RULE, verdict, "within: 2bd", &["E0351 error \"2bd\""]);
        check(&RULE, verdict, "within: 48h", &[]);
    }

    #[test]
    fn gates_and_rungs_need_one_calendar_at_least() {
        let start = SOUND.find("calendar:\n  office").unwrap();
        let end = SOUND.find("routing:\n").unwrap();
        let calendars = SOUND.get(start..end).unwrap();
        check_changes(
            &RULE,
            &[(calendars, "")],
            &[
                "E0351 error \"3bd\"",
                "E0351 error \"1bd\"",
                "E0351 error \"3bd\"",
            ],
        );
    }
}
