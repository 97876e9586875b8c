//! A failed operation as its user sees it.

use std::path::Path;

use baton_terms::{Code, Diagnostic};

/// A file can't be read.
pub(crate) const UNREADABLE: Code = Code::new(901);
/// A file is larger than its limit.
pub(crate) const TOO_LARGE: Code = Code::new(902);
/// A file can't be written.
pub(crate) const UNWRITABLE: Code = Code::new(903);
/// A file is not UTF-8 text.
pub(crate) const NOT_TEXT: Code = Code::new(904);
/// A file that would be overwritten.
pub(crate) const EXISTS: Code = Code::new(905);
/// A word `baton help` does not know.
pub(crate) const UNKNOWN_TOPIC: Code = Code::new(906);
/// An argument that can't be understood.
pub(crate) const BAD_ARGUMENT: Code = Code::new(907);
/// A path that leads outside the folder it belongs to.
pub(crate) const OUTSIDE: Code = Code::new(908);

/// The history of a repository can't be read.
pub(crate) const NO_HISTORY: Code = Code::new(916);
/// Nobody says who acts.
pub(crate) const NO_TOKEN: Code = Code::new(917);
/// Settings that can't be used.
pub(crate) const BAD_SETTINGS: Code = Code::new(918);
/// There is no store where one was named.
pub(crate) const NO_STORE: Code = Code::new(919);
/// A store can't be opened, read or written.
pub(crate) const STORE_FAILED: Code = Code::new(920);
/// A step of a tour did not end well.
pub(crate) const TOUR_STEP: Code = Code::new(951);
/// A file that should hold a scorecard and does not.
pub(crate) const NOT_A_SCORECARD: Code = Code::new(909);

/// It is not clear which cases of a log failed.
pub(crate) const NO_OUTCOME: Code = Code::new(1180);
/// A file that no recorded mining run or comparison read.
pub(crate) const NOT_READ_BY_ANY: Code = Code::new(1181);

/// A handoff without a verdict.
pub(crate) const NO_VERDICT: Code = Code::new(941);
/// A mission that no node will look at.
pub(crate) const NOT_QUEUED: Code = Code::new(1360);
/// A mission that could not go on.
pub(crate) const MISSION_FAILED: Code = Code::new(1359);

/// A failed operation: code, what was expected, what was found and a hint.
#[derive(Debug, Clone)]
pub(crate) struct Failure(pub(crate) Box<Diagnostic>);

impl Failure {
    /// Returns a failure with its code and a fragment that completes "failed to …".
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Diagnostic::error(code, message)))
    }

    /// Returns the failure to use a document that has problems: the first one, and how many more.
    pub(crate) fn of_document(path: &Path, problems: &[Diagnostic]) -> Self {
        let Some(first) = problems.first() else {
            return Self::new(UNREADABLE, format!("use `{}`", path.display()));
        };
        let place = match first.place.pointer.as_str() {
            "" => String::new(),
            pointer => format!(" at {pointer}"),
        };
        let more = match problems.len() {
            1 => String::new(),
            count => format!(" (and {} more problems)", count - 1),
        };
        let message = format!("use `{}`: {}{place}{more}", path.display(), first.message);
        Self(Box::new(Diagnostic {
            message,
            ..first.clone()
        }))
    }

    pub(crate) fn expected(self, expected: impl Into<String>) -> Self {
        Self(Box::new(self.0.expected(expected)))
    }

    pub(crate) fn found(self, found: impl Into<String>) -> Self {
        Self(Box::new(self.0.found(found)))
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self(Box::new(self.0.hint(hint)))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "failed to {}", self.0.message)
    }
}

impl std::error::Error for Failure {}
