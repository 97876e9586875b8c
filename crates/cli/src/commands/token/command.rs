//! `baton token`: made, listed and revoked.

use clap::{Args, Subcommand};

use super::{create, list, revoke};
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton token`.
#[derive(Debug, Args)]
pub(crate) struct Tokens {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a token that says who acts; a store that is not there yet begins with it.
    Create(create::Create),
    /// List the tokens of a store, without their secrets.
    List(list::List),
    /// Take a token back.
    Revoke(revoke::Revoke),
}

impl Tokens {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Create(command) => command.run(output),
            Action::List(command) => command.run(output),
            Action::Revoke(command) => command.run(output),
        }
    }
}
