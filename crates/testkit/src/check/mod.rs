//! The promises of handoffs, checked on what is left of a run: the lines of the streams, what was acknowledged and what
//! arrived. Nothing here uses the code it checks: events are read as JSON, states are counted anew, quorums are matched anew.
//!
//! | | promise | looked for |
//! |---|---|---|
//! | I1 | nothing acknowledged is lost | [`Broken::Lost`] |
//! | I2 | at most one acceptance per handoff, and per place of a slot | [`Broken::AcceptedTwice`], [`Broken::PlaceTakenTwice`] |
//! | I3, I9 | no acceptance without quorum, separation and blockers on that exact package | [`Broken::Accepted`] |
//! | I4 | who has to know is told exactly once, and hears it | [`Broken::Told`], [`Broken::Unheard`] |
//! | I5 | no timer early, each fires once, none far too late | [`Broken::Timer`] |
//! | I6 | a record replays | [`Broken::Record`] |
//! | I8 | a rollback lands on what was accepted | [`Broken::Landing`] |
//! | I10 | nothing stands still past its time | [`Broken::Stuck`] |
//!
//! I7, the trace, is for whoever holds the store: `engine::register::inspect`.

mod acceptance;
mod life;
mod quorum;
mod read;
mod remains;

pub use remains::{Acknowledged, Broken, Counted, Remains, Rules, check};

#[cfg(test)]
mod tests;
