//! Diagnostic codes of expressions, one page each under `docs/errors/`.

use baton_terms::Code;

/// The text is not an expression.
pub(super) const SYNTAX: Code = Code::new(401);
/// The text is longer than an expression may be.
pub(super) const TOO_LONG: Code = Code::new(402);
/// The expression nests deeper than allowed.
pub(super) const TOO_DEEP: Code = Code::new(403);
/// No variable has this name.
pub(super) const UNKNOWN_VARIABLE: Code = Code::new(404);
/// The data declares no field with this name.
pub(super) const UNKNOWN_FIELD: Code = Code::new(405);
/// No function has this name, or none takes so many arguments.
pub(super) const UNKNOWN_FUNCTION: Code = Code::new(406);
/// A function does not take an argument of this type.
pub(super) const ARGUMENT_TYPE: Code = Code::new(407);
/// An operator does not take operands of these types.
pub(super) const OPERATOR_TYPE: Code = Code::new(408);
/// A comparison that can never be true.
pub(super) const NEVER_EQUAL: Code = Code::new(409);
/// The expression yields another type than its place needs.
pub(super) const RESULT_TYPE: Code = Code::new(410);
/// A regular expression that is invalid, too large or not a literal.
pub(super) const REGEX: Code = Code::new(411);
/// The worst case costs more steps than an evaluation may take.
pub(super) const TOO_COSTLY: Code = Code::new(412);
/// Arithmetic on floating-point numbers.
pub(super) const FLOAT_ARITHMETIC: Code = Code::new(413);
/// A part of the expression fails whatever the data.
pub(super) const ALWAYS_FAILS: Code = Code::new(414);
/// The expression does not depend on any data.
pub(super) const CONSTANT: Code = Code::new(415);
/// An optional field is read without asking whether it is there.
pub(super) const UNGUARDED: Code = Code::new(416);
/// A map literal names a key twice.
pub(super) const DUPLICATE_KEY: Code = Code::new(417);
/// A CEL feature that Baton leaves out.
pub(super) const UNSUPPORTED: Code = Code::new(418);
