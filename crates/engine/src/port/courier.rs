//! The courier: takes one message out of the store to whoever it is for.
//!
//! A message is delivered at least once: a node that dies after the receiver answered and before the job was settled
//! delivers it again under the same id, and receivers tell repetitions by it. How a receiver is reached (a command, an
//! HTTP address, a folder) is known to the adapters behind this trait and to nobody else.

use std::collections::BTreeSet;

use baton_terms::Id;

/// Bytes of the longest message.
pub const MESSAGE_BYTES_MAX: usize = 1 << 20;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageKind {
    /// A package that is offered to its receiver.
    Delivery,
    /// News for those who follow a handoff or mission.
    Notification,
    /// Follow-ups that were queued, for whoever keeps tasks.
    FollowUp,
}

impl MessageKind {
    /// Returns the word under which receivers are told the kind.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Notification => "notification",
            Self::FollowUp => "follow-up",
        }
    }
}

/// One message on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same for every delivery of it: receivers tell repetitions by it.
    pub id: String,
    /// What it is.
    pub kind: MessageKind,
    /// Teams and roles it is for; at least one.
    pub to: BTreeSet<Id>,
    /// What it says: one JSON document, [`MESSAGE_BYTES_MAX`] bytes at most.
    pub body: Vec<u8>,
}

/// How one attempt to deliver ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// Everybody it is for has it; who has no address of their own finds it on the board.
    Done,
    /// It failed in a way that may pass.
    Transient {
        /// What was seen; holds no secret and nothing the receiver wrote beyond a bounded line.
        why: String,
    },
    /// It failed in a way that will not pass.
    Lasting {
        /// What was seen, as above.
        why: String,
    },
}

/// Takes messages out of the store.
pub trait Courier: Send + Sync {
    /// Attempts one delivery, within the time limits of its receivers.
    fn deliver(&self, message: &Message) -> Delivered;
}
