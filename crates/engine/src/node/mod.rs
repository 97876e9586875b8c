//! A node: claims what is due, does it under the claim, and settles it.
//!
//! Everything a node works on is in the store, so that a node that dies is followed by any other after its leases, and starting
//! again takes no other path than going on. Nodes share nothing but the store.

mod board;
mod hands;
mod messages;
mod news;
mod sweep;
mod timers;
mod turn;

pub use hands::{HANDS, Hands, Look, Next};
pub use messages::NOTICE_DELAY_MS_MAX;
pub(crate) use news::again_after_ms;
pub use timers::WAIT_MS;
pub(crate) use turn::later;
pub use turn::{LEASE_MS, Node, ROUNDS_MAX, Work, Worked, Worker};
