//! A mining report as Markdown (GitHub Flavored), for issues and wikis: the answer first, details
//! folded.

use super::cause::CauseView;
use super::facts::facts;
use super::model::Model;
use super::numbers::{amount, limits, percent, percent_of, whole};
use super::view::View;
use super::words_of::{group_name, origin, why};
use crate::markdown::{code, text};

/// Returns a mining report as Markdown.
pub fn markdown(model: &Model<'_>) -> String {
    let view = View::new(model.report);
    let mut page = vec![format!("## {}", text(&view.headline))];
    page.extend(
        view.lead
            .iter()
            .chain(&view.answer)
            .map(|sentence| text(sentence)),
    );
    let cautions = view.report.cautions.iter();
    let cautions: Vec<_> = cautions
        .map(|caution| format!("> - {}", text(&caution.text)))
        .collect();
    if !cautions.is_empty() {
        page.push(format!(
            "> **Before you use it**\n>\n{}",
            cautions.join("\n")
        ));
    }
    if !view.causes.is_empty() {
        page.push("### Where failures gather, strongest first".to_owned());
        page.push(text(&view.about_causes));
        page.push(table(&view));
        page.extend(view.causes.iter().map(cause));
        page.push("### How much they cover".to_owned());
        page.push(text(&view.coverage));
    }
    for list in &view.beside {
        page.push(format!("### {}", list.heading));
        page.push(text(list.about));
        let items = list.items.iter();
        let items: Vec<_> = items
            .map(|(what, size)| format!("- {}: {}", text(what), text(size)))
            .collect();
        page.push(items.join("\n"));
    }
    bullets(&mut page, "The failure rate over time", &view.changes);
    page.push(periods(&view));
    page.push("### What this rests on".to_owned());
    page.push(folded("Set aside, and why", &set_aside(&view)));
    page.push(folded("Features that were searched", &features(&view)));
    page.push(folded("How the log was read", &quality(&view)));
    page.push(folded("What was searched", &list(&view.search)));
    page.push(folded("What was read, and the settings", &inputs(&view)));
    let mut page = page
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    page.push('\n');
    page
}

fn table(view: &View<'_>) -> String {
    let mut rows = vec![
        "| | Where | Fails | Others | Risk ratio | Failures a month to save | Evidence |"
            .to_owned(),
        "|--:|---|--:|--:|--:|--:|---|".to_owned(),
    ];
    rows.extend(view.causes.iter().map(|view| {
        let effect = &view.cause.effect;
        let value = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        let ratio_limits = limits(&effect.risk_ratio, super::numbers::ratio);
        let ratio = value(effect.risk_ratio.value.map(super::numbers::ratio));
        format!(
            "| {} | {} | {} | {} | {ratio}{} | {} | {} |",
            view.cause.rank,
            text(&view.line()),
            value(effect.rate.value.map(percent)),
            percent(effect.other_rate),
            ratio_limits.map_or_else(String::new, |limits| format!(" ({limits})")),
            value(effect.saved_per_month.value.map(amount)),
            view.badge.words,
        )
    }));
    rows.join("\n")
}

fn cause(view: &CauseView<'_>) -> String {
    let cause = view.cause;
    let mut lines: Vec<String> = [&view.size, &view.saving, &view.evidence]
        .iter()
        .map(|line| format!("- {}", text(line)))
        .collect();
    lines.extend(
        view.doubts
            .iter()
            .map(|doubt| format!("- **Caution.** {}", text(doubt))),
    );
    lines.push(format!("- {}", text(&view.sensitivity)));
    lines.extend(
        view.stability
            .iter()
            .map(|line| format!("- {}", text(line))),
    );
    lines.extend(
        view.aliases
            .iter()
            .map(|alias| format!("- The same cases: {}", text(alias))),
    );
    lines.extend(
        view.near_aliases
            .iter()
            .map(|alias| format!("- Nearly the same: {}", text(alias))),
    );
    if !cause.examples.is_empty() {
        let examples: Vec<_> = cause.examples.iter().map(|example| code(example)).collect();
        lines.push(format!(
            "- Failing cases to look at: {}",
            examples.join(", ")
        ));
    }
    if let Some(adjustment) = cause
        .adjustment
        .as_ref()
        .filter(|one| !one.strata.is_empty())
    {
        lines.push(String::new());
        lines.push("| Group | With the cause | Without |".to_owned());
        lines.push("|---|--:|--:|".to_owned());
        let said = |(cases, failures): (u64, u64)| {
            format!(
                "{} of {} ({})",
                whole(failures),
                whole(cases),
                percent_of(failures, cases)
            )
        };
        lines.extend(adjustment.strata.iter().map(|stratum| {
            let name = text(&group_name(&stratum.name));
            format!(
                "| {name} | {} | {} |",
                said(stratum.exposed),
                said(stratum.unexposed)
            )
        }));
    }
    let summary = format!("{}. {}", cause.rank, text(&view.line()));
    folded(&summary, &lines.join("\n"))
}

fn bullets(page: &mut Vec<String>, heading: &str, lines: &[String]) {
    if !lines.is_empty() {
        page.push(format!("### {heading}"));
        page.push(list(lines));
    }
}

fn list(lines: &[String]) -> String {
    lines
        .iter()
        .map(|line| format!("- {}", text(line)))
        .collect::<Vec<_>>()
        .join("\n")
}

fn periods(view: &View<'_>) -> String {
    let periods = &view.report.overview.periods;
    if periods.is_empty() {
        return String::new();
    }
    let mut rows = vec![
        "| From | Cases | Failures | Rate |".to_owned(),
        "|---|--:|--:|--:|".to_owned(),
    ];
    rows.extend(periods.iter().map(|period| {
        format!(
            "| {} | {} | {} | {} |",
            text(&period.start),
            whole(period.cases),
            whole(period.failures),
            percent_of(period.failures, period.cases)
        )
    }));
    folded("Cases and failures over time", &rows.join("\n"))
}

fn set_aside(view: &View<'_>) -> String {
    if view.report.excluded.is_empty() {
        return "Nothing.".to_owned();
    }
    let mut rows = vec![
        "| Column | Why | More |".to_owned(),
        "|---|---|---|".to_owned(),
    ];
    rows.extend(view.report.excluded.iter().map(|column| {
        format!(
            "| {} | {} | {} |",
            text(&column.name),
            text(why(&column.why)),
            text(&column.detail)
        )
    }));
    rows.join("\n")
}

fn features(view: &View<'_>) -> String {
    let mut rows = vec![
        "| Feature | From | Conditions | Cases without a value |".to_owned(),
        "|---|---|--:|--:|".to_owned(),
    ];
    rows.extend(view.report.features.iter().map(|feature| {
        format!(
            "| {} | {} | {} | {} |",
            text(&feature.name),
            text(origin(&feature.origin)),
            whole(feature.conditions),
            whole(feature.missing)
        )
    }));
    rows.join("\n")
}

fn quality(view: &View<'_>) -> String {
    let quality = &view.quality;
    let bullet = |line: &String| format!("- {}", text(line));
    let mut lines: Vec<String> = quality.read.iter().map(bullet).collect();
    for refused in &quality.refused {
        lines.push(format!("  - {}", text(&refused.what)));
        lines.extend(
            refused
                .samples
                .iter()
                .map(|line| format!("    - {}", text(line))),
        );
    }
    lines.extend(quality.warnings.iter().map(bullet));
    lines.extend(view.left_out.iter().map(bullet));
    lines.join("\n")
}

fn inputs(view: &View<'_>) -> String {
    let read = view.inputs.iter();
    let mut lines: Vec<String> = read
        .map(|(name, value)| format!("- {name}: {}", code(value)))
        .collect();
    for (heading, document) in [
        ("Settings", &view.report.input.settings),
        ("Mapping", &view.report.input.mapping),
    ] {
        lines.push(format!("- {heading}:"));
        let facts = facts(document);
        lines.extend(
            facts
                .iter()
                .map(|(name, value)| format!("  - {}: {}", text(name), code(value))),
        );
    }
    lines.join("\n")
}

fn folded(summary: &str, body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("<details><summary>{summary}</summary>\n\n{body}\n\n</details>")
}
