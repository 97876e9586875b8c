//! `baton follow-ups`: tasks that handoffs left over.

use std::fmt::Write as _;

use baton_engine::handoff::{Desk, Turn, follow_ups, list};
use baton_engine::port::StreamId;
use baton_mission::handoff::{FollowUp, FollowUpKind};
use baton_mission::names::HandoffId;
use baton_report::plain;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::clock::SystemClock;
use crate::denial::of_handoff;
use crate::exit::Exit;
use crate::handoff_view::name_of;
use crate::output::Output;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing};

/// What `baton follow-ups --format json` prints.
pub(crate) const SCHEMA: &str = include_str!("../follow_ups_v1.schema.json");
/// Handoffs listed at once.
const LISTED: u32 = 500;

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
        let desk = Desk::new(store.ports(), &SystemClock);
        let mut tasks = Vec::new();
        for handoff in self.handoffs(&desk)? {
            let found = follow_ups(&desk, &handoff).map_err(of_handoff)?;
            tasks.extend(found.into_iter().map(|task| (handoff.clone(), task)));
        }
        if let Some(owner) = &self.owner {
            tasks.retain(|(_, task)| task.owner.as_str() == owner);
        }
        match self.format {
            Format::Text => output.answer(&text(&tasks)),
            Format::Csv => output.answer(&csv(&tasks)),
            Format::Json => {
                let tasks: Vec<Value> = tasks
                    .iter()
                    .map(|(handoff, task)| {
                        json!({
                            "id": task.id,
                            "handoff": handoff,
                            "kind": word(task.kind),
                            "subject": task.subject,
                            "owner": task.owner,
                            "due": task.due,
                        })
                    })
                    .collect();
                output.json(&json!({"baton": "follow-ups/v1", "follow_ups": tasks}));
            }
        }
        Ok(Exit::Ok)
    }

    fn handoffs(&self, desk: &Desk<'_>) -> anyhow::Result<Vec<HandoffId>> {
        if let Some(handoff) = &self.handoff {
            return Ok(vec![handoff.clone()]);
        }
        let mut handoffs: Vec<HandoffId> = Vec::new();
        loop {
            let page = (None, handoffs.last(), LISTED);
            let heads = list(desk, Turn::Anyone, page).map_err(of_handoff)?;
            if heads.is_empty() {
                return Ok(handoffs);
            }
            let names: Result<Vec<HandoffId>, _> = heads
                .iter()
                .map(|head| name(&head.stream).parse())
                .collect();
            handoffs.extend(names?);
        }
    }
}

fn name(stream: &StreamId) -> &str {
    name_of(stream)
}

fn word(kind: FollowUpKind) -> &'static str {
    match kind {
        FollowUpKind::UnresolvedRisk => "unresolved-risk",
        FollowUpKind::PendingClause => "pending-clause",
        FollowUpKind::WaiverDebt => "waiver-debt",
    }
}

fn why(kind: FollowUpKind) -> &'static str {
    match kind {
        FollowUpKind::UnresolvedRisk => "was not met and did not stop the handoff",
        FollowUpKind::PendingClause => "only warns for now",
        FollowUpKind::WaiverDebt => "is waived for now",
    }
}

fn text(tasks: &[(HandoffId, FollowUp)]) -> String {
    if tasks.is_empty() {
        return "nothing is left over\n".to_owned();
    }
    let mut text = String::new();
    for (handoff, task) in tasks {
        let due = task
            .due
            .map_or_else(String::new, |due| format!(", by {due}"));
        let line = format!(
            "{handoff}  {}: clause {} {}{due}",
            task.owner,
            task.subject,
            why(task.kind)
        );
        let _ = writeln!(text, "{}", plain(&line));
    }
    text
}

fn csv(tasks: &[(HandoffId, FollowUp)]) -> String {
    let mut text = String::from("id,handoff,kind,subject,owner,due\r\n");
    for (handoff, task) in tasks {
        let due = task.due.map_or_else(String::new, |due| due.to_string());
        let fields = [
            &task.id,
            handoff.as_str(),
            word(task.kind),
            task.subject.as_str(),
            task.owner.as_str(),
            &due,
        ];
        let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        let _ = write!(text, "{}\r\n", fields.join(","));
    }
    text
}

/// Returns a field that a spreadsheet reads as text, whatever it begins with.
fn quoted(field: &str) -> String {
    let guard = if field.starts_with(['=', '+', '-', '@', '\t']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_a_formula() {
        assert_eq!(quoted("=cmd()"), "\"'=cmd()\"");
        assert_eq!(quoted("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(quoted("web-41"), "\"web-41\"");
    }
}
