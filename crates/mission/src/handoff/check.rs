//! What the lifecycle keeps of a scorecard: enough to decide, and the digest of the rest.

use baton_contract::model::{GateKind, Severity};
use baton_evidence::canonical::CanonicalError;
use baton_scoring::wire::{FindingState, GateState, Posture, Rule, Scorecard};
use baton_terms::{BasisPoints, Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::wire::Unmet;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckSummary {
    /// Digest of the scorecard.
    pub scorecard: Digest,
    /// Digest of the contract it was made with.
    pub contract: Digest,
    /// Digest of the package.
    pub package: Digest,
    /// Time of the check.
    pub as_of: Instant,
    /// Posture.
    pub posture: Posture,
    /// Score, when one is known.
    pub score: Option<BasisPoints>,
    /// Risk.
    pub risk: BasisPoints,
    /// No clause applied.
    pub nothing_checked: bool,
    /// Findings in canonical order.
    pub findings: Vec<FindingSummary>,
    /// Gates by id.
    pub gates: Vec<GateSummary>,
}

/// One clause's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingSummary {
    /// The clause.
    pub clause: Id,
    /// How much it matters.
    pub severity: Severity,
    /// Its state.
    pub state: FindingState,
    /// Id of the waiver that excuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Id>,
    /// What to do, where it is not met.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
}

/// One gate's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateSummary {
    /// The gate.
    pub gate: Id,
    /// What decides it.
    pub kind: GateKind,
    /// Its state.
    pub state: GateState,
}

impl CheckSummary {
    /// Returns what is kept of a scorecard.
    ///
    /// # Errors
    /// When the scorecard has no canonical form.
    pub fn of(scorecard: &Scorecard<'_>) -> Result<Self, CanonicalError> {
        let finding = |finding: &baton_scoring::wire::Finding<'_>| {
            Some(FindingSummary {
                clause: finding.clause.parse().ok()?,
                severity: finding.severity,
                state: finding.state,
                waiver: finding.waiver.as_deref().and_then(|id| id.parse().ok()),
                fix: finding.fix.as_deref().unwrap_or_default().to_owned(),
            })
        };
        let gate = |gate: &baton_scoring::wire::GateFinding<'_>| {
            Some(GateSummary {
                gate: gate.gate.parse().ok()?,
                kind: gate.kind,
                state: gate.state,
            })
        };
        let nothing_checked =
            (scorecard.causes.iter()).any(|cause| cause.rule == Rule::NothingChecked);
        Ok(Self {
            scorecard: scorecard.digest()?,
            contract: scorecard.contract.digest,
            package: scorecard.package.digest,
            as_of: scorecard.as_of,
            posture: scorecard.posture,
            score: scorecard.score,
            risk: scorecard.risk,
            nothing_checked,
            // A contract's ids are checked before it scores, so that none is left out here.
            findings: scorecard.findings.iter().filter_map(finding).collect(),
            gates: scorecard.gates.iter().filter_map(gate).collect(),
        })
    }

    /// Returns what keeps the package from going on: unmet blockers and policies that do not hold.
    /// Unknown is unmet.
    pub fn unmet(&self) -> Vec<Unmet> {
        let blockers = (self.findings.iter())
            .filter(|finding| finding.severity == Severity::Blocker && finding.state.is_unmet());
        let blockers = blockers.map(|finding| Unmet {
            subject: Some(finding.clause.clone()),
            what: finding.fix.clone(),
        });
        let policies = (self.gates.iter())
            .filter(|gate| gate.kind == GateKind::Policy && gate.state.is_open());
        let policies = policies.map(|gate| Unmet {
            subject: Some(gate.gate.clone()),
            what: "the policy of this gate has to hold".to_owned(),
        });
        blockers.chain(policies).collect()
    }

    /// Returns what is not met at all, also where it does not stop the handoff by itself.
    pub fn shortfalls(&self) -> Vec<Unmet> {
        let unmet = self.findings.iter().filter(|found| found.state.is_unmet());
        let clauses = unmet.map(|finding| Unmet {
            subject: Some(finding.clause.clone()),
            what: finding.fix.clone(),
        });
        let mut all: Vec<_> = clauses.collect();
        let policies = self.unmet().into_iter();
        all.extend(policies.filter(|item| {
            let is_gate = |gate: &GateSummary| Some(&gate.gate) == item.subject.as_ref();
            self.gates.iter().any(is_gate)
        }));
        all
    }

    /// Returns the approval gates that need a decision, by id.
    pub fn open_gates(&self) -> Vec<Id> {
        let open = (self.gates.iter())
            .filter(|gate| gate.kind == GateKind::Approval && gate.state.is_open());
        open.map(|gate| gate.gate.clone()).collect()
    }

    /// Returns the clauses and gates whose state differs from that of an earlier check.
    pub fn differing(&self, earlier: &Self) -> Vec<Id> {
        let had = |clause: &Id| earlier.findings.iter().find(|old| old.clause == *clause);
        let clauses = (self.findings.iter())
            .filter(|now| had(&now.clause).map(|old| old.state) != Some(now.state));
        let gate_had = |gate: &Id| earlier.gates.iter().find(|old| old.gate == *gate);
        let gates = (self.gates.iter())
            .filter(|now| gate_had(&now.gate).map(|old| old.state) != Some(now.state));
        let clauses = clauses.map(|now| now.clause.clone());
        clauses.chain(gates.map(|now| now.gate.clone())).collect()
    }
}
