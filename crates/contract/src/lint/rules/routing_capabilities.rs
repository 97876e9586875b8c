//! What the work needs is something that a candidate says it can do, and is said once.

use std::collections::BTreeSet;

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::shape::closest;

pub(super) const RULE: Rule = Rule {
    code: Code::new(387),
    name: "routing-capabilities",
    summary: "A capability the work needs is named once, and by a candidate too.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some(routing) = &subject.contract().routing else {
        return Vec::new();
    };
    let said = routing.candidates.iter().flat_map(|one| &one.capabilities);
    let said: BTreeSet<&str> = said.map(baton_terms::Id::as_str).collect();
    let mut seen = BTreeSet::new();
    let mut diagnostics = Vec::new();
    for (index, need) in routing.capabilities.iter().enumerate() {
        let at = format!("{}/capabilities/{index}", routing.at);
        if !seen.insert(need) {
            diagnostics.push(
                subject
                    .warning(RULE.code, &at, "the work needs a capability twice")
                    .expected("each capability once")
                    .found(format!("`{need}` again"))
                    .hint("remove one of them"),
            );
        } else if !said.is_empty() && !said.contains(need.as_str()) {
            // Where no candidate says what it can do, the roster does.
            diagnostics.push(
                subject
                    .warning(RULE.code, &at, "no candidate says that it can do this")
                    .expected("a capability that a candidate names")
                    .found(format!("`{need}`"))
                    .hint(match closest(need.as_str(), said.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "name it at the candidates that can do it, or leave to the roster what each can do".to_owned(),
                    }),
            );
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{check, check_changes};

    #[test]
    fn what_is_needed_is_named_once_and_by_a_candidate() {
        let strategy = "  strategy: least-loaded";
        for (needs, expected) in [
            ("[web]", &[][..]),
            ("[wbe]", &["E0387 warning \"wbe\""]),
            ("[web, mobile]", &["E0387 warning \"mobile\""]),
            ("[web, web]", &["E0387 warning \"web\""]),
        ] {
            let with = format!("  capabilities: {needs}\n{strategy}");
            check(&RULE, strategy, &with, expected);
        }
    }

    #[test]
    fn candidates_that_say_nothing_are_known_to_the_roster() {
        check_changes(
            &RULE,
            &[(
                ", capabilities: [web]}, {team: search, capabilities: [web]}]",
                "}, {team: search}]\n  capabilities: [mobile]",
            )],
            &[],
        );
    }
}
