//! The SQLite form of OCEL 2.0, as far as it is bytes: what opens a database is given by the caller.

use std::io::Read;

use baton_terms::Diagnostic;

use super::tables::Tables;
use crate::formats::codes;
use crate::formats::limits::OCEL_DATABASE_BYTES_MAX;
use crate::formats::sink::Broken;

/// What every SQLite database starts with.
pub const SQLITE_HEAD: &[u8] = b"SQLite format 3\0";

/// Reads a database into memory and has its tables filled by `read`.
///
/// # Errors
/// [`Broken`] when the bytes are no database or too many, or `read` refuses them.
pub fn tables_from_database(
    input: impl Read,
    read: &dyn Fn(Vec<u8>) -> Result<Tables, Broken>,
) -> Result<Tables, Broken> {
    let mut bytes = Vec::new();
    let most = u64::try_from(OCEL_DATABASE_BYTES_MAX).unwrap_or(u64::MAX);
    input.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > OCEL_DATABASE_BYTES_MAX {
        let problem = Diagnostic::error(codes::TOO_LARGE, "the database is too large")
            .expected(format!("at most {OCEL_DATABASE_BYTES_MAX} bytes"))
            .found("more")
            .hint("export the log as OCEL 2.0 JSON");
        return Err(problem.into());
    }
    if !bytes.starts_with(SQLITE_HEAD) {
        let problem = Diagnostic::error(codes::OTHER_FORMAT, "the file is no SQLite database")
            .expected("a file that starts with `SQLite format 3`")
            .found("another one")
            .hint("say with `--from` which format it has");
        return Err(problem.into());
    }
    read(bytes)
}

/// Returns why a database can't be read where nothing is given that opens it.
pub fn no_database() -> Broken {
    Diagnostic::error(codes::OTHER_FORMAT, "a database can't be read as a stream")
        .expected("a caller that opens databases")
        .into()
}
