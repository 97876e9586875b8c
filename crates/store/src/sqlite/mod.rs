//! The store in one SQLite file: a writer thread that commits in groups, and readers beside it.

mod append;
mod backup;
mod error;
mod jobs;
mod open;
mod read;
mod register;
mod store;
mod writer;

pub use backup::BackupError;
pub use store::SqliteStore;
