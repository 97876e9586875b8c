//! One life from opening to completion, on each store.

use baton_engine::handoff::{Turn, list, receipts, show, statement};
use baton_engine::port::{ClaimRequest, JobKind};
use baton_mission::handoff::{Ask, StateName, Verdict};
use baton_terms::Instant;

use crate::world::{World, clock, lea, max, places};

#[test]
fn a_handoff_goes_from_open_to_completed() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        world.to_offer("h-1", "item-1");
        let receiver = world.receiver("h-1");
        let turn = list(&world.desk, Turn::Of(&receiver), (None, None, 10)).unwrap();
        assert_eq!(turn.len(), 1, "{}", place.name);
        let outcome = world.accept("h-1").unwrap();
        assert_eq!(outcome.state, "accepted", "{}", place.name);
        let done = Ask::Complete { outputs: None };
        world.ask(&receiver, "h-1", ("complete", done)).unwrap();
        assert_eq!(world.state("h-1"), StateName::Completed);

        let found = receipts(&world.desk, &"h-1".parse().unwrap()).unwrap();
        assert_eq!(found.receipts[0].verdict, Verdict::Accepted);
        assert!(found.completed.is_some());
        let statement = statement(&found.receipts[0], &found).unwrap();
        assert_eq!(
            statement.subjects[0].digest(),
            Some(found.receipts[0].package)
        );

        let view = show(&world.desk, &"h-1".parse().unwrap()).unwrap();
        let words: Vec<&str> = view
            .timeline
            .iter()
            .map(|entry| entry.what.as_str())
            .collect();
        for word in [
            "opened",
            "submitted",
            "decision",
            "checked",
            "approved",
            "offered",
            "accepted",
            "completed",
        ] {
            assert!(words.contains(&word), "{}: {word} in {words:?}", place.name);
        }
        // Nothing but messages is left to do, and each state told was told once.
        let far: Instant = "9000-01-01T00:00:00Z".parse().unwrap();
        let claim = |kind| {
            let request = ClaimRequest {
                node: "test".into(),
                kind,
                now: far,
                until: far,
                limit: 100,
            };
            world.desk.store().claim(&request).unwrap()
        };
        assert_eq!(claim(JobKind::Timer), [], "{}", place.name);
        let messages = claim(JobKind::Message);
        let names: Vec<&str> = messages.iter().map(|job| job.claim.job.as_str()).collect();
        assert_eq!(
            names.len(),
            5,
            "gated, offered, the delivery, accepted, completed: {names:?}"
        );
    }
}

#[test]
fn it_is_somebodys_turn_and_the_view_says_what_is_missing() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        world.open("h-1", "item-1").unwrap();
        world.submit("h-1", ("item-1", "Checkout")).unwrap();
        world.advance("h-1");
        let view = show(&world.desk, &"h-1".parse().unwrap()).unwrap();
        assert_eq!(view.turn, ["product-lead", "safety-lead"]);
        assert_eq!(
            view.missing,
            ["gate product: 1 more of 1", "gate safety: 2 more of 2"]
        );
        assert_eq!(
            list(&world.desk, Turn::Of(&lea()), (None, None, 10))
                .unwrap()
                .len(),
            1
        );
        world.approve(&lea(), "h-1", "product").unwrap();
        let of_lea = list(&world.desk, Turn::Of(&lea()), (None, None, 10)).unwrap();
        assert_eq!(of_lea.len(), 0, "{}", place.name);
        assert_eq!(
            list(&world.desk, Turn::Of(&max()), (None, None, 10))
                .unwrap()
                .len(),
            1
        );
    }
}
