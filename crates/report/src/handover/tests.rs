//! The renderings of one small map, and drafts that pass lint.

use std::collections::BTreeMap;

use baton_contract::document::Document;
use baton_contract::lint::lint;
use baton_eventlog::handover::{
    Count, Edge, FORMAT, Folded, Map, Outcome, Party, SCHEMA, Split, Totals, Waiting,
};
use baton_terms::Source;

use super::*;
use crate::Appearance;

fn edge(from: &str, to: &str, handovers: u64) -> Edge {
    let count = |cases, failures| Count { cases, failures };
    Edge {
        from: from.to_owned(),
        to: to.to_owned(),
        handovers,
        cases: handovers,
        returned: handovers / 4,
        passed_on: handovers / 10,
        without_person: Some(handovers / 3),
        waiting: Waiting {
            known: handovers,
            median_seconds: Some(5_400),
            p90_seconds: Some(200_000),
        },
        failures: Some(Split {
            with: count(handovers, handovers / 2),
            without: count(100, 30),
        }),
    }
}

fn map(names: &[&str], edges: Vec<Edge>) -> Map {
    let party = |name: &&str| Party {
        name: (*name).to_owned(),
        cases: 100,
        received: 40,
        sent: 50,
        gave_back: 3,
    };
    Map {
        format: FORMAT.to_owned(),
        totals: Totals {
            cases: 1_200,
            events: 9_000,
            handed_over_cases: 700,
            handovers: edges.iter().map(|edge| edge.handovers).sum(),
            after_gap: 12,
            ping_pong_cases: 61,
            without_person: Some(90),
        },
        outcome: Some(Outcome {
            name: "SLA missed".to_owned(),
            all: Count {
                cases: 1_200,
                failures: 300,
            },
            without_person: None,
        }),
        parties: names.iter().map(party).collect(),
        edges,
        folded: Folded {
            parties: 2,
            people_min: 5,
            cases_min: 20,
        },
    }
}

fn small() -> Map {
    map(
        &[
            "(small groups)",
            "Billing",
            "Field <service> & repair of everything",
            "Service desk",
        ],
        vec![
            edge("Service desk", "Billing", 300),
            edge("Billing", "Service desk", 80),
            edge("Service desk", "Field <service> & repair of everything", 40),
            edge("(small groups)", "(small groups)", 30),
        ],
    )
}

#[test]
fn text_says_what_the_map_holds() {
    insta::assert_snapshot!(text(&small(), Appearance::Plain, 100));
}

#[test]
fn json_follows_the_published_schema() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut map = small();
    assert!(validator.is_valid(&json(&map)));
    map.outcome = None;
    for edge in &mut map.edges {
        edge.failures = None;
        edge.without_person = None;
        edge.waiting = Waiting::default();
    }
    let found: Vec<_> = validator
        .iter_errors(&json(&map))
        .map(|error| error.to_string())
        .collect();
    assert!(found.is_empty(), "{found:?}");
    let back: Map = serde_json::from_value(json(&map)).unwrap();
    assert_eq!(back, map);
}

#[test]
fn the_drawing_escapes_names_and_stands_alone() {
    let drawn = svg_document(&small());
    assert!(drawn.contains("Field &lt;service&gt; &amp;"), "{drawn}");
    assert!(!drawn.contains("<service>"));
    // Nothing but the namespace looks like an address.
    assert_eq!(drawn.matches("http").count(), 1);
    assert_eq!(drawn, svg_document(&small()));
    assert!(!svg(&small()).contains("<style>"));
    let empty = map(&[], Vec::new());
    assert!(svg_document(&empty).contains("0 of 0 parties"));
}

#[test]
fn every_draft_passes_lint_whatever_the_teams_are_called() {
    let names = [
        "Service desk",
        "service-desk",
        "数据",
        "2nd line\nC:\\ # \"x\": {y}",
        "a very long name of a team that nobody would ever want to say out loud twice",
    ];
    let mut edges = Vec::new();
    for from in names {
        for to in names.iter().filter(|to| **to != from) {
            edges.push(edge(from, to, 200));
        }
    }
    let mut bare = edge("Service desk", "other", 90);
    (bare.returned, bare.without_person) = (0, None);
    bare.waiting = Waiting::default();
    edges.push(bare);
    let drafts = drafts(&map(&names, edges), 100);
    assert_eq!(drafts.len(), 21);
    let mut seen = std::collections::BTreeSet::new();
    for draft in drafts {
        let document = Document {
            main: Source::new("contract.yaml", draft.contract.clone()),
            files: BTreeMap::from([(
                "package.schema.json".to_owned(),
                Source::new("package.schema.json", draft.schema),
            )]),
        };
        let found = lint(&document);
        assert!(
            found.diagnostics.is_empty(),
            "{:#?}\n{}",
            found.diagnostics,
            draft.contract
        );
        assert!(seen.insert(draft.name));
    }
}
