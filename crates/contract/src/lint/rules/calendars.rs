//! A calendar can be computed with: the problems `crate::calendar` finds, at their places.

use baton_terms::Diagnostic;

use crate::calendar::{Calendar, UNKNOWN_ZONE};
use crate::lint::{Rule, Subject};

/// Passes on the codes E0640 to E0656.
pub(super) const RULE: Rule = Rule {
    code: UNKNOWN_ZONE,
    name: "calendars",
    summary: "Calendars have a known zone, sound working hours and holidays.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for section in &subject.contract().calendars {
        let problems = match Calendar::new(&section.draft()) {
            Ok(calendar) => calendar.warnings(),
            Err(problems) => problems,
        };
        let placed = problems
            .into_iter()
            .map(|problem| subject.inside_value(&section.at, problem))
            .filter(|problem| !subject.is_refused(&problem.place.pointer));
        diagnostics.extend(placed);
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn hours_and_holidays_are_sound() {
        let monday = "monday: [09:00-12:00, 13:00-17:00]";
        for (to, expected) in [
            ("monday: [12:00-09:00]", "E0642 error \"12:00-09:00\""),
            (
                "monday: [09:00-12:00, 11:00-17:00]",
                "E0643 error \"11:00-17:00\"",
            ),
        ] {
            check(&RULE, monday, to, &[expected]);
        }
        let holidays = "{date: 2027-01-01, name: New Year}";
        let twice = "{date: 2026-12-25, name: Again}";
        check(&RULE, holidays, twice, &["E0646 error \"2026-12-25\""]);
    }

    #[test]
    fn an_author_can_say_that_there_are_no_holidays() {
        let holidays = "    holidays:\n      - {date: 2026-12-25, name: Christmas Day}\n      - {date: 2027-01-01, name: New Year}\n";
        check(&RULE, holidays, "", &["E0647 warning \"office\""]);
        for (covers, expected) in [
            ("{first: 2026, last: 2027}", None),
            (
                "{first: 2027, last: 2026}",
                Some("E0648 error \"{first: 2027, last: 2026}\""),
            ),
        ] {
            let covers = format!("    covers: {covers}\n");
            let expected: Vec<_> = expected.into_iter().collect();
            check(&RULE, holidays, &covers, &expected);
        }
    }

    #[test]
    fn another_time_zone_database_is_a_warning() {
        let zone = "zone: Europe/Berlin\n";
        let pinned = "zone: Europe/Berlin\n    tzdb: 1999a\n";
        check(&RULE, zone, pinned, &["E0649 warning \"1999a\""]);
    }

    #[test]
    fn what_reading_refused_is_not_said_twice() {
        check(&RULE, "zone: Europe/Berlin", "zone: Mars/Olympus", &[]);
    }
}
