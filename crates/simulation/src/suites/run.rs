//! Runs the suites of one contract.

use baton_contract::model::{Condition, Suite};
use baton_scoring::CheckedContract;
use baton_scoring::wire::SEMANTICS;
use baton_terms::Digest;
use serde_json::Value;

use super::file::{Case, TestFile};
use super::report::{CaseReport, ContractRef, Format, Outcome, Report, SuiteReport};
use super::{integration, regression, scenario, unit};
use crate::conditions;

/// Reading beside the test file, and a folder to drop deliveries in. Declared here, carried out by
/// the caller.
pub trait Files {
    /// Returns the bytes of a file; the path is relative to the test file.
    ///
    /// # Errors
    /// When it can't be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, FilesError>;

    /// Returns the bytes of an artifact that a package names, relative to the package.
    ///
    /// # Errors
    /// When it can't be read, or lies outside the package's folder.
    fn read_artifact(&self, package: &str, name: &str) -> Result<Vec<u8>, FilesError>;

    /// Drops a file for the receiver and returns what the receiver reads there.
    ///
    /// # Errors
    /// When it can't be written or read back.
    fn deliver(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, FilesError>;
}

/// Why a file could not be had, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesError(pub String);

/// The contract under test.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The contract, compiled.
    pub contract: &'a CheckedContract,
    /// The contract in normal form.
    pub form: &'a Value,
    /// Its test cases.
    pub tests: &'a TestFile,
    /// Digest of the test file's bytes.
    pub tests_digest: Digest,
}

/// Runs every suite and returns the report.
pub fn run(subject: &Subject<'_>, files: &dyn Files) -> Report {
    let tests = subject.tests;
    let suites = vec![
        suite(Suite::Unit, &tests.unit, |case| {
            unit::run(subject, case, files)
        }),
        suite(Suite::Integration, &tests.integration, |case| {
            integration::run(subject, case, files)
        }),
        suite(Suite::Simulation, &tests.simulation, |case| {
            scenario::run(subject, case, files)
        }),
        suite(Suite::Regression, &tests.regression, |case| {
            regression::run(subject, case, files)
        }),
    ];
    let not_covered = not_covered(subject, &suites);
    let has_passed = |suite: &SuiteReport| {
        suite
            .cases
            .iter()
            .all(|case| case.outcome == Outcome::Passed)
    };
    let contract = subject.contract.contract();
    Report {
        baton: Format::V1,
        contract: ContractRef {
            name: contract.name.to_string(),
            version: contract.version.to_string(),
            digest: subject.contract.digest(),
        },
        tests: subject.tests_digest,
        conditions: conditions::ALL
            .iter()
            .map(|(condition, text)| (condition.to_string(), Digest::of(text.as_bytes())))
            .collect(),
        semantics: SEMANTICS,
        is_passed: not_covered.is_empty() && suites.iter().all(has_passed),
        suites,
        not_covered,
    }
}

fn suite(suite: Suite, cases: &[Case], run: impl Fn(&Case) -> CaseReport) -> SuiteReport {
    SuiteReport {
        suite,
        cases: cases.iter().map(run).collect(),
    }
}

/// Suites and conditions that the contract wants to be validated with, and that no case covers.
fn not_covered(subject: &Subject<'_>, suites: &[SuiteReport]) -> Vec<String> {
    let (wanted_suites, wanted_conditions) = match &subject.contract.contract().validation {
        Some(validation) => (validation.suites.clone(), validation.conditions.clone()),
        None => (
            vec![
                Suite::Unit,
                Suite::Integration,
                Suite::Simulation,
                Suite::Regression,
            ],
            vec![Condition::ProHumanityImpact, Condition::ProfessionalMastery],
        ),
    };
    let is_empty = |wanted: &Suite| {
        suites
            .iter()
            .any(|suite| suite.suite == *wanted && suite.cases.is_empty())
    };
    let is_untried = |wanted: &Condition| {
        !subject
            .tests
            .simulation
            .iter()
            .any(|case| case.condition == Some(*wanted))
    };
    let suites = wanted_suites.iter().filter(|suite| is_empty(suite));
    let conditions = wanted_conditions
        .iter()
        .filter(|condition| is_untried(condition));
    suites
        .map(|suite| format!("suite {suite}"))
        .chain(conditions.map(|condition| format!("condition {condition}")))
        .collect()
}
