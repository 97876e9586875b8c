//! What only holds a rollout, and what takes it back at once.

use super::world::*;
use crate::world::{clock, code};
use baton_engine::handoff::{Sending, ask, submit};
use baton_engine::rollout::look;
use baton_mission::handoff::Ask;
use baton_mission::rollout::Arm;
use baton_terms::Digest;
use baton_testkit::organization::{actor, form, package};
use baton_testkit::store::MemoryStore;
use serde_json::json;

// spec: ROLLOUT-16
#[test]
fn what_is_not_shown_holds_with_its_reason() {
    let memory = MemoryStore::new();
    let (clock, flags) = (clock(), File::on());
    let org = Org::new(&memory, (&clock, &flags));
    org.start().unwrap();
    assert!(holds(&org).contains("0 packages assessed in shadow, of 3"));
    for number in 0..3 {
        org.hand_over(&format!("shadow-{number}"), |_| false);
    }
    assert_eq!(org.look().unwrap().percent, 50);
    // Zero traffic, then one handoff.
    assert!(holds(&org).contains("0 handoffs of the stable version and 0 of the new one, of 3"));
    org.hand_over("one", |_| true);
    let held = holds(&org);
    assert!(
        held.contains("1 handoffs of the stable version and 0")
            || held.contains("0 handoffs of the stable version and 1"),
        "{held}"
    );
    // Handoffs that nobody answers: they count as without a value once their window is over, and never for passing.
    for number in 0..30 {
        let handoff = format!("late-{number}");
        org.open(&handoff, &org.stable).unwrap();
        org.send(&handoff).unwrap();
    }
    assert_eq!(org.status().metrics[0].missing, 0);
    clock.forward(8 * 86_400);
    let held = holds(&org);
    assert!(held.contains("evidence"), "{held}");
    assert_eq!(org.status().metrics[0].missing, 30);
    assert_eq!(org.status().phase, "running");
}

// spec: ROLLOUT-16
#[test]
fn two_bad_versions_hold_for_being_alike_shows_nothing() {
    let memory = MemoryStore::new();
    let (clock, flags) = (clock(), File::on());
    let org = Org::new(&memory, (&clock, &flags));
    org.to_canary();
    for number in 0..24 {
        org.hand_over(&format!("h-{number}"), |_| true);
    }
    let held = holds(&org);
    assert!(
        held.contains("the stable version itself is at 10000"),
        "{held}"
    );
}

// spec: ROLLOUT-16
#[test]
fn a_flag_that_is_not_plainly_on_exposes_nobody_and_holds_but_harm_counts() {
    let memory = MemoryStore::new();
    let (clock, flags) = (clock(), File::on());
    let org = Org::new(&memory, (&clock, &flags));
    flags.set(Err("there is no such file"));
    let refused = org.start().unwrap_err();
    assert_eq!(code(&refused), 1398);
    flags.set(Ok(ON));
    org.to_canary();
    for (number, (file, why)) in [
        (Err("there is no such file"), "there is no such file"),
        (Ok("{"), "cannot be read"),
        (Ok(r#"{"flags":{}}"#), "does not define it"),
    ]
    .into_iter()
    .enumerate()
    {
        flags.set(file);
        let held = holds(&org);
        assert!(held.contains(why), "{held}");
        for item in 0..6 {
            let handoff = format!("off-{number}-{item}");
            org.open(&handoff, &org.canary).unwrap();
            assert_eq!(org.version(&handoff), org.stable.digest());
        }
        flags.set(Ok(ON));
        assert!(!holds(&org).contains(why));
    }
    for number in 0..60 {
        org.hand_over(&format!("h-{number}"), bounces(number, true));
    }
    flags.set(Ok(&ON.replace("ENABLED", "DISABLED")));
    assert_eq!(org.look().unwrap().phase, "rolled-back");
}

// spec: ROLLOUT-17
#[test]
fn another_version_is_refused_while_two_are_compared_and_a_changed_file_rolls_back() {
    let memory = MemoryStore::new();
    let (clock, flags) = (clock(), File::on());
    let org = Org::new(&memory, (&clock, &flags));
    org.to_canary();
    let third = form(&STABLE.replace("version: 1.0.0", "version: 2.0.0"));
    assert_eq!(code(&org.open("third", &third).unwrap_err()), 1393);
    // Nor does a handoff leave the version it was given.
    let open = (0..20).map(|number| format!("h-{number}"));
    let handoff = open
        .inspect(|handoff| drop(org.open(handoff, &org.canary).unwrap()))
        .find(|handoff| org.arm(handoff) == Some(Arm::Stable))
        .unwrap();
    let ada = actor("ada/person/design/designer/submit");
    let sending = Sending {
        contract: Some(&org.canary),
        package: &package(&format!("item-{handoff}"), "Checkout", &json!({})),
        ..Sending::default()
    };
    let refused = submit(&org.desk, &handing(&ada, (&handoff, "s")), &sending);
    assert_eq!(code(&refused.unwrap_err()), 1393);
    let id = "r-1".parse().unwrap();
    let seen = |found| look(&org.desk, &org.watch, (&olga(), &id, Some(found)));
    assert_eq!(seen(org.canary.digest()).unwrap().phase, "running");
    assert_eq!(seen(third.digest()).unwrap().phase, "rolled-back");
    org.open("after", &third).unwrap();
    assert_eq!(org.version("after"), third.digest());
}

// spec: ROLLOUT-17
#[test]
fn failures_in_a_row_roll_back() {
    let memory = MemoryStore::new();
    let (clock, flags) = (clock(), File::on());
    let org = Org::new(&memory, (&clock, &flags));
    org.to_canary();
    let lea = actor("lea/engine/baton/engine/operate");
    let mut failed = 0;
    for number in 0..20 {
        let handoff = format!("h-{number}");
        org.open(&handoff, &org.stable).unwrap();
        if org.arm(&handoff) != Some(Arm::Canary) {
            continue;
        }
        org.send(&handoff).unwrap();
        let divergence = baton_mission::handoff::Divergence {
            recorded: Digest::of(b"a"),
            replayed: Digest::of(b"b"),
        };
        let question = Ask::Quarantine { divergence };
        ask(&org.desk, &handing(&lea, (&handoff, "q")), &question).unwrap();
        failed += 1;
        let phase = org.look().unwrap().phase;
        assert_eq!(phase == "rolled-back", failed == 3, "{failed}");
        if failed == 3 {
            break;
        }
    }
    assert_eq!(failed, 3);
}
