//! How much other work was open at the landmark: in the whole system and at the party that holds the
//! case. Every case of the log counts, also those that are no rows. Starts and ends are sorted once,
//! so each question is two binary searches.

use super::Sink;
use crate::blameless::place;
use crate::cases::frame::Frame;
use crate::cases::table::{Origin, Unit};
use crate::model::{Code, Log};

const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// Adds open work and arrivals.
pub(in crate::cases) fn workload(frame: &Frame<'_>, sink: &mut Sink) {
    let log = frame.log;
    let whole = Open::whole(log);
    let rows = || frame.rows.iter();
    let count = |values: Vec<Option<i64>>| (values, Unit::Count);
    let open = rows().map(|row| whole.open(row.time, own(log, row.case, row.time)));
    sink.numbers("open cases", Origin::Workload, count(open.collect()));
    let arrivals = rows().map(|row| whole.arrivals(row.time, row.start));
    let arrivals = count(arrivals.collect());
    sink.numbers("arrivals in 24 hours", Origin::Workload, arrivals);
    if log.party().dictionary.is_empty() {
        return;
    }
    let parties = Open::by_party(log);
    let (mut open, mut arrivals, mut holders) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows() {
        let mut held = row.events.clone().rev();
        let since = held.find_map(|event| Some((log.party().code(event)?, event)));
        let work = since.and_then(|(party, _)| parties.get(place(party)));
        // The case's own stay at its party began at or before the landmark.
        open.push(work.and_then(|work| work.open(row.time, own(log, row.case, row.time))));
        let entered = since.and_then(|(party, event)| entered(log, row.case, party, event));
        arrivals.push(work.and_then(|work| work.arrivals(row.time, entered?)));
        holders.push(since.map(|(party, _)| party));
    }
    let ranks = ranks(&holders, &open);
    sink.numbers("open cases of the party", Origin::Workload, count(open));
    sink.numbers(
        "arrivals of the party in 24 hours",
        Origin::Workload,
        count(arrivals),
    );
    let name = "open cases of the party, rank within it";
    sink.numbers(name, Origin::Workload, (ranks, Unit::Decimal(2)));
}

/// Returns 1 when the case itself counts as open at a time: from its start to before its end.
fn own(log: &Log, case: usize, time: i64) -> i64 {
    let events = log.events_of(case);
    let last = events
        .end
        .checked_sub(1)
        .and_then(|last| log.times().get(last));
    i64::from(last.is_some_and(|&end| end > time))
}

/// Returns when the stay of a case at a party that covers `event` began.
fn entered(log: &Log, case: usize, party: Code, event: usize) -> Option<i64> {
    let first = log.events_of(case).start;
    let mut began = event;
    for earlier in (first..event).rev() {
        match log.party().code(earlier) {
            Some(other) if other != party => break,
            Some(_) => began = earlier,
            None => {}
        }
    }
    log.times().get(began).copied()
}

/// When work came and went, each in order.
#[derive(Debug, Default)]
struct Open {
    from: Vec<i64>,
    until: Vec<i64>,
}

impl Open {
    fn whole(log: &Log) -> Self {
        let mut open = Self::default();
        for case in 0..log.cases() {
            let events = log.events_of(case);
            let times = log.times().get(events).unwrap_or_default();
            if let (Some(first), Some(last)) = (times.first(), times.last()) {
                open.from.push(*first);
                open.until.push(*last);
            }
        }
        open.sort();
        open
    }

    fn by_party(log: &Log) -> Vec<Self> {
        let mut parties: Vec<Self> = Vec::new();
        parties.resize_with(log.party().dictionary.len(), Self::default);
        for case in 0..log.cases() {
            let mut holder: Option<Code> = None;
            let mut end = 0;
            for event in log.events_of(case) {
                let Some(&time) = log.times().get(event) else {
                    continue;
                };
                end = time;
                let Some(party) = log.party().code(event).filter(|&to| Some(to) != holder) else {
                    continue;
                };
                leave(&mut parties, holder, time);
                if let Some(work) = parties.get_mut(place(party)) {
                    work.from.push(time);
                }
                holder = Some(party);
            }
            leave(&mut parties, holder, end);
        }
        for work in &mut parties {
            work.sort();
        }
        parties
    }

    fn sort(&mut self) {
        self.from.sort_unstable();
        self.until.sort_unstable();
    }

    /// Returns how much was open at a time, besides one's `own`.
    fn open(&self, time: i64, own: i64) -> Option<i64> {
        let came = self.from.partition_point(|&from| from <= time);
        let went = self.until.partition_point(|&until| until <= time);
        let open = i64::try_from(came.checked_sub(went)?).ok()?;
        Some((open - own).max(0))
    }

    /// Returns how much came in the 24 hours up to a time, besides what came itself at `own`.
    fn arrivals(&self, time: i64, own: i64) -> Option<i64> {
        let since = time.saturating_sub(DAY_MICROSECONDS);
        let came = self.from.partition_point(|&from| from <= time);
        let before = self.from.partition_point(|&from| from <= since);
        let came = i64::try_from(came.checked_sub(before)?).ok()?;
        Some(came - i64::from(own > since && own <= time))
    }
}

fn leave(parties: &mut [Open], holder: Option<Code>, time: i64) {
    if let Some(work) = holder.and_then(|holder| parties.get_mut(place(holder))) {
        work.until.push(time);
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
