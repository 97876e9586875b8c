//! The event log in memory: columns of dictionary codes, events grouped by case and in order.

mod column;
mod dictionary;
mod log;

pub use column::{Column, Kind};
pub use dictionary::{Code, Dictionary, MISSING};
pub use log::{Builder, Event, Log, LogError};
