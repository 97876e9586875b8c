//! What the handoffs of one contract, or all of them, show of each outcome.

use std::sync::Arc;

use baton_contract::calendar::Calendar;
use baton_contract::model::{Baseline, Direction, Metric, Outcome, Unit};
use baton_report::outcomes::{
    Activity, Baseline as Told, From, Line, Reading, Standing, Status, Waived, Week,
};
use baton_terms::Instant;

use super::followed::{Followed, Frame};
use super::levels::{OpenWork, is_in_force};
use super::sample::{Sample, Summary};
use super::standing::Stands;
use super::weeks::place;
use crate::handoff::{Pinned, Roster};

/// One outcome as it is counted.
#[derive(Debug)]
struct Counting {
    outcome: Outcome,
    summary: Summary,
    now: Sample,
    baseline: Sample,
    weeks: Vec<Sample>,
    waiting: u64,
    waiting_beyond: u64,
    without_value: u64,
}

/// Handoffs that are told together.
#[derive(Debug)]
pub(super) struct Tally {
    /// The version whose outcomes are told; none for all contracts together.
    pinned: Option<Arc<Pinned>>,
    /// When the first handoff was opened.
    since: Instant,
    outcomes: Vec<Counting>,
    handoffs: u64,
    /// Handoffs opened, and waivers in force, at each moment.
    opened: Vec<u64>,
    waivers: Vec<u64>,
    activity: Vec<Activity>,
    stands: Stands,
}

/// What is told of handoffs.
pub(super) struct Shown {
    pub(super) handoffs: u64,
    pub(super) outcomes: Vec<Line>,
    pub(super) activity: Vec<Activity>,
    pub(super) standing: Standing,
    pub(super) waived: Vec<Waived>,
}

impl Tally {
    /// Returns a tally of these outcomes, with nothing counted.
    pub(super) fn new(
        frame: &Frame,
        (pinned, since): (Option<Arc<Pinned>>, Instant),
        outcomes: &[Outcome],
    ) -> Self {
        let counting = |outcome: &Outcome| Counting {
            summary: Summary::of(outcome.metric),
            outcome: outcome.clone(),
            now: Sample::default(),
            baseline: Sample::default(),
            weeks: vec![Sample::default(); frame.weeks.len()],
            waiting: 0,
            waiting_beyond: 0,
            without_value: 0,
        };
        Self {
            pinned,
            since,
            outcomes: outcomes.iter().map(counting).collect(),
            handoffs: 0,
            opened: vec![0; frame.moments.len()],
            waivers: vec![0; frame.moments.len()],
            activity: vec![Activity::default(); frame.weeks.len()],
            stands: Stands::default(),
        }
    }

    /// Counts a handoff, and returns how many values it brought that were not there yet.
    pub(super) fn take(&mut self, followed: &Followed, frame: &Frame) -> usize {
        self.handoffs += 1;
        for (week, happened) in &followed.activity {
            if let Some(activity) = self.activity.get_mut(*week) {
                add(activity, happened);
            }
        }
        for (place, moment) in frame.moments.iter().enumerate() {
            let is_opened = followed.course.opened().is_some_and(|at| at <= *moment);
            if let Some(opened) = self.opened.get_mut(place) {
                *opened += u64::from(is_opened);
            }
            let given = followed.waivers.iter();
            let in_force = given.filter(|given| is_in_force(followed, (given, *moment)));
            if let Some(waivers) = self.waivers.get_mut(place) {
                *waivers = waivers.saturating_add(in_force.map(|_| 1).sum());
            }
        }
        self.stands.take(followed, frame.as_of);
        let calendar = self.pinned.as_deref().and_then(Pinned::verdict_calendar);
        let since = self.since;
        let outcomes = self.outcomes.iter_mut();
        outcomes
            .map(|counting| counting.take(followed, (frame, calendar, since)))
            .sum()
    }

    /// Returns what is told.
    pub(super) fn told(self, frame: &Frame, (work, roster): (&OpenWork, &Roster)) -> Shown {
        let levels = Levels {
            frame,
            work,
            roster,
            pinned: self.pinned.as_deref(),
            opened: &self.opened,
            waivers: &self.waivers,
        };
        let lines = self.outcomes.iter();
        let outcomes = lines
            .map(|counting| counting.line(&levels, self.since))
            .collect();
        let (standing, waived) = self.stands.told();
        Shown {
            handoffs: self.handoffs,
            outcomes,
            activity: self.activity,
            standing,
            waived,
        }
    }
}

impl Counting {
    fn take(
        &mut self,
        followed: &Followed,
        (frame, calendar, since): (&Frame, Option<&Calendar>, Instant),
    ) -> usize {
        if !matches!(self.summary, Summary::Share | Summary::Quantile(_)) {
            return 0;
        }
        let (metric, unit) = (self.outcome.metric, self.outcome.unit);
        let window = self.outcome.window;
        let is_now = |known: Instant| {
            let age = frame.as_of.since(known);
            age.is_some_and(|age| age < window)
        };
        match followed.course.value(metric, (unit, calendar)) {
            Some((known, Some(value))) => {
                let mut fresh = 0;
                if is_now(known) {
                    fresh += usize::from(self.now.add(value));
                }
                let is_first = known.since(since).is_some_and(|age| age < window);
                if self.outcome.baseline == Some(Baseline::Measure) && is_first {
                    fresh += usize::from(self.baseline.add(value));
                }
                let week = place(&frame.weeks, known).and_then(|week| self.weeks.get_mut(week));
                fresh + week.map_or(0, |week| usize::from(week.add(value)))
            }
            Some((known, None)) => {
                self.without_value += u64::from(is_now(known));
                0
            }
            None if followed.course.is_over() => 0,
            None => self.wait(followed, (unit, calendar), frame.as_of),
        }
    }

    /// Counts a handoff that is under way. One that has taken longer than the target already will not meet it, however it goes on:
    /// leaving it out would have work that nobody finishes look fast.
    fn wait(
        &mut self,
        followed: &Followed,
        counted: (Unit, Option<&Calendar>),
        as_of: Instant,
    ) -> usize {
        self.waiting += 1;
        let outcome = &self.outcome;
        let so_far = followed.course.so_far(outcome.metric, (counted, as_of));
        let beyond = so_far.filter(|so_far| {
            outcome.direction == Direction::Lower
                && outcome.target.is_some_and(|target| *so_far > target)
        });
        let Some(so_far) = beyond else {
            return 0;
        };
        self.waiting_beyond += 1;
        usize::from(self.now.add(so_far))
    }

    fn line(&self, levels: &Levels<'_>, since: Instant) -> Line {
        let outcome = &self.outcome;
        let is_level = self.summary == Summary::Level;
        let now = if is_level {
            levels.at(outcome.metric, levels.frame.as_of)
        } else {
            self.now.reading(self.summary)
        };
        let weeks = levels.frame.weeks.iter().zip(&self.weeks);
        let week = |(week, sample): (&Week, &Sample)| {
            if is_level {
                levels.at(outcome.metric, week.until)
            } else {
                sample.reading(self.summary)
            }
        };
        let baseline = self.baseline(levels, since);
        let (status, because) = judged(outcome, (baseline.as_ref(), &now));
        Line {
            id: outcome.id.to_string(),
            metric: outcome.metric.word().to_owned(),
            source: outcome.source.clone(),
            unit: outcome.unit.word().to_owned(),
            direction: outcome.direction.word().to_owned(),
            window_seconds: outcome.window.seconds(),
            minimum_sample: outcome.minimum_sample,
            baseline,
            target: outcome.target,
            is_clear: is_clear(outcome, (&now, status)),
            now,
            status,
            because,
            waiting: self.waiting,
            waiting_beyond: self.waiting_beyond,
            without_value: self.without_value,
            weeks: weeks.map(week).collect(),
        }
    }

    fn baseline(&self, levels: &Levels<'_>, since: Instant) -> Option<Told> {
        let outcome = &self.outcome;
        let (from, reading) = match outcome.baseline? {
            Baseline::Known(value) => {
                let reading = Reading {
                    value: Some(value),
                    ..Reading::default()
                };
                return Some(Told {
                    from: From::Declared,
                    reading,
                    since: None,
                    until: None,
                });
            }
            Baseline::Measure => {
                let ends = since.checked_add(outcome.window);
                let ended = ends.filter(|ends| *ends <= levels.frame.as_of);
                match (ended, self.summary) {
                    (Some(ended), Summary::Level) => {
                        (From::Measured, levels.at(outcome.metric, ended))
                    }
                    (Some(_), _) => (From::Measured, self.baseline.reading(self.summary)),
                    (None, _) => (From::Measuring, self.baseline.reading(self.summary)),
                }
            }
        };
        Some(Told {
            from,
            reading,
            since: Some(since),
            until: since.checked_add(outcome.window),
        })
    }
}

/// Levels at moments.
struct Levels<'l> {
    frame: &'l Frame,
    work: &'l OpenWork,
    roster: &'l Roster,
    pinned: Option<&'l Pinned>,
    opened: &'l [u64],
    waivers: &'l [u64],
}

impl Levels<'_> {
    fn at(&self, metric: Metric, moment: Instant) -> Reading {
        let Ok(place) = self.frame.moments.binary_search(&moment) else {
            return Reading::default();
        };
        match (metric, self.pinned) {
            (Metric::WaiverDebt, _) => {
                let sample = self.opened.get(place).copied().unwrap_or(0);
                let waivers = self.waivers.get(place).copied().unwrap_or(0);
                Reading {
                    value: i64::try_from(waivers).ok().filter(|_| sample > 0),
                    sample,
                    ..Reading::default()
                }
            }
            (Metric::LoadFairness, Some(pinned)) => {
                self.work.fairness(pinned, (self.roster, place))
            }
            _ => Reading::default(),
        }
    }
}

/// Returns whether a target is met, and why that is not known. What is unknown is never met.
fn judged(outcome: &Outcome, (baseline, now): (Option<&Told>, &Reading)) -> (Status, String) {
    let Some(target) = outcome.target else {
        return (Status::NoTarget, String::new());
    };
    let unknown = |because: String| (Status::Unknown, because);
    if outcome.metric == Metric::Custom {
        let source = outcome.source.as_deref().unwrap_or("nobody says where");
        return unknown(format!("it is measured elsewhere: {source}"));
    }
    if let Some(baseline) = baseline.filter(|baseline| baseline.from == From::Measuring) {
        let until = baseline.until.map(|until| format!(" until {until}"));
        return unknown(format!(
            "its baseline is measured first{}",
            until.unwrap_or_default()
        ));
    }
    let Some(value) = now.value else {
        return unknown("no handoff of the window shows it".to_owned());
    };
    let needed = u64::from(outcome.minimum_sample.max(1));
    if now.sample < needed {
        return unknown(format!("{} of the {needed} handoffs it takes", now.sample));
    }
    let is_met = match outcome.direction {
        Direction::Lower => value <= target,
        Direction::Higher => value >= target,
    };
    let status = if is_met { Status::Met } else { Status::NotMet };
    (status, String::new())
}

/// Returns whether the whole interval says what the value says; a level has none and is what it is.
fn is_clear(outcome: &Outcome, (now, status): (&Reading, Status)) -> bool {
    let is_level = Summary::of(outcome.metric) == Summary::Level;
    let Some(target) = outcome.target else {
        return false;
    };
    let holds = |limit: Option<i64>, holds: &dyn Fn(i64) -> bool| limit.map_or(is_level, holds);
    match (status, outcome.direction) {
        (Status::Met, Direction::Lower) => holds(now.high, &|high| high <= target),
        (Status::NotMet, Direction::Lower) => holds(now.low, &|low| low > target),
        (Status::Met, Direction::Higher) => holds(now.low, &|low| low >= target),
        (Status::NotMet, Direction::Higher) => holds(now.high, &|high| high < target),
        (Status::Unknown | Status::NoTarget, _) => false,
    }
}

fn add(all: &mut Activity, more: &Activity) {
    all.opened += more.opened;
    all.answered += more.answered;
    all.accepted += more.accepted;
    all.completed += more.completed;
    all.sent_back += more.sent_back;
    all.escalated += more.escalated;
    all.rolled_back += more.rolled_back;
    all.waived += more.waived;
    all.follow_ups += more.follow_ups;
}
