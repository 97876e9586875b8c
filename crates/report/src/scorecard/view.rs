//! What every rendering of a scorecard says, in the order it says it. The texts may hold anything
//! a contract or package holds; each rendering escapes them as it draws.

use baton_contract::model::{GateKind, Severity};
use baton_scoring::explain::{InputChange, Path};
use baton_scoring::wire::{Finding, FindingState, GateFinding, GateState, Posture};
use baton_terms::BasisPoints;

use super::model::{Model, Since};
use super::sentences;
use crate::{place, words};

/// A scorecard in reading order.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) posture: Posture,
    /// What was checked with what.
    pub(super) subject: String,
    pub(super) score: String,
    pub(super) risk: String,
    pub(super) why: String,
    /// Findings that are not met, most serious first, then least effort.
    pub(super) missing: Vec<Missing<'a>>,
    pub(super) path: Option<String>,
    pub(super) changes: Option<Changed>,
    pub(super) decisions: Vec<Decision<'a>>,
    pub(super) warnings: Vec<String>,
    pub(super) risk_terms: Vec<(String, String)>,
    /// How many clauses are in which state.
    pub(super) counts: String,
    /// Name and digest of everything read, and the time.
    pub(super) inputs: Vec<(&'static str, String)>,
}

/// One clause that is not met.
#[derive(Debug)]
pub(super) struct Missing<'a> {
    pub(super) number: usize,
    pub(super) finding: &'a Finding<'a>,
    pub(super) state: String,
    pub(super) effort: String,
    pub(super) is_on_path: bool,
}

/// One gate that stands in the way.
#[derive(Debug)]
pub(super) struct Decision<'a> {
    pub(super) gate: &'a GateFinding<'a>,
    pub(super) what: String,
    /// What a rule expected and found; what an approval takes is said already.
    pub(super) expected: &'a str,
    pub(super) found: &'a str,
}

/// What changed since a previous check.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) heading: String,
    pub(super) lines: Vec<String>,
}

impl Missing<'_> {
    /// Returns the places looked at: in words, and as JSON Pointers.
    pub(super) fn places(&self) -> Vec<(String, &str)> {
        let place = |pointer: &'_ String| place::in_words(pointer);
        self.finding
            .places
            .iter()
            .map(|pointer| (place(pointer), pointer.as_str()))
            .collect()
    }
}

impl<'a> View<'a> {
    pub(super) fn new(model: &'a Model<'a>) -> Self {
        let missing = missing(model);
        let scorecard = model.scorecard;
        let risk_terms = scorecard.risk_terms.iter().map(|term| {
            let source = sentences::risk_source(term.source, term.clause.as_deref());
            (source, BasisPoints::saturating(term.points).to_string())
        });
        Self {
            posture: scorecard.posture,
            subject: subject(model),
            score: sentences::score(model),
            risk: sentences::risk(model),
            why: sentences::why(model),
            path: model
                .path
                .as_ref()
                .and_then(|path| path_sentence(path, &missing, model)),
            changes: model.since.as_ref().map(|since| changed(since, model)),
            decisions: decisions(model),
            warnings: warnings(model),
            risk_terms: risk_terms.collect(),
            counts: counts(&scorecard.findings),
            inputs: inputs(model),
            missing,
        }
    }

    /// Returns `REVIEW — score …, risk …`.
    pub(super) fn headline(&self) -> String {
        format!("{} — {}, {}", self.word(), self.score, self.risk)
    }

    /// Returns the posture in capitals.
    pub(super) fn word(&self) -> String {
        self.posture.word().to_uppercase()
    }
}

fn subject(model: &Model<'_>) -> String {
    let scorecard = model.scorecard;
    let title = model
        .contract_title
        .map(|title| format!("{title}: "))
        .unwrap_or_default();
    let package = model
        .package
        .map(|name| format!(" ({name})"))
        .unwrap_or_default();
    let (contract, work_item) = (&scorecard.contract, &scorecard.package.work_item);
    format!(
        "{title}work item {work_item}{package} under {} {}",
        contract.name, contract.version
    )
}

fn missing<'a>(model: &'a Model<'a>) -> Vec<Missing<'a>> {
    let mut unmet: Vec<&Finding<'_>> = model
        .scorecard
        .findings
        .iter()
        .filter(|finding| finding.state.is_unmet())
        .collect();
    // The sort is stable: what is equal stays in canonical clause order.
    unmet.sort_by_key(|finding| (finding.severity, finding.effort));
    let fixes = match &model.path {
        Some(Path::Fixes { fixes, .. }) => fixes.as_slice(),
        Some(Path::None { .. }) | None => &[],
    };
    let is_on_path = |finding: &Finding<'_>| fixes.iter().any(|fix| fix.clause == finding.clause);
    unmet
        .into_iter()
        .zip(1..)
        .map(|(finding, number)| Missing {
            number,
            finding,
            state: sentences::state(finding),
            effort: format!(
                "effort {} ({})",
                finding.effort,
                sentences::effort(finding.effort)
            ),
            is_on_path: is_on_path(finding),
        })
        .collect()
}

fn path_sentence(path: &Path, missing: &[Missing<'_>], model: &Model<'_>) -> Option<String> {
    let (fixes, effort, approvals, rechecks) = match path {
        Path::None { obstacles } => {
            let named = obstacles
                .iter()
                .map(|obstacle| sentences::obstacle(obstacle, model));
            let named: Vec<String> = named.collect();
            let because = words::list(&named);
            return Some(format!(
                "No set of fixes makes this handoff ready: {because}."
            ));
        }
        Path::Fixes {
            fixes,
            effort,
            approvals,
            rechecks,
        } => (fixes, effort, approvals, rechecks),
    };
    let numbers: Vec<String> = fixes
        .iter()
        .map(|fix| number(&fix.clause, missing))
        .collect();
    let mut steps = Vec::new();
    if !numbers.is_empty() {
        steps.push(format!("fix {}", words::list(&numbers)));
    }
    match approvals.len() {
        0 => {}
        1 => steps.push("get the approval below".to_owned()),
        several => steps.push(format!("get the {several} approvals below")),
    }
    let title = |id: &String| {
        let mut gates = model.scorecard.gates.iter();
        let open = gates.find(|gate| gate.gate == *id && gate.state.is_open())?;
        Some(format!("“{}”", open.title))
    };
    let rechecks: Vec<String> = rechecks.iter().filter_map(title).collect();
    reached(&steps, *effort, &rechecks)
}

/// Returns where the steps lead; nothing when there is none to take.
fn reached(steps: &[String], effort: u64, rechecks: &[String]) -> Option<String> {
    if steps.is_empty() && rechecks.is_empty() {
        return None;
    }
    let start = match steps {
        [] => "This handoff is ready".to_owned(),
        steps => format!(
            "{}, and this handoff is ready",
            words::capital(&steps.join(", "))
        ),
    };
    let effort = match effort {
        0 => String::new(),
        effort => format!(" (effort {effort} in all)"),
    };
    let provided = match rechecks {
        [] => String::new(),
        [one] => format!(", provided that {one} then holds"),
        several => format!(", provided that {} then hold", words::list(several)),
    };
    Some(format!("{start}{effort}{provided}."))
}

fn number(clause: &str, missing: &[Missing<'_>]) -> String {
    let found = missing
        .iter()
        .find(|missing| missing.finding.clause == clause);
    found.map_or_else(|| clause.to_owned(), |missing| missing.number.to_string())
}

fn decisions<'a>(model: &'a Model<'a>) -> Vec<Decision<'a>> {
    let open = model
        .scorecard
        .gates
        .iter()
        .filter(|gate| gate.state.is_open());
    open.map(|gate| {
        let is_rule = gate.kind == GateKind::Policy;
        Decision {
            gate,
            what: sentences::gate(gate),
            expected: if is_rule { &gate.expected } else { "" },
            found: if is_rule { &gate.found } else { "" },
        }
    })
    .collect()
}

fn warnings(model: &Model<'_>) -> Vec<String> {
    let scorecard = model.scorecard;
    let of = |state| {
        scorecard
            .findings
            .iter()
            .filter(move |finding| finding.state == state)
    };
    let pending = of(FindingState::Pending).map(|finding| {
        sentences::pending(finding, model.starts.get(finding.clause.as_ref()).copied())
    });
    let waived = of(FindingState::Waived).map(|finding| {
        let id = finding.waiver.as_deref().unwrap_or("not named");
        let until = model
            .waivers
            .get(id)
            .map(|at| format!(" until {}", words::moment(*at)))
            .unwrap_or_default();
        format!(
            "Waived: {} ({}) is not met and counts as met{until}, by waiver {id}.",
            finding.title, finding.clause
        )
    });
    let refused = scorecard.waivers_refused.iter().map(|refused| {
        let reason = sentences::refusal(refused.reason);
        format!(
            "Refused: waiver {} for {} does not count; {reason}.",
            refused.waiver, refused.clause
        )
    });
    pending.chain(waived).chain(refused).collect()
}

/// Returns the numbers of clauses by state: `12 of 18 clauses passed, 3 failed, …`.
fn counts(findings: &[Finding<'_>]) -> String {
    let number = |state| {
        findings
            .iter()
            .filter(|finding| finding.state == state)
            .count()
    };
    let all = words::count(findings.len(), "clause");
    let mut parts = vec![format!("{} of {all} passed", number(FindingState::Passed))];
    for (state, word) in [
        (FindingState::Failed, "failed"),
        (FindingState::Unknown, "unknown"),
        (FindingState::Waived, "waived"),
        (FindingState::Pending, "pending"),
        (FindingState::NotApplicable, "not applicable"),
    ] {
        match number(state) {
            0 => {}
            some => parts.push(format!("{some} {word}")),
        }
    }
    parts.join(", ")
}

fn inputs(model: &Model<'_>) -> Vec<(&'static str, String)> {
    let scorecard = model.scorecard;
    // A scorecard in hand holds only numbers that have a canonical form.
    let digest = scorecard
        .digest()
        .map(|digest| digest.to_string())
        .unwrap_or_default();
    vec![
        ("as of", scorecard.as_of.to_string()),
        ("scorecard", digest),
        ("contract", scorecard.contract.digest.to_string()),
        ("package", scorecard.package.digest.to_string()),
        ("evidence", scorecard.inputs.evidence.to_string()),
        ("waivers", scorecard.inputs.waivers.to_string()),
        ("history", scorecard.inputs.history.to_string()),
        ("context", scorecard.inputs.context.to_string()),
        (
            "keyring",
            scorecard
                .inputs
                .keyring
                .map_or_else(|| "none".to_owned(), |digest| digest.to_string()),
        ),
    ]
}

fn changed(since: &Since<'_>, model: &Model<'_>) -> Changed {
    let changes = &since.changes;
    let mut lines = Vec::new();
    let mut moved = |what: &str, before: &str, now: &str| {
        if before != now {
            lines.push(format!("{what}: {before} → {now}"));
        }
    };
    let percent = |score: Option<BasisPoints>| {
        score.map_or_else(|| "none".to_owned(), |score| score.to_string())
    };
    moved(
        "Posture",
        changes.posture.0.word(),
        changes.posture.1.word(),
    );
    moved(
        "Score",
        &percent(changes.score.0),
        &percent(changes.score.1),
    );
    moved(
        "Risk",
        &changes.risk.0.to_string(),
        &changes.risk.1.to_string(),
    );
    let title = |clause: &str| {
        let finding = model
            .scorecard
            .finding(clause)
            .or_else(|| since.previous.finding(clause));
        finding.map(|finding| format!("{} ({clause})", finding.title))
    };
    for change in &changes.findings {
        let state = |state: Option<FindingState>, value: BasisPoints| match state {
            None => "not there".to_owned(),
            Some(FindingState::Failed) if value > BasisPoints::ZERO => format!("met to {value}"),
            Some(state) => state.word().to_owned(),
        };
        let what = title(&change.clause).unwrap_or_else(|| change.clause.clone());
        let before = state(change.before, change.value_before);
        moved(&what, &before, &state(change.now, change.value_now));
    }
    for (gate, before, now) in &changes.gates {
        let word = |state: Option<GateState>| state.map_or("not there", sentences::gate_state);
        moved(&format!("Gate {gate}"), word(*before), word(*now));
    }
    let inputs: Vec<String> = changes
        .inputs
        .iter()
        .map(|input| input_word(*input).to_owned())
        .collect();
    if !inputs.is_empty() {
        lines.push(format!("Not the same as before: {}", words::list(&inputs)));
    }
    if lines.is_empty() {
        lines.push("Nothing.".to_owned());
    }
    Changed {
        heading: format!("What changed since {}", words::moment(since.previous.as_of)),
        lines,
    }
}

/// Returns the word of an input, as in `explanation/v1`.
pub(super) const fn input_word(input: InputChange) -> &'static str {
    match input {
        InputChange::Contract => "contract",
        InputChange::Package => "package",
        InputChange::Evidence => "evidence",
        InputChange::Waivers => "waivers",
        InputChange::History => "history",
        InputChange::Context => "context",
    }
}

/// Returns how loudly a severity is drawn.
pub(super) const fn is_loud(severity: Severity) -> bool {
    matches!(severity, Severity::Blocker | Severity::Major)
}
