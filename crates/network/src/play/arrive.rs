//! What comes into a replication, and when: the backlog at the cut, then new work hour by hour.

use crate::chance::{Chance, Draws, Purpose, Source};
use crate::events::{Arrival, Case, Phase, Stay};
use crate::fit::{Drawn, Fitted, Period, Situation, poisson};
use crate::history::{HOUR, WEEK, hour_of_week, week};
use crate::scenario::{MoreOrLess, Plan};

/// Weeks after the held-out ones in which new work still comes, so that nobody looks idle at the end.
const WEEKS_AFTER: i64 = 1;
/// Places for the arrivals of one hour in the numbers of cases: one more than there can be.
const HOUR_NUMBERS: u32 = 4_096;

/// Which fitted week stands for each simulated one.
#[derive(Debug)]
pub(super) struct Weeks {
    first: i64,
    fitted: Vec<i64>,
}

impl Weeks {
    /// Draws them in two steps: first which weeks might have been fitted, for those that were are a
    /// sample themselves; then which of these each simulated week is like.
    pub(super) fn draw(fitted: &Fitted, chance: Chance) -> Self {
        let split = &fitted.split;
        let mut draws = chance.draws(Purpose::Weeks, Source::Arrival, (0, 0));
        let known: Vec<i64> = (split.fit.first..split.fit.end).collect();
        let mut one_of = |weeks: &[i64]| {
            let place = draws.place(weeks.len());
            weeks.get(place).copied().unwrap_or(split.fit.first)
        };
        let sample: Vec<i64> = known.iter().map(|_| one_of(&known)).collect();
        let simulated = split.held_out.first..split.held_out.end + WEEKS_AFTER + 1;
        Self {
            first: split.held_out.first,
            fitted: simulated.map(|_| one_of(&sample)).collect(),
        }
    }

    /// Returns the fitted week that stands for the week of an instant; the last one from its end on.
    pub(super) fn at(&self, at: i64) -> i64 {
        let place = usize::try_from(week(at) - self.first).unwrap_or(0);
        let fitted = self.fitted.get(place).or(self.fitted.last());
        fitted.copied().unwrap_or(self.first)
    }
}

/// Returns everything that comes into a replication, in the order of its time.
pub(super) fn arrivals(
    fitted: &Fitted,
    plan: Option<&Plan>,
    (chance, weeks): (Chance, &Weeks),
) -> Vec<Arrival> {
    let mut coming = Coming {
        fitted,
        chance,
        weeks,
        arrivals: backlog(fitted, chance),
    };
    let level = plan.and_then(|plan| plan.arrivals);
    coming.new_work(Source::Arrival, 1.0);
    let percent = level.map_or(100, |level| level.percent);
    if let Some(more) = percent.checked_sub(100).filter(|more| *more > 0) {
        coming.new_work(Source::MoreArrivals, f64::from(more) / 100.0);
    }
    let mut arrivals = coming.arrivals;
    if let Some(level) = level {
        arrivals.retain(|arrival| is_kept(&level, chance, &arrival.case));
    }
    arrivals.sort_by_key(|arrival| (arrival.at, arrival.case.source, arrival.case.number));
    arrivals
}

/// Returns whether a case comes under a scenario with more or less new work.
fn is_kept(level: &MoreOrLess, chance: Chance, case: &Case) -> bool {
    let team = u32::try_from(case.station).ok();
    let concerned = level.team.is_none() || level.team == team;
    match case.source {
        Source::Backlog => true,
        Source::MoreArrivals => concerned,
        Source::Arrival if !concerned || level.percent >= 100 => true,
        Source::Arrival => {
            let mut draws = chance.draws(Purpose::Keep, case.source, (case.number, 0));
            draws.happens(level.percent)
        }
    }
}

struct Coming<'f> {
    fitted: &'f Fitted,
    chance: Chance,
    weeks: &'f Weeks,
    arrivals: Vec<Arrival>,
}

impl Coming<'_> {
    /// Adds new work of one source, `times` as much as was fitted.
    fn new_work(&mut self, source: Source, times: f64) {
        let held_out = self.fitted.split.held_out;
        let end = held_out.end_second() + WEEKS_AFTER * WEEK;
        let mut start = held_out.start_second();
        let mut number = 0_u32;
        while start < end {
            self.hour(source, (start, number), times);
            start += HOUR;
            number = number.saturating_add(HOUR_NUMBERS);
        }
    }

    fn hour(&mut self, source: Source, (start, first_number): (i64, u32), times: f64) {
        let arrivals = &self.fitted.arrivals;
        let of_week = self.weeks.at(start);
        let place = usize::try_from(of_week - self.fitted.split.fit.first).unwrap_or(0);
        let later = u32::try_from(week(start) - of_week).unwrap_or(0);
        let mean = times * arrivals.mean(place, later, hour_of_week(start));
        let mut draws = self.chance.draws(Purpose::Count, source, (first_number, 0));
        for extra in 0..poisson(mean, &mut draws) {
            let at = start + i64::from(draws.below(3_600));
            let number = first_number.saturating_add(extra);
            self.case((source, number), (at, of_week));
        }
    }

    fn case(&mut self, (source, number): (Source, u32), (at, of_week): (i64, i64)) {
        let mut draws = self.chance.draws(Purpose::Start, source, (number, 0));
        let start = self.fitted.pools.start(Period::of(at), of_week, &mut draws);
        let Some((team, activity)) = start else {
            return;
        };
        let station = usize::try_from(team).unwrap_or(usize::MAX);
        self.arrivals.push(Arrival {
            at,
            case: Case {
                source,
                number,
                visit: 0,
                from: None,
                station,
                target: station,
                tag: activity,
                since: at,
                arrived: at,
            },
            stay: None,
            phase: Phase::Waiting,
        });
    }
}

/// Returns the cases under way at the cut, each with what is left of its visit.
fn backlog(fitted: &Fitted, chance: Chance) -> Vec<Arrival> {
    let cut = fitted.split.cut();
    let numbered = (0_u32..).zip(&fitted.backlog);
    let arrival = numbered.map(|(number, underway)| {
        let visit = &underway.visit;
        let situation = Situation {
            from: visit.from,
            team: visit.team,
            activity: visit.activity,
            period: Period::of(visit.start),
            week: None,
        };
        let so_far = cut - visit.start;
        let mut draws = chance.draws(Purpose::Stay, Source::Backlog, (number, 0));
        let course = longer(
            fitted,
            &situation,
            (so_far, underway.phase != Phase::Waiting),
            &mut draws,
        );
        let station = |team| usize::try_from(team).unwrap_or(usize::MAX);
        Arrival {
            at: cut,
            case: Case {
                source: Source::Backlog,
                number,
                visit: 0,
                from: visit.from.map(station),
                station: station(visit.team),
                target: station(visit.team),
                tag: visit.activity,
                since: visit.start,
                arrived: underway.arrived,
            },
            stay: Some(left_of(&course, (so_far, underway.phase), visit.from)),
            phase: underway.phase,
        }
    });
    arrival.collect()
}

/// Returns how a visit goes that has lasted so far already; one without any like it lasts twice as long.
fn longer(fitted: &Fitted, situation: &Situation, so_far: (i64, bool), draws: &mut Draws) -> Drawn {
    let pools = &fitted.pools;
    pools
        .draw_longer(situation, so_far, draws)
        .unwrap_or_else(|| {
            let usual = pools.draw(situation, draws);
            let exit = usual.map_or(crate::history::Exit::Leave, |usual| usual.exit);
            let twice = so_far.0.saturating_mul(2);
            Drawn {
                wait: Some(if so_far.1 { 0 } else { twice }),
                work: if so_far.1 { twice } else { 0 },
                rest: 0,
                exit,
            }
        })
}

/// Returns what is left of a visit that has lasted so far.
fn left_of(course: &Drawn, (so_far, phase): (i64, Phase), from: Option<u32>) -> Stay {
    let left = (course.stay() - so_far).max(0);
    let wait = course.wait.unwrap_or(0);
    let (work, rest) = match phase {
        Phase::Waiting => (course.work, course.rest),
        Phase::InWork => {
            let work = wait.saturating_add(course.work) - so_far;
            // Some of it was worked on longer than the one it is like; then all that is left is rest.
            (work.clamp(0, left), left - work.clamp(0, left))
        }
        Phase::Resting => (0, left),
    };
    Stay {
        is_touched: true,
        delay: (wait - so_far).max(0),
        work,
        rest,
        next: super::network::next_of(course, from),
    }
}
