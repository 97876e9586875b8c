//! The sweep: looks at every handoff that is overdue, should its timer have been lost.
//!
//! Timers are set with the decision that needs them, so that the sweep has nothing to find. It exists because a handoff that nobody
//! looks at any more is the one failure that nobody would see.

use baton_mission::handoff::Refusal;
use baton_mission::names::HandoffId;
use baton_terms::Instant;

use super::turn::{Node, later};
use crate::handoff::{Advance, Call, Failure, advance, fire};
use crate::port::{Head, Page, each_head};

/// States in which Baton has the next step.
const BATONS: [&str; 3] = ["submitted", "checked", "gated"];

impl Node<'_> {
    /// Fires every timer that has been due for longer than a lease, and takes Baton's step where none was taken for that
    /// long. Returns how many handoffs, and streams of its workers, it had to move.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sweep(&self) -> Result<u64, Failure> {
        let mut moved = 0;
        each_head::<Failure>(self.desk.store(), Page::under("handoff/"), |head| {
            moved += u64::from(self.look_at(head)?);
            Ok(())
        })?;
        for worker in &self.workers {
            moved += worker.sweep()?;
        }
        Ok(moved)
    }

    fn look_at(&self, head: &Head) -> Result<bool, Failure> {
        let now = self.desk.now();
        let is_late = |at: Instant| later(at, self.lease_ms) < now;
        let is_batons =
            head.summary.turn.is_none() && BATONS.contains(&head.summary.state.as_str());
        if !is_batons && !head.summary.due.is_some_and(is_late) {
            return Ok(false);
        }
        let name = head
            .stream
            .as_str()
            .strip_prefix("handoff/")
            .unwrap_or_default();
        let Ok(handoff) = name.parse::<HandoffId>() else {
            return Ok(false);
        };
        let case = self.desk.load(&handoff)?;
        if is_batons && case.handoff().last_at().is_some_and(is_late) {
            let call = Call::own(&self.baton, &handoff, "sweep")?;
            return match advance(self.desk, &call) {
                Ok(advanced) => Ok(matches!(advanced, Advance::Moved(_))),
                Err(Failure::Refused(_)) => Ok(false),
                Err(failure) => Err(failure),
            };
        }
        let mut moved = false;
        for timer in case
            .handoff()
            .timers()
            .iter()
            .filter(|timer| is_late(timer.due))
        {
            let call = Call::own(&self.baton, &handoff, &format!("fire:{}", timer.number))?;
            match fire(self.desk, &call, timer.number) {
                Ok(_) => moved = true,
                Err(Failure::Refused(refusal)) => match *refusal {
                    Refusal::NotDue { .. } | Refusal::IllegalTransition { .. } => {}
                    other => return Err(other.into()),
                },
                Err(failure) => return Err(failure),
            }
        }
        Ok(moved)
    }
}
