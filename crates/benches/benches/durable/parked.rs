//! A store full of handoffs that wait: how late their timers fire, how fast lists and claims are among them, how soon one more package
//! is answered, what they cost in room, and whether memory stays where it is while work goes on.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant as Clock},
};

use baton_engine::port::{ClaimRequest, JobKind, Page, Settlement, Store, Transition, Wake};
use baton_terms::Instant;
use baton_testkit::store::{job, plain, stream};
use jiff::{SignedDuration, Timestamp};

use crate::load::LINE_BYTES;
use crate::{asking, due};

/// Threads that fill the store.
const FILLERS: u64 = 64;
/// Teams whose turn it may be.
const TEAMS: u64 = 1_000;
/// Lists asked for.
const LISTS: u64 = 300;
/// Rows of one list.
const ROWS: u32 = 50;
/// How often the memory is looked at while timers fire.
const LOOKS: u32 = 12;
/// Timers claimed at once.
const CLAIMED: u32 = 500;
/// Timers claimed and settled at the end, at most.
const SETTLED_MAX: u64 = 20_000;

/// How much to park and for how long to watch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parking {
    pub(crate) streams: u64,
    pub(crate) seconds: u64,
}

/// Fills a store and prints what was measured.
pub(crate) fn report<T: Store + Wake>(title: &str, store: &T, parking: Parking) {
    println!(
        "\n{title}, {} handoffs parked, each checked once:\n\n| what | measured |\n|---|---:|",
        parking.streams
    );
    let started = Clock::now();
    fill(store, parking.streams);
    row("parked per second", per_second(parking.streams, started));
    let mut lists = Vec::new();
    for number in 0..LISTS {
        let after = stream(&name(number * parking.streams / LISTS));
        lists.push(timed(|| {
            store.heads(&page(None, Some(after))).unwrap().len()
        }));
    }
    row("page of 50 handoffs, p99", percentile(&mut lists, 99));
    let mut turns = Vec::new();
    for number in 0..LISTS {
        let team = format!("team-{}", number * 7 % TEAMS);
        turns.push(timed(|| {
            store.heads(&page(Some(team), None)).unwrap().len()
        }));
    }
    row("whose turn, p99", percentile(&mut turns, 99));
    let mut next = Vec::new();
    for _ in 0..LISTS {
        next.push(timed(|| usize::from(store.next_due().unwrap().is_some())));
    }
    row("when the next timer is due, p99", percentile(&mut next, 99));
    watch(store, parking);
    let started = Clock::now();
    let claimed = claim_many(store, (parking.streams / 10).min(SETTLED_MAX));
    row(
        "claimed and settled per second",
        per_second(claimed, started),
    );
    asked(store, parking.streams);
}

/// Prints how long it takes to learn whether a package may go, beside as many that were checked before.
fn asked(store: &impl Store, checks: u64) {
    let started = Clock::now();
    asking::remember(store, checks);
    row(
        "documents of past checks kept, checks per second",
        per_second(checks, started),
    );
    let mut answers = asking::ask(store);
    for (what, durations) in [
        ("can I hand off? a new package", &mut answers.whole),
        ("can I hand off? asked again", &mut answers.again),
    ] {
        row(&format!("{what}, median"), percentile(durations, 50));
        row(&format!("{what}, p99"), percentile(durations, 99));
    }
}

/// Prints the size of a file and of what lies beside it.
pub(crate) fn size_of(path: &Path) {
    let bytes: u64 = ["", "-wal"]
        .iter()
        .filter_map(|end| fs::metadata(format!("{}{end}", path.display())).ok())
        .map(|found| found.len())
        .sum();
    row("file and log", format!("{} MiB", bytes >> 20));
}

fn row(what: &str, measured: impl std::fmt::Display) {
    println!("| {what} | {measured} |");
}

fn per_second(count: u64, since: Clock) -> u128 {
    u128::from(count) * 1_000 / since.elapsed().as_millis().max(1)
}

fn timed(work: impl FnOnce() -> usize) -> Duration {
    let started = Clock::now();
    assert!(work() > 0);
    started.elapsed()
}

fn percentile(durations: &mut [Duration], share: usize) -> String {
    durations.sort_unstable();
    let at = (durations.len() * share / 100).min(durations.len().saturating_sub(1));
    format!("{:.2?}", durations.get(at).copied().unwrap_or_default())
}

fn name(number: u64) -> String {
    format!("handoff/{number:09}")
}

fn page(turn: Option<String>, after: Option<baton_engine::port::StreamId>) -> Page {
    Page {
        prefix: "handoff/".into(),
        state: None,
        turn,
        after,
        limit: ROWS,
    }
}

fn now() -> Instant {
    Instant::from_timestamp(Timestamp::now())
}

fn later(from: Timestamp, micros: u64) -> Instant {
    Instant::from_timestamp(from + SignedDuration::from_micros(i64::try_from(micros).unwrap()))
}

/// A day and more away, each at an instant of its own.
fn parked(number: u64, from: Timestamp) -> Transition {
    let mut transition = plain(
        stream(&name(number)),
        0,
        &"x".repeat(LINE_BYTES),
        Instant::from_timestamp(from),
    );
    transition.summary.turn = Some(format!("team-{}", number % TEAMS));
    let due = later(
        from,
        86_400_000_000 + number.wrapping_mul(2_654_435_761) % 86_400_000_000,
    );
    transition.summary.due = Some(due);
    transition.jobs = vec![job("deadline", JobKind::Timer, due)];
    transition
}

fn fill(store: &impl Store, streams: u64) {
    let (from, next) = (Timestamp::now(), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..FILLERS {
            let (next, store) = (&next, &store);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= streams {
                        return;
                    }
                    store.append(parked(number, from)).unwrap();
                }
            });
        }
    });
}

/// Has a node fire timers beside those that are parked, and prints how late they were.
fn watch<T: Store + Wake>(store: &T, parking: Parking) {
    let mut fired = due::fire(store, parking.seconds.max(1));
    row("timers fired", fired.decided.len());
    for (what, late) in [
        ("decided on", &mut fired.decided),
        ("news delivered", &mut fired.told),
    ] {
        for (share, word) in [(50, "median"), (99, "p99"), (100, "latest")] {
            row(
                &format!("lateness, {what}, {word}"),
                percentile(late, share),
            );
        }
    }
    row(
        "processor time for one timer and its news",
        format!("{} µs", fired.micros),
    );
    row("memory meanwhile", fired.memory.shown());
}

fn wanted(limit: u32, at: Timestamp) -> ClaimRequest {
    ClaimRequest {
        node: "node-1".into(),
        kind: JobKind::Timer,
        now: Instant::from_timestamp(at),
        until: Instant::from_timestamp(at + SignedDuration::from_secs(60)),
        limit,
    }
}

/// Claims and settles parked timers as though two days had passed.
fn claim_many(store: &impl Store, enough: u64) -> u64 {
    let at = Timestamp::now() + SignedDuration::from_hours(49);
    let mut claimed = 0;
    while claimed < enough {
        let jobs = store.claim(&wanted(CLAIMED, at)).unwrap();
        if jobs.is_empty() {
            return claimed;
        }
        std::thread::scope(|scope| {
            for part in jobs.chunks(16) {
                scope.spawn(move || {
                    for job in part {
                        store
                            .settle(&job.claim, &Settlement::Done { at: now() })
                            .unwrap();
                    }
                });
            }
        });
        claimed += u64::try_from(jobs.len()).unwrap();
    }
    claimed
}

/// The memory of this process at even distances of time: flat when nothing grows with the work done.
pub(crate) struct Memory {
    started: Clock,
    apart: Duration,
    seen: Vec<u64>,
}

impl Memory {
    pub(crate) fn over(whole: Duration) -> Self {
        Self {
            started: Clock::now(),
            apart: whole / LOOKS,
            seen: vec![resident()],
        }
    }

    pub(crate) fn look(&mut self) {
        let looks = u32::try_from(self.seen.len()).unwrap();
        if self.started.elapsed() >= self.apart * looks {
            self.seen.push(resident());
        }
    }

    fn shown(&self) -> String {
        let seen: Vec<String> = self.seen.iter().map(u64::to_string).collect();
        format!("{} MiB, {:.0?} apart", seen.join(" "), self.apart)
    }
}

/// Returns the memory of this process in MiB, where the system says.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) >> 10
}
