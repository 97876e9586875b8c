//! Conversions between types (cel-spec, "Type Conversions"); each one is exact or an error, but
//! `int(double)`, which drops the fraction, and `double(int)`, which rounds to nearest.

use std::borrow::Cow;

use super::super::evaluate::Reason;
use super::super::number;
use super::super::value::Value;
use super::time::{duration_text, parse_duration, parse_timestamp};

/// `timestamp(x)`
pub(super) fn timestamp(value: Value<'_>) -> Result<Value<'_>, Reason> {
    match value {
        Value::Timestamp(_) => Ok(value),
        Value::Text(text) => parse_timestamp(&text).map(Value::Timestamp),
        other => Err(Reason::mismatch("RFC 3339 text or a timestamp", &other)),
    }
}

/// `duration(x)`
pub(super) fn duration(value: Value<'_>) -> Result<Value<'_>, Reason> {
    match value {
        Value::Duration(_) => Ok(value),
        Value::Text(text) => parse_duration(&text).map(Value::Duration),
        other => Err(Reason::mismatch("text or a duration", &other)),
    }
}

/// `int(x)`
pub(super) fn int<'a>(value: &Value<'a>) -> Result<Value<'a>, Reason> {
    match value {
        Value::Int(value) => Ok(Value::Int(*value)),
        Value::Double(value) => number::truncated(*value)
            .map(Value::Int)
            .ok_or(Reason::Overflow),
        Value::Text(text) => text
            .parse()
            .map(Value::Int)
            .map_err(|_| Reason::malformed("an integer", text)),
        Value::Timestamp(time) => Ok(Value::Int(
            baton_terms::Instant::from_timestamp(*time).unix_seconds(),
        )),
        other => Err(Reason::mismatch("a number, text or a timestamp", other)),
    }
}

/// `double(x)`
pub(super) fn double<'a>(value: &Value<'a>) -> Result<Value<'a>, Reason> {
    match value {
        Value::Double(value) => Ok(Value::Double(*value)),
        Value::Int(value) => Ok(Value::Double(number::to_double(*value))),
        Value::Text(text) => text
            .parse::<f64>()
            .ok()
            .filter(|value| value.is_finite())
            .map(Value::Double)
            .ok_or_else(|| Reason::malformed("a finite number", text)),
        other => Err(Reason::mismatch("a number or text", other)),
    }
}

/// `string(x)`
pub(super) fn text(value: Value<'_>) -> Result<Value<'_>, Reason> {
    let text = match value {
        Value::Text(text) => text,
        Value::Int(value) => Cow::Owned(value.to_string()),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Timestamp(time) => Cow::Owned(time.to_string()),
        Value::Duration(time) => Cow::Owned(duration_text(time)),
        other => {
            let expected = "an int, bool, text, timestamp or duration";
            return Err(Reason::mismatch(expected, &other));
        }
    };
    Ok(Value::Text(text))
}
