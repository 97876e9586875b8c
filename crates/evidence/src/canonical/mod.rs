//! The canonical form of JSON (RFC 8785): the bytes that digests and signatures cover.
//!
//! One pass into one buffer. Keys are sorted by UTF-16 code units (section 3.2.3), which is the
//! order `serde_json` keeps unless a key holds a character from U+E000 up, so sorting is rare.

mod fields;
mod serialize;
mod write;

pub use fields::{Fields, digest_of};
pub use write::{CanonicalError, digest, of, to_bytes, view_digest, view_to_bytes};
