//! The actions of `baton receipt`.

use clap::{Args, Subcommand};

use super::{sign, verify};
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton receipt`.
#[derive(Debug, Args)]
pub(crate) struct ReceiptCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Sign the receipt of a handoff's last verdict.
    Sign(Box<sign::Sign>),
    /// Verify a receipt: who signed it, and that the trace of the handoff holds the verdict.
    Verify(verify::Verify),
}

impl ReceiptCommand {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Sign(command) => command.run(output),
            Action::Verify(command) => command.run(output),
        }
    }
}
