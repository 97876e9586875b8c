//! Scorecards as Markdown, for comments on pull requests: the answer first, details folded.

use baton_scoring::wire::{DimensionScore, FindingState};

use super::model::Model;
use super::view::{Missing, View};
use crate::markdown::{code, text};

/// Returns a scorecard as Markdown (GitHub Flavored).
pub fn markdown(model: &Model<'_>) -> String {
    let view = View::new(model);
    let mut page = vec![
        format!("## Handoff check: {}", view.word()),
        format!("**{}** · **{}**", text(&view.score), text(&view.risk)),
        text(&view.why),
        format!("<sub>{}</sub>", text(&view.subject)),
    ];
    if !view.missing.is_empty() {
        page.push("### What is missing, in the order to fix it".to_owned());
        page.push(missing_table(&view.missing));
    }
    if let Some(path) = &view.path {
        page.push(format!("> **Shortest path to ready.** {}", text(path)));
    }
    if !view.missing.is_empty() {
        let told: Vec<String> = view.missing.iter().map(told).collect();
        page.push(folded("Expected, found and why", &told.join("\n")));
    }
    if !view.decisions.is_empty() {
        page.push("### Decisions still needed".to_owned());
        let decisions = view.decisions.iter().map(|decision| {
            let because = decision.gate.because.as_deref().unwrap_or_default();
            let (title, what) = (text(&decision.gate.title), text(&decision.what));
            format!("- **{title}**: {what}. {}", text(because))
        });
        page.push(decisions.collect::<Vec<_>>().join("\n"));
    }
    if let Some(since) = &view.changes {
        page.push(format!("### {}", text(&since.heading)));
        page.push(bullets(&since.lines));
    }
    if !view.warnings.is_empty() {
        page.push("### Warnings".to_owned());
        page.push(bullets(&view.warnings));
    }
    page.push(folded(
        "Scores",
        &scores(&model.scorecard.dimensions, &view),
    ));
    let passed = model
        .scorecard
        .findings
        .iter()
        .filter(|f| f.state == FindingState::Passed);
    let passed: Vec<String> = passed
        .map(|finding| format!("- {}", text(&finding.title)))
        .collect();
    page.push(folded(
        &format!("{}.", text(&view.counts)),
        &passed.join("\n"),
    ));
    let inputs = view
        .inputs
        .iter()
        .map(|(name, value)| format!("- {name} {}", code(value)));
    page.push(folded(
        "What was read",
        &inputs.collect::<Vec<_>>().join("\n"),
    ));
    let mut page = page.join("\n\n");
    page.push('\n');
    page
}

fn missing_table(missing: &[Missing<'_>]) -> String {
    let mut rows = vec![
        "| | What | Where | How to fix | Effort | Severity |".to_owned(),
        "|--:|---|---|---|---|---|".to_owned(),
    ];
    rows.extend(missing.iter().map(|missing| {
        let finding = missing.finding;
        let places: Vec<String> = missing
            .places()
            .iter()
            .map(|(words, _)| text(words))
            .collect();
        let mark = if missing.is_on_path { " →" } else { "" };
        format!(
            "| {}{mark} | **{}**<br>{} | {} | {} | {} | {} |",
            missing.number,
            text(&finding.title),
            text(&missing.state),
            places.join("<br>"),
            text(finding.fix.as_deref().unwrap_or_default()),
            text(&missing.effort),
            finding.severity,
        )
    }));
    rows.join("\n")
}

fn told(missing: &Missing<'_>) -> String {
    let finding = missing.finding;
    let mut lines = vec![format!(
        "- **{} · {}**",
        missing.number,
        text(&finding.title)
    )];
    let places: Vec<String> = missing
        .places()
        .iter()
        .map(|(_, pointer)| code(pointer))
        .collect();
    for (label, value) in [
        ("where", places.join(", ")),
        ("expected", shown(&finding.expected)),
        ("found", shown(&finding.found)),
        ("why", text(finding.because.as_deref().unwrap_or_default())),
    ] {
        if !value.is_empty() {
            lines.push(format!("  - {label}: {value}"));
        }
    }
    lines.extend(finding.details.iter().map(|detail| {
        let (place, expected, found) = (
            code(&detail.place),
            shown(&detail.expected),
            shown(&detail.found),
        );
        format!("  - {place}: expected {expected}, found {found}")
    }));
    lines.join("\n")
}

fn shown(value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        code(value)
    }
}

fn bullets(lines: &[String]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("- {}", text(line)))
        .collect();
    lines.join("\n")
}

fn folded(summary: &str, body: &str) -> String {
    format!("<details><summary>{summary}</summary>\n\n{body}\n\n</details>")
}

fn scores(dimensions: &[DimensionScore<'_>], view: &View<'_>) -> String {
    let mut rows = vec![
        "| Dimension | Weight | Score |".to_owned(),
        "|---|--:|--:|".to_owned(),
    ];
    rows.extend(dimensions.iter().map(|dimension| {
        let score = match dimension.score {
            Some(score) => score.to_string(),
            None => "unknown".to_owned(),
        };
        format!(
            "| {} | {} | {score} |",
            text(&dimension.title),
            dimension.weight
        )
    }));
    let risk_terms = view.risk_terms.iter();
    rows.extend(
        risk_terms.map(|(source, points)| format!("| risk from {} | | {points} |", text(source))),
    );
    rows.join("\n")
}
