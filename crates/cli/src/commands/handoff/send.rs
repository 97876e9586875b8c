//! The sender's side: opening, submitting, withdrawing.

use std::path::{Path, PathBuf};

use baton_engine::handoff::{ContractForm, Opening, Sending, open, submit};
use baton_engine::port::BLOBS_BYTES_MAX;
use baton_evidence::json::{Limits, Tree};
use baton_mission::handoff::Ask;
use baton_mission::names::HandoffId;
use baton_scoring::package::Package;
use baton_terms::{Digest, limits};
use clap::Args;
use serde_json::json;

use super::office::{Office, Request};
use crate::exit::Exit;
use crate::gather::compile;
use crate::output::Output;
use crate::refusal::Refusal;
use crate::{contract_files, files};

/// Arguments of `baton handoff open`.
#[derive(Debug, Args)]
pub(super) struct Open {
    #[command(flatten)]
    request: Request,
    /// The work item handed over.
    #[arg(long, short)]
    work_item: String,
    /// The contract: a file, or a folder that holds one.
    #[arg(long, short, value_name = "PATH")]
    contract: PathBuf,
    /// An earlier handoff that this one takes up again.
    #[arg(long, value_name = "HANDOFF")]
    reopens: Option<HandoffId>,
}

/// Arguments of `baton handoff submit`.
#[derive(Debug, Args)]
pub(super) struct Submit {
    #[command(flatten)]
    request: Request,
    /// The package; evidence that it names is read from its folder.
    #[arg(long, short, value_name = "FILE")]
    package: PathBuf,
    /// Another version of the contract than the handoff was opened with; only with the first package.
    #[arg(long, short, value_name = "PATH")]
    contract: Option<PathBuf>,
}

/// Arguments of `baton handoff withdraw`.
#[derive(Debug, Args)]
pub(super) struct Withdraw {
    #[command(flatten)]
    request: Request,
    /// Why.
    #[arg(long)]
    reason: String,
}

impl Open {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let contract = form(&self.contract)?;
        let opening = Opening {
            work_item: self.work_item.clone(),
            contract: &contract,
            reopens: self.reopens.clone(),
        };
        let content = json!({
            "do": "open",
            "work_item": self.work_item,
            "contract": contract.digest(),
            "reopens": self.reopens,
        });
        let office = Office::open(&self.request.place)?;
        let request = &self.request;
        request.perform(output, (&office, &content), |desk, call| {
            open(desk, call, &opening)
        })
    }
}

impl Submit {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let source = files::read_source(&self.package, limits::PACKAGE_BYTES_MAX)?;
        let bytes = source.text().as_bytes();
        let read = Tree::read(bytes, Limits::PACKAGE).and_then(Package::read);
        let package = match read {
            Ok(package) => package,
            Err(problems) => return Err(Refusal::of_source(source, problems).into()),
        };
        let contract = self.contract.as_deref().map(form).transpose()?;
        let evidence = evidence(files::folder_of(&self.package), &package);
        let sending = Sending {
            contract: contract.as_ref(),
            package: bytes,
            evidence: &evidence,
        };
        let content = json!({
            "do": "submit",
            "package": package.digest(),
            "contract": contract.as_ref().map(ContractForm::digest),
        });
        let office = Office::open(&self.request.place)?;
        let request = &self.request;
        request.perform(output, (&office, &content), |desk, call| {
            submit(desk, call, &sending)
        })
    }
}

impl Withdraw {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let reason = self.reason.clone();
        self.request.ask(output, |_| Ok(Ask::Withdraw { reason }))
    }
}

/// Returns the normal form of a contract that lint accepts.
pub(crate) fn form(path: &Path) -> anyhow::Result<ContractForm> {
    let document = contract_files::load(path)?;
    let (_, form) = compile(&document)?;
    Ok(ContractForm::of(&form))
}

/// Reads the artifacts that stand beside a package; what can't be sent along is said, and its evidence will be unverifiable.
fn evidence(folder: &Path, package: &Package) -> Vec<Vec<u8>> {
    let mut left = BLOBS_BYTES_MAX.saturating_sub(limits::PACKAGE_BYTES_MAX);
    let mut evidence = Vec::new();
    for item in package.evidence() {
        let Some(name) = &item.path else { continue };
        let bytes = files::artifact(folder, name, limits::EVIDENCE_BYTES_MAX.min(left));
        let problem = match bytes {
            Ok(bytes) if Digest::of(&bytes) == item.digest => {
                left = left.saturating_sub(bytes.len());
                evidence.push(bytes);
                continue;
            }
            Ok(_) => "it is not the file that the package declares".to_owned(),
            Err(why) => why,
        };
        let id = &item.id;
        Output::remark(&format!("evidence `{id}` is not sent along: {problem}"));
    }
    evidence
}
