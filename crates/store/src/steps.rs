//! The numbered steps from an empty database to the schema: one statement each, safe to run twice.

use baton_terms::Digest;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 1 without gaps.
    pub number: u32,
    /// Its statement.
    pub sql: &'static str,
}

impl Step {
    /// Returns the digest that is kept with the step, to tell a changed step from the one that ran.
    pub fn digest(&self) -> Digest {
        Digest::of(self.sql.as_bytes())
    }
}

/// Which database a step is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgresql,
}

macro_rules! steps {
    ($folder:literal: $($number:literal $name:literal),* $(,)?) => {
        &[$(Step { number: $number, sql: include_str!(concat!("../migrations/", $folder, "/", $name, ".sql")) }),*]
    };
}

const SQLITE: &[Step] = steps!("sqlite":
    1 "0001_streams",
    2 "0002_streams_turn",
    3 "0003_streams_state",
    4 "0004_streams_grown",
    5 "0005_entries",
    6 "0006_entries_key",
    7 "0007_blobs",
    8 "0008_jobs",
    9 "0009_jobs_ready",
    10 "0010_register",
    11 "0011_standing",
    12 "0012_standing_row",
);

const POSTGRESQL: &[Step] = steps!("postgresql":
    1 "0001_streams",
    2 "0002_streams_turn",
    3 "0003_streams_state",
    4 "0004_streams_grown",
    5 "0005_entries",
    6 "0006_requests",
    7 "0007_blobs",
    8 "0008_jobs",
    9 "0009_jobs_ready",
    10 "0010_register",
    11 "0011_standing",
    12 "0012_standing_row",
    13 "0013_fences",
    14 "0014_append",
    15 "0015_append_group",
);

/// Returns the steps of a database, in order.
pub fn known_steps(dialect: Dialect) -> &'static [Step] {
    match dialect {
        Dialect::Sqlite => SQLITE,
        Dialect::Postgresql => POSTGRESQL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_without_gaps() {
        for dialect in [Dialect::Sqlite, Dialect::Postgresql] {
            for (at, step) in known_steps(dialect).iter().enumerate() {
                assert_eq!(usize::try_from(step.number).unwrap(), at + 1);
            }
        }
    }
}
