//! The four suites of a contract, and the report that is bound to its digest.

mod file;
mod integration;
mod regression;
mod report;
mod run;
mod scenario;
mod scene;
mod unit;

pub use file::{Case, EvidenceState, Expectation, FORMAT, Facts, TestFile};
pub use regression::golden;
pub use report::{CaseReport, ContractRef, Format, Outcome, Report, SuiteReport};
pub use run::{Files, FilesError, Subject, run};
pub(crate) use scene::Scene;
