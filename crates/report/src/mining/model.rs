//! What a mining report is drawn from.

use baton_eventlog::handover::Map;
use baton_rootcause::wire::MiningReport;

/// A mining report with what is drawn beside it.
#[derive(Debug, Clone, Copy)]
pub struct Model<'a> {
    /// The report.
    pub report: &'a MiningReport,
    /// Who hands work to whom, and how often that fails.
    pub map: Option<&'a Map>,
}
