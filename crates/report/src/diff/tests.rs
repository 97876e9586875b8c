//! Tests of what is shown of a comparison.

use baton_contract::diff::{Change, Class, Comparison, Step, UNDERSTATED};
use baton_terms::Diagnostic;
use serde_json::{Value, json as value};

use super::*;
use crate::Appearance;

fn comparison(changes: Vec<Change>, problem: Option<Diagnostic>) -> Comparison {
    Comparison {
        name: "build".parse().unwrap(),
        old: "1.2.0".parse().unwrap(),
        new: "1.3.0".parse().unwrap(),
        step: baton_contract::diff::step_needed(&changes),
        changes,
        problem,
    }
}

fn change(pointer: &str, class: Class, after: Option<Value>) -> Change {
    Change {
        pointer: pointer.to_owned(),
        class,
        step: match class {
            Class::Cosmetic => Step::Patch,
            _ => Step::Major,
        },
        what: "raised".to_owned(),
        before: Some(value!("<b> | \u{1b}[31m")),
        after,
    }
}

fn understated() -> Comparison {
    let changes = vec![
        change(
            "/gates/impact/quorum",
            Class::StricterForSender,
            Some(value!(2)),
        ),
        change("/inputs/schema", Class::StricterForSender, Some(value!({}))),
        change("/title", Class::Cosmetic, None),
    ];
    let problem = Diagnostic::error(UNDERSTATED, "version understates the change")
        .pointing_to("/version")
        .expected("at least 2.0.0")
        .found("1.3.0")
        .hint("set `version: 2.0.0`");
    comparison(changes, Some(problem))
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for shown in [json(&understated()), json(&comparison(vec![], None))] {
        let problems: Vec<_> = validator.iter_errors(&shown).collect();
        assert!(problems.is_empty(), "{problems:?} in {shown:#}");
    }
    let shown = json(&understated());
    assert_eq!(shown["is_truthful"], false);
    assert_eq!(shown["changes"][2].get("after"), None);
}

#[test]
fn text_is_grouped_and_concludes() {
    let expected = "build 1.2.0 → 1.3.0

stricter for sender (2)
  /gates/impact/quorum: raised
      \"<b> | \\u001b[31m\" → 2
  /inputs/schema: raised

cosmetic (1)
  /title: raised
      \"<b> | \\u001b[31m\" → nothing

3 changes take a major step; version 1.3.0 is refused.
error[E0602]: version understates the change
  expected  at least 2.0.0
  found     1.3.0
  hint      set `version: 2.0.0`
";
    assert_eq!(text(&understated(), Appearance::Plain, 80), expected);
    let same = text(&comparison(vec![], None), Appearance::Plain, 80);
    assert_eq!(same, "build 1.2.0 → 1.3.0\n\nNothing changed.\n");
}

#[test]
fn markdown_shows_and_does_not_interpret() {
    let page = markdown(&understated());
    for part in [
        "## build 1.2.0 → 1.3.0\n",
        "**E0602: version understates the change** Expected at least 2.0.0; found 1&#46;3.0.",
        "### Stricter for sender (2)\n",
        "| <code>/gates/impact/quorum</code> | raised | <code>&#34;&#60;b&#62; &#124;",
    ] {
        assert!(page.contains(part), "{part} is missing from:\n{page}");
    }
    assert!(!page.contains("<b>") && !page.contains('\u{1b}'));
}

#[test]
fn long_values_are_cut() {
    let long = change("/purpose", Class::Cosmetic, Some(value!("x".repeat(5000))));
    let page = text(&comparison(vec![long], None), Appearance::Plain, 80);
    assert!(page.len() < 600, "{page}");
    assert!(page.contains('…'));
}
