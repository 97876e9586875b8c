//! New work: how much of it comes in a week, in which hours, and whether it grows.
//!
//! Within an hour arrivals are a Poisson process; the level of a simulated week is that of the fitted
//! week that stands for it, so that good and bad weeks stay what they are.

use baton_rootcause::statistics::real;

use super::capacity::HOURS;
use super::trend::{Trend, trend};
use crate::chance::Draws;
use crate::history::{History, Stretch, hour_of_week, week};
use crate::limits::HOUR_ARRIVALS_MAX;

/// Probability below which a trend is carried on.
const TREND_PROBABILITY_MAX: f64 = 0.05;
/// Largest mean drawn at once, so that no probability is too small for a float.
const MEAN_MAX: f64 = 16.0;

/// The process of new work.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrivals {
    /// Cases that arrived in each fitted week.
    pub weeks: Vec<u64>,
    /// Cases that arrived in each hour of the week, over all fitted weeks.
    hours: Vec<u64>,
    /// What the weeks do; carried on when it is significant.
    pub trend: Option<Trend>,
}

impl Arrivals {
    /// Returns the arrivals of the fitted weeks.
    pub fn of(history: &History, fit: Stretch) -> Self {
        let mut weeks = vec![0; usize::try_from(fit.weeks()).unwrap_or(0)];
        let mut hours = vec![0; HOURS];
        let starts = history.visits.iter().filter(|visit| visit.from.is_none());
        for visit in starts.filter(|visit| fit.holds(visit.start)) {
            let place = usize::try_from(week(visit.start) - fit.first).unwrap_or(usize::MAX);
            let counts = weeks.get_mut(place).into_iter();
            for count in counts.chain(hours.get_mut(hour_of_week(visit.start))) {
                *count += 1;
            }
        }
        let series: Vec<f64> = weeks.iter().map(|count| real(*count)).collect();
        Self {
            trend: trend(&series),
            weeks,
            hours,
        }
    }

    /// Returns whether the trend is carried on.
    pub fn follows_trend(&self) -> bool {
        self.trend
            .is_some_and(|trend| trend.probability < TREND_PROBABILITY_MAX)
    }

    /// Returns the mean number of arrivals in an hour of the week, `weeks_later` than the fitted week
    /// that stands for it.
    pub fn mean(&self, fitted_week: usize, weeks_later: u32, hour: usize) -> f64 {
        let level = self.weeks.get(fitted_week).copied().unwrap_or(0);
        let slope = self.trend.filter(|_| self.follows_trend());
        let growth = slope.map_or(0.0, |trend| trend.slope) * f64::from(weeks_later);
        let all: u64 = self.hours.iter().sum();
        let share = real(self.hours.get(hour).copied().unwrap_or(0)) / real(all.max(1));
        (real(level) + growth).max(0.0) * share
    }
}

/// Returns a number of the Poisson distribution, by inversion.
pub fn poisson(mean: f64, draws: &mut Draws) -> u32 {
    let (mut left, mut count) = (mean, 0_u32);
    while left > 0.0 && count < HOUR_ARRIVALS_MAX {
        let part = left.min(MEAN_MAX);
        left -= part;
        let unit = draws.unit();
        let mut share = libm::exp(-part);
        let (mut sum, mut k) = (share, 0_u32);
        // The sum comes as near to 1 as floats go, and no nearer: 200 is beyond any draw.
        while unit > sum && k < 200 {
            k += 1;
            share *= part / f64::from(k);
            sum += share;
        }
        count += k;
    }
    count.min(HOUR_ARRIVALS_MAX)
}
