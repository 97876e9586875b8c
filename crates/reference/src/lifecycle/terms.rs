//! What surrounds a handoff: contract, accounts, packages, checks and what may be asked.

use std::collections::{BTreeMap, BTreeSet};

/// What kind of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A person.
    Person,
    /// An agent.
    Agent,
    /// Baton.
    Engine,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Whom it acts for.
    pub behind: Vec<String>,
    /// Its team.
    pub team: String,
    /// Its roles.
    pub roles: BTreeSet<String>,
    /// What its credential is good for.
    pub scopes: BTreeSet<String>,
}

impl Account {
    /// Everyone who stands behind what it does.
    pub fn people(&self) -> Vec<String> {
        let mut people = vec![self.name.to_lowercase()];
        people.extend(self.behind.iter().map(|name| name.to_lowercase()));
        people
    }

    /// Whether somebody stands behind both.
    pub fn shares_with(&self, other: &Self) -> bool {
        self.people().iter().any(|one| other.people().contains(one))
    }
}

/// One side.
#[derive(Debug, Clone)]
pub struct Party {
    /// Its role.
    pub role: String,
    /// Its teams.
    pub teams: BTreeSet<String>,
    /// Kinds that may act for it.
    pub kinds: Vec<Kind>,
}

/// An approval gate.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Its id.
    pub id: String,
    /// Roles that may decide.
    pub roles: BTreeSet<String>,
    /// Approvals needed.
    pub quorum: usize,
    /// Approvers asked.
    pub of: usize,
    /// Whether the sender's team is kept out.
    pub not_sender_team: bool,
    /// Whether it is reserved for people.
    pub people_only: bool,
    /// Milliseconds it stays open.
    pub expires: Option<i64>,
    /// `reject` or `escalate`.
    pub on_expiry: &'static str,
    /// Places approvals rest on.
    pub places: BTreeSet<String>,
}

/// A deadline.
#[derive(Debug, Clone)]
pub struct Deadline {
    /// Milliseconds.
    pub within: i64,
    /// `sender` or `receiver`.
    pub clock: &'static str,
    /// `reject`, `escalate` or `roll-back`.
    pub on_expiry: &'static str,
}

/// The pinned contract.
#[derive(Debug, Clone)]
pub struct Contract {
    /// Team that answers for it.
    pub owner: String,
    /// The sender's side.
    pub from: Party,
    /// The receiver's side.
    pub to: Party,
    /// Its gates.
    pub gates: Vec<Gate>,
    /// Its deadlines by name: `acknowledge`, `verdict`, `complete`.
    pub deadlines: BTreeMap<&'static str, Deadline>,
    /// Rungs: milliseconds and role.
    pub ladder: Vec<(i64, String)>,
    /// Attempts in all.
    pub attempts: u32,
    /// Milliseconds before the second attempt, doubled from then on.
    pub base_delay: i64,
    /// What rolls back: `critical-posture`, `repeated-failures`.
    pub rolls_back_on: BTreeSet<&'static str>,
    /// Failures that count as repeated.
    pub failures: Option<u32>,
    /// Waivers in force at most.
    pub waivers: usize,
    /// Submissions at most.
    pub submissions: u64,
    /// Its clauses.
    pub clauses: BTreeSet<String>,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its digest.
    pub digest: String,
    /// Role its sender claims.
    pub role: String,
    /// Team its sender claims.
    pub team: String,
    /// Kind its sender claims.
    pub kind: Kind,
    /// What stands at each place.
    pub places: BTreeMap<String, String>,
}

/// One clause's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The clause.
    pub clause: String,
    /// Whether it is a blocker.
    pub blocks: bool,
    /// Its state's word.
    pub state: String,
}

impl Finding {
    /// Failed or unknown.
    pub fn is_unmet(&self) -> bool {
        self.state == "failed" || self.state == "unknown"
    }
}

/// A check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The package checked.
    pub package: String,
    /// When.
    pub as_of: i64,
    /// Its posture's word.
    pub posture: String,
    /// Whether no clause applied.
    pub nothing: bool,
    /// Results of clauses.
    pub findings: Vec<Finding>,
    /// Approval gates, with whether each needs a decision.
    pub gates: Vec<(String, bool)>,
}

impl Check {
    /// Unmet blockers.
    pub fn unmet(&self) -> Vec<String> {
        let unmet = self
            .findings
            .iter()
            .filter(|one| one.blocks && one.is_unmet());
        unmet.map(|one| one.clause.clone()).collect()
    }

    /// Gates that need a decision.
    pub fn open_gates(&self) -> Vec<String> {
        let open = self.gates.iter().filter(|(_, is_open)| *is_open);
        open.map(|(gate, _)| gate.clone()).collect()
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It went well.
    Done,
    /// It may go well another time.
    Transient,
    /// It never will.
    Lasting,
}

/// What is asked.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "each is the command of the same name in the specification"
)]
pub enum Ask {
    Open,
    Submit {
        package: Option<Package>,
    },
    Check {
        check: Option<Check>,
    },
    Approve {
        gates: Vec<String>,
    },
    Reject {
        gate: String,
    },
    Offer {
        team: String,
    },
    Acknowledge,
    Accept,
    NeedInput {
        unmet: Vec<String>,
    },
    Decline,
    Complete,
    Withdraw,
    Reassign {
        team: String,
    },
    Waive {
        clause: String,
        owner: String,
        expires: i64,
    },
    RollBack,
    Escalate,
    Resume,
    Quarantine {
        differs: bool,
    },
    Release,
    Fire {
        timer: Option<String>,
    },
    Report {
        step: &'static str,
        outcome: Outcome,
        compensation: bool,
    },
    Compensate {
        effect: Option<usize>,
        outcome: Outcome,
    },
    Retry {
        effect: Option<usize>,
    },
    Leave {
        effect: Option<usize>,
    },
}

impl Ask {
    /// Its word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Submit { .. } => "submit",
            Self::Check { .. } => "check",
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            Self::Offer { .. } => "offer",
            Self::Acknowledge => "acknowledge",
            Self::Accept => "accept",
            Self::NeedInput { .. } => "needs-input",
            Self::Decline => "decline",
            Self::Complete => "complete",
            Self::Withdraw => "withdraw",
            Self::Reassign { .. } => "reassign",
            Self::Waive { .. } => "waive",
            Self::RollBack => "rollback",
            Self::Escalate => "escalate",
            Self::Resume => "resume",
            Self::Quarantine { .. } => "quarantine",
            Self::Release => "release",
            Self::Fire { .. } => "fire",
            Self::Report { .. } => "report",
            Self::Compensate { .. } => "compensate",
            Self::Retry { .. } => "retry",
            Self::Leave { .. } => "leave",
        }
    }
}

/// One request with what is known around it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub by: Account,
    /// When.
    pub now: i64,
    /// Its key.
    pub key: String,
    /// All of what it asks, as text, to tell requests apart.
    pub body: String,
    /// Whether it was made for the current revision.
    pub is_current: bool,
    /// What it asks.
    pub ask: Ask,
    /// The package it names, where it names one.
    pub package: Option<String>,
    /// The reason it gives, where one is due.
    pub reason: Option<String>,
    /// The place of the baseline that stands.
    pub baseline: Option<u64>,
    /// The highest place ever taken.
    pub places_taken: u64,
}
