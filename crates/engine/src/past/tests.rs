//! A log of four rows and recipes good and bad.

use baton_eventlog::import::{Format, Imported, import};
use baton_eventlog::mapping::{self, Mapping};
use baton_terms::Source;

use super::*;

const LOG: &str = "id,at,step,team,who,prio,sure,solved,hint\n\
1,2026-01-01T08:00:00Z,new,Group 1,ana,high,true,crash,\n\
1,2026-01-01T09:30:00Z,active,Group 2,,high,false,crash,look here\n\
1,2026-01-01T10:00:00Z,active,Group 1,ben,low,false,crash,\n\
2,2026-01-02T10:00:00Z,new,Group 2,ana,low,true,typo,\n";

fn mapping() -> Mapping {
    let text = "baton: mapping/v1\ncase: id\ntime: {column: at}\nactivity: step\nparty: team\nperson: who\n\
        columns:\n  sure: {kind: boolean}\n  solved: {known: end}\n";
    mapping::read(&Source::new("m.yaml", text))
        .into_mapping()
        .unwrap()
}

fn log(mapping: &Mapping) -> Imported {
    import(LOG.as_bytes(), Format::Csv, mapping, &mut |_| {}).unwrap()
}

fn recipe(payload: &str) -> String {
    format!("baton: package-fields/v1\ncontract: any\nrole: resolver\npayload:\n{payload}")
}

/// Returns the payloads of all handovers, or the problems' texts; each problem has the page about fields.
fn payloads(payload: &str) -> Result<Vec<String>, Vec<String>> {
    let mapping = mapping();
    let imported = log(&mapping);
    let texts = |problems: Vec<baton_terms::Diagnostic>| {
        let text = |p: &baton_terms::Diagnostic| {
            assert_eq!(p.code.to_string(), "E1357");
            format!("{} {}", p.expected, p.found)
        };
        problems.iter().map(text).collect::<Vec<_>>()
    };
    let recipe = read(&Source::new("r.yaml", recipe(payload))).map_err(texts)?;
    let past = Past::of(&imported.log, &mapping, &recipe).map_err(texts)?;
    let package = |handover| {
        let package = past.package(handover).unwrap();
        format!("{} {}", package.work_item(), package.payload().to_value())
    };
    Ok(past.handovers().iter().map(package).collect())
}

// spec: PAST-1
#[test]
fn each_handover_is_a_package_of_what_was_known_at_it() {
    assert_eq!(
        payloads("  p: {column: prio}\n  sure: {column: sure}\n  hint: {column: hint}\n").unwrap(),
        [
            r#"1/1 {"hint":"look here","p":"high","sure":false}"#,
            r#"1/2 {"p":"low","sure":false}"#
        ]
    );
    assert_eq!(
        payloads("  hint: {latest: hint}\n  named: {present: who}\n").unwrap(),
        [
            r#"1/1 {"hint":"look here","named":false}"#,
            r#"1/2 {"hint":"look here","named":true}"#
        ]
    );
    let facts = "  a: {fact: activity}\n  b: {fact: from}\n  c: {fact: to}\n  d: {fact: handovers-before}\n  \
        e: {fact: is-return}\n  f: {fact: was-here}\n  g: {fact: minutes-open}\n  h: {fact: minutes-held}\n  \
        i: {fact: at}\n  j: {text: made up}\n";
    assert_eq!(
        payloads(facts).unwrap(),
        [
            r#"1/1 {"a":"active","b":"Group 1","c":"Group 2","d":0,"e":false,"f":false,"g":90,"h":90,"i":"2026-01-01T09:30:00Z","j":"made up"}"#,
            r#"1/2 {"a":"active","b":"Group 2","c":"Group 1","d":1,"e":true,"f":true,"g":120,"h":30,"i":"2026-01-01T10:00:00Z","j":"made up"}"#
        ]
    );
}

// spec: PAST-3
#[test]
fn a_recipe_chooses_the_handovers_its_contract_is_about() {
    let only = |activity: &str| {
        payloads(&format!(
            "  a: {{fact: activity}}\nactivities: [{activity}]\n"
        ))
    };
    assert_eq!(only("active").unwrap().len(), 2);
    assert_eq!(only("new").unwrap(), [""; 0]);
    assert_eq!(
        only("Active"),
        Err(vec!["one of: active, new `Active`".to_owned()])
    );
}

// spec: PAST-2
#[test]
fn what_was_not_known_then_and_who_it_was_cannot_be_taken() {
    let check = |payload: &str, expected: &[&str]| {
        let problems = payloads(payload).unwrap_err();
        assert_eq!(problems.len(), expected.len(), "{problems:?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.contains(expected), "{problem}");
        }
    };
    check(
        "  a: {column: solved}\n  b: {column: who}\n  c: {column: proi}\n",
        &["known only at the end", "`who`", "such as `prio`"],
    );
    check("  a: {present: nobody}\n", &["`nobody`"]);
    check(
        "  a: {}\n  b: {column: prio, text: x}\n",
        &["none of them", "`column`, `text`"],
    );
}

#[test]
fn a_team_has_an_id_whatever_its_name() {
    let text = "baton: mapping/v1\ncase: id\ntime: {column: at}\nactivity: step\nparty: team\n";
    let mapping = mapping::read(&Source::new("m.yaml", text))
        .into_mapping()
        .unwrap();
    let rows = "id,at,step,team\n1,2026-01-01T08:00:00Z,a,\u{e9}quipe\n1,2026-01-01T09:00:00Z,a,7\n\
        1,2026-01-01T10:00:00Z,a,\u{540d}\n1,2026-01-01T11:00:00Z,a,A & B\n1,2026-01-01T12:00:00Z,a,x\n";
    let imported = import(rows.as_bytes(), Format::Csv, &mapping, &mut |_| {}).unwrap();
    let recipe = read(&Source::new("r.yaml", recipe("  a: {text: x}\n"))).unwrap();
    let past = Past::of(&imported.log, &mapping, &recipe).unwrap();
    let sender = |handover| past.package(handover).unwrap().sender().team.to_string();
    let senders: Vec<String> = past.handovers().iter().map(sender).collect();
    assert_eq!(senders, ["quipe", "team-7", "team", "a-b"]);
}
