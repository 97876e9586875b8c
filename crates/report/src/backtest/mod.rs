//! Two versions of a contract held against past packages, for their readers: text for terminals,
//! Markdown, JSON, and one page.

mod html;
mod markdown;
mod model;
mod text;
mod view;

pub use html::html;
pub use markdown::markdown;
pub use model::{
    Answer, Backtest, Change, ClauseLine, Decision, Effort, FORMAT, Flip, Input, LeftOut, Measure,
    Outcome, SCHEMA, Source, Tally, TeamLine, Verdict, VerdictCell, Version, json,
};
pub use text::text;
pub(crate) use view::{rate, source, told_ratio};

#[cfg(test)]
mod tests;
