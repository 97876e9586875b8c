//! What must hold under a condition, one file each. To add one: write the file, name it here and in
//! the condition file.

mod deadlines_end_in_working_hours;
mod evidence_from_the_future;
mod high_risk_is_reviewed;
mod hostile_values;
mod missing_evidence;
mod nobody_waives_their_own;
mod order_changes_nothing;
mod overload_never_helps;
mod registry;
mod removed_fields;
mod replay_is_identical;
mod threads_change_nothing;

pub(super) use registry::ALL;
pub use registry::Invariant;
