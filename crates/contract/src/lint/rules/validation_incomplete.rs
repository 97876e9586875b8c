//! A version is promoted after all suites under both conditions.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{Condition, Suite};

pub(super) const RULE: Rule = Rule {
    code: Code::new(365),
    name: "validation-incomplete",
    summary: "A contract is validated by all suites under all conditions.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some(validation) = subject.root().get("validation") else {
        return vec![
            subject
                .warning(RULE.code, "/validation", "contract is not validated")
                .expected("`validation` with suites and conditions")
                .found("no such section")
                .hint("name all four suites and both conditions"),
        ];
    };
    let lists: [(&str, &[_]); 2] = [("suites", Suite::WORDS), ("conditions", Condition::WORDS)];
    let mut diagnostics = Vec::new();
    for (list, words) in lists {
        let Some(node) = validation.get(list) else {
            continue;
        };
        let missing: Vec<_> = words
            .iter()
            .map(|(word, _)| *word)
            .filter(|word| node.items().iter().all(|item| item.text() != Some(word)))
            .collect();
        if !missing.is_empty() {
            diagnostics.push(
                subject
                    .warning(
                        RULE.code,
                        &format!("/validation/{list}"),
                        format!("validation leaves out {list}"),
                    )
                    .expected(format!("also {}", missing.join(", ")))
                    .found(node.describe())
                    .hint("what is left out is what fails after the rollout"),
            );
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{SOUND, check};

    #[test]
    fn all_suites_and_conditions_are_named() {
        check(
            &RULE,
            "[unit, integration, simulation, regression]",
            "[unit, simulation, regression]",
            &["E0365 warning \"[unit, simulation, regression]\""],
        );
        check(
            &RULE,
            "[pro-humanity-impact, professional-mastery]",
            "[professional-mastery]",
            &["E0365 warning \"[professional-mastery]\""],
        );
        let start = SOUND.find("validation:\n").unwrap();
        let end = SOUND.find("rollout:\n").unwrap();
        let section = SOUND.get(start..end).unwrap();
        check(&RULE, section, "", &["E0365 warning \"design-to-build\""]);
    }
}
