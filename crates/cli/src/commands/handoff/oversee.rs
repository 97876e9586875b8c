//! Whoever runs the lifecycle: reassigning, rolling back, stopping and going on.

use baton_mission::handoff::Ask;
use baton_terms::Id;
use clap::Args;

use super::office::Request;
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton handoff reassign`.
#[derive(Debug, Args)]
pub(super) struct Reassign {
    #[command(flatten)]
    request: Request,
    /// The team.
    #[arg(long)]
    team: Id,
    /// Why.
    #[arg(long)]
    reason: String,
}

macro_rules! with_a_reason {
    ($($(#[$meta:meta])* $name:ident => $ask:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Args)]
        pub(super) struct $name {
            #[command(flatten)]
            request: Request,
            /// Why.
            #[arg(long)]
            reason: String,
        }

        impl $name {
            pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
                let reason = self.reason.clone();
                self.request.ask(output, |_| Ok(Ask::$ask { reason }))
            }
        }
    )+};
}

with_a_reason! {
    /// Arguments of `baton handoff rollback`.
    Rollback => RollBack;
    /// Arguments of `baton handoff escalate`.
    Escalate => Escalate;
    /// Arguments of `baton handoff resume`.
    Resume => Resume;
    /// Arguments of `baton handoff release`.
    Release => Release;
}

impl Reassign {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.request.ask(output, |_| {
            Ok(Ask::Reassign {
                team: self.team.clone(),
                reason: self.reason.clone(),
            })
        })
    }
}
