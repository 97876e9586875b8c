//! What a check reads, from the command line to values.

use std::path::PathBuf;

use baton_contract::document::Document;
use baton_contract::lint::lint;
use baton_evidence::json::{self, Limits, Tree};
use baton_evidence::keys::Keyring;
use baton_scoring::evidence::{Available, EvidenceIndex};
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::Waivers;
use baton_scoring::{CheckedContract, Inputs};
use baton_terms::{BasisPoints, Digest, Instant, Source, limits};
use clap::Args;
use serde_json::Value;

use crate::artifacts::{self, Allowance};
use crate::refusal::Refusal;
use crate::{clock, contract_files, files};

/// Names under which the folder of a contract may hold the keys its evidence is verified with.
const KEYRING_NAME: &str = "keyring.json";

/// Everything a check reads.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The contract: a file, or a folder that holds one.
    #[arg(long, short, value_name = "PATH")]
    contract: PathBuf,
    /// The package to check; `-` reads standard input.
    #[arg(long, short, value_name = "FILE")]
    package: PathBuf,
    /// Time of the check; now when left out.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Instant>,
    /// Keys whose signatures count; `keyring.json` beside the contract when left out.
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// Waivers (`waivers/v1`).
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// Facts about earlier handoffs of this sender (`history/v1`).
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// Share of the receiver's capacity that is taken, in basis points.
    #[arg(long, value_name = "0..=10000", default_value_t = 0)]
    receiver_pressure: i64,
    /// Digest of the package that was approved.
    #[arg(long, value_name = "DIGEST")]
    approved: Option<Digest>,
}

/// Everything a check needs, read and verified.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) contract: CheckedContract,
    pub(crate) contract_form: Value,
    pub(crate) package: Package,
    pub(crate) package_source: Source,
    pub(crate) evidence: EvidenceIndex,
    pub(crate) waivers: Waivers,
    pub(crate) history: History,
    pub(crate) context: Context,
    pub(crate) keyring: Keyring,
}

impl Gathered {
    /// Returns what [`CheckedContract::check`] takes.
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

impl CheckArguments {
    /// Reads everything; the first document that is refused is named with all its problems.
    pub(crate) fn gather(&self) -> anyhow::Result<Gathered> {
        let document = contract_files::load(&self.contract)?;
        let (contract, contract_form) = compile(&document)?;
        let (package, package_source) = self.package()?;
        let refused = contract.accept(&package);
        if !refused.is_empty() {
            return Err(Refusal::of_source(package_source, refused).into());
        }
        let mut context = Context::at(clock::or_now(self.as_of));
        context.receiver_pressure = BasisPoints::new(self.receiver_pressure)?;
        context.approved_package = self.approved;
        let keyring = self.keyring()?;
        let folder = files::folder_of(&self.package);
        let artifacts = artifacts::read(folder, &package, &contract, Allowance::FULL);
        let available = Available {
            artifacts: &artifacts,
            keyring: &keyring,
            as_of: context.as_of,
        };
        let evidence = contract.evidence_index(&package, &context, &available);
        Ok(Gathered {
            contract,
            contract_form,
            package,
            package_source,
            evidence,
            waivers: self.waivers()?,
            history: self.history()?,
            context,
            keyring,
        })
    }

    fn package(&self) -> anyhow::Result<(Package, Source)> {
        let source = files::read_source(&self.package, limits::PACKAGE_BYTES_MAX)?;
        let read = Tree::read(source.text().as_bytes(), Limits::PACKAGE).and_then(Package::read);
        match read {
            Ok(package) => Ok((package, source)),
            Err(diagnostics) => Err(Refusal::of_source(source, diagnostics).into()),
        }
    }

    fn keyring(&self) -> anyhow::Result<Keyring> {
        let beside = || -> anyhow::Result<PathBuf> {
            let contract = contract_files::locate(&self.contract)?;
            Ok(files::folder_of(&contract).join(KEYRING_NAME))
        };
        let path = match &self.keyring {
            Some(path) => path.clone(),
            None => beside()?,
        };
        // What is there and can't be read is no absence: a link to nowhere, a folder.
        if self.keyring.is_none() && path.symlink_metadata().is_err() {
            return Ok(Keyring::default());
        }
        let source = files::read_source(&path, limits::CONTRACT_BYTES_MAX)?;
        let read = Keyring::parse(source.text().as_bytes());
        read.map_err(|diagnostics| Refusal::of_source(source, diagnostics).into())
    }

    fn waivers(&self) -> anyhow::Result<Waivers> {
        let Some(path) = &self.waivers else {
            return Ok(Waivers::default());
        };
        let source = files::read_source(path, limits::CONTRACT_BYTES_MAX)?;
        let read = Waivers::read(&source);
        read.map_err(|diagnostics| Refusal::of_source(source, diagnostics).into())
    }

    fn history(&self) -> anyhow::Result<History> {
        let Some(path) = &self.history else {
            return Ok(History::default());
        };
        let source = files::read_source(path, limits::CONTRACT_BYTES_MAX)?;
        let document = json::read(source.text().as_bytes(), Limits::CONTRACT);
        let read = document.and_then(|document| History::read(&document));
        read.map_err(|diagnostics| Refusal::of_source(source, diagnostics).into())
    }
}

/// Compiles a contract that lint accepts.
pub(crate) fn compile(document: &Document) -> anyhow::Result<(CheckedContract, Value)> {
    let linted = lint(document);
    let refused = |diagnostics| Refusal::of_contract(document, diagnostics);
    let contract = CheckedContract::compile(&linted.reading).map_err(refused)?;
    let form = linted.reading.normal_form().unwrap_or_default();
    Ok((contract, form))
}
