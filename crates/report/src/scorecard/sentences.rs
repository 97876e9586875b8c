//! The sentences of a scorecard, in words a reader needs no glossary for.

use baton_contract::model::{DecidedBy, GateExpiry, GateKind, Separation};
use baton_scoring::explain::{Obstacle, RuleCheck};
use baton_scoring::wire::{
    Cause, DimensionScore, Finding, FindingState, GateFinding, GateState, Posture, RiskSource,
    Rule, WaiverRefusal,
};
use baton_terms::BasisPoints;

use super::model::{Model, Start};
use crate::words;

/// Returns what an effort from 1 to 5 means.
pub(super) const fn effort(effort: u32) -> &'static str {
    match effort {
        0 | 1 => "minutes",
        2 => "hours",
        3 => "a day",
        4 => "days",
        _ => "weeks",
    }
}

/// Returns the state of a clause that is not met, in words.
pub(super) fn state(finding: &Finding<'_>) -> String {
    match finding.state {
        FindingState::Failed if finding.value > BasisPoints::ZERO => {
            format!("met to {}", finding.value)
        }
        FindingState::Failed => "not met".to_owned(),
        FindingState::Unknown => "unknown, which never passes".to_owned(),
        other => other.word().to_owned(),
    }
}

/// Returns the score with the threshold that matters.
pub(super) fn score(model: &Model<'_>) -> String {
    let Some(score) = model.scorecard.score else {
        return "no score (nothing was checked)".to_owned();
    };
    let limits = model.thresholds;
    if score < limits.review_min {
        format!("score {score} (below {} is critical)", limits.review_min)
    } else {
        format!("score {score} (ready needs {})", limits.ready_min)
    }
}

/// Returns the risk with the threshold that matters.
pub(super) fn risk(model: &Model<'_>) -> String {
    let (risk, limits) = (model.scorecard.risk, model.thresholds);
    if risk >= limits.review_risk {
        format!("risk {risk} (critical from {})", limits.critical_risk)
    } else {
        format!("risk {risk} (review starts at {})", limits.review_risk)
    }
}

/// Returns one sentence that says why the posture is what it is.
pub(super) fn why(model: &Model<'_>) -> String {
    let reasons = causes(&model.scorecard.causes, &model.scorecard.dimensions);
    let reasons = reasons.join("; ");
    let conclusion = match model.scorecard.posture {
        Posture::Ready => "Nothing stands in the way: this handoff may go on",
        Posture::Review => "A person has to look before this handoff goes on",
        Posture::Critical => "This handoff must not go on",
    };
    if reasons.is_empty() {
        format!("{conclusion}.")
    } else {
        format!("{conclusion}: {reasons}.")
    }
}

/// Returns the causes as parts of a sentence; a weaker rule is left out beside a stronger one.
pub(super) fn causes(causes: &[Cause<'_>], dimensions: &[DimensionScore<'_>]) -> Vec<String> {
    let has = |rule| causes.iter().any(|cause| cause.rule == rule);
    let mut reasons: Vec<String> = causes
        .iter()
        .filter(|cause| match cause.rule {
            Rule::RiskAtReview => !has(Rule::RiskAtCritical),
            Rule::ScoreBelowReadyMin => !has(Rule::ScoreBelowReviewMin),
            _ => true,
        })
        .filter_map(cause)
        .collect();
    let subjects = |rule| causes.iter().filter(move |cause| cause.rule == rule);
    let unknown: Vec<String> = subjects(Rule::DimensionUnknown)
        .filter_map(|cause| cause.subject.as_deref())
        .map(|id| {
            let found = dimensions.iter().find(|dimension| dimension.id == id);
            found.map_or(id, |dimension| &dimension.title).to_owned()
        })
        .collect();
    if !unknown.is_empty() && !has(Rule::NothingChecked) {
        reasons.push(format!(
            "nothing was checked under {}",
            words::list(&unknown)
        ));
    }
    match subjects(Rule::GateOpen).count() {
        0 => {}
        1 => reasons.push("1 decision is still needed".to_owned()),
        open => reasons.push(format!("{open} decisions are still needed")),
    }
    reasons
}

fn cause(cause: &Cause<'_>) -> Option<String> {
    let found = cause
        .found
        .map(|found| found.to_string())
        .unwrap_or_default();
    let limit = cause
        .limit
        .map(|limit| limit.to_string())
        .unwrap_or_default();
    match cause.rule {
        Rule::RiskAtCritical => Some(format!("the risk is {found} ({limit} or more is critical)")),
        Rule::ScoreBelowReviewMin => {
            Some(format!("the score is {found} (below {limit} is critical)"))
        }
        Rule::RiskAtReview => Some(format!("the risk is {found} (review starts at {limit})")),
        Rule::ScoreBelowReadyMin => Some(format!("the score is {found} (ready needs {limit})")),
        Rule::NothingChecked => {
            Some("no clause of the contract applies, so nothing was checked".to_owned())
        }
        Rule::DimensionUnknown | Rule::GateOpen => None,
    }
}

/// Returns what fixing clauses can't change, as a part of a sentence.
pub(super) fn obstacle(obstacle: &Obstacle, model: &Model<'_>) -> String {
    let scorecard = model.scorecard;
    match obstacle {
        Obstacle::NothingChecked => "no clause of the contract applies".to_owned(),
        Obstacle::DimensionUnknown(id) => {
            let found = scorecard
                .dimensions
                .iter()
                .find(|dimension| dimension.id == *id);
            let title = found.map_or(id.as_str(), |dimension| &dimension.title);
            format!("nothing can be checked under {title}")
        }
        Obstacle::RiskWithoutClauses { found, limit } => format!(
            "declared risk and pressure on the receiver alone are {found}, and review starts at {limit}"
        ),
        Obstacle::GateClosed(id) => {
            let found = scorecard.gates.iter().find(|gate| gate.gate == *id);
            let title = found.map_or(id.as_str(), |gate| &gate.title);
            format!("the policy gate {title} does not hold")
        }
    }
}

/// Returns where a part of the risk comes from.
pub(super) fn risk_source(source: RiskSource, clause: Option<&str>) -> String {
    match (source, clause) {
        (RiskSource::Clause, Some(clause)) => format!("clause {clause}"),
        (RiskSource::Clause, None) => "a clause".to_owned(),
        (RiskSource::RiskTier, _) => "the declared risk tier".to_owned(),
        (RiskSource::ReceiverPressure, _) => "pressure on the receiver".to_owned(),
    }
}

/// Returns what deciding a gate takes.
pub(super) fn gate(gate: &GateFinding<'_>) -> String {
    let mut parts = Vec::new();
    match (gate.kind, gate.state) {
        (GateKind::Policy, _) => {
            parts.push("decided by a rule, which does not hold yet".to_owned());
        }
        (GateKind::Approval, GateState::Failed) => {
            parts.push("an approval that can't be given as things are".to_owned());
        }
        (GateKind::Approval, _) => parts.push(approvals(gate)),
    }
    for separation in &gate.separation {
        parts.push(
            match separation {
                Separation::NotSender => "not the sender",
                Separation::NotSenderTeam => "nobody of the sender's team",
            }
            .to_owned(),
        );
    }
    match gate.decided_by {
        Some(DecidedBy::People) => parts.push("people only".to_owned()),
        Some(DecidedBy::Anyone) => parts.push("people or agents".to_owned()),
        None => {}
    }
    if let Some(expires) = &gate.expires {
        let then = match gate.on_expiry {
            Some(GateExpiry::Reject) => "then the handoff is rejected",
            Some(GateExpiry::Escalate) | None => "then it is escalated",
        };
        parts.push(format!("open for {} at most, {then}", span(expires)));
    }
    words::capital(&parts.join("; "))
}

/// Returns a span of time as people say it: `2bd` becomes `2 business days`.
fn span(written: &str) -> String {
    let split = written.find(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = written
        .split_at_checked(split.unwrap_or(0))
        .unwrap_or_default();
    let word = match unit {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "bm" => "business minute",
        "bh" => "business hour",
        "bd" => "business day",
        _ => return written.to_owned(),
    };
    let number = number.parse().ok();
    number.map_or_else(|| written.to_owned(), |number| words::count(number, word))
}

fn approvals(gate: &GateFinding<'_>) -> String {
    let roles: Vec<String> = gate.approvers.iter().map(ToString::to_string).collect();
    let by = if roles.is_empty() {
        String::new()
    } else {
        format!(" by {}", words::choice(&roles))
    };
    let needed = gate.quorum.unwrap_or(1);
    match (needed, gate.of) {
        (1, None | Some(1)) => format!("1 approval{by}"),
        (_, Some(of)) => format!("{needed} of {of} approvals{by}"),
        (_, None) => format!("{needed} approvals{by}"),
    }
}

/// Returns the state of a gate in words.
pub(super) const fn gate_state(state: GateState) -> &'static str {
    match state {
        GateState::Passed => "passed",
        GateState::Failed => "failed",
        GateState::Open => "open",
        GateState::NotApplicable => "not-applicable",
    }
}

/// Returns what a pending clause warns of.
pub(super) fn pending(finding: &Finding<'_>, start: Option<Start>) -> String {
    let would_be = match finding.would_be {
        Some(FindingState::Passed) => "it is met already",
        Some(FindingState::Failed) => "it is not met",
        Some(FindingState::Unknown) => "whether it is met could not be found out",
        _ => "it was not looked at",
    };
    let counts = match start {
        Some(Start::At(instant)) => format!("counts from {} on", words::moment(instant)),
        Some(Start::FirstMet) => "counts once this sender has met it".to_owned(),
        None => "does not count yet".to_owned(),
    };
    format!(
        "Pending: {} ({}) {counts}; today {would_be}.",
        finding.title, finding.clause
    )
}

/// Returns why a waiver does not count.
pub(super) const fn refusal(refusal: WaiverRefusal) -> &'static str {
    match refusal {
        WaiverRefusal::UnknownClause => "the contract has no such clause",
        WaiverRefusal::ReasonMissing => "it gives no reason",
        WaiverRefusal::Expired => "it has expired",
        WaiverRefusal::ApproverIsOwner => "its owner approved it",
        WaiverRefusal::ApproverIsSender => "the sender approved it",
        WaiverRefusal::ApproverLookAlike => {
            "its approver's name looks like that of its owner or of the sender"
        }
        WaiverRefusal::SenderUnnamed => {
            "the package does not name its sender (`sender.actor`), who could be its approver"
        }
        WaiverRefusal::OverBudget => "more clauses would be waived than the contract allows",
    }
}

/// Returns a rule of the posture with its numbers, and what it leads to.
pub(super) fn rule_check(check: &RuleCheck) -> String {
    let percent = |number: Option<BasisPoints>| {
        number.map_or_else(|| "none".to_owned(), |number| number.to_string())
    };
    let (found, limit) = (percent(check.found), percent(check.limit));
    let subjects = if check.subjects.is_empty() {
        String::new()
    } else {
        format!(" ({})", words::list(&check.subjects))
    };
    let rule = match check.rule {
        Rule::RiskAtCritical | Rule::RiskAtReview => {
            format!("if the risk is {limit} or more: it is {found}")
        }
        Rule::ScoreBelowReviewMin | Rule::ScoreBelowReadyMin => {
            format!("if the score is below {limit}: it is {found}")
        }
        Rule::NothingChecked => "if no clause applies".to_owned(),
        Rule::DimensionUnknown => "if nothing was checked in a dimension".to_owned(),
        Rule::GateOpen => "if a decision is still needed".to_owned(),
    };
    let applies = if check.applies {
        " — this applies"
    } else {
        ""
    };
    format!("{} {rule}{subjects}{applies}", check.posture.word())
}

/// Returns the word of a rule, as in the scorecard.
pub(super) const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::RiskAtCritical => "risk-at-critical",
        Rule::ScoreBelowReviewMin => "score-below-review-min",
        Rule::RiskAtReview => "risk-at-review",
        Rule::ScoreBelowReadyMin => "score-below-ready-min",
        Rule::NothingChecked => "nothing-checked",
        Rule::DimensionUnknown => "dimension-unknown",
        Rule::GateOpen => "gate-open",
    }
}
