//! Mining runs and comparisons: what is asked, the way from a log to a report, what is kept of it, and
//! doing it again.

mod comparing;
mod question;
mod recording;
mod replay;
mod run;

pub(crate) use comparing::{
    Days, MadeFrom, REPORT_FORMAT, of_log, of_reports, read_report, replay_comparison,
};
pub(crate) use question::{Asked, Question, outcome};
pub(crate) use recording::{ComparisonRecording, MiningRecording};
pub(crate) use replay::{Logs, replay};
pub(crate) use run::{Answer, Files, answer, report_bytes};
