//! Approvers: approving, refusing, excusing.

use baton_mission::handoff::Ask;
use baton_mission::names::Principal;
use baton_terms::{Id, Instant};
use clap::Args;

use super::office::Request;
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton handoff approve`.
#[derive(Debug, Args)]
pub(super) struct Approve {
    #[command(flatten)]
    request: Request,
    /// The gates you answer for; the approval counts for one of them.
    #[arg(long = "gate", value_name = "GATE", required = true)]
    gates: Vec<Id>,
    /// The package you saw: its digest, or its first digits.
    #[arg(long, short, value_name = "DIGEST")]
    package: String,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// Arguments of `baton handoff reject`.
#[derive(Debug, Args)]
pub(super) struct Reject {
    #[command(flatten)]
    request: Request,
    /// The gate.
    #[arg(long)]
    gate: Id,
    /// The package you saw: its digest, or its first digits.
    #[arg(long, short, value_name = "DIGEST")]
    package: String,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// Arguments of `baton handoff waive`.
#[derive(Debug, Args)]
pub(super) struct Waive {
    #[command(flatten)]
    request: Request,
    /// The clause.
    #[arg(long)]
    clause: Id,
    /// Id of the waiver.
    #[arg(long)]
    waiver: Id,
    /// Who answers for the exception.
    #[arg(long)]
    owner: Principal,
    /// First instant at which it no longer counts.
    #[arg(long, value_name = "TIME")]
    expires: Instant,
    /// Why.
    #[arg(long)]
    reason: String,
}

impl Approve {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.request.ask(output, |current| {
            Ok(Ask::Approve {
                gates: self.gates.clone(),
                package: current.seen(&self.package)?,
                reason: self.reason.clone(),
            })
        })
    }
}

impl Reject {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.request.ask(output, |current| {
            Ok(Ask::Reject {
                gate: self.gate.clone(),
                package: current.seen(&self.package)?,
                reason: self.reason.clone(),
            })
        })
    }
}

impl Waive {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.request.ask(output, |_| {
            Ok(Ask::Waive {
                waiver: self.waiver.clone(),
                clause: self.clause.clone(),
                reason: self.reason.clone(),
                owner: self.owner.clone(),
                expires: self.expires,
            })
        })
    }
}
