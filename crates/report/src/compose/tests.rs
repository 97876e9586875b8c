//! Tests of what is shown of a chain.

use baton_contract::compose::{About, Answer, Check, Link, Member};
use serde_json::json as value;

use super::*;
use crate::Appearance;

fn link(checks: Vec<Check>) -> Link {
    let member = |name: &str| Member {
        name: name.parse().unwrap(),
        version: "1.0.0".parse().unwrap(),
    };
    Link {
        from: member("build"),
        to: member("test"),
        checks,
    }
}

fn check(about: About, answer: Answer) -> Check {
    Check {
        about,
        answer,
        because: "a reason".to_owned(),
        pointer: "/inputs/schema/type".to_owned(),
        counterexample: (answer == Answer::No).then(|| value!({"title": "short"})),
    }
}

fn validate(chain: &[Link]) {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let shown = json(chain);
    let problems: Vec<_> = validator.iter_errors(&shown).collect();
    assert!(problems.is_empty(), "{problems:?} in {shown:#}");
}

#[test]
fn the_worst_link_decides() {
    let evidence = || About::Evidence("film".parse().unwrap());
    let fits = || link(vec![check(evidence(), Answer::OwnDuty)]);
    let open = || {
        link(vec![
            check(About::Parties, Answer::Yes),
            check(About::Payload, Answer::Unknown),
        ])
    };
    let broken = || {
        link(vec![
            check(About::Payload, Answer::No),
            check(evidence(), Answer::Yes),
        ])
    };
    for (chain, word, line) in [
        (vec![], "unknown", "UNKNOWN — there is no link to look at"),
        (vec![fits()], "yes", "YES — every link of the chain fits"),
        (
            vec![link(vec![])],
            "unknown",
            "UNKNOWN — 1 of 1 link not proven",
        ),
        (
            vec![fits(), open()],
            "unknown",
            "UNKNOWN — 1 of 2 links not proven",
        ),
        (
            vec![open(), broken(), fits()],
            "no",
            "NO — 1 of 3 links not fitting",
        ),
    ] {
        validate(&chain);
        assert_eq!(json(&chain)["answer"], word);
        let page = text(&chain, Appearance::Plain, 80);
        assert!(page.ends_with(&format!("{line}\n")), "{page}");
    }
}

#[test]
fn what_breaks_is_shown_with_its_example() {
    let page = text(
        &[link(vec![check(About::Payload, Answer::No)])],
        Appearance::Plain,
        80,
    );
    let expected = "no       build 1.0.0 → test 1.0.0\n  no       payload: a reason\n           where    inputs › schema › type (/inputs/schema/type)\n           example  {\"title\":\"short\"}\n\nNO — 1 of 1 link not fitting\n";
    assert_eq!(page, expected);
}
