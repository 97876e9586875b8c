//! The rules, one file each. To add one: write the file, name it here, write its error page.

mod agent_approves_agent;
mod approval_not_bound;
mod approver_is_sender;
mod attestation_without_age;
mod blocker_missing;
mod business_time_without_calendar;
mod calendars;
mod check_without_subject;
mod clause_check;
mod clause_texts;
mod clause_unknown_dimension;
mod clauses_missing;
mod credential;
mod deadline_order;
mod dimension_conditional;
mod dimension_without_clause;
mod duplicate_id;
mod escalation_order;
mod evidence_presence;
mod evidence_unchecked;
mod expressions;
mod gate_fields;
mod gate_quorum;
mod gate_without_approvers;
mod gate_without_expiry;
mod gate_without_separation;
mod heavy_clause;
mod hidden_text;
mod human_impact_review;
mod link_placeholder;
mod look_alike_names;
mod open_schema;
mod outcome_metric;
mod outcome_missing;
mod outcome_unit;
mod outcome_without_baseline;
mod outcome_without_target;
mod pending_blocker;
mod pending_twice;
mod pending_unknown_clause;
mod pending_until;
mod personal_name;
mod property_without_description;
mod retries_past_deadline;
mod rollback_missing;
mod rollout_metric;
mod rollout_stages;
mod rollout_without_shadow;
mod routing_candidates;
mod routing_capabilities;
mod routing_without_limit;
mod same_metric;
mod same_party;
mod schema_twice;
mod schema_unchecked;
mod schemas;
mod signer_unnamed;
mod signer_without_predicate;
mod target_not_better;
mod threshold_extremes;
mod threshold_risk_order;
mod threshold_score_order;
mod unfinished_version;
mod unknown_calendar;
mod unused_calendar;
mod validation_incomplete;
mod verdict_deadline_missing;
mod waiver_budget;

use super::Rule;

/// Every rule, in the order of its code.
pub const ALL: &[&Rule] = &[
    &outcome_missing::RULE,
    &outcome_without_baseline::RULE,
    &outcome_without_target::RULE,
    &target_not_better::RULE,
    &outcome_unit::RULE,
    &outcome_metric::RULE,
    &clauses_missing::RULE,
    &clause_check::RULE,
    &duplicate_id::RULE,
    &schemas::RULE,
    &clause_unknown_dimension::RULE,
    &dimension_without_clause::RULE,
    &dimension_conditional::RULE,
    &threshold_score_order::RULE,
    &threshold_risk_order::RULE,
    &schema_unchecked::RULE,
    &evidence_unchecked::RULE,
    &check_without_subject::RULE,
    &schema_twice::RULE,
    &evidence_presence::RULE,
    &signer_without_predicate::RULE,
    &attestation_without_age::RULE,
    &gate_fields::RULE,
    &gate_without_approvers::RULE,
    &gate_quorum::RULE,
    &gate_without_separation::RULE,
    &human_impact_review::RULE,
    &gate_without_expiry::RULE,
    &approval_not_bound::RULE,
    &approver_is_sender::RULE,
    &unknown_calendar::RULE,
    &business_time_without_calendar::RULE,
    &deadline_order::RULE,
    &verdict_deadline_missing::RULE,
    &unused_calendar::RULE,
    &pending_unknown_clause::RULE,
    &pending_until::RULE,
    &pending_blocker::RULE,
    &pending_twice::RULE,
    &rollback_missing::RULE,
    &rollout_stages::RULE,
    &rollout_without_shadow::RULE,
    &rollout_metric::RULE,
    &validation_incomplete::RULE,
    &routing_without_limit::RULE,
    &routing_candidates::RULE,
    &escalation_order::RULE,
    &agent_approves_agent::RULE,
    &hidden_text::RULE,
    &credential::RULE,
    &heavy_clause::RULE,
    &clause_texts::RULE,
    &unfinished_version::RULE,
    &link_placeholder::RULE,
    &same_party::RULE,
    &open_schema::RULE,
    &property_without_description::RULE,
    &waiver_budget::RULE,
    &blocker_missing::RULE,
    &retries_past_deadline::RULE,
    &same_metric::RULE,
    &threshold_extremes::RULE,
    &personal_name::RULE,
    &signer_unnamed::RULE,
    &look_alike_names::RULE,
    &routing_capabilities::RULE,
    &expressions::RULE,
    &calendars::RULE,
];

#[cfg(test)]
pub(crate) mod tests;
