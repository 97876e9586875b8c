//! `baton store`: sealed, copied and brought back.

use clap::{Args, Subcommand};

use super::{backup, restore, seal};
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton store`.
#[derive(Debug, Args)]
pub(crate) struct StoreCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Copy a store in a file, as of one moment while it is in use, and check the copy.
    Backup(backup::Backup),
    /// Bring a copy back where no store is.
    Restore(restore::Restore),
    /// Sign a checkpoint over everything the store holds.
    Seal(seal::Seal),
}

impl StoreCommand {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Backup(command) => command.run(output),
            Action::Restore(command) => command.run(output),
            Action::Seal(command) => command.run(output),
        }
    }
}
