//! Starting a rollout.

use std::collections::BTreeMap;
use std::path::PathBuf;

use baton_contract::model::Metric;
use baton_engine::rollout::{Starting, start};
use baton_terms::limits;
use clap::Args;
use serde_json::json;

use super::command::Request;
use crate::commands::handoff::{Office, form};
use crate::exit::Exit;
use crate::files;
use crate::output::Output;

/// Arguments of `baton rollout start`.
#[derive(Debug, Args)]
pub(super) struct Start {
    #[command(flatten)]
    request: Request,
    /// The version in force: a file, or a folder that holds one.
    #[arg(long, value_name = "PATH")]
    stable: PathBuf,
    /// The version to roll out, whose `rollout` section is the plan.
    #[arg(long, short, value_name = "PATH")]
    contract: PathBuf,
    /// What `baton test --format json` printed of exactly that version.
    #[arg(long, value_name = "FILE")]
    validation: PathBuf,
    /// What a metric stood at before, such as `bounce-rate=1800`, where the contract says to measure it first; may be repeated.
    #[arg(long, value_name = "METRIC=VALUE", value_parser = parse_measured)]
    measured: Vec<(Metric, i64)>,
}

fn parse_measured(text: &str) -> Result<(Metric, i64), String> {
    let expected = || "expected METRIC=VALUE, such as bounce-rate=1800".to_owned();
    let (metric, value) = text.split_once('=').ok_or_else(expected)?;
    let metric = Metric::from_word(metric).ok_or_else(|| {
        let words: Vec<&str> = Metric::WORDS.iter().map(|(word, _)| *word).collect();
        format!("expected one of {}", words.join(", "))
    })?;
    value
        .parse()
        .map_or_else(|_| Err(expected()), |value| Ok((metric, value)))
}

impl Start {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let stable = form(&self.stable)?;
        let canary = form(&self.contract)?;
        let validation = files::read(&self.validation, limits::CONTRACT_BYTES_MAX)?;
        let measured: BTreeMap<Metric, i64> = self.measured.iter().copied().collect();
        let starting = Starting {
            stable: &stable,
            canary: &canary,
            validation: &validation,
            measured,
        };
        let content = json!({"do": "start", "stable": stable.digest(), "canary": canary.digest()});
        let office = Office::open(&self.request.place)?;
        let request = &self.request;
        request.perform(output, (&office, 0, &content), |desk, call| {
            start(desk, call, &starting)
        })
    }
}
