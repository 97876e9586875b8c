//! The events of one command, each applied to a working copy as it is added, so that what follows
//! sees its effect, and what `apply` would refuse is never written.

use baton_terms::{Digest, Id, Instant};

use super::facts::Facts;
use crate::authority::Stamp;
use crate::handoff::apply::apply;
use crate::handoff::check::CheckSummary;
use crate::handoff::clocks::{self, Wanted};
use crate::handoff::refusal::Refusal;
use crate::handoff::state::{Dossier, Handoff, Phase, StateName};
use crate::handoff::terms::Terms;
use crate::handoff::wire::{
    AskName, Change, Command, Event, EventFormat, Incident, IncidentCause, Notice, Timer,
};
use crate::names::Revision;

/// Events under way.
pub(super) struct Batch<'a> {
    handoff: Handoff,
    command: &'a Command,
    request: Digest,
    facts: Facts<'a>,
    by: Stamp,
    events: Vec<Event>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(
        handoff: &Handoff,
        command: &'a Command,
        (request, facts): (Digest, &Facts<'a>),
    ) -> Self {
        Self {
            handoff: handoff.clone(),
            command,
            request,
            facts: *facts,
            by: facts.actor.stamp(),
            events: Vec::new(),
        }
    }

    /// Returns the handoff as the events so far leave it.
    pub(super) fn handoff(&self) -> &Handoff {
        &self.handoff
    }

    pub(super) fn phase(&self) -> &Phase {
        self.handoff.phase()
    }

    pub(super) fn facts(&self) -> Facts<'a> {
        self.facts
    }

    pub(super) fn terms(&self) -> &'a Terms {
        self.facts.terms
    }

    pub(super) fn ask(&self) -> AskName {
        self.command.ask.name()
    }

    pub(super) fn by(&self) -> &Stamp {
        &self.by
    }

    /// Returns the time of the events: never before the last one, also under a clock that went back.
    pub(super) fn at(&self) -> Instant {
        let last = self.handoff.last_at();
        last.map_or(self.facts.now, |last| last.max(self.facts.now))
    }

    /// Returns the revision the next event leads to.
    pub(super) fn next_revision(&self) -> Revision {
        self.handoff.revision().next()
    }

    /// Returns what was gathered about the package; legality has seen to it that there is one.
    pub(super) fn dossier(&self) -> Result<&Dossier, Refusal> {
        self.phase().dossier().ok_or_else(|| self.illegal())
    }

    /// Returns the refusal of a command that the state does not know.
    pub(super) fn illegal(&self) -> Refusal {
        Refusal::IllegalTransition {
            state: self.handoff.state(),
            ask: self.ask(),
        }
    }

    /// Refuses a command about another package than the current one.
    pub(super) fn is_about(&self, asked: Digest) -> Result<(), Refusal> {
        let current = self.dossier()?.package.digest;
        if asked == current {
            return Ok(());
        }
        Err(Refusal::OtherPackage { asked, current })
    }

    /// Adds a change, and the notice that is due where it leads to a state somebody is told of.
    pub(super) fn push(&mut self, change: Change) -> Result<(), Refusal> {
        let before = self.handoff.state();
        let is_moved = matches!(change, Change::Reassigned { .. });
        self.add(change)?;
        let now = self.handoff.state();
        if (now != before || is_moved) && now.is_told() {
            let notice = self.notice(now);
            self.add(Change::Noticed { notice })?;
        }
        Ok(())
    }

    fn add(&mut self, change: Change) -> Result<(), Refusal> {
        let event = Event {
            baton: EventFormat::V1,
            handoff: self.command.handoff.clone(),
            revision: self.next_revision(),
            at: self.at(),
            by: self.by.clone(),
            key: self.command.key.clone(),
            request: self.request,
            change,
        };
        // What `apply` does not know is not decided: the two can't drift apart. A misfit ends the
        // batch, so that the handoff it consumed is not missed.
        let illegal = self.illegal();
        self.handoff = apply(std::mem::take(&mut self.handoff), &event).map_err(|_| illegal)?;
        self.events.push(event);
        Ok(())
    }

    /// Tells somebody without a change of state.
    pub(super) fn remind(&mut self, role: &Id) -> Result<(), Refusal> {
        let notice = Notice {
            id: self.notice_id(),
            about: "reminder".to_owned(),
            to: vec![role.clone()],
            turn: self.turn(),
        };
        self.add(Change::Noticed { notice })
    }

    /// Returns what oversight receives.
    pub(super) fn incident(&self, why: IncidentCause) -> Incident {
        let check = self
            .phase()
            .dossier()
            .and_then(|dossier| dossier.check.as_ref());
        Incident {
            handoff: self.command.handoff.clone(),
            why,
            owner: self.terms().oversight().clone(),
            state: self.handoff.state().word().to_owned(),
            package: self.phase().dossier().map(|dossier| dossier.package.digest),
            unmet: check.map(CheckSummary::shortfalls).unwrap_or_default(),
            entries: self.handoff.entries.clone(),
        }
    }

    /// Sets and clears timers until they are those the state needs, and returns the events.
    pub(super) fn finish(mut self) -> Result<Vec<Event>, Refusal> {
        let wanted =
            clocks::wanted(&self.handoff, self.terms()).map_err(Refusal::TimeNotCountable)?;
        let is_wanted = |timer: &Timer| {
            let wants = |want: &Wanted| want.kind == timer.kind && want.due == timer.due;
            wanted.iter().any(wants)
        };
        let stale: Vec<Revision> = (self.handoff.timers().iter())
            .filter(|timer| !is_wanted(timer))
            .map(|timer| timer.number)
            .collect();
        for number in stale {
            self.add(Change::TimerCleared { number })?;
        }
        for want in wanted {
            let is_set = |timer: &Timer| timer.kind == want.kind && timer.due == want.due;
            if !self.handoff.timers().iter().any(is_set) {
                let timer = Timer {
                    number: self.next_revision(),
                    counted_in: want.counted_in(),
                    kind: want.kind,
                    due: want.due,
                };
                self.add(Change::TimerSet { timer })?;
            }
        }
        Ok(self.events)
    }

    fn notice_id(&self) -> String {
        format!("{}.{}", self.command.handoff, self.handoff.revision())
    }

    fn notice(&self, state: StateName) -> Notice {
        Notice {
            id: self.notice_id(),
            about: state.word().to_owned(),
            to: self.told(state),
            turn: self.turn(),
        }
    }

    /// Whose turn it is: a team, a role of oversight, or nobody's.
    fn turn(&self) -> Option<Id> {
        match self.phase() {
            Phase::Drafted(draft) => Some(draft.by.team.clone()),
            Phase::NeedsInput(_) | Phase::Declined(_) => self.sender_team(),
            Phase::Offered(_) | Phase::Accepted(_) => self.receiver_team(),
            Phase::Escalated(parked) | Phase::Quarantined(parked) => {
                Some(parked.incident.owner.clone())
            }
            Phase::RollbackBlocked(blocked) => Some(blocked.incident.owner.clone()),
            _ => None,
        }
    }

    fn sender_team(&self) -> Option<Id> {
        let dossier = self
            .phase()
            .dossier()
            .and_then(|dossier| dossier.senders.last());
        let draft = || self.phase().draft().map(|draft| &draft.by);
        dossier.or_else(draft).map(|sender| sender.team.clone())
    }

    fn receiver_team(&self) -> Option<Id> {
        self.phase().offer().map(|offer| offer.team.clone())
    }

    fn told(&self, state: StateName) -> Vec<Id> {
        let both = || self.sender_team().into_iter().chain(self.receiver_team());
        let mut told: Vec<Id> = match state {
            StateName::Gated => self.approver_roles(),
            StateName::Offered => self.receiver_team().into_iter().collect(),
            StateName::Escalated | StateName::Quarantined | StateName::RollbackBlocked => {
                self.turn().into_iter().collect()
            }
            StateName::RollingBack
            | StateName::RolledBack
            | StateName::Withdrawn
            | StateName::Expired => both().collect(),
            _ => self.sender_team().into_iter().collect(),
        };
        told.sort();
        told.dedup();
        told
    }

    fn approver_roles(&self) -> Vec<Id> {
        let open = self.phase().dossier().map(|dossier| &dossier.open_gates);
        let ids = open.into_iter().flat_map(|open| open.keys());
        let gates = ids.filter_map(|id| self.terms().gate(id));
        gates
            .flat_map(|gate| gate.approvers.iter().cloned())
            .collect()
    }
}
