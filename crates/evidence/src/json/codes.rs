//! The codes of problems found while reading JSON; each has a page in `docs/errors`.

use baton_terms::Code;

/// The text breaks the JSON grammar.
pub const SYNTAX: Code = Code::new(101);
/// The text ends before the value does.
pub const ENDS_EARLY: Code = Code::new(102);
/// An object has the same key twice.
pub const DUPLICATE_KEY: Code = Code::new(103);
/// Two keys of an object differ only by Unicode normalization.
pub const LOOKALIKE_KEY: Code = Code::new(104);
/// A number lies outside the integers a double holds exactly.
pub const UNSAFE_NUMBER: Code = Code::new(105);
/// A number is too large or too small for a double.
pub const OUT_OF_RANGE: Code = Code::new(106);
/// A number is negative zero.
pub const NEGATIVE_ZERO: Code = Code::new(107);
/// `NaN` or an infinity.
pub const NOT_FINITE: Code = Code::new(108);
/// Half of a surrogate pair.
pub const LONE_SURROGATE: Code = Code::new(109);
/// A Unicode noncharacter.
pub const NONCHARACTER: Code = Code::new(110);
/// Bytes that are not UTF-8.
pub const NOT_UTF8: Code = Code::new(111);
/// A byte order mark.
pub const BYTE_ORDER_MARK: Code = Code::new(112);
/// Nesting beyond the limit.
pub const TOO_DEEP: Code = Code::new(113);
/// More bytes than the limit.
pub const TOO_LARGE: Code = Code::new(114);
/// More values than the limit.
pub const TOO_MANY_VALUES: Code = Code::new(115);
/// Something follows the value.
pub const TRAILING_CONTENT: Code = Code::new(116);
/// A control character stands unescaped in a string.
pub const CONTROL_CHARACTER: Code = Code::new(117);
/// There are more problems than are shown.
pub const MORE_PROBLEMS: Code = Code::new(118);
