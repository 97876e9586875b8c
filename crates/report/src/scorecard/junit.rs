//! Scorecards as JUnit XML: a suite for the posture and its gates, one per dimension, a case per clause.
//!
//! A service that looks only at failures and errors must not be greener than the posture: unknown and
//! open are errors, and a posture other than `ready` fails a case of its own.

use baton_scoring::wire::{DimensionScore, Finding, FindingState, GateFinding, GateState, Posture};

use super::model::Model;
use super::sentences;
use super::view::View;
use crate::junit::{Case, Document, Outcome, Suite, Told};

/// Returns a scorecard as JUnit XML.
pub fn junit(model: &Model<'_>) -> String {
    let view = View::new(model);
    let scorecard = model.scorecard;
    let mut suites = vec![posture_suite(model, &view)];
    suites.extend(
        scorecard
            .dimensions
            .iter()
            .map(|dimension| dimension_suite(model, dimension)),
    );
    let is_listed = |finding: &&Finding<'_>| {
        scorecard
            .dimensions
            .iter()
            .any(|d| d.id == finding.dimension)
    };
    let others: Vec<_> = scorecard
        .findings
        .iter()
        .filter(|finding| !is_listed(finding))
        .collect();
    if !others.is_empty() {
        suites.push(suite(
            "other clauses",
            others
                .iter()
                .map(|finding| clause_case(model, finding))
                .collect(),
        ));
    }
    let (contract, package) = (&scorecard.contract, &scorecard.package);
    let name = format!(
        "{} {}: {}",
        contract.name, contract.version, package.work_item
    );
    Document { name, suites }.to_xml()
}

fn suite(name: &str, cases: Vec<Case>) -> Suite {
    Suite {
        name: name.to_owned(),
        properties: Vec::new(),
        cases,
    }
}

fn posture_suite(model: &Model<'_>, view: &View<'_>) -> Suite {
    let scorecard = model.scorecard;
    let outcome = match scorecard.posture {
        Posture::Ready => Outcome::Passed,
        Posture::Review | Posture::Critical => Outcome::Failed(Told {
            kind: scorecard.posture.word(),
            message: view.headline(),
            body: std::iter::once(&view.why)
                .chain(&view.path)
                .cloned()
                .collect(),
        }),
    };
    let class = class(model, "posture");
    let posture = Case {
        name: "the handoff is ready".to_owned(),
        class: class.clone(),
        outcome,
        output: view.counts.clone(),
    };
    let gates = scorecard
        .gates
        .iter()
        .map(|gate| gate_case(gate, class.clone()));
    let mut properties = vec![
        ("posture", scorecard.posture.word().to_owned()),
        (
            "score",
            scorecard
                .score
                .map_or_else(|| "none".to_owned(), |score| score.to_string()),
        ),
        ("risk", scorecard.risk.to_string()),
    ];
    properties.extend(view.inputs.iter().cloned());
    Suite {
        name: "posture and decisions".to_owned(),
        properties,
        cases: std::iter::once(posture).chain(gates).collect(),
    }
}

fn class(model: &Model<'_>, part: &str) -> String {
    format!("{}.{part}", model.scorecard.contract.name)
}

fn gate_case(gate: &GateFinding<'_>, class: String) -> Case {
    let told = |kind, message: &str| Told {
        kind,
        message: message.to_owned(),
        body: lines(&[
            ("needed", &sentences::gate(gate)),
            ("expected", &gate.expected),
            ("found", &gate.found),
            ("why", gate.because.as_deref().unwrap_or_default()),
        ]),
    };
    let outcome = match gate.state {
        GateState::Passed => Outcome::Passed,
        GateState::Failed => Outcome::Failed(told("gate-failed", "the gate stands in the way")),
        GateState::Open => Outcome::Error(told("decision-needed", "a decision is still needed")),
        GateState::NotApplicable => Outcome::Skipped("the gate does not apply".to_owned()),
    };
    let name = format!("gate {}: {}", gate.gate, gate.title);
    Case {
        name,
        class,
        outcome,
        output: String::new(),
    }
}

fn dimension_suite(model: &Model<'_>, dimension: &DimensionScore<'_>) -> Suite {
    let of_dimension = |finding: &&Finding<'_>| finding.dimension == dimension.id;
    let findings = model.scorecard.findings.iter().filter(of_dimension);
    let mut cases: Vec<_> = findings
        .map(|finding| clause_case(model, finding))
        .collect();
    if dimension.score.is_none() {
        cases.push(Case {
            name: "something was checked".to_owned(),
            class: class(model, &dimension.id),
            outcome: Outcome::Error(Told {
                kind: "nothing-checked",
                message: "no clause of this dimension applies, so nothing was checked".to_owned(),
                body: Vec::new(),
            }),
            output: String::new(),
        });
    }
    suite(&dimension.title, cases)
}

fn clause_case(model: &Model<'_>, finding: &Finding<'_>) -> Case {
    let told = |kind| Told {
        kind,
        message: format!("{} ({})", finding.title, sentences::state(finding)),
        body: body(finding),
    };
    let (outcome, output) = match finding.state {
        FindingState::Passed => (Outcome::Passed, String::new()),
        FindingState::Failed => (
            Outcome::Failed(told(finding.severity.word())),
            String::new(),
        ),
        FindingState::Unknown => (Outcome::Error(told("unknown")), String::new()),
        FindingState::Pending => {
            let start = model.starts.get(finding.clause.as_ref()).copied();
            (
                Outcome::Skipped(sentences::pending(finding, start)),
                String::new(),
            )
        }
        FindingState::Waived => {
            let id = finding.waiver.as_deref().unwrap_or("not named");
            (
                Outcome::Passed,
                format!("not met, and excused by waiver {id}"),
            )
        }
        FindingState::NotApplicable => (
            Outcome::Skipped("the clause does not apply".to_owned()),
            String::new(),
        ),
    };
    Case {
        name: format!("{}: {}", finding.clause, finding.title),
        class: class(model, &finding.dimension),
        outcome,
        output,
    }
}

fn body(finding: &Finding<'_>) -> Vec<String> {
    let effort = format!(
        "{} of 5 ({})",
        finding.effort,
        sentences::effort(finding.effort)
    );
    let mut body = lines(&[
        ("where", &finding.places.join(", ")),
        ("expected", &finding.expected),
        ("found", &finding.found),
    ]);
    body.extend(finding.details.iter().map(|detail| {
        format!(
            "- {}: expected {}, found {}",
            detail.place, detail.expected, detail.found
        )
    }));
    body.extend(lines(&[
        ("why", finding.because.as_deref().unwrap_or_default()),
        ("fix", finding.fix.as_deref().unwrap_or_default()),
        ("effort", &effort),
    ]));
    body
}

fn lines(fields: &[(&str, &str)]) -> Vec<String> {
    let said = fields.iter().filter(|(_, value)| !value.is_empty());
    said.map(|(label, value)| format!("{label}: {value}"))
        .collect()
}
