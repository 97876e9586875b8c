//! The store behind the engine's ports: SQLite in the same process, or PostgreSQL shared by several nodes.
//!
//! Both keep one schema: streams of trace entries, requests, blobs, jobs and the register. A transition is one
//! transaction. SQLite has one writer, which commits what has queued up as one group; PostgreSQL gets one statement per
//! transition, a call of a function that checks and writes on the server.
//!
//! Invariants:
//! - nothing is answered before the commit that holds it is on disk (`synchronous = FULL`, `synchronous_commit = on`);
//! - no decision is taken here: a transition is kept as it is or refused;
//! - no clock: instants arrive as arguments;
//! - no store of a newer schema is written or read.

mod bell;
mod frontier;
mod micros;
mod postgres;
mod sqlite;
mod steps;

pub use postgres::PostgresStore;
pub use sqlite::{BackupError, SqliteStore};
pub use steps::{Dialect, Step, known_steps};
