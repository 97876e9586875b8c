//! One sound life, and what is found when it is changed in one place.

use std::collections::{BTreeMap, BTreeSet};

use baton_terms::Elapsed;
use serde_json::{Value, json};

use super::acceptance;
use super::life::Landed;
use super::remains::{Acknowledged, Broken, Remains, Rules, check};

fn by(names: &[&str]) -> Value {
    json!({"principal": names[0], "kind": "person", "on_behalf_of": names[1..], "team": "design"})
}

fn minute(minute: usize) -> String {
    format!("2026-01-12T08:{minute:02}:00Z")
}

/// Who, and what changed.
fn sound() -> Vec<(Value, Value)> {
    let check = json!({
        "package": "p", "scorecard": "s", "posture": "review", "nothing_checked": false,
        "findings": [{"clause": "tested", "severity": "blocker", "state": "passed"}],
        "gates": [{"gate": "safety", "kind": "approval", "state": "open"}],
    });
    let approved =
        |gate: &str| json!({"change": "approved", "approval": {"gates": [gate], "package": "p"}});
    let noticed = |revision: u64, about: &str| {
        let id = format!("h.{revision}");
        json!({"change": "noticed", "notice": {"id": id, "about": about, "to": ["design"]}})
    };
    let baseline = json!({"slot": {"work_item": "w", "contract": "c"}, "number": 1, "handoff": "h", "package": "p"});
    let receipt = json!({"package": "p", "scorecard": "s"});
    vec![
        (by(&["ada"]), json!({"change": "opened"})),
        (
            by(&["ada"]),
            json!({"change": "submitted", "package": {"digest": "p"}}),
        ),
        (by(&["baton"]), json!({"change": "checked", "check": check})),
        (
            by(&["baton"]),
            json!({"change": "gates-opened", "gates": ["safety"]}),
        ),
        (by(&["baton"]), noticed(5, "gated")),
        (
            by(&["baton"]),
            json!({"change": "timer-set", "timer": {"number": 6, "due": minute(30)}}),
        ),
        (by(&["lea"]), approved("safety")),
        (by(&["max"]), approved("safety")),
        (by(&["max"]), json!({"change": "gates-passed"})),
        (
            by(&["baton"]),
            json!({"change": "offered", "team": "payments"}),
        ),
        (by(&["baton"]), noticed(11, "offered")),
        (
            by(&["baton"]),
            json!({"change": "timer-cleared", "number": 6}),
        ),
        (
            by(&["baton"]),
            json!({"change": "timer-set", "timer": {"number": 13, "due": minute(13)}}),
        ),
        (
            by(&["baton"]),
            json!({"change": "timer-fired", "number": 13}),
        ),
        (
            by(&["bob"]),
            json!({"change": "accepted", "receipt": receipt, "baseline": baseline}),
        ),
        (by(&["bob"]), noticed(16, "accepted")),
        (by(&["bob"]), json!({"change": "completed"})),
        (by(&["bob"]), noticed(18, "completed")),
    ]
}

fn remains(events: &[(Value, Value)]) -> Remains {
    let line = |(at, (by, change)): (usize, &(Value, Value))| {
        let event = json!({
            "handoff": "h", "revision": at + 1, "at": minute(at), "by": by,
            "key": format!("k{at}"), "change": change,
        });
        json!({"kind": "handoff", "detail": {"event": event}})
            .to_string()
            .into_bytes()
    };
    let id = |(_, change): &(Value, Value)| change["notice"]["id"].as_str().map(str::to_owned);
    Remains {
        handoffs: BTreeMap::from([(
            "h".to_owned(),
            events.iter().enumerate().map(line).collect(),
        )]),
        acknowledged: vec![Acknowledged {
            handoff: "h".to_owned(),
            revision: 2,
            key: "k1".to_owned(),
        }],
        arrived: events.iter().filter_map(id).collect(),
    }
}

fn rules() -> Rules {
    Rules {
        quorums: BTreeMap::from([("safety".to_owned(), 2)]),
        lateness_max: Elapsed::from_seconds(60),
        end: "2026-01-13T08:00:00Z".parse().unwrap(),
    }
}

fn found(remains: &Remains) -> Vec<String> {
    let (broken, _) = check(remains, &rules());
    let name = |broken: &Broken| {
        let text = format!("{broken:?}");
        text.split('(').next().unwrap_or_default().to_owned()
    };
    broken.iter().map(name).collect()
}

#[test]
fn a_sound_life_breaks_nothing() {
    let (broken, counted) = check(&remains(&sound()), &rules());
    assert_eq!(broken, BTreeSet::new());
    assert_eq!(
        (counted.handoffs, counted.events, counted.accepted),
        (1, 18, 1)
    );
}

/// What is changed: which event, where in it, to what.
type Change<'c> = (&'c str, usize, &'c str, Value);

fn breaks(cases: &[Change<'_>], promise: &str) {
    for (what, event, place, value) in cases {
        let mut life = sound();
        let (by, change) = &mut life[*event];
        if *place == "by" {
            by.clone_from(value);
        } else {
            change.pointer_mut(place).unwrap().clone_from(value);
        }
        let found = found(&remains(&life));
        assert!(
            found.iter().any(|broken| broken == promise),
            "{what}: {found:?}"
        );
    }
}

#[test]
fn an_acceptance_without_its_ground_is_found() {
    let other = json!({"change": "acknowledged"});
    breaks(
        &[
            ("one approval of two", 7, "", other),
            ("the sender approves", 7, "by", by(&["ada"])),
            ("on behalf of the sender", 7, "by", by(&["bot", "ada"])),
            ("one person twice", 7, "by", by(&["lea"])),
            ("for another gate", 7, "/approval/gates", json!(["product"])),
            ("of another package", 7, "/approval/package", json!("q")),
            (
                "a blocker is unknown",
                2,
                "/check/findings/0/state",
                json!("unknown"),
            ),
            (
                "nothing was checked",
                2,
                "/check/nothing_checked",
                json!(true),
            ),
            ("another scorecard", 14, "/receipt/scorecard", json!("t")),
        ],
        "Accepted",
    );
}

#[test]
fn each_other_change_breaks_its_promise() {
    breaks(
        &[
            ("of nothing", 10, "/notice/about", json!("reminder")),
            ("under one id twice", 10, "/notice/id", json!("h.5")),
        ],
        "Told",
    );
    breaks(
        &[
            ("early", 12, "/timer/due", json!(minute(20))),
            ("late", 12, "/timer/due", json!(minute(1))),
            ("not set", 13, "/number", json!(99)),
        ],
        "Timer",
    );
    let again = sound().swap_remove(14).1;
    breaks(&[("again", 16, "", again)], "AcceptedTwice");
    let mut life = sound();
    life.truncate(9);
    assert_eq!(found(&remains(&life)), ["Stuck"]);
}

#[test]
fn what_is_lost_is_found() {
    let mut lost = remains(&sound());
    lost.acknowledged[0].key = "other".to_owned();
    assert_eq!(found(&lost), ["Lost"]);
    let mut unheard = remains(&sound());
    unheard.arrived.remove("h.16");
    assert_eq!(found(&unheard), ["Unheard"]);
    let mut cut = remains(&sound());
    cut.handoffs.get_mut("h").unwrap().remove(3);
    assert!(found(&cut).contains(&"Record".to_owned()));
}

#[test]
fn slots_are_looked_at_across_handoffs() {
    let baseline = |number: u64, handoff: &str| json!({"slot": {"work_item": "w", "contract": "c"}, "number": number, "handoff": handoff});
    let accepted = |number, handoff: &str| Landed::Accepted {
        baseline: baseline(number, handoff),
        handoff: handoff.to_owned(),
    };
    let back = |number, to: &str| Landed::RolledBack {
        to: baseline(number, to),
        handoff: "c".to_owned(),
    };
    for (landed, expected) in [
        (vec![accepted(1, "a"), accepted(2, "b"), back(1, "a")], 0),
        (vec![accepted(1, "a"), accepted(1, "b")], 1),
        (vec![accepted(1, "a"), back(2, "b")], 1),
    ] {
        assert_eq!(acceptance::across(&landed).len(), expected, "{landed:?}");
    }
}
