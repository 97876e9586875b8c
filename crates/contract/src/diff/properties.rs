//! Tests of version steps, and what holds for every change of a sound contract.

use baton_terms::Source;
use proptest::prelude::*;
use semver::Version;
use serde_json::{Value, json};

use super::*;
use crate::document::{Document, Reading};
use crate::lint::rules::tests::SOUND;
use crate::shape::escape;

fn read(text: &str) -> Reading {
    Document::alone(Source::new("contract.yaml", text)).read()
}

// spec: DIFF-6
#[test]
fn a_version_must_not_understate_its_changes() {
    let new = SOUND.replacen("ready_min: 7400", "ready_min: 8000", 1);
    let changes = diff(&read(SOUND), &read(&new)).unwrap();
    let code = |old: &str, new: &str, changes: &[Change]| {
        let (old, new) = (old.parse().unwrap(), new.parse().unwrap());
        check_step(&old, &new, changes).map(|d| d.code)
    };
    for (old, new, expected) in [
        ("1.2.0", "1.2.0", Some(NOT_ABOVE)),
        ("1.2.0", "1.2.0+build", Some(NOT_ABOVE)),
        ("1.2.0", "1.1.9", Some(NOT_ABOVE)),
        ("1.2.0", "1.3.0", Some(UNDERSTATED)),
        ("1.2.0", "2.0.0", None),
        ("1.2.0", "2.0.0-rc.1", None),
        ("1.2.0", "3.1.4", None),
        ("2.0.0-rc.1", "2.0.0-rc.2", None),
        ("2.0.0-rc.1", "2.0.0", None),
        ("1.3.0-rc.1", "1.3.0", Some(UNDERSTATED)),
        ("0.2.0", "0.2.1", Some(UNDERSTATED)),
        ("0.2.0", "0.3.0", None),
        ("0.2.0", "1.0.0", None),
        (
            "18446744073709551615.0.0",
            "18446744073709551615.0.1",
            Some(UNDERSTATED),
        ),
    ] {
        assert_eq!(code(old, new, &changes), expected, "{old} to {new}");
    }
    assert_eq!(code("1.2.0", "1.2.0", &[]), None);
    assert_eq!(code("1.2.0", "1.2.1", &[]), None);
    assert_eq!(code("1.2.0", "1.1.0", &[]), Some(NOT_ABOVE));
}

// spec: DIFF-6
#[test]
fn a_comparison_tells_whether_the_version_is_true() {
    let compared = |edits: &[(&str, &str)]| {
        let changed = edits.iter().fold(SOUND.to_owned(), |text, (from, to)| {
            text.replacen(from, to, 1)
        });
        Comparison::of(&read(SOUND), &read(&changed))
    };
    let code = |edits: &[(&str, &str)]| {
        let problem = compared(edits).unwrap().problem?;
        Some((problem.code, problem.place.span.is_some()))
    };
    let stricter = ("ready_min: 7400", "ready_min: 8000");
    assert_eq!(code(&[]), None);
    assert_eq!(code(&[stricter]), Some((NOT_ABOVE, true)));
    assert_eq!(
        code(&[stricter, ("version: 1.2.0", "version: 1.9.0")]),
        Some((UNDERSTATED, true))
    );
    assert_eq!(
        code(&[stricter, ("version: 1.2.0", "version: 2.0.0")]),
        None
    );
    assert_eq!(
        code(&[("name: design-to-build", "name: other")]),
        Some((OTHER_CONTRACT, true))
    );
    // What is not soundly written is not compared.
    assert_eq!(compared(&[("weight: 25", "weight: 2500")]), None);
}

/// Every single value of the sound contract that is not an id, with a changed one.
fn single_changes() -> Vec<(String, Value)> {
    fn visit(value: &Value, pointer: &str, found: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(fields) => {
                for (key, inner) in fields {
                    visit(inner, &format!("{pointer}/{}", escape(key)), found);
                }
            }
            Value::Array(items) => {
                for (index, inner) in items.iter().enumerate() {
                    visit(inner, &format!("{pointer}/{index}"), found);
                }
            }
            Value::String(text) => found.push((pointer.to_owned(), json!(format!("{text}x")))),
            Value::Bool(set) => found.push((pointer.to_owned(), json!(!set))),
            Value::Number(number) => {
                let next = number.as_i64().unwrap() + 1;
                found.push((pointer.to_owned(), json!(next)));
            }
            Value::Null => {}
        }
    }
    let mut found = Vec::new();
    visit(&sound(), "", &mut found);
    found.retain(|(pointer, _)| {
        let is_identity = ["/baton", "/name", "/version"].contains(&pointer.as_str());
        // An id is the name of its entry: changing it takes one entry away and brings another.
        let is_id = pointer.ends_with("/id")
            || pointer.ends_with("/date")
            || pointer.starts_with("/pending/0/clause");
        !is_identity && !is_id
    });
    found
}

fn sound() -> Value {
    read(SOUND).normal_form().unwrap()
}

fn with(value: &Value, edits: &[&(String, Value)]) -> Reading {
    let mut value = value.clone();
    for (pointer, changed) in edits {
        *value.pointer_mut(pointer).unwrap() = changed.clone();
    }
    Document::alone(Source::new("contract.json", value.to_string())).read()
}

// spec: DIFF-7
#[test]
fn each_single_change_is_exactly_one_change() {
    let (old, value) = (read(SOUND), sound());
    let all = single_changes();
    assert!(all.len() > 150, "only {} values", all.len());
    for edit in &all {
        let changes = diff(&old, &with(&value, &[edit])).unwrap();
        let [change] = changes.as_slice() else {
            panic!("{edit:?} is {} changes: {changes:?}", changes.len());
        };
        assert_ne!(change.before, change.after);
        assert!(!change.what.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // spec: DIFF-7
    #[test]
    fn nothing_differs_from_itself(picked in proptest::sample::subsequence(single_changes(), 0..20)) {
        let edits: Vec<_> = picked.iter().collect();
        let reading = with(&sound(), &edits);
        prop_assert_eq!(diff(&reading, &reading), Some(Vec::new()));
    }

    // spec: DIFF-7
    #[test]
    fn more_changes_never_take_a_smaller_step(picked in proptest::sample::subsequence(single_changes(), 2..8), kept in 1_usize..7) {
        // Whether a clause only warns, and whose clock runs, decides what other changes mean.
        let edits: Vec<_> = picked
            .iter()
            .filter(|(pointer, _)| !pointer.starts_with("/pending") && !pointer.ends_with("/clock"))
            .collect();
        let (old, value) = (read(SOUND), sound());
        let step = |edits: &[&(String, Value)]| step_needed(&diff(&old, &with(&value, edits)).unwrap());
        prop_assert!(step(&edits) >= step(&edits[..kept.min(edits.len())]));
    }

    // spec: DIFF-6
    #[test]
    fn steps_lead_upwards(major in 0_u64..4, minor in 0_u64..4, patch in 0_u64..4, is_prerelease: bool) {
        let mut old = Version::new(major, minor, patch);
        if is_prerelease {
            old.pre = "rc.1".parse().unwrap();
        }
        let [patch, minor, major] = [Step::Patch, Step::Minor, Step::Major].map(|step| step.after(&old));
        prop_assert!(old < patch && patch <= minor && minor <= major);
    }
}
