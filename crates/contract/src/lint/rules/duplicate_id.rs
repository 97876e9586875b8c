//! An id names one thing: findings, waivers and approvals refer to it.

use std::collections::BTreeSet;

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::syntax::Node;

pub(super) const RULE: Rule = Rule {
    code: Code::new(309),
    name: "duplicate-id",
    summary: "Ids are unique within their list.",
    check,
};

const LISTS: &[(&str, &str)] = &[
    ("/clauses", "id"),
    ("/gates", "id"),
    ("/outcomes", "id"),
    ("/inputs/evidence", "id"),
    ("/outputs/evidence", "id"),
    ("/dimensions", "id"),
    ("/routing/candidates", "team"),
];

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    LISTS
        .iter()
        .flat_map(|(list, key)| duplicates(subject, list, key))
        .collect()
}

fn duplicates(subject: &Subject<'_>, list: &str, key: &str) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let items = list
        .split('/')
        .skip(1)
        .try_fold(subject.root(), Node::get)
        .map(Node::items)
        .unwrap_or_default();
    let mut diagnostics = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Some(id) = item.get(key).and_then(Node::text) else {
            continue;
        };
        if !seen.insert(id) {
            let at = format!("{list}/{index}/{key}");
            diagnostics.push(
                subject
                    .error(
                        RULE.code,
                        &at,
                        format!("{key} is used twice in the same list"),
                    )
                    .expected("an id of its own")
                    .found(format!("`{id}` again"))
                    .hint("rename one of them, or remove the copy"),
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
    fn every_list_keeps_its_ids_apart() {
        for (from, to, shown) in [
            ("id: unchanged", "id: valid", "valid"),
            ("id: no-late-surprise", "id: human-impact", "human-impact"),
            ("id: usability-test", "id: prototype", "prototype"),
            ("id: safety", "id: evidence", "evidence"),
            ("{team: search,", "{team: payments,", "payments"),
        ] {
            check(&RULE, from, to, &[&format!("E0309 error {shown:?}")]);
        }
    }

    #[test]
    fn lists_do_not_share_their_ids() {
        check(&RULE, "id: no-late-surprise", "id: valid", &[]);
    }
}
