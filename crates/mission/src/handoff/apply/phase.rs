//! Which phase a change leads to; a change that a phase does not know leads nowhere.

use std::collections::BTreeMap;

use baton_terms::Id;

use crate::compensation::{self, Progress, Unwinding};
use crate::handoff::baseline::Slot;
use crate::handoff::state::{
    Acceptance, Blocked, Closing, Dossier, Draft, Handoff, Offer, Parked, Phase, Returned,
    StateName, Undoing,
};
use crate::handoff::wire::{Asked, Change, Event, Step};

/// Returns the phase a change leads to, or nothing where the phase does not know the change.
pub(super) fn next_phase(phase: Phase, handoff: &Handoff, event: &Event) -> Option<Phase> {
    let change = &event.change;
    Some(match (phase, change) {
        (
            Phase::Unopened,
            Change::Opened {
                work_item,
                contract,
                reopens,
            },
        ) => {
            let slot = Slot {
                work_item: work_item.clone(),
                contract: contract.clone(),
            };
            Phase::Drafted(Draft {
                slot,
                by: event.by.clone(),
                reopens: reopens.clone(),
            })
        }
        (Phase::Unopened, _) => return None,
        (phase, Change::Submitted { .. }) => submitted(phase, event)?,
        (Phase::Submitted(mut dossier), Change::Checked { check }) => {
            dossier.check = Some(check.clone());
            Phase::Checked(dossier)
        }
        (
            phase,
            Change::GatesOpened { .. }
            | Change::Offered { .. }
            | Change::Accepted { .. }
            | Change::Completed { .. },
        ) => forward(phase, event)?,
        (phase, Change::InputNeeded { .. } | Change::Declined { .. }) => returned(phase, change)?,
        (phase, Change::Escalated { .. } | Change::Quarantined { .. }) => parked(phase, change)?,
        (Phase::Escalated(parked), Change::Resumed { .. }) => resumed(parked.from, event),
        // What was accepted stays accepted: a second acceptance must not become possible.
        (Phase::Quarantined(parked), Change::Released { .. })
            if parked.from.acceptance().is_some() =>
        {
            parked.from
        }
        (Phase::Quarantined(parked), Change::Released { .. }) => {
            Phase::Submitted(Box::new(unchecked(dossier_of(parked.from)?)))
        }
        (
            phase @ (Phase::Submitted(_)
            | Phase::Checked(_)
            | Phase::Gated(_)
            | Phase::NeedsInput(_)),
            Change::Waived { .. },
        ) => Phase::Submitted(Box::new(unchecked(dossier_of(phase)?))),
        (phase, Change::Withdrawn { .. } | Change::Expired { .. }) => closed(phase, change)?,
        (
            phase,
            Change::RolledBack { .. } | Change::Unwound { .. } | Change::RollbackBlocked { .. },
        ) => rolled_back(phase, handoff, change)?,
        (phase, _) => within(phase, handoff, event)?,
    })
}

/// The way to completion: gates, offer, acceptance.
fn forward(phase: Phase, event: &Event) -> Option<Phase> {
    Some(match (phase, &event.change) {
        (
            Phase::Checked(mut dossier) | Phase::Gated(mut dossier),
            Change::GatesOpened { gates },
        ) => {
            open_gates(&mut dossier, gates, event);
            Phase::Gated(dossier)
        }
        (Phase::Offered(mut offer), Change::GatesOpened { gates }) => {
            open_gates(&mut offer.dossier, gates, event);
            Phase::Gated(Box::new(offer.dossier))
        }
        (Phase::Checked(dossier) | Phase::Gated(dossier), Change::Offered { team, .. }) => {
            Phase::Offered(Box::new(Offer {
                dossier: *dossier,
                team: team.clone(),
                since: event.at,
                acknowledged: None,
            }))
        }
        (
            Phase::Offered(offer),
            Change::Accepted {
                receipt,
                baseline,
                follows,
            },
        ) => Phase::Accepted(Box::new(Acceptance {
            offer: *offer,
            receipt: receipt.clone(),
            baseline: baseline.clone(),
            follows: follows.clone(),
            outputs: None,
        })),
        (Phase::Accepted(mut acceptance), Change::Completed { outputs }) => {
            acceptance.outputs = *outputs;
            Phase::Completed(acceptance)
        }
        _ => return None,
    })
}

/// Changes that stay within a phase.
fn within(mut phase: Phase, handoff: &Handoff, event: &Event) -> Option<Phase> {
    match (&mut phase, &event.change) {
        (Phase::Offered(offer), Change::Acknowledged {}) if offer.acknowledged.is_none() => {
            offer.acknowledged = Some(event.at);
        }
        (Phase::Offered(offer), Change::Reassigned { team, .. }) => {
            offer.team = team.clone();
            offer.since = event.at;
            offer.acknowledged = None;
        }
        (_, Change::Checked { check }) => phase.dossier_mut()?.check = Some(check.clone()),
        (Phase::Submitted(dossier), Change::ApprovalsReviewed { kept, .. }) => {
            dossier
                .approvals
                .retain(|approval| kept.contains(&approval.by.principal));
        }
        (Phase::Gated(dossier), Change::Approved { approval }) => {
            dossier.approvals.push(approval.clone());
        }
        (Phase::Gated(dossier), Change::Rejected { rejection }) => {
            // Whoever refuses no longer approves.
            dossier
                .approvals
                .retain(|yes| !yes.by.shares_principal_with(&rejection.by));
            dossier.rejections.push(rejection.clone());
            dossier.assignment = None;
        }
        (Phase::Gated(dossier), Change::GatesPassed { assignment }) => {
            dossier.assignment = Some(assignment.clone());
        }
        (_, Change::TimerFired { number } | Change::TimerCleared { number }) => {
            handoff
                .timers
                .iter()
                .find(|timer| timer.number == *number)?;
        }
        (_, Change::TimerSet { timer }) if timer.number == event.revision => {}
        // A delivery leaves something behind in the world, and nothing else does.
        (_, Change::AttemptDone { step, effect })
            if effect.is_some() == (*step == Step::Delivery) => {}
        (
            _,
            Change::PostureMoved { .. }
            | Change::AttemptFailed { .. }
            | Change::RungReached { .. }
            | Change::FollowUpQueued { .. }
            | Change::Noticed { .. },
        ) => {}
        _ => return None,
    }
    Some(phase)
}

fn submitted(phase: Phase, event: &Event) -> Option<Phase> {
    let Change::Submitted { pin, package } = &event.change else {
        return None;
    };
    let dossier = match phase {
        Phase::Drafted(draft) => Dossier {
            draft,
            pin: pin.clone(),
            package: package.clone(),
            senders: vec![event.by.clone()],
            submissions: 1,
            check: None,
            open_gates: BTreeMap::new(),
            approvals: Vec::new(),
            rejections: Vec::new(),
            assignment: None,
        },
        Phase::NeedsInput(returned) | Phase::Declined(returned) if returned.dossier.pin == *pin => {
            let mut dossier = returned.dossier;
            dossier.package = package.clone();
            dossier.senders.retain(|sender| *sender != event.by);
            dossier.senders.push(event.by.clone());
            dossier.submissions = dossier.submissions.saturating_add(1);
            dossier.open_gates.clear();
            dossier.rejections.clear();
            dossier.assignment = None;
            dossier
        }
        _ => return None,
    };
    Some(Phase::Submitted(Box::new(dossier)))
}

/// Opens gates; one that was open keeps its time.
fn open_gates(dossier: &mut Dossier, gates: &[Id], event: &Event) {
    dossier.open_gates.retain(|gate, _| gates.contains(gate));
    for gate in gates {
        dossier.open_gates.entry(gate.clone()).or_insert(event.at);
    }
    dossier.assignment = None;
}

fn returned(phase: Phase, change: &Change) -> Option<Phase> {
    if let (Phase::Offered(offer), Change::Declined { receipt }) = (&phase, change) {
        return Some(Phase::Declined(Box::new(Returned {
            dossier: offer.dossier.clone(),
            asked: Asked::Receiver,
            unmet: receipt.unmet.clone(),
            receipt: Some(receipt.clone()),
        })));
    }
    let Change::InputNeeded {
        asked,
        unmet,
        receipt,
    } = change
    else {
        return None;
    };
    let is_held = matches!(
        phase.name(),
        StateName::Checked | StateName::Gated | StateName::Offered
    );
    let dossier = is_held.then(|| dossier_of(phase)).flatten()?;
    Some(Phase::NeedsInput(Box::new(Returned {
        dossier,
        asked: *asked,
        unmet: unmet.clone(),
        receipt: receipt.clone(),
    })))
}

fn parked(phase: Phase, change: &Change) -> Option<Phase> {
    let is_open =
        !phase.name().is_terminal() && phase.undoing().is_none() && phase.dossier().is_some();
    match change {
        Change::Escalated { incident }
            if is_open && !matches!(phase, Phase::Escalated(_) | Phase::Quarantined(_)) =>
        {
            Some(Phase::Escalated(Box::new(Parked {
                from: phase,
                incident: incident.clone(),
            })))
        }
        Change::Quarantined { incident } if is_open && !matches!(phase, Phase::Quarantined(_)) => {
            Some(Phase::Quarantined(Box::new(Parked {
                from: phase,
                incident: incident.clone(),
            })))
        }
        _ => None,
    }
}

/// Goes on where it was; gates have their whole time again.
fn resumed(mut phase: Phase, event: &Event) -> Phase {
    if let Phase::Gated(dossier) = &mut phase {
        dossier
            .open_gates
            .values_mut()
            .for_each(|opened| *opened = event.at);
    }
    phase
}

fn closed(phase: Phase, change: &Change) -> Option<Phase> {
    let is_over = phase.name().is_terminal() || phase.undoing().is_some();
    let closing = |from: Phase| {
        Box::new(Closing {
            from,
            to: None,
            undone: Vec::new(),
        })
    };
    Some(match change {
        Change::Withdrawn { .. } if !is_over && phase.acceptance().is_none() => {
            Phase::Withdrawn(closing(phase))
        }
        Change::Expired { .. } if !is_over => Phase::Expired(closing(phase)),
        _ => return None,
    })
}

/// Back to the baseline, then effect by effect, the last one first.
fn rolled_back(phase: Phase, handoff: &Handoff, change: &Change) -> Option<Phase> {
    match (phase, change) {
        (phase, Change::RolledBack { to, undo, .. }) => {
            let is_over = phase.name().is_terminal() || phase.undoing().is_some();
            let is_open = !is_over || phase.name() == StateName::Completed;
            let is_whole = undo.iter().eq(handoff.effects.iter().rev());
            (is_open && is_whole && phase.dossier().is_some()).then_some(())?;
            Some(undone_or_undoing(Undoing {
                from: phase,
                to: to.clone(),
                unwinding: Unwinding::of(handoff.effects.clone()),
            }))
        }
        (Phase::RollingBack(undoing), Change::RollbackBlocked { incident }) => {
            matches!(undoing.unwinding.progress(), Progress::Blocked(_)).then_some(())?;
            Some(Phase::RollbackBlocked(Box::new(Blocked {
                undoing: *undoing,
                incident: incident.clone(),
            })))
        }
        (Phase::RollingBack(undoing), Change::Unwound { event, .. }) => unwound(*undoing, event),
        (Phase::RollbackBlocked(blocked), Change::Unwound { event, .. }) => {
            unwound(blocked.undoing, event)
        }
        _ => None,
    }
}

fn unwound(undoing: Undoing, event: &compensation::Event) -> Option<Phase> {
    let unwinding = compensation::apply(undoing.unwinding, event).ok()?;
    Some(undone_or_undoing(Undoing {
        unwinding,
        ..undoing
    }))
}

fn undone_or_undoing(undoing: Undoing) -> Phase {
    match undoing.unwinding.progress() {
        Progress::Next(_) | Progress::Blocked(_) => Phase::RollingBack(Box::new(undoing)),
        Progress::Clean | Progress::Left(_) => Phase::RolledBack(Box::new(Closing {
            undone: undoing.unwinding.undone().to_vec(),
            from: undoing.from,
            to: Some(undoing.to),
        })),
    }
}

/// The dossier as it is before a check: no gate is open and no decision on it counts.
fn unchecked(mut dossier: Dossier) -> Dossier {
    dossier.open_gates.clear();
    dossier.approvals.clear();
    dossier.rejections.clear();
    dossier.assignment = None;
    dossier
}

fn dossier_of(phase: Phase) -> Option<Dossier> {
    match phase {
        Phase::Submitted(dossier) | Phase::Checked(dossier) | Phase::Gated(dossier) => {
            Some(*dossier)
        }
        Phase::Offered(offer) => Some(offer.dossier),
        Phase::NeedsInput(returned) | Phase::Declined(returned) => Some(returned.dossier),
        Phase::Escalated(parked) => dossier_of(parked.from),
        _ => None,
    }
}
