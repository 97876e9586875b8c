//! `baton bundle`: everything an outsider needs to verify a trace, in one file.

use clap::{Args, Subcommand};

use super::{export, verify};
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton bundle`.
#[derive(Debug, Args)]
pub(crate) struct Bundle {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Put a trace with everything it names into one file.
    Export(export::Export),
    /// Verify a bundle, or the page of one; needs nothing but the file.
    Verify(verify::Verify),
}

impl Bundle {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Export(command) => command.run(output),
            Action::Verify(command) => command.run(output),
        }
    }
}
