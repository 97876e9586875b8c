//! The proof: each case of the narrow schema against each keyword of the wide one.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::cases::cases;
use super::disjoint::are_disjoint;
use super::facts::{At, Facts};
use super::side::Side;
use super::wide_value::value_within;
use crate::schema::join;

/// Steps one proof may take.
const STEPS_MAX: u64 = 20_000;
/// Levels of values one proof may go down.
const LEVELS_MAX: usize = 48;

/// Why a proof stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    pub pointer: String,
    pub because: String,
}

impl Gap {
    /// Returns the gap at `pointer`.
    pub(super) fn new(pointer: &str, because: impl Into<String>) -> Self {
        Self {
            pointer: pointer.to_owned(),
            because: because.into(),
        }
    }
}

/// A proof in progress.
pub(super) struct Judge<'a> {
    pub narrow: &'a Side<'a>,
    pub wide: &'a Side<'a>,
    /// Questions being answered further up. Each level looks at a strictly smaller part of the value, so
    /// a question that comes back may be taken as answered: induction over the value.
    open: Vec<(BTreeSet<At>, At)>,
    steps: u64,
}

impl<'a> Judge<'a> {
    /// Returns a proof that has not begun.
    pub(super) fn new(narrow: &'a Side<'a>, wide: &'a Side<'a>) -> Self {
        Self {
            narrow,
            wide,
            open: Vec::new(),
            steps: 0,
        }
    }

    /// Proves that the whole narrow schema lies within the whole wide one.
    pub(super) fn prove(&mut self) -> Result<(), Gap> {
        self.members_within(BTreeSet::from([String::new()]), "")
    }

    /// Proves that whatever satisfies all of `members` satisfies the wide subschema at `wide`.
    pub(super) fn members_within(&mut self, members: BTreeSet<At>, wide: &str) -> Result<(), Gap> {
        if self.is_evident(&members, wide) {
            return Ok(());
        }
        let question = (members, wide.to_owned());
        if self.open.contains(&question) {
            return Ok(());
        }
        if self.open.len() >= LEVELS_MAX {
            return Err(Gap::new(wide, "the schemas recurse too deeply to compare"));
        }
        self.open.push(question.clone());
        let answer = self.cases_within(&question.0, wide);
        self.open.pop();
        answer
    }

    /// Returns whether the wide subschema allows everything, or one of the members says the same.
    fn is_evident(&self, members: &BTreeSet<At>, wide: &str) -> bool {
        let Some(schema) = self.wide.at(wide) else {
            return false;
        };
        let allows_all =
            matches!(schema, Value::Bool(true)) || schema.as_object().is_some_and(Map::is_empty);
        let mut said = members.iter().filter_map(|at| self.narrow.at(at));
        allows_all || !refers(schema) && said.any(|narrow| narrow == schema)
    }

    fn cases_within(&mut self, members: &BTreeSet<At>, wide: &str) -> Result<(), Gap> {
        for case in cases(self.narrow, members) {
            match &case.finite {
                Some(values) => self.values_within(members, values, wide)?,
                None => self.case_within(&case, wide)?,
            }
        }
        Ok(())
    }

    /// A case with listed values is decided by asking both validators about each.
    fn values_within(
        &mut self,
        members: &BTreeSet<At>,
        values: &[Value],
        wide: &str,
    ) -> Result<(), Gap> {
        for value in values {
            self.step(wide)?;
            let refused = |at: &At| self.narrow.accepts(at, value) == Some(false);
            if members.iter().any(refused) {
                continue;
            }
            if self.wide.accepts(wide, value) != Some(true) {
                return Err(Gap::new(wide, format!("`{value}` may be refused")));
            }
        }
        Ok(())
    }

    /// Proves one case, which holds values of one kind, against every keyword of a wide subschema.
    pub(super) fn case_within(&mut self, case: &Facts, wide: &str) -> Result<(), Gap> {
        self.step(wide)?;
        if let Some(values) = &case.finite {
            return self.values_within(&case.members, values, wide);
        }
        if self.is_evident(&case.members, wide) {
            return Ok(());
        }
        let Some(Value::Object(schema)) = self.wide.at(wide) else {
            return Err(Gap::new(wide, "nothing is allowed here"));
        };
        self.references_within(case, schema, wide)?;
        self.alternatives_within(case, schema, wide)?;
        self.condition_within(case, schema, wide)?;
        value_within(case, schema, wide)?;
        self.items_within(case, schema, wide)?;
        self.properties_within(case, schema, wide)
    }

    fn references_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        for keyword in ["$ref", "$dynamicRef"] {
            let Some(reference) = schema.get(keyword).and_then(Value::as_str) else {
                continue;
            };
            let target = self.wide.target(reference);
            let target = target.ok_or_else(|| Gap::new(wide, "a reference leads nowhere"))?;
            self.case_within(case, &target)?;
        }
        for position in 0..length(schema, "allOf") {
            self.case_within(case, &format!("{wide}/allOf/{position}"))?;
        }
        Ok(())
    }

    fn alternatives_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        if length(schema, "anyOf") > 0 {
            self.fitting(case, &branches(schema, wide, "anyOf"))
                .ok_or_else(|| {
                    let pointer = join(wide, "anyOf");
                    Gap::new(&pointer, "no single alternative takes all of the values")
                })?;
        }
        let branches = branches(schema, wide, "oneOf");
        if !branches.is_empty() {
            let pointer = join(wide, "oneOf");
            let fitting = self.fitting(case, &branches).ok_or_else(|| {
                Gap::new(&pointer, "no single alternative takes all of the values")
            })?;
            for other in branches.iter().filter(|branch| **branch != fitting) {
                self.require_disjoint(case, other, "two alternatives may take the same value")?;
            }
        }
        if schema.contains_key("not") {
            let pointer = join(wide, "not");
            self.require_disjoint(case, &pointer, "a value may be one of the excluded ones")?;
        }
        Ok(())
    }

    /// Returns the first branch that takes the whole case.
    fn fitting(&mut self, case: &Facts, branches: &[At]) -> Option<At> {
        let fits = |branch: &&At| self.case_within(case, branch).is_ok();
        branches.iter().find(fits).cloned()
    }

    fn require_disjoint(&mut self, case: &Facts, wide: &str, because: &str) -> Result<(), Gap> {
        self.step(wide)?;
        if are_disjoint((self.narrow, self.wide), case, wide) {
            Ok(())
        } else {
            Err(Gap::new(wide, because))
        }
    }

    fn condition_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        if !schema.contains_key("if") {
            return Ok(());
        }
        let condition = join(wide, "if");
        let can_be_met = !are_disjoint((self.narrow, self.wide), case, &condition);
        if can_be_met && schema.contains_key("then") {
            self.case_within(case, &join(wide, "then"))?;
        }
        let is_always_met = can_be_met && self.case_within(case, &condition).is_ok();
        if !is_always_met && schema.contains_key("else") {
            self.case_within(case, &join(wide, "else"))?;
        }
        Ok(())
    }

    /// Counts a step.
    pub(super) fn step(&mut self, wide: &str) -> Result<(), Gap> {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return Err(Gap::new(wide, "comparing takes more steps than the limit"));
        }
        Ok(())
    }
}

fn branches(schema: &Map<String, Value>, wide: &str, keyword: &str) -> Vec<At> {
    (0..length(schema, keyword))
        .map(|position| format!("{wide}/{keyword}/{position}"))
        .collect()
}

fn length(schema: &Map<String, Value>, keyword: &str) -> usize {
    let list = schema.get(keyword).and_then(Value::as_array);
    list.map_or(0, Vec::len)
}

/// Returns whether a schema refers to anything, so that equal text need not mean the same.
fn refers(schema: &Value) -> bool {
    match schema {
        Value::Array(list) => list.iter().any(refers),
        Value::Object(map) => {
            map.contains_key("$ref") || map.contains_key("$dynamicRef") || map.values().any(refers)
        }
        _ => false,
    }
}
