//! One thing to mend, printed as `path:line: what: expected …, found …`.

use std::fmt;

/// One thing to mend and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// Path from the repository root.
    pub(crate) path: String,
    /// Line, counted from 1.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) what: String,
    /// What should be there.
    pub(crate) expected: String,
    /// What is there.
    pub(crate) found: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            what,
            expected,
            found,
        } = self;
        write!(
            f,
            "{path}:{line}: {what}: expected {expected}, found {found}"
        )
    }
}

/// A place in the tree, from which a problem is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    /// Path from the repository root.
    pub(crate) path: &'a str,
    /// Line, counted from 1.
    pub(crate) line: usize,
}

impl At<'_> {
    /// Returns the problem at this place.
    pub(crate) fn problem(
        self,
        what: &str,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Problem {
        Problem {
            path: self.path.to_owned(),
            line: self.line,
            what: what.to_owned(),
            expected: expected.into(),
            found: found.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_place_what_expected_and_found() {
        let problem = At {
            path: "a.rs",
            line: 3,
        }
        .problem("file too long", "600 lines", "601");
        assert_eq!(
            problem.to_string(),
            "a.rs:3: file too long: expected 600 lines, found 601"
        );
    }
}
