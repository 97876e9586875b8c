//! Whether no value of a case can satisfy a wide subschema.

use std::collections::BTreeSet;

use super::cases::cases;
use super::facts::{At, Bound, Facts, Kinds, is_empty_range};
use super::side::Side;

/// Levels of properties looked into.
const LEVELS_MAX: usize = 4;

/// The narrow and the wide side.
type Sides<'a> = (&'a Side<'a>, &'a Side<'a>);

/// Returns whether no value of `case` satisfies the wide subschema; `false` when that cannot be shown.
pub(super) fn are_disjoint(sides: Sides<'_>, case: &Facts, wide: &str) -> bool {
    let members = BTreeSet::from([wide.to_owned()]);
    exclude(sides, case, &members, LEVELS_MAX)
}

fn exclude(sides: Sides<'_>, case: &Facts, wide: &BTreeSet<At>, levels: usize) -> bool {
    let mut wide_cases = cases(sides.1, wide).into_iter();
    wide_cases.all(|wide_case| contradict(sides, (case, &wide_case), levels))
}

fn contradict(sides: Sides<'_>, (case, wide): (&Facts, &Facts), levels: usize) -> bool {
    if !case.kinds.meets(wide.kinds) || values_contradict(sides, case, wide) {
        return true;
    }
    let common = case.kinds.and(wide.kinds);
    common.is_within(Kinds::NUMBER) && numbers_contradict(case, wide)
        || common.is_within(Kinds::STRING)
            && counts_contradict(
                (case.length_min, case.length_max),
                (wide.length_min, wide.length_max),
            )
        || common.is_within(Kinds::ARRAY)
            && counts_contradict(
                (case.items_min, case.items_max),
                (wide.items_min, wide.items_max),
            )
        || common.is_within(Kinds::OBJECT)
            && (counts_contradict(
                (case.properties_min, case.properties_max),
                (wide.properties_min, wide.properties_max),
            ) || properties_contradict(sides, (case, wide), levels))
}

/// Listed values of the one side are all refused by a member of the other.
fn values_contradict((narrow, wide): Sides<'_>, case: &Facts, wide_case: &Facts) -> bool {
    let all_refused = |facts: &Facts, side: &Side<'_>, members: &BTreeSet<At>| {
        facts.finite.as_ref().is_some_and(|values| {
            values.iter().all(|value| {
                let refuses = |at: &At| side.accepts(at, value) == Some(false);
                members.iter().any(refuses)
            })
        })
    };
    all_refused(case, wide, &wide_case.members) || all_refused(wide_case, narrow, &case.members)
}

fn numbers_contradict(case: &Facts, wide: &Facts) -> bool {
    let (lower, upper): (Option<Bound>, Option<Bound>) = (case.lower, case.upper);
    is_empty_range(lower, wide.upper) || is_empty_range(wide.lower, upper)
}

fn counts_contradict(left: (u64, Option<u64>), right: (u64, Option<u64>)) -> bool {
    left.1.is_some_and(|most| right.0 > most) || right.1.is_some_and(|most| left.0 > most)
}

/// A property that must be there cannot be as both sides say.
fn properties_contradict(sides: Sides<'_>, (case, wide): (&Facts, &Facts), levels: usize) -> bool {
    let Some(levels) = levels.checked_sub(1) else {
        return false;
    };
    let mut present = case.required.union(&wide.required);
    present.any(|name| {
        let wide_members = wide.members_of_property(name);
        let narrow_cases = cases(sides.0, &case.members_of_property(name));
        narrow_cases
            .iter()
            .all(|narrow| exclude(sides, narrow, &wide_members, levels))
    })
}
