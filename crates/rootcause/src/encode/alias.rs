//! Features that say the same: searched once, reported together; and attributes of which one tells
//! the other, which are never combined, since such a pattern is the finer item alone or empty.

use super::attribute::{Attribute, Kind, Naming, Words};

/// Joins attributes with the same rows per code, in the order given; the feature that somebody can
/// change names the joined attribute.
pub(super) fn join_equal(attributes: Vec<Attribute>) -> Vec<Attribute> {
    let mut joined: Vec<Attribute> = Vec::with_capacity(attributes.len());
    for attribute in attributes {
        let twin = joined
            .iter_mut()
            .find_map(|first| Some((same_rows(first, &attribute)?, first)));
        match twin {
            Some((renamed, first)) => first.names.extend(
                attribute
                    .names
                    .into_iter()
                    .map(|naming| reorder(naming, &renamed)),
            ),
            None => joined.push(attribute),
        }
    }
    for attribute in &mut joined {
        attribute
            .names
            .sort_by(|one, two| (!one.modifiable, &one.name).cmp(&(!two.modifiable, &two.name)));
    }
    joined
}

/// Returns the code of `two` for each code of `one` when both part the rows in the same way.
fn same_rows(one: &Attribute, two: &Attribute) -> Option<Vec<u16>> {
    if one.size() != two.size() {
        return None;
    }
    if matches!((one.kind, two.kind), (Kind::Category, Kind::Category)) {
        let sorted = |attribute: &Attribute| {
            let mut cases = attribute.cases.clone();
            cases.sort_unstable();
            cases
        };
        return (sorted(one) == sorted(two))
            .then(|| told_by(one, two))
            .flatten()
            .filter(|_| told_by(two, one).is_some());
    }
    (one.kind == two.kind && one.codes == two.codes).then(|| (0..).take(one.size()).collect())
}

/// Returns the code of `coarse` that goes with each code of `fine`, or `None` when some code of
/// `fine` goes with several. Codes without rows go with 0.
fn told_by(fine: &Attribute, coarse: &Attribute) -> Option<Vec<u16>> {
    let mut told: Vec<Option<u16>> = vec![None; fine.size()];
    for (from, to) in fine.codes.iter().zip(coarse.codes.iter()) {
        let place = told.get_mut(usize::from(from))?;
        if *place.get_or_insert(to) != to {
            return None;
        }
    }
    Some(told.into_iter().map(Option::unwrap_or_default).collect())
}

/// Returns whether a category tells the value of `coarse` in every case.
pub(super) fn tells(fine: &Attribute, coarse: &Attribute) -> bool {
    fine.kind == Kind::Category && told_by(fine, coarse).is_some()
}

fn reorder(naming: Naming, renamed: &[u16]) -> Naming {
    let words = match naming.words {
        Words::Values(values) => Words::Values(
            renamed
                .iter()
                .filter_map(|code| values.get(usize::from(*code)).cloned())
                .collect(),
        ),
        cuts @ Words::Cuts { .. } => cuts,
    };
    Naming { words, ..naming }
}
