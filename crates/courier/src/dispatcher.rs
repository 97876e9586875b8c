//! Which receivers a message is for.

use std::collections::BTreeSet;

use baton_engine::port::{Courier, Delivered, MESSAGE_BYTES_MAX, Message, MessageKind};
use baton_terms::Id;

use crate::{CommandReceiver, FolderReceiver, HttpReceiver};

/// How a receiver is reached.
#[derive(Debug)]
pub enum Receiver {
    /// By a command.
    Command(CommandReceiver),
    /// Over HTTP.
    Http(Box<HttpReceiver>),
    /// By files in a folder.
    Folder(FolderReceiver),
}

/// Who is reached how.
#[derive(Debug)]
pub struct Route {
    /// Teams and roles it is for.
    pub to: BTreeSet<Id>,
    /// Kinds of messages it takes.
    pub kinds: BTreeSet<MessageKind>,
    /// How they are reached.
    pub receiver: Receiver,
}

/// Hands each message to every receiver it is for. Whoever has no receiver finds the handoff on the board.
#[derive(Debug, Default)]
pub struct Dispatcher {
    routes: Vec<Route>,
}

impl Dispatcher {
    /// Returns a dispatcher with these routes.
    pub fn new(routes: Vec<Route>) -> Self {
        Self { routes }
    }
}

impl Courier for Dispatcher {
    fn deliver(&self, message: &Message) -> Delivered {
        if message.body.len() > MESSAGE_BYTES_MAX {
            return Delivered::Lasting {
                why: format!("the message is longer than {MESSAGE_BYTES_MAX} bytes"),
            };
        }
        let routes = self.routes.iter().filter(|route| {
            route.kinds.contains(&message.kind) && !route.to.is_disjoint(&message.to)
        });
        // Everybody gets an attempt; who was reached tells the repetition by its id.
        routes
            .map(|route| route.receiver.deliver(message))
            .reduce(worse)
            .unwrap_or(Delivered::Done)
    }
}

impl Receiver {
    fn deliver(&self, message: &Message) -> Delivered {
        match self {
            Self::Command(receiver) => receiver.deliver(message),
            Self::Http(receiver) => receiver.deliver(message),
            Self::Folder(receiver) => receiver.deliver(message),
        }
    }
}

/// A failure that may pass is worth another attempt for all; one that lasts counts when nothing else is open.
fn worse(left: Delivered, right: Delivered) -> Delivered {
    let rank = |delivered: &Delivered| match delivered {
        Delivered::Done => 0,
        Delivered::Lasting { .. } => 1,
        Delivered::Transient { .. } => 2,
    };
    if rank(&right) > rank(&left) {
        right
    } else {
        left
    }
}
