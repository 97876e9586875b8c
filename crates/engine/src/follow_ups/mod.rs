//! Follow-ups: what handoffs and missions left over for somebody, with an owner and a day.
//!
//! A follow-up is queued by the decision that leaves it over, and told as a message in the same transaction. Whether it is still
//! open follows from the record alone: what a later check found, and what became of the work.

mod leftovers;
mod list;
mod queued;
mod task;

pub use leftovers::{FOLLOW_UP_DAYS, Left, Leftovers, State};
pub use list::{Listed, each_follow_up, follow_ups_of};
pub use queued::QUEUED_FORMAT;
pub(crate) use queued::{is_queued, job, tell};
pub use task::{Source, TASK_FORMAT, Task};
