//! The codes of problems found while reading foreign formats; each has a page in `docs/errors`.

use baton_terms::Code;

/// The XML can't be read any further.
pub const XML_BROKEN: Code = Code::new(1040);
/// The file isn't of the format it was taken for.
pub const OTHER_FORMAT: Code = Code::new(1041);
/// An XES attribute has no key or value, or its value isn't of its type.
pub const XES_ATTRIBUTE: Code = Code::new(1042);
/// A record is larger, deeper or wider than the limits.
pub const TOO_LARGE: Code = Code::new(1043);
/// The text isn't UTF-8.
pub const NOT_UTF8: Code = Code::new(1044);
/// The JSON between two records can't be read any further.
pub const JSON_BROKEN: Code = Code::new(1045);
/// A JSON record is refused by the strict reader.
pub const JSON_RECORD: Code = Code::new(1046);
/// A record names an object that isn't there.
pub const OCEL_DANGLING: Code = Code::new(1047);
/// The object type chosen as the case isn't in the log, or none was chosen.
pub const OCEL_CASE_TYPE: Code = Code::new(1048);
/// Two records have the same id.
pub const DUPLICATE_ID: Code = Code::new(1049);
/// An issue, pull request or event lacks what the format promises.
pub const RECORD_SHAPE: Code = Code::new(1050);
/// A changelog holds fewer changes than it says there are.
pub const CHANGELOG_CUT: Code = Code::new(1051);
/// A commit of a git history can't be read.
pub const GIT_RECORD: Code = Code::new(1052);
/// A Parquet file is cut off, damaged or none.
pub const PARQUET_BROKEN: Code = Code::new(1053);
/// A column of a Parquet file can't be read as text.
pub const PARQUET_COLUMN: Code = Code::new(1054);
/// A value of a Parquet file can't be read as text.
pub const PARQUET_VALUE: Code = Code::new(1055);
/// A database can't be read.
pub const DATABASE_BROKEN: Code = Code::new(1056);
/// A table of an OCEL database is missing, or isn't as OCEL says.
pub const OCEL_TABLE: Code = Code::new(1057);
