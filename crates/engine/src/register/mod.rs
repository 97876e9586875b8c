//! The register in use: sealing what grew, and inspecting a whole store against it.

mod inspect;
mod seal;

pub use inspect::{Flaw, Inspection, inspect};
pub use seal::{SealError, Sealed, Sealer};
