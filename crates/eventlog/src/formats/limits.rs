//! Named limits of what a foreign file may make a reader hold in memory.

/// Bytes in one XML tag, text or comment.
pub const XML_TOKEN_BYTES_MAX: u64 = 16 << 20;
/// Nesting of XML elements.
pub const XML_DEPTH_MAX: usize = 64;
/// Bytes of the attributes of one trace of an XES file with all its events.
pub const XES_TRACE_BYTES_MAX: usize = 256 << 20;
/// Bytes in one JSON record: an issue with its changelog, a pull request, an event.
pub const JSON_RECORD_BYTES_MAX: usize = 16 << 20;
/// Columns that a file may name; each further one refuses the records that use it.
pub const COLUMNS_MAX: usize = 4_096;
/// Bytes in the name of a column.
pub const COLUMN_NAME_BYTES_MAX: usize = 1_024;
/// Bytes in one commit of a git history.
pub const GIT_RECORD_BYTES_MAX: usize = 4 << 20;
/// Bytes of the head of an input that its format is told from.
pub const HEAD_BYTES: usize = 64 << 10;
