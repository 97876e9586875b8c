//! News that holds nobody up: it was promised, so it goes on being tried until somebody takes it.

use baton_mission::retry::Policy;

use super::messages::NOTICE_DELAY_MS_MAX;
use crate::port::{Delivered, Job};

/// Returns how long to wait before news is brought again, in milliseconds: by the usual policy, and after its attempts as rarely as can
/// be; nothing where it was taken. `name` tells its delays from those of others.
pub(crate) fn again_after_ms(delivered: &Delivered, job: &Job, name: &str) -> Option<u64> {
    let policy = Policy::new(baton_contract::model::Retries::default());
    let attempt = job.attempt.saturating_add(1);
    match delivered {
        Delivered::Done => None,
        Delivered::Transient { .. } if attempt < policy.attempts() => {
            Some(policy.delay_ms(name, attempt))
        }
        Delivered::Transient { .. } | Delivered::Lasting { .. } => Some(NOTICE_DELAY_MS_MAX),
    }
}
