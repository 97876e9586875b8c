//! What people decide about a rollout, each with a reason.

use baton_engine::handoff::{Desk, Failure};
use baton_engine::rollout::{Call, Outcome, freeze, roll_back, thaw};
use clap::Args;
use serde_json::json;

use super::command::Request;
use crate::commands::handoff::Office;
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton rollout freeze`.
#[derive(Debug, Args)]
pub(super) struct Freeze {
    #[command(flatten)]
    decision: Decision,
}

/// Arguments of `baton rollout thaw`.
#[derive(Debug, Args)]
pub(super) struct Thaw {
    #[command(flatten)]
    decision: Decision,
}

/// Arguments of `baton rollout rollback`.
#[derive(Debug, Args)]
pub(super) struct Rollback {
    #[command(flatten)]
    decision: Decision,
}

#[derive(Debug, Args)]
struct Decision {
    #[command(flatten)]
    request: Request,
    /// Why.
    #[arg(long)]
    reason: String,
}

impl Freeze {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.decision.make(output, "freeze", freeze)
    }
}

impl Thaw {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.decision.make(output, "thaw", thaw)
    }
}

impl Rollback {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.decision.make(output, "rollback", roll_back)
    }
}

impl Decision {
    fn make(
        &self,
        output: &mut Output,
        word: &str,
        act: impl FnOnce(&Desk<'_>, &Call<'_>, &str) -> Result<Outcome, Failure>,
    ) -> anyhow::Result<Exit> {
        let content = json!({"do": word, "reason": self.reason});
        let office = Office::open(&self.request.place)?;
        let request = &self.request;
        let revision = request.revision(&office)?;
        request.perform(output, (&office, revision, &content), |desk, call| {
            act(desk, call, &self.reason)
        })
    }
}
