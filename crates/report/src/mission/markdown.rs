//! An outcome report for an issue or a wiki.

use std::fmt::Write as _;

use super::model::OutcomeReport;
use super::text::word;
use super::view::{View, whole};
use crate::markdown;

/// Returns an outcome report as Markdown.
pub fn markdown(report: &OutcomeReport) -> String {
    let view = View::new(report);
    let mut out = format!("## {}\n\n", markdown::text(&view.headline));
    let shown = |text: &str| markdown::text(text);
    // Writing to a String can't fail.
    for sentence in &view.answer {
        let _ = writeln!(out, "{}\n", shown(sentence));
    }
    for missing in &report.missing {
        let _ = writeln!(out, "- {}", shown(missing));
    }
    if !view.outcomes.is_empty() {
        out.push_str(
            "\n| outcome | now | baseline | target | | of |\n|---|---:|---:|---:|---|---:|\n",
        );
        for row in &view.outcomes {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                shown(&row.title),
                row.value,
                row.baseline,
                row.target,
                row.verdict,
                row.sample
            );
        }
    }
    if !view.clauses.is_empty() {
        out.push_str("\n### Clauses\n\n| clause | severity | met | before | missed | unknown |\n|---|---|---:|---:|---:|---:|\n");
        for clause in &view.clauses {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                shown(clause.title),
                clause.severity,
                clause.met,
                clause.before,
                whole(clause.now.failed),
                whole(clause.now.unknown)
            );
        }
    }
    if let Some(mining) = report.mining.as_ref().filter(|m| !m.causes.is_empty()) {
        out.push_str("\n### Causes\n\n| cause | fail | cases | evidence | later cases |\n|---|---:|---:|---|---|\n");
        for cause in &mining.causes {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                shown(&cause.title),
                whole(cause.failures),
                whole(cause.cases),
                cause.strength,
                cause.later
            );
        }
    }
    rest(&mut out, report);
    out
}

fn rest(out: &mut String, report: &OutcomeReport) {
    let shown = |text: &str| markdown::text(text);
    if !report.scorecard.is_empty() {
        out.push_str("\n### Scorecard\n\n| dimension | posture | why |\n|---|---|---|\n");
        for dimension in &report.scorecard {
            let _ = writeln!(
                out,
                "| {} | {} | {} |",
                shown(&dimension.title),
                word(dimension.posture),
                shown(&dimension.why)
            );
        }
    }
    if let Some(escalation) = &report.escalation {
        out.push_str("\n### Trace entries that led here\n\n");
        for mark in &escalation.entries {
            let _ = writeln!(out, "- {} {}", mark.entry, shown(&mark.kind));
        }
    }
    if !report.follow_ups.is_empty() {
        out.push_str("\n### Follow-ups\n\n");
        for follow_up in &report.follow_ups {
            let _ = writeln!(
                out,
                "- {} ({}): {}",
                follow_up.kind,
                follow_up.owner,
                shown(&follow_up.task)
            );
        }
    }
    let _ = writeln!(out, "\nRun {}", markdown::code(&report.run));
}
