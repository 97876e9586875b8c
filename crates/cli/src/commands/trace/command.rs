//! `baton trace`: the record of decisions: shown, verified, evaluated again, sealed.

use clap::{Args, Subcommand, ValueEnum};

use super::{export, replay, seal, show, verify};
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton trace`.
#[derive(Debug, Args)]
pub(crate) struct Trace {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the entries of a trace, without verifying them.
    Show(show::Show),
    /// Verify a trace, and say what that covered and what not.
    Verify(verify::Verify),
    /// Evaluate every recorded decision, mining run and comparison again, and compare the bytes.
    Replay(replay::Replay),
    /// Sign a checkpoint over every entry.
    Seal(seal::Seal),
    /// Take the trace of one handoff or rollout out of a store, into a folder that verifies.
    Export(export::Export),
}

/// How to show an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// With a published schema.
    Json,
}

impl Trace {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Show(command) => command.run(output),
            Action::Verify(command) => command.run(output),
            Action::Replay(command) => command.run(output),
            Action::Seal(command) => command.run(output),
            Action::Export(command) => command.run(output),
        }
    }
}
