//! The event log in memory: columns of dictionary codes, events grouped by case and in order.

mod builder;
mod column;
mod dictionary;
mod log;
mod lookup;

pub use builder::{Builder, Event, Finished, NumberReader, Unread};
pub(crate) use builder::{Head, Refused};
pub use column::{Column, Kind};
pub use dictionary::{Code, Dictionary, MISSING, NotText};
pub use log::{Log, LogError};
