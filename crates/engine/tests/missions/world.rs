//! Files in memory, a clock that moves when it is waited for, and a store that fails once.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use baton_contract::document::Document;
use baton_engine::missions::file::{InputName, Question, read};
use baton_engine::missions::{
    Files, Gauges, Given, GivenLog, GivenPackage, KeepError, Keeper, Means, Performer, Run, Time,
    Work, drive, outcome, readings,
};
use baton_engine::port::{
    Appended, Head, Ledger, Line, Page, Request, StoreError, StreamId, Transition,
};
use baton_eventlog::import::{Format, import};
use baton_eventlog::mapping;
use baton_evidence::keys::Keyring;
use baton_mission::run::{Command, Presence};
use baton_report::mission::OutcomeReport;
use baton_rootcause::wire::MiningReport;
use baton_scoring::CheckedContract;
use baton_terms::{BasisPoints, Digest, Id, Instant, Source};
use baton_testkit::store::MemoryStore;

/// Messages of a mission that ends or parks with something left over: that it did, and what is left over.
pub(super) const TOLD: usize = 2;

const MISSION: &str = "baton: mission/v1
id: check-it
title: Check it
capability: handoff-contracting
scope: Everything
oversight: operations
flag: check-on
inputs: {log: log, mapping: mapping, contract: contract, fields: fields, flags: flags}
budget: {rows: 1000}
rollback: {on: [repeated-failures], failures: 2}
goals:
  - {id: met, title: Met, measure: share-met, direction: higher, baseline: 10, target: 9000, minimum_sample: 5}
  - {id: named, title: Named, measure: clause-met, clause: somebody-named, direction: higher, baseline: 10, target: 100, minimum_sample: 5}
";
const MAPPING: &str = "baton: mapping/v1
case: number
time: {column: at}
activity: state
party: team
person: assigned_to
people: vouched
columns:
  u_priority_confirmation: {kind: boolean}
";
const ON: &str =
    r#"{"flags":{"check-on":{"state":"ENABLED","variants":{"on":true},"defaultVariant":"on"}}}"#;

/// Files of a mission, by name.
#[derive(Debug, Clone)]
pub(crate) struct World(pub(crate) BTreeMap<InputName, String>);

impl World {
    pub(crate) fn new() -> Self {
        let mut log = "number,at,state,team,assigned_to,priority,u_priority_confirmation,category,subcategory,u_symptom\n".to_owned();
        for case in 0..40 {
            for (hour, team) in [(8, "a"), (9, "b"), (10, "a")] {
                let who = if (case + hour) % 3 == 0 { "" } else { "x" };
                writeln!(log, "{case},2026-01-01T{hour:02}:00:00Z,Active,{team},{who},3 - Moderate,false,c,s,y").unwrap();
            }
        }
        let example = |name: &str| {
            let folder = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../examples/incident-handoffs/"
            );
            example_text(&format!("{folder}{name}"))
        };
        Self(BTreeMap::from([
            (InputName::Log, log),
            (InputName::Mapping, MAPPING.to_owned()),
            (InputName::Contract, example("contract.yaml")),
            (InputName::Fields, example("fields.yaml")),
            (InputName::Flags, ON.to_owned()),
        ]))
    }

    pub(crate) fn without(mut self, name: InputName) -> Self {
        self.0.remove(&name);
        self
    }

    pub(crate) fn run(&self, edits: &[(&str, &str)]) -> Run {
        let mut text = MISSION.to_owned();
        for (before, after) in edits {
            assert!(text.contains(before), "{before}");
            text = text.replacen(before, after, 1);
        }
        let file = read(&Source::new("m.yaml", text)).unwrap();
        let digests = self
            .0
            .iter()
            .map(|(name, text)| (*name, Digest::of(text.as_bytes())));
        let contract = self
            .contract()
            .ok()
            .and_then(|document| document.read().digest());
        Run::new(file, digests.collect(), contract)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests read the example they are about"
)]
fn example_text(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}

impl Files for World {
    fn digest(&self, name: InputName) -> Result<Option<Digest>, String> {
        Ok(self.0.get(&name).map(|text| Digest::of(text.as_bytes())))
    }
    fn source(&self, name: InputName) -> Result<Source, String> {
        let text = self.0.get(&name).ok_or("nothing")?;
        Ok(Source::new(name.word(), text.clone()))
    }
    fn contract(&self) -> Result<Document, String> {
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../examples/incident-handoffs/"
        );
        let name = "package.schema.json";
        let schema = example_text(&format!("{folder}{name}"));
        Ok(Document {
            main: self.source(InputName::Contract)?,
            files: BTreeMap::from([(name.to_owned(), Source::new(name, schema))]),
        })
    }
    fn keyring(&self) -> Result<Keyring, String> {
        Ok(Keyring::default())
    }
    fn log(&self) -> Result<GivenLog, String> {
        let mapping = mapping::read(&self.source(InputName::Mapping)?)
            .into_mapping()
            .map_err(|problems| format!("{problems:?}"))?;
        let log = self.source(InputName::Log)?;
        let imported = import(log.text().as_bytes(), Format::Csv, &mapping, &mut |_| {})
            .map_err(|problems| format!("{problems:?}"))?;
        Ok(GivenLog { imported, mapping })
    }
    fn packages(&self, _: &CheckedContract) -> Result<Vec<GivenPackage>, String> {
        Err("no folder".to_owned())
    }
    fn mine(&self, _: &GivenLog, _: &Question) -> Result<MiningReport, String> {
        Err("not asked".to_owned())
    }
}

/// A clock that moves when it is waited for, and a little each time it is read.
pub(crate) struct FakeTime(Cell<Instant>);

impl FakeTime {
    pub(crate) fn new() -> Self {
        Self(Cell::new("2026-02-01T00:00:00Z".parse().unwrap()))
    }
}

impl Time for FakeTime {
    fn now(&self) -> Instant {
        let now = self.0.get();
        self.0.set(now.checked_add_millis(1).unwrap());
        now
    }
    fn wait_until(&self, at: Instant) {
        self.0.set(self.0.get().max(at));
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing is kept, and the process is gone.
    Before,
    /// It is kept, and the process is gone before it learns that.
    After,
    /// It is kept, and the process cannot tell.
    Unknown,
    /// Nothing is kept, and the process cannot tell.
    Lost,
}

/// A store that fails once, at one append.
pub(crate) struct Faulty<'s> {
    store: &'s MemoryStore,
    left: Cell<Option<u32>>,
    fault: Fault,
    pub(crate) appends: Cell<u32>,
}

impl<'s> Faulty<'s> {
    pub(crate) fn new(store: &'s MemoryStore, at: Option<u32>, fault: Fault) -> Self {
        Self {
            store,
            left: Cell::new(at),
            fault,
            appends: Cell::new(0),
        }
    }
}

impl Ledger for Faulty<'_> {
    fn append(&self, transition: Transition) -> Result<Appended, StoreError> {
        self.appends.set(self.appends.get() + 1);
        let is_now = self.left.get() == Some(0);
        self.left
            .set(self.left.get().and_then(|left| left.checked_sub(1)));
        let why = "gone".to_owned();
        match (is_now, self.fault) {
            (false, _) => self.store.append(transition),
            (true, Fault::Before) => Err(StoreError::Unavailable { why }),
            (true, Fault::Lost) => Err(StoreError::OutcomeUnknown { why }),
            (true, Fault::After) => {
                self.store.append(transition)?;
                Err(StoreError::Unavailable { why })
            }
            (true, Fault::Unknown) => {
                self.store.append(transition)?;
                Err(StoreError::OutcomeUnknown { why })
            }
        }
    }
    fn lines(&self, stream: &StreamId, from: u64, limit: u32) -> Result<Vec<Line>, StoreError> {
        self.store.lines(stream, from, limit)
    }
    fn head(&self, stream: &StreamId) -> Result<Option<Head>, StoreError> {
        self.store.head(stream)
    }
    fn heads(&self, page: &Page) -> Result<Vec<Head>, StoreError> {
        self.store.heads(page)
    }
    fn request(&self, key: &str) -> Result<Option<Request>, StoreError> {
        self.store.request(key)
    }
    fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.blob(digest)
    }
}

/// Runs as `baton run` does: starts what has not been started, and drives it.
pub(crate) fn go(
    store: &dyn Ledger,
    (world, run, time): (&World, &Run, &FakeTime),
    performer: &mut dyn Performer,
) -> Result<OutcomeReport, KeepError> {
    let mut keeper = Keeper::open(store, time, run)?;
    if matches!(keeper.mission().phase().word(), "drafted" | "missing") {
        keeper.commit(&start((world, run, time)), &[])?;
    }
    drive(&mut keeper, performer)?;
    let document = |digest: &Digest| keeper.document(digest).unwrap();
    Ok(outcome(run, keeper.mission(), &document))
}

pub(crate) fn ended(edits: &[(&str, &str)], world: &World) -> (MemoryStore, OutcomeReport) {
    let store = MemoryStore::new();
    let run = world.run(edits);
    let mut work = Work::new(&run, means(world, 2));
    let report = go(&store, (world, &run, &FakeTime::new()), &mut work).unwrap();
    (store, report)
}

/// Returns the command that starts a run.
pub(crate) fn start((world, run, time): (&World, &Run, &FakeTime)) -> Command {
    let given = Given {
        key: Presence::Absent,
        approvals: Vec::new(),
        now: time.now(),
        gauges: &Measured(LEVELS),
    };
    Command::Start(readings(run, world, &given))
}

/// Returns what a run is done with where nothing is short.
pub(crate) fn means(world: &World, threads: usize) -> Means<'_> {
    Means {
        files: world,
        gauges: &Measured(LEVELS),
        threads,
    }
}

/// Memory taken in basis points, and open work of every team.
pub(crate) const LEVELS: Option<(u64, u64)> = Some((100, 1));

/// Gauges that stand where they are put, or tell nothing.
pub(crate) struct Measured(pub(crate) Option<(u64, u64)>);

impl Gauges for Measured {
    fn memory_pressure(&self) -> Result<BasisPoints, String> {
        let (pressure, _) = self.0.ok_or("nobody knows")?;
        Ok(BasisPoints::saturating(pressure))
    }
    fn open_work(&self, team: &Id) -> Result<u64, String> {
        assert_ne!(team.as_str(), "");
        let (_, open) = self.0.ok_or("nobody knows")?;
        Ok(open)
    }
}
