//! Gates: what a policy says, and which approvals are still needed. A gate that can't be evaluated is open.

use std::borrow::Cow;

use baton_contract::expression::Bindings;
use baton_contract::model::{Gate, GateKind};

use super::clause::{Told, condition, tell};
use super::compile::CheckedGate;
use super::score::Inputs;
use crate::wire::{GateFinding, GateState};

pub(super) fn finding<'a>(
    checked: &'a CheckedGate,
    inputs: &Inputs<'a>,
    bindings: &Bindings<'_>,
) -> GateFinding<'a> {
    let (state, told) = decide(checked, inputs, bindings);
    let gate = &checked.gate;
    let found = gate_finding(gate, state);
    if state.is_open() {
        GateFinding {
            expected: told.expected,
            found: told.found,
            ..found
        }
    } else {
        found
    }
}

fn decide<'a>(
    checked: &'a CheckedGate,
    inputs: &Inputs<'_>,
    bindings: &Bindings<'_>,
) -> (GateState, Told<'a>) {
    if let Some(when) = &checked.when {
        match condition(when, bindings) {
            Some(true) => {}
            Some(false) => return (GateState::NotApplicable, Told::default()),
            None => return (GateState::Open, tell(when, bindings, inputs)),
        }
    }
    match (checked.gate.kind, &checked.expect) {
        (GateKind::Approval, _) => (GateState::Open, approval_needed(&checked.gate)),
        (GateKind::Policy, Some(expect)) => match condition(expect, bindings) {
            Some(true) => (GateState::Passed, Told::default()),
            Some(false) => (GateState::Failed, tell(expect, bindings, inputs)),
            None => (GateState::Open, tell(expect, bindings, inputs)),
        },
        (GateKind::Policy, None) => {
            let found = "no expression that could hold".to_owned();
            (
                GateState::Open,
                Told {
                    found,
                    ..Told::default()
                },
            )
        }
    }
}

fn approval_needed(gate: &Gate) -> Told<'static> {
    let approvers: Vec<&str> = gate.approvers.iter().map(baton_terms::Id::as_str).collect();
    // A gate without a quorum can't be met by nobody: it asks for one approval.
    let quorum = gate.quorum.unwrap_or(1);
    Told {
        expected: Cow::Owned(format!("{quorum} approval(s) by: {}", approvers.join(", "))),
        found: "no decision in this check; approvals are decided on the handoff".to_owned(),
        ..Told::default()
    }
}

fn gate_finding(gate: &Gate, state: GateState) -> GateFinding<'_> {
    let is_approval = gate.kind == GateKind::Approval;
    GateFinding {
        gate: Cow::Borrowed(gate.id.as_str()),
        title: Cow::Borrowed(&gate.title),
        kind: gate.kind,
        state,
        because: state
            .is_open()
            .then_some(Cow::Borrowed(gate.because.as_str())),
        approvers: gate
            .approvers
            .iter()
            .map(|role| Cow::Borrowed(role.as_str()))
            .collect(),
        quorum: gate.quorum.or(is_approval.then_some(1)),
        of: gate.of,
        separation: gate.separation.clone(),
        decided_by: is_approval.then_some(gate.decided_by),
        expires: gate.expires.as_deref().map(Cow::Borrowed),
        on_expiry: is_approval.then_some(gate.on_expiry),
        expected: Cow::Borrowed(""),
        found: String::new(),
    }
}
