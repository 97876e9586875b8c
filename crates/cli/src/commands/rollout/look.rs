//! Looking at rollouts: judged, shown, listed.

use std::path::PathBuf;

use baton_engine::rollout::{Outcome, Watch, list, look, status};
use baton_terms::Id;
use clap::Args;

use super::command::show;
use crate::commands::handoff::{Format, Office, form};
use crate::denial::of_handoff;
use crate::exit::Exit;
use crate::output::Output;
use crate::rollout_view::{list_json, list_text, name_of, status_json, status_text};
use crate::settings::Place;

/// Rollouts listed when nothing is said.
const LISTED_DEFAULT: u32 = 100;

/// Arguments of `baton rollout look`.
#[derive(Debug, Args)]
pub(super) struct Look {
    #[command(flatten)]
    place: Place,
    /// The rollout.
    rollout: Id,
    /// The contract's file as it is now: a rollout whose file holds another version than the validated one is rolled back.
    #[arg(long, short, value_name = "PATH")]
    contract: Option<PathBuf>,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Arguments of `baton rollout status`.
#[derive(Debug, Args)]
pub(super) struct Status {
    #[command(flatten)]
    place: Place,
    /// The rollout.
    rollout: Id,
    /// How to show it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Arguments of `baton rollout list`.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    /// Only those after this one, in the order of names.
    #[arg(long, value_name = "ROLLOUT")]
    after: Option<Id>,
    /// How many at most.
    #[arg(long, default_value_t = LISTED_DEFAULT, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// How to show them.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Look {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let found = self.contract.as_deref().map(form).transpose()?;
        let office = Office::open(&self.place)?;
        let credential = office.credential()?;
        let desk = office.desk()?;
        let seen = (
            &credential.actor,
            &self.rollout,
            found.map(|form| form.digest()),
        );
        let outcome: Outcome = look(&desk, &Watch::default(), seen).map_err(of_handoff)?;
        show(output, (&outcome, None), self.format);
        Ok(exit(outcome.phase))
    }
}

impl Status {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let office = Office::open(&self.place)?;
        let desk = office.desk()?;
        let view = status(&desk, &Watch::default(), &self.rollout).map_err(of_handoff)?;
        match self.format {
            Format::Text => output.answer(&status_text(&view)),
            Format::Json => output.json(&status_json(&view)?),
        }
        Ok(exit(view.phase))
    }
}

impl List {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let office = Office::open(&self.place)?;
        let desk = office.desk()?;
        let heads = list(&desk, (self.after.as_ref(), self.limit)).map_err(of_handoff)?;
        let is_full = u32::try_from(heads.len()).is_ok_and(|count| count == self.limit);
        match self.format {
            Format::Text => {
                output.answer(&list_text(&heads));
                if let Some(last) = heads.last().filter(|_| is_full) {
                    Output::remark(&format!("there may be more: --after {}", name_of(last)));
                }
            }
            Format::Json => output.json(&list_json(&heads, is_full)),
        }
        Ok(Exit::Ok)
    }
}

/// Returns the code that says where a rollout stands: somebody has to look at one that is frozen, and one that is rolled back is refused.
fn exit(phase: &str) -> Exit {
    match phase {
        "rolled-back" => Exit::Refused,
        "frozen" => Exit::Review,
        _ => Exit::Ok,
    }
}
