//! `baton schema`: the JSON Schemas Baton publishes.

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton schema`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which document's schema to print.
    #[arg(value_enum)]
    document: Document,
    /// Print the reference page of a contract's fields instead.
    #[arg(long)]
    reference: bool,
}

/// Documents with a published schema: first those people write, then those Baton writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Document {
    /// A contract file, for completion in editors.
    Contract,
    /// The tests of a contract.
    ContractTests,
    /// A package.
    Package,
    /// A waiver file.
    Waivers,
    /// Facts about earlier handoffs of a sender.
    History,
    /// A keyring.
    Keyring,
    /// A mapping of an event log.
    Mapping,
    /// How handovers of an event log become packages.
    PackageFields,
    /// What would be otherwise in a simulation.
    Scenario,
    /// A mission.
    Mission,
    /// What `baton lint --format json` prints.
    Diagnostics,
    /// What `baton check --format json` prints.
    Scorecard,
    /// What `baton explain --format json` prints.
    Explanation,
    /// What `baton test --format json` prints.
    ContractTestReport,
    /// What `baton import --format json` prints.
    ImportReport,
    /// What `baton discover --format json` prints.
    HandoverMap,
    /// What `baton diff --format json` prints.
    Diff,
    /// What `baton compose --format json` prints.
    Composition,
    /// What `baton mine --format json` prints.
    MiningReport,
    /// What `baton compare --format json` prints.
    Comparison,
    /// What `baton localise --format json` prints.
    Localisation,
    /// What `baton run --format json` prints.
    OutcomeReport,
    /// What `baton outcomes --format json` prints.
    Outcomes,
    /// What `baton run` writes when a mission is blocked.
    IncidentPacket,
    /// What `baton propose --format json` prints.
    Proposals,
    /// What `baton backtest --format json` prints.
    Backtest,
    /// What `baton tune --format json` prints.
    Tuning,
    /// What `baton simulate --format json` prints.
    Simulation,
    /// What `baton trace show --format json` prints.
    Trace,
    /// What `baton trace verify` and `baton bundle verify` print with `--format json`.
    Verification,
    /// What `baton trace replay --format json` prints.
    Replay,
    /// What `baton handoff show --format json` prints.
    HandoffView,
    /// What `baton handoff list --format json` prints.
    HandoffList,
    /// What other commands on a handoff print with `--format json`.
    HandoffOutcome,
    /// What `baton rollout status --format json` prints.
    RolloutStatus,
    /// What `baton rollout list --format json` prints.
    RolloutList,
    /// What other commands on a rollout print with `--format json`.
    RolloutOutcome,
    /// What `baton follow-ups --format json` prints.
    FollowUps,
    /// What `baton token list --format json` prints.
    TokenList,
    /// What `baton doctor --format json` prints.
    Examination,
}

impl Schema {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        if self.reference {
            output.answer("# Contract fields\n\nEvery section and field of a contract file.\n\n");
            output.answer(&baton_contract::model::contract_reference());
            return Ok(Exit::Ok);
        }
        output.json(&self.document.schema()?);
        Ok(Exit::Ok)
    }
}

impl Document {
    fn schema(self) -> serde_json::Result<Value> {
        let text = match self {
            Self::Contract => return Ok(baton_contract::model::contract_schema()),
            Self::Mapping => return Ok(baton_eventlog::mapping::json_schema()),
            Self::PackageFields => return Ok(baton_engine::past::json_schema()),
            Self::Scenario => return Ok(baton_network::scenario::json_schema()),
            Self::Mission => return Ok(baton_engine::missions::file::json_schema()),
            Self::ContractTests => return Ok(baton_simulation::suites::TestFile::json_schema()),
            Self::Package => baton_scoring::schemas::PACKAGE,
            Self::Waivers => baton_scoring::schemas::WAIVERS,
            Self::History => baton_scoring::schemas::HISTORY,
            Self::Keyring => baton_evidence::keys::SCHEMA,
            Self::Diagnostics => baton_report::lint::SCHEMA,
            Self::Scorecard => baton_report::scorecard::SCHEMA,
            Self::Explanation => baton_report::scorecard::EXPLANATION_SCHEMA,
            Self::ContractTestReport => baton_report::tests::SCHEMA,
            Self::ImportReport => baton_eventlog::import::SCHEMA,
            Self::HandoverMap => baton_eventlog::handover::SCHEMA,
            Self::Diff => baton_report::diff::SCHEMA,
            Self::Composition => baton_report::compose::SCHEMA,
            Self::MiningReport => baton_report::mining::SCHEMA,
            Self::Comparison => baton_report::compare::SCHEMA,
            Self::Localisation => baton_report::localise::SCHEMA,
            Self::OutcomeReport => baton_report::mission::SCHEMA,
            Self::Outcomes => baton_report::outcomes::SCHEMA,
            Self::IncidentPacket => baton_report::mission::PACKET_SCHEMA,
            Self::Proposals => baton_report::proposals::SCHEMA,
            Self::Backtest => baton_report::backtest::SCHEMA,
            Self::Tuning => baton_report::tuning::SCHEMA,
            Self::Simulation => baton_report::simulation::SCHEMA,
            Self::Trace => baton_report::verify::LISTING_SCHEMA,
            Self::Verification => baton_report::verify::SCHEMA,
            Self::Replay => baton_report::verify::REPLAY_SCHEMA,
            Self::HandoffView => crate::handoff_view::VIEW_SCHEMA,
            Self::RolloutStatus => crate::rollout_view::STATUS_SCHEMA,
            Self::RolloutList => crate::rollout_view::LIST_SCHEMA,
            Self::RolloutOutcome => crate::rollout_view::OUTCOME_SCHEMA,
            Self::HandoffList => crate::handoff_view::LIST_SCHEMA,
            Self::HandoffOutcome => crate::handoff_view::OUTCOME_SCHEMA,
            Self::FollowUps => crate::commands::follow_ups::SCHEMA,
            Self::Examination => crate::doctor_view::SCHEMA,
            Self::TokenList => crate::token_view::SCHEMA,
        };
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_compiles_and_says_which_document_it_is_of() {
        let mut ids = Vec::new();
        for document in Document::value_variants() {
            let schema = document.schema().unwrap();
            let name = document.to_possible_value().unwrap().get_name().to_owned();
            let id = schema["$id"].as_str().unwrap_or_default().to_owned();
            let expected = format!("https://baton.dev/schemas/{name}-v1.schema.json");
            assert_eq!(id, expected);
            // The contract's schema refers to the meta-schema, for contracts hold schemas.
            if document != &Document::Contract
                && let Err(problems) = baton_contract::schema::PackageSchema::compile(&schema)
            {
                panic!("{name}: {problems:#?}");
            }
            ids.push(id);
        }
        assert!(!ids.is_empty());
    }
}
