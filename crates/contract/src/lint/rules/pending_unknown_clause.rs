//! A pending entry that names no clause softens nothing, and its author believes it does.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::shape::closest;
use crate::syntax::Node;

pub(super) const RULE: Rule = Rule {
    code: Code::new(357),
    name: "pending-unknown-clause",
    summary: "Every pending entry names a clause of the contract.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let clauses = subject.texts("clauses", "id");
    let pending = subject.root().get("pending").map(Node::items);
    let mut diagnostics = Vec::new();
    for (index, entry) in pending.unwrap_or_default().iter().enumerate() {
        let Some(id) = entry.get("clause").and_then(Node::text) else {
            continue;
        };
        if !clauses.contains(&id) {
            let hint = closest(id, clauses.iter().copied()).map_or_else(
                || "remove the entry".to_owned(),
                |name| format!("did you mean `{name}`?"),
            );
            diagnostics.push(
                subject
                    .error(
                        RULE.code,
                        &format!("/pending/{index}/clause"),
                        "pending entry names an unknown clause",
                    )
                    .expected("the id of a clause")
                    .found(format!("`{id}`"))
                    .hint(hint),
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
    fn a_typo_is_an_error() {
        check(
            &RULE,
            "clause: share-covered",
            "clause: shares-covered",
            &["E0357 error \"shares-covered\""],
        );
    }
}
