//! Every follow-up of a store, with how it stands.

use baton_mission::names::HandoffId;
use baton_terms::Instant;

use super::leftovers::{Leftovers, State};
use super::task::Task;
use crate::handoff::{Failure, Read, entry, stream_of};
use crate::missions::{read_report, report_of};
use crate::port::{Ledger, Page, Store, StreamId, each_head};
use crate::trail::Trail;

/// A follow-up with how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The follow-up.
    pub task: Task,
    /// How it stands.
    pub state: State,
}

/// Hands over the follow-ups of all handoffs and then of all missions, in the order of their names, as they stand at an instant.
///
/// # Errors
/// When the store cannot be read, or holds what does not fit.
pub fn each_follow_up(
    store: &dyn Store,
    as_of: Instant,
    mut take: impl FnMut(Listed),
) -> Result<(), Failure> {
    each_head(store, Page::under("handoff/"), |head| {
        let name = head.stream.as_str();
        let name = name.strip_prefix("handoff/").unwrap_or(name);
        let (left, _) = leftovers(store, &head.stream)?;
        listed(name, &left, as_of).into_iter().for_each(&mut take);
        Ok::<(), Failure>(())
    })?;
    each_head(store, Page::under("mission/"), |head| {
        let found = of_mission(store, (&head.stream, as_of))?;
        found.into_iter().for_each(&mut take);
        Ok(())
    })
}

/// Returns the follow-ups of one handoff, in the order they were queued, as they stand at an instant.
///
/// # Errors
/// When there is no such handoff, or the store fails.
pub fn follow_ups_of(
    store: &dyn Store,
    handoff: &HandoffId,
    as_of: Instant,
) -> Result<Vec<Listed>, Failure> {
    let (left, entries) = leftovers(store, &stream_of(handoff)?)?;
    if entries == 0 {
        let handoff = handoff.to_string();
        return Err(Failure::NoSuchHandoff { handoff });
    }
    Ok(listed(handoff.as_str(), &left, as_of))
}

fn listed(handoff: &str, left: &Leftovers, as_of: Instant) -> Vec<Listed> {
    let all = left.all().iter();
    all.map(|left| Listed {
        task: Task::of_handoff(handoff, (&left.follow_up, Some(&left.fix)), left.queued),
        state: left.state(as_of),
    })
    .collect()
}

fn leftovers(store: &dyn Store, stream: &StreamId) -> Result<(Leftovers, u64), Failure> {
    let mut left = Leftovers::default();
    let mut trail = Trail::default();
    trail.read_on::<Failure>(store, stream, |found| {
        if let Some(Read::Event(event)) = entry::read(&found) {
            left.note(&event);
        }
        Ok(())
    })?;
    Ok((left, trail.entries()))
}

/// A mission queues what it leaves over each time it parks; what it no longer queues is settled.
fn of_mission(
    store: &(impl Ledger + ?Sized),
    (stream, as_of): (&StreamId, Instant),
) -> Result<Vec<Listed>, Failure> {
    let mut reports = Vec::new();
    Trail::default().read_on::<Failure>(store, stream, |entry| {
        reports.extend(report_of(&entry).map(|report| (entry.draft().time, report)));
        Ok(())
    })?;
    let mut known: Vec<Listed> = Vec::new();
    for (at, digest) in reports {
        let report = read_report(store, (stream, digest))?;
        for listed in &mut known {
            listed.state = State::Settled;
        }
        let tasks = report.follow_ups.iter();
        for task in tasks.map(|task| Task::of_mission(&report.run, task, at)) {
            match known.iter_mut().find(|known| known.task.id == task.id) {
                Some(known) => known.state = State::open(known.task.due, as_of),
                None => known.push(Listed {
                    state: State::open(task.due, as_of),
                    task,
                }),
            }
        }
    }
    Ok(known)
}
