//! Unit: a contract's own examples with expected findings.

use baton_scoring::evidence::EvidenceIndex;
use baton_scoring::wire::{FindingState, Scorecard};
use serde::Serialize;

use super::file::{Case, Expectation};
use super::report::CaseReport;
use super::run::{Files, Subject};
use super::scene::{Evidence, Scene};

pub(super) fn run(subject: &Subject<'_>, case: &Case, files: &dyn Files) -> CaseReport {
    let scene = match Scene::set(subject.contract, case, Evidence::Given, files) {
        Ok(scene) => scene,
        Err(why) => return CaseReport::new(&case.name, 0, vec![why]),
    };
    match scene.check(subject.contract) {
        Ok(scorecard) => {
            let (checks, messages) = compare(case, &scorecard, &scene.evidence);
            CaseReport::new(&case.name, checks, messages)
        }
        Err(why) => CaseReport::new(&case.name, 0, vec![why]),
    }
}

/// Returns how many things were compared, and what came out otherwise.
pub(super) fn compare(
    case: &Case,
    scorecard: &Scorecard<'_>,
    evidence: &EvidenceIndex,
) -> (u64, Vec<String>) {
    let Some(expect) = &case.expect else {
        return (0, Vec::new());
    };
    let mut comparison = Comparison::default();
    comparison.optional("posture", expect.posture.as_ref(), Some(&scorecard.posture));
    comparison.optional("score", expect.score.as_ref(), scorecard.score.as_ref());
    comparison.optional("risk", expect.risk.as_ref(), Some(&scorecard.risk));
    findings(expect, scorecard, &mut comparison);
    for (id, state) in &expect.evidence {
        let found = evidence.get(id);
        comparison.optional(
            &format!("evidence {id}"),
            Some(state),
            found.map(|item| &item.state),
        );
        if let Some(item) = found.filter(|item| item.state != *state && !item.reason.is_empty()) {
            comparison
                .messages
                .push(format!("evidence {id}: {}", item.reason));
        }
    }
    (comparison.checks, comparison.messages)
}

fn findings(expect: &Expectation, scorecard: &Scorecard<'_>, comparison: &mut Comparison) {
    for (clause, state) in &expect.findings {
        let found = scorecard.finding(clause).map(|finding| &finding.state);
        comparison.optional(&format!("finding {clause}"), Some(state), found);
    }
    let unexpected = scorecard.findings.iter().filter(|finding| {
        !expect.findings.contains_key(finding.clause.as_ref())
            && matches!(finding.state, FindingState::Failed | FindingState::Unknown)
    });
    for finding in unexpected {
        let (clause, expected, found) = (&finding.clause, &finding.expected, &finding.found);
        let state = word(&finding.state);
        comparison.messages.push(format!(
            "finding {clause}: expected it not to be failed or unknown, found {state} (expected {expected}, found {found})"
        ));
    }
}

#[derive(Default)]
struct Comparison {
    checks: u64,
    messages: Vec<String>,
}

impl Comparison {
    fn optional<T: PartialEq + Serialize>(
        &mut self,
        what: &str,
        expected: Option<&T>,
        found: Option<&T>,
    ) {
        let Some(expected) = expected else { return };
        self.checks += 1;
        if found != Some(expected) {
            let found = found.map_or_else(|| "nothing".to_owned(), word);
            self.messages.push(format!(
                "{what}: expected {}, found {found}",
                word(expected)
            ));
        }
    }
}

/// Returns a value in the spelling of files and scorecards.
fn word<T: Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
