//! Requests: sent twice they are done once, and what they were made for counts.

use baton_engine::handoff::{Desk, Sending, ask, submit};
use baton_mission::handoff::Ask;

use crate::world::{World, ada, call, clock, code, lea, other_form, places};

fn withdraw() -> Ask {
    Ask::Withdraw {
        reason: "not needed any more".to_owned(),
    }
}

#[test]
fn the_same_request_is_answered_with_what_it_led_to_first() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let first = world.open("h-1", "item-1").unwrap();
        world.submit("h-1", ("item-1", "Checkout")).unwrap();
        world.advance("h-1");
        assert_eq!(
            world.open("h-1", "item-1").unwrap(),
            first,
            "{}",
            place.name
        );
        // Also by a node that has seen nothing of it.
        let other = World {
            desk: Desk::new(place.store.as_ref(), &clock),
            form: world.form.clone(),
        };
        assert_eq!(
            other.open("h-1", "item-1").unwrap(),
            first,
            "{}",
            place.name
        );
    }
}

#[test]
fn another_request_under_a_key_is_a_conflict_in_its_handoff_and_elsewhere() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        world.open("h-1", "item-1").unwrap();
        let refused = world.open("h-1", "item-2").unwrap_err();
        assert_eq!(code(&refused), 1303, "{}", place.name);
        world.open("h-2", "item-2").unwrap();
        let key = call(&lea(), "h-2", "open").key;
        let sender = ada();
        let mut elsewhere = call(&sender, "h-1", "any");
        elsewhere.key = key;
        let refused = ask(&world.desk, &elsewhere, &withdraw()).unwrap_err();
        assert_eq!(code(&refused), 1303, "{}", place.name);
    }
}

#[test]
fn a_request_for_another_revision_is_refused() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        world.open("h-1", "item-1").unwrap();
        let seen = world.revision("h-1");
        world.submit("h-1", ("item-1", "Checkout")).unwrap();
        let sender = ada();
        let mut late = call(&sender, "h-1", "withdraw");
        late.expects = Some(seen);
        let refused = ask(&world.desk, &late, &withdraw()).unwrap_err();
        assert_eq!(code(&refused), 1302, "{}", place.name);
        late.expects = Some(world.revision("h-1"));
        ask(&world.desk, &late, &withdraw()).unwrap();
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        assert_eq!(
            code(&world.submit("h-0", ("item-1", "x")).unwrap_err()),
            1330
        );
        assert_eq!(code(&world.open("h-\"0\"", "item-1").unwrap_err()), 1332);
        world.open("h-1", "item-1").unwrap();
        let sender = ada();
        let asked = call(&sender, "h-1", "submit");
        let package =
            baton_testkit::organization::package("item-1", "Checkout", &serde_json::json!({}));
        let stray = [b"a file nobody declared".to_vec()];
        for (submission, expected) in [
            (
                Sending {
                    package: b"{}",
                    ..Sending::default()
                },
                501,
            ),
            (
                Sending {
                    package: &package,
                    evidence: &stray,
                    contract: None,
                },
                1335,
            ),
        ] {
            let refused = submit(&world.desk, &asked, &submission).unwrap_err();
            let found = code(&refused);
            assert!(
                found == expected || (expected == 501 && found / 100 == 5),
                "{refused}: {found}"
            );
        }
        // The first submission may pin a later version of the contract.
        let later = other_form();
        let submission = Sending {
            package: &package,
            evidence: &[],
            contract: Some(&later),
        };
        submit(&world.desk, &asked, &submission).unwrap();
        let case = world.desk.load(&"h-1".parse().unwrap()).unwrap();
        assert_eq!(case.contract(), Some(later.digest()), "{}", place.name);
    }
}
