//! How messages leave Baton: to a command, to an HTTP address or into a folder.
//!
//! One [`Dispatcher`] stands behind the engine's courier port. It looks up which receivers a message is for and hands it to
//! each. Every HTTP request passes one [`egress`] guard, which decides by address and not by name.
//!
//! Invariants:
//! - no request leaves for an address that the guard did not check, and no redirect is followed;
//! - no shell runs: a command is a program with its arguments, a cleared environment and a time limit;
//! - no file is written outside the folder of its receiver, and none is overwritten with other content;
//! - no secret is shown: it has a type of its own that only [`Secret::reveal`] opens;
//! - nothing a receiver says reaches Baton but whether it took the message.

mod command;
mod dispatcher;
pub mod egress;
mod folder;
mod group;
mod http;
mod limits;
mod secret;
mod tls;

pub use command::CommandReceiver;
pub use dispatcher::{Dispatcher, Receiver, Route};
pub use folder::FolderReceiver;
pub use http::{HttpReceiver, HttpSettings, Plain, UnusableAddress};
pub use limits::{COMPLAINT_BYTES_MAX, TIMEOUT_DEFAULT, TIMEOUT_MAX};
pub use secret::Secret;
