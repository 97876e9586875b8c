//! Every file of `corpus/handoffs`: approvals, protocol and time that go wrong, each with a clear answer.

use std::fs;
use std::path::Path;

use baton_mission::handoff::{Ask, Change, Command, Event, Facts, decide_again, replay};
use baton_mission::names::Revision;
use baton_terms::Digest;
use serde_json::Value;

use crate::world::{CONTRACT, PACKAGES, Stage, World, actor, baton, instant};

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// Puts digests and timer numbers where the file has names.
fn ask(world: &World<'_>, asked: &Value) -> Ask {
    let mut asked = asked.clone();
    if text(&asked, "do") == Some("check") {
        asked["scorecard"] = Value::String(Digest::of(b"whatever is found").to_string());
    }
    if let Some(name) = text(&asked, "package").and_then(|name| name.strip_prefix('@')) {
        let is_known = PACKAGES.contains(&name);
        let digest = if is_known {
            world.stage.digest(name)
        } else {
            world.current()
        };
        asked["package"] = Value::String(digest.to_string());
    }
    if let Some(name) = text(&asked, "timer").and_then(|name| name.strip_prefix('@')) {
        asked["timer"] = Value::from(timer(world, name).number.get());
    }
    serde_json::from_value(asked).unwrap()
}

fn timer<'w>(world: &'w World<'_>, name: &str) -> &'w baton_mission::handoff::Timer {
    let mut timers = world.handoff.timers().iter();
    let kind = |timer: &&baton_mission::handoff::Timer| crate::words::timer(&timer.kind) == name;
    timers
        .find(kind)
        .unwrap_or_else(|| panic!("{name} is not set"))
}

/// What came out: a state, or the code of a refusal.
fn request(world: &mut World<'_>, step: &Value) -> Result<usize, String> {
    let who = actor(text(step, "by").unwrap());
    world.requests += 1;
    let mut command = world.command(ask(world, &step["ask"]));
    if let Some(key) = text(step, "key") {
        command.key = key.parse().unwrap();
    }
    if let Some(off) = step.get("expects").and_then(Value::as_i64) {
        command.expects = Revision::new(command.expects.get().checked_add_signed(off).unwrap());
    }
    let before = world.handoff.clone();
    match world.decide(&who, &command) {
        Ok(events) => {
            world.take(&events);
            Ok(events.len())
        }
        Err(refusal) => {
            assert_eq!(world.handoff, before);
            assert!(!refusal.to_string().is_empty() && !refusal.hint().is_empty());
            Err(refusal.code().to_string())
        }
    }
}

/// Replays a record that something was done to.
fn record(world: &World<'_>, damage: &Value) -> Result<usize, String> {
    let mut events = world.events.clone();
    let at = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    if let Some(swap) = damage.get("swap") {
        events.swap(at(&swap[0]), at(&swap[1]));
    }
    if let Some(drop) = damage.get("drop") {
        events.remove(at(drop));
    }
    if let Some(repeat) = damage.get("repeat") {
        events.insert(at(repeat), events[at(repeat)].clone());
    }
    let replayed = replay(&events).map_err(|misfit| misfit.code().to_string())?;
    assert_eq!(replayed, world.handoff);
    Ok(events.len())
}

/// Decides the last command of the record again, as if another database had counted its timers.
fn again(world: &World<'_>, damage: &Value) -> Result<usize, String> {
    let key = &world.events.last().unwrap().key;
    let (last, before): (Vec<Event>, Vec<Event>) =
        (world.events.iter().cloned()).partition(|event| event.key == *key);
    let mut recorded = last;
    for event in &mut recorded {
        if let (Change::TimerSet { timer }, Some(tzdb)) = (&mut event.change, damage.get("tzdb")) {
            match (&mut timer.counted_in, tzdb.as_str()) {
                (Some(counted), Some(tzdb)) => tzdb.clone_into(&mut counted.tzdb),
                (counted, _) => *counted = None,
            }
        }
    }
    let handoff = replay(&before).unwrap();
    let command = Command {
        key: key.clone(),
        expects: handoff.revision(),
        ..world.command(World::offer("payments"))
    };
    let engine = baton();
    let facts = Facts::at(world.now, &engine, &world.stage.terms);
    decide_again(&handoff, &command, (&facts, &recorded))
        .map(|()| recorded.len())
        .map_err(|refused| refused.code().to_string())
}

fn play(name: &str, scene: &Value) {
    let mut contract = CONTRACT.to_owned();
    for change in scene
        .get("contract")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let (from, to) = (change[0].as_str().unwrap(), change[1].as_str().unwrap());
        assert!(contract.contains(from), "{name}: {from}");
        contract = contract.replace(from, to);
    }
    let stage = Stage::of(&contract);
    let mut world = World::new(&stage);
    world.now = text(scene, "start").map_or(world.now, instant);
    let reach = baton_mission::handoff::StateName::ALL.iter();
    let reach = reach
        .copied()
        .find(|state| Some(state.word()) == text(scene, "reach"));
    let mut world = world.reach(reach.unwrap());
    for step in scene["steps"].as_array().unwrap() {
        world.now = text(step, "now").map_or(world.now, instant);
        if let Some(named) = text(step, "timer") {
            let timer = timer(&world, named);
            assert_eq!(
                Some(timer.due.to_string().as_str()),
                text(step, "due"),
                "{name}"
            );
            let counted = timer
                .counted_in
                .as_ref()
                .map(|counted| counted.tzdb.as_str());
            assert_eq!(
                counted,
                Some(baton_contract::calendar::tzdb_version()),
                "{name}"
            );
            continue;
        }
        let found = match (step.get("record"), step.get("again")) {
            (Some(damage), _) => record(&world, damage),
            (_, Some(damage)) => again(&world, damage),
            _ => request(&mut world, step),
        };
        match (found, text(step, "refused")) {
            (Err(found), Some(expected)) => assert_eq!(found, expected, "{name}: {step}"),
            (Ok(events), None) => {
                let expected = step.get("events").and_then(Value::as_u64);
                assert!(expected.is_none_or(|expected| u64::try_from(events) == Ok(expected)));
                let expected = text(step, "state").unwrap_or(world.state().word());
                assert_eq!(world.state().word(), expected, "{name}: {step}");
            }
            (found, expected) => panic!("{name}: {step}: {found:?}, expected {expected:?}"),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the corpus lies beside the crates"
)]
fn read(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

// spec: LIFECYCLE-4
// spec: LIFECYCLE-8
// spec: LIFECYCLE-11
// spec: LIFECYCLE-24
// spec: LIFECYCLE-34
#[test]
fn every_bad_approval_protocol_and_time_has_its_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/handoffs");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 13, "{files:?}");
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        play(&name, &read(&file));
    }
}
