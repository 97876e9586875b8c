//! The report of a run, bound to the digests of everything that was tried.

use baton_contract::model::{Condition, Suite};
use baton_evidence::canonical::{self, CanonicalError};
use baton_terms::Digest;
use serde::Serialize;

/// The outcome of all suites of one contract version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Always `contract-test-report/v1`.
    pub baton: Format,
    /// The contract the report is bound to.
    pub contract: ContractRef,
    /// Digest of the test file.
    pub tests: Digest,
    /// Digests of the condition files, by name.
    pub conditions: Vec<(String, Digest)>,
    /// Version of the scoring rules.
    pub semantics: &'static str,
    /// Suites in the order unit, integration, simulation, regression.
    pub suites: Vec<SuiteReport>,
    /// What the contract's `validation` section asks for and this run did not cover.
    pub not_covered: Vec<String>,
    /// Whether every case passed and nothing asked for was left out.
    pub is_passed: bool,
}

/// The one format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Format {
    /// `contract-test-report/v1`.
    #[default]
    #[serde(rename = "contract-test-report/v1")]
    V1,
}

/// A contract version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContractRef {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Digest of the normal form.
    pub digest: Digest,
}

/// The outcome of one suite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SuiteReport {
    /// The suite.
    pub suite: Suite,
    /// Its cases in the order written.
    pub cases: Vec<CaseReport>,
}

/// The outcome of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseReport {
    /// Name.
    pub name: String,
    /// Condition of a scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Whether everything expected came out.
    pub outcome: Outcome,
    /// Number of single things that were tried.
    pub checks: u64,
    /// What came out otherwise, each with expected and found.
    pub messages: Vec<String>,
}

/// Whether a case passed. There is no third state: what can't be carried out has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything expected came out.
    Passed,
    /// Something did not.
    Failed,
}

impl CaseReport {
    /// Returns the report of a case in which `checks` things were tried and `messages` went wrong;
    /// a case that tried nothing has failed.
    pub(super) fn new(name: &str, checks: u64, mut messages: Vec<String>) -> Self {
        if checks == 0 && messages.is_empty() {
            messages.push("expected something to be tried, found nothing".to_owned());
        }
        let outcome = if messages.is_empty() {
            Outcome::Passed
        } else {
            Outcome::Failed
        };
        Self {
            name: name.to_owned(),
            condition: None,
            outcome,
            checks,
            messages,
        }
    }
}

impl Report {
    /// Returns the canonical bytes, the same on every machine and run.
    ///
    /// # Errors
    /// When a number has no canonical form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical::of(self)
    }
}
