//! Reads a trace folder under limits.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use baton_evidence::trace::Blobs;
use baton_terms::{Digest, limits};

use super::codes::NOT_A_TRACE;
use super::names::{BLOBS, CHECKPOINT, ENTRIES, lock_of};
use crate::failure::{Failure, TOO_LARGE, UNREADABLE};
use crate::{files, lock};

/// What half-written files end with; see [`files::write`].
const PARTIAL: &str = ".partial";

/// Lines and checkpoint of a trace, as they stand in its folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    /// The lines.
    pub(crate) entries: Vec<u8>,
    /// The checkpoint, when there is one.
    pub(crate) checkpoint: Option<Vec<u8>>,
}

impl Contents {
    /// Returns the bytes after the last line feed: the rest of a write that was interrupted.
    pub(crate) fn half_line(&self) -> usize {
        let rest = self.entries.iter().rev().take_while(|byte| **byte != b'\n');
        rest.count()
    }
}

/// The bytes in `blobs/`.
#[derive(Debug, Default)]
pub(crate) struct BlobFiles {
    /// By the digest that is their name.
    pub(crate) bytes: BTreeMap<Digest, Vec<u8>>,
    /// Names that are no digest.
    pub(crate) foreign: Vec<String>,
}

impl BlobFiles {
    /// Returns the blobs as verification takes them.
    pub(crate) fn borrowed(&self) -> Blobs<'_> {
        let blobs = self.bytes.iter();
        blobs
            .map(|(digest, bytes)| (*digest, bytes.as_slice()))
            .collect()
    }
}

/// Reads lines and checkpoint while nobody writes.
pub(crate) fn read(folder: &Path) -> Result<Contents, Failure> {
    let (file, what) = lock_of(folder);
    let _lock = lock::for_reading(&file, &what)?;
    let contents = contents(folder)?;
    contents.ok_or_else(|| not_a_trace(folder, "neither of them"))
}

/// Reads lines and checkpoint under a lock that the caller holds; nothing when both are missing.
pub(super) fn contents(folder: &Path) -> Result<Option<Contents>, Failure> {
    let read = |name: &str, limit: usize| {
        let path = folder.join(name);
        // A link to nowhere is there: reading it says what is wrong.
        let is_there = path.symlink_metadata().is_ok();
        is_there.then(|| files::read(&path, limit)).transpose()
    };
    let entries = read(ENTRIES, limits::TRACE_BYTES_MAX)?;
    let checkpoint = read(CHECKPOINT, limits::CONTRACT_BYTES_MAX)?;
    if entries.is_none() && checkpoint.is_none() {
        return Ok(None);
    }
    Ok(Some(Contents {
        entries: entries.unwrap_or_default(),
        checkpoint,
    }))
}

/// Reads every blob.
pub(crate) fn read_blobs(folder: &Path) -> Result<BlobFiles, Failure> {
    let (file, what) = lock_of(folder);
    let _lock = lock::for_reading(&file, &what)?;
    let mut blobs = BlobFiles::default();
    let mut left = limits::TRACE_BYTES_MAX;
    for path in blob_paths(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(PARTIAL) {
            continue;
        }
        let Ok(digest) = Digest::from_hex(&name) else {
            blobs.foreign.push(name.into_owned());
            continue;
        };
        let bytes = files::read(&path, limits::EVIDENCE_BYTES_MAX)?;
        left = left.checked_sub(bytes.len()).ok_or_else(|| {
            Failure::new(
                TOO_LARGE,
                format!("read `{}`", folder.join(BLOBS).display()),
            )
            .expected(format!("at most {} bytes", limits::TRACE_BYTES_MAX))
            .found("more")
            .hint("start a new trace, and keep this one as it is")
        })?;
        blobs.bytes.insert(digest, bytes);
    }
    Ok(blobs)
}

/// Returns the files in `blobs/` in order of their names; none when there is no such folder.
fn blob_paths(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let blobs = folder.join(BLOBS);
    let unreadable = |error: std::io::Error| {
        Failure::new(UNREADABLE, format!("read `{}`", blobs.display()))
            .expected("a readable folder")
            .found(error.to_string())
            .hint("check the path and its permissions")
    };
    let listed = match fs::read_dir(&blobs) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let paths = listed.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<Result<_, _>>().map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}

/// Returns whether `blobs/` holds anything.
pub(super) fn has_blobs(folder: &Path) -> Result<bool, Failure> {
    Ok(!blob_paths(folder)?.is_empty())
}

pub(super) fn not_a_trace(folder: &Path, found: &str) -> Failure {
    Failure::new(
        NOT_A_TRACE,
        format!("open the trace `{}`", folder.display()),
    )
    .expected("a folder with `entries.jsonl` and `checkpoint`")
    .found(found)
    .hint("name the folder given to `baton check --trace`")
}
