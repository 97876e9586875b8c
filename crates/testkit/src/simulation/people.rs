//! Who acts, and what they try: what they may do and what they may not.

use baton_mission::authority::Actor;
use baton_mission::handoff::{Ask, Unmet};
use baton_terms::{Digest, Instant};
use serde_json::{Value, json};

use super::scene::Scene;
use crate::organization::actor;
use crate::seed::Seed;

/// The cast; the last four may not do what they try, or not in that way.
const CAST: [&str; 13] = [
    "ada/person/design/designer/submit",
    "ann/person/design/designer/submit",
    "bob/person/payments/engineer/submit",
    "cleo/person/search/engineer/submit",
    "lea/person/product/product-lead/approve",
    "max/person/safety/safety-lead/approve",
    "nia/person/safety/safety-lead+product-lead/approve",
    "olga/person/delivery/engineering-manager/operate+admin",
    "otto/person/product-operations/owner/approve",
    "ada/person/design/safety-lead+product-lead/approve",
    "bot+ada/agent/payments/engineer/submit",
    "eve/agent/design/designer/submit+approve+operate",
    "zed/person/payments/engineer/read",
];

/// What is tried, the more often the more often it stands here.
const ACTS: [&str; 24] = [
    "submit",
    "submit",
    "submit",
    "approve",
    "approve",
    "approve",
    "approve",
    "approve",
    "accept",
    "accept",
    "accept",
    "complete",
    "need-input",
    "decline",
    "acknowledge",
    "reject",
    "waive",
    "withdraw",
    "rollback",
    "escalate",
    "resume",
    "resume",
    "reassign",
    "leave",
];

/// Returns the cast.
pub(super) fn cast() -> Vec<Actor> {
    CAST.iter().map(|card| actor(card)).collect()
}

/// Returns who would usually do what in a state, by their place in the cast.
pub(super) fn usual(state: &str, team: &str, seed: &Seed) -> Option<(usize, &'static str)> {
    let receiver = if team == "search" { 3 } else { 2 };
    let choices: &[(usize, &'static str)] = match state {
        "unopened" => &[(0, "open")],
        "drafted" | "needs-input" | "declined" => &[(0, "submit"), (1, "submit")],
        "gated" => &[(4, "approve"), (5, "approve"), (6, "approve")],
        "offered" if receiver == 3 => &[(3, "accept"), (3, "accept"), (3, "acknowledge")],
        "offered" => &[(2, "accept"), (2, "accept"), (2, "acknowledge")],
        "accepted" if receiver == 3 => &[(3, "complete"), (3, "complete"), (7, "rollback")],
        "accepted" => &[(2, "complete"), (2, "complete"), (7, "rollback")],
        "completed" => &[(7, "rollback")],
        "escalated" | "quarantined" => &[(7, "resume"), (7, "rollback")],
        _ => return None,
    };
    seed.pick(choices).copied()
}

/// Returns one act by its word.
pub(super) fn act(seed: &Seed) -> &'static str {
    seed.pick(&ACTS).copied().unwrap_or("submit")
}

/// Packages with a hostile text, of a thousand, where a scene has some.
const HOSTILE_PER_MILLE: u64 = 150;

/// Returns what changes the payload of a package: some go through, some are sent back.
pub(super) fn payload(seed: &Seed, scene: &Scene) -> (String, Value) {
    if seed.happens(scene.harmful_per_mille) {
        return ("Checkout".to_owned(), json!({"harm": "stress"}));
    }
    if let Some(text) = seed
        .pick(&scene.texts)
        .filter(|_| seed.happens(HOSTILE_PER_MILLE))
    {
        return (text.clone(), json!({"notes": text}));
    }
    let (title, changes) = usual_payload(seed);
    (title.to_owned(), changes)
}

fn usual_payload(seed: &Seed) -> (&'static str, Value) {
    let three = json!(["empty", "full", "error"]);
    match seed.below(8) {
        0 => ("Basket", json!({"states": []})),
        1 => ("", json!({})),
        3 => ("Checkout", json!({"notes": "see below"})),
        4 => ("Basket", json!({"states": three})),
        _ => ("Checkout", json!({})),
    }
}

/// Returns the question of an act, or nothing where it is asked in another way.
pub(super) fn question(
    (act, seed): (&str, &Seed),
    (package, now): (Digest, Instant),
) -> Option<Ask> {
    let reason = "so it was decided".to_owned();
    let id = |text: &str| text.parse().ok();
    Some(match act {
        "approve" => Ask::Approve {
            gates: match seed.below(3) {
                0 => vec![id("product")?],
                1 => vec![id("safety")?],
                _ => vec![id("product")?, id("safety")?],
            },
            package,
            reason,
        },
        "reject" => Ask::Reject {
            gate: id("safety")?,
            package,
            reason,
        },
        "acknowledge" => Ask::Acknowledge {},
        "accept" => Ask::Accept { package },
        "need-input" => Ask::NeedInput {
            package,
            unmet: vec![Unmet {
                subject: None,
                what: "the error text".to_owned(),
            }],
        },
        "decline" => Ask::Decline { package, reason },
        "complete" => Ask::Complete { outputs: None },
        "withdraw" if seed.happens(300) => Ask::Withdraw { reason },
        "rollback" => Ask::RollBack { reason },
        "escalate" if seed.happens(300) => Ask::Escalate { reason },
        "resume" => match seed.below(3) {
            0 => Ask::Release { reason },
            _ => Ask::Resume { reason },
        },
        "reassign" => Ask::Reassign {
            team: id(if seed.happens(500) {
                "payments"
            } else {
                "search"
            })?,
            reason,
        },
        "leave" => Ask::Leave {
            effect: id("delivery-20")?,
            reason,
        },
        "waive" => Ask::Waive {
            waiver: id("w-1")?,
            clause: id("states-covered")?,
            reason,
            owner: "ann".parse().ok()?,
            expires: now.checked_add_millis(86_400_000)?,
        },
        _ => return None,
    })
}
