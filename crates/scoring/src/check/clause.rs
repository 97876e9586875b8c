//! One clause against one package: its judgement, and what to say where it is not met.

use std::borrow::Cow;

use baton_contract::expression::{
    Bindings, EvaluationError, Expression, Found, Observation, Outcome,
};
use baton_contract::model::{Clause, PendingUntil};
use baton_terms::BasisPoints;

use super::built_in;
use super::compile::{CheckedCheck, CheckedClause, CheckedContract};
use super::score::Inputs;
use crate::wire::{Detail, Finding, FindingState};

/// Observations told in words for one finding.
const OBSERVATIONS_TOLD_MAX: usize = 5;

/// What a clause came to, before pending and waivers.
#[derive(Debug)]
pub(super) struct Judgement<'a> {
    pub(super) state: FindingState,
    pub(super) value: BasisPoints,
    pub(super) told: Told<'a>,
}

/// What there is to say about a clause that is not met.
#[derive(Debug, Default)]
pub(super) struct Told<'a> {
    pub(super) places: Vec<String>,
    pub(super) expected: Cow<'a, str>,
    pub(super) found: String,
    pub(super) details: Vec<Detail>,
}

impl<'a> Judgement<'a> {
    pub(super) fn passed() -> Self {
        Self::of(FindingState::Passed, BasisPoints::FULL, Told::default())
    }

    pub(super) fn not_applicable() -> Self {
        Self::of(
            FindingState::NotApplicable,
            BasisPoints::ZERO,
            Told::default(),
        )
    }

    pub(super) fn failed(told: Told<'a>) -> Self {
        Self::of(FindingState::Failed, BasisPoints::ZERO, told)
    }

    pub(super) fn unknown(told: Told<'a>) -> Self {
        Self::of(FindingState::Unknown, BasisPoints::ZERO, told)
    }

    fn of(state: FindingState, value: BasisPoints, told: Told<'a>) -> Self {
        Self { state, value, told }
    }
}

/// Returns the finding of a clause, without waivers.
pub(super) fn finding<'a>(
    contract: &'a CheckedContract,
    checked: &'a CheckedClause,
    inputs: &Inputs<'a>,
    bindings: &Bindings<'_>,
) -> Finding<'a> {
    let judgement = match applies(checked, bindings, inputs) {
        Some(judgement) => judgement,
        None => judge(contract, checked, inputs, bindings),
    };
    let is_pending = is_pending(checked, &judgement, inputs);
    into_finding(&checked.clause, judgement, is_pending)
}

/// Returns the judgement of a clause whose `when` does not hold or can't be evaluated.
fn applies<'a>(
    checked: &'a CheckedClause,
    bindings: &Bindings<'_>,
    inputs: &Inputs<'_>,
) -> Option<Judgement<'a>> {
    let when = checked.when.as_ref()?;
    match condition(when, bindings) {
        Some(true) => None,
        Some(false) => Some(Judgement::not_applicable()),
        None => Some(Judgement::unknown(tell(when, bindings, inputs))),
    }
}

fn judge<'a>(
    contract: &'a CheckedContract,
    checked: &'a CheckedClause,
    inputs: &Inputs<'_>,
    bindings: &Bindings<'_>,
) -> Judgement<'a> {
    match &checked.check {
        CheckedCheck::BuiltIn(built_in) => built_in::judge(*built_in, contract, inputs),
        CheckedCheck::Expect(expect) => match condition(expect, bindings) {
            Some(true) => Judgement::passed(),
            Some(false) => Judgement::failed(tell(expect, bindings, inputs)),
            None => Judgement::unknown(tell(expect, bindings, inputs)),
        },
        CheckedCheck::Graded(graded) => grade(graded, bindings, inputs),
    }
}

/// Evaluates a condition; nothing when it gives no truth value.
pub(super) fn condition(expression: &Expression, bindings: &Bindings<'_>) -> Option<bool> {
    expression.evaluate(bindings).ok()?.as_bool()
}

fn grade<'a>(
    graded: &'a Expression,
    bindings: &Bindings<'_>,
    inputs: &Inputs<'_>,
) -> Judgement<'a> {
    let read = graded.reads();
    let told = |found: String| Told {
        places: places_in(
            read.iter()
                .map(|read| (read.variable.as_str(), read.pointer.as_str())),
            inputs,
        ),
        expected: Cow::Borrowed("the full value, 10000"),
        found,
        details: Vec::new(),
    };
    let value = match graded.evaluate(bindings) {
        Ok(value) => value.as_int(),
        Err(EvaluationError { reason, .. }) => return Judgement::unknown(told(reason.to_string())),
    };
    match value.map(BasisPoints::new) {
        Some(Ok(BasisPoints::FULL)) => Judgement::passed(),
        Some(Ok(value)) => {
            let told = told(format!("{} of 10000", value.get()));
            Judgement::of(FindingState::Failed, value, told)
        }
        Some(Err(_)) => {
            let found = value.unwrap_or_default();
            Judgement::unknown(told(format!("{found}, outside 0 to 10000")))
        }
        None => Judgement::unknown(told("a value that is no whole number".to_owned())),
    }
}

fn is_pending(checked: &CheckedClause, judgement: &Judgement<'_>, inputs: &Inputs<'_>) -> bool {
    let id = checked.clause.id.as_str();
    match (checked.pending, judgement.state) {
        (None, _)
        | (_, FindingState::NotApplicable)
        | (Some(PendingUntil::FirstMet), FindingState::Passed) => false,
        (Some(PendingUntil::Instant(until)), _) => inputs.context.as_of < until,
        (Some(PendingUntil::FirstMet), _) => !inputs.history.has_met(id),
    }
}

fn into_finding<'a>(clause: &'a Clause, judgement: Judgement<'a>, is_pending: bool) -> Finding<'a> {
    let is_met = matches!(
        judgement.state,
        FindingState::Passed | FindingState::NotApplicable
    );
    let said = |text: &'a str| (!is_met).then_some(Cow::Borrowed(text));
    let (state, value, would_be) = if is_pending {
        (
            FindingState::Pending,
            BasisPoints::ZERO,
            Some(judgement.state),
        )
    } else {
        (judgement.state, judgement.value, None)
    };
    Finding {
        clause: Cow::Borrowed(clause.id.as_str()),
        title: Cow::Borrowed(&clause.title),
        dimension: Cow::Borrowed(clause.dimension.as_str()),
        severity: clause.severity,
        weight: clause.weight,
        state,
        value,
        effort: clause.effort,
        because: said(&clause.because),
        fix: said(&clause.fix),
        places: judgement.told.places,
        expected: judgement.told.expected,
        found: judgement.told.found,
        details: judgement.told.details,
        would_be,
        waiver: None,
    }
}

/// Returns what to say about a condition that does not hold or can't be evaluated.
pub(super) fn tell<'a>(
    expression: &'a Expression,
    bindings: &Bindings<'_>,
    inputs: &Inputs<'_>,
) -> Told<'a> {
    let observations = expression.explain(bindings);
    let places = observations
        .iter()
        .flat_map(|observation| &observation.found);
    let places = places.map(|found| (found.variable.as_str(), found.pointer.as_str()));
    let told = observations.iter().take(OBSERVATIONS_TOLD_MAX);
    let mut found: Vec<String> = Vec::new();
    for text in told.flat_map(told_found) {
        // Several parts of a condition often read the same field.
        if !found.contains(&text) {
            found.push(text);
        }
    }
    Told {
        places: places_in(places, inputs),
        expected: Cow::Borrowed(expression.text()),
        found: if found.is_empty() {
            "it does not hold".to_owned()
        } else {
            found.join("; ")
        },
        details: Vec::new(),
    }
}

fn told_found(observation: &Observation) -> Vec<String> {
    let one = |found: &Found| {
        let value = found.value.as_deref().unwrap_or("nothing");
        format!("{}{} is {value}", found.variable, found.pointer)
    };
    let mut told: Vec<String> = observation.found.iter().map(one).collect();
    if let Outcome::Unknown(reason) = &observation.outcome {
        told.push(reason.to_string());
    }
    told
}

/// Returns pointers into the package document of places in the variables of expressions, in order and each once.
fn places_in<'p>(
    places: impl Iterator<Item = (&'p str, &'p str)>,
    inputs: &Inputs<'_>,
) -> Vec<String> {
    let pointer = |(variable, pointer): (&str, &str)| match variable {
        "package" => Some(format!("/payload{pointer}")),
        "evidence" => Some(match pointer.split('/').nth(1) {
            Some(id) => built_in::evidence_place(id, inputs),
            None => "/evidence".to_owned(),
        }),
        "context"
            if pointer == "/risk_tier"
                || pointer == "/work_item"
                || pointer.starts_with("/sender") =>
        {
            Some(pointer.to_owned())
        }
        _ => None,
    };
    let mut pointers: Vec<String> = places.filter_map(pointer).collect();
    pointers.sort();
    pointers.dedup();
    pointers
}
