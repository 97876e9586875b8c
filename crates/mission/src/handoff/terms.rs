//! The pinned contract as the lifecycle sees it.

use std::collections::{BTreeMap, BTreeSet};

use baton_contract::model::{
    Contract, Deadlines, DecidedBy, GateExpiry, GateKind, Party, PartyKind, Retries, Rollback,
    Separation,
};
use baton_scoring::CheckedContract;
use baton_terms::{Diagnostic, Digest, Id};
use serde::{Deserialize, Serialize};

use super::read_set;
use super::refusal::codes;
use crate::clock::Calendars;

/// Version of the lifecycle's rules; a handoff stays pinned to it.
pub const SEMANTICS: &str = "1";

/// What a handoff holds to from its first submission on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Name of the contract.
    pub name: Id,
    /// Its version.
    pub version: String,
    /// Digest of its normal form.
    pub contract: Digest,
    /// Version of the lifecycle's rules.
    pub lifecycle: String,
    /// Version of the scoring rules.
    pub scoring: String,
}

/// A contract compiled for the lifecycle.
#[derive(Debug, Clone)]
pub struct Terms {
    // INVARIANT: made from one checked contract; gates by id, approval gates only.
    pin: Pin,
    from: PartyTerms,
    to: PartyTerms,
    owner: Id,
    gates: Vec<GateTerms>,
    deadlines: Deadlines,
    calendars: Calendars,
    first_calendar: Option<Id>,
    teams: BTreeSet<Id>,
    ladder: Vec<Rung>,
    retries: Retries,
    rollback: Option<Rollback>,
    clauses: BTreeSet<Id>,
    waivers_max: u64,
    submissions_max: Option<u64>,
    places: BTreeSet<String>,
}

/// One side of the handoff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyTerms {
    /// Role that acts.
    pub role: Id,
    /// Teams that may act; any when empty.
    pub teams: BTreeSet<Id>,
    /// Who acts.
    pub kind: PartyKind,
}

/// An approval gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateTerms {
    /// Id.
    pub id: Id,
    /// Roles that may approve.
    pub approvers: BTreeSet<Id>,
    /// Approvals needed.
    pub quorum: u32,
    /// Approvers asked; at least the quorum.
    pub of: u32,
    /// Whom approvers must not be.
    pub separation: Vec<Separation>,
    /// Who may decide.
    pub decided_by: DecidedBy,
    /// How long it may stay open, as written.
    pub expires: Option<String>,
    /// What happens then.
    pub on_expiry: GateExpiry,
    /// Places of the package that its approvals rest on.
    pub places: BTreeSet<String>,
}

/// One rung of the escalation ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Time without progress, as written.
    pub after: String,
    /// Role told.
    pub to: Id,
}

impl Terms {
    /// Returns the terms of a contract.
    ///
    /// # Errors
    /// When it names no sender or receiver, or its calendars cannot be computed with.
    pub fn of(contract: &CheckedContract) -> Result<Self, Vec<Diagnostic>> {
        let checked = contract;
        let contract = checked.contract();
        let (Some(from), Some(to), Some(owner)) = (&contract.from, &contract.to, &contract.owner)
        else {
            return Err(vec![unusable(
                "owner, sender and receiver",
                "one is missing",
            )]);
        };
        let calendars = Calendars::new(&contract.calendars)?;
        let gates = gates(checked)?;
        let places = (gates.iter())
            .flat_map(|gate| gate.places.iter().cloned())
            .collect();
        Ok(Self {
            pin: pin(checked),
            from: party(from),
            to: party(to),
            owner: owner.team.clone(),
            gates,
            deadlines: contract.deadlines.clone(),
            calendars,
            first_calendar: contract.calendars.first().map(|first| first.id.clone()),
            teams: receiving_teams(contract, to),
            ladder: ladder(contract),
            retries: contract.retries,
            rollback: contract.rollback.clone(),
            clauses: contract
                .clauses
                .iter()
                .map(|clause| clause.id.clone())
                .collect(),
            waivers_max: contract.budget.waivers.unwrap_or(0),
            submissions_max: contract.budget.attempts,
            places,
        })
    }

    /// Returns what a handoff under these terms is pinned to.
    pub fn pin(&self) -> &Pin {
        &self.pin
    }

    /// Returns the sender's side.
    pub fn from(&self) -> &PartyTerms {
        &self.from
    }

    /// Returns the receiver's side.
    pub fn to(&self) -> &PartyTerms {
        &self.to
    }

    /// Returns the approval gates by id.
    pub fn gates(&self) -> &[GateTerms] {
        &self.gates
    }

    /// Returns one approval gate.
    pub fn gate(&self, id: &Id) -> Option<&GateTerms> {
        self.gates.iter().find(|gate| gate.id == *id)
    }

    /// Returns the deadlines.
    pub fn deadlines(&self) -> &Deadlines {
        &self.deadlines
    }

    /// Returns the calendars.
    pub fn calendars(&self) -> &Calendars {
        &self.calendars
    }

    /// Returns the calendar in which gates and the ladder count business time: the contract's first.
    pub fn first_calendar(&self) -> Option<&Id> {
        self.first_calendar.as_ref()
    }

    /// Returns the team that answers for the contract.
    pub fn owner(&self) -> &Id {
        &self.owner
    }

    /// Returns the escalation ladder, lowest rung first.
    pub fn ladder(&self) -> &[Rung] {
        &self.ladder
    }

    /// Returns how failures are retried.
    pub fn retries(&self) -> Retries {
        self.retries
    }

    /// Returns when to roll back.
    pub fn rollback(&self) -> Option<&Rollback> {
        self.rollback.as_ref()
    }

    /// Returns the most clauses waived in one handoff.
    pub fn waivers_max(&self) -> u64 {
        self.waivers_max
    }

    /// Returns how often a package may be submitted, when the contract bounds it.
    pub fn submissions_max(&self) -> Option<u64> {
        self.submissions_max
    }

    /// Returns whether the contract has a clause.
    pub fn has_clause(&self, clause: &Id) -> bool {
        self.clauses.contains(clause)
    }

    /// Returns whether a team may receive.
    pub fn may_receive(&self, team: &Id) -> bool {
        self.teams.is_empty() || self.teams.contains(team)
    }

    /// Returns every place of a package that an approval may rest on.
    pub fn places(&self) -> &BTreeSet<String> {
        &self.places
    }

    /// Returns who acts when the handoff is blocked: the lowest rung of the ladder, else the owner.
    pub fn oversight(&self) -> &Id {
        self.ladder.first().map_or(&self.owner, |rung| &rung.to)
    }
}

fn pin(checked: &CheckedContract) -> Pin {
    Pin {
        name: checked.contract().name.clone(),
        version: checked.contract().version.to_string(),
        contract: checked.digest(),
        lifecycle: SEMANTICS.to_owned(),
        scoring: baton_scoring::wire::SEMANTICS.to_owned(),
    }
}

fn party(party: &Party) -> PartyTerms {
    PartyTerms {
        role: party.role.clone(),
        teams: party.teams.iter().cloned().collect(),
        kind: party.kind,
    }
}

fn receiving_teams(contract: &Contract, to: &Party) -> BTreeSet<Id> {
    let routing = contract.routing.iter();
    let routed = routing.flat_map(|routing| {
        let candidates = routing.candidates.iter().map(|candidate| &candidate.team);
        candidates.chain(&routing.fallback)
    });
    to.teams.iter().chain(routed).cloned().collect()
}

fn ladder(contract: &Contract) -> Vec<Rung> {
    let routing = contract.routing.iter();
    let rungs = routing.flat_map(|routing| &routing.escalation);
    let rung = |rung: &baton_contract::model::Escalation| Rung {
        after: rung.after.clone(),
        to: rung.to.clone(),
    };
    rungs.map(rung).collect()
}

fn gates(checked: &CheckedContract) -> Result<Vec<GateTerms>, Vec<Diagnostic>> {
    let mut gates = BTreeMap::new();
    for gate in &checked.contract().gates {
        if gate.kind != GateKind::Approval {
            continue;
        }
        let quorum = gate.quorum.unwrap_or(1);
        let of = gate.of.unwrap_or(quorum);
        if quorum == 0 || of < quorum || gate.approvers.is_empty() {
            let found = format!("gate `{}`: {quorum} of {of}", gate.id);
            return Err(vec![unusable("gates that approvers can pass", &found)]);
        }
        let reads = checked.reads_behind(&gate.id);
        let terms = GateTerms {
            id: gate.id.clone(),
            approvers: gate.approvers.iter().cloned().collect(),
            quorum,
            of,
            separation: gate.separation.clone(),
            decided_by: gate.decided_by,
            expires: gate.expires.clone(),
            on_expiry: gate.on_expiry,
            places: read_set::places(&reads),
        };
        gates.insert(gate.id.clone(), terms);
    }
    Ok(gates.into_values().collect())
}

fn unusable(expected: &str, found: &str) -> Diagnostic {
    Diagnostic::error(codes::UNUSABLE_CONTRACT, "contract can't drive a handoff")
        .expected(expected)
        .found(found)
        .hint("run `baton lint` on the contract")
}
