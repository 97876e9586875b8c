//! Where every clause has a condition, a package can meet none of them and stay unknown.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(332),
    name: "dimension-conditional",
    summary: "Every dimension has a clause that always applies.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let mut diagnostics = Vec::new();
    for dimension in &contract.dimensions {
        let mut clauses = contract
            .clauses
            .iter()
            .filter(|clause| clause.dimension == dimension.id)
            .peekable();
        if clauses.peek().is_some() && clauses.all(|clause| clause.when.is_some()) {
            diagnostics.push(
                subject
                    .warning(
                        RULE.code,
                        &dimension.at,
                        "dimension may have nothing to score",
                    )
                    .expected("a clause without `when` in every dimension")
                    .found(format!("only conditional clauses in `{}`", dimension.id))
                    .hint("add a clause that always applies: an unknown dimension is never ready"),
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
    fn only_conditional_clauses_are_a_warning() {
        check(
            &RULE,
            "    check: evidence\n",
            "    check: evidence\n    when: package.owner != \"\"\n",
            &["E0332 warning \"evidence\""],
        );
        check(
            &RULE,
            "    check: schema\n",
            "    check: schema\n    when: package.owner != \"\"\n",
            &[],
        );
    }
}
