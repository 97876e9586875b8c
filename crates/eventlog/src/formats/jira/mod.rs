//! Issues of Jira with their changelogs, as its REST interface exports them: the answer of a search
//! with `expand=changelog` (one or more pages), a list of issues, or one issue per line.
//!
//! A case is an issue: created, each change, each comment. A column per field has the value that
//! the field had after that event: it is worked out backwards from the issue as exported, so that no
//! event knows what came later.

mod history;
mod read;

pub use read::read;
