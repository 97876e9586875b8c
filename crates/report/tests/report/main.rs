//! Scorecards in every rendering: of shipped contracts, of every state there is, and of hostile text.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests read the files of the repository and stop at what is not as expected"
)]

mod escaping;
mod fixture;
mod others;
mod published;
mod reading;
