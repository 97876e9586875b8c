//! Operators on values: ordering, membership and integer and time arithmetic, every overflow an error.

use std::borrow::Cow;
use std::cmp::Ordering;

use baton_evidence::json::tree::Kind;

use super::super::ast::Operator;
use super::super::bindings::Document;
use super::super::functions::{checked_duration, checked_timestamp};
use super::super::number;
use super::super::program::Reading;
use super::super::value::{Constant, List};
use super::equality::equal;
use super::{Meter, Reason, Value, read};

/// Returns whether a relation holds; `reading` is how the elements of a list are taken by `in`.
pub(super) fn relation(
    operator: Operator,
    left: &Value<'_>,
    right: &Value<'_>,
    (reading, meter): (Reading, &mut Meter),
) -> Result<bool, Reason> {
    Ok(match operator {
        Operator::Equal => equal(left, right, meter)?,
        Operator::NotEqual => !equal(left, right, meter)?,
        Operator::Less => compare(left, right, meter)? == Ordering::Less,
        Operator::LessOrEqual => compare(left, right, meter)? != Ordering::Greater,
        Operator::Greater => compare(left, right, meter)? == Ordering::Greater,
        Operator::GreaterOrEqual => compare(left, right, meter)? != Ordering::Less,
        Operator::In => contains(left, right, reading, meter)?,
        Operator::Add
        | Operator::Subtract
        | Operator::Multiply
        | Operator::Divide
        | Operator::Remainder => return Err(Reason::mismatch("bool", left)),
    })
}

/// Returns whether a relation of a place of the data with a constant holds, where both are whole
/// numbers, or texts to be equal.
#[inline]
pub(super) fn at_once(
    operator: Operator,
    (document, constant): (Document<'_>, &Constant),
    meter: &mut Meter,
) -> Result<Option<bool>, Reason> {
    let Document::Tree(view) = document else {
        return Ok(None);
    };
    Ok(match (view.kind(), constant) {
        (Kind::Integer(left), Constant::Int(right)) => match operator {
            Operator::Equal => Some(left == *right),
            Operator::NotEqual => Some(left != *right),
            Operator::Less => Some(left < *right),
            Operator::LessOrEqual => Some(left <= *right),
            Operator::Greater => Some(left > *right),
            Operator::GreaterOrEqual => Some(left >= *right),
            _ => None,
        },
        (Kind::Text(left), Constant::Text(right)) => {
            let is_wanted = match operator {
                Operator::Equal => true,
                Operator::NotEqual => false,
                _ => return Ok(None),
            };
            meter.charge_bytes(left.len().min(right.len()))?;
            Some((*left == **right) == is_wanted)
        }
        _ => None,
    })
}

/// Applies an arithmetic operator.
pub(super) fn arithmetic<'a>(
    operator: Operator,
    left: Value<'a>,
    right: Value<'a>,
    meter: &mut Meter,
) -> Result<Value<'a>, Reason> {
    match operator {
        Operator::Add => add(left, right, meter),
        Operator::Subtract => subtract(&left, &right),
        _ => scale(operator, &left, &right),
    }
}

/// `-x`
pub(super) fn negate<'a>(value: &Value<'a>) -> Result<Value<'a>, Reason> {
    match value {
        Value::Int(value) => value.checked_neg().map(Value::Int).ok_or(Reason::Overflow),
        other => Err(Reason::mismatch("int", other)),
    }
}

fn compare(left: &Value<'_>, right: &Value<'_>, meter: &mut Meter) -> Result<Ordering, Reason> {
    Ok(match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Double(left), Value::Double(right)) => number::doubles(*left, *right),
        (Value::Int(int), Value::Double(double)) => number::mixed(*int, *double),
        (Value::Double(double), Value::Int(int)) => number::mixed(*int, *double).reverse(),
        (Value::Text(left), Value::Text(right)) => {
            meter.charge_bytes(left.len().min(right.len()))?;
            left.cmp(right)
        }
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Timestamp(left), Value::Timestamp(right)) => left.cmp(right),
        (Value::Duration(left), Value::Duration(right)) => left.cmp(right),
        (Value::Null | Value::List(_) | Value::Map(_), _) => {
            return Err(Reason::mismatch("a value with an order", left));
        }
        (_, other) => {
            return Err(Reason::Mismatch {
                expected: left.type_name(),
                found: other.type_name(),
            });
        }
    })
}

fn contains(
    item: &Value<'_>,
    container: &Value<'_>,
    reading: Reading,
    meter: &mut Meter,
) -> Result<bool, Reason> {
    match container {
        Value::List(list) => {
            for at in 0..list.len() {
                meter.charge(1)?;
                if let Some(found) = list.get(at)
                    && equal(item, &read(found, reading)?, meter)?
                {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::Map(map) => Ok(item.as_text().is_some_and(|key| map.get(key).is_some())),
        other => Err(Reason::mismatch("a list or a map", other)),
    }
}

fn add<'a>(left: Value<'a>, right: Value<'a>, meter: &mut Meter) -> Result<Value<'a>, Reason> {
    let sum = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_add(right).map(Value::Int),
        (Value::Text(left), Value::Text(right)) => {
            meter.charge_bytes(left.len().saturating_add(right.len()))?;
            Some(Value::Text(Cow::Owned(format!("{left}{right}"))))
        }
        (Value::List(left), Value::List(right)) => {
            let length = left.len().saturating_add(right.len());
            meter.charge_length(length)?;
            let items = |list: &List<'a>| -> Vec<_> {
                (0..list.len()).filter_map(|at| list.get(at)).collect()
            };
            let joined: Vec<_> = items(&left).into_iter().chain(items(&right)).collect();
            Some(Value::List(List::Built(joined.into())))
        }
        (Value::Timestamp(time), Value::Duration(by))
        | (Value::Duration(by), Value::Timestamp(time)) => time
            .checked_add(by)
            .ok()
            .and_then(checked_timestamp)
            .map(Value::Timestamp),
        (Value::Duration(left), Value::Duration(right)) => left
            .checked_add(right)
            .and_then(checked_duration)
            .map(Value::Duration),
        (left, right) => return Err(unfit(&left, &right)),
    };
    sum.ok_or(Reason::Overflow)
}

fn subtract<'a>(left: &Value<'a>, right: &Value<'a>) -> Result<Value<'a>, Reason> {
    let difference = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_sub(*right).map(Value::Int),
        (Value::Timestamp(time), Value::Duration(by)) => time
            .checked_sub(*by)
            .ok()
            .and_then(checked_timestamp)
            .map(Value::Timestamp),
        (Value::Timestamp(left), Value::Timestamp(right)) => {
            checked_duration(left.duration_since(*right)).map(Value::Duration)
        }
        (Value::Duration(left), Value::Duration(right)) => left
            .checked_sub(*right)
            .and_then(checked_duration)
            .map(Value::Duration),
        (left, right) => return Err(unfit(left, right)),
    };
    difference.ok_or(Reason::Overflow)
}

/// Multiplication, division towards zero, and the remainder with the dividend's sign.
fn scale<'a>(operator: Operator, left: &Value<'a>, right: &Value<'a>) -> Result<Value<'a>, Reason> {
    let (Value::Int(left), Value::Int(right)) = (left, right) else {
        return Err(unfit(left, right));
    };
    if operator != Operator::Multiply && *right == 0 {
        return Err(Reason::DivisionByZero);
    }
    let result = match operator {
        Operator::Multiply => left.checked_mul(*right),
        Operator::Divide => left.checked_div(*right),
        _ => left.checked_rem(*right),
    };
    result.map(Value::Int).ok_or(Reason::Overflow)
}

/// Returns the mismatch of operands that no arithmetic operator takes together.
fn unfit(left: &Value<'_>, right: &Value<'_>) -> Reason {
    match left {
        Value::Int(_) | Value::Text(_) | Value::List(_) => Reason::Mismatch {
            expected: left.type_name(),
            found: right.type_name(),
        },
        Value::Timestamp(_) | Value::Duration(_) => {
            Reason::mismatch("a timestamp or a duration", right)
        }
        other => Reason::mismatch("int, text, a list or a time", other),
    }
}
