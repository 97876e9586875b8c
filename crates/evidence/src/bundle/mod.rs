//! The bundle: one file with everything an outsider needs to verify a trace offline.
//!
//! `bundle/v1` is canonical JSON: the entries as they are, the signed checkpoints, the bytes that
//! entries name, attestations, and the public keys with their holders. Keys that come with a bundle
//! are shown and never trusted: who made the bundle chose them. The same bytes also travel inside
//! a self-contained page that shows and verifies them in a browser.

mod claims;
mod export;
mod finding;
mod page;
mod read;
mod verify;

pub use export::{Contents, ExportError, export};
pub use finding::{Finding, codes};
pub use page::html;
pub use verify::{Coverage, Form, Report, entries, names_key, replay, verify};
