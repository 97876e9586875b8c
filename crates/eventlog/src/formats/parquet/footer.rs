//! The footer: found, bounded, and only then decoded by the `parquet` crate.

use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

use super::read::{broken, guarded};
use super::thrift::{Kind, Reader};
use crate::formats::codes;
use crate::formats::limits::{
    COLUMNS_MAX, PARQUET_FOOTER_BYTES_MAX, PARQUET_ROW_GROUPS_MAX, PARQUET_SCHEMA_DEPTH_MAX,
};
use crate::formats::sink::Broken;

/// What a file starts and ends with.
const MAGIC: &[u8; 4] = b"PAR1";
/// What it ends with when its footer is encrypted.
const ENCRYPTED: &[u8; 4] = b"PARE";
/// Groups of a schema beside its columns.
const ELEMENTS_MAX: usize = 2 * COLUMNS_MAX;

/// Reads the footer of a file.
///
/// # Errors
/// [`Broken`] when it isn't there, contradicts itself or is beyond the limits.
pub(super) fn read(bytes: &[u8]) -> Result<ParquetMetaData, Broken> {
    let footer = find(bytes)?;
    check(footer)?;
    guarded(|| ParquetMetaDataReader::decode_metadata(footer))
}

fn find(bytes: &[u8]) -> Result<&[u8], Broken> {
    let not_parquet = |found: &str| broken(found);
    if bytes.ends_with(ENCRYPTED) {
        return Err(not_parquet("an encrypted footer"));
    }
    if !bytes.starts_with(MAGIC) {
        return Err(not_parquet("no `PAR1` at its start"));
    }
    let Some((rest, end)) = bytes
        .split_last_chunk::<8>()
        .filter(|(_, end)| end.ends_with(MAGIC))
    else {
        return Err(not_parquet("no `PAR1` at its end: the file is cut off"));
    };
    let [a, b, c, d, ..] = *end;
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    if length > PARQUET_FOOTER_BYTES_MAX {
        return Err(too_large("footer", PARQUET_FOOTER_BYTES_MAX, "bytes"));
    }
    let start = rest.len().checked_sub(length);
    let footer = start.and_then(|start| rest.get(start..));
    footer.ok_or_else(|| not_parquet("a footer longer than the file"))
}

pub(super) fn too_large(what: &str, most: usize, unit: &str) -> Broken {
    let message = format!("the {what} of the Parquet file is too large");
    baton_terms::Diagnostic::error(codes::TOO_LARGE, message)
        .expected(format!("at most {most} {unit}"))
        .found("more")
        .hint("write the file with other settings, or in several files")
        .into()
}

/// Holds that nothing in a footer makes its decoder ask for more memory than the footer's own size
/// explains, or follow groups inside groups without end.
fn check(footer: &[u8]) -> Result<(), Broken> {
    let mut refused = None;
    let whole = Reader::new(footer).structure(|id, kind, reader| match (id, kind) {
        (2, Kind::List) => {
            let (_, count) = reader.list()?;
            if count > ELEMENTS_MAX {
                refused = Some(too_large("schema", COLUMNS_MAX, "columns"));
                return None;
            }
            if schema(reader, count)?.is_none() {
                refused = Some(broken("groups that do not hold what they say, or too deep"));
                return None;
            }
            Some(true)
        }
        (4, Kind::List) => {
            let mut ahead = reader.clone();
            let (_, count) = ahead.list()?;
            if count > PARQUET_ROW_GROUPS_MAX {
                refused = Some(too_large("footer", PARQUET_ROW_GROUPS_MAX, "row groups"));
                return None;
            }
            Some(false)
        }
        _ => Some(false),
    });
    match (whole, refused) {
        (Some(()), None) => Ok(()),
        (_, Some(refused)) => Err(refused),
        (None, None) => Err(broken("a footer that breaks its grammar")),
    }
}

/// Passes over a schema; the inner answer is `None` when its groups don't fit one another.
#[expect(
    clippy::option_option,
    reason = "the outer one is the grammar, the inner one the groups"
)]
fn schema(reader: &mut Reader<'_>, count: usize) -> Option<Option<()>> {
    // Children still to come, of each group that is open.
    let mut open: Vec<usize> = Vec::new();
    for place in 0..count {
        let mut children = 0;
        reader.structure(|id, kind, reader| {
            if (id, kind) == (5, Kind::Integer) {
                children = usize::try_from(reader.integer()?).ok()?;
                return Some(true);
            }
            Some(false)
        })?;
        match open.last_mut() {
            Some(left) => *left = left.saturating_sub(1),
            None if place == 0 => {}
            None => return Some(None),
        }
        if children > count || open.len() > PARQUET_SCHEMA_DEPTH_MAX {
            return Some(None);
        }
        if children > 0 {
            open.push(children);
        }
        while open.last() == Some(&0) {
            open.pop();
        }
    }
    Some(open.is_empty().then_some(()))
}
