//! Tests of what is shown of a localisation.

use baton_rootcause::localise::{Columns, Localisation, Settings, localise, read};

use std::fmt::Write as _;

use super::*;
use crate::Appearance;

/// A table of two attributes in which one combination fails six times as often.
fn answer(hostile: &str) -> Localisation {
    let mut table = String::from("site,client,failures,requests,before_failures,before_requests\n");
    for site in ["ams", "ber", "cph", "dub", "edi"] {
        for client in ["app", hostile, "web", "api"] {
            let is_bad = site == "ber" && client == hostile;
            let failures = if is_bad { 60 } else { 10 };
            let _ = writeln!(table, "{site},{client},{failures},1000,20,2000");
        }
    }
    let table = read(table.as_bytes(), &Columns::default()).unwrap();
    let mut answer = localise(&table, Settings::default());
    answer.table.name = "table.csv".to_owned();
    answer.table.digest = format!("sha256:{}", "0".repeat(64));
    answer
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let shown = json(&answer("old app")).unwrap();
    let problems: Vec<_> = validator.iter_errors(&shown).collect();
    assert!(problems.is_empty(), "{problems:?} in {shown:#}");
    let again: Localisation = serde_json::from_value(shown.clone()).unwrap();
    assert_eq!(json(&again).unwrap(), shown);
}

#[test]
fn text_says_where_and_how_much() {
    let shown = text(&answer("old app"), Appearance::Plain, 80);
    let expected = "1 combination explains the rise
250 of 20,000 in all, where 200 were to be expected.

1. site is “ber” and client is “old app”
   60 of 1,000 where the rest makes 10 likely: 6.00 times as many, 100.0% of the
   rise.
";
    assert!(shown.starts_with(expected), "{shown}");
}

#[test]
fn no_rendering_obeys_what_a_table_says() {
    let hostile = "<b>x</b> [a](https://e.example) @team \u{1b}[31m\u{202e}";
    let answer = answer(hostile);
    for shown in [
        text(&answer, Appearance::Plain, 80),
        markdown(&answer),
        html(&answer),
    ] {
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
    for shown in [markdown(&answer), html(&answer)] {
        assert!(!shown.contains("<b>"), "{shown}");
    }
    assert!(!markdown(&answer).contains("](https"));
    assert!(!html(&answer).contains("<script"));
}
