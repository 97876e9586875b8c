//! Offers: nobody is given more than the contract lets them have, however many offers are made at once.

use std::collections::{BTreeMap, BTreeSet};

use baton_engine::handoff::{Advance, Desk, Roster, Team, advance, engine, offer};
use baton_mission::handoff::{IncidentCause, Phase, StateName};
use baton_terms::Id;
use baton_testkit::organization::{CONTRACT, form};
use baton_testkit::store::MemoryStore;

use crate::world::{World, call, clock, code, lea, max, nia, places};

/// More than the two teams of the contract may have together.
const HANDOFFS: usize = 12;
/// What one team may have open.
const LIMIT: usize = 5;

// spec: ROUTING-3
#[test]
fn offers_made_at_once_stay_within_the_limit() {
    // Each from a process of its own, and all from one process, where they take turns.
    let worlds = [false, true].into_iter();
    let worlds =
        worlds.flat_map(|is_shared| places().into_iter().map(move |place| (place, is_shared)));
    for (place, is_shared) in worlds {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let names: Vec<String> = (0..HANDOFFS).map(|number| format!("h-{number}")).collect();
        for name in &names {
            world.open(name, name).unwrap();
            world.submit(name, (name, "Checkout")).unwrap();
            world.advance(name);
            for (who, gate) in [(lea(), "product"), (max(), "safety"), (nia(), "safety")] {
                world.approve(&who, name, gate).unwrap();
            }
        }
        std::thread::scope(|scope| {
            for name in &names {
                let own = Desk::new(place.store.as_ref(), &clock);
                let shared = &world.desk;
                scope.spawn(move || {
                    let engine = engine();
                    let desk = if is_shared { shared } else { &own };
                    // What a node does again later is done again here until it is settled.
                    while let Advance::Moved(_) =
                        advance(desk, &call(&engine, name, "own")).unwrap()
                    {}
                });
            }
        });
        let mut open: BTreeMap<String, usize> = BTreeMap::new();
        for name in names
            .iter()
            .filter(|name| world.state(name) == StateName::Offered)
        {
            *open
                .entry(world.receiver(name).team.to_string())
                .or_default() += 1;
        }
        assert_eq!(open.len(), 2, "{}", place.name);
        assert!(
            open.values().all(|open| *open == LIMIT),
            "{}: {open:?}",
            place.name
        );
    }
}

/// Two teams that play the role, the first of which has less to do, with what each can do.
fn roster(capabilities: [&[&str]; 2]) -> Roster {
    let ids =
        |names: &[&str]| -> BTreeSet<Id> { names.iter().map(|id| id.parse().unwrap()).collect() };
    let team = |(name, capabilities): (&str, &[&str])| {
        let team = Team {
            roles: ids(&["engineer"]),
            capabilities: ids(capabilities),
            capacity: 1,
            limit: None,
            hours: None,
        };
        (name.parse().unwrap(), team)
    };
    Roster::of(
        ["payments", "search"]
            .into_iter()
            .zip(capabilities)
            .map(team),
    )
}

// spec: ROUTING-10
#[test]
fn work_goes_to_a_team_that_can_do_it_or_says_what_nobody_can() {
    let needs = "  capabilities: [web, payments-law]\n  strategy: least-loaded";
    let needing = form(&CONTRACT.replace("  strategy: least-loaded", needs));
    for (capabilities, expected) in [
        (
            [&["web", "payments-law"][..], &["web", "payments-law"]],
            "payments",
        ),
        ([&["web"], &["payments-law", "web"]], "search"),
        (
            [&["web"], &[]],
            "nobody can receive: `payments`: it cannot do `payments-law`; `search`: it cannot do `payments-law`, `web`",
        ),
    ] {
        let (memory, clock) = (MemoryStore::new(), clock());
        let world = World {
            desk: Desk::new(&memory, &clock).with_roster(roster(capabilities)),
            form: needing.clone(),
        };
        world.open("h-1", "item").unwrap();
        world.submit("h-1", ("item", "Checkout")).unwrap();
        world.advance("h-1");
        for (who, gate) in [(lea(), "product"), (max(), "safety"), (nia(), "safety")] {
            world.approve(&who, "h-1", gate).unwrap();
        }
        if expected.starts_with("nobody") {
            let baton = engine();
            let refused = offer(&world.desk, &call(&baton, "h-1", "alone")).unwrap_err();
            assert_eq!(code(&refused), 1336);
        }
        world.advance("h-1");
        let case = world.desk.load(&"h-1".parse().unwrap()).unwrap();
        let found = match case.handoff().phase() {
            Phase::Offered(offer) => offer.team.to_string(),
            Phase::Escalated(parked) => match &parked.incident.why {
                IncidentCause::Asked { reason } => reason.clone(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        assert_eq!(found, expected);
    }
}
