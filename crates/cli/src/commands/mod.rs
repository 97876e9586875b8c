//! One file per command. To add one: write the file, name it here, in `dispatch.rs` and in `arguments.rs`.

pub(crate) mod backtest;
pub(crate) mod bundle;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod compose;
pub(crate) mod diff;
pub(crate) mod digest;
pub(crate) mod discover;
mod dispatch;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod follow_ups;
pub(crate) mod handoff;
pub(crate) mod help;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod keys;
pub(crate) mod lint;
pub(crate) mod localise;
pub(crate) mod man;
pub(crate) mod mine;
pub(crate) mod propose;
pub(crate) mod receipt;
pub(crate) mod rollout;
pub(crate) mod run;
pub(crate) mod sample;
pub(crate) mod schema;
pub(crate) mod simulate;
pub(crate) mod store;
pub(crate) mod test;
pub(crate) mod token;
pub(crate) mod trace;
pub(crate) mod tune;
pub(crate) mod work;

pub(crate) use dispatch::run;
