//! How much other work was open at the landmark: in the whole system and at the party that holds the
//! case. Every case of the log counts, also those that are no rows; what the case itself adds does not.
//! Starts and ends are sorted once, so each question is two binary searches.

use super::Sink;
use crate::blameless::place;
use crate::cases::closing::Stay;
use crate::cases::frame::Frame;
use crate::cases::table::{Origin, Unit};
use crate::model::Code;

const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// Adds open work and arrivals.
pub(in crate::cases) fn workload(frame: &Frame<'_>, sink: &mut Sink) {
    let Work { whole, parties } = Work::of(frame);
    let count = |values: Vec<Option<i64>>| (values, Unit::Count);
    let (mut open, mut arrivals) = (Vec::new(), Vec::new());
    let (mut at_party, mut to_party, mut holders) = (Vec::new(), Vec::new(), Vec::new());
    let mut stays = Vec::new();
    for row in &frame.rows {
        stays.clear();
        let events = frame.all_events(row);
        frame.closing.stays(frame.log, events, &mut stays);
        let own = Open::of(merged(&stays));
        open.push(whole.besides(&own, |work| work.open(row.time)));
        arrivals.push(whole.besides(&own, |work| work.arrivals(row.time)));
        let mut held = row.events.clone().rev();
        let party = held.find_map(|event| frame.log.party().code(event));
        let own = Open::of(stays.iter().filter(|stay| stay.party == party).copied());
        let work = party.and_then(|party| parties.get(place(party)));
        let work = |count: &dyn Fn(&Open) -> Option<i64>| work?.besides(&own, count);
        at_party.push(work(&|work| work.open(row.time)));
        to_party.push(work(&|work| work.arrivals(row.time)));
        holders.push(party);
    }
    sink.numbers("open cases", Origin::Workload, count(open));
    sink.numbers("arrivals in 24 hours", Origin::Workload, count(arrivals));
    if parties.is_empty() {
        return;
    }
    let ranks = ranks(&holders, &at_party);
    let at_party = count(at_party);
    sink.numbers("open cases of the party", Origin::Workload, at_party);
    let to_party = count(to_party);
    sink.numbers(
        "arrivals of the party in 24 hours",
        Origin::Workload,
        to_party,
    );
    let name = "open cases of the party, rank within it";
    sink.numbers(name, Origin::Workload, (ranks, Unit::Decimal(2)));
}

/// Returns the times in which a case was open, whoever held it.
fn merged(stays: &[Stay]) -> impl Iterator<Item = Stay> {
    let mut stays = stays.iter().copied().peekable();
    std::iter::from_fn(move || {
        let mut open = stays.next()?;
        while let Some(next) = stays.next_if(|next| next.from == open.until) {
            open.until = next.until;
        }
        Some(open)
    })
}

/// The work of every case of a log.
struct Work {
    whole: Open,
    /// By the place of the party.
    parties: Vec<Open>,
}

impl Work {
    fn of(frame: &Frame<'_>) -> Self {
        let mut whole = Open::default();
        let mut parties: Vec<Open> = Vec::new();
        parties.resize_with(frame.log.party().dictionary.len(), Open::default);
        let mut stays = Vec::new();
        for case in 0..frame.log.cases() {
            stays.clear();
            let events = frame.log.events_of(case);
            frame.closing.stays(frame.log, events, &mut stays);
            merged(&stays).for_each(|stay| whole.add(stay));
            for stay in &stays {
                let work = stay.party.and_then(|party| parties.get_mut(place(party)));
                if let Some(work) = work {
                    work.add(*stay);
                }
            }
        }
        whole.sort();
        parties.iter_mut().for_each(Open::sort);
        Self { whole, parties }
    }
}

/// When work came and went, each in order.
#[derive(Debug, Default)]
struct Open {
    from: Vec<i64>,
    until: Vec<i64>,
}

impl Open {
    fn of(stays: impl Iterator<Item = Stay>) -> Self {
        let mut open = Self::default();
        stays.for_each(|stay| open.add(stay));
        open.sort();
        open
    }

    fn add(&mut self, stay: Stay) {
        self.from.push(stay.from);
        self.until.push(stay.until);
    }

    fn sort(&mut self) {
        self.from.sort_unstable();
        self.until.sort_unstable();
    }

    /// Returns a count of all work without what the case itself adds to it.
    fn besides(&self, own: &Self, count: impl Fn(&Self) -> Option<i64>) -> Option<i64> {
        Some((count(self)? - count(own)?).max(0))
    }

    /// Returns how much was open at a time.
    fn open(&self, time: i64) -> Option<i64> {
        let came = self.from.partition_point(|&from| from <= time);
        let went = self.until.partition_point(|&until| until <= time);
        Some(i64::try_from(came).ok()? - i64::try_from(went).ok()?)
    }

    /// Returns how much came in the 24 hours up to a time.
    fn arrivals(&self, time: i64) -> Option<i64> {
        let since = time.saturating_sub(DAY_MICROSECONDS);
        let came = self.from.partition_point(|&from| from <= time);
        let before = self.from.partition_point(|&from| from <= since);
        i64::try_from(came.checked_sub(before)?).ok()
    }
}

/// Returns the rank of each row's work among the rows of its party, 0 to 100 in hundredths: a busy
/// party is compared with itself, for between parties more work is mostly another kind of work.
fn ranks(holders: &[Option<Code>], open: &[Option<i64>]) -> Vec<Option<i64>> {
    let keyed = holders.iter().zip(open).enumerate();
    let keyed = keyed.filter_map(|(row, (holder, open))| Some(((*holder)?, (*open)?, row)));
    let mut sorted: Vec<(Code, i64, usize)> = keyed.collect();
    sorted.sort_unstable();
    let mut ranks = vec![None; holders.len()];
    for of_party in sorted.chunk_by(|a, b| a.0 == b.0) {
        let mut below = 0;
        for ties in of_party.chunk_by(|a, b| a.1 == b.1) {
            // The middle of what is tied, so that ties don't depend on the order of rows.
            let middle = (2 * below + ties.len()) * 5_000 / of_party.len();
            for (_, _, row) in ties {
                if let Some(rank) = ranks.get_mut(*row) {
                    *rank = i64::try_from(middle).ok();
                }
            }
            below += ties.len();
        }
    }
    ranks
}
