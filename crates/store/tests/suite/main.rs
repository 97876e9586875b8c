//! One suite of the ports for every store: SQLite in a file, PostgreSQL started for the tests, and the store in memory that
//! says what the ports mean.

#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests fail by panicking, and say what they skip"
)]

mod cases;
mod crash;
mod faults;
mod nodes;
mod random;
mod register;
mod schema;
mod stores;
#[cfg(unix)]
mod tls;
