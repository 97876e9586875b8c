//! Generated reference files: written by the product itself or made from its sources, committed, and
//! compared in CI, so that a page can never disagree with the program it describes.

mod errors_page;
mod example_log;
mod generators;
mod limits_page;
mod run;

pub(crate) use run::{Mode, run};
