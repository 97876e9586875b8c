//! Reports of contract tests as JUnit XML.

use baton_simulation::suites::{CaseReport, Outcome, Report, SuiteReport};

use crate::junit as form;
use crate::words;

/// Returns the reports as one JUnit document; what was asked for and not covered is an error.
pub fn junit(reports: &[Report]) -> String {
    let suites = reports.iter().flat_map(|report| {
        let suites = report.suites.iter().map(|suite| to_suite(report, suite));
        suites.chain(std::iter::once(completeness(report)))
    });
    let suites = suites.collect();
    let name = "contract tests".to_owned();
    form::Document { name, suites }.to_xml()
}

fn to_suite(report: &Report, suite: &SuiteReport) -> form::Suite {
    let (contract, word) = (&report.contract, suite.suite.word());
    let class = format!("{}.{word}", contract.name);
    let case = |case: &CaseReport| form::Case {
        name: case.name.clone(),
        class: class.clone(),
        outcome: match case.outcome {
            Outcome::Passed => form::Outcome::Passed,
            Outcome::Failed => form::Outcome::Failed(form::Told {
                kind: "mismatch",
                message: words::count(case.messages.len(), "problem"),
                body: case.messages.clone(),
            }),
        },
        output: case
            .condition
            .map(|condition| format!("condition {}", condition.word()))
            .unwrap_or_default(),
    };
    form::Suite {
        name: format!("{} {} {word}", contract.name, contract.version),
        properties: properties(report),
        cases: suite.cases.iter().map(case).collect(),
    }
}

fn properties(report: &Report) -> Vec<(&'static str, String)> {
    vec![
        ("contract", report.contract.digest.to_string()),
        ("tests", report.tests.to_string()),
    ]
}

/// Returns a suite that is as green as the report as a whole.
fn completeness(report: &Report) -> form::Suite {
    let outcome = if report.is_passed {
        form::Outcome::Passed
    } else {
        form::Outcome::Error(form::Told {
            kind: "not-passed",
            message: "the report as a whole is no pass".to_owned(),
            body: report
                .not_covered
                .iter()
                .map(|what| format!("not covered: {what}"))
                .collect(),
        })
    };
    let (contract, class) = (&report.contract, format!("{}.whole", report.contract.name));
    form::Suite {
        name: format!("{} {} as a whole", contract.name, contract.version),
        properties: properties(report),
        cases: vec![form::Case {
            name: "every case passed and nothing asked for was left out".to_owned(),
            class,
            outcome,
            output: String::new(),
        }],
    }
}
