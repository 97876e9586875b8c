//! The limits of a handoff.

/// Events of the longest handoff; what goes on beyond belongs into a new one.
pub const REVISIONS_MAX: u64 = 100_000;
/// Submissions of one handoff, whatever its contract's budget says.
pub const SUBMISSIONS_MAX: u64 = 100;
/// Bytes of the longest reason, and of the longest item of an unmet list.
pub const REASON_BYTES_MAX: usize = 4_000;
/// Bytes of the longest name of a work item.
pub const WORK_ITEM_BYTES_MAX: usize = 200;
/// Items of the longest unmet list.
pub const UNMET_MAX: usize = 500;
/// Gates of the widest approval.
pub const GATES_MAX: usize = 50;
/// Approvals of one package.
pub const APPROVALS_MAX: usize = 200;
/// Entries of the trace that an incident names at most, the latest ones.
pub const INCIDENT_ENTRIES_MAX: usize = 20;
