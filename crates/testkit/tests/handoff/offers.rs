//! Offers: nobody is given more than the contract lets them have, however many offers are made at once.

use std::collections::BTreeMap;

use baton_engine::handoff::{Advance, Desk, advance, engine};
use baton_mission::handoff::StateName;

use crate::world::{World, call, clock, lea, max, nia, places};

/// More than the two teams of the contract may have together.
const HANDOFFS: usize = 12;
/// What one team may have open.
const LIMIT: usize = 5;

// spec: ROUTING-3
#[test]
fn offers_made_at_once_stay_within_the_limit() {
    for place in places() {
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
                let desk = Desk::new(place.store.as_ref(), &clock);
                scope.spawn(move || {
                    let engine = engine();
                    // What a node does again later is done again here until it is settled.
                    while let Advance::Moved(_) =
                        advance(&desk, &call(&engine, name, "own")).unwrap()
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
