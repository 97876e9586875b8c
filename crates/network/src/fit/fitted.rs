//! The fitted model, and what is known at the cut between the weeks fitted and the weeks held out.

use baton_rootcause::statistics::real;

use super::arrivals::Arrivals;
use super::capacity::{Seen, seen};
use super::pools::Pools;
use super::spread::Spread;
use super::trend::{Trend, trend};
use super::warm_up::warm_up;
use crate::events::Phase;
use crate::history::{History, Stretch, Visit, week};
use crate::limits::FIT_WEEKS_MIN;

/// Which weeks are fitted and which are held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// Weeks in which the log is whole, up to the cut.
    pub before: Stretch,
    /// Weeks that are fitted.
    pub fit: Stretch,
    /// Weeks that are held out.
    pub held_out: Stretch,
}

impl Split {
    /// Splits the weeks in which a log is whole; the fit leaves out what is not steady yet, unless it
    /// is told how many weeks to take. `None` when too few weeks are left.
    pub fn of(history: &History, held_out: i64, fit_weeks: Option<i64>) -> Option<Self> {
        let whole = Stretch::whole(history);
        let before = Stretch {
            first: whole.first,
            end: whole.end.checked_sub(held_out)?,
        };
        if before.weeks() < FIT_WEEKS_MIN {
            return None;
        }
        let kept = usize::try_from(FIT_WEEKS_MIN).unwrap_or(0);
        let dropped = match fit_weeks {
            Some(weeks) => (before.weeks() - weeks).max(0),
            None => i64::try_from(warm_up(&medians(history, before), kept)).unwrap_or(0),
        };
        Some(Self {
            before,
            fit: Stretch {
                first: before.first + dropped,
                ..before
            },
            held_out: Stretch {
                first: before.end,
                end: whole.end,
            },
        })
    }

    /// Returns the first second that is held out.
    pub fn cut(&self) -> i64 {
        self.held_out.start_second()
    }
}

/// Returns the median waiting of each week's handovers, as far as it was known at the end.
fn medians(history: &History, stretch: Stretch) -> Vec<f64> {
    let end = stretch.end_second();
    let mut weeks: Vec<Vec<i64>> = (stretch.first..stretch.end).map(|_| Vec::new()).collect();
    for visit in history.visits.iter().filter(|visit| visit.from.is_some()) {
        let place = usize::try_from(week(visit.start) - stretch.first).ok();
        let waits = place.and_then(|place| weeks.get_mut(place));
        if let (Some(waits), Some(wait)) = (waits, visit.wait()) {
            waits.push(wait.min(end - visit.start));
        }
    }
    let median = |waits| Spread::of(waits).median.unwrap_or(0);
    let medians = weeks.into_iter().map(median);
    medians
        .map(|median| real(u64::try_from(median).unwrap_or(0)))
        .collect()
}

/// A visit that is under way at the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Underway {
    /// The visit; only what the cut knows of it is used.
    pub visit: Visit,
    /// When its case began.
    pub arrived: i64,
    /// How far it was by then.
    pub phase: Phase,
}

/// The model.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Weeks.
    pub split: Split,
    /// New work.
    pub arrivals: Arrivals,
    /// How visits go.
    pub pools: Pools,
    /// What each team was seen to do, in the order of the teams.
    pub seen: Vec<Seen>,
    /// Visits under way at the cut, in the order of their cases.
    pub backlog: Vec<Underway>,
    /// What the median waiting of the fitted weeks does; the model has weeks alike.
    pub drift: Option<Trend>,
    /// Visits fitted.
    pub visits: u64,
}

impl Fitted {
    /// Fits the weeks of a split; `None` when nothing was ever touched in them.
    pub fn of(history: &History, split: Split) -> Option<Self> {
        let fitted = history
            .visits
            .iter()
            .filter(|visit| split.fit.holds(visit.start));
        let cut = split.cut();
        Some(Self {
            split,
            arrivals: Arrivals::of(history, split.fit),
            visits: u64::try_from(fitted.clone().count()).unwrap_or(u64::MAX),
            pools: Pools::of(fitted, cut),
            seen: seen(history, split.fit)?,
            backlog: backlog(history, cut),
            drift: trend(&medians(history, split.fit)),
        })
    }
}

fn backlog(history: &History, cut: i64) -> Vec<Underway> {
    let mut underway = Vec::new();
    for case in history.visits.chunk_by(|one, other| one.case == other.case) {
        let arrived = case.first().map_or(cut, |visit| visit.start);
        let open = case
            .iter()
            .rfind(|visit| visit.start < cut && visit.end >= cut);
        underway.extend(open.map(|visit| Underway {
            visit: *visit,
            arrived,
            phase: match visit.touch.filter(|touch| *touch < cut) {
                None => Phase::Waiting,
                Some(_) if visit.done < cut => Phase::Resting,
                Some(_) => Phase::InWork,
            },
        }));
    }
    underway
}
