//! Work that can hurt people is looked at by a person other than the sender.

use baton_contract::model::{DecidedBy, GateKind, Separation};
use baton_scoring::wire::{GateState, Posture};

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "high-risk-is-reviewed-by-others";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

fn try_out(_: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    let mut document = scene.package.document().to_value();
    if let Some(fields) = document.as_object_mut() {
        fields.insert("risk_tier".to_owned(), "high".into());
    }
    let risky = match scene.with_package(document) {
        Ok(risky) => risky,
        Err(why) => return trial.fails(NAME, &why),
    };
    let Ok(scorecard) = risky.check(subject.contract) else {
        return trial.fails(NAME, "the package can't be checked");
    };
    trial.is_sound(NAME, &scorecard);
    trial.holds(NAME, scorecard.posture != Posture::Ready, || {
        "expected a high-risk package to wait for review, found ready".to_owned()
    });
    let gates = &subject.contract.contract().gates;
    let is_review = |id: &str| {
        gates.iter().any(|gate| {
            gate.id.as_str() == id
                && gate.kind == GateKind::Approval
                && gate.decided_by == DecidedBy::People
                && gate.separation.contains(&Separation::NotSender)
                && gate.quorum.is_some_and(|quorum| quorum >= 1)
        })
    };
    let is_waiting = scorecard
        .gates
        .iter()
        .any(|gate| gate.state == GateState::Open && is_review(gate.gate.as_ref()));
    trial.holds(NAME, is_waiting, || {
        "expected an open approval gate decided by people other than the sender, found none"
            .to_owned()
    });
}
