//! Gates: which approvals count for which gate.
//!
//! An approval counts for one gate, though its approver may fit several. Who is spent where is a
//! maximum bipartite matching of approvers to the places of the quorums, so that no approval is
//! wasted on a gate that another could have filled. Places are filled in order of expiry, then id;
//! an augmenting path never empties a place that was filled, so the gates that expire first win.

use std::collections::BTreeMap;

use baton_contract::model::Separation;
use baton_terms::{Id, Instant};

use super::state::Dossier;
use super::terms::{GateTerms, Terms};
use super::wire::Approval;
use crate::authority::Stamp;
use crate::names::Principal;

/// Approvers by gate.
pub type Assignment = BTreeMap<Id, Vec<Principal>>;

/// Where a gate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateStanding {
    /// The gate.
    pub gate: Id,
    /// Approvals needed.
    pub quorum: u32,
    /// Approvers whose approval counts for it.
    pub approvers: Vec<Principal>,
    /// Refusals.
    pub rejections: u32,
    /// Whether so many refused that the quorum is out of reach.
    pub is_refused: bool,
}

impl GateStanding {
    /// Returns whether the gate has its quorum.
    pub fn is_met(&self) -> bool {
        !self.is_refused && u32::try_from(self.approvers.len()).is_ok_and(|n| n >= self.quorum)
    }
}

/// Returns where the open gates stand, by id.
///
/// A gate that the contract does not have stands open with a quorum nobody can reach.
pub fn standing(dossier: &Dossier, terms: &Terms) -> Vec<GateStanding> {
    let assignment = assign(dossier, terms);
    let gates = dossier.open_gates.keys();
    let standing = gates.map(|id| {
        let gate = terms.gate(id);
        let refusals = dossier.rejections.iter().filter(|no| no.gate == *id);
        let rejections = u32::try_from(refusals.count()).unwrap_or(u32::MAX);
        let spare = gate.map_or(0, |gate| gate.of.saturating_sub(gate.quorum));
        GateStanding {
            gate: id.clone(),
            quorum: gate.map_or(u32::MAX, |gate| gate.quorum),
            approvers: assignment.get(id).cloned().unwrap_or_default(),
            rejections,
            is_refused: rejections > spare,
        }
    });
    standing.collect()
}

/// Returns the assignment, when every open gate has its quorum.
pub(super) fn passed(dossier: &Dossier, terms: &Terms) -> Option<Assignment> {
    let standing = standing(dossier, terms);
    standing.iter().all(GateStanding::is_met).then(|| {
        let met = standing.into_iter().map(|gate| (gate.gate, gate.approvers));
        met.collect()
    })
}

/// Returns whether an approver is separate from everyone who sent a package.
pub(crate) fn is_separate(gate: &GateTerms, approver: &Stamp, senders: &[Stamp]) -> bool {
    let of_other_team = |sender: &Stamp| {
        !gate.separation.contains(&Separation::NotSenderTeam) || approver.team != sender.team
    };
    // Nobody approves own work, whether or not the contract says so again.
    senders
        .iter()
        .all(|sender| !approver.shares_principal_with(sender) && of_other_team(sender))
}

fn assign(dossier: &Dossier, terms: &Terms) -> Assignment {
    let mut places: Vec<(Option<Instant>, &GateTerms)> = Vec::new();
    for (id, opened) in &dossier.open_gates {
        let Some(gate) = terms.gate(id) else { continue };
        let due = super::clocks::gate_due(gate, *opened, terms).ok().flatten();
        let quorum = usize::try_from(gate.quorum).unwrap_or(usize::MAX);
        // More places than approvals can never be filled.
        let count = quorum.min(dossier.approvals.len().saturating_add(1));
        places.extend(std::iter::repeat_n((due, gate), count));
    }
    places.sort_by(|(a, first), (b, second)| {
        let never = |due: &Option<Instant>| due.is_none();
        (never(a), a, &first.id).cmp(&(never(b), b, &second.id))
    });
    let mut matching = Matching {
        approvals: &dossier.approvals,
        senders: &dossier.senders,
        places: &places,
        taken_by: vec![None; dossier.approvals.len()],
    };
    for place in 0..places.len() {
        let mut seen = vec![false; dossier.approvals.len()];
        matching.fill(place, &mut seen);
    }
    let mut assignment = Assignment::new();
    for (approval, place) in dossier.approvals.iter().zip(&matching.taken_by) {
        if let Some((_, gate)) = place.and_then(|place| places.get(place)) {
            let approvers = assignment.entry(gate.id.clone()).or_default();
            approvers.push(approval.by.answerable().clone());
        }
    }
    assignment
}

struct Matching<'a> {
    approvals: &'a [Approval],
    senders: &'a [Stamp],
    places: &'a [(Option<Instant>, &'a GateTerms)],
    /// The place each approval is spent on.
    taken_by: Vec<Option<usize>>,
}

impl Matching<'_> {
    /// Fills a place, moving approvals that are spent elsewhere when they can be replaced there.
    ///
    /// The depth is bounded by the number of approvals, each seen once.
    fn fill(&mut self, place: usize, seen: &mut [bool]) -> bool {
        let Some((_, gate)) = self.places.get(place) else {
            return false;
        };
        for (index, approval) in self.approvals.iter().enumerate() {
            let fits =
                approval.gates.contains(&gate.id) && is_separate(gate, &approval.by, self.senders);
            let Some(was_seen) = seen.get_mut(index).filter(|was_seen| fits && !**was_seen) else {
                continue;
            };
            *was_seen = true;
            let spent_on = self.taken_by.get(index).copied().flatten();
            if spent_on.is_none_or(|other| self.fill(other, seen)) {
                if let Some(taken) = self.taken_by.get_mut(index) {
                    *taken = Some(place);
                }
                return true;
            }
        }
        false
    }
}
