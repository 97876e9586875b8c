//! Why a command was not carried out. A refusal changes nothing; each has a code with a page.

use baton_terms::{Code, Diagnostic, Digest, Id, Instant};

use super::state::StateName;
use super::wire::AskName;
use crate::clock::ClockError;
use crate::names::{HandoffId, Key, Revision};

/// Codes of handoffs.
pub(crate) mod codes {
    use baton_terms::Code;

    pub(crate) const ILLEGAL_TRANSITION: Code = Code::new(1301);
    pub(crate) const STALE_REVISION: Code = Code::new(1302);
    pub(crate) const KEY_CONFLICT: Code = Code::new(1303);
    pub(crate) const FORBIDDEN: Code = Code::new(1304);
    pub(crate) const OWN_WORK: Code = Code::new(1305);
    pub(crate) const RESERVED_FOR_PEOPLE: Code = Code::new(1306);
    pub(crate) const DELEGATION: Code = Code::new(1307);
    pub(crate) const OTHER_PACKAGE: Code = Code::new(1308);
    pub(crate) const OTHER_TERMS: Code = Code::new(1309);
    pub(crate) const UNFIT_FACT: Code = Code::new(1310);
    pub(crate) const NOT_CLEARED: Code = Code::new(1311);
    pub(crate) const NOT_DUE: Code = Code::new(1312);
    pub(crate) const NOTHING_TO_RETURN_TO: Code = Code::new(1313);
    pub(crate) const WAIVER_REFUSED: Code = Code::new(1314);
    pub(crate) const OUT_OF_BOUNDS: Code = Code::new(1315);
    pub(crate) const TIME_NOT_COUNTABLE: Code = Code::new(1316);
    pub(crate) const ALREADY_DECIDED: Code = Code::new(1317);
    pub(crate) const GATE_CLOSED: Code = Code::new(1318);
    pub(crate) const OTHER_SENDER: Code = Code::new(1319);
    pub(crate) const UNUSABLE_CONTRACT: Code = Code::new(1320);
    pub(crate) const MISFIT: Code = Code::new(1321);
}

/// Why an actor may not do what it asks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Forbidden {
    /// The credential is not good for it.
    #[error("the credential lacks the scope `{needed}`")]
    Scope {
        /// Scope needed.
        needed: &'static str,
    },
    /// None of the actor's roles lets it.
    #[error("it takes the role {needed}")]
    Role {
        /// Roles that let one.
        needed: String,
    },
    /// The actor is of another team.
    #[error("it takes somebody of the team {needed}")]
    Team {
        /// Teams that may.
        needed: String,
    },
    /// The contract wants another kind of account.
    #[error("the contract wants {needed} to act")]
    Kind {
        /// Kind wanted.
        needed: &'static str,
    },
    /// The actor, or somebody it acts for, sent the work or is of the sender's team.
    #[error("it is the sender's own work, or that of the sender's team")]
    OwnWork,
    /// An agent asks for what is reserved for people.
    #[error("it is reserved for people")]
    ReservedForPeople,
    /// An agent acts for nobody.
    #[error("an agent acts on behalf of a named principal, and this one names none")]
    NobodyBehind,
    /// A delegation comes back to where it was.
    #[error("the delegation comes back to `{principal}`")]
    Loop {
        /// Who appears twice.
        principal: String,
    },
    /// A delegation is too long.
    #[error("the delegation has {length} principals, of at most {max}")]
    TooDeep {
        /// Its length.
        length: usize,
        /// The limit.
        max: usize,
    },
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The state does not know the command.
    #[error("{ask} a handoff that is {state}")]
    IllegalTransition {
        /// The state.
        state: StateName,
        /// What was asked.
        ask: AskName,
    },
    /// The handoff has moved on.
    #[error("act on revision {expected} of a handoff that is at {found}")]
    StaleRevision {
        /// Revision the command was made for.
        expected: Revision,
        /// Revision of the handoff.
        found: Revision,
    },
    /// The key names another request.
    #[error("use the key `{key}` for a second request")]
    KeyConflict {
        /// The key.
        key: Key,
        /// Digest of the request it named first.
        first: Digest,
        /// Digest of this one.
        now: Digest,
    },
    /// The actor may not.
    #[error("{ask}: {why}")]
    Forbidden {
        /// What was asked.
        ask: AskName,
        /// Why not.
        why: Forbidden,
    },
    /// The command is for another handoff.
    #[error("act on handoff `{found}` with a command for `{asked}`")]
    OtherHandoff {
        /// Handoff the command names.
        asked: HandoffId,
        /// The handoff.
        found: HandoffId,
    },
    /// The command is about another package than the current one.
    #[error("decide on package `{asked}`: the handoff holds `{current}`")]
    OtherPackage {
        /// Package the command names.
        asked: Digest,
        /// Package of the handoff.
        current: Digest,
    },
    /// The contract or the rules are not those the handoff is pinned to.
    #[error("go on under {what} `{found}`: the handoff is pinned to `{pinned}`")]
    OtherTerms {
        /// What differs.
        what: &'static str,
        /// What it is pinned to.
        pinned: String,
        /// What was given.
        found: String,
    },
    /// A fact the command rests on is missing or about something else.
    #[error("rest on the {fact}: {why}")]
    UnfitFact {
        /// The fact.
        fact: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Something stands in the way of going on.
    #[error("let the package go on: {}", .standing.join("; "))]
    NotCleared {
        /// What stands in the way.
        standing: Vec<String>,
    },
    /// The timer is not due, or not set.
    #[error("fire timer {number}: {}", .due.map_or_else(|| "it is not set".to_owned(), |due| format!("it is due at {due}")))]
    NotDue {
        /// The timer.
        number: Revision,
        /// When it is due, when it is set.
        due: Option<Instant>,
    },
    /// There is no baseline to return to.
    #[error("roll back: {why}")]
    NothingToReturnTo {
        /// Why not.
        why: &'static str,
    },
    /// The waiver does not count.
    #[error("waive clause `{clause}`: {why}")]
    WaiverRefused {
        /// The clause.
        clause: Id,
        /// Why not.
        why: String,
    },
    /// Something is too long, too many or empty.
    #[error("take {what}: expected {expected}, found {found}")]
    OutOfBounds {
        /// What.
        what: &'static str,
        /// What is allowed.
        expected: String,
        /// What was found.
        found: usize,
    },
    /// A deadline cannot be computed; it is never guessed.
    #[error("set the deadlines: {0}")]
    TimeNotCountable(ClockError),
    /// The actor has decided on this package already.
    #[error("decide twice on one package")]
    AlreadyDecided,
    /// The gate is not open.
    #[error("decide gate `{gate}`: {why}")]
    GateClosed {
        /// The gate.
        gate: Id,
        /// Why not.
        why: &'static str,
    },
    /// The package names another sender than the credential.
    #[error("submit a package whose sender has the {field} `{named}`")]
    OtherSender {
        /// Field that differs.
        field: &'static str,
        /// What the package says.
        named: String,
    },
}

impl Refusal {
    /// Returns the code whose page explains it.
    pub fn code(&self) -> Code {
        match self {
            Self::IllegalTransition { .. } => codes::ILLEGAL_TRANSITION,
            Self::StaleRevision { .. } => codes::STALE_REVISION,
            Self::KeyConflict { .. } => codes::KEY_CONFLICT,
            Self::Forbidden { why, .. } => match why {
                Forbidden::OwnWork => codes::OWN_WORK,
                Forbidden::ReservedForPeople => codes::RESERVED_FOR_PEOPLE,
                Forbidden::NobodyBehind | Forbidden::Loop { .. } | Forbidden::TooDeep { .. } => {
                    codes::DELEGATION
                }
                _ => codes::FORBIDDEN,
            },
            Self::OtherPackage { .. } => codes::OTHER_PACKAGE,
            Self::OtherTerms { .. } => codes::OTHER_TERMS,
            Self::OtherHandoff { .. } | Self::UnfitFact { .. } => codes::UNFIT_FACT,
            Self::NotCleared { .. } => codes::NOT_CLEARED,
            Self::NotDue { .. } => codes::NOT_DUE,
            Self::NothingToReturnTo { .. } => codes::NOTHING_TO_RETURN_TO,
            Self::WaiverRefused { .. } => codes::WAIVER_REFUSED,
            Self::OutOfBounds { .. } => codes::OUT_OF_BOUNDS,
            Self::TimeNotCountable(_) => codes::TIME_NOT_COUNTABLE,
            Self::AlreadyDecided => codes::ALREADY_DECIDED,
            Self::GateClosed { .. } => codes::GATE_CLOSED,
            Self::OtherSender { .. } => codes::OTHER_SENDER,
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::IllegalTransition { .. } => "look at whose turn it is: `baton handoff show`",
            Self::StaleRevision { .. } => "look at the handoff again, then repeat the request",
            Self::KeyConflict { .. } => "use a new key for a new request",
            Self::Forbidden { .. } => "ask somebody whom the pinned contract names",
            Self::OtherHandoff { .. } => "address the handoff you mean",
            Self::OtherPackage { .. } => "look at the current package and decide on that one",
            Self::OtherTerms { .. } => "run it with the contract and program version it began with",
            Self::UnfitFact { .. } => "gather the fact again for this package and contract",
            Self::NotCleared { .. } => "settle what stands in the way, then offer again",
            Self::NotDue { .. } => "wait until it is due; a cleared timer needs nothing",
            Self::NothingToReturnTo { .. } => "escalate it, or withdraw it",
            Self::WaiverRefused { .. } => "meet the clause, or ask its owner for a larger budget",
            Self::OutOfBounds { .. } => "stay within the limit that the message names",
            Self::TimeNotCountable(_) => "complete the contract's calendars in a new version",
            Self::AlreadyDecided => "one person decides once per package; ask somebody else",
            Self::GateClosed { .. } => "decide the gates that are open, while they are",
            Self::OtherSender { .. } => "let the sender the package names submit it, or correct it",
        }
    }

    /// Returns it as a diagnostic.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let (expected, found) = match self {
            Self::StaleRevision { expected, found } => (expected.to_string(), found.to_string()),
            Self::KeyConflict { first, now, .. } => (first.to_string(), now.to_string()),
            Self::OtherPackage { asked, current } => (current.to_string(), asked.to_string()),
            Self::OtherTerms { pinned, found, .. } => (pinned.clone(), found.clone()),
            Self::OutOfBounds {
                expected, found, ..
            } => (expected.clone(), found.to_string()),
            _ => (String::new(), String::new()),
        };
        Diagnostic::error(self.code(), format!("failed to {self}"))
            .expected(expected)
            .found(found)
            .hint(self.hint())
    }
}
