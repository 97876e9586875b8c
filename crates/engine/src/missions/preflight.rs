//! What is read before a mission starts: everything it needs is looked for, whatever else is missing.

use std::num::NonZero;

use baton_contract::lint::lint;
use baton_eventlog::mapping;
use baton_evidence::attestation::{Expectation, ExpectedSubject, SignerPattern, verify};
use baton_evidence::keys::Keyring;
use baton_mission::run::{FlagPosture, Need, Presence, Readings};
use baton_scoring::CheckedContract;
use baton_terms::{Digest, Id, Instant};
use serde_json::Value;

use super::file::{ApprovalNeed, InputName};
use super::flags::flag_posture;
use super::gauges::{Gauges, most_open_work};
use super::inputs::Files;
use super::run::{KEY, MEMORY_GAUGE, RECEIVING_TEAMS, Run, STORE};
use crate::past;
use crate::validation::{self, first};

/// The predicate type of an approval of a mission.
pub const APPROVAL: &str = "https://baton.dev/mission-approval/v1";

/// What is given beside the files.
pub struct Given<'g> {
    /// Whether there is a key that the record can be sealed with.
    pub key: Presence,
    /// Signed approvals.
    pub approvals: Vec<Vec<u8>>,
    /// The present, at which signatures are judged.
    pub now: Instant,
    /// What measures what the budget caps.
    pub gauges: &'g dyn Gauges,
}

/// Returns what is found of everything a run needs. The store is there, or nobody could ask.
pub fn readings(run: &Run, files: &dyn Files, given: &Given<'_>) -> Readings {
    let mut readings = Readings::default();
    for need in run.plan(None).needs {
        let presence = match &need {
            Need::Field(name) => field(run, files, name),
            Need::Dependency(name) if name.as_str() == STORE => Presence::Present,
            Need::Dependency(name) if name.as_str() == KEY => given.key.clone(),
            Need::Dependency(name) if name.as_str() == MEMORY_GAUGE => {
                told(given.gauges.memory_pressure())
            }
            Need::Dependency(name) if name.as_str() == RECEIVING_TEAMS => {
                told(most_open_work(files, given.gauges))
            }
            Need::Dependency(_) => Presence::Absent,
            Need::Approval(role) => approval(run, files, (role, given)),
            Need::Validation(contract) => validation(files, contract),
        };
        readings.needs.insert(need, presence);
    }
    if let Some(flag) = &run.file.flag {
        readings
            .flags
            .insert(flag.key.clone(), flag_of(files, &flag.key));
    }
    readings
}

fn told<T>(measured: Result<T, String>) -> Presence {
    match measured {
        Ok(_) => Presence::Present,
        Err(reason) => Presence::Unknown { reason },
    }
}

fn flag_of(files: &dyn Files, key: &Id) -> FlagPosture {
    match files.source(InputName::Flags) {
        Ok(source) => flag_posture(source.text().as_bytes(), key),
        Err(reason) => FlagPosture::Unknown { reason },
    }
}

fn field(run: &Run, files: &dyn Files, name: &Id) -> Presence {
    if name.as_str() == "as-of" {
        return match run.file.as_of {
            Some(_) => Presence::Present,
            None => Presence::Absent,
        };
    }
    let Some(name) = InputName::from_word(name.as_str()) else {
        return Presence::Absent;
    };
    match files.digest(name) {
        Ok(None) => return Presence::Absent,
        Err(reason) => return Presence::Unknown { reason },
        Ok(Some(_)) => {}
    }
    let sound = match name {
        InputName::Contract => contract(files).map(|_| ()),
        InputName::Mapping => mapping_of(files).map(|_| ()),
        InputName::Fields => fields_fit(files),
        InputName::Keyring => files.keyring().map(|_| ()),
        // Reading a log or a folder of packages is the mission's first step.
        _ => Ok(()),
    };
    told(sound)
}

/// Returns the contract, compiled.
pub(super) fn contract(files: &dyn Files) -> Result<CheckedContract, String> {
    let document = files.contract()?;
    let linted = lint(&document);
    CheckedContract::compile(&linted.reading).map_err(|problems| first(&problems))
}

/// Returns the mapping of the log.
pub(super) fn mapping_of(files: &dyn Files) -> Result<mapping::Mapping, String> {
    let source = files.source(InputName::Mapping)?;
    mapping::read(&source)
        .into_mapping()
        .map_err(|problems| first(&problems))
}

/// Returns how handovers become packages.
pub(super) fn recipe(files: &dyn Files) -> Result<past::Recipe, String> {
    past::read(&files.source(InputName::Fields)?).map_err(|problems| first(&problems))
}

fn fields_fit(files: &dyn Files) -> Result<(), String> {
    let recipe = recipe(files)?;
    let Ok(contract) = contract(files) else {
        return Ok(());
    };
    let name = &contract.contract().name;
    if recipe.contract == *name {
        return Ok(());
    }
    Err(format!(
        "they are for the contract `{}`, and the mission's is `{name}`",
        recipe.contract
    ))
}

fn approval(run: &Run, files: &dyn Files, (role, given): (&Id, &Given<'_>)) -> Presence {
    let Some(need) = run.file.approvals.iter().find(|need| need.role == *role) else {
        return Presence::Absent;
    };
    if given.approvals.is_empty() {
        return Presence::Absent;
    }
    let keyring = match files.keyring() {
        Ok(keyring) => keyring,
        Err(reason) => return Presence::Unknown { reason },
    };
    let mut reasons = Vec::new();
    for approval in &given.approvals {
        match approves(run, (need, approval), (&keyring, given.now)) {
            Ok(()) => return Presence::Present,
            Err(reason) => reasons.push(reason),
        }
    }
    Presence::Unknown {
        reason: format!("no approval given counts: {}", reasons.join("; ")),
    }
}

/// An approval is about exactly this mission on exactly these inputs, and names the role it decides as.
fn approves(
    run: &Run,
    (need, envelope): (&ApprovalNeed, &[u8]),
    (keyring, now): (&Keyring, Instant),
) -> Result<(), String> {
    let expectation = Expectation {
        subjects: vec![ExpectedSubject {
            name: None,
            digest: run.identity,
        }],
        predicate_types: vec![APPROVAL.to_owned()],
        threshold: NonZero::<usize>::MIN,
        signer: Some(SignerPattern::Identity(need.signer.clone())),
    };
    let verified = verify(envelope, keyring, now, &expectation).map_err(|all| first(&all))?;
    let role = verified.statement.predicate.get("role");
    if role.and_then(Value::as_str) == Some(need.role.as_str()) {
        return Ok(());
    }
    Err(format!("it decides as another role than `{}`", need.role))
}

fn validation(files: &dyn Files, contract: &Digest) -> Presence {
    match files.digest(InputName::Validation) {
        Ok(None) => return Presence::Absent,
        Err(reason) => return Presence::Unknown { reason },
        Ok(Some(_)) => {}
    }
    match validates(files, contract) {
        Ok(()) => Presence::Present,
        Err(reason) => Presence::Unknown { reason },
    }
}

fn validates(files: &dyn Files, contract: &Digest) -> Result<(), String> {
    let source = files.source(InputName::Validation)?;
    validation::covers(source.text().as_bytes(), contract)
}
