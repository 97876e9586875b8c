//! `baton handoff show`: one handoff as it stands.

use baton_engine::handoff::show;
use baton_mission::names::HandoffId;
use clap::Args;

use super::office::{Format, Office};
use crate::clock;
use crate::denial::of_handoff;
use crate::exit::Exit;
use crate::handoff_view::view_text;
use crate::output::Output;
use crate::settings::Place;

/// Arguments of `baton handoff show`.
#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    place: Place,
    /// The handoff.
    handoff: HandoffId,
    /// How to show it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Show {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let office = Office::open(&self.place)?;
        let desk = office.desk()?;
        let view = show(&desk, &self.handoff).map_err(of_handoff)?;
        match self.format {
            Format::Text => output.answer(&view_text(&view, clock::now())),
            Format::Json => output.json(&serde_json::to_value(&view)?),
        }
        Ok(Exit::Ok)
    }
}
