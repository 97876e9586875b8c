//! What was expected and what was found, per keyword, in words a product manager reads.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::pointer::{join, split_last};
use super::problem::SchemaProblem;
use super::{formats, values, words};
use crate::shape::closest;

/// Expected and found.
type Words = (String, String);

/// Returns the problems one validator error stands for: one per unknown field, else one.
pub(super) fn problems(schema: &Value, error: &ValidationError<'_>) -> Vec<SchemaProblem> {
    let instance_pointer = error.instance_path().as_str();
    let schema_pointer = error.schema_path().as_str();
    let at = |pointer: String, (expected, found): Words| SchemaProblem {
        instance_pointer: pointer,
        schema_pointer: schema_pointer.to_owned(),
        keyword: keyword(schema, error),
        expected,
        found,
    };
    match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let known = known_fields(schema, schema_pointer);
            let problem =
                |name: &String| at(join(instance_pointer, name), unknown_field(name, &known));
            unexpected.iter().map(problem).collect()
        }
        _ => {
            let place = instance_pointer.to_owned();
            vec![at(place, words_of(schema, error))]
        }
    }
}

/// Returns the keyword that refused: the one the schema's pointer ends in, since the validator calls
/// `maxContains` and `dependentRequired` by other keywords' names.
fn keyword(schema: &Value, error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::PropertyNames { .. } => return "propertyNames".to_owned(),
        Kind::FalseSchema => return "false".to_owned(),
        _ => {}
    }
    let mut pointer = error.schema_path().as_str();
    while let Some((parent, token)) = split_last(pointer) {
        let is_in_schema = schema.pointer(parent).is_some_and(Value::is_object);
        if is_in_schema && super::keywords::kind(&token).is_some() {
            return token;
        }
        pointer = parent;
    }
    error.kind().keyword().to_owned()
}

fn words_of(schema: &Value, error: &ValidationError<'_>) -> Words {
    let instance = error.instance();
    match error.kind() {
        Kind::Type { kind } => wrong_type(kind, instance),
        Kind::Enum { options } => not_a_choice(options, instance),
        Kind::Constant { expected_value } => not_the_constant(expected_value, instance),
        Kind::Required { property } => missing_field(schema, error, property),
        Kind::MinLength { limit } => text_length("at least", *limit, instance),
        Kind::MaxLength { limit } => text_length("at most", *limit, instance),
        Kind::Pattern { pattern } => pattern_not_met(pattern, instance),
        Kind::Format { format } => format_not_met(format, instance),
        Kind::Minimum { limit } => number_bound("at least", limit, instance),
        Kind::Maximum { limit } => number_bound("at most", limit, instance),
        Kind::ExclusiveMinimum { limit } => number_bound("above", limit, instance),
        Kind::ExclusiveMaximum { limit } => number_bound("below", limit, instance),
        Kind::MultipleOf { .. } => not_a_multiple(schema, error, instance),
        Kind::MinItems { limit } => list_length("at least", *limit, instance),
        Kind::MaxItems { limit } => list_length("at most", *limit, instance),
        Kind::AdditionalItems { limit } => list_length("at most", words::length(*limit), instance),
        Kind::UniqueItems => repeated_items(instance),
        Kind::Contains => contained_items(schema, error, instance),
        Kind::UnevaluatedItems { unexpected } => unexpected_items(unexpected),
        Kind::MinProperties { limit } => field_count("at least", *limit, instance),
        Kind::MaxProperties { limit } => field_count("at most", *limit, instance),
        Kind::PropertyNames { error } => bad_field_name(schema, error),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            no_alternative(schema, context, instance)
        }
        Kind::OneOfMultipleValid { context } => several_alternatives(context),
        Kind::Not { schema } => forbidden(schema, instance),
        Kind::FalseSchema => never_allowed(instance),
        _ => other(error),
    }
}

fn wrong_type(kind: &TypeKind, instance: &Value) -> Words {
    let name = |json_type: JsonType| words::type_name(json_type.as_str());
    let expected = match kind {
        TypeKind::Single(one) => name(*one).to_owned(),
        TypeKind::Multiple(several) => {
            let names: Vec<&str> = several.iter().map(name).collect();
            names.join(", or ")
        }
    };
    (expected, words::value(instance))
}

fn not_a_choice(options: &Value, instance: &Value) -> Words {
    let list = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let expected = format!("one of {}", words::choices(list));
    let near = instance.as_str().and_then(|text| {
        let choices = list.iter().filter_map(Value::as_str);
        closest(text, choices)
    });
    let found = words::value(instance);
    match near {
        Some(near) => (expected, format!("{found} (did you mean `{near}`?)")),
        None => (expected, found),
    }
}

fn not_the_constant(expected: &Value, instance: &Value) -> Words {
    let expected = format!("exactly {}", words::choice(expected));
    (expected, words::value(instance))
}

fn missing_field(schema: &Value, error: &ValidationError<'_>, property: &Value) -> Words {
    let name = property.as_str().unwrap_or_default();
    let trigger = dependent_trigger(schema, error, name).unwrap_or_default();
    let expected = if trigger.is_empty() {
        format!("field `{name}` is required")
    } else {
        format!("field `{name}` is required when `{trigger}` is there")
    };
    let given = error.instance().as_object();
    // Short names are near to everything.
    let is_long = name.chars().count() >= 4;
    let near = given
        .filter(|_| is_long)
        .and_then(|map| closest(name, map.keys().map(String::as_str)));
    let found = match near {
        Some(near) => format!("field `{name}` is missing (there is a field `{near}`)"),
        None => format!("field `{name}` is missing"),
    };
    (expected, found)
}

/// Returns the field whose presence makes `name` required, when `dependentRequired` asked for it.
fn dependent_trigger<'a>(
    schema: &'a Value,
    error: &ValidationError<'_>,
    name: &str,
) -> Option<&'a str> {
    let pointer = error.schema_path().as_str();
    let (parent, _) = pointer.rsplit_once("/dependentRequired")?;
    let fields = schema.pointer(&format!("{parent}/dependentRequired"))?;
    let given = error.instance().as_object()?;
    let asks = |names: &Value| {
        let mut names = names.as_array().into_iter().flatten();
        names.any(|asked| asked.as_str() == Some(name))
    };
    let trigger = fields
        .as_object()?
        .iter()
        .find(|(field, names)| given.contains_key(*field) && asks(names));
    trigger.map(|(field, _)| field.as_str())
}

fn text_length(bound: &str, limit: u64, instance: &Value) -> Words {
    let expected = format!(
        "text of {bound} {}",
        words::count(limit, "character", "characters")
    );
    let length = instance.as_str().map_or(0, |text| text.chars().count());
    let found = match length {
        0 => "empty text".to_owned(),
        _ => words::count(words::length(length), "character", "characters"),
    };
    (expected, found)
}

fn pattern_not_met(pattern: &str, instance: &Value) -> Words {
    let expected = format!("text that matches `{pattern}`");
    (expected, words::value(instance))
}

fn format_not_met(format: &str, instance: &Value) -> Words {
    let expected = formats::describe(format).unwrap_or(format).to_owned();
    (expected, words::value(instance))
}

fn number_bound(bound: &str, limit: &Value, instance: &Value) -> Words {
    (format!("a number {bound} {limit}"), instance.to_string())
}

fn not_a_multiple(schema: &Value, error: &ValidationError<'_>, instance: &Value) -> Words {
    // The schema's own spelling: the validator keeps the number as a float.
    let step = schema.pointer(error.schema_path().as_str());
    let step = step.map(Value::to_string).unwrap_or_default();
    (format!("a multiple of {step}"), instance.to_string())
}

fn list_length(bound: &str, limit: u64, instance: &Value) -> Words {
    let length = words::length(instance.as_array().map_or(0, Vec::len));
    let found = match length {
        0 => "an empty list".to_owned(),
        _ => words::count(length, "item", "items"),
    };
    let expected = format!("a list of {bound} {}", words::count(limit, "item", "items"));
    (expected, found)
}

fn repeated_items(instance: &Value) -> Words {
    let list = instance.as_array().map(Vec::as_slice).unwrap_or_default();
    let repeated = list.iter().enumerate().find_map(|(at, item)| {
        let first = list.iter().take(at).position(|other| other == item)?;
        Some(format!(
            "item {} repeats item {}: {}",
            at + 1,
            first + 1,
            words::choice(item)
        ))
    });
    let found = repeated.unwrap_or_else(|| "two items that are equal".to_owned());
    ("a list without repeated items".to_owned(), found)
}

fn contained_items(schema: &Value, error: &ValidationError<'_>, instance: &Value) -> Words {
    let pointer = error.schema_path().as_str();
    let beside = split_last(pointer).and_then(|(parent, _)| schema.pointer(parent));
    let bound = |name: &str| beside.and_then(|map| map.get(name)).and_then(Value::as_u64);
    let least = bound("minContains").unwrap_or(1);
    let wanted = match (least, bound("maxContains")) {
        (0, Some(most)) => format!("at most {most}"),
        (least, None) => format!("at least {least}"),
        (least, Some(most)) => format!("{least} to {most}"),
    };
    let wish = beside.and_then(|map| map.get("contains"));
    let wish = wish.map(values::found).unwrap_or_default();
    let expected = format!("a list with {wanted} of its items meeting {wish}");
    (expected, words::value(instance))
}

fn unexpected_items(unexpected: &[String]) -> Words {
    let found = words::count(words::length(unexpected.len()), "more item", "more items");
    ("no items beyond the described ones".to_owned(), found)
}

fn field_count(bound: &str, limit: u64, instance: &Value) -> Words {
    let count = words::length(instance.as_object().map_or(0, serde_json::Map::len));
    let found = match count {
        0 => "an empty object".to_owned(),
        _ => words::count(count, "field", "fields"),
    };
    let expected = format!(
        "an object with {bound} {}",
        words::count(limit, "field", "fields")
    );
    (expected, found)
}

fn bad_field_name(schema: &Value, error: &ValidationError<'_>) -> Words {
    let (expected, _) = words_of(schema, error);
    let name = error.instance().as_str().unwrap_or_default();
    let expected = format!("field names that are: {expected}");
    (expected, format!("the field name `{name}`"))
}

fn no_alternative(
    schema: &Value,
    context: &[Vec<ValidationError<'static>>],
    instance: &Value,
) -> Words {
    let count = words::count(words::length(context.len()), "alternative", "alternatives");
    let expected = format!("a value that fits one of {count}");
    // Closest is the alternative that fails deepest, then the one with the fewest problems.
    let depth = |errors: &Vec<ValidationError<'static>>| {
        let depths = errors
            .iter()
            .map(|error| error.instance_path().as_str().matches('/').count());
        depths.max().unwrap_or(0)
    };
    let nearest = context
        .iter()
        .enumerate()
        .min_by_key(|(at, errors)| (std::cmp::Reverse(depth(errors)), errors.len(), *at));
    let detail = nearest.and_then(|(at, errors)| {
        let (expected, found) = words_of(schema, errors.first()?);
        Some(format!(
            "; closest is alternative {}: expected {expected}, found {found}",
            at + 1
        ))
    });
    let found = format!("{}{}", words::value(instance), detail.unwrap_or_default());
    (expected, found)
}

fn several_alternatives(context: &[Vec<ValidationError<'static>>]) -> Words {
    let fitting: Vec<String> = context
        .iter()
        .enumerate()
        .filter(|(_, errors)| errors.is_empty())
        .map(|(at, _)| (at + 1).to_string())
        .collect();
    let expected = format!(
        "a value that fits exactly one of {} alternatives",
        context.len()
    );
    let found = match fitting.len() {
        0 => "a value that fits several".to_owned(),
        _ => format!("a value that fits alternatives {}", fitting.join(" and ")),
    };
    (expected, found)
}

fn forbidden(schema: &Value, instance: &Value) -> Words {
    let expected = format!("anything that does not meet {}", values::found(schema));
    (expected, words::value(instance))
}

fn never_allowed(instance: &Value) -> Words {
    ("nothing here".to_owned(), words::value(instance))
}

fn unknown_field(name: &str, known: &[&str]) -> Words {
    let expected = match known {
        [] => "no further fields".to_owned(),
        known => format!(
            "only the described fields: {}",
            words::fields(known.iter().copied())
        ),
    };
    let found = match closest(name, known.iter().copied()) {
        Some(near) => format!("unknown field `{name}` (did you mean `{near}`?)"),
        None => format!("unknown field `{name}`"),
    };
    (expected, found)
}

/// Returns the fields described beside the keyword at `pointer`.
fn known_fields<'a>(schema: &'a Value, pointer: &str) -> Vec<&'a str> {
    let beside = split_last(pointer).and_then(|(parent, _)| schema.pointer(parent));
    let properties = beside
        .and_then(|map| map.get("properties"))
        .and_then(Value::as_object);
    properties.map_or_else(Vec::new, |map| map.keys().map(String::as_str).collect())
}

fn other(error: &ValidationError<'_>) -> Words {
    let expected = format!("a value that `{}` accepts", error.kind().keyword());
    (expected, words::value(error.instance()))
}
