//! What `baton test` prints.

use baton_simulation::suites::{CaseReport, Outcome, Report};

use crate::draw::{Indent, Ink, Page};
use crate::{Appearance, words};

/// Returns a report as text, `width` columns wide.
pub fn text(report: &Report, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    let subject = format!("{} {}", report.contract.name, report.contract.version);
    page.wrapped(&Indent::none(), &subject, Ink::Strong);
    for suite in &report.suites {
        page.heading(suite.suite.word());
        for case in &suite.cases {
            one(&mut page, case);
        }
        if suite.cases.is_empty() {
            page.wrapped(&Indent::marked(2, ""), "no case", Ink::Faint);
        }
    }
    page.blank();
    let cases = || report.suites.iter().flat_map(|suite| &suite.cases);
    let passed = cases()
        .filter(|case| case.outcome == Outcome::Passed)
        .count();
    let failed = cases().count() - passed;
    let checks: u64 = cases().map(|case| case.checks).sum();
    let (word, ink) = if report.is_passed {
        ("PASSED", Ink::Good)
    } else {
        ("FAILED", Ink::Bad)
    };
    let number = words::count(cases().count(), "case");
    let summary =
        format!("{word} — {number}: {passed} passed, {failed} failed; {checks} things tried");
    page.wrapped(&Indent::none(), &summary, ink);
    for missing in &report.not_covered {
        page.wrapped(&Indent::marked(2, "not covered: "), missing, Ink::Bad);
    }
    page.wrapped(
        &Indent::marked(0, "contract  "),
        &report.contract.digest.to_string(),
        Ink::Faint,
    );
    page.wrapped(
        &Indent::marked(0, "tests     "),
        &report.tests.to_string(),
        Ink::Faint,
    );
    page.finish()
}

fn one(page: &mut Page, case: &CaseReport) {
    let condition = case
        .condition
        .map(|condition| format!(" (under {})", condition.word()));
    let name = format!("{}{}", case.name, condition.unwrap_or_default());
    let (mark, ink) = match case.outcome {
        Outcome::Passed => ("✓ ", Ink::Normal),
        Outcome::Failed => ("✗ ", Ink::Bad),
    };
    page.wrapped(&Indent::marked(2, mark), &name, ink);
    for message in &case.messages {
        page.wrapped(&Indent::marked(6, "- "), message, Ink::Normal);
    }
}
