//! How things stand: whose turn it is, what is blocked and why, what is waived, what is left over. Roles, never people.

use std::collections::BTreeMap;

use baton_mission::handoff::{Phase, TimerKind};
use baton_report::outcomes::{Cause, Standing, Turns, Waived};
use baton_terms::{Id, Instant};

use super::followed::Followed;
use super::levels::is_in_force;
use crate::follow_ups::State;

/// How the handoffs of a group stand.
#[derive(Debug, Default)]
pub(super) struct Stands {
    standing: Standing,
    blocked: BTreeMap<&'static str, u64>,
    waived: BTreeMap<Id, Waived>,
}

impl Stands {
    /// Adds a handoff as it stands.
    pub(super) fn take(&mut self, followed: &Followed, as_of: Instant) {
        let phase = followed.handoff.phase();
        let standing = &mut self.standing;
        if !phase.name().is_terminal() {
            standing.open += 1;
            standing.overdue += u64::from(is_overdue(followed, as_of));
            turn(&mut standing.turns, phase);
        }
        if let Phase::Escalated(parked) | Phase::Quarantined(parked) = phase {
            *self.blocked.entry(parked.incident.why.word()).or_default() += 1;
        }
        if let Phase::RollbackBlocked(blocked) = phase {
            *self.blocked.entry(blocked.incident.why.word()).or_default() += 1;
        }
        for left in followed.leftovers.all() {
            let state = left.state(as_of);
            standing.follow_ups += u64::from(state.is_open());
            standing.follow_ups_overdue += u64::from(state == State::Overdue);
        }
        for given in &followed.waivers {
            if !is_in_force(followed, (given, as_of)) {
                continue;
            }
            standing.waivers += 1;
            let waiver = &given.waiver;
            let of_clause = (self.waived.entry(waiver.clause.clone())).or_insert_with(|| Waived {
                clause: waiver.clause.to_string(),
                in_force: 0,
                first_ends: waiver.expires,
                since: given.at,
            });
            of_clause.in_force += 1;
            of_clause.first_ends = of_clause.first_ends.min(waiver.expires);
            of_clause.since = of_clause.since.min(given.at);
        }
    }

    /// Returns how the group stands, and what is waived by clause.
    pub(super) fn told(self) -> (Standing, Vec<Waived>) {
        let blocked = self.blocked.into_iter().map(|(cause, handoffs)| Cause {
            cause: cause.to_owned(),
            handoffs,
        });
        let standing = Standing {
            blocked: blocked.collect(),
            ..self.standing
        };
        (standing, self.waived.into_values().collect())
    }
}

fn is_overdue(followed: &Followed, as_of: Instant) -> bool {
    let is_late = followed.course.late().is_some() && followed.course.answered().is_none();
    let mut timers = followed.handoff.timers().iter();
    is_late
        || timers.any(|timer| {
            let is_deadline = matches!(
                timer.kind,
                TimerKind::Acknowledge | TimerKind::Verdict | TimerKind::Complete
            );
            is_deadline && timer.due < as_of
        })
}

fn turn(turns: &mut Turns, phase: &Phase) {
    let count = match phase {
        Phase::Drafted(_) | Phase::NeedsInput(_) | Phase::Declined(_) => &mut turns.sender,
        Phase::Offered(_) | Phase::Accepted(_) => &mut turns.receiver,
        Phase::Gated(dossier) if dossier.assignment.is_none() => &mut turns.approvers,
        Phase::Escalated(_) | Phase::Quarantined(_) | Phase::RollbackBlocked(_) => {
            &mut turns.oversight
        }
        _ => &mut turns.baton,
    };
    *count += 1;
}
