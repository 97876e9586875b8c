//! Carries out a call.

use std::borrow::Cow;

use super::super::evaluate::{Meter, Reason};
use super::super::value::Value;
use super::{Function, convert, text, time};

/// Carries out `function` on its target or first argument and the second one, if any.
pub(crate) fn call<'a>(
    function: Function,
    first: Value<'a>,
    second: Option<Value<'a>>,
    meter: &mut Meter,
) -> Result<Value<'a>, Reason> {
    match function {
        Function::Size => size(&first, meter),
        Function::Contains
        | Function::StartsWith
        | Function::EndsWith
        | Function::LowerAscii
        | Function::UpperAscii
        | Function::Trim => text::call(function, first, second, meter),
        Function::Timestamp => convert::timestamp(first),
        Function::Duration => convert::duration(first),
        Function::Int => convert::int(&first),
        Function::Double => convert::double(&first),
        Function::Text => convert::text(first),
        Function::Part(part) => time::part(part, &first, second.as_ref()),
    }
}

fn size<'a>(value: &Value<'a>, meter: &mut Meter) -> Result<Value<'a>, Reason> {
    let size = match value {
        Value::Text(text) => {
            meter.charge_bytes(text.len())?;
            text.chars().count()
        }
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        other => return Err(Reason::mismatch("text, a list or a map", other)),
    };
    i64::try_from(size)
        .map(Value::Int)
        .map_err(|_| Reason::Overflow)
}

/// Returns the text of a value, or the mismatch.
pub(crate) fn text_of<'v, 'a>(value: &'v Value<'a>) -> Result<&'v Cow<'a, str>, Reason> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(Reason::mismatch("text", other)),
    }
}
