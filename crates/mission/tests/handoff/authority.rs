//! Who may do what: scopes, delegation, parties, and what nobody may.

use baton_mission::authority::Actor;
use baton_mission::handoff::{Ask, Forbidden, Refusal, StateName};

use crate::world::{
    Stage, World, actor, ada, baton, bob, cleo, id, lea, max, nia, olga, package, payload,
};

fn why(refusal: Refusal) -> Forbidden {
    match refusal {
        Refusal::Forbidden { why, .. } => why,
        other => panic!("{other}"),
    }
}

// spec: LIFECYCLE-7
#[test]
fn a_credential_is_good_for_its_scopes_and_nothing_else() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    let approve = world.approve(&["product"]);
    // Fail-open table, Kruise #352: approving is its own permission, and needs no other.
    for scopes in [
        "",
        "read",
        "submit",
        "operate",
        "admin",
        "read+submit+operate+admin",
    ] {
        let who = actor(&format!("lea/person/product/product-lead/{scopes}"));
        let refusal = world.must_not(&who, approve.clone(), 1304);
        assert_eq!(why(refusal), Forbidden::Scope { needed: "approve" });
    }
    world.must(&lea(), approve);
    let mut world = World::new(&stage);
    world.must_not(
        &actor("ada/person/design/designer/read+approve"),
        World::open(),
        1304,
    );
    world.must(&ada(), World::open());
}

// spec: LIFECYCLE-8
#[test]
fn delegation_ends_at_somebody() {
    let stage = Stage::new();
    let mut world = World::new(&stage);
    for (card, fault) in [
        ("bot/agent/design/designer/submit", Forbidden::NobodyBehind),
        (
            "bot+bot/agent/design/designer/submit",
            Forbidden::Loop {
                principal: "bot".into(),
            },
        ),
        (
            "bot+helper+ada+helper/agent/design/designer/submit",
            Forbidden::Loop {
                principal: "helper".into(),
            },
        ),
        (
            "b+c+d+e+f/agent/design/designer/submit",
            Forbidden::TooDeep { length: 5, max: 4 },
        ),
    ] {
        let refusal = world.must_not(&actor(card), World::open(), 1307);
        assert_eq!(why(refusal), fault, "{card}");
    }
    world.must(
        &actor("bot+ada/agent/design/designer/submit"),
        World::open(),
    );
}

// spec: LIFECYCLE-9
#[test]
fn only_the_parties_of_the_contract_act_for_themselves() {
    let stage = Stage::new();
    let mut world = World::new(&stage);
    for card in [
        "eve/person/design/manager/submit",
        "eve/person/sales/designer/submit",
        "eve/engine/design/designer/submit",
    ] {
        world.must_not(&actor(card), World::open(), 1304);
    }
    let mut world = World::new(&stage).reach(StateName::Offered);
    for who in [cleo(), ada(), actor("eve/person/payments/manager/submit")] {
        world.must_not(&who, world.accept(), 1304);
        world.must_not(&who, world.decline(), 1304);
        world.must_not(&who, Ask::Acknowledge {}, 1304);
    }
    world.must(&bob(), world.accept());
}

// spec: LIFECYCLE-9
#[test]
fn a_package_can_not_name_another_sender_than_the_credential() {
    let mut stage = Stage::new();
    let senders = [
        serde_json::json!({"role": "designer", "team": "design", "actor": "grace"}),
        serde_json::json!({"role": "manager", "team": "design"}),
        serde_json::json!({"role": "designer", "team": "sales"}),
        serde_json::json!({"role": "designer", "team": "design", "kind": "agent", "on_behalf_of": "ada"}),
    ];
    stage.packages = senders
        .iter()
        .map(|sender| package(&payload("good"), sender))
        .collect();
    let digests: Vec<_> = stage
        .packages
        .iter()
        .map(baton_scoring::package::Package::digest)
        .collect();
    let mut world = World::new(&stage).reach(StateName::Drafted);
    for package in digests {
        world.must_not(&ada(), Ask::Submit { package }, 1319);
    }
}

// spec: LIFECYCLE-10
#[test]
fn accepting_a_handoff_grants_no_authority() {
    let stage = Stage::new();
    let accepted = World::new(&stage).reach(StateName::Accepted);
    let reason = || "mine now".to_owned();
    for ask in [
        Ask::RollBack { reason: reason() },
        Ask::Escalate { reason: reason() },
        World::check(),
    ] {
        accepted.clone().must_not(&bob(), ask, 1304);
    }
    // Nor does it in the next handoff of the same work item.
    let mut next = World::new(&stage);
    next.baseline.clone_from(&accepted.baseline);
    next.id = "h-2";
    let mut next = next.reach(StateName::Gated);
    next.must_not(&bob(), next.approve(&["product"]), 1304);
    let with_scope = actor("bob/person/payments/engineer/submit+approve");
    next.must_not(&with_scope, next.approve(&["product"]), 1304);
}

fn sender_with_roles(card: &str) -> Actor {
    actor(card)
}

// spec: LIFECYCLE-11
#[test]
fn nobody_approves_own_work_whatever_the_roles() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    // Bad input list: own work; an agent for its own principal.
    for card in [
        "ada/person/design/designer+product-lead/approve",
        "bot+ada/agent/product/product-lead/approve",
        "ada/person/product/product-lead/approve",
        // An account that could pass for hers is taken for hers.
        "Ada/person/product/product-lead/approve",
    ] {
        let who = sender_with_roles(card);
        let expected = if card.contains("agent") { 1306 } else { 1305 };
        world.must_not(&who, world.approve(&["product"]), expected);
    }
    // The gate `safety` also keeps out the sender's team.
    let colleague = actor("gus/person/design/safety-lead/approve");
    world.must_not(&colleague, world.approve(&["safety"]), 1305);
    world.must(&colleague, world.approve(&["product"]));
}

// spec: LIFECYCLE-11
#[test]
fn an_agent_never_decides_for_the_one_it_acts_for() {
    let contract = crate::world::CONTRACT.replace(
        "approvers: [product-lead, safety-lead], quorum: 1,",
        "approvers: [product-lead, safety-lead], quorum: 1, decided_by: anyone,",
    );
    let stage = Stage::of(&contract);
    let mut world = World::new(&stage).reach(StateName::Gated);
    let for_ada = actor("bot+ada/agent/product/product-lead/approve");
    world.must_not(&for_ada, world.approve(&["product"]), 1305);
    let through_two = actor("bot+helper+ada/agent/product/product-lead/approve");
    world.must_not(&through_two, world.approve(&["product"]), 1305);
    let for_lea = actor("bot+lea/agent/product/product-lead/approve");
    world.must(&for_lea, world.approve(&["product"]));
    // One person counts once, in person or through an agent.
    world.must_not(&lea(), world.approve(&["product"]), 1317);
}

// spec: LIFECYCLE-11
#[test]
fn an_agent_can_not_pass_a_gate_reserved_for_people() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    for card in [
        "bot+zoe/agent/product/product-lead/approve",
        // A person's account that acts for another is not that person deciding.
        "ida+zoe/person/product/product-lead/approve",
        "baton/engine/product/product-lead/approve",
    ] {
        world.must_not(&actor(card), world.approve(&["product"]), 1306);
    }
}

// spec: LIFECYCLE-11
#[test]
fn the_list_of_approvers_is_that_of_the_pinned_contract() {
    // Fail-open table, manual-approval#182: nothing in a command can name approvers or gates.
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must_not(&max(), world.approve(&["made-up"]), 1318);
    world.must_not(
        &actor("eve/person/x/safety-1ead/approve"),
        world.approve(&["safety"]),
        1304,
    );
    let smuggled = serde_json::json!({
        "do": "approve", "gates": ["safety"], "package": world.current(), "reason": "x",
        "approvers": ["eve"],
    });
    assert!(serde_json::from_value::<Ask>(smuggled).is_err());
}

// spec: LIFECYCLE-10
#[test]
fn what_baton_reports_nobody_else_can_claim() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Submitted);
    let everything = "eve/person/design/designer+engineer/read+submit+approve+operate+admin";
    world.must_not(&actor(everything), World::check(), 1304);
    world.must(&baton(), World::check());
    world.must(&lea(), world.approve(&["product"]));
    world.must(&max(), world.approve(&["safety"]));
    world.must(&nia(), world.approve(&["safety"]));
    world.must_not(&actor(everything), World::offer("payments"), 1304);
    world.must_not(&olga(), World::offer("payments"), 1304);
    world.must(&baton(), World::offer("payments"));
    let agent = actor("bot+olga/agent/delivery/engineering-manager/operate");
    let team = id("search");
    let ask = Ask::Reassign {
        team: team.clone(),
        reason: "holiday".to_owned(),
    };
    world.must_not(&agent, ask.clone(), 1306);
    world.must(&olga(), ask);
    world.must_not(
        &olga(),
        Ask::Reassign {
            team: id("sales"),
            reason: "x".into(),
        },
        1310,
    );
    world.must(&cleo(), world.accept());
}
