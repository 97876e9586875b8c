//! `baton work`: one node, which checks, offers, fires timers, delivers messages and drives missions, and beside that keeps the store in
//! order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use baton_engine::handoff::Desk;
use baton_engine::missions::{MissionWorker, Tools};
use baton_engine::node::{HANDS, Hands, Next, Node, Work as Done};
use baton_engine::port::{Mark, REST_MAX};
use baton_engine::rollout::Rollouts;
use baton_report::plain;
use baton_terms::{Elapsed, Instant};
use clap::Args;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::clock::{self, SystemClock};
use crate::exit::Exit;
use crate::failure::{Failure, UNREADABLE};
use crate::missions::{Attended, Here, MachineGauges, WallTime, threads};
use crate::output::Output;
use crate::sealing::StoreSealer;
use crate::settings::{Place, Settings};
use crate::store_access::{OpenStore, WhenMissing, of_store};

/// How long a node rests at least, so that what others are about to do is not looked at all the time.
const PAUSE: Duration = Duration::from_millis(20);
/// How long a signal to stop may go unheard.
const REST: Duration = Duration::from_millis(200);
/// How long it rests when the store can't be reached.
const REST_LONG: Duration = Duration::from_secs(2);

/// How often the store is tidied up.
const TIDY: Duration = Duration::from_secs(1);

/// Arguments of `baton work`.
#[derive(Debug, Args)]
pub(crate) struct Work {
    #[command(flatten)]
    place: Place,
    /// Stop when nothing is due, instead of waiting for more.
    #[arg(long)]
    until_idle: bool,
    /// Name of this node, which no other node has; made up when left out.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

impl Work {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        let courier = settings.courier()?;
        let keys = settings.keys()?;
        let sealer = settings.seal.as_ref().map(StoreSealer::new).transpose()?;
        let stop = stop_flag()?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let clock = SystemClock;
        let flags = settings.flags_file();
        let desk = Desk::new(store.ports(), &clock)
            .with_keyring(keys)
            .with_roster(settings.roster()?)
            .with_flags(&flags);
        let rollouts = Rollouts::new(&desk, &courier);
        let name = match &self.name {
            Some(name) => name.clone(),
            None => made_up()?,
        };
        if !self.until_idle {
            // From here on a signal ends it between two pieces of work.
            Output::remark(&plain(&format!("{name} is at work")));
        }
        let gauges = MachineGauges {
            store: store.ports(),
        };
        let missions = MissionWorker::new(Tools {
            store: store.ports(),
            time: &WallTime,
            places: &Here,
            gauges: &gauges,
            courier: &courier,
            threads: threads(),
            stop: &stop,
        });
        let missions = Attended {
            worker: &missions,
            store: store.ports(),
            lease_ms: lease_ms(&settings),
        };
        let node = Node::new(name, &desk, &courier)
            .with_lease_ms(lease_ms(&settings))
            .with_worker(&missions)
            .with_worker(&rollouts);
        let has_rested = AtomicBool::new(false);
        let mut shift = Shift {
            store: &store,
            stop: &stop,
            until_idle: self.until_idle,
            has_rested: &has_rested,
            all: Done::default(),
            failed: 0,
        };
        let mut order = Order {
            node: &node,
            store: &store,
            has_rested: &has_rested,
            sealer,
            swept: None,
            lease: settings.lease.value,
        };
        let worked = order.kept_beside(self.until_idle, || {
            let (worked, last) = node.with_hands(HANDS, |hands| shift.work(hands));
            shift.note(last);
            worked
        });
        worked?;
        Ok(shift.answered(output))
    }
}

/// A node at work.
struct Shift<'a> {
    store: &'a OpenStore,
    stop: &'a AtomicBool,
    until_idle: bool,
    /// Raised when nothing was due.
    has_rested: &'a AtomicBool,
    /// Without what failed, which is told at once.
    all: Done,
    failed: usize,
}

impl Shift<'_> {
    /// Works until it is told to stop, or nothing is due. What is in hand is finished before it stops; a node that is killed
    /// instead is followed by another one, or by itself, after its lease.
    fn work(&mut self, hands: &Hands<'_, '_>) -> Result<(), Failure> {
        while !self.stop.load(Ordering::Relaxed) {
            // From before work is looked for, so that none is missed between looking and resting.
            let mark = self.store.wake().mark();
            let look = match hands.look() {
                Ok(look) => look,
                Err(error) if error.is_transient() && !self.until_idle => {
                    Output::remark(&plain(&format!("the store can't be reached: {error}")));
                    rest(self.stop, REST_LONG);
                    continue;
                }
                Err(error) => return Err(of_store(&error, "claim work")),
            };
            self.note(look.work);
            if matches!(look.next, Next::Rest | Next::RestBesideHands) {
                self.has_rested.store(true, Ordering::Relaxed);
            }
            match look.next {
                Next::Look => {}
                Next::WaitForHands => hands.wait(PAUSE),
                Next::RestBesideHands if self.until_idle => hands.wait(REST),
                Next::Rest if self.until_idle => break,
                Next::Rest | Next::RestBesideHands => self.rest(mark, hands),
            }
        }
        Ok(())
    }

    /// Rests until there is news in the store or from the hands, or something is due.
    fn rest(&self, mark: Mark, hands: &Hands<'_, '_>) {
        let now = clock::now();
        let mut left = match self.store.ports().next_due() {
            Ok(Some(due)) => {
                let span = due.timestamp().duration_since(now.timestamp());
                Duration::try_from(span).unwrap_or_default()
            }
            Ok(None) => REST_MAX,
            Err(_) => REST_LONG,
        };
        left = left.clamp(PAUSE, REST_MAX);
        while !left.is_zero() && !self.stop.load(Ordering::Relaxed) && !hands.have_news() {
            let piece = left.min(REST);
            if self.store.wake().wait(mark, piece) {
                return;
            }
            left = left.saturating_sub(piece);
        }
    }

    /// Says what was done.
    fn answered(&self, output: &mut Output) -> Exit {
        let all = &self.all;
        output.answer(&format!(
            "done {}, to be done later {}, taken over by other nodes {}, failed {}\n",
            all.done, all.later, all.taken_over, self.failed
        ));
        if self.failed == 0 {
            Exit::Ok
        } else {
            Exit::Failed
        }
    }

    fn note(&mut self, mut done: Done) {
        for (claim, failure) in done.failed.drain(..) {
            let problem = format!("{} of {}: failed to {failure}", claim.job, claim.stream);
            Output::remark(&plain(&problem));
            self.failed += 1;
        }
        self.all.add(done);
    }
}

/// A store in order: what grew is sealed, and what nobody looks at any more is found.
struct Order<'a> {
    node: &'a Node<'a>,
    store: &'a OpenStore,
    has_rested: &'a AtomicBool,
    sealer: Option<StoreSealer>,
    swept: Option<Instant>,
    lease: Elapsed,
}

impl Order<'_> {
    /// Keeps the store in order while there is work, on a thread of its own so that no timer waits for it, and once afterwards. Whoever
    /// stops when nothing is due is soon through, and does it only then.
    fn kept_beside<T>(&mut self, until_idle: bool, work: impl FnOnce() -> T) -> T {
        let worked = std::thread::scope(|scope| {
            let (at_work, over) = channel::<()>();
            if !until_idle {
                let order = &mut *self;
                scope.spawn(move || {
                    while over.recv_timeout(TIDY) == Err(RecvTimeoutError::Timeout) {
                        order.tidy_up();
                    }
                });
            }
            let worked = work();
            drop(at_work);
            worked
        });
        self.tidy_up();
        worked
    }

    /// Seals what grew, and now and then, when nothing was due, looks for work that nobody set a timer for. Neither may stop the node.
    fn tidy_up(&mut self) {
        if let Some(sealer) = &mut self.sealer
            && let Err(failure) = sealer.seal_all(self.store.ports())
        {
            // Another node may have sealed meanwhile: the next round reads on.
            Output::remark(&plain(&failure.to_string()));
        }
        let now = clock::now();
        let is_time = self
            .swept
            .and_then(|swept| swept.checked_add(self.lease))
            .is_none_or(|next| now >= next);
        if is_time && self.has_rested.swap(false, Ordering::Relaxed) {
            self.swept = Some(now);
            if let Err(failure) = self.node.sweep() {
                Output::remark(&plain(&format!("failed to {failure}")));
            }
        }
    }
}

/// Rests, and wakes when it is told to stop.
fn rest(stop: &AtomicBool, how_long: Duration) {
    let mut left = how_long;
    while !left.is_zero() && !stop.load(Ordering::Relaxed) {
        let piece = left.min(REST);
        std::thread::sleep(piece);
        left = left.saturating_sub(piece);
    }
}

/// Returns a flag that SIGINT and SIGTERM raise; a second one ends the process at once.
fn stop_flag() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal raises the flag, and a flag that is raised ends the process.
        signal_hook::flag::register_conditional_default(signal, Arc::clone(&stop))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&stop)))
            .map_err(|error| {
                Failure::new(UNREADABLE, "listen for signals")
                    .expected("a system that tells of them")
                    .found(error.to_string())
                    .hint("run it elsewhere")
            })?;
    }
    Ok(stop)
}

fn lease_ms(settings: &Settings) -> u64 {
    settings.lease.value.seconds().saturating_mul(1_000)
}

/// Makes up a name that no other node has.
fn made_up() -> Result<String, Failure> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(UNREADABLE, "draw randomness for a name")
            .expected("the operating system's random source")
            .found(error.to_string())
            .hint("give a --name")
    })?;
    Ok(format!("node-{:016x}", u64::from_le_bytes(bytes)))
}
