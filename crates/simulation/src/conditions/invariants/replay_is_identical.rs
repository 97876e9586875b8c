//! A recorded decision, evaluated again from its record alone, gives the same bytes.

use baton_evidence::canonical;
use baton_evidence::trace::{self, Draft, Replayed, Trace};
use baton_scoring::decision;

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "replay-is-identical";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

fn try_out(_: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    match replayed(subject, scene) {
        Ok(found) => {
            let is_identical = matches!(found.as_slice(), [(_, Replayed::Identical { .. })]);
            trial.holds(NAME, is_identical, || {
                format!("expected one identical decision, found {found:?}")
            });
        }
        Err(why) => trial.fails(NAME, &why),
    }
}

fn replayed(subject: &Subject<'_>, scene: &Scene) -> Result<Vec<(u64, Replayed)>, String> {
    let scorecard = scene.check(subject.contract)?;
    let record = decision::record(
        &canonical::to_bytes(subject.form),
        &scene.inputs(),
        &scorecard,
    )
    .map_err(|error| error.to_string())?;
    let draft = Draft {
        time: scene.context.as_of,
        kind: "decision"
            .parse()
            .map_err(|_| "`decision` is no id".to_owned())?,
        subject: "scenario".to_owned(),
        actor: None,
        digests: record.digests,
        detail: record.detail,
    };
    let line = Trace::new()
        .append(draft)
        .map_err(|error| error.to_string())?;
    let blobs = record
        .blobs
        .iter()
        .map(|(digest, bytes)| (*digest, bytes.as_slice()))
        .collect();
    Ok(trace::replay(&line, &blobs, decision::replay))
}
