//! Missions on files in memory, driven through a store that fails wherever it can.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write as _;

use baton_contract::document::Document;
use baton_engine::missions::file::{InputName, Question, read};
use baton_engine::missions::{
    Files, Given, GivenLog, GivenPackage, KeepError, Keeper, Performed, Performer, Run,
    StepFailure, Time, Work, drive, incident_packet, outcome, readings,
};
use baton_engine::port::{
    Appended, Head, Ledger, Line, Page, Request, StoreError, StreamId, Transition,
};
use baton_eventlog::import::{Format, import};
use baton_eventlog::mapping;
use baton_evidence::keys::Keyring;
use baton_mission::retry::Failure;
use baton_mission::run::{Command, Outcome, Presence};
use baton_report::mission::OutcomeReport;
use baton_rootcause::wire::MiningReport;
use baton_scoring::CheckedContract;
use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id, Instant, Source};
use baton_testkit::store::MemoryStore;

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
struct World(BTreeMap<InputName, String>);

impl World {
    fn new() -> Self {
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

    fn without(mut self, name: InputName) -> Self {
        self.0.remove(&name);
        self
    }

    fn run(&self, edits: &[(&str, &str)]) -> Run {
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
struct FakeTime(Cell<Instant>);

impl FakeTime {
    fn new() -> Self {
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
enum Fault {
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
struct Faulty<'s> {
    store: &'s MemoryStore,
    left: Cell<Option<u32>>,
    fault: Fault,
    appends: Cell<u32>,
}

impl<'s> Faulty<'s> {
    fn new(store: &'s MemoryStore, at: Option<u32>, fault: Fault) -> Self {
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
fn go(
    store: &dyn Ledger,
    (world, run, time): (&World, &Run, &FakeTime),
    performer: &mut dyn Performer,
) -> Result<OutcomeReport, KeepError> {
    let mut keeper = Keeper::open(store, time, run)?;
    if matches!(keeper.mission().phase().word(), "drafted" | "missing") {
        let given = Given {
            key: Presence::Absent,
            approvals: Vec::new(),
            now: time.now(),
        };
        keeper.commit(&Command::Start(readings(run, world, &given)), &[])?;
    }
    drive(&mut keeper, performer)?;
    let document = |digest: &Digest| keeper.document(digest).unwrap();
    Ok(outcome(run, keeper.mission(), &document))
}

fn ended(edits: &[(&str, &str)], world: &World) -> (MemoryStore, OutcomeReport) {
    let store = MemoryStore::new();
    let run = world.run(edits);
    let mut work = Work::new(&run, world, 2);
    let report = go(&store, (world, &run, &FakeTime::new()), &mut work).unwrap();
    (store, report)
}

// spec: MISSION-22
#[test]
fn a_mission_ends_with_its_report_and_a_second_run_writes_the_same_bytes() {
    let world = World::new();
    let (store, report) = ended(&[], &world);
    assert_eq!(report.ended, "completed", "{report:#?}");
    let handoffs = report.handoffs.as_ref().unwrap();
    assert_eq!(handoffs.now.checked, 80);
    assert_eq!(report.outcomes[0].is_met, Some(false));
    assert_eq!(report.outcomes[1].is_met, Some(true));
    assert_eq!(report.posture, Some(Posture::Review));
    assert!(
        report
            .follow_ups
            .iter()
            .any(|one| one.task.contains("not-sent-back"))
    );
    // The same store says it again, and another one finds it anew.
    let run = world.run(&[]);
    let mut work = Work::new(&run, &world, 1);
    let again = go(&store, (&world, &run, &FakeTime::new()), &mut work).unwrap();
    assert_eq!(again, report);
    assert_eq!(ended(&[], &world).1, report);
    assert_eq!(store.messages().len(), 1);
}

// spec: MISSION-23
#[test]
fn a_crash_between_any_two_writes_ends_in_the_same_state() {
    let world = World::new();
    let (whole, expected) = ended(&[], &world);
    let run = world.run(&[]);
    let stream = run.stream().unwrap();
    let lines = |store: &MemoryStore| store.lines(&stream, 0, 100).unwrap().len();
    for fault in [Fault::Before, Fault::After, Fault::Unknown, Fault::Lost] {
        for at in 0.. {
            let store = MemoryStore::new();
            let faulty = Faulty::new(&store, Some(at), fault);
            let time = FakeTime::new();
            let first = go(
                &faulty,
                (&world, &run, &time),
                &mut Work::new(&run, &world, 2),
            );
            let is_over = faulty.appends.get() <= at;
            let again = go(
                &store,
                (&world, &run, &time),
                &mut Work::new(&run, &world, 1),
            )
            .unwrap();
            assert_eq!(again, expected, "{fault:?} at {at}: {first:?}");
            assert_eq!(lines(&store), lines(&whole), "{fault:?} at {at}");
            assert_eq!(store.messages().len(), 1, "{fault:?} at {at}");
            if is_over {
                assert!(at >= 4, "{at}");
                break;
            }
        }
    }
}

// spec: MISSION-24
#[test]
fn a_cap_set_too_low_stops_it_and_the_packet_names_cap_and_entries() {
    let world = World::new();
    let (store, report) = ended(&[("rows: 1000", "rows: 100")], &world);
    assert_eq!(report.ended, "escalated");
    let escalation = report.escalation.as_ref().unwrap();
    assert_eq!(escalation.caps, ["rows"]);
    assert_eq!(escalation.choices, ["withdraw"]);
    assert_eq!(report.steps.len(), 1);
    let run = world.run(&[("rows: 1000", "rows: 100")]);
    let time = FakeTime::new();
    let keeper = Keeper::open(&store, &time, &run).unwrap();
    let packet = incident_packet(&run, keeper.mission(), time.now()).unwrap();
    let stream = run.stream().unwrap();
    assert_eq!(packet.trace, stream.as_str());
    for mark in &packet.escalation.entries {
        let line = &store.lines(&stream, mark.entry, 1).unwrap()[0];
        let text = String::from_utf8(line.bytes.clone()).unwrap();
        assert!(
            text.contains(&format!("\"mission-{}\"", mark.kind)),
            "{text}"
        );
    }
    assert_eq!(packet.escalation.entries.last().unwrap().kind, "escalated");
    assert_eq!(ended(&[("rows: 1000", "rows: 100")], &world).1, report);
}

// spec: MISSION-25
#[test]
fn preflight_lists_everything_that_is_missing_at_once() {
    let world = World::new()
        .without(InputName::Fields)
        .without(InputName::Flags);
    let needs = "needs: {key: true, validation: true, approvals: [{role: owner, signer: \"o-*\"}]}\nbudget:";
    let edits = [("budget:", needs)];
    let (store, report) = ended(&edits, &world);
    assert_eq!(report.ended, "missing");
    let wanted = [
        "flag `check-on`",
        "field `fields`",
        "field `keyring`",
        "`signing-key`",
        "approval by `owner`",
        "validation report",
    ];
    for part in wanted {
        assert!(
            report.missing.iter().any(|one| one.contains(part)),
            "{part} in {:?}",
            report.missing
        );
    }
    assert_eq!(report.missing.len(), wanted.len(), "{:?}", report.missing);
    assert!(report.steps.is_empty());
    assert_eq!(store.messages().len(), 1);
}

/// Does what it is told, one word per attempt: `ok`, `late` (fails once more), `drift`.
struct Told(RefCell<Vec<&'static str>>);

impl Performer for Told {
    fn perform(&mut self, step: &Id, _: &[Vec<u8>]) -> Result<Performed, StepFailure> {
        let word = self.0.borrow_mut().pop().unwrap_or("ok");
        if word == "late" {
            return Err(StepFailure {
                failure: Failure::Transient,
                reason: "no answer".to_owned(),
            });
        }
        let document = step.as_str().as_bytes().to_vec();
        let output = Digest::of(&document);
        Ok(Performed {
            outcome: Outcome {
                output,
                posture: Posture::Ready,
                used: Vec::new(),
                measured: Vec::new(),
                open: Vec::new(),
            },
            document,
            replayed: if word == "drift" {
                Digest::of(b"other")
            } else {
                output
            },
            beside: Vec::new(),
        })
    }
    fn compensate(&mut self, _: &Id, _: &Id) -> Result<(), String> {
        Err("nothing to undo".to_owned())
    }
}

#[track_caller]
fn check(words: &[&'static str], expected: &str) -> OutcomeReport {
    let world = World::new();
    let run = world.run(&[]);
    let store = MemoryStore::new();
    let words = words.iter().rev().copied().collect();
    let report = go(
        &store,
        (&world, &run, &FakeTime::new()),
        &mut Told(RefCell::new(words)),
    )
    .unwrap();
    assert_eq!(report.ended, expected, "{report:#?}");
    report
}

// spec: MISSION-26
#[test]
fn failures_are_retried_and_broken_determinism_is_quarantined() {
    check(&["late", "ok", "late", "late", "ok"], "completed");
    let blocked = check(&["ok", "late", "late", "late", "late"], "escalated");
    assert!(blocked.escalation.unwrap().why.contains("no answer"));
    let broken = check(&["ok", "drift"], "quarantined");
    let escalation = broken.escalation.unwrap();
    assert!(escalation.why.contains("other bytes"), "{}", escalation.why);
    assert_eq!(escalation.entries.last().unwrap().kind, "quarantined");
}

// spec: MISSION-27
#[test]
fn a_contracting_mission_gathers_checks_and_judges() {
    let (_, report) = ended(&[], &World::new());
    let steps: Vec<&str> = report.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(steps, ["gather", "check", "judge"]);
    let handoffs = report.handoffs.unwrap();
    // Every second handover goes back to where the case came from.
    assert!(handoffs.now.met <= 40, "{:?}", handoffs.now);
    assert_eq!(
        report.outcomes[0].value,
        i64::try_from(handoffs.now.met * 10_000 / 80).ok()
    );
}

// spec: MISSION-29
#[test]
fn what_was_before_is_the_baseline_and_charges_count() {
    let from = "inputs:";
    let half = "compare_from: 2026-01-01T10:00:00Z\ncharges: {money_units: 7}\ninputs:";
    let measured = (
        "direction: higher, baseline: 10, target: 9000",
        "direction: higher, baseline: measure, target: 9000",
    );
    let world = World::new();
    let (_, report) = ended(&[(from, half), measured], &world);
    let handoffs = report.handoffs.unwrap();
    assert_eq!((handoffs.before.checked, handoffs.now.checked), (40, 40));
    let before = i64::try_from(handoffs.before.met * 10_000 / 40).unwrap();
    assert_eq!(report.outcomes[0].baseline, Some(before));
    let (_, stopped) = ended(&[(from, half), ("rows: 1000", "money_units: 6")], &world);
    assert_eq!(stopped.escalation.unwrap().caps, ["money_units"]);
}
