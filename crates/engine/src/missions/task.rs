//! What a node needs to know to drive a mission: `mission-task/v1`, the body of the job by which it finds it.

use std::collections::BTreeMap;

use baton_evidence::canonical;
use baton_terms::{Digest, Source};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::file::{self, InputName};
use super::inputs::Files;
use super::run::Run;

/// The format's name.
const FORMAT: &str = "mission-task/v1";

/// A mission that is left to nodes: what is to be done, and where its inputs are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    baton: String,
    /// The mission file.
    mission: Value,
    /// Digest of the contract, when there is one.
    contract: Option<Digest>,
    /// Its inputs by name.
    inputs: BTreeMap<String, Place>,
}

/// Where an input is, on every machine that is to drive the mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    path: String,
    /// Digest of its content; nothing when it was not there.
    digest: Option<Digest>,
}

impl Task {
    /// Returns the task of a run whose inputs are at these absolute paths.
    pub fn of(run: &Run, paths: &BTreeMap<InputName, String>) -> Self {
        let place = |(name, path): (&InputName, &String)| {
            let digest = run.inputs.get(name).copied();
            let path = path.clone();
            (name.word().to_owned(), Place { path, digest })
        };
        Self {
            baton: FORMAT.to_owned(),
            mission: run.file.json.clone(),
            contract: run.contract,
            inputs: paths.iter().map(place).collect(),
        }
    }

    /// Returns the bytes under which a job holds it.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::of(self).unwrap_or_default()
    }

    /// Reads a job's body.
    ///
    /// # Errors
    /// When this Baton cannot read it, with why.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let task: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if task.baton == FORMAT {
            return Ok(task);
        }
        Err(format!("it is `{}`, not `{FORMAT}`", task.baton))
    }

    /// Returns where its inputs are.
    pub fn paths(&self) -> BTreeMap<InputName, String> {
        let place = |(name, place): (&String, &Place)| {
            Some((InputName::from_word(name)?, place.path.clone()))
        };
        self.inputs.iter().filter_map(place).collect()
    }

    /// Returns the run as it was begun, whatever has become of its inputs since.
    ///
    /// # Errors
    /// When the mission file is none that this Baton reads.
    pub fn run(&self) -> Result<Run, String> {
        let source = Source::new("mission", self.mission.to_string());
        let mut file = file::read(&source).map_err(|problems| {
            let first = problems.first();
            first.map_or_else(String::new, |problem| problem.message.clone())
        })?;
        for name in self.paths().into_keys() {
            file.inputs.entry(name).or_insert_with(|| name.to_string());
        }
        let digest =
            |(name, place): (&String, &Place)| Some((InputName::from_word(name)?, place.digest?));
        let inputs = self.inputs.iter().filter_map(digest).collect();
        Ok(Run::new(file, inputs, self.contract))
    }

    /// Returns what is no longer as it was when the mission began, or is not so here; nothing when all is.
    pub fn differs(&self, files: &dyn Files) -> Option<String> {
        self.inputs.iter().find_map(|(word, place)| {
            let name = InputName::from_word(word)?;
            match files.digest(name) {
                Ok(found) if found == place.digest => None,
                Ok(None) => Some(format!("the {word} `{}` is not there", place.path)),
                Ok(Some(_)) => Some(format!("the {word} `{}` has changed", place.path)),
                Err(reason) => Some(format!("the {word} `{}`: {reason}", place.path)),
            }
        })
    }
}
