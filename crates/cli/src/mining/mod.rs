//! Mining runs: what is asked, the way from a log to a report, what is kept of it, and doing it again.

mod question;
mod recording;
mod replay;
mod run;

pub(crate) use question::{Asked, Question};
pub(crate) use recording::MiningRecording;
pub(crate) use replay::{Logs, replay};
pub(crate) use run::{Answer, Files, answer, report_bytes, table};
