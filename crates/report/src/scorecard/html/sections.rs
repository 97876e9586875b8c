//! The page's sections below what is missing: decisions, warnings, scores, all findings, inputs.

use baton_scoring::wire::{DimensionScore, Finding, FindingState};
use maud::{Markup, html};

use super::super::model::Model;
use super::super::view::View;
use super::drawings;
use crate::{place, plain};

/// Problems of one built-in check shown before the rest is folded.
const DETAILS_OPEN_MAX: usize = 5;

pub(super) fn places(finding: &Finding<'_>) -> Markup {
    html! {
        @if !finding.places.is_empty() {
            dt { "Where" }
            dd {
                @for pointer in &finding.places {
                    div { (plain(&place::in_words(pointer))) " " code.soft { (plain(pointer)) } }
                }
            }
        }
    }
}

pub(super) fn told(expected: &str, found: &str) -> Markup {
    html! {
        @for (label, value) in [("Expected", expected), ("Found", found)] {
            @if !value.is_empty() { dt { (label) } dd.code { (plain(value)) } }
        }
    }
}

pub(super) fn details(finding: &Finding<'_>) -> Markup {
    let (open, folded) = match finding.details.split_at_checked(DETAILS_OPEN_MAX) {
        Some(halves) => halves,
        None => (finding.details.as_slice(), [].as_slice()),
    };
    let list = |details: &[baton_scoring::wire::Detail]| {
        html! {
            ul.plain {
                @for detail in details {
                    li {
                        code { (plain(&detail.place)) } ": expected " (plain(&detail.expected))
                        ", found " (plain(&detail.found))
                    }
                }
            }
        }
    };
    html! {
        @if !open.is_empty() { (list(open)) }
        @if !folded.is_empty() {
            details { summary { (folded.len()) " more" } (list(folded)) }
        }
    }
}

pub(super) fn decisions(view: &View<'_>) -> Markup {
    html! {
        @if !view.decisions.is_empty() {
            section aria-labelledby="decisions" {
                h2 id="decisions" { "Decisions still needed" }
                @for decision in &view.decisions {
                    div.card {
                        h3 { (plain(&decision.gate.title)) }
                        p { (plain(&decision.what)) "." }
                        @if let Some(because) = &decision.gate.because {
                            p.soft { (plain(because)) }
                        }
                        @if !decision.found.is_empty() {
                            dl { (told(decision.expected, decision.found)) }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn changes(view: &View<'_>) -> Markup {
    html! {
        @if let Some(since) = &view.changes {
            section aria-labelledby="changes" {
                h2 id="changes" { (plain(&since.heading)) }
                div.card { ul.plain { @for line in &since.lines { li { (plain(line)) } } } }
            }
        }
    }
}

pub(super) fn warnings(view: &View<'_>) -> Markup {
    html! {
        @if !view.warnings.is_empty() {
            section aria-labelledby="warnings" {
                h2 id="warnings" { "Warnings" }
                div.card { ul.plain { @for line in &view.warnings { li { (plain(line)) } } } }
            }
        }
    }
}

pub(super) fn scores(model: &Model<'_>, view: &View<'_>) -> Markup {
    html! {
        section aria-labelledby="scores" {
            h2 id="scores" { "Scores and risk" }
            div.card.table {
                table.stack {
                    caption { "The score is the mean of the dimensions by weight." }
                    thead {
                        tr {
                            th scope="col" { "Dimension" }
                            th.amount scope="col" { "Weight" }
                            th.amount scope="col" { "Score" }
                            th scope="col" { "Share" }
                        }
                    }
                    tbody { @for dimension in &model.scorecard.dimensions { (score(dimension)) } }
                }
                @if !view.risk_terms.is_empty() {
                    p { "The risk adds up from:" }
                    ul.plain {
                        @for (source, points) in &view.risk_terms {
                            li { strong { (points) } " " (plain(source)) }
                        }
                    }
                }
            }
        }
    }
}

fn score(dimension: &DimensionScore<'_>) -> Markup {
    let title = plain(&dimension.title);
    html! {
        tr {
            th scope="row" { (title) }
            td.amount data-label="Weight" { (dimension.weight) }
            @match dimension.score {
                Some(score) => {
                    td.amount data-label="Score" { (score) }
                    td.wide { (drawings::share(&format!("{title}: {score}"), score)) }
                }
                None => {
                    td.amount data-label="Score" { "unknown" }
                    td.wide { "nothing was checked, which is not a pass" }
                }
            }
        }
    }
}

pub(super) fn findings(model: &Model<'_>, view: &View<'_>) -> Markup {
    let groups = [
        (FindingState::Failed, "Failed"),
        (FindingState::Unknown, "Unknown, which never passes"),
        (FindingState::Waived, "Waived"),
        (FindingState::Pending, "Pending"),
        (FindingState::Passed, "Passed"),
        (FindingState::NotApplicable, "Not applicable"),
    ];
    html! {
        section aria-labelledby="findings" {
            h2 id="findings" { "All clauses" }
            p.soft { (view.counts) "." }
            div.card {
                @for (state, title) in groups { (group(model, state, title)) }
                @if model.scorecard.findings.is_empty() { p { "The contract has no clause." } }
            }
        }
    }
}

fn group(model: &Model<'_>, state: FindingState, title: &str) -> Markup {
    let findings = &model.scorecard.findings;
    let of_state: Vec<_> = findings
        .iter()
        .filter(|finding| finding.state == state)
        .collect();
    html! {
        @if !of_state.is_empty() {
            details {
                summary { (title) " (" (of_state.len()) ")" }
                div.table {
                    table.stack {
                        thead {
                            tr {
                                th scope="col" { "Clause" }
                                th scope="col" { "Dimension" }
                                th scope="col" { "Severity" }
                                th.amount scope="col" { "Weight" }
                                th.amount scope="col" { "Value" }
                            }
                        }
                        tbody { @for finding in of_state { (row(finding)) } }
                    }
                }
            }
        }
    }
}

fn row(finding: &Finding<'_>) -> Markup {
    html! {
        tr {
            th scope="row" {
                (plain(&finding.title)) br; code.soft { (plain(&finding.clause)) }
                @if let Some(waiver) = &finding.waiver {
                    br; span.soft { "waiver " (plain(waiver)) }
                }
            }
            td data-label="Dimension" { (plain(&finding.dimension)) }
            td data-label="Severity" { (finding.severity.word()) }
            td.amount data-label="Weight" { (finding.weight) }
            td.amount data-label="Value" {
                @if finding.state.is_applicable() { (finding.value) } @else { "not counted" }
            }
        }
    }
}

pub(super) fn inputs(view: &View<'_>) -> Markup {
    html! {
        section aria-labelledby="inputs" {
            h2 id="inputs" { "What was read" }
            dl.card {
                @for (name, value) in &view.inputs {
                    dt { (name) } dd.code { (plain(value)) }
                }
            }
        }
    }
}
