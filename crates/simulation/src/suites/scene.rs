//! One case set up: package, evidence, circumstances; and what comes out of checking it.

use std::collections::BTreeMap;

use baton_evidence::json::{Limits, Tree};
use baton_evidence::keys::Keyring;
use baton_scoring::evidence::{Artifact, Available, EvidenceIndex, State};
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::Waivers;
use baton_scoring::wire::Scorecard;
use baton_scoring::{CheckedContract, Inputs};
use baton_terms::{Diagnostic, Digest};
use serde_json::{Map, Value, json};

use super::file::Case;
use super::run::Files;

/// Everything a check of one case reads.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) package: Package,
    pub(crate) evidence: EvidenceIndex,
    pub(crate) waivers: Waivers,
    pub(crate) history: History,
    pub(crate) context: Context,
}

/// Where evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// Taken as given: what the package declares is what it says, unless the case says otherwise.
    Given,
    /// Verified from the bytes beside the package.
    Verified,
}

impl Scene {
    /// Sets up a case.
    ///
    /// # Errors
    /// When something it names can't be read, in words.
    pub(crate) fn set(
        contract: &CheckedContract,
        case: &Case,
        evidence: Evidence,
        files: &dyn Files,
    ) -> Result<Self, String> {
        let bytes = read(files, &case.package)?;
        let document = Tree::read(&bytes, Limits::PACKAGE).map_err(|d| first(&case.package, &d))?;
        let package = Package::read(document).map_err(|d| first(&case.package, &d))?;
        let mut context = Context::at(case.as_of);
        context.receiver_pressure = case.facts.receiver_pressure;
        context.approved_package = case.facts.approved;
        let keyring = match &case.keyring {
            Some(path) => Keyring::parse(&read(files, path)?).map_err(|d| first(path, &d))?,
            None => Keyring::default(),
        };
        let artifacts = artifacts((contract, &package), case, evidence, files);
        let available = Available {
            artifacts: &artifacts,
            keyring: &keyring,
            as_of: context.as_of,
        };
        let mut index = contract.evidence_index(&package, &context, &available);
        if evidence == Evidence::Given {
            index = given(contract, &index, case);
        }
        Ok(Self {
            package,
            evidence: index,
            waivers: waivers(&case.facts.waivers)?,
            history: history(&case.facts.history)?,
            context,
        })
    }

    /// Returns the scene with another package document.
    ///
    /// # Errors
    /// When the document is no package.
    pub(crate) fn with_package(&self, document: Value) -> Result<Self, String> {
        let package =
            Package::read(document).map_err(|problems| first("the package", &problems))?;
        Ok(Self {
            package,
            ..self.clone()
        })
    }

    /// Checks the package.
    ///
    /// # Errors
    /// When the package is for another contract.
    pub(crate) fn check<'a>(
        &'a self,
        contract: &'a CheckedContract,
    ) -> Result<Scorecard<'a>, String> {
        let inputs = self.inputs();
        contract
            .check(&inputs)
            .map_err(|problems| first("the package", &problems))
    }

    /// Returns what a check takes.
    pub(crate) fn inputs(&self) -> Inputs<'_> {
        Inputs {
            package: &self.package,
            evidence: &self.evidence,
            waivers: &self.waivers,
            history: &self.history,
            context: &self.context,
        }
    }
}

/// Says of a document's problems what a person needs first.
pub(crate) fn first(name: &str, problems: &[Diagnostic]) -> String {
    let Some(problem) = problems.first() else {
        return format!("{name} is refused");
    };
    let (code, message, pointer) = (problem.code, &problem.message, &problem.place.pointer);
    format!(
        "{name} is refused: {code} {message} {pointer}: expected {}, found {}",
        problem.expected, problem.found
    )
}

fn read(files: &dyn Files, path: &str) -> Result<Vec<u8>, String> {
    files
        .read(path)
        .map_err(|error| format!("`{path}` can't be read: {}", error.0))
}

fn artifacts(
    (contract, package): (&CheckedContract, &Package),
    case: &Case,
    evidence: Evidence,
    files: &dyn Files,
) -> BTreeMap<String, Artifact> {
    let artifact = |item: &baton_scoring::package::Evidence| match (evidence, &item.path) {
        (Evidence::Given, _) => Artifact::Digest(item.digest),
        (Evidence::Verified, None) => {
            Artifact::Unreadable("the package names no file for it".to_owned())
        }
        (Evidence::Verified, Some(name)) => match files.read_artifact(&case.package, name) {
            Ok(bytes) if contract.verifies(&item.id) => Artifact::Bytes(bytes),
            // One at a time is in memory.
            Ok(bytes) => Artifact::Digest(Digest::of(&bytes)),
            Err(error) => Artifact::Unreadable(error.0),
        },
    };
    package
        .evidence()
        .iter()
        .map(|item| (item.id.to_string(), artifact(item)))
        .collect()
}

/// Replaces what only bytes and signatures could show by what the case takes as given: a declared
/// artifact that can't be verified without its bytes is present, tests it reports have passed.
fn given(contract: &CheckedContract, index: &EvidenceIndex, case: &Case) -> EvidenceIndex {
    let asked = |id: &str| {
        contract
            .contract()
            .inputs
            .evidence
            .iter()
            .find(|asked| asked.id.as_str() == id)
    };
    let items = index.items().iter().cloned().map(|mut item| {
        let attested = asked(&item.id).is_some_and(|asked| !asked.predicate_types.is_empty());
        if attested && item.digest.is_some() && item.state == State::Unverifiable {
            item.state = State::Present;
            item.reason = String::new();
            item.predicate_type = asked(&item.id).and_then(|a| a.predicate_types.first().cloned());
            item.result = Some("passed".to_owned());
        }
        if let Some(stated) = case.evidence.get(&item.id) {
            item.state = stated.state;
            item.reason = match stated.state {
                State::Present => String::new(),
                _ => "the case takes it as given".to_owned(),
            };
            if stated.state != State::Present {
                // As with real evidence, nothing it says counts.
                (item.result, item.signer, item.properties) = (None, None, Vec::new());
            }
            item.result = stated.result.clone().or(item.result);
            item.signer = stated.signer.clone().or(item.signer);
            if !stated.properties.is_empty() {
                item.properties.clone_from(&stated.properties);
            }
        }
        item
    });
    EvidenceIndex::new(items)
}

fn waivers(list: &[Value]) -> Result<Waivers, String> {
    let document = json!({"baton": "waivers/v1", "waivers": list});
    Waivers::from_value(&document).map_err(|problems| first("the waivers", &problems))
}

fn history(fields: &Value) -> Result<History, String> {
    let mut document = fields.as_object().cloned().unwrap_or_else(Map::new);
    document.insert("baton".to_owned(), "history/v1".into());
    History::read(&Value::Object(document)).map_err(|problems| first("the history", &problems))
}
