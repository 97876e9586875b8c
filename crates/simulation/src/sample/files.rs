//! The files of a sample, put together.

use std::collections::BTreeMap;

use baton_contract::document::Document;
use baton_contract::model::Contract;
use baton_terms::{Digest, Source};

use super::history::{self, History};
use super::organization::Organization;
use super::packages::{self, MadePackage};
use super::readme;

/// The format of `organization.json` and `planted.json`.
pub const FORMAT: &str = "sample/v1";
/// The time at which the packages are meant to be checked; their evidence is fresh then.
pub const AS_OF: &str = "2026-11-20T09:00:00Z";

/// Folder of the contract that the handovers of the event log are for.
pub const HANDOFF: &str = "handoffs/request-to-engineering";
/// The files of that contract, by path within the folder.
const HANDOFF_FILES: [(&str, &str); 7] = [
    ("contract.yaml", include_str!("handoff/contract.yaml")),
    (
        "package.schema.json",
        include_str!("handoff/package.schema.json"),
    ),
    ("fields.yaml", include_str!("handoff/fields.yaml")),
    (
        "examples/complete.json",
        include_str!("handoff/examples/complete.json"),
    ),
    (
        "examples/half-told.json",
        include_str!("handoff/examples/half-told.json"),
    ),
    (
        "examples/urgent-harm.json",
        include_str!("handoff/examples/urgent-harm.json"),
    ),
    (
        "tests/contract-tests.yaml",
        include_str!("handoff/tests/contract-tests.yaml"),
    ),
];

/// What a sample is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seed(pub u64);

/// One of the shipped contracts, with the package that meets it.
#[derive(Debug, Clone)]
pub struct Shipped {
    /// Name of the contract and of its folder.
    pub name: String,
    /// Files of the contract, by path within its folder, in order: `contract.yaml` and its schemas.
    pub contract: Vec<(String, Vec<u8>)>,
    /// The example package that is ready.
    pub complete: Vec<u8>,
    /// Evidence beside it, by path within the examples.
    pub artifacts: Vec<(String, Vec<u8>)>,
}

/// A shipped contract that cannot be reused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedError {
    pub(super) contract: String,
    pub(super) reason: String,
}

impl std::fmt::Display for ShippedError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "reuse contract `{}`: {}", self.contract, self.reason)
    }
}

impl std::error::Error for ShippedError {}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MadeFile {
    /// Path within the sample's folder, with `/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A made-up organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its files, by path.
    pub files: Vec<MadeFile>,
    /// Its packages, in order, with what is wrong with each.
    pub packages: Vec<MadePackage>,
    /// The planted causes, in words, each with the conditions of a mined cause.
    pub causes: Vec<String>,
}

impl Sample {
    /// Returns the digest over all paths and contents, the same wherever the sample is made.
    pub fn digest(&self) -> Digest {
        let lines: Vec<String> = self
            .files
            .iter()
            .map(|file| format!("{} {}\n", Digest::of(&file.bytes), file.path))
            .collect();
        Digest::of(lines.concat().as_bytes())
    }
}

/// Makes the sample of `seed` from the shipped contracts, their keyring and nothing else.
///
/// # Errors
/// When a shipped contract or its example cannot be read.
pub fn make(seed: Seed, shipped: &[Shipped], keyring: &[u8]) -> Result<Sample, ShippedError> {
    let mut files = Vec::new();
    let mut made = Vec::new();
    let mut contracts = Vec::new();
    for contract in shipped {
        let model = model_of(contract)?;
        for (path, bytes) in &contract.contract {
            files.push(file(
                format!("contracts/{}/{path}", contract.name),
                bytes.clone(),
            ));
        }
        let (packages, beside) = packages::of(seed, (contract, &model))?;
        contracts.push(model);
        files.extend(beside);
        made.extend(packages);
    }
    let organization = Organization::of(seed, &contracts);
    let history = History::draw(seed, &organization);
    files.push(file("keyring.json", keyring.to_vec()));
    files.push(file("organization.json", organization.to_json(seed)));
    files.push(file("events.csv", history.to_csv().into_bytes()));
    files.push(file("events.yaml", history::MAPPING.as_bytes().to_vec()));
    for (path, text) in HANDOFF_FILES {
        files.push(file(format!("{HANDOFF}/{path}"), text.as_bytes().to_vec()));
    }
    let causes = history.causes_in_words();
    files.push(file("planted.json", readme::planted(seed, &made, &causes)));
    files.push(file(
        "README.md",
        readme::page(seed, &made, &causes).into_bytes(),
    ));
    files.sort();
    Ok(Sample {
        files,
        packages: made,
        causes,
    })
}

pub(super) fn file(path: impl Into<String>, bytes: Vec<u8>) -> MadeFile {
    MadeFile {
        path: path.into(),
        bytes,
    }
}

fn model_of(shipped: &Shipped) -> Result<Contract, ShippedError> {
    let error = |reason: &str| ShippedError {
        contract: shipped.name.clone(),
        reason: reason.to_owned(),
    };
    let mut sources = BTreeMap::new();
    for (path, bytes) in &shipped.contract {
        let text = String::from_utf8(bytes.clone()).map_err(|_| error("it is not UTF-8"))?;
        sources.insert(path.clone(), Source::new(path.clone(), text));
    }
    let main = sources
        .remove("contract.yaml")
        .ok_or_else(|| error("it has no contract.yaml"))?;
    let reading = Document {
        main,
        files: sources,
    }
    .read();
    reading
        .contract()
        .cloned()
        .ok_or_else(|| error("its contract.yaml cannot be read"))
}
