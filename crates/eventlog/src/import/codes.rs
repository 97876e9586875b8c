//! The codes of problems in an export; each has a page in `docs/errors`.

use baton_terms::Code;

/// There is nothing in the file, or no header.
pub const EMPTY: Code = Code::new(1001);
/// The mapping names a column that the file does not have.
pub const COLUMN_MISSING: Code = Code::new(1002);
/// The file has two columns of one name.
pub const COLUMN_TWICE: Code = Code::new(1003);
/// The compressed data is broken.
pub const BROKEN: Code = Code::new(1004);
/// The file unpacks to far more than it should.
pub const TOO_LARGE: Code = Code::new(1005);
/// The file has too many columns.
pub const TOO_MANY_COLUMNS: Code = Code::new(1006);
/// The file has too many rows.
pub const TOO_MANY_ROWS: Code = Code::new(1007);
/// No row could be taken.
pub const NOTHING_TAKEN: Code = Code::new(1008);
/// The file can't be read to its end.
pub const UNREADABLE: Code = Code::new(1009);

/// A row has another number of fields than the header.
pub const FIELD_COUNT: Code = Code::new(1010);
/// A row is too long.
pub const ROW_TOO_LONG: Code = Code::new(1011);
/// A text is not UTF-8.
pub const NOT_UTF8: Code = Code::new(1012);
/// A row names no case.
pub const NO_CASE: Code = Code::new(1013);
/// A row has no time.
pub const NO_TIME: Code = Code::new(1014);
/// A time is not written as the mapping says.
pub const TIME_UNREADABLE: Code = Code::new(1015);
/// A time names no zone, and the mapping does not either.
pub const NO_ZONE: Code = Code::new(1016);
/// A row does not say what happened.
pub const NO_ACTIVITY: Code = Code::new(1017);
/// The header stands among the rows.
pub const HEADER_AGAIN: Code = Code::new(1018);
/// An order column has no integer.
pub const ORDER_UNREADABLE: Code = Code::new(1019);
/// A quote is opened and not closed.
pub const QUOTE_OPEN: Code = Code::new(1020);

/// Events of a case at the same time have no known order.
pub const TIES: Code = Code::new(1021);
/// Values are not of the kind of their column.
pub const UNREAD_VALUES: Code = Code::new(1022);
/// Local times that happened twice or never.
pub const UNSURE_TIME: Code = Code::new(1023);
/// Some times name their zone and some do not.
pub const MIXED_ZONES: Code = Code::new(1024);
/// No mapping can be proposed.
pub const NOTHING_GUESSED: Code = Code::new(1029);
/// The numbering of events and their times disagree.
pub const BACKWARDS: Code = Code::new(1028);
/// A case has no row in the table of cases.
pub const CASE_WITHOUT_ROW: Code = Code::new(1025);
/// A row of the table of cases has no event.
pub const ROW_WITHOUT_EVENT: Code = Code::new(1026);
/// A case has several rows in the table of cases.
pub const CASE_ROW_TWICE: Code = Code::new(1027);
