//! Gates: quorum, matching, and what a new package does to approvals.

use baton_mission::handoff::{Ask, Asked, Change, Phase, StateName, TimerKind, Voided, standing};
use proptest::prelude::*;

use crate::world::{Stage, World, actor, ada, baton, bob, id, lea, max, nia};

// spec: LIFECYCLE-12
#[test]
fn a_gate_takes_its_whole_quorum() {
    // Fail-open table, GitHub environments: one of the listed does not suffice.
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(&lea(), world.approve(&["product"]));
    world.must(&max(), world.approve(&["safety"]));
    let refusal = world.must_not(&baton(), World::offer("payments"), 1311);
    assert!(
        refusal.to_string().contains("gate `safety` has 1 of 2"),
        "{refusal}"
    );
    world.must(&nia(), world.approve(&["safety"]));
    world.must(&baton(), World::offer("payments"));
}

// spec: LIFECYCLE-12
#[test]
fn one_approver_counts_once() {
    // Bad input list: one signer twice for a quorum of two; an approval replayed.
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(&max(), world.approve(&["safety"]));
    world.must_not(&max(), world.approve(&["safety"]), 1317);
    world.must_not(&max(), world.approve(&["product"]), 1317);
    assert!(world.ask(&baton(), World::offer("payments")).is_err());
}

// spec: LIFECYCLE-12
#[test]
fn refusals_beyond_the_spare_of_n_of_m_send_the_package_back() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    // 2 of 3 can spare one.
    world.must(&max(), world.reject("safety"));
    assert_eq!(world.state(), StateName::Gated);
    world.must_not(&max(), world.approve(&["safety"]), 1317);
    world.must(&nia(), world.reject("safety"));
    let Phase::NeedsInput(returned) = world.handoff.phase() else {
        panic!("{}", world.state())
    };
    assert_eq!(returned.asked, Asked::Gate);
    assert_eq!(returned.unmet.len(), 2);
    assert_eq!(returned.unmet[0].what, "it may hurt people");
    // 1 of 1 can spare none.
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(&lea(), world.reject("product"));
    assert_eq!(world.state(), StateName::NeedsInput);
}

// spec: LIFECYCLE-12
#[test]
fn who_has_approved_may_still_refuse() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.pass_gates();
    world.must(&nia(), world.reject("safety"));
    world.must_not(&baton(), World::offer("payments"), 1311);
    let third = actor("tom/person/safety/safety-lead/approve");
    world.must(&third, world.approve(&["safety"]));
    world.must(&baton(), World::offer("payments"));
}

// spec: LIFECYCLE-13
#[test]
fn an_approval_is_never_spent_on_the_wrong_gate() {
    // Fail-open table, GitLab 425759: nia and max fit both gates; spent on `product` one of them
    // leaves `safety` short. Which gate expires first must not matter.
    let product_first = crate::world::CONTRACT.replace("expires: 24h", "expires: 4h");
    for contract in [crate::world::CONTRACT, &product_first] {
        let stage = Stage::of(contract);
        for order in [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ] {
            let mut world = World::new(&stage).reach(StateName::Gated);
            let approvals = [
                (nia(), vec!["product", "safety"]),
                (max(), vec!["product", "safety"]),
                (lea(), vec!["product"]),
            ];
            for at in order {
                let (who, gates) = &approvals[at];
                world.must(who, world.approve(gates));
            }
            world.must(&baton(), World::offer("payments"));
        }
    }
    let stage = Stage::new();
    // And one who fits both never counts for both.
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(&nia(), world.approve(&["product", "safety"]));
    world.must(&max(), world.approve(&["product", "safety"]));
    world.must_not(&baton(), World::offer("payments"), 1311);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // spec: LIFECYCLE-13
    #[test]
    fn the_matching_is_a_largest_one(fits in proptest::collection::vec(1_u8..4, 0..7)) {
        let stage = Stage::new();
        let mut world = World::new(&stage).reach(StateName::Gated);
        for (at, fit) in fits.iter().enumerate() {
            let who = actor(&format!("p{at}/person/safety/safety-lead+product-lead/approve"));
            let gates: Vec<&str> = [(1, "product"), (2, "safety")].into_iter()
                .filter(|(bit, _)| fit & bit != 0).map(|(_, gate)| gate).collect();
            world.must(&who, world.approve(&gates));
        }
        // Brute force over who is spent where: nowhere, on `product` (1 place) or `safety` (2).
        let mut best = 0;
        for choice in 0..3_u32.pow(u32::try_from(fits.len()).unwrap()) {
            let spent = (0..fits.len()).map(|at| choice / 3_u32.pow(u32::try_from(at).unwrap()) % 3);
            let spent: Vec<u32> = spent.collect();
            let is_fit = fits.iter().zip(&spent).all(|(fit, on)| *on == 0 || u32::from(*fit) & on != 0);
            let on = |gate| spent.iter().filter(|on| **on == gate).count();
            if is_fit && on(1) <= 1 && on(2) <= 2 {
                best = best.max(on(1) + on(2));
            }
        }
        let dossier = world.handoff.phase().dossier().unwrap();
        let found: usize = standing(dossier, &stage.terms).iter().map(|gate| gate.approvers.len()).sum();
        prop_assert_eq!(found, best);
    }
}

fn resubmitted<'s>(stage: &'s Stage, name: &str) -> (World<'s>, Vec<String>, Vec<Voided>) {
    let mut world = World::new(stage).reach(StateName::NeedsInput);
    world.must(&ada(), world.submit(name));
    let review = world
        .events
        .iter()
        .rev()
        .find_map(|event| match &event.change {
            Change::ApprovalsReviewed { kept, voided } => {
                let kept = kept.iter().map(ToString::to_string).collect();
                Some((kept, voided.clone()))
            }
            _ => None,
        });
    let (kept, voided) = review.expect("approvals were not reviewed");
    (world, kept, voided)
}

// spec: LIFECYCLE-14
#[test]
fn approvals_stay_where_nothing_they_rest_on_changed() {
    let stage = Stage::new();
    let (mut world, kept, voided) = resubmitted(&stage, "noted");
    assert_eq!(kept, ["lea", "max", "nia"]);
    assert!(voided.is_empty());
    let events = world.must(&baton(), World::check());
    assert!(World::words(&events).contains(&"gates-passed"));
    world.must(&baton(), World::offer("payments"));
    world.must(&bob(), world.accept());
}

// spec: LIFECYCLE-14
#[test]
fn approvals_are_void_where_something_they_rest_on_changed_and_the_difference_is_told() {
    let stage = Stage::new();
    for (name, place) in [
        ("retitled", "/payload/title"),
        ("harmful", "/payload/harm"),
        ("thin", "/payload/states"),
    ] {
        let (mut world, kept, voided) = resubmitted(&stage, name);
        assert!(kept.is_empty(), "{name}");
        let expected = ["lea", "max", "nia"].map(|name| Voided {
            approver: name.parse().unwrap(),
            changed: vec![place.to_owned()],
        });
        assert_eq!(voided, expected, "{name}");
        world.must(&baton(), World::check());
        world.must_not(&baton(), World::offer("payments"), 1311);
    }
}

// spec: LIFECYCLE-14
#[test]
fn an_approver_who_sends_loses_the_approval() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(
        &actor("gus/person/design/product-lead/approve"),
        world.approve(&["product"]),
    );
    world.must(&max(), world.reject("safety"));
    world.must(&nia(), world.reject("safety"));
    world.must(
        &actor("gus/person/design/designer/submit"),
        world.submit("noted"),
    );
    let review = world
        .events
        .iter()
        .rev()
        .find_map(|event| match &event.change {
            Change::ApprovalsReviewed { voided, .. } => Some(voided.clone()),
            _ => None,
        });
    let gus = Voided {
        approver: "gus".parse().unwrap(),
        changed: vec!["/sender".into()],
    };
    assert_eq!(review, Some(vec![gus]));
    // And the first sender does not become free to approve by somebody else sending.
    world.must(&baton(), World::check());
    let ada = actor("ada/person/product/product-lead/approve");
    world.must_not(&ada, world.approve(&["product"]), 1305);
}

// spec: LIFECYCLE-14
#[test]
fn an_approval_of_an_older_digest_is_refused() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    let older = world.approve(&["product"]);
    world.must(&lea(), world.reject("product"));
    world.must(&ada(), world.submit("retitled"));
    world.must(&baton(), World::check());
    world.must_not(&lea(), older, 1308);
    world.must(&lea(), world.approve(&["product"]));
}

// spec: LIFECYCLE-15
#[test]
fn a_decision_after_the_deadline_is_refused_though_the_timer_is_late() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(&max(), world.approve(&["safety"]));
    let (_, due) = world
        .timer(&TimerKind::Gate { gate: id("safety") })
        .unwrap();
    world.now = due;
    world.must_not(&nia(), world.approve(&["safety"]), 1318);
    world.must_not(&nia(), world.reject("safety"), 1318);
    world.must(&lea(), world.approve(&["product"]));
}

// spec: LIFECYCLE-15
#[test]
fn a_gate_that_has_its_quorum_does_not_expire() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(&max(), world.approve(&["safety"]));
    world.must(&nia(), world.approve(&["safety"]));
    world.run_out(&TimerKind::Gate { gate: id("safety") });
    assert_eq!(world.state(), StateName::Gated);
    world.must(&lea(), world.approve(&["product"]));
    assert!(
        world
            .timer(&TimerKind::Gate {
                gate: id("product")
            })
            .is_none()
    );
    world.must(&baton(), World::offer("payments"));
}

// spec: LIFECYCLE-18
#[test]
fn a_gate_that_a_new_check_opens_takes_the_offer_back() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Submitted);
    world.sabotage = Some(|check| check.gates.retain(|gate| gate.gate.as_str() == "product"));
    world.must(&baton(), World::check());
    world.must(&lea(), world.approve(&["product"]));
    world.must(&baton(), World::offer("payments"));
    world.sabotage = None;
    world.must(&baton(), World::check());
    assert_eq!(world.state(), StateName::Gated);
    world.must_not(&bob(), world.accept(), 1301);
    world.must(&max(), world.approve(&["safety"]));
    world.must(&nia(), world.approve(&["safety"]));
    world.must(&baton(), World::offer("payments"));
    let Ask::Accept { package } = world.accept() else {
        unreachable!()
    };
    world.must(&bob(), Ask::Accept { package });
}

// spec: LIFECYCLE-18
#[test]
fn a_check_that_needs_fewer_decisions_leaves_the_offer_standing() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    world.sabotage = Some(|check| check.gates.retain(|gate| gate.gate.as_str() == "product"));
    world.must(&baton(), World::check());
    assert_eq!(world.state(), StateName::Offered);
    world.must(&bob(), world.accept());
    // While approvers decide, the gate that is not needed any more closes.
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(&lea(), world.approve(&["product"]));
    world.sabotage = Some(|check| check.gates.retain(|gate| gate.gate.as_str() == "product"));
    world.must(&baton(), World::check());
    world.must(&baton(), World::offer("payments"));
}
