//! A waiver approved by its owner, or by the sender, excuses nothing.

use baton_scoring::waivers::Waivers;
use baton_scoring::wire::FindingState;
use serde_json::json;

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "nobody-waives-their-own-work";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

/// A waiver far in the future, so that nothing but its approver is wrong with it.
const EXPIRES: &str = "9000-01-01T00:00:00Z";

fn try_out(_: &Parameters, subject: &Subject<'_>, scene: &Scene, trial: &mut Trial) {
    let contract = subject.contract.contract();
    let sender = scene.package.sender();
    let senders = [&sender.actor, &sender.on_behalf_of]
        .into_iter()
        .flatten()
        .cloned();
    // The owner approves their own waiver; the sender approves somebody's waiver for their work.
    let pairs = [("an-owner".to_owned(), "an-owner".to_owned())];
    let pairs = pairs
        .into_iter()
        .chain(senders.map(|sender| ("an-owner".to_owned(), sender)));
    for (owner, approver) in pairs {
        let waiver = |(number, clause): (usize, &baton_contract::model::Clause)| {
            json!({
                "id": format!("waiver-{number}"),
                "contract": contract.name,
                "clause": clause.id,
                "scope": {"work_item": scene.package.work_item()},
                "reason": "a reason that would do if somebody else had approved it",
                "owner": owner,
                "approver": approver,
                "expires": EXPIRES,
            })
        };
        let list: Vec<_> = contract.clauses.iter().enumerate().map(waiver).collect();
        let document = json!({"baton": "waivers/v1", "waivers": list});
        let waivers = match Waivers::from_value(&document) {
            Ok(waivers) => waivers,
            Err(problems) => {
                trial.fails(NAME, &format!("the waivers can't be read: {problems:?}"));
                continue;
            }
        };
        let excused = Scene {
            waivers,
            ..scene.clone()
        };
        let Ok(scorecard) = excused.check(subject.contract) else {
            trial.fails(NAME, "the package can't be checked");
            continue;
        };
        let excused_one = scorecard
            .findings
            .iter()
            .find(|f| f.state == FindingState::Waived);
        trial.holds(NAME, excused_one.is_none(), || {
            let clause = excused_one
                .map(|finding| finding.clause.to_string())
                .unwrap_or_default();
            format!("expected no waiver approved by `{approver}` to count, found `{clause}` waived")
        });
    }
}
