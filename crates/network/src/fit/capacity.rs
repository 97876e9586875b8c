//! What each team was seen to do: the most it had in work at once, and in which hours it works.
//!
//! A log shows what a team carried, never what it could have carried, nor in which order it would
//! take work. So the most that was seen stands for capacity, and the answer says that it is assumed.

use super::opening::Opening;
use crate::history::{HOUR, History, Stretch, Visit, hour_of_week};

/// Hours in a week.
pub(super) const HOURS: usize = 168;
/// Fewest touches of a team for hours of its own.
const TOUCHES_MIN: u64 = 200;

/// What a team was seen to do in the fitted weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Most cases in work at once.
    pub in_work_most: u32,
    /// Hours of the week in which at least a tenth as much is touched as in the busiest.
    pub opening: Opening,
    /// Whether the hours are its own; else it was too rarely seen, and those of all teams stand in.
    pub has_own_hours: bool,
}

/// Returns what each team was seen to do.
pub(super) fn seen(history: &History, fit: Stretch) -> Option<Vec<Seen>> {
    let teams = history.teams.len();
    let mut touches = vec![[0_u64; HOURS]; teams];
    let mut all = [0_u64; HOURS];
    let mut moves: Vec<(u32, i64, bool)> = Vec::new();
    let (start, end) = (fit.start_second(), fit.end_second());
    for Visit {
        team, touch, done, ..
    } in &history.visits
    {
        let Some(touch) = *touch else { continue };
        if fit.holds(touch) {
            let hour = hour_of_week(touch);
            let own = touches.get_mut(index(*team));
            let own = own.and_then(|hours| hours.get_mut(hour));
            for count in own.into_iter().chain(all.get_mut(hour)) {
                *count += 1;
            }
        }
        if touch < end && *done > touch.max(start) {
            // Who leaves at a second makes room for who begins at it.
            moves.push((*team, touch.max(start), true));
            moves.push((*team, *done, false));
        }
    }
    moves.sort_unstable();
    let mut most = vec![0_u32; teams];
    for team in moves.chunk_by(|one, other| one.0 == other.0) {
        let Some(most) = team.first().and_then(|first| most.get_mut(index(first.0))) else {
            continue;
        };
        let mut in_work = 0_u32;
        for (_, at, begins) in team {
            if *begins && *at < end {
                in_work += 1;
                *most = (*most).max(in_work);
            } else if !*begins {
                in_work = in_work.saturating_sub(1);
            }
        }
    }
    let shared = opening(&all)?;
    let seen = touches.iter().zip(most).map(|(touches, in_work_most)| {
        let own = Some(touches).filter(|touches| touches.iter().sum::<u64>() >= TOUCHES_MIN);
        let own = own.and_then(opening);
        Seen {
            in_work_most,
            has_own_hours: own.is_some(),
            opening: own.unwrap_or_else(|| shared.clone()),
        }
    });
    Some(seen.collect())
}

fn opening(touches: &[u64; HOURS]) -> Option<Opening> {
    let most = touches.iter().copied().max().unwrap_or(0);
    let hours = (0_i64..).zip(touches);
    let open = hours.filter(|(_, count)| **count > 0 && 10 * **count >= most);
    Opening::of(open.map(|(hour, _)| (hour * HOUR, (hour + 1) * HOUR)))
}

/// Returns the place of a number in a list.
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
