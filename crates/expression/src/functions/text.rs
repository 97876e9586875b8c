//! Functions on text (cel-spec, "Standard Definitions", and the CEL strings extension).

use std::borrow::Cow;

use super::super::evaluate::{Meter, Reason};
use super::super::value::Value;
use super::{Function, text_of};

/// Carries out a text function.
pub(super) fn call<'a>(
    function: Function,
    first: Value<'a>,
    second: Option<Value<'a>>,
    meter: &mut Meter,
) -> Result<Value<'a>, Reason> {
    let Value::Text(subject) = first else {
        return Err(Reason::mismatch("text", &first));
    };
    meter.charge_bytes(subject.len())?;
    let Some(second) = second else {
        return Ok(Value::Text(changed(function, subject)));
    };
    let part = text_of(&second)?.as_ref();
    // Substring search is linear (two-way algorithm), so the sum of the lengths is the cost.
    meter.charge_bytes(part.len())?;
    Ok(Value::Bool(match function {
        Function::StartsWith => subject.starts_with(part),
        Function::EndsWith => subject.ends_with(part),
        _ => subject.contains(part),
    }))
}

fn changed(function: Function, subject: Cow<'_, str>) -> Cow<'_, str> {
    match function {
        Function::LowerAscii if subject.bytes().any(|b| b.is_ascii_uppercase()) => {
            Cow::Owned(subject.to_ascii_lowercase())
        }
        Function::UpperAscii if subject.bytes().any(|b| b.is_ascii_lowercase()) => {
            Cow::Owned(subject.to_ascii_uppercase())
        }
        Function::Trim => match subject {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        },
        _ => subject,
    }
}
