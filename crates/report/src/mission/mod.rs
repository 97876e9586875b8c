//! How a mission ended, for its readers: the outcome report (`outcome-report/v1`) and the incident
//! packet (`incident-packet/v1`) as plain data, and the report as text, Markdown and a page.
//!
//! The JSON of an outcome report holds no time and no machine, so that a second run writes the same bytes.

mod html;
mod markdown;
mod model;
mod text;
mod view;

pub use html::html;
pub use markdown::markdown;
pub use model::{
    CauseLine, ClauseCounts, ClauseLine, Counts, Dimension, Escalation, FollowUp, HandoffFindings,
    IncidentPacket, Input, MiningFindings, MissionLine, OutcomeLine, OutcomeReport, PACKET_FORMAT,
    REPORT_FORMAT, SeamLine, StepLine, TraceMark, UsedLine,
};
pub use text::text;
pub use view::cause_title;

/// JSON Schema of an outcome report.
pub const SCHEMA: &str = include_str!("outcome-report-v1.schema.json");
/// JSON Schema of an incident packet.
pub const PACKET_SCHEMA: &str = include_str!("incident-packet-v1.schema.json");

#[cfg(test)]
mod tests;
