//! Where outcomes stand, for their readers: text for terminals, Markdown, CSV, JSON and one HTML page.

mod chart;
mod csv;
mod html;
mod markdown;
mod model;
mod text;
mod view;

pub use csv::csv;
pub use html::html;
pub use markdown::markdown;
pub use model::{
    Activity, Baseline, Cause, Contract, FORMAT, From, Line, Mission, MissionOutcome, Network,
    Outcomes, Reading, SCHEMA, Standing, Status, Turns, Waived, Week, json,
};
pub use text::text;

#[cfg(test)]
mod tests;
