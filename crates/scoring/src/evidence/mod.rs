//! The evidence index: for each artifact a contract asks for or a package declares, what can be said
//! of it. Building it is a pure function of bytes, keys and time.
//!
//! The normative page is `docs/spec/package.md`.

mod artifact;
mod attested;
mod index;

pub(crate) use artifact::item;
pub use artifact::{Artifact, Available, Needed};
pub(crate) use attested::is_demanded;
pub use index::{EvidenceIndex, FORMAT, Item, Requirement, State};
