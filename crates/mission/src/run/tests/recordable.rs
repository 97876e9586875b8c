//! Which event may be recorded in which phase, and where it leads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::*;
use super::world::*;

/// Missions that stand somewhere, by what led there.
const SCENES: [&str; 20] = [
    "",
    "start",
    "start, ok read",
    "start, ok read, ok write",
    "start, ok read, ok write, ok tell",
    "start, fail read 1",
    "start, fail read 1, wake",
    "start, fail read 1, wake, fail read 2",
    "start, ok read, fail write 1",
    "start, broken read",
    "start, broken read, resume",
    "start, broken read, roll-back",
    "start, drift read",
    "start, ok read, critical write",
    "start, ok read, critical write, stuck write",
    "start, ok read, critical write, stuck write, again",
    "start, ok read, critical write, stuck write, leave",
    "start, ok read, critical write, undone write",
    "start, critical read",
    "start, withdraw",
];

/// What tells an event from others of its kind.
fn label(event: &Event) -> String {
    let word = event.word();
    match event {
        Event::StepDone { step, .. }
        | Event::StepBegan { step }
        | Event::ConfirmationAsked { step }
        | Event::Confirmed { step, .. }
        | Event::Quarantined { step, .. } => format!("{word}({step})"),
        Event::AttemptBegan { step, attempt } => format!("{word}({step} {attempt})"),
        Event::AttemptFailed {
            step,
            attempt,
            next,
            ..
        } => {
            let last = if next.is_none() { ", last" } else { "" };
            format!("{word}({step} {attempt}{last})")
        }
        _ => word.to_owned(),
    }
}

fn guided() -> Plan {
    Plan {
        autonomy: Autonomy::Guided,
        ..plan(STEPS)
    }
}

// spec: MISSION-12
#[test]
fn the_table_of_what_may_be_recorded_where_is_the_one_on_file() {
    let mut worlds: Vec<(String, World)> = (SCENES.iter())
        .map(|scene| ((*scene).to_owned(), World::run(plan(STEPS), scene)))
        .collect();
    for scene in ["start, ok read", "start, ok read, yes"] {
        worlds.push((format!("guided: {scene}"), World::run(guided(), scene)));
    }
    let mut events = BTreeMap::new();
    for record in worlds.iter().flat_map(|(_, world)| &world.records) {
        events.entry(label(&record.event)).or_insert(&record.event);
    }
    let mut table = String::new();
    for (scene, world) in &worlds {
        let before = world.mission.phase();
        writeln!(table, "{scene}: {}", before.word()).unwrap();
        for (label, event) in &events {
            let Ok(after) = apply(world.mission.clone(), event, at(world.now)) else {
                continue;
            };
            let to = after.phase();
            let moved = if to == before { "stays" } else { to.word() };
            writeln!(table, "  {label}: {moved}").unwrap();
        }
    }
    let known: Vec<String> = events.into_keys().collect();
    writeln!(table, "of: {}", known.join(", ")).unwrap();
    assert_eq!(table, include_str!("recordable.txt"), "\n{table}");
}
