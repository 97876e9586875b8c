//! Looks for a value that the narrow schema accepts and the wide one refuses.
//!
//! Values are built from the facts of each case of the narrow schema, varied one part at a time around
//! whatever either schema mentions, and asked of both validators. Finding none proves nothing.

use baton_evidence::json::Tree;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::cases::cases;
use super::facts::At;
use super::pools::Pools;
use super::side::Side;
use crate::schema::PackageSchema;

/// Values kept per conjunction.
pub(super) const KEPT_MAX: usize = 40;
/// Values tried per conjunction.
pub(super) const TRIED_MAX: usize = 400;
/// Levels of values built.
const LEVELS_MAX: usize = 5;
/// Values built altogether.
const BUILT_MAX: usize = 30_000;

/// Builds values of the narrow schema.
pub(super) struct Sampler<'a> {
    pub narrow: &'a Side<'a>,
    pub pools: Pools,
    known: BTreeMap<(BTreeSet<At>, usize), Vec<Value>>,
    built: usize,
}

/// Returns a value that `schemas.0` accepts and `schemas.1` refuses, if one is found.
pub(super) fn counterexample(
    narrow: &Side<'_>,
    wide: &Side<'_>,
    schemas: (&PackageSchema, &PackageSchema),
) -> Option<Value> {
    let mut sampler = Sampler {
        narrow,
        pools: Pools::new(narrow, wide),
        known: BTreeMap::new(),
        built: 0,
    };
    let root = BTreeSet::from([String::new()]);
    let candidates = sampler.candidates(&root, LEVELS_MAX);
    let shows = |value: &&Value| {
        let tree = Tree::from(*value);
        schemas.0.is_valid(tree.root()) && !schemas.1.is_valid(tree.root())
    };
    // The smallest one is the easiest to read.
    let found = candidates.iter().filter(shows);
    found.min_by_key(|value| value.to_string().len()).cloned()
}

impl Sampler<'_> {
    /// Returns values that satisfy all members, the plainest first.
    pub(super) fn values(&mut self, members: &BTreeSet<At>, levels: usize) -> Vec<Value> {
        let key = (members.clone(), levels);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let values = self.candidates(members, levels);
        self.known.insert(key, values.clone());
        values
    }

    fn candidates(&mut self, members: &BTreeSet<At>, levels: usize) -> Vec<Value> {
        let mut kept: Vec<Value> = Vec::new();
        // The top keeps everything: there, each value is one more chance.
        let most = if levels == LEVELS_MAX {
            TRIED_MAX * 8
        } else {
            KEPT_MAX
        };
        for case in cases(self.narrow, members) {
            if self.built > BUILT_MAX {
                break;
            }
            let candidates = match &case.finite {
                Some(values) => values.clone(),
                None => self.of_case(&case, levels),
            };
            self.built += candidates.len();
            let room = if levels == LEVELS_MAX {
                most
            } else {
                // Each kind gets its share.
                kept.len() + KEPT_MAX / 4
            };
            for value in candidates {
                let refused = |at: &At| self.narrow.accepts(at, &value) != Some(true);
                let is_new = kept.len() < room.min(most) && !kept.contains(&value);
                if is_new && !members.iter().any(refused) {
                    kept.push(value);
                }
            }
        }
        kept
    }
}
