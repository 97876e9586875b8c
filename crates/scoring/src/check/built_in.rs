//! The checks Baton carries out itself: schema, evidence, unchanged since approval.

use std::borrow::Cow;

use baton_contract::model::{BuiltIn, Presence};

use super::clause::{Judgement, Told};
use super::compile::{CheckedContract, CheckedEvidence};
use super::score::Inputs;
use crate::evidence::{Item, Requirement, State};
use crate::wire::Detail;

/// Single problems told in one finding.
const DETAILS_MAX: usize = 100;

pub(super) fn judge<'a>(
    built_in: BuiltIn,
    contract: &'a CheckedContract,
    inputs: &Inputs<'_>,
) -> Judgement<'a> {
    match built_in {
        BuiltIn::Schema => schema(contract, inputs),
        BuiltIn::Evidence => evidence(contract, inputs),
        BuiltIn::UnchangedSinceApproval => unchanged(inputs),
    }
}

fn schema<'a>(contract: &'a CheckedContract, inputs: &Inputs<'_>) -> Judgement<'a> {
    let payload = inputs.package.payload();
    let Some(schema) = &contract.schema else {
        let found = "the contract has no schema".to_owned();
        return Judgement::unknown(Told {
            found,
            ..Told::default()
        });
    };
    if schema.is_valid(payload) {
        return Judgement::passed();
    }
    let detail = |problem: baton_contract::schema::SchemaProblem| Detail {
        place: format!("/payload{}", problem.instance_pointer),
        expected: problem.expected,
        found: problem.found,
    };
    let problems = schema.validate(payload).into_iter().map(detail).collect();
    Judgement::failed(told("a payload that fits the contract's schema", problems))
}

fn told(expected: &'static str, mut details: Vec<Detail>) -> Told<'static> {
    details.sort();
    details.dedup();
    let count = details.len();
    details.truncate(DETAILS_MAX);
    let mut places: Vec<String> = details.iter().map(|detail| detail.place.clone()).collect();
    places.dedup();
    let plural = if count == 1 { "" } else { "s" };
    Told {
        places,
        expected: Cow::Borrowed(expected),
        found: format!("{count} problem{plural}"),
        details,
    }
}

fn evidence<'a>(contract: &'a CheckedContract, inputs: &Inputs<'_>) -> Judgement<'a> {
    let mut faults: Vec<(State, Detail)> = Vec::new();
    for asked in &contract.evidence {
        faults.extend(fault_of_asked(asked, inputs));
    }
    let is_asked = |id: &str| {
        contract
            .evidence
            .iter()
            .any(|asked| asked.asked.id.as_str() == id)
    };
    for item in inputs
        .evidence
        .items()
        .iter()
        .filter(|item| !is_asked(&item.id))
    {
        if item.state == State::Mismatched {
            faults.push((item.state, fault(&item.id, Some(item), inputs)));
        }
    }
    if faults.is_empty() {
        return Judgement::passed();
    }
    // What is known to be wrong outweighs what could not be looked at.
    let is_known = faults
        .iter()
        .any(|(state, _)| *state != State::Unverifiable);
    let details = faults.into_iter().map(|(_, detail)| detail).collect();
    let told = told(
        "every required artifact present, and none mismatched",
        details,
    );
    if is_known {
        Judgement::failed(told)
    } else {
        Judgement::unknown(told)
    }
}

/// Returns what is wrong with an artifact the contract knows, if anything.
fn fault_of_asked(checked: &CheckedEvidence, inputs: &Inputs<'_>) -> Option<(State, Detail)> {
    let id = checked.asked.id.as_str();
    let item = inputs.evidence.get(id);
    // An index that does not know the artifact can't vouch for it.
    let state = item.map_or(State::Unverifiable, |item| item.state);
    let must_be_there = match checked.asked.presence {
        Presence::Required => true,
        Presence::Optional => false,
        Presence::When(_) => item.is_none_or(|item| item.requirement != Requirement::NotRequired),
    };
    let is_faulty = match state {
        State::Present => false,
        State::Mismatched => true,
        _ => must_be_there,
    };
    // `not-required` on something required is a contradiction: it counts as missing.
    is_faulty.then(|| (state, fault(id, item, inputs)))
}

fn fault(id: &str, item: Option<&Item>, inputs: &Inputs<'_>) -> Detail {
    let found = match item {
        None => "unverifiable: not in the evidence index".to_owned(),
        Some(item) if item.reason.is_empty() => item.state.word().to_owned(),
        Some(item) => format!("{}: {}", item.state.word(), item.reason),
    };
    Detail {
        place: evidence_place(id, inputs),
        expected: format!("`{id}` present"),
        found,
    }
}

/// Returns where the package declares an artifact, or where it would.
pub(super) fn evidence_place(id: &str, inputs: &Inputs<'_>) -> String {
    let declared = inputs.package.evidence();
    match declared
        .iter()
        .position(|evidence| evidence.id.as_str() == id)
    {
        Some(index) => format!("/evidence/{index}"),
        None => "/evidence".to_owned(),
    }
}

fn unchanged<'a>(inputs: &Inputs<'_>) -> Judgement<'a> {
    let Some(approved) = inputs.context.approved_package else {
        return Judgement::not_applicable();
    };
    let found = inputs.package.digest();
    if found == approved {
        return Judgement::passed();
    }
    Judgement::failed(Told {
        places: vec![String::new()],
        expected: Cow::Owned(format!("the approved package {approved}")),
        found: format!("the package {found}"),
        details: Vec::new(),
    })
}
