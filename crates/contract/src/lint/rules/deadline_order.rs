//! What comes first is due first.

use baton_terms::{Code, Diagnostic};

use crate::lint::time_span::TimeSpan;
use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(352),
    name: "deadline-order",
    summary: "Acknowledging is due before the verdict, and that before completion.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let deadlines: Vec<_> = subject.contract().deadlines.iter().collect();
    let mut diagnostics = Vec::new();
    for (index, (name, deadline)) in deadlines.iter().enumerate() {
        let span = TimeSpan::read(&deadline.within);
        let later = deadlines.iter().skip(index + 1);
        let sooner = later.filter(|(_, other)| {
            let other_span = TimeSpan::read(&other.within);
            // Business time of two calendars can't be compared.
            let is_comparable =
                other.calendar == deadline.calendar || !span.is_some_and(TimeSpan::is_business);
            is_comparable && span.zip(other_span).is_some_and(|(a, b)| b < a)
        });
        for (other_name, other) in sooner {
            let at = format!("{}/within", other.at);
            diagnostics.push(
                subject
                    .error(
                        RULE.code,
                        &at,
                        format!("`{other_name}` is due before `{name}`"),
                    )
                    .expected(format!("at least `{}`", deadline.within))
                    .found(format!("`{}`", other.within))
                    .hint("all deadlines count from the offer: swap the two, or allow more time"),
            );
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn spans_of_one_kind_are_compared() {
        check(
            &RULE,
            "within: 10bd",
            "within: 1bd",
            &["E0352 error \"1bd\""],
        );
        check(
            &RULE,
            "within: 4bh",
            "within: 3bd",
            &["E0352 error \"2bd\""],
        );
        check(&RULE, "within: 10bd", "within: 2bd", &[]);
        // Hours and days depend on the calendar.
        check(&RULE, "within: 4bh", "within: 90bh", &[]);
    }
}
