//! What all rules' tests share: a contract without a problem, and one way to check a change to it.

use baton_terms::{Diagnostic, Source};

use crate::document::Document;
use crate::lint::{Rule, Subject};

/// A contract every rule accepts; tests change one thing of it.
pub(crate) const SOUND: &str = include_str!("sound.contract.yaml");

/// Applies one rule to [`SOUND`] after replacing `from` by `to`, and compares what it reports,
/// each as `code level "underlined text"`.
pub(in crate::lint) fn check(rule: &Rule, from: &str, to: &str, expected: &[&str]) {
    check_changes(rule, &[(from, to)], expected);
}

/// Applies one rule to [`SOUND`] after several replacements, each of the first place only.
pub(in crate::lint) fn check_changes(rule: &Rule, changes: &[(&str, &str)], expected: &[&str]) {
    let mut text = SOUND.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "the contract has no `{from}`");
        text = text.replacen(from, to, 1);
    }
    let document = Document::alone(Source::new("contract.yaml", text));
    let reading = document.read();
    let subject = Subject::new(&reading, &document.main, &document.files);
    let reported: Vec<_> = (rule.check)(&subject)
        .iter()
        .map(|d| shown(d, &document.main))
        .collect();
    let expected: Vec<_> = expected.iter().map(|line| (*line).to_owned()).collect();
    assert_eq!(reported, expected, "{changes:?}");
}

fn shown(d: &Diagnostic, source: &Source) -> String {
    for (field, text) in [
        ("expected", &d.expected),
        ("found", &d.found),
        ("hint", &d.hint),
    ] {
        assert!(!text.is_empty(), "{} says nothing as `{field}`", d.code);
    }
    let underlined = source.slice(d.place.span.unwrap_or_default());
    let first_line = underlined.lines().next().unwrap_or_default();
    let level = format!("{:?}", d.level).to_lowercase();
    format!("{} {level} {first_line:?}", d.code)
}

#[test]
fn the_sound_contract_has_no_problem() {
    let document = Document::alone(Source::new("contract.yaml", SOUND));
    let lint = crate::lint::lint(&document);
    assert_eq!(lint.diagnostics, []);
}

#[test]
fn codes_are_unique_and_in_order() {
    let codes: Vec<_> = super::ALL.iter().map(|rule| rule.code).collect();
    let mut sorted = codes.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(codes, sorted);
}

#[test]
fn every_rule_has_a_name_of_its_own_and_says_what_it_insists_on() {
    let mut names: Vec<_> = super::ALL.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), super::ALL.len());
    for rule in super::ALL {
        assert!(
            rule.name.parse::<baton_terms::Id>().is_ok(),
            "{}",
            rule.name
        );
        assert!(rule.summary.ends_with('.'), "{}", rule.name);
    }
}

#[test]
fn there_are_at_least_forty_rules() {
    assert!(super::ALL.len() >= 40, "{}", super::ALL.len());
}

#[test]
fn every_rule_has_a_page() {
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors");
    for rule in super::ALL {
        let page = format!("{pages}/{}.md", rule.code);
        assert!(std::path::Path::new(&page).is_file(), "{page}");
    }
}
