//! However many threads check at once, each gets the same bytes.

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "threads-change-nothing";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

fn try_out(parameters: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    let contract = subject.contract;
    let bytes = || {
        scene
            .check(contract)
            .ok()
            .and_then(|scorecard| scorecard.to_bytes().ok())
    };
    let base = bytes();
    for threads in &parameters.threads {
        let found: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..*threads).map(|_| scope.spawn(bytes)).collect();
            running
                .into_iter()
                .map(|thread| thread.join().ok().flatten())
                .collect()
        });
        let is_same = base.is_some() && found.iter().all(|bytes| *bytes == base);
        trial.holds(NAME, is_same, || {
            format!("expected the same bytes on {threads} threads, found others")
        });
    }
}
