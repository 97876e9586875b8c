//! What verification and replay of a trace or bundle say to their readers: text and JSON.
//!
//! The sentences name what was covered and, as plainly, what was not: a reader who only sees a
//! verdict would take it for more than it is.

mod coverage;
mod json;
mod listing;
mod model;
mod replay;
mod text;

pub use json::{SCHEMA, json};
pub use listing::{LISTING_SCHEMA, Listing, listing_json, listing_text};
pub use model::{Finding, Key, Kind, Verification};
pub use replay::{Outcome, REPLAY_SCHEMA, Replay, replay_json, replay_text};
pub use text::text;
