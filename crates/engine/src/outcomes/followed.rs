//! One handoff as far as an instant: how it went, what happened in which week, and how it stood at each moment that is asked for.

use std::collections::BTreeMap;

use baton_mission::course::Course;
use baton_mission::handoff::{Change, Event, Handoff, Phase, Waiver, apply};
use baton_report::outcomes::{Activity, Week};
use baton_terms::{Id, Instant};

use super::failure::OutcomesFailure;
use super::weeks::place;
use crate::follow_ups::Leftovers;
use crate::handoff::{Failure, Read, entry};
use crate::port::{Ledger, StreamId};
use crate::trail::Trail;

/// What a report looks at.
#[derive(Debug)]
pub(super) struct Frame {
    /// Nothing later counts.
    pub(super) as_of: Instant,
    /// Weeks that are told one by one.
    pub(super) weeks: Vec<Week>,
    /// Moments at which levels are told, in order; the last one is the instant asked for.
    pub(super) moments: Vec<Instant>,
}

/// A waiver with the instant it was given.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) at: Instant,
    pub(super) waiver: Waiver,
}

/// One handoff.
#[derive(Debug, Default)]
pub(super) struct Followed {
    pub(super) contract: Option<Id>,
    pub(super) course: Course,
    pub(super) handoff: Handoff,
    /// What happened, by the place of its week.
    pub(super) activity: BTreeMap<usize, Activity>,
    pub(super) waivers: Vec<Given>,
    pub(super) leftovers: Leftovers,
    /// Of which team it was open work, at each moment.
    pub(super) open_at: Vec<Option<Id>>,
    /// When it ended without leaving anything to hold on to: withdrawn, expired or rolled back.
    pub(super) undone: Option<Instant>,
}

impl Frame {
    /// Reads one handoff, or nothing where it was opened later.
    pub(super) fn follow(
        &self,
        store: &(impl Ledger + ?Sized),
        stream: &StreamId,
    ) -> Result<Option<Followed>, OutcomesFailure> {
        let mut followed = Followed::default();
        Trail::default().read_on::<Failure>(store, stream, |read| match entry::read(&read) {
            Some(Read::Event(event)) if event.at <= self.as_of => followed.take(self, &event),
            _ => Ok(()),
        })?;
        if followed.contract.is_none() {
            return Ok(None);
        }
        while followed.open_at.len() < self.moments.len() {
            followed.stands();
        }
        Ok(Some(followed))
    }
}

impl Followed {
    fn take(&mut self, frame: &Frame, event: &Event) -> Result<(), Failure> {
        // A moment is told by what happened before it; the last one by everything that counts.
        while let Some(moment) = frame.moments.get(self.open_at.len())
            && *moment <= event.at
            && *moment < frame.as_of
        {
            self.stands();
        }
        let was_answered = self.course.answered().is_some();
        self.handoff = apply(std::mem::take(&mut self.handoff), event)?;
        self.course.note(event);
        self.leftovers.note(event);
        match &event.change {
            Change::Opened { contract, .. } => self.contract = Some(contract.clone()),
            Change::Waived { waiver } => self.waivers.push(Given {
                at: event.at,
                waiver: waiver.clone(),
            }),
            Change::Withdrawn { .. } | Change::Expired { .. } | Change::RolledBack { .. } => {
                self.undone = Some(event.at);
            }
            _ => {}
        }
        if let Some(week) = place(&frame.weeks, event.at) {
            let activity = self.activity.entry(week).or_default();
            count(activity, &event.change);
            activity.answered += u64::from(!was_answered && self.course.answered().is_some());
        }
        Ok(())
    }

    fn stands(&mut self) {
        self.open_at.push(match self.handoff.phase() {
            Phase::Offered(offer) => Some(offer.team.clone()),
            Phase::Accepted(acceptance) => Some(acceptance.offer.team.clone()),
            _ => None,
        });
    }
}

fn count(activity: &mut Activity, change: &Change) {
    match change {
        Change::Opened { .. } => activity.opened += 1,
        Change::Accepted { .. } => activity.accepted += 1,
        Change::Completed { .. } => activity.completed += 1,
        Change::InputNeeded { .. } | Change::Declined { .. } => activity.sent_back += 1,
        Change::Escalated { .. } => activity.escalated += 1,
        Change::RolledBack { .. } => activity.rolled_back += 1,
        Change::Waived { .. } => activity.waived += 1,
        Change::FollowUpQueued { .. } => activity.follow_ups += 1,
        _ => {}
    }
}
