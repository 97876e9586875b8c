//! From past packages and a contract to what to change.

use baton_eventlog::blameless::CASES_MIN;
use baton_evidence::keys::Keyring;
use baton_report::backtest::{Backtest, Input, Outcome, Tally};
use baton_report::tuning::{FORMAT, Tuning};
use baton_scoring::CheckedContract;
use baton_terms::Diagnostic;

use super::codes::TOO_LITTLE;
use super::profile::{Dimensions, Numbers, Profiles};
use super::quality::{qualities, retirements};
use super::search::Search;
use super::split::{LaterPart, Split, cases, split};
use crate::backtest::{self, How, Packages, backtest};

/// Most good cases that one caught failure may be worth.
pub const WORTH_MAX: u64 = 1_000;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The contract.
    pub contract: &'a CheckedContract,
    /// Keys whose signatures of evidence count.
    pub keyring: &'a Keyring,
    /// What counts as failed.
    pub outcome: Option<&'a Outcome>,
    /// What was read, by name and digest.
    pub inputs: &'a [Input],
    /// Good cases that may be held up for one failure that is caught, 1 to [`WORTH_MAX`].
    pub worth: u64,
}

/// Says which numbers of a contract to change, how its clauses do, and which may go.
///
/// # Errors
/// When too few cases have an outcome that counts.
pub fn tune(packages: &dyn Packages, asked: &Asked<'_>) -> Result<Tuning, Vec<Diagnostic>> {
    let cases = cases(packages.subjects());
    let found = split(&cases).filter(is_enough);
    let (Some(split), Some(outcome)) = (found, asked.outcome) else {
        return Err(vec![too_little(cases.len())]);
    };
    let contract = asked.contract;
    let how = How {
        keyring: asked.keyring,
        as_of: None,
    };
    let profiles = Profiles::of((packages, &cases), (contract, how), &split);
    let clauses: Vec<String> = contract
        .clauses()
        .map(|clause| clause.id.to_string())
        .collect();
    let weights = contract.clauses().map(|clause| u64::from(clause.weight));
    let found = Search {
        profiles: &profiles,
        dimensions: &Dimensions::of(contract),
        current: &Numbers {
            thresholds: contract.contract().thresholds,
            weights: weights.collect(),
        },
        worth: asked.worth.clamp(1, WORTH_MAX),
    }
    .run(&clauses);
    let all = itself(packages, asked)?;
    let later = itself(&LaterPart::new(packages, &cases, &split), asked)?;
    let qualities = qualities(&all);
    Ok(Tuning {
        format: FORMAT,
        contract: contract.contract().name.to_string(),
        version: contract.contract().version.to_string(),
        digest: contract.digest(),
        source: packages.source(),
        inputs: asked.inputs.to_vec(),
        outcome: outcome.clone(),
        worth: asked.worth.clamp(1, WORTH_MAX),
        later_from: split.later_from,
        earlier: split.earlier,
        later: split.later,
        retire: retirements(contract, &qualities, &later),
        clauses: qualities,
        recommended: found.recommended,
        unconfirmed: found.unconfirmed,
        confidence: found.confidence.basis_points(),
    })
}

/// Holds packages against the contract alone.
fn itself(packages: &dyn Packages, asked: &Asked<'_>) -> Result<Backtest, Vec<Diagnostic>> {
    backtest(
        packages,
        &backtest::Asked {
            before: asked.contract,
            after: asked.contract,
            keyring: asked.keyring,
            as_of: None,
            outcome: asked.outcome,
            inputs: asked.inputs,
            flips: 0,
        },
    )
}

fn is_enough(split: &Split) -> bool {
    let has = |tally: &Tally| tally.failed >= CASES_MIN && tally.fine >= CASES_MIN;
    has(&split.earlier) && has(&split.later)
}

fn too_little(cases: usize) -> Diagnostic {
    Diagnostic::error(TOO_LITTLE, "there is too little to learn from")
        .expected(format!(
            "at least {CASES_MIN} cases that failed and {CASES_MIN} that did not, earlier and later"
        ))
        .found(format!("{cases} cases with an outcome that counts"))
        .hint("give a longer stretch of time, and say with --outcome what counts as failed")
}
