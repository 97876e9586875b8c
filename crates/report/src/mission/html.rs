//! An outcome report as one self-contained page: no script, no request, readable on a phone and on paper.

use maud::{Markup, html as markup};

use super::model::OutcomeReport;
use super::text::word;
use super::view::{ClauseRow, Row, View, plural, share_of, tone, whole};
use crate::page::page;
use crate::plain;

/// What a mission adds to the shared style sheet.
const STYLE: &str = include_str!("mission.css");

/// Returns an outcome report as a page.
pub fn html(report: &OutcomeReport) -> String {
    let view = View::new(report);
    let body = markup! {
        main {
            (head(&view))
            (blocked(report))
            (outcomes(&view.outcomes))
            (clauses(&view.clauses))
            (seams(report))
            (causes(report))
            (scorecard(report))
            (follow_ups(report))
            (inputs(report))
        }
        footer { p { "Run by Baton. The digests above identify exactly what was read; another run over the same files writes the same report." } }
    };
    page(&plain(&view.headline), STYLE, &body)
}

fn head(view: &View<'_>) -> Markup {
    let report = view.report;
    let class = format!("card answer {}", word(tone(report)));
    markup! {
        header class=(class) {
            p.soft { (plain(&report.mission.scope)) }
            h1 { (plain(&view.headline)) }
            @for sentence in &view.answer { p { (plain(sentence)) } }
            ul.tags {
                li { (plain(&report.ended)) }
                @if let Some(posture) = report.posture { li { "posture " (word(posture)) } }
                li { (report.steps.len()) " of " (report.steps_in_all) " steps" }
            }
        }
    }
}

fn blocked(report: &OutcomeReport) -> Markup {
    markup! {
        @if !report.missing.is_empty() {
            section aria-labelledby="missing" {
                h2 id="missing" { "What is missing" }
                ul.card.inner { @for one in &report.missing { li { (plain(one)) } } }
            }
        }
        @if let Some(escalation) = &report.escalation {
            section aria-labelledby="entries" {
                h2 id="entries" { "Trace entries that led here" }
                div.card.table { table {
                    thead { tr { th.amount { "Entry" } th { "What happened" } } }
                    tbody { @for mark in &escalation.entries {
                        tr { td.amount { (mark.entry) } td { (plain(&mark.kind)) } }
                    } }
                } }
            }
        }
    }
}

fn outcomes(rows: &[Row]) -> Markup {
    markup! {
        @if !rows.is_empty() {
            section aria-labelledby="outcomes" {
                h2 id="outcomes" { "Outcomes" }
                div.tiles { @for row in rows { (outcome(row)) } }
            }
        }
    }
}

fn outcome(row: &Row) -> Markup {
    let said = format!(
        "{}: {}, baseline {}, target {}",
        row.title, row.value, row.baseline, row.target
    );
    markup! {
        div class=(format!("card outcome {}", word(row.posture))) {
            h3 { (plain(&row.title)) }
            p.now { strong { (row.value) } " " span.verdict { (row.verdict) } }
            @if let Some((value, baseline, target)) = row.scale {
                svg.bar viewBox="-60 0 10120 500" preserveAspectRatio="none" role="img" aria-label=(said) {
                    title { (said) }
                    rect.track x="0" y="130" width="10000" height="240" {}
                    rect.fill x="0" y="130" width=(value) height="240" {}
                    @if let Some(baseline) = baseline { rect.limit x=(baseline) y="170" width="40" height="160" {} }
                    rect.mark x=(target) y="20" width="60" height="460" {}
                }
            }
            dl {
                dt { "Baseline" } dd { (row.baseline) }
                dt { "Target" } dd { (row.target) }
                dt { "Measured on" } dd { (row.sample) }
            }
        }
    }
}

fn clauses(rows: &[ClauseRow<'_>]) -> Markup {
    markup! {
        @if !rows.is_empty() {
            section aria-labelledby="clauses" {
                h2 id="clauses" { "By clause, those missed most often first" }
                div.card.table { table.stack {
                    thead { tr { th { "Clause" } th.amount { "Met" } th.amount { "Before" } th.amount { "Missed" } th.amount { "Unknown" } } }
                    tbody { @for row in rows { tr {
                        th scope="row" {
                            (plain(row.title))
                            p.soft.small { (row.id) ", " (row.severity) }
                            svg.bar viewBox="0 0 10000 500" preserveAspectRatio="none" aria-hidden="true" {
                                rect.track x="0" y="170" width="10000" height="160" {}
                                rect.fill x="0" y="170" width=(row.share) height="160" {}
                            }
                            @if row.now.failed > 0 && !row.fix.is_empty() { p.small { strong { "How to fix it: " } (plain(row.fix)) } }
                        }
                        td.amount data-label="Met" { (row.met) }
                        td.amount data-label="Before" { (row.before) }
                        td.amount data-label="Missed" { (whole(row.now.failed)) }
                        td.amount data-label="Unknown" { (whole(row.now.unknown)) }
                    } } }
                } }
            }
        }
    }
}

fn seams(report: &OutcomeReport) -> Markup {
    let seams: Vec<_> = report
        .handoffs
        .iter()
        .flat_map(|found| &found.seams)
        .collect();
    markup! {
        @if !seams.is_empty() {
            section aria-labelledby="seams" {
                h2 id="seams" { "Seams with the most handoffs that miss it" }
                div.card.table { table.stack {
                    thead { tr { th { "From" } th { "To" } th.amount { "Met" } th.amount { "Handoffs" } } }
                    tbody { @for seam in seams { tr {
                        td data-label="From" { (plain(&seam.from)) }
                        td data-label="To" { (plain(&seam.to)) }
                        td.amount data-label="Met" { (share_of(seam.met, seam.checked)) }
                        td.amount data-label="Handoffs" { (whole(seam.checked)) }
                    } } }
                } }
                p.soft.small { "Teams that are too small to be named without pointing at people are put together." }
            }
        }
    }
}

fn causes(report: &OutcomeReport) -> Markup {
    markup! {
        @if let Some(mining) = &report.mining {
            section aria-labelledby="causes" {
                h2 id="causes" { "Causes, in the order of what they explain" }
                @if mining.causes.is_empty() { p.card { "No cause was found." } }
                ol.missing { @for (cause, number) in mining.causes.iter().zip(1..) {
                    li.card {
                        span.number { (number) }
                        div {
                            h3 { (plain(&cause.title)) }
                            p { (whole(cause.failures)) " of " (plural(cause.cases, "case")) " fail (" (share_of(cause.failures, cause.cases)) "); it explains " (plural(cause.explains, "failure")) " that no cause above does." }
                            ul.tags {
                                li { (plain(&cause.strength)) }
                                li { "later cases: " (plain(&cause.later)) }
                                @if cause.is_modifiable { li.way { "can be changed" } }
                            }
                        }
                    }
                } }
                @for caution in &mining.cautions { p.soft { (plain(caution)) } }
            }
        }
    }
}

fn scorecard(report: &OutcomeReport) -> Markup {
    markup! {
        @if !report.scorecard.is_empty() {
            section aria-labelledby="scorecard" {
                h2 id="scorecard" { "Scorecard" }
                div.card.table { table.stack {
                    thead { tr { th { "Dimension" } th { "Posture" } th { "Why" } } }
                    tbody { @for dimension in &report.scorecard { tr {
                        th scope="row" { (plain(&dimension.title)) }
                        td data-label="Posture" { span class=(format!("pill {}", word(dimension.posture))) { (word(dimension.posture)) } }
                        td data-label="Why" { (plain(&dimension.why)) }
                    } } }
                } }
            }
        }
    }
}

fn follow_ups(report: &OutcomeReport) -> Markup {
    markup! {
        @if !report.follow_ups.is_empty() {
            section aria-labelledby="follow-ups" {
                h2 id="follow-ups" { "Follow-ups" }
                ul.card.inner { @for one in &report.follow_ups {
                    li { (plain(&one.task)) " " span.soft { "(" (one.kind) ", " (plain(one.owner.as_str())) ")" } }
                } }
            }
        }
    }
}

fn inputs(report: &OutcomeReport) -> Markup {
    markup! {
        section aria-labelledby="inputs" {
            h2 id="inputs" { "What was read and made" }
            dl.card {
                dt { "Run" } dd.code { (report.run) }
                @for input in &report.inputs { dt { (plain(&input.name)) } dd.code { (input.digest) } }
                @for step in &report.steps { dt { "Step " (step.id) } dd.code { (step.output) } }
                @if let Some(baseline) = &report.baseline { dt { "Baseline" } dd.code { (baseline) } }
                @for (name, link) in &report.links { dt { (plain(name)) } dd.code { (plain(link)) } }
            }
        }
    }
}
