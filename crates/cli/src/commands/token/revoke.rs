//! `baton token revoke`: a token that no longer counts.

use baton_engine::access::{TokenId, revoke_token};
use clap::Args;

use crate::clock;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::output::Output;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing, administrator, of_access};

/// Arguments of `baton token revoke`.
#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    place: Place,
    /// The id of the token: its first part, as `baton token list` shows it.
    id: String,
}

impl Revoke {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        let id: TokenId = self.id.parse().map_err(|_| {
            Failure::new(BAD_ARGUMENT, "revoke a token")
                .expected("an id of 16 hexadecimal digits")
                .found("another text")
                .hint("list the ids with `baton token list`")
        })?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let by = administrator(&settings, &store)?;
        let token = revoke_token(store.ports(), &id, by.as_ref(), clock::now());
        let token = token.map_err(|failure| of_access(&failure))?;
        let at = token
            .revoked
            .map_or_else(String::new, |at| format!(" since {at}"));
        output.answer(&format!(
            "token {id} of {} is revoked{at}\n",
            token.grant.principal
        ));
        Ok(Exit::Ok)
    }
}
