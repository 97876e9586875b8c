//! An outcome report for a terminal.

use baton_scoring::wire::Posture;

use super::model::OutcomeReport;
use super::view::{View, plural, share_of, whole};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page};

/// Causes and follow-ups shown; how many more there are is said.
const SHOWN_MAX: usize = 12;

/// Returns an outcome report as text, `width` columns wide.
pub fn text(report: &OutcomeReport, appearance: Appearance, width: usize) -> String {
    let view = View::new(report);
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &view.headline, Ink::Strong);
    for sentence in &view.answer {
        page.wrapped(&Indent::none(), sentence, Ink::Normal);
    }
    list(&mut page, "Missing", &report.missing);
    if !view.outcomes.is_empty() {
        page.heading("Outcomes");
    }
    for row in &view.outcomes {
        let line = format!(
            "{}: {} (baseline {}, target {}; of {})",
            row.title, row.value, row.baseline, row.target, row.sample
        );
        page.wrapped(&marked(row.verdict), &line, ink(row.posture));
    }
    findings(&mut page, &view);
    if !report.scorecard.is_empty() {
        page.heading("Scorecard");
    }
    for dimension in &report.scorecard {
        let line = format!("{}: {}", dimension.title, dimension.why);
        page.wrapped(
            &marked(word(dimension.posture)),
            &line,
            ink(dimension.posture),
        );
    }
    tail(&mut page, report);
    page.finish()
}

fn marked(mark: &str) -> Indent {
    Indent::marked(2, format!("{mark:<11}"))
}

fn findings(page: &mut Page, view: &View<'_>) {
    if !view.clauses.is_empty() {
        page.heading("Clauses, those missed most often first");
    }
    for clause in &view.clauses {
        let line = format!(
            "{} ({}; before {}; {} missed, {} unknown)",
            clause.title,
            clause.severity,
            clause.before,
            whole(clause.now.failed),
            whole(clause.now.unknown)
        );
        page.wrapped(&marked(&clause.met), &line, Ink::Normal);
    }
    let seams = view.report.handoffs.iter().flat_map(|found| &found.seams);
    let seams: Vec<_> = seams.collect();
    if !seams.is_empty() {
        page.heading("Seams with the most handoffs that miss it");
    }
    for seam in seams {
        let met = share_of(seam.met, seam.checked);
        let line = format!("{} to {}, of {}", seam.from, seam.to, whole(seam.checked));
        page.wrapped(&marked(&met), &line, Ink::Normal);
    }
    let causes = view.report.mining.iter().flat_map(|found| &found.causes);
    let lines: Vec<String> = causes
        .map(|cause| {
            format!(
                "{}: {} of {} fail ({}, later cases: {})",
                cause.title,
                whole(cause.failures),
                plural(cause.cases, "case"),
                cause.strength,
                cause.later
            )
        })
        .collect();
    list(page, "Causes", &lines);
}

fn tail(page: &mut Page, report: &OutcomeReport) {
    if let Some(escalation) = &report.escalation {
        page.heading("Trace entries that led here");
        for mark in &escalation.entries {
            page.wrapped(&marked(&mark.entry.to_string()), &mark.kind, Ink::Normal);
        }
    }
    let follow_ups = report.follow_ups.iter();
    let lines: Vec<String> = follow_ups
        .map(|one| format!("{} ({}): {}", one.kind, one.owner, one.task))
        .collect();
    list(page, "Follow-ups", &lines);
    page.blank();
    for (name, link) in &report.links {
        page.wrapped(&Indent::marked(0, format!("{name}: ")), link, Ink::Faint);
    }
    page.wrapped(&Indent::marked(0, "run: "), &report.run, Ink::Faint);
}

fn list(page: &mut Page, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    page.heading(heading);
    for line in lines.iter().take(SHOWN_MAX) {
        page.wrapped(&Indent::marked(2, "- "), line, Ink::Normal);
    }
    let more = lines.len().saturating_sub(SHOWN_MAX);
    if more > 0 {
        let line = format!("and {more} more in the JSON report");
        page.wrapped(&Indent::marked(2, ""), &line, Ink::Faint);
    }
}

fn ink(posture: Posture) -> Ink {
    match posture {
        Posture::Ready => Ink::Normal,
        Posture::Review => Ink::Caution,
        Posture::Critical => Ink::Bad,
    }
}

/// Returns the word of a posture.
pub(super) fn word(posture: Posture) -> &'static str {
    match posture {
        Posture::Ready => "ready",
        Posture::Review => "review",
        Posture::Critical => "critical",
    }
}
