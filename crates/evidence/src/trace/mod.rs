//! The trace: the ordered, tamper-evident record of a mission or handoff.
//!
//! A trace is one line of canonical JSON per entry. Each entry holds its `sequence` and the leaf
//! hash of the entry before it (`previous`), so tampering is found *and named* from the lines
//! alone; a signed checkpoint over the Merkle root of the lines says that nothing was cut off or
//! rewritten as a whole. Neither reads a file: lines and checkpoints arrive as bytes.

mod detail;
mod diagnose;
mod entry;
mod finding;
mod lines;
mod open;
mod replay;
mod report;
mod seal;
mod verify;
mod walk;
mod wording;

pub use entry::{Draft, Entry, EntryError, genesis};
pub use lines::split as lines;
pub(crate) use lines::split as split_lines;

pub use finding::{Finding, Weight, codes};
pub use open::{AppendError, Trace};
pub use replay::{COMPARISON, Decision, MINING_RUN, Replayed, Reproduction, replay};
pub use report::{Coverage, Level, Report, Verdict};
pub use verify::{Blobs, Material, Trust, verify};
