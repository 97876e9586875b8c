//! Outcome reports as the record of a mission names them.

use baton_evidence::trace::Entry;
use baton_report::mission::OutcomeReport;
use baton_terms::Digest;

use crate::handoff::Failure;
use crate::port::{Ledger, StoreError, StreamId};

/// Under which name the entry that parks or ends a mission holds its outcome report.
pub(super) const OUTCOME_REPORT: &str = "outcome-report";

/// Returns the outcome report that an entry of a mission names: that of its parking or end.
pub(crate) fn report_of(entry: &Entry) -> Option<Digest> {
    let mut digests = entry.draft().digests.iter();
    let found = digests.find(|(name, _)| name.as_str() == OUTCOME_REPORT);
    found.map(|(_, digest)| *digest)
}

/// Reads an outcome report that the record of a mission names.
///
/// # Errors
/// When the store cannot be read, lacks the report, or holds something else in its place.
pub(crate) fn read_report(
    store: &(impl Ledger + ?Sized),
    (stream, digest): (&StreamId, Digest),
) -> Result<OutcomeReport, Failure> {
    let bytes = store.blob(&digest)?.ok_or(Failure::DocumentMissing {
        what: "outcome report",
        digest,
    })?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let why = format!("the outcome report of `{stream}`: {error}");
        StoreError::Damaged { why }.into()
    })
}
