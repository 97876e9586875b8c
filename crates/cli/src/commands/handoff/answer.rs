//! The receiver's side: acknowledging, the three verdicts, and completing.

use std::path::PathBuf;

use baton_mission::handoff::{Ask, Unmet};
use clap::Args;

use super::office::Request;
use crate::exit::Exit;
use crate::files;
use crate::output::Output;

/// Arguments of `baton handoff acknowledge`.
#[derive(Debug, Args)]
pub(super) struct Acknowledge {
    #[command(flatten)]
    request: Request,
}

/// Arguments of `baton handoff accept`.
#[derive(Debug, Args)]
pub(super) struct Accept {
    #[command(flatten)]
    request: Request,
    /// The package you saw: its digest, or its first digits.
    #[arg(long, short, value_name = "DIGEST")]
    package: String,
}

/// Arguments of `baton handoff needs-input`.
#[derive(Debug, Args)]
pub(super) struct NeedsInput {
    #[command(flatten)]
    request: Request,
    /// The package you saw: its digest, or its first digits.
    #[arg(long, short, value_name = "DIGEST")]
    package: String,
    /// What is missing; `CLAUSE: TEXT` where it is about a clause of the contract.
    #[arg(long, value_name = "TEXT", required = true)]
    missing: Vec<String>,
}

/// Arguments of `baton handoff decline`.
#[derive(Debug, Args)]
pub(super) struct Decline {
    #[command(flatten)]
    request: Request,
    /// The package you saw: its digest, or its first digits.
    #[arg(long, short, value_name = "DIGEST")]
    package: String,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// Arguments of `baton handoff complete`.
#[derive(Debug, Args)]
pub(super) struct Complete {
    #[command(flatten)]
    request: Request,
    /// File with what was made of it; its digest is recorded.
    #[arg(long, value_name = "FILE")]
    outputs: Option<PathBuf>,
}

impl Acknowledge {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.request.ask(output, |_| Ok(Ask::Acknowledge {}))
    }
}

impl Accept {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.request.ask(output, |current| {
            let package = current.seen(&self.package)?;
            Ok(Ask::Accept { package })
        })
    }
}

impl NeedsInput {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.request.ask(output, |current| {
            Ok(Ask::NeedInput {
                package: current.seen(&self.package)?,
                unmet: self.missing.iter().map(|text| unmet(text)).collect(),
            })
        })
    }
}

impl Decline {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.request.ask(output, |current| {
            Ok(Ask::Decline {
                package: current.seen(&self.package)?,
                reason: self.reason.clone(),
            })
        })
    }
}

impl Complete {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let outputs = self.outputs.as_deref().map(files::digest).transpose()?;
        self.request.ask(output, |_| Ok(Ask::Complete { outputs }))
    }
}

/// Reads `CLAUSE: TEXT`; a text whose beginning is no id is about the whole.
fn unmet(text: &str) -> Unmet {
    let parts = text.split_once(": ");
    let about = parts.and_then(|(subject, what)| Some((subject.parse().ok()?, what)));
    match about {
        Some((subject, what)) => Unmet {
            subject: Some(subject),
            what: what.to_owned(),
        },
        None => Unmet {
            subject: None,
            what: text.to_owned(),
        },
    }
}
