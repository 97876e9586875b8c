//! The quality guardrail: a contract version goes nowhere without a report of its suites for its exact digest.

use baton_evidence::json::{Limits, read};
use baton_terms::{Diagnostic, Digest, Level};
use serde_json::Value;

/// Suites without which a contract is not validated.
const SUITES: [&str; 4] = ["unit", "integration", "simulation", "regression"];

/// Checks that one of the reports (`contract-test-report/v1`) in `bytes` is about a contract version, passed, and covers every suite.
///
/// # Errors
/// With what is missing, as a fragment for people.
pub fn covers(bytes: &[u8], contract: &Digest) -> Result<(), String> {
    let document = read(bytes, Limits::CONTRACT).map_err(|problems| first(&problems))?;
    let reports = match &document {
        Value::Array(reports) => reports.as_slice(),
        one => std::slice::from_ref(one),
    };
    let wanted = contract.to_string();
    let is_about = |report: &&Value| {
        report.pointer("/contract/digest").and_then(Value::as_str) == Some(wanted.as_str())
    };
    let report = reports
        .iter()
        .find(is_about)
        .ok_or_else(|| "no report in it is about this digest".to_owned())?;
    if report.get("is_passed").and_then(Value::as_bool) != Some(true) {
        return Err("the suites did not pass".to_owned());
    }
    let suites = report.get("suites").and_then(Value::as_array);
    let has = |name: &&str| {
        suites.is_some_and(|suites| {
            suites.iter().any(|suite| {
                let is_it = suite.get("suite").and_then(Value::as_str) == Some(*name);
                let cases = suite.get("cases").and_then(Value::as_array);
                is_it && cases.is_some_and(|cases| !cases.is_empty())
            })
        })
    };
    let missing: Vec<&str> = SUITES.into_iter().filter(|name| !has(name)).collect();
    match missing.as_slice() {
        [] => Ok(()),
        missing => Err(format!("it does not cover {}", missing.join(", "))),
    }
}

/// Returns the first error among problems, in one line, and how many more there are.
pub(crate) fn first(problems: &[Diagnostic]) -> String {
    let problems: Vec<&Diagnostic> = problems
        .iter()
        .filter(|problem| problem.level == Level::Error)
        .collect();
    let more = match problems.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more problems)", count - 1),
    };
    problems.first().map_or_else(String::new, |problem| {
        let place = match problem.place.pointer.as_str() {
            "" => String::new(),
            pointer => format!(" at {pointer}"),
        };
        let found = match problem.found.as_str() {
            "" => String::new(),
            found => format!(": found {found}"),
        };
        format!("{}{place}{found}{more}", problem.message)
    })
}
