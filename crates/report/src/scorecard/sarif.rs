//! Scorecards as SARIF 2.1.0: a result for each clause that is not met, each open gate and each rule
//! of the posture, with the JSON Pointer in the package as logical location.

use baton_contract::model::Severity;
use baton_scoring::wire::{Finding, FindingState, GateFinding, Rule};
use serde_json::{Value, json};

use super::model::Model;
use super::sentences;
use super::view::View;
use crate::sarif::{Finding as Result, RuleDescription, Run, log};

/// Name that results bear when the package has no file.
const PACKAGE_DEFAULT: &str = "package.json";

/// Returns a scorecard as a SARIF log.
pub fn sarif(model: &Model<'_>) -> Value {
    let view = View::new(model);
    let mut run = Run {
        rules: Vec::new(),
        findings: Vec::new(),
        properties: properties(model),
    };
    let scorecard = model.scorecard;
    for cause in scorecard
        .causes
        .iter()
        .filter(|cause| cause.rule != Rule::GateOpen)
    {
        let id = format!("posture:{}", sentences::rule(cause.rule));
        let level = match cause.rule.posture() {
            baton_scoring::wire::Posture::Critical => "error",
            _ => "warning",
        };
        let about = cause
            .subject
            .as_deref()
            .map(|subject| format!(" ({subject})"));
        let message = format!("{}{}", view.why, about.unwrap_or_default());
        run.rules.push(RuleDescription {
            id: id.clone(),
            summary: format!(
                "The posture is ready unless {} holds",
                sentences::rule(cause.rule)
            ),
            help: String::new(),
        });
        run.findings.push(result(model, (id, level), message, ""));
    }
    for finding in &scorecard.findings {
        clause(model, finding, &mut run);
    }
    for gate in scorecard.gates.iter().filter(|gate| gate.state.is_open()) {
        open_gate(model, gate, &mut run);
    }
    log(run)
}

fn properties(model: &Model<'_>) -> Value {
    let scorecard = model.scorecard;
    json!({
        "posture": scorecard.posture.word(),
        "score": scorecard.score,
        "risk": scorecard.risk,
        "asOf": scorecard.as_of,
        "contract": scorecard.contract.digest,
        "package": scorecard.package.digest,
    })
}

fn result(model: &Model<'_>, rule: (String, &'static str), message: String, at: &str) -> Result {
    Result {
        rule: rule.0,
        level: rule.1,
        message,
        uri: model.package.unwrap_or(PACKAGE_DEFAULT).to_owned(),
        region: model.regions.get(at).copied(),
        pointer: at.to_owned(),
        excuse: None,
    }
}

fn clause(model: &Model<'_>, finding: &Finding<'_>, run: &mut Run) {
    let level = match (finding.state, finding.severity) {
        (FindingState::Passed | FindingState::NotApplicable, _) => return,
        (FindingState::Pending, _) => "note",
        (FindingState::Unknown, _) | (_, Severity::Blocker | Severity::Major) => "error",
        (_, Severity::Minor) => "warning",
        (_, Severity::Note) => "note",
    };
    let because = finding.because.as_deref().unwrap_or_default();
    let fix = finding.fix.as_deref().unwrap_or_default();
    run.rules.push(RuleDescription {
        id: finding.clause.to_string(),
        summary: finding.title.to_string(),
        help: join(&[("Why", because), ("Fix", fix)]),
    });
    let mut message = match finding.state {
        FindingState::Pending => {
            let start = model.starts.get(finding.clause.as_ref()).copied();
            sentences::pending(finding, start)
        }
        _ => format!("{}: {}.", finding.title, sentences::state(finding)),
    };
    let told = join(&[
        ("Expected", &finding.expected),
        ("Found", &finding.found),
        ("Fix", fix),
    ]);
    if !told.is_empty() {
        message = format!("{message} {told}");
    }
    let excuse = finding
        .waiver
        .as_ref()
        .map(|waiver| format!("waiver {waiver}"));
    let of_rule = |at: &str, message: String| Result {
        excuse: excuse.clone(),
        ..result(model, (finding.clause.to_string(), level), message, at)
    };
    let at = finding.places.first().map_or("", String::as_str);
    let details = finding.details.iter().map(|detail| {
        let told = join(&[
            ("Expected", &detail.expected),
            ("Found", &detail.found),
            ("Fix", fix),
        ]);
        of_rule(&detail.place, format!("{}. {told}", finding.title))
    });
    run.findings.extend(details);
    if finding.details.is_empty() {
        run.findings.push(of_rule(at, message));
    }
}

fn open_gate(model: &Model<'_>, gate: &GateFinding<'_>, run: &mut Run) {
    let id = format!("gate:{}", gate.gate);
    run.rules.push(RuleDescription {
        id: id.clone(),
        summary: gate.title.to_string(),
        help: gate.because.as_deref().unwrap_or_default().to_owned(),
    });
    let told = join(&[("Expected", &gate.expected), ("Found", &gate.found)]);
    let message = format!(
        "Decision still needed: {}; {}. {told}",
        gate.title,
        sentences::gate(gate)
    );
    run.findings.push(result(
        model,
        (id, "warning"),
        message.trim_end().to_owned(),
        "",
    ));
}

fn join(parts: &[(&str, &str)]) -> String {
    let said = parts.iter().filter(|(_, text)| !text.is_empty());
    let said: Vec<String> = said
        .map(|(label, text)| format!("{label}: {text}"))
        .collect();
    said.join(" · ")
}
