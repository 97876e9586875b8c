//! Signed statements of a trace's size and root: C2SP tlog-checkpoint in C2SP signed-note form.
//!
//! A checkpoint is a small text that anyone with the log's public key can check, and that existing
//! transparency-log tools read. See <https://c2sp.org/signed-note> and <https://c2sp.org/tlog-checkpoint>.

mod body;
mod note;

pub use body::{Checkpoint, CheckpointError};
pub use note::{NoteError, NoteSignature, NoteSigner, SignatureState, SignedNote};
