//! One run from its seed to its verdict.

use std::collections::{BTreeMap, BTreeSet};

use baton_engine::handoff::Desk;
use baton_engine::node::Node;
use baton_engine::port::{Head, Jobs, Ledger, Page, StreamId};
use baton_engine::register::{Sealer, inspect};
use baton_evidence::checkpoint::NoteSigner;
use baton_evidence::keys::{Entry, Keyring, Kind, SigningKey};
use baton_evidence::trace::{self, Blobs, Replayed, Trust};
use baton_scoring::decision;
use baton_terms::{Digest, Instant};

use super::conditions::{
    Limits, gone_back, out_of_hours, over_limit, passed_on, self_approved, unfair, unreviewed,
};
use super::hazards::Hazards;
use super::people::cast;
use super::scene::{Invariant, Scene};
use super::world::{HANDOFFS, Stage, Told};
use crate::check::{Counted, Remains, Rules, check};
use crate::clock::SetClock;
use crate::courier::{FaultyCourier, Roads};
use crate::organization::QUORUMS;
use crate::seed::Seed;
use crate::store::{FaultyStore, MemoryStore};

/// Days after the last step in which everything left runs out of time.
const REST_MS: u64 = 40 * 86_400_000;
/// Instants at which something is due in that time, at most.
const RESTS_MAX: u32 = 5_000;

/// How hard a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Severity {
    /// Steps.
    pub steps: u64,
    /// Calls of the store of a thousand that go wrong.
    pub faults: u64,
    /// What becomes of messages.
    pub roads: Roads,
}

impl Severity {
    /// What continuous integration runs.
    pub const USUAL: Self = Self {
        steps: 220,
        faults: 20,
        roads: Roads {
            lost: 100,
            unseen: 100,
            refused: 10,
        },
    };
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Promises that were not kept.
    pub broken: Vec<String>,
    /// What was looked at.
    pub counted: Counted,
    /// What was done to it, by word.
    pub injected: BTreeMap<String, u64>,
    /// States that handoffs were in.
    pub states: BTreeSet<String>,
    /// Requests that were refused.
    pub refused: u64,
}

/// Runs a seed.
pub fn run(seed: u64, scene: &Scene, severity: Severity) -> Outcome {
    let severity = scene.severity(severity);
    let memory = MemoryStore::new();
    let source = Seed::new(seed);
    let clock = SetClock::at(scene.start);
    let courier = FaultyCourier::new(source.split(), severity.roads);
    // Another machine, which takes over while this one stands still.
    let elsewhere = Desk::new(&memory, &clock).with_roster(scene.roster());
    let other = Node::new("other", &elsewhere, &courier);
    let meanwhile = || {
        clock.forward(61);
        let _ = other.turn();
    };
    let hazards = Hazards::new(source.split(), severity.faults, &meanwhile);
    let store = FaultyStore::new(&memory, &hazards);
    let stage = Stage {
        seed: source.split(),
        clock: &clock,
        cast: cast(),
        form: scene.contract(),
        scene,
    };
    let mut told = Told::default();
    let mut outcome = Outcome::default();
    let mut watch = Watch::default();
    let mut step = 0;
    while step < severity.steps {
        // A process begins with nothing but the store.
        let desk = Desk::new(&store, &clock).with_roster(scene.roster());
        let nodes = ["a", "b"].map(|name| Node::new(name, &desk, &courier));
        while step < severity.steps && !hazards.restart() {
            stage.step((&desk, &nodes), (step, &mut told));
            step += 1;
            watch.look_around((&memory, scene), &told, &mut outcome);
        }
    }
    let calm = FaultyCourier::new(source.split(), Roads::default());
    rest((&memory, scene), &clock, &calm);
    outcome.refused = told.refused;
    outcome.count_faults((&store, &hazards), &courier);
    outcome.judge(
        (&memory, scene),
        (&courier, &calm),
        (told, clock_end(&clock)),
    );
    outcome
}

fn clock_end(clock: &SetClock) -> Instant {
    use baton_engine::port::Clock as _;
    clock.now()
}

/// Everything is well again, and time runs out for whatever is left.
fn rest((memory, scene): (&MemoryStore, &Scene), clock: &SetClock, courier: &FaultyCourier) {
    let desk = Desk::new(memory, clock).with_roster(scene.roster());
    let node = Node::new("rest", &desk, courier);
    let end = desk.now().checked_add_millis(REST_MS);
    for _ in 0..RESTS_MAX {
        let _ = node.run_until_idle();
        match memory.next_due() {
            Ok(Some(due)) if end.is_some_and(|end| due <= end) => clock.set(due.max(desk.now())),
            _ => return,
        }
    }
}

fn heads(memory: &MemoryStore) -> Vec<Head> {
    let page = Page {
        limit: 1_000,
        ..Page::under("handoff/")
    };
    memory.heads(&page).unwrap_or_default()
}

/// What was seen of a run after its last step.
#[derive(Debug, Default)]
struct Watch {
    heads: Vec<Head>,
    placed: u64,
}

impl Watch {
    /// Looks at what has to hold after every step.
    fn look_around(
        &mut self,
        (memory, scene): (&MemoryStore, &Scene),
        told: &Told,
        outcome: &mut Outcome,
    ) {
        let heads = heads(memory);
        let states = heads.iter().map(|head| head.summary.state.clone());
        outcome.states.extend(states);
        // What oversight puts back, or gives to a team by name, is not routed.
        if scene.promises(Invariant::NobodyOverLimit) {
            let limits = Limits {
                open_max: scene.open_max.saturating_add(told.resumed),
            };
            outcome.broken.extend(over_limit(&heads, limits));
        }
        if scene.promises(Invariant::LoadSpreadFairly) && self.placed == told.placed {
            let teams: Vec<_> = scene.teams().collect();
            let passed = self.passed_on(memory, &heads);
            let offers = unfair((&self.heads, &heads), &passed, (&teams, scene.open_max));
            outcome.broken.extend(offers);
        }
        self.heads = heads;
        self.placed = told.placed;
    }

    /// Returns the teams that were offered work since the last look and do not hold it.
    fn passed_on(&self, memory: &MemoryStore, heads: &[Head]) -> Vec<String> {
        let mut passed = Vec::new();
        for head in heads {
            let known = self.heads.iter().find(|known| known.stream == head.stream);
            let from = known.map_or(0, |known| known.entries);
            let lines = memory.lines(&head.stream, from, u32::MAX);
            let lines: Vec<Vec<u8>> = (lines.unwrap_or_default().into_iter())
                .map(|line| line.bytes)
                .collect();
            passed.extend(passed_on(head, &lines));
        }
        passed
    }
}

/// Returns what is wrong with the record of a handoff.
type Judge = fn(&str, &[Vec<u8>]) -> Vec<String>;

impl Outcome {
    fn count_faults(
        &mut self,
        (store, hazards): (&FaultyStore<'_>, &Hazards<'_>),
        courier: &FaultyCourier,
    ) {
        for ((operation, fault), times) in store.injected() {
            let word = format!("{operation:?} {fault:?}").to_lowercase();
            *self.injected.entry(word).or_default() += times;
        }
        for (word, times) in hazards.counted() {
            self.injected.insert(word.to_owned(), times);
        }
        let log = courier.log();
        let doubled: u64 = log
            .arrived
            .values()
            .map(|(times, _)| times.saturating_sub(1))
            .sum();
        self.injected
            .insert("messages lost or unanswered".to_owned(), log.failed);
        self.injected
            .insert("messages that came twice".to_owned(), doubled);
    }

    fn judge(
        &mut self,
        (memory, scene): (&MemoryStore, &Scene),
        (courier, calm): (&FaultyCourier, &FaultyCourier),
        (told, end): (Told, Instant),
    ) {
        let states = heads(memory).into_iter().map(|head| head.summary.state);
        self.states.extend(states);
        let mut remains = Remains {
            acknowledged: told.acknowledged,
            ..Remains::default()
        };
        for log in [courier.log(), calm.log()] {
            remains.arrived.extend(log.arrived.into_keys());
        }
        for name in HANDOFFS {
            let lines = lines(memory, name);
            let judges: [(Invariant, Judge); 4] = [
                (Invariant::NobodyOutsideHours, out_of_hours),
                (Invariant::NoSelfApproval, self_approved),
                (Invariant::HighRiskReviewedByOthers, unreviewed),
                (Invariant::RecordNeverGoesBack, gone_back),
            ];
            for (_, judge) in judges.iter().filter(|(one, _)| scene.promises(*one)) {
                self.broken.extend(judge(name, &lines));
            }
            if scene.promises(Invariant::ChecksRepeat) {
                self.broken.extend(unrepeatable(memory, &lines));
            }
            if !lines.is_empty() {
                remains.handoffs.insert(name.to_owned(), lines);
            }
        }
        let rules = Rules {
            quorums: QUORUMS
                .map(|(gate, quorum)| (gate.to_owned(), quorum))
                .into(),
            lateness_max: LATENESS_MAX.parse().unwrap_or_default(),
            end,
        };
        let (broken, counted) = check(&remains, &rules);
        self.broken
            .extend(broken.into_iter().map(|one| format!("{one:?}")));
        self.counted = counted;
        if scene.promises(Invariant::RecordIsSound) {
            self.broken.extend(unsound(memory, end));
        }
    }
}

/// How late a timer may be in a world where hours pass in one step.
const LATENESS_MAX: &str = "96h";

fn lines(memory: &MemoryStore, handoff: &str) -> Vec<Vec<u8>> {
    let Ok(stream) = StreamId::new(format!("handoff/{handoff}")) else {
        return Vec::new();
    };
    let lines = memory.lines(&stream, 0, u32::MAX).unwrap_or_default();
    lines.into_iter().map(|line| line.bytes).collect()
}

/// Returns the recorded checks that do not come out again, byte for byte.
fn unrepeatable(memory: &MemoryStore, lines: &[Vec<u8>]) -> Vec<String> {
    let mut entries = Vec::new();
    let mut documents: BTreeMap<Digest, Vec<u8>> = BTreeMap::new();
    for line in lines {
        entries.extend_from_slice(line);
        entries.push(b'\n');
        let Ok(entry) = trace::Entry::parse(line) else {
            continue;
        };
        for digest in entry.draft().digests.values() {
            if let Ok(Some(bytes)) = memory.blob(digest) {
                documents.insert(*digest, bytes);
            }
        }
    }
    let blobs: Blobs<'_> = documents
        .iter()
        .map(|(digest, bytes)| (*digest, bytes.as_slice()))
        .collect();
    let replayed = trace::replay(&entries, &blobs, decision::replay).into_iter();
    let other = replayed.filter(|(_, one)| !matches!(one, Replayed::Identical { .. }));
    other
        .map(|(sequence, one)| format!("check {sequence} is not repeated: {one:?}"))
        .collect()
}

/// Seals the store, and returns what an inspection finds.
fn unsound(memory: &MemoryStore, now: Instant) -> Vec<String> {
    let key = SigningKey::from_seed(&[7; 32]);
    let name = "simulation";
    let (Ok(signer), Ok(id)) = (NoteSigner::new(name, &key), name.parse()) else {
        return vec!["the simulation has no key".to_owned()];
    };
    let keys = Keyring::new([Entry {
        name: id,
        identity: name.to_owned(),
        public_key: key.public_key(),
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }]);
    let trust = Trust {
        keys: &keys,
        as_of: now,
        origin: Some(name),
    };
    if let Err(error) = Sealer::new(name).seal(memory, &[signer], now) {
        return vec![error.to_string()];
    }
    match inspect(memory, trust, &[]) {
        Ok(found) if found.is_sound() => Vec::new(),
        Ok(found) => vec![format!("{found:?}")],
        Err(error) => vec![error.to_string()],
    }
}
