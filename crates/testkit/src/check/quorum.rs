//! Whether approvals fill the places of quorums, each counting once: augmenting paths, one place at a time.

/// Returns whether every place can be given an approval of its own; `fits` says which place takes which.
pub(super) fn is_filled(
    places: usize,
    approvals: usize,
    fits: &impl Fn(usize, usize) -> bool,
) -> bool {
    let mut taken: Vec<Option<usize>> = vec![None; approvals];
    (0..places).all(|place| {
        let mut seen = vec![false; approvals];
        find(place, fits, (&mut taken, &mut seen))
    })
}

fn find(
    place: usize,
    fits: &impl Fn(usize, usize) -> bool,
    (taken, seen): (&mut Vec<Option<usize>>, &mut Vec<bool>),
) -> bool {
    for approval in 0..seen.len() {
        let is_new = seen.get(approval) == Some(&false) && fits(place, approval);
        if !is_new {
            continue;
        }
        if let Some(mark) = seen.get_mut(approval) {
            *mark = true;
        }
        let holder = taken.get(approval).copied().flatten();
        let is_free = match holder {
            None => true,
            Some(holder) => find(holder, fits, (taken, seen)),
        };
        if is_free {
            if let Some(slot) = taken.get_mut(approval) {
                *slot = Some(place);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_filled;

    #[test]
    fn an_approval_counts_once() {
        // Rows are places, columns approvals.
        for (fits, expected) in [
            (&[[true, false], [false, true]][..], true),
            (&[[true, false], [true, false]], false),
            (&[[true, true], [true, false]], true),
            (&[[false, false]], false),
            (&[], true),
        ] {
            let found = is_filled(fits.len(), 2, &|place, approval| fits[place][approval]);
            assert_eq!(found, expected, "{fits:?}");
        }
    }
}
