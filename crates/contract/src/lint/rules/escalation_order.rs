//! A ladder is climbed from the bottom.

use baton_terms::{Code, Diagnostic};

use crate::lint::time_span::TimeSpan;
use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(368),
    name: "escalation-order",
    summary: "Each rung of the escalation ladder comes later than the one before.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let rungs: Vec<_> = subject
        .contract()
        .routing
        .iter()
        .flat_map(|routing| &routing.escalation)
        .collect();
    let pairs = rungs.iter().zip(rungs.iter().skip(1));
    pairs
        .filter(|(before, rung)| {
            let spans = TimeSpan::read(&before.after).zip(TimeSpan::read(&rung.after));
            spans.is_some_and(|(before, after)| after <= before)
        })
        .map(|(before, rung)| {
            let at = format!("{}/after", rung.at);
            subject
                .error(RULE.code, &at, "escalation ladder does not rise")
                .expected(format!("more than `{}`", before.after))
                .found(format!("`{}`", rung.after))
                .hint("order the rungs by time")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn rungs_rise() {
        check(
            &RULE,
            "{after: 3bd",
            "{after: 1bd",
            &["E0368 error \"1bd\""],
        );
        check(&RULE, "{after: 3bd", "{after: 1h", &[]);
    }
}
