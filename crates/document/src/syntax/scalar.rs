//! The meaning of unquoted YAML values, where every version of YAML agrees on it.

use baton_evidence::json::{self, Number, NumberProblem};

use super::Value;

/// What a plain scalar means under the YAML 1.2 core schema (§10.3), where that is beyond doubt.
pub(super) enum Resolved {
    Value(Value),
    Text,
    Ambiguous(&'static str),
    Unsafe(&'static str),
}

/// Returns what `text`, written without quotes, means.
pub(super) fn resolve(text: &str) -> Resolved {
    match text {
        "" | "~" | "null" => return Resolved::Value(Value::Null),
        "true" => return Resolved::Value(Value::Boolean(true)),
        "false" => return Resolved::Value(Value::Boolean(false)),
        _ => {}
    }
    let lower = text.to_ascii_lowercase();
    if matches!(
        lower.as_str(),
        "yes" | "no" | "on" | "off" | "y" | "n" | "true" | "false" | "null"
    ) {
        return Resolved::Ambiguous("write `true` or `false`, or quote the value if it is text");
    }
    if matches!(lower.trim_start_matches(['+', '-']), ".inf" | ".nan") {
        return Resolved::Unsafe("infinite and not-a-number values have no place in a contract");
    }
    number(text)
}

/// Numbers are spelled as in JSON and read by the same rules; YAML's other spellings are refused.
fn number(text: &str) -> Resolved {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return Resolved::Text;
    }
    if is_json_number(text) {
        return match json::number(text) {
            Ok(Number::Integer(integer)) => Resolved::Value(Value::Integer(integer)),
            Ok(Number::Float(float)) => Resolved::Value(Value::Float(float)),
            Err(NumberProblem::Unsafe) => {
                Resolved::Unsafe("use an integer within ±9007199254740991, or quote the value")
            }
            Err(NumberProblem::OutOfRange) => Resolved::Unsafe("a double can't hold this number"),
            Err(NumberProblem::NegativeZero) => Resolved::Unsafe("write `0`"),
        };
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let has_radix = ["0x", "0o", "0b"].iter().any(|prefix| {
        unsigned.strip_prefix(prefix).is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_')
        })
    });
    let is_grouped = unsigned
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'_' || b == b',');
    let is_sexagesimal = unsigned.split(':').all(digits);
    let is_loose = text.parse::<f64>().is_ok();
    if has_radix || is_grouped || is_sexagesimal || is_loose {
        return Resolved::Ambiguous("write a plain decimal number, or quote the value");
    }
    Resolved::Text
}

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?` (RFC 8259 §6).
fn is_json_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|part| digits(part.strip_prefix(['+', '-']).unwrap_or(part)))
}
