//! The whole loop on one organization, told from the handovers to the version that proved itself, as one
//! page and as lines for a terminal.

mod html;
mod model;
mod text;
mod view;

pub use html::html;
pub use model::{File, Idea, Origin, Proof, Reading, Tour, Trial, Turn};
pub use text::text;
