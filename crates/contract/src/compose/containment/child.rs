//! Which subschemas of a case apply to a property or an item.

use std::collections::BTreeSet;

use super::facts::{At, Facts};

impl Facts {
    /// Returns the members that describe the property `name`.
    pub(super) fn members_of_property(&self, name: &str) -> BTreeSet<At> {
        let mut members = BTreeSet::new();
        for described in &self.properties {
            let named = described.named.get(name).cloned();
            let matching = described
                .patterns
                .iter()
                .filter(|(pattern, _)| matches(pattern, name) == Some(true))
                .map(|(_, at)| at.clone());
            let own: Vec<At> = named.into_iter().chain(matching).collect();
            let is_undecided = described
                .patterns
                .iter()
                .any(|(pattern, _)| matches(pattern, name).is_none());
            if own.is_empty() && !is_undecided {
                members.extend(described.other.clone());
            }
            members.extend(own);
        }
        members
    }

    /// Returns the members that describe every property no member names or matches.
    pub(super) fn members_of_other_properties(&self) -> BTreeSet<At> {
        let others = self
            .properties
            .iter()
            .filter_map(|described| described.other.clone());
        others.collect()
    }

    /// Returns the names that some member describes by itself.
    pub(super) fn property_names(&self) -> BTreeSet<&str> {
        let named = self
            .properties
            .iter()
            .flat_map(|described| described.named.keys());
        named.chain(&self.required).map(String::as_str).collect()
    }

    /// Returns the patterns of names and the members that describe what they match.
    pub(super) fn property_patterns(&self) -> impl Iterator<Item = &(String, At)> {
        self.properties
            .iter()
            .flat_map(|described| &described.patterns)
    }

    /// Returns the members that describe the item at `position`.
    pub(super) fn members_of_item(&self, position: usize) -> BTreeSet<At> {
        let members = self.items.iter().filter_map(|described| {
            let own = described.positions.get(position);
            own.or(described.rest.as_ref()).cloned()
        });
        members.collect()
    }

    /// Returns how many positions some member describes by themselves.
    pub(super) fn positions(&self) -> usize {
        let lengths = self.items.iter().map(|described| described.positions.len());
        lengths.max().unwrap_or(0)
    }
}

/// Returns whether a pattern matches a property's name, read as the validator reads it.
pub(super) fn matches(pattern: &str, name: &str) -> Option<bool> {
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    let regex = regex::Regex::new(&translated).ok()?;
    Some(regex.is_match(name))
}
