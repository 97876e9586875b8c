//! Pressure on the receiver never makes a handoff look better, and counts once it is over the cap.

use baton_terms::BasisPoints;

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "overload-never-helps";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

fn try_out(parameters: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    let mut rested = scene.clone();
    rested.context.receiver_pressure = BasisPoints::ZERO;
    let Ok(base) = rested.check(subject.contract) else {
        return trial.fails(NAME, "the package can't be checked");
    };
    let cap = subject.contract.contract().budget.resource_pressure_cap;
    for pressure in &parameters.receiver_pressures {
        let mut loaded = scene.clone();
        loaded.context.receiver_pressure = BasisPoints::new(*pressure).unwrap_or(BasisPoints::FULL);
        let Ok(found) = loaded.check(subject.contract) else {
            trial.fails(NAME, "the package can't be checked under load");
            continue;
        };
        trial.is_sound(NAME, &found);
        trial.holds(NAME, found.posture >= base.posture, || {
            format!(
                "expected pressure {pressure} not to better the posture, found {:?} after {:?}",
                found.posture, base.posture
            )
        });
        let excess = cap.map_or(0, |cap| {
            loaded
                .context
                .receiver_pressure
                .get()
                .saturating_sub(cap.get())
        });
        let expected = BasisPoints::saturating(base.risk.get() + excess);
        trial.holds(NAME, found.risk == expected, || {
            format!(
                "expected pressure {pressure} to give risk {expected}, found {}",
                found.risk
            )
        });
    }
}
