//! The shape of a kind of document, declared once: what each section may hold, with its meaning.
//!
//! One declaration serves the structural checks (with spans), the published JSON Schema that
//! editors complete from, and the reference page, so the three can't drift apart.

mod check;
mod choice;
mod declaration;
mod fields;
mod json_schema;
mod read;
mod reference;
mod text;

pub use check::{check, closest, codes, escape};
pub use choice::choices;
pub use declaration::{Field, Object, Presence, Shape, Word, optional, required};
pub use fields::Fields;
pub use json_schema::json_schema;
pub use read::{Kind, read};
pub use reference::reference;
pub use text::TextKind;
