//! `baton handoff list`: what is where, and whose turn it is.

use baton_engine::handoff::{Turn, list};
use baton_mission::names::HandoffId;
use clap::Args;
use serde_json::{Value, json};

use super::office::{Format, Office};
use crate::clock;
use crate::denial::of_handoff;
use crate::exit::Exit;
use crate::handoff_view::{heads_text, name_of};
use crate::output::Output;
use crate::settings::Place;

/// Handoffs listed when nothing is said.
const LISTED_DEFAULT: u32 = 100;

/// Arguments of `baton handoff list`.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    /// Only those that wait for the holder of the token in use: its team, its roles, gates it may decide.
    #[arg(long)]
    mine: bool,
    /// Only those in this state, such as `offered`.
    #[arg(long)]
    state: Option<String>,
    /// Only those after this one, in the order of names.
    #[arg(long, value_name = "HANDOFF")]
    after: Option<HandoffId>,
    /// How many at most.
    #[arg(long, default_value_t = LISTED_DEFAULT, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// How to show them.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl List {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let office = Office::open(&self.place)?;
        let desk = office.desk()?;
        let credential = self.mine.then(|| office.credential()).transpose()?;
        let whose = match &credential {
            Some(credential) => Turn::Of(&credential.actor),
            None => Turn::Anyone,
        };
        let page = (self.state.as_deref(), self.after.as_ref(), self.limit);
        let heads = list(&desk, whose, page).map_err(of_handoff)?;
        let is_full = u32::try_from(heads.len()).is_ok_and(|count| count == self.limit);
        match self.format {
            Format::Text => {
                output.answer(&heads_text(&heads, clock::now()));
                if let Some(last) = heads.last().filter(|_| is_full) {
                    let last = name_of(&last.stream);
                    Output::remark(&format!("there may be more: --after {last}"));
                }
            }
            Format::Json => {
                let handoffs: Vec<Value> = heads
                    .iter()
                    .map(|head| {
                        json!({
                            "handoff": name_of(&head.stream),
                            "state": head.summary.state,
                            "turn": head.summary.turn,
                            "due": head.summary.due,
                            "entries": head.entries,
                        })
                    })
                    .collect();
                output.json(&json!({
                    "baton": "handoff-list/v1",
                    "handoffs": handoffs,
                    "may_have_more": is_full,
                }));
            }
        }
        Ok(Exit::Ok)
    }
}
