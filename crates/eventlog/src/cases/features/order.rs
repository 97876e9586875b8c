//! The usual order of steps: usual steps that were skipped, and the time between milestones.
//!
//! What is usual is learned from all cases of the table, whatever became of them.

use super::flow::shown;
use super::{Sightings, Sink};
use crate::blameless::place;
use crate::cases::frame::{Frame, Row};
use crate::cases::table::{Origin, Unit};
use crate::model::Code;

/// Most activities whose order is learned, the most frequent ones.
const ACTIVITIES_MAX: usize = 64;
/// A step is usual before another when it comes first in this many percent of the cases with both
/// the other and a way past it.
const USUAL_PERCENT: u64 = 90;
/// Most pairs of milestones with a time between, the most frequent ones.
const MILESTONES_MAX: usize = 20;

/// Adds skipped steps and times between milestones.
pub(in crate::cases) fn order(frame: &Frame<'_>, sink: &mut Sink) {
    let learned = Learned::of(frame);
    learned.skipped(frame, sink);
    learned.milestones(frame, sink);
}

/// The frequent activities, and how often each came before the first of each other.
struct Learned {
    activities: Vec<Code>,
    /// Place in `activities` by code.
    places: Vec<Option<usize>>,
    /// Cases that have each activity.
    cases: Vec<u64>,
    /// Cases in which the row's activity is preceded by the column's, row by row.
    before: Vec<u64>,
}

impl Learned {
    fn of(frame: &Frame<'_>) -> Self {
        let activity = frame.log.activity();
        let mut frequent = vec![0_u64; activity.dictionary.len()];
        for event in frame.rows.iter().flat_map(|row| row.events.clone()) {
            if let Some(count) = activity
                .code(event)
                .and_then(|code| frequent.get_mut(place(code)))
            {
                *count += 1;
            }
        }
        let mut activities: Vec<Code> = (0..).take(frequent.len()).collect();
        activities.retain(|&code| frequent.get(place(code)).is_some_and(|&count| count > 0));
        activities.sort_by_key(|&code| {
            let count = frequent.get(place(code)).copied();
            (std::cmp::Reverse(count), code)
        });
        activities.truncate(ACTIVITIES_MAX);
        let mut places = vec![None; frequent.len()];
        for (at, &code) in activities.iter().enumerate() {
            if let Some(place) = places.get_mut(place(code)) {
                *place = Some(at);
            }
        }
        let size = activities.len();
        let mut learned = Self {
            activities,
            places,
            cases: vec![0; size],
            before: vec![0; size * size],
        };
        for row in &frame.rows {
            learned.learn(frame, row);
        }
        learned
    }

    /// Returns the first events of the frequent activities of a row, in their order.
    fn firsts(&self, frame: &Frame<'_>, row: &Row, firsts: &mut Vec<(usize, usize)>) {
        firsts.clear();
        let mut seen = 0_u64;
        for event in row.events.clone() {
            let code = frame.log.activity().code(event);
            let at = code.and_then(|code| self.places.get(place(code)).copied());
            let Some(at) = at.flatten() else { continue };
            if seen & (1 << at) == 0 {
                seen |= 1 << at;
                firsts.push((at, event));
            }
        }
    }

    fn learn(&mut self, frame: &Frame<'_>, row: &Row) {
        let mut firsts = Vec::new();
        self.firsts(frame, row, &mut firsts);
        for (nth, &(at, _)) in firsts.iter().enumerate() {
            if let Some(cases) = self.cases.get_mut(at) {
                *cases += 1;
            }
            for &(earlier, _) in firsts.iter().take(nth) {
                if let Some(count) = self.before.get_mut(at * self.activities.len() + earlier) {
                    *count += 1;
                }
            }
        }
    }

    fn before(&self, at: usize, earlier: usize) -> u64 {
        let place = at * self.activities.len() + earlier;
        self.before.get(place).copied().unwrap_or(0)
    }

    fn name<'l>(&self, frame: &Frame<'l>, at: usize) -> Option<&'l str> {
        shown(frame.log, self.activities.get(at).copied()?)
    }

    fn skipped(&self, frame: &Frame<'_>, sink: &mut Sink) {
        let size = self.activities.len();
        // Steps that usually come before each activity.
        let usual: Vec<u64> = (0..size)
            .map(|at| {
                let cases = self.cases.get(at).copied().unwrap_or(0);
                let is_usual = |earlier: &usize| {
                    *earlier != at
                        && self.before(at, *earlier) * 100 >= cases * USUAL_PERCENT
                        && self.before(at, *earlier) < cases
                };
                (0..size)
                    .filter(is_usual)
                    .fold(0, |set, earlier| set | 1 << earlier)
            })
            .collect();
        let mut skipped = Sightings::new();
        let mut firsts = Vec::new();
        for (row, nth) in frame.rows.iter().zip(0_u32..) {
            self.firsts(frame, row, &mut firsts);
            let mut seen = 0_u64;
            for &(at, _) in &firsts {
                let mut missing = usual.get(at).copied().unwrap_or(0) & !seen;
                while missing != 0 {
                    let step = missing.trailing_zeros();
                    skipped.see((step, at), nth);
                    missing &= missing - 1;
                }
                seen |= 1 << at;
            }
        }
        sink.sightings(Origin::Flow, skipped, |(step, at)| {
            let step = usize::try_from(step).ok()?;
            let (step, at) = (self.name(frame, step)?, self.name(frame, at)?);
            Some(format!("skipped: {step} before {at}"))
        });
    }

    fn milestones(&self, frame: &Frame<'_>, sink: &mut Sink) {
        let size = self.activities.len();
        let support = u64::try_from(crate::cases::settings::Settings::support(frame.rows.len()));
        let pairs = (0..size).flat_map(|at| (0..size).map(move |earlier| (earlier, at)));
        let mut pairs: Vec<_> = pairs
            .filter(|&(earlier, at)| {
                let count = self.before(at, earlier);
                support.is_ok_and(|support| count >= support) && count > self.before(earlier, at)
            })
            .collect();
        pairs.sort_by_key(|&(earlier, at)| {
            (std::cmp::Reverse(self.before(at, earlier)), earlier, at)
        });
        pairs.truncate(MILESTONES_MAX);
        let mut values = vec![Vec::with_capacity(frame.rows.len()); pairs.len()];
        let mut firsts = Vec::new();
        for row in &frame.rows {
            self.firsts(frame, row, &mut firsts);
            let time = |at: usize| {
                let (_, event) = firsts.iter().find(|(known, _)| *known == at)?;
                frame.log.times().get(*event).copied()
            };
            for (&(earlier, at), values) in pairs.iter().zip(&mut values) {
                let elapsed = time(earlier).zip(time(at)).map(|(from, to)| to - from);
                let elapsed = elapsed.filter(|elapsed| *elapsed >= 0);
                values.push(elapsed.map(|elapsed| elapsed.div_euclid(1_000_000)));
            }
        }
        for ((earlier, at), values) in pairs.into_iter().zip(values) {
            if let (Some(from), Some(to)) = (self.name(frame, earlier), self.name(frame, at)) {
                let name = format!("elapsed: {from} → {to}");
                sink.numbers(&name, Origin::Flow, (values, Unit::Seconds));
            }
        }
    }
}
