//! A dimension that one clause decides is that clause under another name.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(372),
    name: "heavy-clause",
    summary: "No clause outweighs the rest of a dimension of three or more.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let mut diagnostics = Vec::new();
    for dimension in &contract.dimensions {
        let clauses: Vec<_> = contract
            .clauses
            .iter()
            .filter(|clause| clause.dimension == dimension.id)
            .collect();
        let total: u64 = clauses.iter().map(|clause| u64::from(clause.weight)).sum();
        let heavy = clauses
            .iter()
            .find(|clause| clauses.len() >= 3 && u64::from(clause.weight) * 2 > total);
        if let Some(clause) = heavy {
            let at = format!("{}/weight", clause.at);
            diagnostics.push(
                subject
                    .warning(
                        RULE.code,
                        &at,
                        "one clause outweighs the rest of its dimension",
                    )
                    .expected(format!("at most half of the {total} in `{}`", dimension.id))
                    .found(format!("{}", clause.weight))
                    .hint(
                        "use severity for what must not fail; weights say how much the rest counts",
                    ),
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
    fn half_is_the_most() {
        let weight = "dimension: readiness\n    weight: 8";
        check(
            &RULE,
            weight,
            "dimension: readiness\n    weight: 9",
            &["E0372 warning \"9\""],
        );
        // Two clauses can hardly share evenly.
        check(
            &RULE,
            "dimension: safety\n    weight: 5",
            "dimension: safety\n    weight: 90",
            &[],
        );
    }
}
