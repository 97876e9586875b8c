//! Reads every document of `corpus/json` and compares with the expectation beside it: lines of
//! code and JSON Pointer in order, or `ok` and the digest of the canonical form.
#![expect(
    clippy::disallowed_methods,
    reason = "the corpus is files, and a test may read them"
)]

use std::path::PathBuf;

use baton_evidence::{
    canonical,
    json::{self, Limits, codes},
};
use baton_terms::Diagnostic;

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/json")
}

/// Returns what a document gives, in the form of the `.expected` files.
fn outcome(bytes: &[u8]) -> String {
    match json::read(bytes, Limits::PACKAGE) {
        Ok(value) => format!("ok {}\n", canonical::digest(&value)),
        Err(problems) => problems.iter().map(line).collect(),
    }
}

fn line(problem: &Diagnostic) -> String {
    format!("{} {}\n", problem.code, problem.place.pointer)
}

// spec: EVIDENCE-1
// spec: EVIDENCE-2
// spec: EVIDENCE-3
#[test]
fn every_document_gives_what_is_expected() {
    let mut names: Vec<PathBuf> = std::fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    names.sort();
    assert!(names.len() > 50, "the corpus is there");
    for path in names {
        let bytes = std::fs::read(&path).unwrap();
        let expected = std::fs::read_to_string(path.with_extension("expected")).unwrap();
        assert_eq!(outcome(&bytes), expected, "{}", path.display());
    }
}

// spec: EVIDENCE-4
#[test]
fn every_refusal_says_where_what_and_how() {
    for entry in std::fs::read_dir(corpus()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for problem in json::read(&bytes, Limits::PACKAGE)
            .err()
            .unwrap_or_default()
        {
            let name = path.display();
            assert!(!problem.expected.is_empty(), "{name}: {problem:?}");
            assert!(!problem.found.is_empty(), "{name}: {problem:?}");
            assert!(!problem.hint.is_empty(), "{name}: {problem:?}");
            let span = problem.place.span.unwrap();
            assert!(span.end <= bytes.len(), "{name}: {problem:?}");
        }
    }
}

// spec: EVIDENCE-5
#[test]
fn depth_10000_is_refused_at_the_limit() {
    let document = "[".repeat(10_000) + &"]".repeat(10_000);
    assert_eq!(
        outcome(document.as_bytes()),
        format!("E0113 {}\n", "/0".repeat(64))
    );
    let document = r#"{"a":"#.repeat(10_000);
    assert_eq!(
        outcome(document.as_bytes()),
        format!("E0113 {}\n", "/a".repeat(64))
    );
}

// spec: EVIDENCE-5
#[test]
fn one_hundred_megabytes_are_refused_unread() {
    let document = vec![b' '; 100 << 20];
    let problems = json::read(&document, Limits::PACKAGE).unwrap_err();
    assert_eq!(
        problems
            .iter()
            .map(|problem| problem.code)
            .collect::<Vec<_>>(),
        [codes::TOO_LARGE]
    );
}

// spec: EVIDENCE-5
#[test]
fn values_beyond_the_limit_are_refused() {
    let limits = Limits::of(1 << 20, 10);
    assert!(json::read(b"[1,2,3,4,5,6,7,8,9]", limits).is_ok());
    let problems = json::read(b"[1,2,3,4,5,6,7,8,9,10]", limits).unwrap_err();
    assert_eq!(problems.iter().map(line).collect::<String>(), "E0115 /9\n");
}

// spec: EVIDENCE-4
#[test]
fn problems_beyond_the_limit_are_counted() {
    let document = format!("[{}-0]", "-0,".repeat(1_499));
    let problems = json::read(document.as_bytes(), Limits::PACKAGE).unwrap_err();
    assert_eq!(problems.len(), 1_001);
    let last = problems.last().unwrap();
    assert_eq!(
        (last.code, last.message.as_str()),
        (codes::MORE_PROBLEMS, "500 more problems are not shown")
    );
}

// spec: EVIDENCE-2
#[test]
fn many_keys_are_compared_too() {
    let keys: Vec<String> = (0..5_000).map(|at| format!("\"k{at}\":{at}")).collect();
    let keys = keys.join(",");
    let document = format!("{{{keys},\"k17\":0,\"é\":1,\"e\u{301}\":2}}");
    assert_eq!(
        outcome(document.as_bytes()),
        "E0103 /k17\nE0104 /e\u{301}\n"
    );
}
