//! Timers of handoffs that fall due one after the other while a node waits for them: how late each one fires, how late its news
//! arrives, and what both cost. The handoffs are real ones, the node works as `baton work` does, and between them and the present lies
//! nothing but an offset of the clock.

use std::{
    collections::BTreeMap,
    sync::Mutex,
    time::{Duration, Instant as Stopwatch},
};

use baton_engine::{
    handoff::Desk,
    node::{HANDS, Hands, Next, Node},
    port::{Clock, Courier, Delivered, Message, Store, Wake},
};
use baton_terms::Instant;
use baton_testkit::{
    clock::SetClock,
    organization::{CONTRACT, form},
};
use jiff::{SignedDuration, Timestamp};

use crate::{load::processor, parked::Memory, whole::Life};

/// Timers that fall due per second.
const PER_SECOND: u64 = 200;
/// Threads that open handoffs.
const OPENERS: u64 = 64;
/// How long the first of the contract's gates stays open.
const GATE: Duration = Duration::from_hours(8);
/// Days between the openings and the present: their timers fall due before those of the handoffs parked beside them.
const DAYS_AGO: i64 = 30;
/// How long the node waits for the first timer.
const AHEAD: Duration = Duration::from_secs(2);
/// Pauses of a node, as `baton work` has them.
const PAUSE: Duration = Duration::from_millis(20);
const REST: Duration = Duration::from_millis(200);

/// What was measured.
pub(crate) struct Fired {
    /// How late each timer was decided on.
    pub(crate) decided: Vec<Duration>,
    /// How late its news had arrived, with the decision on disk.
    pub(crate) told: Vec<Duration>,
    /// Processor time for one timer and its news, in microseconds.
    pub(crate) micros: u128,
    /// The memory of the process meanwhile.
    pub(crate) memory: Memory,
}

/// Brings handoffs to their gates, and has a node fire the timers of those where nobody decides, for so many seconds.
pub(crate) fn fire<T: Store + Wake>(store: &T, seconds: u64) -> Fired {
    let count = seconds * PER_SECOND;
    let first = Timestamp::now() - SignedDuration::from_hours(DAYS_AGO * 24);
    // Stores keep microseconds.
    let first = Timestamp::from_microsecond(first.as_microsecond()).unwrap();
    let first = Instant::from_timestamp(first);
    open_all(store, count, first);
    let due = |number| after(opened(first, number), GATE);
    // What is told before is out of the way.
    let still = SetClock::at(opened(first, count));
    let (desk, told) = (Desk::new(store, &still), Told::new(&still));
    Node::new("before", &desk, &told).with_hands(HANDS, |hands| {
        drive((store, &still), hands, |next| next == Next::Rest);
    });
    assert_eq!(store.next_due().unwrap(), Some(due(0)));

    let running = Running {
        from: Instant::from_timestamp(due(0).timestamp() - AHEAD),
        since: Stopwatch::now(),
    };
    let (desk, told) = (Desk::new(store, &running), Told::new(&running));
    let mut memory = Memory::over(AHEAD + Duration::from_secs(seconds));
    let before = processor();
    Node::new("node", &desk, &told).with_hands(HANDS, |hands| {
        drive((store, &running), hands, |_| {
            memory.look();
            told.count() == count
        });
    });
    let micros = processor().saturating_sub(before).as_micros() / u128::from(count);
    let lateness = |number: u64| {
        let case = desk.load(&name(number).parse().unwrap()).unwrap();
        let told = told
            .seen
            .lock()
            .unwrap()
            .get(&name(number))
            .copied()
            .unwrap();
        let decided = case.handoff().last_at().unwrap();
        (late(decided, due(number)), late(told, due(number)))
    };
    let (decided, told) = (0..count).map(lateness).unzip();
    Fired {
        decided,
        told,
        micros,
        memory,
    }
}

/// Works until it is over, as `baton work` does.
fn drive<T: Store + Wake>(
    (store, clock): (&T, &dyn Clock),
    hands: &Hands<'_, '_>,
    mut is_over: impl FnMut(Next) -> bool,
) {
    loop {
        let mark = store.mark();
        let look = hands.look().unwrap();
        assert_eq!(look.work.failed, []);
        if is_over(look.next) {
            return;
        }
        match look.next {
            Next::Look => {}
            Next::WaitForHands => hands.wait(PAUSE),
            Next::RestBesideHands | Next::Rest => {
                let due = store.next_due().unwrap();
                let left = due.map_or(REST, |due| late(due, clock.now()));
                store.wait(mark, left.clamp(PAUSE, REST));
            }
        }
    }
}

fn open_all(store: &impl Store, count: u64, first: Instant) {
    let form = form(CONTRACT);
    std::thread::scope(|scope| {
        for opener in 0..OPENERS {
            let form = &form;
            scope.spawn(move || {
                let clock = SetClock::at(first);
                let desk = Desk::new(store, &clock);
                for number in (opener..count).step_by(usize::try_from(OPENERS).unwrap()) {
                    clock.set(opened(first, number));
                    let life = Life::of(&desk, name(number));
                    life.send(form);
                    life.advance();
                }
            });
        }
    });
}

fn name(number: u64) -> String {
    format!("due-{number:06}")
}

fn opened(first: Instant, number: u64) -> Instant {
    after(
        first,
        Duration::from_micros(number * 1_000_000 / PER_SECOND),
    )
}

fn after(from: Instant, span: Duration) -> Instant {
    Instant::from_timestamp(from.timestamp() + SignedDuration::try_from(span).unwrap())
}

/// How long after an instant another one is.
fn late(at: Instant, due: Instant) -> Duration {
    let span = at.timestamp().duration_since(due.timestamp());
    Duration::try_from(span).unwrap_or_default()
}

/// A clock that goes on from an instant.
struct Running {
    from: Instant,
    since: Stopwatch,
}

impl Clock for Running {
    fn now(&self) -> Instant {
        after(self.from, self.since.elapsed())
    }
}

/// Notes when handoffs were heard of first.
struct Told<'c> {
    clock: &'c dyn Clock,
    seen: Mutex<BTreeMap<String, Instant>>,
}

impl<'c> Told<'c> {
    fn new(clock: &'c dyn Clock) -> Self {
        Self {
            clock,
            seen: Mutex::default(),
        }
    }

    fn count(&self) -> u64 {
        u64::try_from(self.seen.lock().unwrap().len()).unwrap()
    }
}

impl Courier for Told<'_> {
    fn deliver(&self, message: &Message) -> Delivered {
        let handoff = message.id.split('.').next().unwrap_or_default().to_owned();
        let mut seen = self.seen.lock().unwrap();
        seen.entry(handoff).or_insert_with(|| self.clock.now());
        Delivered::Done
    }
}
