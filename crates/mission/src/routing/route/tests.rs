//! Routing, case by case, and what it never does.

use proptest::prelude::{Just, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::*;
use crate::clock::{Calendars, office};

const MONDAY_MORNING: &str = "2026-01-12T09:00:00Z";
const SATURDAY: &str = "2026-01-17T12:00:00Z";

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn routing(teams: &[&str], strategy: Strategy) -> Routing {
    let candidate = |team: &&str| Candidate {
        team: id(team),
        capabilities: vec![id("review")],
        at: String::new(),
    };
    Routing {
        candidates: teams.iter().map(candidate).collect(),
        capabilities: vec![id("review")],
        strategy,
        wip_limit: Some(5),
        calendar: Some(id("office")),
        fairness_min: None,
        fallback: None,
        escalation: Vec::new(),
        at: String::new(),
    }
}

fn receiver(team: &str, open: u32, capacity: u32) -> Receiver<'static> {
    Receiver {
        team: id(team),
        roles: BTreeSet::from([id("engineer")]),
        capabilities: BTreeSet::new(),
        load: Load { open, capacity },
        limit: None,
        hours: None,
    }
}

fn request(at: &str) -> Request {
    Request {
        role: Some(id("engineer")),
        capabilities: BTreeSet::from([id("review")]),
        at: at.parse().unwrap(),
    }
}

fn calendars() -> Calendars {
    Calendars::new(&[
        office("office", "Europe/Berlin"),
        office("tokyo", "Asia/Tokyo"),
    ])
    .unwrap()
}

fn routed(
    routing: &Routing,
    (at, last): (&str, Option<&str>),
    receivers: &[Receiver<'_>],
) -> Routed {
    let calendars = calendars();
    let settings = Settings {
        routing,
        calendar: calendars.get(&id("office")),
        open_work: None,
        last: last.map(id),
    };
    route(&settings, &request(at), receivers)
}

/// Writes the team that receives, or how nobody does.
fn answer(routed: &Routed) -> String {
    match &routed.decision {
        Decision::Assigned { team, chosen, .. } => match chosen {
            Chosen::Strategy => team.to_string(),
            Chosen::FairnessFloor => format!("{team} for fairness"),
            Chosen::Fallback => format!("{team} as fallback"),
        },
        Decision::Waiting { opens: Some(opens) } => format!("waits for {opens}"),
        Decision::Waiting { opens: None } => "waits".to_owned(),
        Decision::Nobody => "nobody".to_owned(),
    }
}

fn loads(pairs: &[(u32, u32)]) -> Vec<Receiver<'static>> {
    let names = ["a", "b", "c"];
    let receivers = names.iter().zip(pairs);
    receivers
        .map(|(name, (open, capacity))| receiver(name, *open, *capacity))
        .collect()
}

// spec: ROUTING-1
#[test]
fn each_strategy_chooses_as_it_says_and_ties_go_by_the_contracts_order() {
    for (strategy, last, pairs, expected) in [
        (Strategy::Fixed, None, [(4, 1), (0, 1), (0, 1)], "a"),
        (Strategy::Fixed, Some("a"), [(5, 1), (1, 1), (0, 1)], "b"),
        (Strategy::LeastLoaded, None, [(2, 1), (1, 1), (1, 1)], "b"),
        (Strategy::LeastLoaded, None, [(1, 1), (3, 4), (4, 5)], "b"),
        (Strategy::LeastLoaded, None, [(0, 9), (0, 1), (0, 5)], "a"),
        (Strategy::RoundRobin, None, [(4, 1), (0, 1), (0, 1)], "a"),
        (
            Strategy::RoundRobin,
            Some("a"),
            [(0, 1), (4, 1), (0, 1)],
            "b",
        ),
        (
            Strategy::RoundRobin,
            Some("b"),
            [(0, 1), (0, 1), (5, 1)],
            "a",
        ),
        (
            Strategy::RoundRobin,
            Some("c"),
            [(0, 1), (0, 1), (0, 1)],
            "a",
        ),
        (
            Strategy::RoundRobin,
            Some("gone"),
            [(0, 1), (0, 1), (0, 1)],
            "a",
        ),
    ] {
        let routing = routing(&["a", "b", "c"], strategy);
        let found = routed(&routing, (MONDAY_MORNING, last), &loads(&pairs));
        assert_eq!(answer(&found), expected, "{strategy:?} {last:?} {pairs:?}");
        assert_eq!(found.rejected.len(), 2, "each of the others has its reason");
    }
}

// spec: ROUTING-2
#[test]
fn every_reason_against_a_candidate_is_named() {
    let calendars = calendars();
    let mut teams = vec![
        receiver("a", 5, 0),
        receiver("b", 9, 9),
        receiver("c", 0, 1),
    ];
    teams[0].roles.clear();
    teams[1].limit = Some(3);
    teams[1].hours = calendars.get(&id("tokyo"));
    let mut routing = routing(&["a", "b", "c", "unheard-of"], Strategy::Fixed);
    routing.candidates[0].capabilities.clear();
    let found = routed(&routing, (MONDAY_MORNING, None), &teams);
    assert_eq!(answer(&found), "c");
    let shown: Vec<String> = found
        .rejected
        .iter()
        .map(|other| {
            let reasons: Vec<String> = other.reasons.iter().map(ToString::to_string).collect();
            format!("{}: {}", other.team, reasons.join("; "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a: it does not play the role `engineer`; it cannot do `review`; it has no capacity; it has 5 open handoffs of at most 5",
            "b: it has 9 open handoffs of at most 3; it is outside its hours until 2026-01-13T00:00:00Z",
            "unheard-of: nothing is known of the team",
        ]
    );
}

// spec: ROUTING-10
#[test]
fn a_team_without_a_capability_the_work_needs_is_no_candidate() {
    let mut routing = routing(&["a", "b"], Strategy::LeastLoaded);
    let calendars = calendars();
    let both = ["review", "web"];
    for (candidate, can) in routing.candidates.iter_mut().zip(both) {
        candidate.capabilities = vec![id(can)];
    }
    for (needed, by_roster, fallback, expected) in [
        (&both[..1], [None; 2], None, "a"),
        (&both[1..], [None; 2], None, "b"),
        // What the contract says and what the roster says count together.
        (&both, [Some("web"), None], None, "a"),
        (&both, [None, Some("review")], None, "b"),
        (&both, [None; 2], None, "nobody"),
        // What the fallback can do is not asked.
        (&both, [None; 2], Some("pool"), "pool as fallback"),
    ] {
        routing.fallback = fallback.map(id);
        let mut teams = loads(&[(0, 1), (1, 1)]);
        for (team, can) in teams.iter_mut().zip(by_roster) {
            team.capabilities.extend(can.map(id));
        }
        teams.push(receiver("pool", 0, 1));
        let settings = Settings {
            routing: &routing,
            calendar: calendars.get(&id("office")),
            open_work: None,
            last: None,
        };
        let asked = Request {
            capabilities: needed.iter().copied().map(id).collect(),
            ..request(MONDAY_MORNING)
        };
        let found = route(&settings, &asked, &teams);
        assert_eq!(answer(&found), expected, "{needed:?} {by_roster:?}");
        if expected == "nobody" {
            let problem = found.diagnostic("/routing").unwrap();
            assert_eq!(
                problem.found,
                "`a`: it cannot do `web`; `b`: it cannot do `review`"
            );
        }
    }
}

// spec: ROUTING-3
#[test]
fn nobody_over_a_limit_or_outside_hours_and_the_fallback_neither() {
    let mut with_fallback = routing(&["a", "b"], Strategy::LeastLoaded);
    with_fallback.fallback = Some(id("pool"));
    let without = routing(&["a", "b"], Strategy::LeastLoaded);
    let full = |pool| {
        vec![
            receiver("a", 5, 1),
            receiver("b", 5, 1),
            receiver("pool", pool, 1),
        ]
    };
    for (routing, at, receivers, expected) in [
        (&without, MONDAY_MORNING, full(0), "waits"),
        (&with_fallback, MONDAY_MORNING, full(0), "pool as fallback"),
        (&with_fallback, MONDAY_MORNING, full(5), "waits"),
        (
            &with_fallback,
            SATURDAY,
            full(0),
            "waits for 2026-01-19T08:00:00Z",
        ),
        (&without, SATURDAY, vec![], "nobody"),
        (&with_fallback, MONDAY_MORNING, vec![], "nobody"),
    ] {
        let found = routed(routing, (at, None), &receivers);
        assert_eq!(answer(&found), expected, "{at}");
    }
}

// spec: ROUTING-4
#[test]
fn hours_that_cannot_be_told_count_as_closed() {
    let section = office("office", "Europe/Berlin");
    let calendars = Calendars::new(std::slice::from_ref(&section)).unwrap();
    let routing = routing(&["a"], Strategy::Fixed);
    for (calendar, at) in [
        (None, MONDAY_MORNING),
        (calendars.get(&section.id), "2027-01-11T09:00:00Z"),
    ] {
        let settings = Settings {
            routing: &routing,
            calendar,
            open_work: None,
            last: None,
        };
        let found = route(&settings, &request(at), &[receiver("a", 0, 1)]);
        assert_eq!(answer(&found), "nobody", "{at}");
        assert!(matches!(
            found.rejected[0].reasons[..],
            [Reason::HoursUnknown { .. }]
        ));
    }
}

// spec: ROUTING-6
#[test]
fn the_fairness_floor_overrules_a_strategy_where_a_choice_exists() {
    for (floor, pairs, expected, rest) in [
        (None, [(4, 1), (1, 1)], "a", false),
        (Some(8_000), [(4, 1), (1, 1)], "b for fairness", true),
        (Some(5_000), [(4, 1), (1, 1)], "a", false),
        // No choice holds the floor: the fairest is taken.
        (Some(10_000), [(4, 1), (1, 1)], "b for fairness", true),
        (Some(10_000), [(0, 1), (0, 1)], "a", false),
    ] {
        let mut routing = routing(&["a", "b"], Strategy::Fixed);
        routing.fairness_min = floor.map(|floor| BasisPoints::new(floor).unwrap());
        let found = routed(&routing, (MONDAY_MORNING, None), &loads(&pairs));
        assert_eq!(answer(&found), expected, "{floor:?} {pairs:?}");
        let is_less_fair = found.rejected[0].reasons == [Reason::LessFair];
        assert_eq!(is_less_fair, rest, "{floor:?} {pairs:?}");
        let Decision::Assigned { fairness, .. } = found.decision else {
            panic!("somebody receives");
        };
        assert!(fairness.is_bounded());
    }
}

// spec: ROUTING-3
#[test]
fn the_smallest_of_all_limits_holds() {
    let routing = routing(&["a"], Strategy::Fixed);
    let calendars = calendars();
    for (own, open_work, open, expected) in [
        (None, None, 4, "a"),
        (None, None, 5, "waits"),
        (Some(2), None, 2, "waits"),
        (Some(9), None, 5, "waits"),
        (None, Some(1), 1, "waits"),
        (None, Some(u64::MAX), 4, "a"),
        (Some(0), None, 0, "waits"),
    ] {
        let mut team = receiver("a", open, 1);
        team.limit = own;
        let settings = Settings {
            routing: &routing,
            calendar: calendars.get(&id("office")),
            open_work,
            last: None,
        };
        let found = route(&settings, &request(MONDAY_MORNING), &[team]);
        assert_eq!(answer(&found), expected, "{own:?} {open_work:?} {open}");
    }
}

fn strategies() -> impl proptest::strategy::Strategy<Value = Strategy> {
    prop_oneof![
        Just(Strategy::Fixed),
        Just(Strategy::LeastLoaded),
        Just(Strategy::RoundRobin)
    ]
}

proptest! {
    // spec: ROUTING-7
    #[test]
    fn the_answer_does_not_depend_on_the_order_of_facts_and_breaks_no_bound(
        pairs in proptest::collection::vec((0_u32..8, 0_u32..4), 3),
        strategy in strategies(),
        floor in proptest::option::of(0_i64..=10_000),
        last in proptest::option::of(0_usize..3),
        hour in 0_u32..168,
    ) {
        let mut routing = routing(&["a", "b", "c"], strategy);
        routing.fairness_min = floor.map(|floor| BasisPoints::new(floor).unwrap());
        let receivers = loads(&pairs[..]);
        let at = format!("2026-01-{:02}T{:02}:00:00Z", 12 + hour / 24, hour % 24);
        let last = last.map(|index| ["a", "b", "c"][index]);
        let found = routed(&routing, (&at, last), &receivers);
        let reversed: Vec<Receiver<'_>> = receivers.iter().rev().cloned().collect();
        prop_assert_eq!(&routed(&routing, (&at, last), &reversed), &found);
        if let Decision::Assigned { team, fairness, .. } = &found.decision {
            let chosen = receivers.iter().find(|receiver| receiver.team == *team).unwrap();
            prop_assert!(chosen.load.open < 5 && chosen.load.capacity > 0);
            let calendars = calendars();
            let office = calendars.get(&id("office")).unwrap();
            prop_assert!(office.is_open(at.parse().unwrap()).unwrap());
            prop_assert!(fairness.is_bounded());
            prop_assert_eq!(found.rejected.len(), 2);
        } else {
            prop_assert_eq!(found.rejected.len(), 3);
        }
    }
}
