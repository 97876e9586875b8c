//! Starting a rollout: everything it needs is looked for at once, and nothing begins while any of it is missing.

use std::collections::BTreeMap;

use baton_contract::model::Metric;
use baton_mission::rollout::{Command, Plan, ROLLOUT_UNUSABLE, Rollout, Versions};
use baton_terms::{Diagnostic, Digest};
use serde_json::json;

use super::Fault;
use super::commit::{Call, Gathered, commit, entitled};
use super::flags::withheld;
use super::record::Outcome;
use crate::handoff::{ContractForm, Desk, Failure};
use crate::validation;

/// What a rollout is started with.
#[derive(Debug, Clone)]
pub struct Starting<'a> {
    /// The version in force.
    pub stable: &'a ContractForm,
    /// The version to be rolled out; its `rollout` section is the plan.
    pub canary: &'a ContractForm,
    /// The reports of its suites (`contract-test-report/v1`).
    pub validation: &'a [u8],
    /// What metrics stood at, where the contract says to measure first.
    pub measured: BTreeMap<Metric, i64>,
}

/// Starts a rollout in its first stage.
///
/// # Errors
/// When the contract cannot be rolled out, the report does not cover it, its flag is not on, another rollout of the contract is under
/// way, the actor may not, or the store fails.
pub fn start(
    desk: &Desk<'_>,
    call: &Call<'_>,
    starting: &Starting<'_>,
) -> Result<Outcome, Failure> {
    let plan = plan(desk, call, starting)?;
    // Authority comes from the version in force: the next one may name another owner.
    let stable = desk.shelf.given(starting.stable)?;
    entitled(call, stable.terms.owner())?;
    let canary = plan.versions.canary;
    let report = Digest::of(starting.validation);
    let content = json!({
        "do": "start",
        "stable": plan.versions.stable,
        "canary": canary,
        "validation": report,
        "measured": starting.measured.iter().map(|(metric, value)| (metric.word(), value)).collect::<BTreeMap<_, _>>(),
    });
    commit(desk, (call, Some(&content)), |record, now| {
        let rollout = match record.rollout() {
            Ok(rollout) => rollout.clone(),
            Err(_) => {
                ready(desk, (&plan, starting))?;
                Rollout::new(plan.clone())
            }
        };
        let command = Command::Start {
            by: call.actor.principal.clone(),
            validation: Some((report, canary)),
        };
        let mut gathered = Gathered::of(&rollout, &command, now)?;
        for (name, bytes) in [
            ("stable", starting.stable.bytes()),
            ("canary", starting.canary.bytes()),
            ("validation", starting.validation),
        ] {
            let name =
                name.parse()
                    .map_err(|error: baton_terms::IdError| Failure::Unrecordable {
                        why: error.to_string(),
                    })?;
            gathered.documents.insert(name, bytes.to_vec());
        }
        Ok(gathered)
    })
}

fn plan(desk: &Desk<'_>, call: &Call<'_>, starting: &Starting<'_>) -> Result<Plan, Failure> {
    let stable = desk.shelf.given(starting.stable)?;
    let canary = desk.shelf.given(starting.canary)?;
    let (old, new) = (&stable.terms.pin().name, &canary.terms.pin().name);
    if old != new {
        let problem = unusable(
            "two versions of one contract",
            format!("`{old}` and `{new}`"),
        );
        return Err(Failure::Contract(vec![problem]));
    }
    let versions = Versions {
        contract: new.clone(),
        stable: starting.stable.digest(),
        canary: starting.canary.digest(),
    };
    let contract = canary.contract.contract();
    let plan = Plan::of(call.rollout.clone(), versions, contract, &starting.measured);
    let plan = plan.map_err(Failure::Contract)?;
    let problems: Vec<Diagnostic> = plan
        .unmeasured()
        .map(|metric| {
            let expected = "metrics that a handoff shows by its end";
            unusable(expected, format!("`{}`", metric.word()))
        })
        .collect();
    if problems.is_empty() {
        Ok(plan)
    } else {
        Err(Failure::Contract(problems))
    }
}

fn ready(desk: &Desk<'_>, (plan, starting): (&Plan, &Starting<'_>)) -> Result<(), Failure> {
    let mut missing = Vec::new();
    if let Err(why) = validation::covers(starting.validation, &plan.versions.canary) {
        let canary = plan.versions.canary;
        missing.push(format!("no validation report for {canary} counts: {why}"));
    }
    missing.extend(withheld(desk.flags(), &plan.flag));
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Fault::NotReady { missing }.into())
    }
}

fn unusable(expected: &str, found: String) -> Diagnostic {
    Diagnostic::error(ROLLOUT_UNUSABLE, "contract can't be rolled out")
        .expected(expected)
        .found(found)
        .hint("see the contract's `rollout` and `outcomes`")
}
