//! What people read, and that nothing of the log is obeyed.

use super::{empty, hostile, realistic, renderings};

fn shown(name: &str) -> String {
    let renderings = renderings(&realistic());
    renderings
        .into_iter()
        .find(|(found, _)| *found == name)
        .unwrap()
        .1
}

#[test]
fn the_answer_comes_first_and_in_plain_words() {
    let text = shown("text");
    for line in [
        "Reopened: 2,246 of 12,480 cases (18.0%)",
        "acceptance criteria is missing and handovers is 3 or more",
        "seen again in later cases",
        "turns round after adjusting",
        "restates the outcome: tells 99.8% of pairs",
    ] {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(line), "{line}\n{text}");
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn every_rendering_says_the_same_of_each_cause() {
    for (name, shown) in renderings(&realistic()) {
        for said in [
            "716 of 1,406 such cases fail (50.9%), against 13.8% of all others",
            "Within groups that have risk tier in common the direction turns round",
            "It matters more in some groups than in others",
            "412 cases come in groups of one release",
            "214,077 hypotheses",
            "31/02/2025",
        ] {
            let flat = shown
                .replace("&#45;", "-")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            assert!(flat.contains(said), "{name}: {said}\n{shown}");
        }
    }
}

#[test]
fn a_report_without_causes_says_what_that_means() {
    for (name, shown) in renderings(&empty()) {
        assert!(shown.contains("nothing to explain"), "{name}\n{shown}");
    }
    let mut none = empty();
    none["overview"]["failures"] = 59.into();
    none["overview"]["cases"] = 8_300.into();
    for (name, shown) in renderings(&none) {
        let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains("That is an answer, not an error"),
            "{name}\n{shown}"
        );
    }
}

#[test]
fn the_page_asks_for_nothing_and_runs_nothing() {
    let page = shown("html");
    for part in [
        "<script", "http://", "https://", "src=", "@import", "url(", " style=",
    ] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
}

#[test]
fn text_of_the_log_is_shown_and_never_obeyed() {
    for (name, shown) in renderings(&hostile()) {
        let is_hostile = |c: &char| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert_eq!(shown.chars().find(is_hostile), None, "{name}");
        for markup in ["<script", "<img", "-->"] {
            assert!(
                name == "text" || !shown.contains(markup),
                "{name} has {markup}"
            );
        }
        assert!(name != "markdown" || !shown.contains("](http"), "{name}");
    }
}
