//! The scorecard as it is written: `scorecard/v1`, versioned, unknown fields refused, no floats.
//!
//! Texts are borrowed from the contract while a scorecard is fresh and owned once it has been read
//! back. The normative page is `docs/spec/scoring.md`.

use std::borrow::Cow;

use baton_contract::model::{DecidedBy, GateExpiry, GateKind, Separation, Severity};
use baton_evidence::canonical::{self, CanonicalError};
use baton_terms::{BasisPoints, Digest, Instant};
use serde::{Deserialize, Serialize};

/// Text borrowed from a contract or owned.
pub type Text<'a> = Cow<'a, str>;

/// The format's name.
pub const FORMAT: &str = "scorecard/v1";
/// Version of the scoring rules; a handoff stays pinned to it.
pub const SEMANTICS: &str = "1";

/// All findings of one check, what follows from them, and the digests of everything read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scorecard<'a> {
    /// Always `scorecard/v1`.
    pub baton: Format,
    /// Version of the scoring rules.
    pub semantics: Semantics,
    /// The contract.
    pub contract: ContractRef<'a>,
    /// The package.
    pub package: PackageRef<'a>,
    /// Digests of everything else that was read.
    pub inputs: InputDigests,
    /// Time of the check, as given.
    pub as_of: Instant,
    /// Whether the handoff may go on.
    pub posture: Posture,
    /// Overall score; absent when no dimension is known.
    pub score: Option<BasisPoints>,
    /// Risk.
    pub risk: BasisPoints,
    /// What the risk is made of, in canonical clause order, then tier, then pressure.
    pub risk_terms: Vec<RiskTerm<'a>>,
    /// Dimensions by weight descending, then id.
    pub dimensions: Vec<DimensionScore<'a>>,
    /// Findings in canonical clause order.
    pub findings: Vec<Finding<'a>>,
    /// Gates by id.
    pub gates: Vec<GateFinding<'a>>,
    /// Waivers for this contract and work that do not count, with the reason.
    pub waivers_refused: Vec<WaiverRefused>,
    /// Every rule that keeps the posture from being `ready`.
    pub causes: Vec<Cause<'a>>,
}

/// The one format this crate writes and reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Format {
    /// `scorecard/v1`.
    #[default]
    #[serde(rename = "scorecard/v1")]
    V1,
}

/// The scoring rules this crate knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Semantics {
    /// Version 1.
    #[default]
    #[serde(rename = "1")]
    One,
}

/// The contract a scorecard was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractRef<'a> {
    /// Name.
    pub name: Text<'a>,
    /// Version.
    pub version: Text<'a>,
    /// Digest of the normal form.
    pub digest: Digest,
}

/// The package a scorecard is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageRef<'a> {
    /// Digest of the canonical package.
    pub digest: Digest,
    /// Work item it belongs to.
    pub work_item: Text<'a>,
}

/// Digests of the canonical forms of the other inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputDigests {
    /// Evidence index.
    pub evidence: Digest,
    /// Waivers.
    pub waivers: Digest,
    /// History facts.
    pub history: Digest,
    /// Context.
    pub context: Digest,
    /// Keys that signatures of evidence were verified with, when there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyring: Option<Digest>,
}

/// Whether a handoff may go on; worse postures are larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Posture {
    /// Nothing stands in the way.
    Ready,
    /// A person has to look.
    Review,
    /// The handoff must not go on.
    Critical,
}

/// The state of one clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingState {
    /// The clause is met.
    Passed,
    /// The clause is not met, or not wholly.
    Failed,
    /// It could not be found out; never a pass.
    Unknown,
    /// The clause only warns for now.
    Pending,
    /// Not met, and excused by a waiver that counts.
    Waived,
    /// The clause does not apply to this package.
    NotApplicable,
}

/// One clause's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding<'a> {
    /// Clause id.
    pub clause: Text<'a>,
    /// Clause title.
    pub title: Text<'a>,
    /// Dimension it counts into.
    pub dimension: Text<'a>,
    /// How much it matters.
    pub severity: Severity,
    /// Weight inside its dimension.
    pub weight: u32,
    /// State.
    pub state: FindingState,
    /// Value that counts into the score; zero where the clause is left out of it.
    pub value: BasisPoints,
    /// Effort of the fix, 1 to 5.
    pub effort: u32,
    /// Why the clause exists; said where it is not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Text<'a>>,
    /// What to do; said where the clause is not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Text<'a>>,
    /// JSON Pointers into the package of what was looked at.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// What was expected.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub expected: Text<'a>,
    /// What was found.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub found: String,
    /// Single problems of a built-in check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
    /// State a pending clause would have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would_be: Option<FindingState>,
    /// Id of the waiver that excuses the clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<String>,
}

/// One problem met by a built-in check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// JSON Pointer into the package.
    #[serde(rename = "where")]
    pub place: String,
    /// What was expected there.
    pub expected: String,
    /// What was found there.
    pub found: String,
}

/// One dimension's score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DimensionScore<'a> {
    /// Dimension id.
    pub id: Text<'a>,
    /// Name for readers.
    pub title: Text<'a>,
    /// Weight in the overall score.
    pub weight: u32,
    /// Score; absent when no clause of the dimension applies.
    pub score: Option<BasisPoints>,
}

/// One part of the risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskTerm<'a> {
    /// Where it comes from.
    pub source: RiskSource,
    /// Clause, when it comes from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<Text<'a>>,
    /// Points added.
    pub points: u64,
}

/// Where a part of the risk comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RiskSource {
    /// A clause that is not met.
    Clause,
    /// The declared risk tier.
    RiskTier,
    /// Pressure on the receiver above the contract's cap.
    ReceiverPressure,
}

/// The state of one gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateState {
    /// The policy holds.
    Passed,
    /// The policy does not hold; stands in the way like an open gate.
    Failed,
    /// A decision is still needed.
    Open,
    /// The gate does not apply to this package.
    NotApplicable,
}

/// One gate's result, with what deciding it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateFinding<'a> {
    /// Gate id.
    pub gate: Text<'a>,
    /// Name for readers.
    pub title: Text<'a>,
    /// What decides it.
    pub kind: GateKind,
    /// State.
    pub state: GateState,
    /// Why the gate exists; said where it stands in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Text<'a>>,
    /// Roles that may approve.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<Text<'a>>,
    /// Number of approvals needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<u32>,
    /// Number of approvers asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
    /// Whom approvers must not be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub separation: Vec<Separation>,
    /// Who may decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<DecidedBy>,
    /// How long the gate may stay open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Text<'a>>,
    /// What happens then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_expiry: Option<GateExpiry>,
    /// What was expected, where the gate stands in the way.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub expected: Text<'a>,
    /// What was found, where the gate stands in the way.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub found: String,
}

/// A waiver that does not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaiverRefused {
    /// Waiver id.
    pub waiver: String,
    /// Clause it names.
    pub clause: String,
    /// Why it does not count.
    pub reason: WaiverRefusal,
}

/// Why a waiver does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverRefusal {
    /// The contract has no such clause.
    UnknownClause,
    /// It says no reason.
    ReasonMissing,
    /// It has expired.
    Expired,
    /// Its approver is its owner.
    ApproverIsOwner,
    /// Its approver is the sender, or the one the sender acts for.
    ApproverIsSender,
    /// The name of its approver looks like that of its owner or of the sender.
    ApproverLookAlike,
    /// The package does not say who sends, so nobody can tell that its approver is somebody else.
    SenderUnnamed,
    /// More clauses would be waived than the contract allows, so none is.
    OverBudget,
}

/// A rule that keeps the posture from being `ready`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause<'a> {
    /// The rule.
    pub rule: Rule,
    /// Dimension or gate concerned, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Text<'a>>,
    /// The number found, when the rule compares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<BasisPoints>,
    /// The contract's limit, when the rule compares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<BasisPoints>,
}

/// The rules of the posture, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Risk at or above `critical_risk`: critical.
    RiskAtCritical,
    /// Score below `review_min`: critical.
    ScoreBelowReviewMin,
    /// Risk at or above `review_risk`: review.
    RiskAtReview,
    /// Score below `ready_min`: review.
    ScoreBelowReadyMin,
    /// No clause applies: review.
    NothingChecked,
    /// No clause of a dimension applies: review.
    DimensionUnknown,
    /// A gate stands in the way: review.
    GateOpen,
}

impl Scorecard<'_> {
    /// Returns the canonical bytes (RFC 8785), the same on every machine and run.
    ///
    /// # Errors
    /// When a number is too large for I-JSON, which the limits of the inputs rule out.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical::of(self)
    }

    /// Returns the SHA-256 digest of the canonical bytes.
    ///
    /// # Errors
    /// As [`Self::to_bytes`].
    pub fn digest(&self) -> Result<Digest, CanonicalError> {
        self.to_bytes().map(|bytes| Digest::of(&bytes))
    }

    /// Returns the finding of a clause.
    pub fn finding(&self, clause: &str) -> Option<&Finding<'_>> {
        self.findings
            .iter()
            .find(|finding| finding.clause == clause)
    }
}

impl FindingState {
    /// Returns the word people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Waived => "waived",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// Returns whether a clause in this state counts into the score.
    pub const fn is_applicable(self) -> bool {
        matches!(
            self,
            Self::Passed | Self::Failed | Self::Unknown | Self::Waived
        )
    }

    /// Returns whether a clause in this state is not met and adds to the risk.
    pub const fn is_unmet(self) -> bool {
        matches!(self, Self::Failed | Self::Unknown)
    }
}

impl Posture {
    /// Returns the word people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Review => "review",
            Self::Critical => "critical",
        }
    }
}

impl GateState {
    /// Returns whether a gate in this state stands in the way.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Failed | Self::Open)
    }
}

impl Rule {
    /// Returns the word people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::RiskAtCritical => "risk-at-critical",
            Self::ScoreBelowReviewMin => "score-below-review-min",
            Self::RiskAtReview => "risk-at-review",
            Self::ScoreBelowReadyMin => "score-below-ready-min",
            Self::NothingChecked => "nothing-checked",
            Self::DimensionUnknown => "dimension-unknown",
            Self::GateOpen => "gate-open",
        }
    }

    /// Returns the posture this rule leads to, at best.
    pub const fn posture(self) -> Posture {
        match self {
            Self::RiskAtCritical | Self::ScoreBelowReviewMin => Posture::Critical,
            _ => Posture::Review,
        }
    }
}
