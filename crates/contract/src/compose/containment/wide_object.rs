//! Keywords of the wide schema about objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::cases::{cases, count};
use super::child::matches;
use super::facts::{At, Facts, Kinds};
use super::judge::{Gap, Judge};
use crate::schema::join;

impl Judge<'_> {
    /// Proves a case against the keywords about properties.
    pub(super) fn properties_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        if !case.kinds.meets(Kinds::OBJECT) {
            return Ok(());
        }
        self.presence_within(case, schema, wide)?;
        self.named_within(case, schema, wide)?;
        self.matching_within(case, schema, wide)?;
        self.others_within(case, schema, wide)?;
        self.names_within(case, schema, wide)?;
        self.dependents_within(case, schema, wide)
    }

    fn presence_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        let gap = |keyword: &str, because: String| Err(Gap::new(&join(wide, keyword), because));
        for name in names(schema.get("required")) {
            if !case.required.contains(name) {
                return gap("required", format!("field `{name}` may be missing"));
            }
        }
        if count(schema, "minProperties").is_some_and(|least| case.properties_min < least) {
            return gap(
                "minProperties",
                "an object may have fewer fields".to_owned(),
            );
        }
        if let Some(most) = count(schema, "maxProperties")
            && self.properties_max(case).is_none_or(|fields| fields > most)
        {
            return gap("maxProperties", "an object may have more fields".to_owned());
        }
        for (name, needed) in map(schema, "dependentRequired") {
            let given = case.dependent.get(name);
            let is_needed = |needed: &str| {
                case.required.contains(needed) || given.is_some_and(|given| given.contains(needed))
            };
            if !self.is_absent(case, name) && !names(Some(needed)).all(is_needed) {
                let because = format!("a field that `{name}` needs may be missing");
                return gap("dependentRequired", because);
            }
        }
        match schema.get("unevaluatedProperties") {
            None | Some(Value::Bool(true)) => Ok(()),
            Some(_) => gap(
                "unevaluatedProperties",
                "fields left over are not compared".to_owned(),
            ),
        }
    }

    /// Returns the most fields an object of the case has.
    fn properties_max(&self, case: &Facts) -> Option<u64> {
        let is_closed = case.property_patterns().next().is_none()
            && self.is_impossible(&case.members_of_other_properties());
        let listed = u64::try_from(case.property_names().len()).ok();
        let listed = listed.filter(|_| is_closed);
        match (case.properties_max, listed) {
            (Some(stated), Some(listed)) => Some(stated.min(listed)),
            (stated, listed) => stated.or(listed),
        }
    }

    /// Returns whether no object of the case has the property.
    fn is_absent(&self, case: &Facts, name: &str) -> bool {
        !case.required.contains(name) && self.is_impossible(&case.members_of_property(name))
    }

    /// Returns whether no value satisfies all members.
    fn is_impossible(&self, members: &BTreeSet<At>) -> bool {
        !members.is_empty() && cases(self.narrow, members).is_empty()
    }

    fn named_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        let parent = join(wide, "properties");
        for (name, _) in map(schema, "properties") {
            let members = case.members_of_property(name);
            self.members_within(members, &join(&parent, name))?;
        }
        Ok(())
    }

    fn matching_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        let parent = join(wide, "patternProperties");
        for (pattern, _) in map(schema, "patternProperties") {
            let target = join(&parent, pattern);
            for name in case.property_names() {
                if matches(pattern, name) != Some(false) {
                    self.members_within(case.members_of_property(name), &target)?;
                }
            }
            // Names that only a pattern or nothing describes: any of them may match this one.
            for (_, at) in case.property_patterns() {
                self.members_within(BTreeSet::from([at.clone()]), &target)?;
            }
            let is_matched = case
                .property_patterns()
                .any(|(narrow, _)| narrow == pattern);
            if !is_matched {
                self.members_within(case.members_of_other_properties(), &target)?;
            }
        }
        Ok(())
    }

    fn others_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        if !schema.contains_key("additionalProperties") {
            return Ok(());
        }
        let target = join(wide, "additionalProperties");
        let named: BTreeSet<&str> = map(schema, "properties").map(|(name, _)| name).collect();
        let patterns: Vec<&str> = map(schema, "patternProperties")
            .map(|(name, _)| name)
            .collect();
        for name in case.property_names() {
            let is_described = named.contains(name)
                || patterns
                    .iter()
                    .any(|pattern| matches(pattern, name) == Some(true));
            if !is_described {
                self.members_within(case.members_of_property(name), &target)?;
            }
        }
        for (pattern, at) in case.property_patterns() {
            if !patterns.contains(&pattern.as_str()) {
                self.members_within(BTreeSet::from([at.clone()]), &target)?;
            }
        }
        self.members_within(case.members_of_other_properties(), &target)
    }

    fn names_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        if !schema.contains_key("propertyNames") {
            return Ok(());
        }
        let target = join(wide, "propertyNames");
        let is_closed = case.property_patterns().next().is_none()
            && self.is_impossible(&case.members_of_other_properties());
        if is_closed {
            for name in case.property_names() {
                let name_value = Value::String(name.to_owned());
                let is_taken = self.wide.accepts(&target, &name_value) == Some(true);
                if !is_taken && !self.is_absent(case, name) {
                    return Err(Gap::new(
                        &target,
                        format!("the name `{name}` may be refused"),
                    ));
                }
            }
            return Ok(());
        }
        let members: BTreeSet<At> = case.names.iter().cloned().collect();
        // Names are text, whatever else their descriptions would allow.
        for name_case in cases(self.narrow, &members) {
            if name_case.kinds == Kinds::STRING {
                self.case_within(&name_case, &target)?;
            }
        }
        Ok(())
    }

    fn dependents_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        let parent = join(wide, "dependentSchemas");
        for (name, _) in map(schema, "dependentSchemas") {
            if !self.is_absent(case, name) {
                self.case_within(case, &join(&parent, name))?;
            }
        }
        Ok(())
    }
}

fn map<'v>(
    schema: &'v Map<String, Value>,
    keyword: &str,
) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let map = schema.get(keyword).and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

fn names(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str)
}
