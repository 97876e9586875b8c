//! A courier that loses, doubles and refuses messages as a seed says, and remembers what arrived.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use baton_engine::port::{Courier, Delivered, Message, MessageKind};

use crate::seed::Seed;

/// How likely each failure is, in a thousand attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roads {
    /// The message does not arrive, and that is seen.
    pub lost: u64,
    /// The message arrives, and its arrival is not seen.
    pub unseen: u64,
    /// A delivery is refused for good; news is not.
    pub refused: u64,
}

/// A courier over bad roads.
#[derive(Debug)]
pub struct FaultyCourier {
    seed: Seed,
    roads: Roads,
    log: Mutex<Log>,
}

/// What became of messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    /// How often each message arrived, by id, with what it said first.
    pub arrived: BTreeMap<String, (u64, Vec<u8>)>,
    /// How many attempts failed.
    pub failed: u64,
}

impl FaultyCourier {
    /// Returns a courier whose failures follow a seed.
    pub fn new(seed: Seed, roads: Roads) -> Self {
        Self {
            seed,
            roads,
            log: Mutex::default(),
        }
    }

    /// Returns what became of messages so far.
    pub fn log(&self) -> Log {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Log {
    fn arrive(&mut self, message: &Message) {
        let (count, _) = self
            .arrived
            .entry(message.id.clone())
            .or_insert_with(|| (0, message.body.clone()));
        *count = count.saturating_add(1);
    }
}

impl Courier for FaultyCourier {
    fn deliver(&self, message: &Message) -> Delivered {
        let drawn = self.seed.below(1_000);
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let Roads {
            lost,
            unseen,
            refused,
        } = self.roads;
        if drawn < lost {
            log.failed = log.failed.saturating_add(1);
            return Delivered::Transient {
                why: "lost on the way".to_owned(),
            };
        }
        if drawn < lost.saturating_add(unseen) {
            log.arrive(message);
            log.failed = log.failed.saturating_add(1);
            return Delivered::Transient {
                why: "no answer".to_owned(),
            };
        }
        let is_refused = drawn < lost.saturating_add(unseen).saturating_add(refused);
        if is_refused && message.kind == MessageKind::Delivery {
            log.failed = log.failed.saturating_add(1);
            return Delivered::Lasting {
                why: "refused".to_owned(),
            };
        }
        log.arrive(message);
        Delivered::Done
    }
}
