//! Evidence made after the check, by the clock of the check, is not present.

use std::collections::BTreeMap;

use baton_evidence::keys::Keyring;
use baton_scoring::evidence::{Artifact, Available, State};
use baton_terms::Instant;

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "evidence-from-the-future-is-not-present";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

fn try_out(parameters: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    let declared = scene.package.evidence();
    let artifacts: BTreeMap<_, _> = declared
        .iter()
        .map(|item| (item.id.to_string(), Artifact::Digest(item.digest)))
        .collect();
    let keyring = Keyring::default();
    for minutes in &parameters.clock_skews_minutes {
        for item in declared {
            let Some(as_of) = earlier(item.created_at, *minutes) else {
                continue;
            };
            let mut context = scene.context.clone();
            context.as_of = as_of;
            let available = Available {
                artifacts: &artifacts,
                keyring: &keyring,
                as_of,
            };
            let index = subject
                .contract
                .evidence_index(&scene.package, &context, &available);
            let found = index.get(item.id.as_str()).map(|item| item.state);
            trial.holds(NAME, found != Some(State::Present), || {
                format!(
                    "expected `{}` not to be present {minutes} minutes before it was made",
                    item.id
                )
            });
        }
    }
}

fn earlier(instant: Instant, minutes: u64) -> Option<Instant> {
    let seconds = i64::try_from(minutes).ok()?.checked_mul(60)?;
    let timestamp = instant
        .timestamp()
        .checked_sub(jiff::SignedDuration::from_secs(seconds))
        .ok()?;
    Some(Instant::from_timestamp(timestamp))
}
