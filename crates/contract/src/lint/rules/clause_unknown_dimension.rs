//! A clause that counts into no dimension would count nowhere.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::shape::closest;

pub(super) const RULE: Rule = Rule {
    code: Code::new(330),
    name: "clause-unknown-dimension",
    summary: "Every clause counts into a dimension of the contract.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    // As written: a dimension whose weight can't be read is still one.
    let mut names = subject.texts("dimensions", "id");
    names.extend(
        contract
            .dimensions
            .iter()
            .map(|dimension| dimension.id.as_str()),
    );
    names.sort_unstable();
    names.dedup();
    let unknown = contract
        .clauses
        .iter()
        .filter(|clause| !names.contains(&clause.dimension.as_str()));
    unknown
        .map(|clause| {
            let at = format!("{}/dimension", clause.at);
            let hint = closest(clause.dimension.as_str(), names.iter().copied()).map_or_else(
                || "add the dimension, or name one that exists".to_owned(),
                |name| format!("did you mean `{name}`?"),
            );
            subject
                .error(RULE.code, &at, "clause counts into an unknown dimension")
                .expected(format!("one of {}", names.join(", ")))
                .found(format!("`{}`", clause.dimension))
                .hint(hint)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_typo_is_an_error() {
        check(
            &RULE,
            "dimension: readiness",
            "dimension: readyness",
            &["E0330 error \"readyness\""],
        );
        check(&RULE, "dimension: readiness", "dimension: safety", &[]);
    }
}
