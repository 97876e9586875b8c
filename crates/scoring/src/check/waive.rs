//! Which waivers count: they excuse clauses that are not met, within the contract's budget.

use baton_contract::model::Clause;
use baton_terms::BasisPoints;

use super::compile::CheckedContract;
use super::score::Inputs;
use crate::waivers::{Subject, Waiver};
use crate::wire::{Finding, FindingState, WaiverRefusal, WaiverRefused};

/// Applies waivers to findings and returns those that do not count, by id.
pub(super) fn apply(
    contract: &CheckedContract,
    inputs: &Inputs<'_>,
    findings: &mut [Finding<'_>],
) -> Vec<WaiverRefused> {
    if inputs.waivers.list().is_empty() {
        return Vec::new();
    }
    let sender = inputs.package.sender();
    let subject = Subject {
        contract: &contract.contract.name,
        work_item: inputs.package.work_item(),
        team: &sender.team,
        senders: [sender.actor.as_deref(), sender.on_behalf_of.as_deref()],
        as_of: inputs.context.as_of,
    };
    let has_clause = |id: &str| {
        contract
            .clauses()
            .any(|clause: &Clause| clause.id.as_str() == id)
    };
    let (mut refused, mut counting) = (Vec::new(), Vec::new());
    for waiver in inputs
        .waivers
        .list()
        .iter()
        .filter(|waiver| waiver.is_about(&subject))
    {
        let refusal = if has_clause(waiver.clause.as_str()) {
            waiver.refusal(&subject)
        } else {
            Some(WaiverRefusal::UnknownClause)
        };
        match refusal {
            Some(reason) => refused.push(refused_for(waiver, reason)),
            None => counting.push(waiver),
        }
    }
    let used = excuses(&counting, findings);
    // A budget the contract does not set allows no waiver.
    let budget = contract.contract.budget.waivers.unwrap_or(0);
    if u64::try_from(used.len()).is_ok_and(|used| used <= budget) {
        for (finding, waiver) in used {
            if let Some(finding) = findings.get_mut(finding) {
                finding.state = FindingState::Waived;
                finding.value = BasisPoints::FULL;
                finding.waiver = Some(waiver.id.to_string());
            }
        }
    } else {
        // Choosing some of them would be arbitrary, so none counts.
        let over = used
            .iter()
            .map(|(_, waiver)| refused_for(waiver, WaiverRefusal::OverBudget));
        refused.extend(over);
    }
    refused.sort();
    refused
}

/// Returns the clauses that are not met and excused, each with its first waiver by id.
fn excuses<'w>(waivers: &[&'w Waiver], findings: &[Finding<'_>]) -> Vec<(usize, &'w Waiver)> {
    let excuse = |(index, finding): (usize, &Finding<'_>)| {
        let waiver = waivers
            .iter()
            .find(|waiver| waiver.clause.as_str() == finding.clause)?;
        Some((index, *waiver))
    };
    let unmet = findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.state.is_unmet());
    unmet.filter_map(excuse).collect()
}

fn refused_for(waiver: &Waiver, reason: WaiverRefusal) -> WaiverRefused {
    WaiverRefused {
        waiver: waiver.id.to_string(),
        clause: waiver.clause.to_string(),
        reason,
    }
}
