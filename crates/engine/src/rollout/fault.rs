//! Why a rollout was not started, moved or followed.

use baton_mission::handoff::Forbidden;
use baton_mission::rollout::Refusal;
use baton_terms::{Diagnostic, Digest, Id};

use crate::handoff::Failure;

/// Codes of rollouts, beside those of `baton_mission::rollout`.
pub mod codes {
    use baton_terms::Code;

    /// No rollout of that name.
    pub const NO_SUCH_ROLLOUT: Code = Code::new(1392);
    /// A contract version that the rollout does not let a handoff hold to.
    pub const OTHER_VERSION: Code = Code::new(1393);
    /// Another rollout of the contract counts.
    pub const OTHER_ROLLOUT: Code = Code::new(1394);
    /// The actor may not decide about it.
    pub const NOT_ENTITLED: Code = Code::new(1395);
    /// The rollout has moved on.
    pub const STALE_ROLLOUT: Code = Code::new(1396);
    /// The key names another request.
    pub const ROLLOUT_KEY_REUSED: Code = Code::new(1397);
    /// Something that a start needs is missing.
    pub const NOT_READY: Code = Code::new(1398);
}

/// Why a rollout was not started, moved or followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The rollout does not take the command where it stands.
    #[error(transparent)]
    Refused(Refusal),
    /// There is no such rollout.
    #[error("find the rollout `{rollout}`")]
    NoSuchRollout {
        /// Its name.
        rollout: Id,
    },
    /// A handoff was to hold to a version that is not at stake in the rollout under way.
    #[error(
        "hold a handoff to version {found} of `{contract}` while rollout `{rollout}` decides between two others"
    )]
    OtherVersion {
        /// The contract.
        contract: Id,
        /// The rollout.
        rollout: Id,
        /// The version given.
        found: Digest,
    },
    /// A handoff was to leave the version that its rollout gave it.
    #[error("submit under version {found}: rollout `{rollout}` holds the handoff to {given}")]
    Given {
        /// The rollout.
        rollout: Id,
        /// The version it gave.
        given: Digest,
        /// The version asked for.
        found: Digest,
    },
    /// Another rollout of the contract is under way, or came later.
    #[error(
        "decide about `{contract}` in rollout `{rollout}`: rollout `{other}` is the one that counts"
    )]
    OtherRollout {
        /// The contract.
        contract: Id,
        /// The rollout.
        rollout: Id,
        /// The one that counts.
        other: Id,
    },
    /// The actor may not decide about rollouts of this contract.
    #[error("decide about the rollout: {0}")]
    Forbidden(Forbidden),
    /// The rollout has moved on.
    #[error("act on revision {expected} of a rollout that is at {found}")]
    Stale {
        /// Revision the command was made for.
        expected: u64,
        /// Revision of the rollout.
        found: u64,
    },
    /// The key names another request.
    #[error("use the key `{key}` for a second request")]
    KeyReused {
        /// The key.
        key: String,
    },
    /// Something that a start needs is missing.
    #[error("start the rollout: {}", .missing.join("; "))]
    NotReady {
        /// Everything that is missing.
        missing: Vec<String>,
    },
}

impl Fault {
    /// Returns it as a diagnostic.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let (code, hint) = match self {
            Self::Refused(refusal) => (
                refusal.code(),
                "look where it stands: `baton rollout status`",
            ),
            Self::NoSuchRollout { .. } => (
                codes::NO_SUCH_ROLLOUT,
                "list what there is: `baton rollout list`",
            ),
            Self::OtherVersion { .. } => (
                codes::OTHER_VERSION,
                "use one of its two versions, or roll the rollout back and start one of this version",
            ),
            Self::Given { .. } => (
                codes::OTHER_VERSION,
                "leave the contract out: the handoff has its version",
            ),
            Self::OtherRollout { .. } => (
                codes::OTHER_ROLLOUT,
                "one rollout of a contract at a time: end that one first",
            ),
            Self::Forbidden(_) => (
                codes::NOT_ENTITLED,
                "ask a person of the owning team whose token has the scope `operate`",
            ),
            Self::Stale { .. } => (
                codes::STALE_ROLLOUT,
                "look at the rollout again, then repeat the request",
            ),
            Self::KeyReused { .. } => {
                (codes::ROLLOUT_KEY_REUSED, "use a new key for a new request")
            }
            Self::NotReady { .. } => (codes::NOT_READY, "settle all of it, then start again"),
        };
        Diagnostic::error(code, format!("failed to {self}")).hint(hint)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Rollout(Box::new(fault))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Fault::Refused(refusal).into()
    }
}
