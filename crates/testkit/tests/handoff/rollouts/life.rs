//! Rollouts from their start to promotion or rollback.

use super::world::*;
use crate::postgresql::Postgresql;
use crate::world::{clock, places};
use baton_engine::node::{Node, Work};
use baton_engine::rollout::{LOOK_AFTER_MS, LOOK_MS, Rollouts, freeze, roll_back};
use baton_mission::rollout::Arm;
use baton_testkit::courier::{FaultyCourier, Roads};
use baton_testkit::seed::Seed;
use std::collections::BTreeSet;

// spec: ROLLOUT-14
#[test]
fn a_version_that_helps_is_promoted_and_every_handoff_keeps_its_version() {
    for place in places() {
        let (clock, flags) = (clock(), File::on());
        let org = Org::new(place.store.as_ref(), (&clock, &flags));
        org.open("before", &org.stable).unwrap();
        assert_eq!(org.arm("before"), None);
        org.to_canary();
        assert_eq!(org.status().shadow_assessed, 3, "{}", place.name);
        let mut given = Vec::new();
        for number in 0..80 {
            let handoff = format!("h-{number}");
            org.hand_over(&handoff, bounces(number, false));
            given.push((org.arm(&handoff), org.version(&handoff)));
            if number % 10 == 9 && org.look().unwrap().phase == "promoted" {
                break;
            }
        }
        let view = org.status();
        assert_eq!(view.phase, "promoted", "{}: {view:#?}", place.name);
        assert!(given.len() > 10);
        for (number, (arm, version)) in given.iter().enumerate() {
            let expected = match arm {
                Some(Arm::Canary) => org.canary.digest(),
                _ => org.stable.digest(),
            };
            assert_eq!(*version, expected);
            assert_eq!(org.version(&format!("h-{number}")), expected);
        }
        // Everybody has the new version now, whichever file they open with; what was open stays as it was.
        org.open("after", &org.stable).unwrap();
        assert_eq!(org.version("after"), org.canary.digest());
        assert_eq!(org.version("before"), org.stable.digest());
        let words: Vec<&str> = view
            .decisions
            .iter()
            .map(|decision| decision.what)
            .collect();
        assert_eq!(words.first(), Some(&"started"));
        assert_eq!(words.last(), Some(&"promoted"));
        let back = roll_back(
            &org.desk,
            &deciding(&olga(), ("r-1", "back")),
            "it was a mistake",
        );
        assert_eq!(back.unwrap().phase, "rolled-back");
        org.open("last", &org.canary).unwrap();
        assert_eq!(org.version("last"), org.stable.digest());
        assert_eq!(org.version("after"), org.canary.digest());
    }
}

/// Through every stage, by handoffs that go well under the new version.
fn promoted(org: &Org<'_>) {
    org.to_canary();
    for number in 0..80 {
        org.hand_over(&format!("h-{number}"), bounces(number, false));
        if number % 10 == 9 && org.look().unwrap().phase == "promoted" {
            return;
        }
    }
    panic!("{:#?}", org.status());
}

// spec: ROLLOUT-19
#[test]
fn harm_after_promotion_is_taken_back_while_it_is_watched() {
    let day = 86_400;
    for (later, phase, arm) in [
        (0, "rolled-back", Some(Arm::Canary)),
        (8 * day, "promoted", None),
    ] {
        for place in places() {
            let (clock, flags) = (clock(), File::on());
            let org = Org::new(place.store.as_ref(), (&clock, &flags));
            let courier = FaultyCourier::new(Seed::new(1), Roads::default());
            let rollouts = Rollouts::new(&org.desk, &courier);
            let node = Node::new("node-1", &org.desk, &courier).with_worker(&rollouts);
            promoted(&org);
            assert!(org.status().watched_until.is_some(), "{}", place.name);
            clock.forward(later);
            node.run_until_idle().unwrap();
            org.open("new", &org.canary).unwrap();
            assert_eq!(org.arm("new"), arm, "{}", place.name);
            for number in 0..15 {
                org.hand_over(&format!("after-{number}"), |_| true);
            }
            assert_eq!(org.version("after-0"), org.canary.digest());
            clock.forward(LOOK_AFTER_MS / 1_000);
            node.run_until_idle().unwrap();
            let view = org.status();
            assert_eq!(view.phase, phase, "{}: {view:#?}", place.name);
            let told = view.reason.unwrap_or_default();
            assert_eq!(told.contains("`bounce-rate` is harmed"), later == 0);
        }
    }
}

// spec: ROLLOUT-15
#[test]
fn a_version_that_harms_is_rolled_back_by_a_node_on_its_own() {
    for place in places() {
        let (clock, flags) = (clock(), File::on());
        let org = Org::new(place.store.as_ref(), (&clock, &flags));
        let courier = FaultyCourier::new(Seed::new(1), Roads::default());
        let rollouts = Rollouts::new(&org.desk, &courier);
        let node = Node::new("node-1", &org.desk, &courier).with_worker(&rollouts);
        let work = || -> Work {
            clock.forward(LOOK_MS / 1_000);
            node.run_until_idle().unwrap()
        };
        org.start().unwrap();
        let mut phase = "running";
        for number in 0..80 {
            org.hand_over(&format!("h-{number}"), bounces(number, true));
            if number % 8 == 7 {
                assert_eq!(work().failed, []);
                phase = org.status().phase;
            }
            if phase == "rolled-back" {
                break;
            }
        }
        let view = org.status();
        assert_eq!(phase, "rolled-back", "{}: {view:#?}", place.name);
        assert!(view.reason.unwrap().contains("bounce-rate"));
        // Its owners were told, and nothing is left to look at.
        let last = format!("rollout.r-1.{}", view.revision);
        assert_eq!(courier.log().arrived.get(&last).map(|told| told.0), Some(1));
        assert_eq!(node.sweep().unwrap(), 0);
    }
}

// spec: ROLLOUT-14
#[test]
fn two_connections_to_postgresql_give_each_handoff_one_version() {
    let Some(database) = Postgresql::new("rollout") else {
        return;
    };
    let (mine, theirs) = (database.connected(), database.connected());
    let (clock, flags) = (clock(), File::on());
    let org = Org::new(mine.store.as_ref(), (&clock, &flags));
    let other = Org::new(theirs.store.as_ref(), (&clock, &flags));
    org.to_canary();
    let names: Vec<String> = (0..12).map(|number| format!("h-{number}")).collect();
    let open_all = |org: &Org<'_>, names: &[String]| {
        for name in names {
            org.open(name, &org.stable).unwrap();
        }
    };
    // Both ask for the same handoffs at the same time: the second one is told what the first one was.
    std::thread::scope(|scope| {
        scope.spawn(|| open_all(&org, &names));
        scope.spawn(|| open_all(&other, &names));
    });
    let given = |org: &Org<'_>, name: &str| (org.arm(name).unwrap(), org.version(name));
    let versions: Vec<_> = names.iter().map(|name| given(&org, name)).collect();
    for (name, (arm, version)) in names.iter().zip(&versions) {
        assert_eq!(given(&other, name), (*arm, *version));
        let expected = match arm {
            Arm::Canary => org.canary.digest(),
            Arm::Stable => org.stable.digest(),
        };
        assert_eq!(*version, expected, "{name}");
    }
    let arms: BTreeSet<_> = versions.iter().map(|(arm, _)| format!("{arm:?}")).collect();
    assert_eq!(arms.len(), 2, "{versions:?}");
    let who = olga();
    freeze(
        &other.desk,
        &deciding(&who, ("r-1", "freeze")),
        "an incident",
    )
    .unwrap();
    assert!(holds(&org).contains("frozen: an incident"));
    // It is rolled back by one while the other opens more: each has the version it was given, whichever came first.
    let late: Vec<String> = (0..12).map(|number| format!("late-{number}")).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| open_all(&other, &late));
        roll_back(&org.desk, &deciding(&who, ("r-1", "back")), "enough").unwrap();
    });
    for name in &late {
        let expected = match org.arm(name) {
            Some(Arm::Canary) => org.canary.digest(),
            _ => org.stable.digest(),
        };
        assert_eq!(other.version(name), expected, "{name}");
    }
    for (org, name) in [(&org, "after-1"), (&other, "after-2")] {
        org.open(name, &org.canary).unwrap();
        assert_eq!(org.version(name), org.stable.digest());
        assert_eq!(org.status().phase, "rolled-back");
    }
    for (name, version) in names.iter().zip(versions) {
        assert_eq!(given(&other, name), version);
    }
}
