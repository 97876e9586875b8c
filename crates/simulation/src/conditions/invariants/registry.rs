//! The list of invariants.

use super::{
    deadlines_end_in_working_hours, evidence_from_the_future, high_risk_is_reviewed,
    hostile_values, missing_evidence, nobody_waives_their_own, order_changes_nothing,
    overload_never_helps, removed_fields, replay_is_identical, threads_change_nothing,
};
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

/// Something that must hold.
#[derive(Debug)]
pub struct Invariant {
    /// Name used in condition files.
    pub name: &'static str,
    /// Tries it on a scene.
    pub(crate) try_out: fn(&Parameters, &Subject<'_>, &Scene, &mut Trial),
}

/// Every invariant.
pub(in crate::conditions) const ALL: &[&Invariant] = &[
    &overload_never_helps::INVARIANT,
    &high_risk_is_reviewed::INVARIANT,
    &nobody_waives_their_own::INVARIANT,
    &deadlines_end_in_working_hours::INVARIANT,
    &missing_evidence::INVARIANT,
    &order_changes_nothing::INVARIANT,
    &replay_is_identical::INVARIANT,
    &threads_change_nothing::INVARIANT,
    &removed_fields::INVARIANT,
    &hostile_values::INVARIANT,
    &evidence_from_the_future::INVARIANT,
];
