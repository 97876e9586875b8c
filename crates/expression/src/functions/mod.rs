//! The functions of the language: one table of signatures, and the groups that carry them out.

mod call;
mod convert;
mod signature;
mod text;
mod time;

pub(super) use call::{call, text_of};
pub(super) use signature::{Function, Part, SIGNATURES, Signature, Style};
pub(super) use time::{
    checked_duration, checked_timestamp, parse_duration, parse_offset, parse_timestamp,
};
