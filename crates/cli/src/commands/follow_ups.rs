//! `baton follow-ups`: tasks that handoffs and missions left over.

use std::fmt::Write as _;

use baton_engine::follow_ups::{Listed, State, each_follow_up, follow_ups_of};
use baton_mission::names::HandoffId;
use baton_report::{plain, spreadsheet};
use baton_terms::Instant;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::clock;
use crate::denial::of_handoff;
use crate::exit::Exit;
use crate::output::Output;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing};

/// What `baton follow-ups --format json` prints.
pub(crate) const SCHEMA: &str = include_str!("../follow_ups_v1.schema.json");

/// Arguments of `baton follow-ups`.
#[derive(Debug, Args)]
pub(crate) struct FollowUps {
    #[command(flatten)]
    place: Place,
    /// Only those of this handoff.
    #[arg(long)]
    handoff: Option<HandoffId>,
    /// Only those this role has to do.
    #[arg(long)]
    owner: Option<String>,
    /// Those that are settled or void too; open ones alone when left out.
    #[arg(long)]
    all: bool,
    /// Whether something is overdue is told as of then; now when left out.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<Instant>,
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
    /// For a spreadsheet.
    Csv,
}

impl FollowUps {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let as_of = clock::or_now(self.as_of);
        let mut listed = Vec::new();
        match &self.handoff {
            Some(handoff) => {
                let found = follow_ups_of(store.ports(), handoff, as_of).map_err(of_handoff)?;
                listed.extend(found.into_iter().filter(|one| self.is_asked(one)));
            }
            None => each_follow_up(store.ports(), as_of, |one| {
                listed.extend(Some(one).filter(|one| self.is_asked(one)));
            })
            .map_err(of_handoff)?,
        }
        match self.format {
            Format::Text => output.answer(&text(&listed)),
            Format::Csv => output.answer(&csv(&listed)),
            Format::Json => output.json(&document(&listed, as_of)?),
        }
        Ok(Exit::Ok)
    }

    fn is_asked(&self, listed: &Listed) -> bool {
        let owner = listed.task.owner.as_str();
        (self.all || listed.state.is_open())
            && self.owner.as_ref().is_none_or(|asked| asked == owner)
    }
}

fn document(listed: &[Listed], as_of: Instant) -> serde_json::Result<Value> {
    let follow_ups: Result<Vec<Value>, _> = listed
        .iter()
        .map(|one| {
            let mut told = serde_json::to_value(&one.task)?;
            if let Some(told) = told.as_object_mut() {
                told.insert("state".to_owned(), json!(one.state.word()));
            }
            Ok(told)
        })
        .collect();
    Ok(json!({"baton": "follow-ups/v1", "as_of": as_of, "follow_ups": follow_ups?}))
}

fn text(listed: &[Listed]) -> String {
    if listed.is_empty() {
        return "nothing is left over\n".to_owned();
    }
    let mut text = String::new();
    for Listed { task, state } in listed {
        let when = match state {
            State::Open => format!("by {}", task.due),
            State::Overdue => format!("overdue since {}", task.due),
            State::Settled | State::Void => state.word().to_owned(),
        };
        let line = format!(
            "{}  {}: {} ({}), {when}",
            task.source.name, task.owner, task.what, task.why
        );
        // Writing to a String can't fail.
        let _ = writeln!(text, "{}", plain(&line));
    }
    text
}

fn csv(listed: &[Listed]) -> String {
    let mut text = spreadsheet::row([
        "id", "what", "why", "owner", "due", "source", "name", "kind", "subject", "queued", "state",
    ]);
    for Listed { task, state } in listed {
        text.push_str(&spreadsheet::row([
            task.id.as_str(),
            &task.what,
            &task.why,
            task.owner.as_str(),
            &task.due.to_string(),
            &task.source.kind,
            &task.source.name,
            &task.kind,
            task.subject.as_deref().unwrap_or_default(),
            &task.queued.to_string(),
            state.word(),
        ]));
    }
    text
}
