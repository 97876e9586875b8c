//! Codes of the problems this crate finds in what it is given.

use baton_terms::Code;

/// A value is of another kind than the format says.
pub const WRONG_KIND: Code = Code::new(501);
/// A required field is missing.
pub const FIELD_MISSING: Code = Code::new(502);
/// A field is not part of the format.
pub const FIELD_UNKNOWN: Code = Code::new(503);
/// A value is not spelled as the format says.
pub const WRONG_FORM: Code = Code::new(504);
/// An agent sends without naming on whose behalf.
pub const PRINCIPAL_MISSING: Code = Code::new(505);
/// Two entries have the same id.
pub const ID_REPEATED: Code = Code::new(506);
/// The path of an artifact leads out of the package's folder.
pub const PATH_ESCAPES: Code = Code::new(507);
/// The document is of a format or version this program does not read.
pub const FORMAT_UNKNOWN: Code = Code::new(508);
/// The package is for another contract.
pub const OTHER_CONTRACT: Code = Code::new(509);
/// A waiver has no scope.
pub const SCOPE_EMPTY: Code = Code::new(510);
/// A clause counts into a dimension the contract does not have.
pub const DIMENSION_UNDECLARED: Code = Code::new(511);
/// More entries than allowed.
pub const TOO_MANY: Code = Code::new(512);
/// A clause, gate or pending entry can't be carried out as written.
pub const NOT_CHECKABLE: Code = Code::new(513);
/// The name of a party is not what it looks like.
pub const NAME_DISGUISED: Code = Code::new(514);
