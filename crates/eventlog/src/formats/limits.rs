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
/// Bytes of a Parquet file: it is read whole, for what it holds is told at its end.
pub const PARQUET_BYTES_MAX: usize = 1 << 30;
/// Bytes of the footer of a Parquet file.
pub const PARQUET_FOOTER_BYTES_MAX: usize = 16 << 20;
/// Row groups of a Parquet file.
pub const PARQUET_ROW_GROUPS_MAX: usize = 1 << 16;
/// Groups inside groups in the schema of a Parquet file.
pub const PARQUET_SCHEMA_DEPTH_MAX: usize = 64;
/// Bytes that one page of a Parquet file unpacks to.
pub const PARQUET_PAGE_BYTES_MAX: usize = 64 << 20;
/// Bytes that all read pages of a Parquet file may unpack to whatever its size.
pub const PARQUET_UNPACKED_BYTES_FREE: usize = 64 << 20;
/// Unpacked bytes per byte of the file beyond that.
pub const PARQUET_UNPACKED_RATIO_MAX: usize = 200;
/// Values that a Parquet file may hold in the columns read whatever its size.
pub const PARQUET_CELLS_FREE: usize = 16 << 20;
/// Values per byte of the file beyond that: columns of few different values take little room.
pub const PARQUET_CELLS_RATIO_MAX: usize = 64;
/// Rows of a Parquet file that are text at once.
pub const PARQUET_BATCH_ROWS: usize = 1_024;
/// Bytes of one text in a Parquet file.
pub const PARQUET_TEXT_BYTES_MAX: usize = 1 << 20;
/// Bytes of a database that holds an OCEL log: it is read from memory, so that nothing on disk is touched.
pub const OCEL_DATABASE_BYTES_MAX: usize = 512 << 20;
