//! Equality (cel-spec, "Equality"): numbers by mathematical value, containers by their parts,
//! values of different types never equal.

use std::cmp::Ordering;

use super::super::number;
use super::{Meter, Reason, Value};

/// Returns whether two values are equal.
pub(super) fn equal(
    left: &Value<'_>,
    right: &Value<'_>,
    meter: &mut Meter,
) -> Result<bool, Reason> {
    Ok(match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Double(left), Value::Double(right)) => {
            number::doubles(*left, *right) == Ordering::Equal
        }
        (Value::Int(int), Value::Double(double)) | (Value::Double(double), Value::Int(int)) => {
            number::mixed(*int, *double) == Ordering::Equal
        }
        (Value::Text(left), Value::Text(right)) => {
            meter.charge_bytes(left.len().min(right.len()))?;
            left == right
        }
        (Value::Timestamp(left), Value::Timestamp(right)) => left == right,
        (Value::Duration(left), Value::Duration(right)) => left == right,
        (Value::List(left), Value::List(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for at in 0..left.len() {
                meter.charge(1)?;
                match (left.get(at), right.get(at)) {
                    (Some(left), Some(right)) if equal(&left, &right, meter)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        (Value::Map(left), Value::Map(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            meter.charge_length(left.len())?;
            for key in left.keys() {
                match (left.get(&key), right.get(&key)) {
                    (Some(left), Some(right)) if equal(&left, &right, meter)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        _ => false,
    })
}
