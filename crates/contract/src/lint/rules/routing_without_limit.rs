//! Work in progress without a limit piles up where it is slowest.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(366),
    name: "routing-without-limit",
    summary: "Routing limits the work in progress.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let routing = subject.root().get("routing");
    if routing.is_none_or(|routing| routing.get("wip_limit").is_some()) {
        return Vec::new();
    }
    vec![
        subject
            .warning(
                RULE.code,
                "/routing",
                "receivers can be given any amount of work",
            )
            .expected("`wip_limit`: most open handoffs per receiver")
            .found("routing without it")
            .hint("add `wip_limit: 5`; work above it waits or goes to the fallback"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn no_limit_is_a_warning() {
        check(
            &RULE,
            "  wip_limit: 5\n",
            "",
            &["E0366 warning \"routing\""],
        );
    }
}
