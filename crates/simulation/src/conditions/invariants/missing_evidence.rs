//! Taking an artifact away never makes a handoff look better.

use baton_scoring::evidence::{EvidenceIndex, State};

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "missing-evidence-never-helps";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

fn try_out(_: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    let Ok(base) = scene.check(subject.contract) else {
        return trial.fails(NAME, "the package can't be checked");
    };
    for taken in scene
        .evidence
        .items()
        .iter()
        .filter(|item| item.state == State::Present)
    {
        for state in [
            State::Missing,
            State::Stale,
            State::Mismatched,
            State::Unverifiable,
        ] {
            let items = scene.evidence.items().iter().cloned().map(|mut item| {
                if item.id == taken.id {
                    item.state = state;
                    item.result = None;
                    item.signer = None;
                    item.properties = Vec::new();
                }
                item
            });
            let without = Scene {
                evidence: EvidenceIndex::new(items),
                ..scene.clone()
            };
            let Ok(found) = without.check(subject.contract) else {
                trial.fails(NAME, "the package can't be checked");
                continue;
            };
            trial.is_sound(NAME, &found);
            trial.holds(NAME, found.posture >= base.posture, || {
                format!(
                    "expected `{}` {state:?} not to better the posture, found {:?}",
                    taken.id, found.posture
                )
            });
        }
    }
}
