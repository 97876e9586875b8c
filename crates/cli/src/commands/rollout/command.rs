//! `baton rollout`: who asks for what.

use baton_engine::handoff::{Desk, Failure as EngineFailure};
use baton_engine::rollout::{Call, Outcome, Watch, status};
use baton_mission::names::Key;
use baton_terms::Id;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{look, start, steer};
use crate::commands::handoff::{Format, Office, RequestTerms, answered};
use crate::denial::of_handoff;
use crate::exit::Exit;
use crate::output::Output;
use crate::rollout_view::{outcome_json, outcome_text};
use crate::settings::Place;

/// Arguments of `baton rollout`.
#[derive(Debug, Args)]
pub(crate) struct RolloutCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Start with the first stage: the next version is validated, its flag is on, nobody else's rollout is under way.
    Start(start::Start),
    /// Show where it stands, what holds it, how the versions compare and what was decided.
    Status(look::Status),
    /// Judge it now and apply what its handoffs show; `baton work` does so once a minute.
    Look(look::Look),
    /// Keep it from advancing; harm still ends it.
    Freeze(steer::Freeze),
    /// Let it advance again.
    Thaw(steer::Thaw),
    /// Return everybody to the stable version, also after promotion.
    Rollback(steer::Rollback),
    /// List rollouts.
    List(look::List),
}

impl RolloutCommand {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Start(command) => command.run(output),
            Action::Status(command) => command.run(output),
            Action::Look(command) => command.run(output),
            Action::Freeze(command) => command.run(output),
            Action::Thaw(command) => command.run(output),
            Action::Rollback(command) => command.run(output),
            Action::List(command) => command.run(output),
        }
    }
}

/// One request to one rollout.
#[derive(Debug, Args)]
pub(super) struct Request {
    #[command(flatten)]
    pub(super) place: Place,
    /// The rollout.
    pub(super) rollout: Id,
    #[command(flatten)]
    terms: RequestTerms,
}

impl Request {
    /// Returns the revision of the rollout, which the key of a request is derived from.
    pub(super) fn revision(&self, office: &Office) -> anyhow::Result<u64> {
        let desk = office.desk()?;
        let view = status(&desk, &Watch::default(), &self.rollout).map_err(of_handoff)?;
        Ok(view.revision)
    }

    /// Performs a request; `content` is what its key is derived from, together with the revision it is made for.
    pub(super) fn perform(
        &self,
        output: &mut Output,
        (office, revision, content): (&Office, u64, &Value),
        act: impl FnOnce(&Desk<'_>, &Call<'_>) -> Result<Outcome, EngineFailure>,
    ) -> anyhow::Result<Exit> {
        let credential = office.credential()?;
        let desk = office.desk()?;
        let key = self.terms.key(&json!({
            "rollout": self.rollout,
            "revision": revision,
            "request": content,
        }))?;
        let call = Call {
            actor: &credential.actor,
            rollout: self.rollout.clone(),
            key: key.clone(),
            expects: self.terms.expects,
        };
        let outcome = answered(&key, act(&desk, &call))?;
        show(output, (&outcome, Some(&key)), self.terms.format);
        Ok(Exit::Ok)
    }
}

/// Shows what a command led to.
pub(super) fn show(output: &mut Output, (outcome, key): (&Outcome, Option<&Key>), format: Format) {
    match format {
        Format::Text => output.answer(&outcome_text(outcome, key)),
        Format::Json => output.json(&outcome_json(outcome, key)),
    }
}
