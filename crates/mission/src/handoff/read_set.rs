//! Read sets: the places of a package that an approval rests on, and what a new package changes there.
//!
//! An approval of a gate rests on what the clauses and the gate itself look at, and on who sends. What
//! no expression looks at may change without asking the approver again; everything else may not.

use std::collections::{BTreeMap, BTreeSet};

use baton_contract::expression::ReadPath;
use baton_evidence::canonical;
use baton_evidence::json::View;
use baton_terms::Digest;

/// Digests by place (JSON Pointer into the package; `*` and what is below it stand for the whole container); nothing where it is absent.
pub type Fingerprint = BTreeMap<String, Option<Digest>>;

/// Who sends decides about separation, so every approval rests on it.
const SENDER: &str = "/sender";

/// Returns the places of the package document that expressions reading `reads` depend on.
pub(crate) fn places<'r>(reads: impl IntoIterator<Item = &'r ReadPath>) -> BTreeSet<String> {
    let mut places: BTreeSet<_> = reads.into_iter().flat_map(places_of).collect();
    places.insert(SENDER.to_owned());
    places
}

/// Times, history and the contract are not the package's, so a change of them voids no approval.
fn places_of(read: &ReadPath) -> Vec<String> {
    let pointer = read.pointer.as_str();
    match read.variable.as_str() {
        "package" => vec![format!("/payload{pointer}")],
        // A field of an evidence record follows from the whole entry of the package and its artifact.
        "evidence" => match pointer.split('/').nth(1) {
            Some(id) if id != "*" => vec![format!("/evidence/{id}")],
            _ => vec!["/evidence".to_owned()],
        },
        "context" => match pointer.split('/').nth(1) {
            None => vec!["/risk_tier".to_owned(), "/work_item".to_owned()],
            Some(field @ ("risk_tier" | "work_item")) => vec![format!("/{field}")],
            Some(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Returns the digests of `places` in a package document.
pub(crate) fn fingerprint(document: View<'_>, places: &BTreeSet<String>) -> Fingerprint {
    let digest = |place: &String| (place.clone(), digest_at(document, place));
    places.iter().map(digest).collect()
}

fn digest_at(document: View<'_>, place: &str) -> Option<Digest> {
    if let Some(id) = place.strip_prefix("/evidence/") {
        // Entries are known by id; the order they are written in means nothing.
        let entries = document.get("evidence")?.as_list()?;
        let mut named = entries.iter().filter(|entry| {
            let found = entry.get("id").and_then(View::as_str);
            found == Some(id.replace("~1", "/").replace("~0", "~").as_str())
        });
        return named.next().map(canonical::view_digest);
    }
    let steps: Vec<&str> = place.split('/').skip(1).collect();
    element(document, &steps)
}

/// Returns the digest of what `steps` lead to. From a `*` on the whole container counts, for its
/// size, keys and order decide as well as its elements.
fn element(view: View<'_>, steps: &[&str]) -> Option<Digest> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(canonical::view_digest(view));
    };
    if *step == "*" {
        return Some(canonical::view_digest(view));
    }
    let key = step.replace("~1", "/").replace("~0", "~");
    let below = match view.as_list() {
        Some(items) => key.parse().ok().and_then(|at: usize| items.get(at)),
        None => view.get(&key),
    };
    element(below?, rest)
}

/// Returns the places among `rest_on` that differ between two packages.
///
/// A place that a fingerprint does not know counts as changed: unknown is never the same.
pub fn changed_places(
    before: &Fingerprint,
    now: &Fingerprint,
    rest_on: &BTreeSet<String>,
) -> Vec<String> {
    let is_same = |place: &&String| matches!((before.get(*place), now.get(*place)), (Some(a), Some(b)) if a == b);
    rest_on
        .iter()
        .filter(|place| !is_same(place))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_evidence::json::Tree;
    use serde_json::{Value, json};

    fn read(variable: &str, pointer: &str) -> ReadPath {
        ReadPath {
            variable: variable.to_owned(),
            pointer: pointer.to_owned(),
        }
    }

    // spec: LIFECYCLE-14
    #[test]
    fn what_expressions_read_is_found_in_the_package() {
        for (variable, pointer, expected) in [
            ("package", "/title", vec!["/payload/title"]),
            ("package", "", vec!["/payload"]),
            ("evidence", "/report/state", vec!["/evidence/report"]),
            ("evidence", "", vec!["/evidence"]),
            ("context", "", vec!["/risk_tier", "/work_item"]),
            ("context", "/risk_tier", vec!["/risk_tier"]),
            ("context", "/as_of", vec![]),
            ("history", "/handoffs", vec![]),
        ] {
            let mut expected: BTreeSet<_> = expected.into_iter().map(str::to_owned).collect();
            expected.insert("/sender".to_owned());
            assert_eq!(
                places(&[read(variable, pointer)]),
                expected,
                "{variable}{pointer}"
            );
        }
    }

    fn changed(place: &str, before: &Value, now: &Value) -> bool {
        let rest_on = BTreeSet::from([place.to_owned()]);
        let print = |value: &Value| fingerprint(Tree::from(value).root(), &rest_on);
        !changed_places(&print(before), &print(now), &rest_on).is_empty()
    }

    // spec: LIFECYCLE-14
    #[test]
    fn a_place_is_changed_by_value_presence_order_and_count() {
        let list = |items: Value| json!({"payload": {"screens": items, "a/b": 1}});
        let before = list(json!([{"name": "x", "size": 1}, {"name": "y", "size": 2}]));
        let resized = list(json!([{"name": "x", "size": 9}, {"name": "y", "size": 2}]));
        let shorter = list(json!([{"name": "x", "size": 1}]));
        let gone = json!({"payload": {"a/b": 1}});
        for (place, now, is_changed) in [
            ("/payload/screens/0/name", &resized, false),
            ("/payload/screens/0/size", &resized, true),
            ("/payload/screens/1/name", &shorter, true),
            // Below `*` the whole container counts: rather one question too many.
            ("/payload/screens/*/name", &resized, true),
            ("/payload/screens/*/name", &shorter, true),
            ("/payload/screens", &gone, true),
            ("/payload/a~1b", &gone, false),
            ("/payload/never", &gone, false),
        ] {
            assert_eq!(changed(place, &before, now), is_changed, "{place}");
            assert!(!changed(place, &before, &before), "{place}");
        }
    }

    // spec: LIFECYCLE-14
    #[test]
    fn evidence_is_known_by_its_id_in_whatever_order() {
        let item = |id: &str, digest: &str| json!({"id": id, "digest": digest});
        let before = json!({"evidence": [item("doc", "1"), item("scan", "2")]});
        let turned = json!({"evidence": [item("scan", "2"), item("doc", "1")]});
        let other = json!({"evidence": [item("scan", "3"), item("doc", "1")]});
        assert!(!changed("/evidence/doc", &before, &turned));
        assert!(!changed("/evidence/doc", &before, &other));
        assert!(changed("/evidence/scan", &before, &other));
        assert!(changed("/evidence/scan", &before, &json!({})));
    }

    // spec: LIFECYCLE-14
    #[test]
    fn a_place_that_was_not_looked_at_counts_as_changed() {
        let rest_on = BTreeSet::from(["/payload/title".to_owned()]);
        let nothing = Fingerprint::new();
        assert_eq!(
            changed_places(&nothing, &nothing, &rest_on),
            ["/payload/title"]
        );
    }
}
