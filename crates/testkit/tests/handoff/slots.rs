//! Baseline slots: each place is taken once, and a rollback lands on what stands.

use std::collections::BTreeSet;

use baton_engine::handoff::Desk;
use baton_mission::handoff::{Ask, StateName};

use crate::world::{World, clock, code, olga, places};

fn place_of(world: &World<'_>, handoff: &str) -> u64 {
    let case = world.desk.load(&handoff.parse().unwrap()).unwrap();
    case.handoff().phase().acceptance().unwrap().baseline.number
}

fn roll_back() -> Ask {
    Ask::RollBack {
        reason: "it does not work".to_owned(),
    }
}

// spec: LIFECYCLE-20
#[test]
fn many_acceptances_at_once_take_each_place_once() {
    for place in places() {
        let clock = clock();
        let names: Vec<String> = (0..6).map(|number| format!("h-{number}")).collect();
        let world = World::new(place.store.as_ref(), &clock);
        for name in &names {
            world.to_offer(name, "item-1");
        }
        std::thread::scope(|scope| {
            for name in &names {
                let other = World {
                    desk: Desk::new(place.store.as_ref(), &clock),
                    form: world.form.clone(),
                };
                scope.spawn(move || other.accept(name).unwrap());
            }
        });
        let taken: BTreeSet<u64> = names.iter().map(|name| place_of(&world, name)).collect();
        assert_eq!(taken, (1..=6).collect(), "{}", place.name);
    }
}

// spec: LIFECYCLE-21
#[test]
fn a_rollback_lands_on_what_stood_before_and_only_while_it_stands() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        for name in ["h-1", "h-2", "h-3"] {
            world.to_offer(name, "item-1");
            world.accept(name).unwrap();
        }
        let refused = world
            .ask(&olga(), "h-2", ("back", roll_back()))
            .unwrap_err();
        assert_eq!(code(&refused), 1313, "{}", place.name);
        for (name, lands_on) in [("h-3", "h-2"), ("h-2", "h-1")] {
            world.ask(&olga(), name, ("again", roll_back())).unwrap();
            assert_eq!(world.state(name), StateName::RolledBack);
            let case = world.desk.load(&name.parse().unwrap()).unwrap();
            let baton_mission::handoff::Phase::RolledBack(closing) = case.handoff().phase() else {
                panic!("{name} is not rolled back");
            };
            assert_eq!(closing.to.as_ref().unwrap().handoff.as_str(), lands_on);
        }
        let refused = world
            .ask(&olga(), "h-1", ("back", roll_back()))
            .unwrap_err();
        assert_eq!(code(&refused), 1313, "{}", place.name);
        // A place that was rolled back is never taken again.
        world.to_offer("h-4", "item-1");
        world.accept("h-4").unwrap();
        assert_eq!(place_of(&world, "h-4"), 4, "{}", place.name);
    }
}
