//! The clauses of `docs/spec/suites.md`, tried on a shipped contract whose files are changed on the way.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests read the shipped files and stop at the first surprise"
)]

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use baton_contract::document::Document;
use baton_scoring::CheckedContract;
use baton_simulation::suites::{self, CaseReport, Files, FilesError, Outcome, Report, TestFile};
use baton_terms::{Digest, Source};

const CASE: &str = "package: ../examples/complete.json\n    as_of: 2026-11-20T09:00:00Z\n";

/// The end of a path, and what becomes of the bytes there.
type Change = (&'static str, fn(Vec<u8>) -> Vec<u8>);

/// The files beside the shipped tests, except one whose end says that it reads otherwise.
#[derive(Default)]
struct Beside {
    changed: Option<Change>,
    delivered: RefCell<Vec<Digest>>,
    is_delivery_broken: bool,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/requirements-to-engineering")
}

impl Beside {
    fn with(end: &'static str, change: fn(Vec<u8>) -> Vec<u8>) -> Self {
        Self {
            changed: Some((end, change)),
            ..Self::default()
        }
    }

    fn load(&self, path: &Path) -> Result<Vec<u8>, FilesError> {
        let bytes = fs::read(path).map_err(|error| FilesError(error.to_string()))?;
        Ok(match self.changed {
            Some((end, change)) if path.ends_with(end) => change(bytes),
            _ => bytes,
        })
    }
}

impl Files for Beside {
    fn read(&self, path: &str) -> Result<Vec<u8>, FilesError> {
        self.load(&folder().join("tests").join(path))
    }

    fn read_artifact(&self, package: &str, name: &str) -> Result<Vec<u8>, FilesError> {
        let package = folder().join("tests").join(package);
        self.load(&package.parent().unwrap().join(name))
    }

    fn deliver(&self, _name: &str, bytes: &[u8]) -> Result<Vec<u8>, FilesError> {
        self.delivered.borrow_mut().push(Digest::of(bytes));
        Ok(if self.is_delivery_broken {
            bytes.iter().skip(1).copied().collect()
        } else {
            bytes.to_vec()
        })
    }
}

/// Runs tests against the contract after `change`.
fn run_with(change: impl Fn(String) -> String, tests: &str, files: &Beside) -> Report {
    let text = |name: &str| fs::read_to_string(folder().join(name)).unwrap();
    let main = Source::new("contract.yaml", change(text("contract.yaml")));
    let named = Document::files_named_in(&main).into_iter();
    let files_named = named.map(|name| (name.clone(), Source::new(name.clone(), text(&name))));
    let document = Document {
        files: files_named.collect(),
        main,
    };
    let reading = document.read();
    let contract = CheckedContract::compile(&reading).unwrap_or_else(|p| panic!("{p:#?}"));
    let tests = format!("baton: contract-tests/v1\n{tests}");
    let file = TestFile::read(&Source::new("tests.yaml", tests.clone()))
        .unwrap_or_else(|problems| panic!("{problems:#?}\n{tests}"));
    let subject = suites::Subject {
        contract: &contract,
        form: &reading.normal_form().unwrap(),
        tests: &file,
        tests_digest: Digest::of(tests.as_bytes()),
    };
    suites::run(&subject, files)
}

fn run(tests: &str, files: &Beside) -> Report {
    run_with(|contract| contract, tests, files)
}

/// The report of the only case.
fn only(report: &Report) -> CaseReport {
    let mut cases = report.suites.iter().flat_map(|suite| &suite.cases);
    let case = cases.next().unwrap().clone();
    assert_eq!(cases.next(), None);
    case
}

/// Checks that the only case has failed and says this.
fn fails(tests: &str, files: &Beside, because: &str) {
    let case = only(&run(tests, files));
    assert_eq!(case.outcome, Outcome::Failed, "{case:?}");
    let told = case.messages.join("\n");
    assert!(told.contains(because), "{told}");
}

fn unit(expect: &str) -> String {
    format!("unit:\n  - name: a\n    {CASE}    expect: {expect}\n")
}

// spec: SUITES-1
#[test]
fn what_cannot_be_carried_out_has_failed() {
    let missing = unit("{posture: ready}").replace("complete", "not-there");
    fails(&missing, &Beside::default(), "can't be read");
    let torn = Beside::with("complete.json", |bytes| {
        bytes.into_iter().take(100).collect()
    });
    fails(&unit("{posture: ready}"), &torn, "is refused: E0102");
    fails(
        &unit("{}"),
        &Beside::default(),
        "expected something to be tried",
    );
}

// spec: SUITES-2
#[test]
fn circumstances_that_can_not_be_read_are_refused_and_not_left_out() {
    for (circumstances, at) in [
        (
            "context: {approved: \"sha256:17408ba6\"}",
            "/unit/0/context/approved",
        ),
        ("context: {approved: none}", "/unit/0/context/approved"),
        (
            "context: {receiver_pressure: much}",
            "/unit/0/context/receiver_pressure",
        ),
        ("history: 5", "/unit/0/history"),
        ("history: {needs_input: -1}", "/unit/0/history/needs_input"),
        ("history: {needs-input: 1}", "/unit/0/history/needs-input"),
    ] {
        let text = format!(
            "baton: contract-tests/v1\nunit:\n  - name: one\n    package: p.json\n    as_of: 2026-11-20T09:00:00Z\n    {circumstances}\n    expect: {{posture: ready}}\n"
        );
        let problems = TestFile::read(&Source::new("tests.yaml", text)).unwrap_err();
        let places: Vec<_> = problems.iter().map(|p| p.place.pointer.as_str()).collect();
        assert_eq!(places, [at], "{problems:?}");
        assert!(problems.iter().all(|p| p.place.span.is_some()));
    }
}

#[test]
fn a_file_without_cases_is_refused() {
    for text in [
        "baton: contract-tests/v1\n",
        "baton: contract-tests/v1\nunit: []\n",
        "",
    ] {
        let problems = TestFile::read(&Source::new("tests.yaml", text)).unwrap_err();
        assert!(!problems.is_empty(), "{text}");
    }
}

// spec: SUITES-3
#[test]
fn a_clause_that_is_not_named_must_not_fail() {
    let sound = only(&run(&unit("{posture: ready}"), &Beside::default()));
    assert_eq!(
        (sound.outcome, sound.messages),
        (Outcome::Passed, Vec::new())
    );
    let drafts = unit("{posture: critical}").replace("complete", "needs-work");
    fails(
        &drafts,
        &Beside::default(),
        "finding problem-seen: expected it not to be failed or unknown",
    );
    let other = unit("{findings: {problem-seen: failed}}");
    fails(
        &other,
        &Beside::default(),
        "finding problem-seen: expected failed, found passed",
    );
}

// spec: SUITES-4
#[test]
fn integration_verifies_bytes_digests_and_signatures() {
    let tests = format!(
        "integration:\n  - name: a\n    keyring: ../../demo-keyring.json\n    {CASE}    expect: {{posture: ready}}\n    delivery: file-drop\n"
    );
    let files = Beside::default();
    let case = only(&run(&tests, &files));
    assert_eq!((case.outcome, case.messages), (Outcome::Passed, Vec::new()));
    assert!(files.delivered.borrow().len() >= 5);
    fails(
        &tests.replace("    keyring: ../../demo-keyring.json\n", ""),
        &files,
        "finding evidence-complete: expected it not to be failed or unknown",
    );
    let package = fs::read_to_string(folder().join("examples/complete.json")).unwrap();
    let artifact = package.split("\"path\": \"artifacts/").nth(1).unwrap();
    let name: &'static str = artifact.split('"').next().unwrap().to_owned().leak();
    let changed = Beside::with(name, |mut bytes| {
        bytes.push(b' ');
        bytes
    });
    fails(
        &tests,
        &changed,
        "finding evidence-complete: expected it not to be failed",
    );
    let broken = Beside {
        is_delivery_broken: true,
        ..Beside::default()
    };
    fails(&tests, &broken, "delivery: expected sha256:");
}

// spec: SUITES-5
#[test]
fn a_scenario_tries_every_invariant_and_fails_on_one_that_does_not_hold() {
    let tests = |condition: &str| {
        format!("simulation:\n  - name: a\n    condition: {condition}\n    {CASE}")
    };
    for condition in ["pro-humanity-impact", "professional-mastery"] {
        let case = only(&run(&tests(condition), &Beside::default()));
        assert_eq!((case.outcome, case.messages), (Outcome::Passed, Vec::new()));
        assert!(case.checks > 20, "{condition}: {} checks", case.checks);
    }
    // A contract in which nobody looks at work of high risk.
    let without_review = |contract: String| {
        let (head, rest) = contract
            .split_once("      context.risk_tier == \"high\"\n")
            .unwrap();
        format!(
            "{head}      context.risk_tier == \"low\" && context.risk_tier == \"medium\"\n{rest}"
        )
    };
    let report = run_with(
        without_review,
        &tests("pro-humanity-impact"),
        &Beside::default(),
    );
    let case = only(&report);
    assert_eq!(case.outcome, Outcome::Failed, "{case:?}");
    assert!(
        case.messages
            .iter()
            .all(|m| m.starts_with("high-risk-is-reviewed")),
        "{case:?}"
    );
}

// spec: SUITES-6
#[test]
fn a_golden_scorecard_is_compared_byte_for_byte() {
    let text = fs::read_to_string(folder().join("tests/contract-tests.yaml")).unwrap();
    let (_, regression) = text.split_once("\nregression:\n").unwrap();
    let first = regression.split("\n  - ").next().unwrap().trim_end();
    let tests = format!("regression:\n{first}\n");
    assert_eq!(
        only(&run(&tests, &Beside::default())).outcome,
        Outcome::Passed
    );
    let other = tests.replace("2026-11-20T09:00:00Z", "2026-11-20T09:00:01Z");
    fails(&other, &Beside::default(), "scorecard: expected sha256:");
}

// spec: SUITES-7
// spec: SUITES-9
#[test]
fn a_report_is_bound_to_what_was_tried_and_repeats_exactly() {
    let tests = unit("{posture: ready}");
    let report = run(&tests, &Beside::default());
    let bytes = report.to_bytes().unwrap();
    assert_eq!(run(&tests, &Beside::default()).to_bytes().unwrap(), bytes);
    assert_eq!(
        report.tests,
        Digest::of(format!("baton: contract-tests/v1\n{tests}").as_bytes())
    );
    for (condition, digest) in &report.conditions {
        let file = format!("../../conditions/{condition}.yaml");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        assert_eq!(Digest::of(&fs::read(file).unwrap()), *digest);
    }
    assert_eq!(report.conditions.len(), 2);
    let changed = run_with(
        |text| text.replace("weight: 10", "weight: 11"),
        &tests,
        &Beside::default(),
    );
    assert_ne!(changed.contract.digest, report.contract.digest);
}

// spec: SUITES-8
#[test]
fn a_suite_or_condition_that_is_asked_for_must_be_there() {
    let report = run(&unit("{posture: ready}"), &Beside::default());
    assert!(!report.is_passed);
    let expected = [
        "suite integration",
        "suite simulation",
        "suite regression",
        "condition pro-humanity-impact",
        "condition professional-mastery",
    ];
    assert_eq!(report.not_covered, expected);
}
