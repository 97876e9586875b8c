//! Keywords of the wide schema about kinds, numbers and text.

use serde_json::{Map, Value};

use super::cases::count;
use super::decimal::Decimal;
use super::facts::{Bound, Facts, Kinds};
use super::judge::Gap;
use super::language;
use crate::schema::join;

/// Proves a case against the keywords about kinds, listed values, numbers and text.
pub(super) fn value_within(
    case: &Facts,
    schema: &Map<String, Value>,
    wide: &str,
) -> Result<(), Gap> {
    let gap = |keyword: &str, because: &str| Err(Gap::new(&join(wide, keyword), because));
    if let Some(kinds) = schema.get("type")
        && !case.kinds.is_within(Kinds::read(kinds))
    {
        return gap("type", "a value may be of another type");
    }
    // A case whose values could be listed never comes here.
    for keyword in ["enum", "const"] {
        if schema.contains_key(keyword) {
            return gap(keyword, "a value may be none of the listed ones");
        }
    }
    if case.kinds.meets(Kinds::NUMBER) {
        number_within(case, schema, wide)?;
    }
    if case.kinds.meets(Kinds::STRING) {
        text_within(case, schema, wide)?;
    }
    Ok(())
}

/// Whether every number of a case keeps a limit.
type Holds = fn(&Facts, Decimal) -> bool;

fn number_within(case: &Facts, schema: &Map<String, Value>, wide: &str) -> Result<(), Gap> {
    let bounds: [(&str, Holds); 5] = [
        ("minimum", reaches),
        ("exclusiveMinimum", exceeds),
        ("maximum", stays_at),
        ("exclusiveMaximum", stays_below),
        ("multipleOf", is_stepped),
    ];
    for (keyword, holds) in bounds {
        let Some(number) = schema.get(keyword).and_then(Value::as_number) else {
            continue;
        };
        let is_same_step = keyword == "multipleOf"
            && case
                .steps
                .iter()
                .any(|step| step.as_number() == Some(number));
        let is_shown = Decimal::read(number).is_some_and(|limit| holds(case, limit));
        if !is_shown && !is_same_step {
            let because = "a number may lie outside";
            return Err(Gap::new(&join(wide, keyword), because));
        }
    }
    Ok(())
}

fn reaches(case: &Facts, limit: Decimal) -> bool {
    case.lower.is_some_and(|bound| bound.value >= limit)
}

fn exceeds(case: &Facts, limit: Decimal) -> bool {
    let past = |bound: Bound| bound.value > limit || bound.value == limit && bound.is_exclusive;
    case.lower.is_some_and(past)
}

fn stays_at(case: &Facts, limit: Decimal) -> bool {
    case.upper.is_some_and(|bound| bound.value <= limit)
}

fn stays_below(case: &Facts, limit: Decimal) -> bool {
    let past = |bound: Bound| bound.value < limit || bound.value == limit && bound.is_exclusive;
    case.upper.is_some_and(past)
}

/// Only whole steps: division of fractions is where number representations differ.
fn is_stepped(case: &Facts, limit: Decimal) -> bool {
    let Some(limit) = limit.as_whole().filter(|limit| *limit > 0) else {
        return false;
    };
    let is_whole = limit == 1 && case.kinds == Kinds::INTEGER;
    let mut steps = case.steps.iter().filter_map(|step| {
        let step = Decimal::read(step.as_number()?)?;
        step.as_whole()
    });
    is_whole || steps.any(|step| step % limit == 0)
}

fn text_within(case: &Facts, schema: &Map<String, Value>, wide: &str) -> Result<(), Gap> {
    let gap = |keyword: &str, because: &str| Err(Gap::new(&join(wide, keyword), because));
    if count(schema, "minLength").is_some_and(|least| case.length_min < least) {
        return gap("minLength", "a text may be shorter");
    }
    if let Some(most) = count(schema, "maxLength")
        && case.length_max.is_none_or(|length| length > most)
    {
        return gap("maxLength", "a text may be longer");
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        let is_shown = case.patterns.contains(pattern)
            || case
                .patterns
                .iter()
                .any(|narrow| language::is_within(narrow, pattern));
        if !is_shown {
            return gap("pattern", "a text may not match");
        }
    }
    if let Some(format) = schema.get("format").and_then(Value::as_str)
        && !case.formats.contains(format)
    {
        return gap("format", "a text may be of another format");
    }
    Ok(())
}
