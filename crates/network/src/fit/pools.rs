//! Observed visits in named bins, and drawing from them.
//!
//! Where a visit goes is drawn from visits like it by sender, team and activity; how long it waits and
//! is worked on, from visits that ended alike, by sender, team, activity and time of the week. A bin
//! with fewer than [`POOL_MIN`] visits gives way to the next wider one.
//!
//! A visit that was still open when the fit ended says only that it took at least so long. When one is
//! drawn, its weight goes to the finished visits of its bin that took longer (Efron 1967: the
//! redistribution to the right that is the product-limit estimate of Kaplan and Meier).

use hashbrown::HashMap;

use crate::chance::Draws;
use crate::history::{Exit, Visit, hour_of_week, week};
use crate::limits::POOL_MIN;

/// Tries to find a visit of a bin that took longer than some time.
const TRIES: u32 = 32;

/// What a visit is like before it is known how it goes.
#[derive(Debug, Clone, Copy)]
pub struct Situation {
    /// Team that hands over.
    pub from: Option<u32>,
    /// Team that receives.
    pub team: u32,
    /// What happens at the handover.
    pub activity: u32,
    /// When, within the week.
    pub period: Period,
    /// Fitted week whose times are taken where the bin has any.
    pub week: Option<i64>,
}

/// A part of the week: Monday to Thursday, Friday or weekend, and two hours of the day (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period(u8);

impl Period {
    /// Returns the period of an instant.
    pub fn of(at: i64) -> Self {
        let hour = hour_of_week(at);
        let day = match hour / 24 {
            0..=3 => 0,
            4 => 1,
            _ => 2,
        };
        Self(u8::try_from(day * 12 + hour % 24 / 2).unwrap_or(0))
    }
}

/// How a visit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// Time until it is touched; `None` when nobody ever does.
    pub wait: Option<i64>,
    /// Time in work from then on.
    pub work: i64,
    /// Time that it stayed when work was done.
    pub rest: i64,
    /// What comes then.
    pub exit: Exit,
}

impl Drawn {
    /// Returns the whole time of the visit.
    pub fn stay(&self) -> i64 {
        let worked = self.wait.unwrap_or(0).saturating_add(self.work);
        worked.saturating_add(self.rest)
    }
}

/// One observed visit.
#[derive(Debug, Clone, Copy)]
struct Record {
    week: i64,
    course: Drawn,
    /// For one that was still open: how long it had been.
    open_for: Option<i64>,
}

/// The name of a bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Bin {
    /// 0 for where it goes, else 1 and how it ended.
    about: u8,
    /// Whether it is new work, which teams treat unlike work that is handed to them.
    is_new: bool,
    from: Option<u32>,
    team: Option<u32>,
    activity: Option<u32>,
    period: Option<Period>,
}

/// Stands for the sender of new work.
const NOBODY: u32 = u32::MAX;
/// Bins about where a visit goes, narrow ones first.
const EXIT_BINS: usize = 4;
/// Bins about times, narrow ones first.
const TIME_BINS: usize = 6;

/// The observed visits of the fitted weeks.
#[derive(Debug, Clone)]
pub struct Pools {
    records: Vec<Record>,
    /// Records of each bin, in the order of their weeks.
    bins: HashMap<Bin, Vec<u32>>,
    /// First visits of cases by period, in the order of their weeks, as places in `starts`.
    starts: HashMap<Option<Period>, Vec<u32>>,
    start_visits: Vec<(i64, u32, u32)>,
    /// Visits still open when the fit ended.
    pub open: u64,
}

impl Pools {
    /// Returns the bins of visits that began in the fitted weeks, as far as `cut` knows them.
    pub fn of<'v>(visits: impl IntoIterator<Item = &'v Visit>, cut: i64) -> Self {
        let mut pools = Self {
            records: Vec::new(),
            bins: HashMap::new(),
            starts: HashMap::new(),
            start_visits: Vec::new(),
            open: 0,
        };
        let mut visits: Vec<_> = visits.into_iter().collect();
        visits.sort_by_key(|visit| week(visit.start));
        for visit in visits {
            pools.add(visit, cut);
        }
        pools
    }

    fn add(&mut self, visit: &Visit, cut: i64) {
        let situation = Situation {
            from: visit.from,
            team: visit.team,
            activity: visit.activity,
            period: Period::of(visit.start),
            week: None,
        };
        let touch = visit.touch.unwrap_or(visit.start);
        let done = visit.done.max(touch);
        let course = Drawn {
            wait: visit.wait(),
            work: done - touch,
            rest: visit.end - done,
            exit: visit.exit,
        };
        let is_open = visit.end > cut;
        let number = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        self.records.push(Record {
            week: week(visit.start),
            course,
            open_for: is_open.then_some(cut - visit.start),
        });
        self.open += u64::from(is_open);
        for bin in exit_bins(&situation) {
            self.bins.entry(bin).or_default().push(number);
        }
        if !is_open {
            for bin in time_bins(&situation, course.exit) {
                self.bins.entry(bin).or_default().push(number);
            }
        }
        if visit.from.is_none() {
            let number = u32::try_from(self.start_visits.len()).unwrap_or(u32::MAX);
            let start = (week(visit.start), visit.team, visit.activity);
            self.start_visits.push(start);
            for period in [Some(situation.period), None] {
                self.starts.entry(period).or_default().push(number);
            }
        }
    }

    /// Returns the team and activity that a new case begins with.
    pub fn start(&self, period: Period, of_week: i64, draws: &mut Draws) -> Option<(u32, u32)> {
        let bins = [Some(period), None].map(|period| self.starts.get(&period));
        let bin = bins.into_iter().flatten().next()?;
        let week_of = |number: &u32| self.start_visits.get(place(*number)).map(|start| start.0);
        let bin = of_that_week(bin, of_week, week_of);
        let number = bin.get(draws.place(bin.len()))?;
        let (_, team, activity) = self.start_visits.get(place(*number))?;
        Some((*team, *activity))
    }

    /// Returns how a visit goes; `None` only when nothing was observed at all.
    pub fn draw(&self, situation: &Situation, draws: &mut Draws) -> Option<Drawn> {
        let bin = self.widen(exit_bins(situation))?;
        // Of the same week as its times, or those still open would be missing from the last weeks.
        let first = self.pick(self.of_week(bin, situation), draws)?;
        let Some(open_for) = first.open_for else {
            return self.times(situation, first.course.exit, draws);
        };
        // Its weight goes to finished visits that took longer; they are taken whole.
        let mut longest: Option<Drawn> = None;
        for _ in 0..TRIES {
            let other = self.pick(bin, draws)?;
            if other.open_for.is_none() {
                if other.course.stay() > open_for {
                    return Some(other.course);
                }
                let is_longer = longest.is_none_or(|known| other.course.stay() > known.stay());
                longest = if is_longer {
                    Some(other.course)
                } else {
                    longest
                };
            }
        }
        longest.or_else(|| self.times(situation, Exit::Leave, draws))
    }

    /// Returns how a visit goes on that has lasted `so_far`, and waited all that time unless it was
    /// touched.
    pub fn draw_longer(
        &self,
        situation: &Situation,
        (so_far, is_touched): (i64, bool),
        draws: &mut Draws,
    ) -> Option<Drawn> {
        for bin in exit_bins(situation) {
            let Some(bin) = self.bins.get(&bin) else {
                continue;
            };
            for _ in 0..TRIES {
                let record = self.pick(bin, draws)?;
                let course = record.course;
                let fits = match course.wait {
                    None => false,
                    Some(wait) => is_touched || wait > so_far,
                };
                if record.open_for.is_none() && fits && course.stay() > so_far {
                    return Some(course);
                }
            }
        }
        None
    }

    /// Returns the times of a visit that ends this way.
    pub fn times(&self, situation: &Situation, exit: Exit, draws: &mut Draws) -> Option<Drawn> {
        let bin = self.widen(time_bins(situation, exit))?;
        let record = self.pick(self.of_week(bin, situation), draws)?;
        Some(Drawn {
            exit,
            ..record.course
        })
    }

    /// Returns the narrowest bin with enough visits, else the widest with any.
    fn widen<const N: usize>(&self, bins: [Bin; N]) -> Option<&[u32]> {
        let mut known = bins.iter().filter_map(|bin| self.bins.get(bin));
        let wide_enough = known.clone().find(|bin| bin.len() >= POOL_MIN);
        wide_enough.or_else(|| known.next_back()).map(Vec::as_slice)
    }

    /// Returns the visits of a bin that are of the situation's week, or all of them when none is.
    fn of_week<'b>(&self, bin: &'b [u32], situation: &Situation) -> &'b [u32] {
        let week_of = |number: &u32| self.records.get(place(*number)).map(|record| record.week);
        of_that_week(bin, situation.week.unwrap_or(i64::MIN), week_of)
    }

    fn pick(&self, bin: &[u32], draws: &mut Draws) -> Option<&Record> {
        let number = bin.get(draws.place(bin.len()))?;
        self.records.get(place(*number))
    }
}

/// Returns the part of a bin that is of one week, or all of it when none is.
fn of_that_week(bin: &[u32], of_week: i64, week_of: impl Fn(&u32) -> Option<i64>) -> &[u32] {
    let from = bin.partition_point(|number| week_of(number) < Some(of_week));
    let rest = bin.get(from..).unwrap_or_default();
    let length = rest.partition_point(|number| week_of(number) == Some(of_week));
    rest.get(..length)
        .filter(|part| !part.is_empty())
        .unwrap_or(bin)
}

/// Returns all visits of a kind, those of the team, and those of its activity.
fn narrowing(situation: &Situation, about: u8) -> [Bin; 3] {
    let all = Bin {
        about,
        is_new: situation.from.is_none(),
        ..Bin::default()
    };
    let team = Bin {
        team: Some(situation.team),
        ..all
    };
    let activity = Bin {
        activity: Some(situation.activity),
        ..team
    };
    [all, team, activity]
}

/// Returns a bin's part that came from the same team, or from none.
fn from_same(bin: Bin, situation: &Situation) -> Bin {
    Bin {
        from: Some(situation.from.unwrap_or(NOBODY)),
        ..bin
    }
}

fn exit_bins(situation: &Situation) -> [Bin; EXIT_BINS] {
    let [all, team, activity] = narrowing(situation, 0);
    [from_same(activity, situation), activity, team, all]
}

fn time_bins(situation: &Situation, exit: Exit) -> [Bin; TIME_BINS] {
    let about = match exit {
        Exit::Leave => 1,
        Exit::Return { .. } => 2,
        Exit::Pass { .. } => 3,
    };
    let [all, team, activity] = narrowing(situation, about);
    let period = Bin {
        period: Some(situation.period),
        ..activity
    };
    let any_team = Bin {
        team: None,
        ..period
    };
    [
        from_same(period, situation),
        period,
        activity,
        team,
        any_team,
        all,
    ]
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
