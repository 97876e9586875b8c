//! The table of generated files. A file is added here together with what makes it.

use super::{errors_page, example_log, limits_page};

/// One committed file and what it must equal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Generator {
    /// Path from the repository root.
    pub(crate) path: &'static str,
    /// What makes its text.
    pub(crate) source: Source,
}

/// What makes a generated text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// The standard output of `baton` with these arguments.
    Baton(&'static [&'static str]),
    /// A function that reads the repository.
    Repository(fn() -> anyhow::Result<String>),
}

impl Source {
    /// Returns what makes the text, in words.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Baton(arguments) => format!("the output of `baton {}`", arguments.join(" ")),
            Self::Repository(_) => "the text made from the repository".to_owned(),
        }
    }
}

const fn baton(path: &'static str, arguments: &'static [&'static str]) -> Generator {
    Generator {
        path,
        source: Source::Baton(arguments),
    }
}

const fn repository(path: &'static str, page: fn() -> anyhow::Result<String>) -> Generator {
    Generator {
        path,
        source: Source::Repository(page),
    }
}

/// Every generated file of the repository, in path order.
pub(crate) const GENERATORS: &[Generator] = &[
    baton("docs/reference/cli.md", &["man", "--markdown"]),
    baton(
        "docs/reference/contract.md",
        &["schema", "contract", "--reference"],
    ),
    repository("docs/reference/error-codes.md", errors_page::page),
    repository("docs/reference/limits.md", limits_page::page),
    baton(
        "docs/reference/schemas/backtest-v1.schema.json",
        &["schema", "backtest"],
    ),
    baton(
        "docs/reference/schemas/comparison-v1.schema.json",
        &["schema", "comparison"],
    ),
    baton(
        "docs/reference/schemas/composition-v1.schema.json",
        &["schema", "composition"],
    ),
    baton(
        "docs/reference/schemas/contract-test-report-v1.schema.json",
        &["schema", "contract-test-report"],
    ),
    baton(
        "docs/reference/schemas/contract-tests-v1.schema.json",
        &["schema", "contract-tests"],
    ),
    baton(
        "docs/reference/schemas/contract-v1.schema.json",
        &["schema", "contract"],
    ),
    baton(
        "docs/reference/schemas/diagnostics-v1.schema.json",
        &["schema", "diagnostics"],
    ),
    baton(
        "docs/reference/schemas/diff-v1.schema.json",
        &["schema", "diff"],
    ),
    baton(
        "docs/reference/schemas/examination-v1.schema.json",
        &["schema", "examination"],
    ),
    baton(
        "docs/reference/schemas/explanation-v1.schema.json",
        &["schema", "explanation"],
    ),
    baton(
        "docs/reference/schemas/follow-ups-v1.schema.json",
        &["schema", "follow-ups"],
    ),
    baton(
        "docs/reference/schemas/handoff-list-v1.schema.json",
        &["schema", "handoff-list"],
    ),
    baton(
        "docs/reference/schemas/handoff-outcome-v1.schema.json",
        &["schema", "handoff-outcome"],
    ),
    baton(
        "docs/reference/schemas/handoff-view-v1.schema.json",
        &["schema", "handoff-view"],
    ),
    baton(
        "docs/reference/schemas/handover-map-v1.schema.json",
        &["schema", "handover-map"],
    ),
    baton(
        "docs/reference/schemas/history-v1.schema.json",
        &["schema", "history"],
    ),
    baton(
        "docs/reference/schemas/import-report-v1.schema.json",
        &["schema", "import-report"],
    ),
    baton(
        "docs/reference/schemas/incident-packet-v1.schema.json",
        &["schema", "incident-packet"],
    ),
    baton(
        "docs/reference/schemas/keyring-v1.schema.json",
        &["schema", "keyring"],
    ),
    baton(
        "docs/reference/schemas/localisation-v1.schema.json",
        &["schema", "localisation"],
    ),
    baton(
        "docs/reference/schemas/mapping-v1.schema.json",
        &["schema", "mapping"],
    ),
    baton(
        "docs/reference/schemas/mining-report-v1.schema.json",
        &["schema", "mining-report"],
    ),
    baton(
        "docs/reference/schemas/mission-v1.schema.json",
        &["schema", "mission"],
    ),
    baton(
        "docs/reference/schemas/outcome-report-v1.schema.json",
        &["schema", "outcome-report"],
    ),
    baton(
        "docs/reference/schemas/outcomes-v1.schema.json",
        &["schema", "outcomes"],
    ),
    baton(
        "docs/reference/schemas/package-fields-v1.schema.json",
        &["schema", "package-fields"],
    ),
    baton(
        "docs/reference/schemas/package-v1.schema.json",
        &["schema", "package"],
    ),
    baton(
        "docs/reference/schemas/proposals-v1.schema.json",
        &["schema", "proposals"],
    ),
    baton(
        "docs/reference/schemas/replay-v1.schema.json",
        &["schema", "replay"],
    ),
    baton(
        "docs/reference/schemas/rollout-list-v1.schema.json",
        &["schema", "rollout-list"],
    ),
    baton(
        "docs/reference/schemas/rollout-outcome-v1.schema.json",
        &["schema", "rollout-outcome"],
    ),
    baton(
        "docs/reference/schemas/rollout-status-v1.schema.json",
        &["schema", "rollout-status"],
    ),
    baton(
        "docs/reference/schemas/scenario-v1.schema.json",
        &["schema", "scenario"],
    ),
    baton(
        "docs/reference/schemas/scorecard-v1.schema.json",
        &["schema", "scorecard"],
    ),
    baton(
        "docs/reference/schemas/simulation-v1.schema.json",
        &["schema", "simulation"],
    ),
    baton(
        "docs/reference/schemas/token-list-v1.schema.json",
        &["schema", "token-list"],
    ),
    baton(
        "docs/reference/schemas/trace-v1.schema.json",
        &["schema", "trace"],
    ),
    baton(
        "docs/reference/schemas/tuning-v1.schema.json",
        &["schema", "tuning"],
    ),
    baton(
        "docs/reference/schemas/verification-v1.schema.json",
        &["schema", "verification"],
    ),
    baton(
        "docs/reference/schemas/waivers-v1.schema.json",
        &["schema", "waivers"],
    ),
    repository("examples/requests/requests.csv", example_log::log),
];
