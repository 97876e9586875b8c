//! Exit codes: documented, stable, and the same for every command.

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done; for checks: ready.
    Ok,
    /// The operation failed.
    Failed,
    /// The command line can't be understood.
    Usage,
    /// A check says `review`.
    Review,
    /// A check says `critical`, or what was given is refused.
    Refused,
}

impl Exit {
    /// Returns the code the process ends with; `docs/reference/exit-codes.md` explains them.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Review => 10,
            Self::Refused => 20,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
