//! A field the schema requires is missed when it is not there.

use baton_scoring::wire::Posture;
use serde_json::Value;

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "removed-fields-are-noticed";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

fn try_out(_: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    let schema = subject.contract.contract().inputs.schema.as_ref();
    let required = schema
        .and_then(|schema| schema.value.get("required"))
        .and_then(Value::as_array);
    for field in required.into_iter().flatten().filter_map(Value::as_str) {
        let mut document = scene.package.document().to_value();
        let payload = document.get_mut("payload").and_then(Value::as_object_mut);
        if payload.and_then(|payload| payload.remove(field)).is_none() {
            continue; // The example does without it already; its unit case says what follows.
        }
        let without = match scene.with_package(document) {
            Ok(without) => without,
            Err(why) => {
                trial.fails(NAME, &why);
                continue;
            }
        };
        let Ok(scorecard) = without.check(subject.contract) else {
            trial.fails(NAME, "the package can't be checked");
            continue;
        };
        trial.is_sound(NAME, &scorecard);
        trial.holds(NAME, scorecard.posture != Posture::Ready, || {
            format!("expected a package without `{field}` not to be ready, found ready")
        });
    }
}
