//! `baton token list`: who may act.

use baton_engine::access::list_tokens;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::clock;
use crate::exit::Exit;
use crate::output::Output;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing, of_access};
use crate::token_view::{TokenState, json_of, state_of, table};

/// Arguments of `baton token list`.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    /// Also those that have expired or were revoked.
    #[arg(long)]
    all: bool,
    /// How to show them.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// With a published schema.
    Json,
}

impl List {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let now = clock::now();
        let mut tokens = Vec::new();
        loop {
            let after = tokens
                .last()
                .map(|token: &baton_engine::access::Token| &token.id);
            let page = list_tokens(store.ports(), after).map_err(|failure| of_access(&failure))?;
            if page.is_empty() {
                break;
            }
            tokens.extend(page);
        }
        tokens.retain(|token| self.all || state_of(token, now) == TokenState::Active);
        match self.format {
            Format::Text => output.answer(&table(&tokens, now)),
            Format::Json => {
                let tokens: Vec<Value> = tokens.iter().map(|token| json_of(token, now)).collect();
                output.json(&json!({"baton": "token-list/v1", "tokens": tokens}));
            }
        }
        Ok(Exit::Ok)
    }
}
