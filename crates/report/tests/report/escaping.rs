//! Text that a contract or package brings is shown and never obeyed, whatever the rendering.

use baton_report::Appearance;
use baton_report::scorecard::{Model, explanation_text, html, junit, markdown, sarif, text};

use crate::fixture;

/// Markup, a spreadsheet formula, terminal sequences, direction changes, links and mentions in one.
pub(crate) const HOSTILE: &str = "=1+cmd|'/C calc'!A0<script>alert(1)</script><img src=x onerror=y>\u{1b}[31m\u{9b}2J\u{202e}gnp.exe\u{2066}[click](https://evil.example)@team #12 `code` **bold** \"quote\" ]]> --> &amp; | \r\n## heading";

fn renderings(model: &Model<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("text", text(model, Appearance::Plain, 80)),
        (
            "explanation",
            explanation_text(model, Appearance::Plain, 80),
        ),
        ("junit", junit(model)),
        ("sarif", sarif(model).to_string()),
        ("markdown", markdown(model)),
        ("html", html(model)),
    ]
}

fn hostile() -> Vec<(&'static str, String)> {
    let scorecard = fixture::hostile(HOSTILE);
    let earlier = fixture::earlier();
    let mut model = fixture::helped(&scorecard, &earlier);
    model.contract_title = Some(HOSTILE);
    model.package = Some(HOSTILE);
    renderings(&model)
}

#[test]
fn no_rendering_carries_control_or_direction_characters() {
    for (name, shown) in hostile() {
        let is_hostile = |c: &char| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert_eq!(shown.chars().find(is_hostile), None, "{name}:\n{shown}");
    }
}

#[test]
fn markup_of_others_is_no_markup_of_ours() {
    for (name, shown) in hostile() {
        let shown_literally = ["text", "explanation", "sarif"].contains(&name);
        for markup in ["<script", "<img", "onerror=y>", "-->"] {
            assert!(
                shown_literally || !shown.contains(markup),
                "{name} has {markup}"
            );
        }
        assert!(name != "markdown" || !shown.contains("](http"), "{name}");
    }
}

#[test]
fn sarif_has_no_link_of_others_in_its_texts() {
    fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            serde_json::Value::Object(fields) => {
                found.extend(
                    fields
                        .get("text")
                        .and_then(|text| text.as_str())
                        .map(str::to_owned),
                );
                fields.values().for_each(|field| texts(field, found));
            }
            _ => {}
        }
    }
    let scorecard = fixture::hostile(HOSTILE);
    let earlier = fixture::earlier();
    let mut found = Vec::new();
    texts(&sarif(&fixture::helped(&scorecard, &earlier)), &mut found);
    assert!(
        found.iter().any(|text| text.contains("] (http")),
        "{found:#?}"
    );
    assert!(found.iter().all(|text| !text.contains("](")), "{found:#?}");
}

#[test]
fn markdown_keeps_its_tables_lists_and_mentions() {
    let (_, page) = hostile()
        .into_iter()
        .find(|(name, _)| *name == "markdown")
        .unwrap();
    for forbidden in ["@team", "team #12", "**bold", "`code", "https:/"] {
        assert!(!page.contains(forbidden), "{forbidden}:\n{page}");
    }
    let bars = |line: &&str| line.starts_with('|');
    for row in page.lines().filter(bars) {
        assert!([4, 7].contains(&row.matches('|').count()), "{row}");
    }
    assert_eq!(
        page.lines().filter(|line| line.starts_with("## ")).count(),
        1
    );
}

#[test]
fn pages_ask_for_nothing_and_run_nothing() {
    let scorecard = fixture::mixed();
    let earlier = fixture::earlier();
    let page = html(&fixture::helped(&scorecard, &earlier));
    for forbidden in [
        "<script", " src=", " href=", "url(", "@import", " style=", "http://", "https://",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    assert!(page.contains("name=\"viewport\""));
}

#[test]
fn colors_change_nothing_but_colors() {
    let scorecard = fixture::mixed();
    let earlier = fixture::earlier();
    let model = fixture::helped(&scorecard, &earlier);
    let colored = text(&model, Appearance::Colored, 80);
    let mut stripped = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_ne!(colored, stripped);
    let trimmed = |text: &str| {
        text.lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(
        trimmed(&stripped),
        trimmed(&text(&model, Appearance::Plain, 80))
    );
}

#[test]
fn text_keeps_to_its_width() {
    let scorecard = fixture::mixed();
    let earlier = fixture::earlier();
    let model = fixture::helped(&scorecard, &earlier);
    for width in [72, 80, 100, 120] {
        let page = text(&model, Appearance::Plain, width);
        let wide: Vec<_> = page
            .lines()
            .filter(|line| line.chars().count() > width)
            .collect();
        assert!(wide.is_empty(), "{width}: {wide:#?}");
    }
}
