//! A dimension nothing counts into is unknown, and unknown is never ready.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(331),
    name: "dimension-without-clause",
    summary: "Every dimension has at least one clause.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let counted = subject.texts("clauses", "dimension");
    if counted.is_empty() {
        return Vec::new();
    }
    let dimensions = subject.contract().dimensions.iter();
    dimensions
        .filter(|dimension| !counted.contains(&dimension.id.as_str()))
        .map(|dimension| {
            let message = format!("dimension `{}` has no clause", dimension.id);
            let found = if dimension.at.is_empty() {
                "the default dimensions, and no clause that counts into this one"
            } else {
                "no clause that counts into it: its score is always unknown"
            };
            subject
                .error(RULE.code, &dimension.at, message)
                .expected("at least one clause in every dimension")
                .found(found)
                .hint("add a clause, or list under `dimensions` only those you check")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{SOUND, check};

    #[test]
    fn a_dimension_nobody_counts_into_is_an_error() {
        check(
            &RULE,
            "  - {id: safety, title: Safety, weight: 40}\n",
            "  - {id: safety, title: Safety, weight: 40}\n  - {id: impact, weight: 5}\n",
            &["E0331 error \"impact\""],
        );
    }

    #[test]
    fn default_dimensions_count_too() {
        let start = SOUND.find("dimensions:\n").unwrap();
        let end = SOUND.find("clauses:\n").unwrap();
        let dimensions = SOUND.get(start..end).unwrap();
        check(&RULE, dimensions, "", &["E0331 error \"design-to-build\""]);
    }
}
