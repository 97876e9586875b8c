//! Packages under each contract: one that is ready, and two with one defect each.
//!
//! They are the shipped example with another work item, so that its signed evidence still speaks of
//! what is handed over; a defect changes one thing and nothing else.

use baton_contract::model::{Contract, Presence};
use serde_json::{Map, Value};

use super::draw::Draws;
use super::files::{MadeFile, Seed, Shipped, ShippedError, file};

/// What is wrong with a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Defect {
    /// This evidence is not attached.
    EvidenceLeftOut(String),
    /// This evidence was changed after its digest was stated.
    EvidenceChanged(String),
    /// This evidence is too old.
    EvidenceStale(String),
    /// This field of the payload is not there.
    FieldLeftOut(String),
}

/// A made-up package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadePackage {
    /// Path of the package.
    pub path: String,
    /// Path of its contract's folder.
    pub contract: String,
    /// What is wrong with it, if anything.
    pub defect: Option<Defect>,
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::EvidenceLeftOut(id) => write!(f, "evidence `{id}` is left out"),
            Self::EvidenceChanged(id) => {
                write!(f, "evidence `{id}` was changed after its digest was stated")
            }
            Self::EvidenceStale(id) => write!(f, "evidence `{id}` is too old"),
            Self::FieldLeftOut(name) => write!(f, "field `{name}` is left out"),
        }
    }
}

/// Returns the packages of one contract, and their files with the evidence.
pub(super) fn of(
    seed: Seed,
    (shipped, contract): (&Shipped, &Contract),
) -> Result<(Vec<MadePackage>, Vec<MadeFile>), ShippedError> {
    let error = |reason: &str| ShippedError {
        contract: shipped.name.clone(),
        reason: reason.to_owned(),
    };
    let complete: Value =
        serde_json::from_slice(&shipped.complete).map_err(|_| error("its example is not JSON"))?;
    let complete = complete
        .as_object()
        .ok_or_else(|| error("its example is not an object"))?;
    let mut draws = Draws::of(seed.0, &shipped.name);
    let folder = format!("packages/{}", shipped.name);
    let mut files: Vec<MadeFile> = shipped
        .artifacts
        .iter()
        .map(|(path, bytes)| file(format!("{folder}/{path}"), bytes.clone()))
        .collect();
    let first = 1_000 + draws.below(8_000);
    let mut made = Vec::new();
    for (number, defect) in [
        None,
        on_evidence(contract, &mut draws),
        on_field(contract, complete, &mut draws),
    ]
    .into_iter()
    .enumerate()
    {
        let item = format!(
            "MADE-UP-{}",
            first + u64::try_from(number).unwrap_or_default()
        );
        let path = format!("{folder}/{}.json", item.to_lowercase());
        let mut package = complete.clone();
        package.insert("work_item".to_owned(), Value::String(item.clone()));
        if let Some(defect) = &defect {
            files.extend(spoil(&mut package, defect, (&folder, &item)));
        }
        let mut text = format!("{:#}", Value::Object(package));
        text.push('\n');
        files.push(file(path.clone(), text.into_bytes()));
        made.push(MadePackage {
            path,
            contract: format!("contracts/{}", shipped.name),
            defect,
        });
    }
    Ok((made, files))
}

/// Draws a defect of evidence that the contract always asks for, so that it is missed.
fn on_evidence(contract: &Contract, draws: &mut Draws) -> Option<Defect> {
    let asked: Vec<_> = contract
        .inputs
        .evidence
        .iter()
        .filter(|evidence| evidence.presence == Presence::Required)
        .collect();
    let evidence = draws.one_of(&asked)?;
    let id = evidence.id.to_string();
    // Of what is attested the attestation tells the age, whatever a package states.
    let is_attested = evidence.signer.is_some() || !evidence.predicate_types.is_empty();
    let kinds = if evidence.max_age.is_some() && !is_attested {
        3
    } else {
        2
    };
    Some(match draws.below(kinds) {
        0 => Defect::EvidenceLeftOut(id),
        1 => Defect::EvidenceChanged(id),
        _ => Defect::EvidenceStale(id),
    })
}

/// Draws a field that the contract's schema requires and the package has.
fn on_field(
    contract: &Contract,
    package: &Map<String, Value>,
    draws: &mut Draws,
) -> Option<Defect> {
    let schema = &contract.inputs.schema.as_ref()?.value;
    let payload = package.get("payload")?.as_object()?;
    let required = schema.get("required")?.as_array()?;
    let names: Vec<&str> = required
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| payload.contains_key(*name))
        .collect();
    let name = draws.one_of(&names)?;
    Some(Defect::FieldLeftOut((*name).to_owned()))
}

/// Puts `defect` into the package; returns the file that comes with it, if one does.
fn spoil(
    package: &mut Map<String, Value>,
    defect: &Defect,
    (folder, item): (&str, &str),
) -> Option<MadeFile> {
    match defect {
        Defect::FieldLeftOut(name) => {
            package.get_mut("payload")?.as_object_mut()?.remove(name);
            None
        }
        Defect::EvidenceLeftOut(id) => {
            let entries = package.get_mut("evidence")?.as_array_mut()?;
            entries.retain(|entry| entry.get("id").and_then(Value::as_str) != Some(id));
            None
        }
        Defect::EvidenceStale(id) => {
            let at = Value::String("2019-01-07T09:00:00Z".to_owned());
            evidence(package, id)?.insert("created_at".to_owned(), at);
            None
        }
        Defect::EvidenceChanged(id) => {
            let path = format!("artifacts/{}-changed.txt", item.to_lowercase());
            let entry = evidence(package, id)?;
            entry.insert("path".to_owned(), Value::String(path.clone()));
            let text = "Made up: this is not what the digest in the package was taken of.\n";
            Some(file(format!("{folder}/{path}"), text.as_bytes().to_vec()))
        }
    }
}

fn evidence<'a>(
    package: &'a mut Map<String, Value>,
    id: &str,
) -> Option<&'a mut Map<String, Value>> {
    package
        .get_mut("evidence")?
        .as_array_mut()?
        .iter_mut()
        .find(|entry| entry.get("id").and_then(Value::as_str) == Some(id))?
        .as_object_mut()
}
