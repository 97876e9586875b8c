//! The order of keys and of lists whose order carries no meaning never reaches a scorecard.

use baton_contract::document::Document;
use baton_evidence::json::{self, Limits};
use baton_scoring::CheckedContract;
use baton_terms::Source;
use serde_json::Value;

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "order-changes-nothing";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

/// Lists of a contract whose order carries no meaning.
const UNORDERED: [&str; 6] = [
    "clauses",
    "dimensions",
    "outcomes",
    "gates",
    "pending",
    "evidence",
];

fn try_out(parameters: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    let base = scene
        .check(subject.contract)
        .and_then(|s| s.to_bytes().map_err(|e| e.to_string()));
    for turn in 1..=parameters.permutations {
        let turned = turned(subject, scene, turn);
        trial.holds(NAME, turned.is_ok() && turned == base, || {
            let found = match (&turned, &base) {
                (Err(why), _) | (_, Err(why)) => why.clone(),
                _ => "other bytes".to_owned(),
            };
            format!("expected the same scorecard in order {turn}, found {found}")
        });
    }
}

fn turned(subject: &Subject<'_>, scene: &Scene, turn: usize) -> Result<Vec<u8>, String> {
    let refused = |_| "a refusal of the same content".to_owned();
    let text = written(subject.form, (turn, &UNORDERED), "");
    let reading = Document::alone(Source::new("contract.json", text)).read();
    let contract = CheckedContract::compile(&reading).map_err(refused)?;
    // The lists of a package keep their order: its digest and the places of findings count on it.
    let package = written(&scene.package.document().to_value(), (turn, &[]), "");
    let document = json::read(package.as_bytes(), Limits::PACKAGE).map_err(refused)?;
    let scene = scene.with_package(document)?;
    let scorecard = scene.check(&contract)?;
    scorecard.to_bytes().map_err(|error| error.to_string())
}

/// Returns JSON with the keys of every object, and the items of unordered lists, turned by `turn`.
fn written(value: &Value, (turn, unordered): (usize, &[&str]), key: &str) -> String {
    match value {
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| {
                format!(
                    "{}:{}",
                    Value::from(key.as_str()),
                    written(value, (turn, unordered), key)
                )
            };
            let mut entries: Vec<_> = map.iter().map(entry).collect();
            turn_by(&mut entries, turn);
            format!("{{{}}}", entries.join(","))
        }
        Value::Array(items) => {
            let item = |item| written(item, (turn, unordered), "");
            let mut items: Vec<_> = items.iter().map(item).collect();
            if unordered.contains(&key) {
                turn_by(&mut items, turn);
            }
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

fn turn_by(items: &mut [String], turn: usize) {
    if let Some(by) = turn.checked_rem(items.len()) {
        items.rotate_left(by);
    }
    if turn.is_multiple_of(2) {
        items.reverse();
    }
}
