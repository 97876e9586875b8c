//! The writes of one append, in the order that makes each cut between them harmless.
//!
//! Bytes that entries name come first, then the line, then the checkpoint that covers it: what is
//! written last vouches for what was written before, never the other way round.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use baton_terms::Digest;

use super::names::{BLOBS, CHECKPOINT, ENTRIES};
use crate::failure::{Failure, UNWRITABLE};
use crate::files;

/// One write that happens wholly or not at all, but for a line cut short by a crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Write {
    /// Keeps bytes under their digest.
    Blob(Digest, Vec<u8>),
    /// Cuts the rest of an interrupted write off the lines.
    CutLines(u64),
    /// Adds a line.
    AppendLine(Vec<u8>),
    /// Replaces the checkpoint.
    Checkpoint(Vec<u8>),
}

/// Returns the writes that add one entry.
pub(super) fn blobs(blobs: &BTreeMap<Digest, Vec<u8>>) -> impl Iterator<Item = Write> {
    blobs
        .iter()
        .map(|(digest, bytes)| Write::Blob(*digest, bytes.clone()))
}

impl Write {
    /// Performs the write and returns once it is on the disk.
    pub(super) fn perform(&self, folder: &Path) -> Result<(), Failure> {
        match self {
            Self::Blob(digest, bytes) => {
                let blobs = folder.join(BLOBS);
                files::write(&blobs.join(digest.hex()), bytes)?;
                sync_folder(&blobs)
            }
            Self::CutLines(length) => on_lines(folder, |file| file.set_len(*length)),
            Self::AppendLine(line) => on_lines(folder, |mut file| file.write_all(line)),
            Self::Checkpoint(note) => files::write(&folder.join(CHECKPOINT), note),
        }?;
        sync_folder(folder)
    }
}

fn on_lines(
    folder: &Path,
    change: impl FnOnce(&File) -> std::io::Result<()>,
) -> Result<(), Failure> {
    let path = folder.join(ENTRIES);
    let changed = || {
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        change(&file)?;
        file.sync_all()
    };
    changed().map_err(|error| unwritable(&path, &error))
}

/// Makes the names of new files as durable as their bytes.
fn sync_folder(folder: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        #[expect(
            clippy::disallowed_methods,
            reason = "syncing needs the open folder and reads nothing"
        )]
        let synced = File::open(folder).and_then(|open| open.sync_all());
        synced.map_err(|error| unwritable(folder, &error))?;
    }
    #[cfg(not(unix))]
    let _ = folder; // Other systems keep names with their files.
    Ok(())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(UNWRITABLE, format!("write `{}`", path.display()))
        .expected("a folder that can be written to")
        .found(error.to_string())
        .hint("check the path, its permissions and the free space")
}
