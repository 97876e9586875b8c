//! Whatever stands in a field, the check ends, says so, and says the same again.

use serde_json::{Value, json};

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "hostile-values-are-answered";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

fn try_out(parameters: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    let texts = parameters
        .hostile_texts
        .iter()
        .map(|text| Value::from(text.as_str()));
    let shapes = [
        Value::Null,
        json!(true),
        json!(-9_007_199_254_740_991_i64),
        json!([[[[[[[[]]]]]]]]),
        json!({"": {}}),
        Value::from("x".repeat(100_000)),
    ];
    let hostile: Vec<Value> = texts.chain(shapes).collect();
    let names: Vec<String> = scene
        .package
        .payload()
        .as_map()
        .into_iter()
        .flat_map(|fields| fields.keys().map(str::to_owned))
        .collect();
    for (name, value) in names
        .iter()
        .flat_map(|name| hostile.iter().map(move |value| (name, value)))
    {
        let mut document = scene.package.document().to_value();
        if let Some(payload) = document.get_mut("payload").and_then(Value::as_object_mut) {
            payload.insert(name.clone(), value.clone());
        }
        let changed = match scene.with_package(document) {
            Ok(changed) => changed,
            Err(why) => {
                trial.fails(NAME, &why);
                continue;
            }
        };
        let (first, again) = (
            changed.check(subject.contract),
            changed.check(subject.contract),
        );
        if let Ok(scorecard) = &first {
            trial.is_sound(NAME, scorecard);
        }
        trial.holds(NAME, first.is_ok() && first == again, || {
            format!("expected an answer, and the same one again, for a hostile `{name}`")
        });
    }
}
