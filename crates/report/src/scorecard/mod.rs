//! Scorecards for readers: what stands between a package and `ready`, in the order to mend it.

mod html;
mod json;
mod junit;
mod markdown;
mod model;
mod sarif;
mod sentences;
mod text;
mod view;

pub use html::html;
pub use json::{EXPLANATION_SCHEMA, SCHEMA, explanation, json};
pub use junit::junit;
pub use markdown::markdown;
pub use model::{Model, Since, Start};
pub use sarif::sarif;
pub use text::{explanation_text, text};
