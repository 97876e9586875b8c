//! Splits a conjunction of subschemas into cases and collects the facts of each.
//!
//! Whatever is left out (`not`, `unevaluated…`, an alternative too many) makes the facts weaker, never
//! wrong: every value of the conjunction satisfies the facts of at least one case.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::decimal::Decimal;
use super::facts::{At, Bound, Contains, Facts, Items, Kinds, Properties};
use super::side::Side;
use crate::schema::join;

/// Cases one conjunction may have before further alternatives are left out.
const CASES_MAX: usize = 96;
/// Levels looked down for parts that cannot exist.
const LEVELS_MAX: usize = 2;

/// Returns the cases of the values that satisfy all of `members`, one kind of value each.
pub(super) fn cases(side: &Side<'_>, members: &BTreeSet<At>) -> Vec<Facts> {
    cases_seen_to(side, members, LEVELS_MAX)
}

/// Leaves out the cases whose parts, so many levels down, cannot exist.
fn cases_seen_to(side: &Side<'_>, members: &BTreeSet<At>, levels: usize) -> Vec<Facts> {
    let mut cases = vec![Facts::any()];
    for member in members {
        cases = narrowed(side, member, cases);
    }
    cases
        .iter()
        .flat_map(|case| Kinds::GROUPS.map(|kinds| case.only(kinds)))
        .filter(|case| !case.are_impossible() && !lacks_a_part(side, case, levels))
        .collect()
}

/// Returns whether a property or an item that must be there cannot be.
fn lacks_a_part(side: &Side<'_>, case: &Facts, levels: usize) -> bool {
    let Some(levels) = levels.checked_sub(1) else {
        return false;
    };
    let cannot_be = |members: &BTreeSet<At>| {
        !members.is_empty() && cases_seen_to(side, members, levels).is_empty()
    };
    if case.kinds == Kinds::OBJECT {
        let mut required = case.required.iter();
        required.any(|name| cannot_be(&case.members_of_property(name)))
    } else if case.kinds == Kinds::ARRAY {
        let mut first = 0..usize::try_from(case.items_min).unwrap_or(usize::MAX).min(8);
        let mut contained = case.contains.iter().filter(|contains| contains.least > 0);
        first.any(|at| cannot_be(&case.members_of_item(at)))
            || contained.any(|contains| cannot_be(&BTreeSet::from([contains.at.clone()])))
    } else {
        false
    }
}

/// Narrows cases by one subschema.
fn narrowed(side: &Side<'_>, at: &str, cases: Vec<Facts>) -> Vec<Facts> {
    let schema = match side.at(at) {
        Some(Value::Bool(false)) => return Vec::new(),
        Some(Value::Object(schema)) => schema,
        _ => return cases,
    };
    let mut cases = cases;
    for case in &mut cases {
        if case.members.insert(at.to_owned()) {
            collect(case, schema, at);
        }
    }
    for keyword in ["$ref", "$dynamicRef"] {
        let target = schema.get(keyword).and_then(Value::as_str);
        if let Some(target) = target.and_then(|reference| side.target(reference)) {
            cases = narrowed(side, &target, cases);
        }
    }
    for position in 0..length(schema, "allOf") {
        cases = narrowed(side, &format!("{at}/allOf/{position}"), cases);
    }
    for keyword in ["anyOf", "oneOf"] {
        let branches: Vec<At> = (0..length(schema, keyword))
            .map(|position| format!("{at}/{keyword}/{position}"))
            .collect();
        cases = split(side, &branches, cases);
    }
    if schema.contains_key("if") {
        cases = split_by_condition(side, schema, at, cases);
    }
    cases
}

fn length(schema: &Map<String, Value>, keyword: &str) -> usize {
    let list = schema.get(keyword).and_then(Value::as_array);
    list.map_or(0, Vec::len)
}

fn split(side: &Side<'_>, branches: &[At], cases: Vec<Facts>) -> Vec<Facts> {
    if branches.is_empty() || cases.len().saturating_mul(branches.len()) > CASES_MAX {
        return cases;
    }
    let narrow = |branch: &At| narrowed(side, branch, cases.clone());
    let all: Vec<Facts> = branches.iter().flat_map(narrow).collect();
    // Alternatives of alternatives can outgrow the limit all the same.
    if all.len() > CASES_MAX { cases } else { all }
}

fn split_by_condition(
    side: &Side<'_>,
    schema: &Map<String, Value>,
    at: &str,
    cases: Vec<Facts>,
) -> Vec<Facts> {
    if cases.len() * 2 > CASES_MAX {
        return cases;
    }
    let mut met = narrowed(side, &join(at, "if"), cases.clone());
    if schema.contains_key("then") {
        met = narrowed(side, &join(at, "then"), met);
    }
    let mut unmet = cases.clone();
    if schema.contains_key("else") {
        unmet = narrowed(side, &join(at, "else"), unmet);
    }
    met.extend(unmet);
    if met.len() > CASES_MAX { cases } else { met }
}

/// Adds the facts that one subschema states directly.
fn collect(case: &mut Facts, schema: &Map<String, Value>, at: &str) {
    if let Some(kinds) = schema.get("type") {
        case.kinds = case.kinds.and(Kinds::read(kinds));
    }
    let listed = schema.get("const").map(|value| vec![value.clone()]);
    let listed = listed.or_else(|| schema.get("enum").and_then(Value::as_array).cloned());
    // The first list is kept: which of its values the other members accept is asked of the validator.
    if case.finite.is_none() {
        case.finite = listed;
    }
    collect_numbers(case, schema);
    collect_text(case, schema);
    collect_items(case, schema, at);
    collect_properties(case, schema, at);
}

fn collect_numbers(case: &mut Facts, schema: &Map<String, Value>) {
    let bound = |keyword: &str, is_exclusive: bool| {
        let number = schema.get(keyword).and_then(Value::as_number)?;
        let value = Decimal::read(number)?;
        Some(Bound {
            value,
            is_exclusive,
        })
    };
    for lower in [bound("minimum", false), bound("exclusiveMinimum", true)]
        .into_iter()
        .flatten()
    {
        case.raise_lower(lower);
    }
    for upper in [bound("maximum", false), bound("exclusiveMaximum", true)]
        .into_iter()
        .flatten()
    {
        case.lower_upper(upper);
    }
    case.steps.extend(schema.get("multipleOf").cloned());
}

fn collect_text(case: &mut Facts, schema: &Map<String, Value>) {
    let text = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    case.length_min = case.length_min.max(count(schema, "minLength").unwrap_or(0));
    case.length_max = least(case.length_max, count(schema, "maxLength"));
    case.patterns.extend(text("pattern"));
    case.formats.extend(text("format"));
}

fn collect_items(case: &mut Facts, schema: &Map<String, Value>, at: &str) {
    let positions = (0..length(schema, "prefixItems"))
        .map(|position| format!("{at}/prefixItems/{position}"))
        .collect();
    let rest = schema.get("items").map(|_| join(at, "items"));
    case.items.push(Items { positions, rest });
    case.items_min = case.items_min.max(count(schema, "minItems").unwrap_or(0));
    case.items_max = least(case.items_max, count(schema, "maxItems"));
    if schema.get("items") == Some(&Value::Bool(false)) {
        let described = u64::try_from(length(schema, "prefixItems")).unwrap_or(u64::MAX);
        case.items_max = least(case.items_max, Some(described));
    }
    case.is_unique |= schema.get("uniqueItems") == Some(&Value::Bool(true));
    if schema.contains_key("contains") {
        let least = count(schema, "minContains").unwrap_or(1);
        case.items_min = case.items_min.max(least);
        case.contains.push(Contains {
            at: join(at, "contains"),
            least,
        });
    }
}

fn collect_properties(case: &mut Facts, schema: &Map<String, Value>, at: &str) {
    let map = |keyword: &str| schema.get(keyword).and_then(Value::as_object);
    let below = |keyword: &str| {
        let parent = join(at, keyword);
        let names = map(keyword).into_iter().flat_map(Map::keys);
        names.map(move |name| (name.clone(), join(&parent, name)))
    };
    case.properties.push(Properties {
        named: below("properties").collect(),
        patterns: below("patternProperties").collect(),
        other: schema
            .get("additionalProperties")
            .map(|_| join(at, "additionalProperties")),
    });
    case.required.extend(texts(schema.get("required")));
    for (name, names) in map("dependentRequired").into_iter().flatten() {
        let names = texts(Some(names));
        case.dependent
            .entry(name.clone())
            .or_default()
            .extend(names);
    }
    case.names.extend(
        schema
            .get("propertyNames")
            .map(|_| join(at, "propertyNames")),
    );
    case.properties_min = case
        .properties_min
        .max(count(schema, "minProperties").unwrap_or(0));
    case.properties_max = least(case.properties_max, count(schema, "maxProperties"));
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns the value of a counting keyword.
pub(super) fn count(schema: &Map<String, Value>, keyword: &str) -> Option<u64> {
    schema.get(keyword).and_then(Value::as_u64)
}

fn least(left: Option<u64>, right: Option<u64>) -> Option<u64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}
