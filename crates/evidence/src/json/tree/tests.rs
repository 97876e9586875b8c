//! The tree holds what `serde_json::Value` holds, whatever the document.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Kind, Tree};
use crate::canonical;
use crate::json::{Limits, read};

fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-1000_i64..1000).prop_map(Value::from),
        (1_i32..1000).prop_map(|n| json!(f64::from(n) + 0.5)),
        "[a-cé\u{e000}\u{10000}\"\\\\\n ]{0,12}".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 64, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map("[a-dé\u{e000}\u{10000}\n]{0,3}", inner, 0..24)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_tree_is_the_value_that_the_other_builder_makes(document in documents()) {
        let text = serde_json::to_vec(&document).unwrap();
        match (read(&text, Limits::PACKAGE), Tree::read(&text, Limits::PACKAGE)) {
            (Ok(value), Ok(tree)) => {
                prop_assert_eq!(tree.root().to_value(), value.clone());
                prop_assert_eq!(&Tree::from(&value), &tree);
                prop_assert_eq!(canonical::view_to_bytes(tree.root()), canonical::to_bytes(&value));
                prop_assert_eq!(canonical::view_digest(tree.root()), canonical::digest(&value));
            }
            (Err(left), Err(right)) => prop_assert_eq!(left, right),
            (left, right) => prop_assert!(false, "{left:?} and {right:?}"),
        }
    }
}

#[test]
fn entries_are_found_in_small_and_large_maps() {
    for size in [0, 1, 16, 17, 300] {
        let map: serde_json::Map<String, Value> = (0..size)
            .map(|number| (format!("key-{number}"), number.into()))
            .collect();
        let tree = Tree::from(Value::Object(map));
        for number in 0..size {
            let found = tree.root().get(&format!("key-{number}")).unwrap();
            assert!(matches!(found.kind(), Kind::Integer(value) if value == i64::from(number)));
        }
        assert!(tree.root().get("key").is_none());
    }
}

#[test]
fn lists_and_maps_have_addresses_of_their_own() {
    let tree = Tree::from(json!({"a": [[1], {"b": 1}], "c": {"d": {"e": 2}}}));
    let root = tree.root();
    let list = root.get("a").unwrap().as_list().unwrap();
    let views = [
        root,
        root.get("a").unwrap(),
        list.get(0).unwrap(),
        list.get(1).unwrap(),
        root.get("c").unwrap(),
        root.get("c").unwrap().get("d").unwrap(),
    ];
    for (at, left) in views.iter().enumerate() {
        for (other, right) in views.iter().enumerate() {
            assert_eq!(at == other, left.address() == right.address());
        }
    }
}
