//! One difference between two versions, and how it touches the parties.

use serde::Serialize;
use serde_json::Value;

use super::Step;

/// One difference between two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// JSON Pointer in normal form; list entries are named by their id.
    pub pointer: String,
    /// Whom it touches, and how.
    pub class: Class,
    /// Version step it takes.
    pub step: Step,
    /// What happened, as a lower-case fragment.
    pub what: String,
    /// Value before; nothing when it was absent.
    pub before: Option<Value>,
    /// Value after; nothing when it is absent.
    pub after: Option<Value>,
}

/// How a change touches the parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Senders must provide more, or may fail what they passed before.
    StricterForSender,
    /// Receivers must do more, or sooner.
    StricterForReceiver,
    /// Less is asked or promised than before.
    Looser,
    /// Nobody has to do anything differently.
    Compatible,
    /// Only words for readers changed.
    Cosmetic,
}

impl Class {
    /// Every class, the strictest first.
    pub const ALL: [Self; 5] = [
        Self::StricterForSender,
        Self::StricterForReceiver,
        Self::Looser,
        Self::Compatible,
        Self::Cosmetic,
    ];

    /// Returns the class in words.
    pub fn word(self) -> &'static str {
        match self {
            Self::StricterForSender => "stricter for sender",
            Self::StricterForReceiver => "stricter for receiver",
            Self::Looser => "looser",
            Self::Compatible => "compatible",
            Self::Cosmetic => "cosmetic",
        }
    }
}
