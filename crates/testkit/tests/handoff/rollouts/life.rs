//! Rollouts from their start to promotion or rollback.

use super::world::*;
use crate::world::{clock, places};
use baton_engine::node::{Node, Work};
use baton_engine::rollout::{LOOK_MS, Rollouts, roll_back};
use baton_mission::rollout::Arm;
use baton_testkit::courier::{FaultyCourier, Roads};
use baton_testkit::seed::Seed;

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
