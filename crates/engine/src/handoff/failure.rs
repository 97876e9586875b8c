//! Why a use case did nothing.

use baton_evidence::trace::EntryError;
use baton_mission::handoff::{Misfit, Refusal};
use baton_terms::{Code, Diagnostic, Digest, Instant};

use crate::port::{self, StoreError};
use crate::rollout::Fault;

/// Codes of use cases.
pub mod codes {
    use baton_terms::Code;

    /// No handoff of that name.
    pub const NO_SUCH_HANDOFF: Code = Code::new(1330);
    /// Others were always faster.
    pub const CONTENDED: Code = Code::new(1331);
    /// It cannot be written down.
    pub const UNRECORDABLE: Code = Code::new(1332);
    /// The store failed, or holds what does not fit.
    pub const STORE_FAILED: Code = Code::new(1333);
    /// A document that the record names is not there.
    pub const DOCUMENT_MISSING: Code = Code::new(1334);
    /// A file that the package does not name.
    pub const UNDECLARED_FILE: Code = Code::new(1335);
    /// Nobody may receive now.
    pub const NOBODY_RECEIVES: Code = Code::new(1336);
    /// The work was taken over.
    pub const TAKEN_OVER: Code = Code::new(1337);
}

/// Why a use case did nothing.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The lifecycle refused.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// The contract cannot be used.
    #[error("read the contract: {} problems", .0.len())]
    Contract(Vec<Diagnostic>),
    /// The package cannot be used.
    #[error("read the package: {} problems", .0.len())]
    Package(Vec<Diagnostic>),
    /// There is no such handoff.
    #[error("find the handoff `{handoff}`")]
    NoSuchHandoff {
        /// Its name.
        handoff: String,
    },
    /// Others were faster, again and again.
    #[error("act on `{handoff}`: somebody else was faster {tries} times")]
    Contended {
        /// The handoff.
        handoff: String,
        /// How often it was tried.
        tries: u32,
    },
    /// It has no form that could be written down.
    #[error("write it down: {why}")]
    Unrecordable {
        /// Why not.
        why: String,
    },
    /// A document that the record names is not in the store.
    #[error("read the {what} `{digest}`: the store does not hold it")]
    DocumentMissing {
        /// What it is.
        what: &'static str,
        /// Its digest.
        digest: Digest,
    },
    /// Nobody may receive it now.
    #[error("offer it: {why}")]
    NobodyReceives {
        /// Every candidate with its reasons.
        why: String,
        /// Whether waiting helps.
        helps: Waits,
    },
    /// A rollout stands in the way.
    #[error(transparent)]
    Rollout(Box<Fault>),
    /// The store refused or failed.
    #[error(transparent)]
    Store(StoreError),
}

/// Whether waiting helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// It does, until this instant where one is known.
    Until(Option<Instant>),
    /// It does not.
    InVain,
}

impl Failure {
    /// Returns the failure as a diagnostic; of several problems the first.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let (code, hint): (Code, &str) = match self {
            Self::Refused(refusal) => return refusal.to_diagnostic(),
            Self::Rollout(fault) => return fault.to_diagnostic(),
            Self::Contract(problems) | Self::Package(problems) if !problems.is_empty() => {
                return problems
                    .first()
                    .cloned()
                    .unwrap_or_else(|| unreadable(self));
            }
            Self::Contract(_) | Self::Package(_) => return unreadable(self),
            Self::NoSuchHandoff { .. } => (
                codes::NO_SUCH_HANDOFF,
                "list what there is: `baton handoff list`",
            ),
            Self::Contended { .. } => (codes::CONTENDED, "ask again with the same key"),
            Self::Unrecordable { .. } => (codes::UNRECORDABLE, "use plain names, and less text"),
            Self::DocumentMissing { .. } => (
                codes::DOCUMENT_MISSING,
                "restore the store from a whole backup: `baton doctor` names what is missing",
            ),
            Self::NobodyReceives { .. } => (
                codes::NOBODY_RECEIVES,
                "wait, or add a team or a fallback to the contract",
            ),
            Self::Store(error) => match error {
                StoreError::Refused(port::Refusal::Fenced { .. }) => {
                    (codes::TAKEN_OVER, "nothing: another node does the work")
                }
                error if error.is_transient() => (
                    codes::STORE_FAILED,
                    "ask again with the same key: what was kept is not done twice",
                ),
                _ => (codes::STORE_FAILED, "run `baton doctor` on the store"),
            },
        };
        Diagnostic::error(code, format!("failed to {self}")).hint(hint)
    }

    /// Returns whether asking again, unchanged, may succeed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Contended { .. } => true,
            _ => false,
        }
    }

    /// Returns whether another node holds the work.
    pub fn is_fenced(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Refused(port::Refusal::Fenced { .. }))
        )
    }
}

fn unreadable(failure: &Failure) -> Diagnostic {
    Diagnostic::error(codes::UNRECORDABLE, format!("failed to {failure}"))
        .hint("run `baton lint` on the contract and `baton check` on the package")
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<port::Refusal> for Failure {
    fn from(refusal: port::Refusal) -> Self {
        Self::Store(refusal.into())
    }
}

impl From<EntryError> for Failure {
    fn from(error: EntryError) -> Self {
        Self::Unrecordable {
            why: error.to_string(),
        }
    }
}

impl From<Misfit> for Failure {
    fn from(misfit: Misfit) -> Self {
        Self::Store(StoreError::Damaged {
            why: misfit.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::{JobId, StreamId};

    #[test]
    fn a_store_that_fails_is_told_by_what_helps() {
        let unavailable = StoreError::Unavailable {
            why: "it is locked".to_owned(),
        };
        let damaged = StoreError::Damaged {
            why: "a line is missing".to_owned(),
        };
        let fenced = port::Refusal::Fenced {
            stream: StreamId::new("handoff/h-1").unwrap(),
            job: JobId::new("timer-1").unwrap(),
            fence: 2,
        };
        let missing = Failure::DocumentMissing {
            what: "package",
            digest: Digest::of(b"package"),
        };
        let cases: [(Failure, (&str, &str), bool); 4] = [
            (unavailable.into(), ("E1333", "ask again"), true),
            (damaged.into(), ("E1333", "baton doctor"), false),
            (fenced.into(), ("E1337", "another node"), false),
            (missing, ("E1334", "restore the store"), false),
        ];
        for (failure, (code, hint), is_transient) in cases {
            let told = failure.to_diagnostic();
            assert_eq!(told.code.to_string(), code, "{failure}");
            assert!(told.hint.contains(hint), "{failure}: {}", told.hint);
            assert_eq!(failure.is_transient(), is_transient, "{failure}");
            assert_eq!(failure.is_fenced(), code == "E1337", "{failure}");
        }
    }
}
