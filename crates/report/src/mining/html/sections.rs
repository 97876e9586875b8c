//! The sections below the causes: cover, time, what was set aside, how the log was read, the search.

use baton_rootcause::wire::Period;
use maud::{Markup, html};

use super::super::facts::facts;
use super::super::numbers::{percent, percent_of, share, whole};
use super::super::view::View;
use super::super::words_of::{origin, weight, why, why_it_matters};
use super::causes::power;
use super::charts;
use crate::plain;

pub(super) fn coverage(view: &View<'_>) -> Markup {
    let (report, overview) = (view.report, &view.report.overview);
    html! {
        @if !report.coverage.is_empty() {
            section aria-labelledby="cover" {
                h2 id="cover" { "How much they cover" }
                div.card.cover {
                    figure {
                        div.plot {
                            span.y-label { "100% of failures" }
                            (charts::coverage(&report.coverage, overview))
                            span.scale.small { span { "0" } span { "100% of cases" } }
                        }
                        figcaption.soft { "Each dot adds a cause. The steeper the line, the more failures in fewer cases; the broken line is what any cases would hold." }
                    }
                    div {
                        p { (plain(&view.coverage)) }
                        div.table {
                            table.stack {
                                thead { tr { th scope="col" { "Causes" } th.amount scope="col" { "Cases" } th.amount scope="col" { "Failures" } th.amount scope="col" { "Share of failures" } } }
                                tbody {
                                    @for (at, step) in report.coverage.iter().enumerate() {
                                        tr {
                                            th scope="row" { @if at == 0 { "the first" } @else { "the first " (at + 1) } }
                                            td.amount data-label="Cases" { (whole(step.cases)) }
                                            td.amount data-label="Failures" { (whole(step.failures)) }
                                            td.amount data-label="Share of failures" { (percent_of(step.failures, overview.failures)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn beside(view: &View<'_>) -> Markup {
    html! {
        @for list in &view.beside {
            section aria-labelledby=(list.id) {
                h2 id=(list.id) { (list.heading) }
                p.soft { (list.about) }
                div.card {
                    ul.plain {
                        @for (what, size) in &list.items {
                            li { (plain(what)) ": " span.soft { (plain(size)) } }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn over_time(view: &View<'_>) -> Markup {
    let periods = &view.report.overview.periods;
    let days: Vec<_> = view
        .report
        .changes
        .iter()
        .map(|change| change.day.as_str())
        .collect();
    let most = charts::scale_for(
        periods
            .iter()
            .map(|period| share(period.failures, period.cases)),
    );
    html! {
        @if !periods.is_empty() {
            section aria-labelledby="time" {
                h2 id="time" { "The failure rate over time" }
                div.card {
                    figure {
                        div.plot {
                            span.y-label { (percent(most)) }
                            (charts::over_time(periods, &days, most))
                            span.scale.small {
                                span { (plain(periods.first().map_or("", |period| &period.start))) }
                                span { (plain(periods.last().map_or("", |period| &period.start))) }
                            }
                        }
                        figcaption.soft { "The line is the share of cases that fail, by the day they started; bars are the number of cases"
                            @if !days.is_empty() { "; an upright broken line is a change of the rate" }
                            "." }
                    }
                    @if view.changes.is_empty() {
                        p { "No change of the rate stands out." }
                    } @else {
                        ul.plain { @for change in &view.changes { li { (power(change)) } } }
                    }
                    details { summary { "As a table" } (table_of(periods)) }
                }
            }
        }
    }
}

fn table_of(periods: &[Period]) -> Markup {
    html! {
        div.table.tall tabindex="0" role="region" aria-label="Cases and failures over time" {
            table {
                thead { tr { th scope="col" { "From" } th.amount scope="col" { "Cases" } th.amount scope="col" { "Failures" } th.amount scope="col" { "Rate" } } }
                tbody {
                    @for period in periods {
                        tr {
                            th scope="row" { (plain(&period.start)) }
                            td.amount { (whole(period.cases)) }
                            td.amount { (whole(period.failures)) }
                            td.amount { @if period.cases > 0 { (percent_of(period.failures, period.cases)) } @else { "–" } }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn set_aside(view: &View<'_>) -> Markup {
    let excluded = &view.report.excluded;
    let mut reasons: Vec<&str> = excluded.iter().map(|column| column.why.as_str()).collect();
    reasons.sort_unstable_by_key(|reason| (weight(reason), *reason));
    reasons.dedup();
    html! {
        section aria-labelledby="aside" {
            h2 id="aside" { "Set aside, and why" }
            div.card {
                @if excluded.is_empty() { p { "Nothing was set aside." } }
                @for reason in reasons {
                    @let columns = || excluded.iter().filter(|column| column.why == reason);
                    details open[matches!(reason, "restates-outcome" | "known-later")] {
                        summary { (capital(why(reason))) " (" (columns().count()) ")" }
                        p.soft { (why_it_matters(reason)) }
                        dl {
                            @for column in columns() {
                                dt { (plain(&column.name)) }
                                dd { @if column.detail.is_empty() { (plain(why(reason))) } @else { (plain(&column.detail)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn capital(text: &str) -> String {
    crate::words::capital(&plain(text))
}

pub(super) fn quality(view: &View<'_>) -> Markup {
    let quality = &view.quality;
    html! {
        section aria-labelledby="quality" {
            h2 id="quality" { "How the log was read" }
            div.card {
                @if quality.read.is_empty() { p { "The report of the import was not kept." } }
                @for line in &quality.read { p { (plain(line)) } }
                @for refused in &quality.refused {
                    details {
                        summary { (plain(&refused.what)) }
                        ul.plain { @for sample in &refused.samples { li { (plain(sample)) } } }
                    }
                }
                @if !quality.warnings.is_empty() {
                    h3.above { "To know before using it" }
                    ul.plain { @for line in &quality.warnings { li { (plain(line)) } } }
                }
                @if !view.left_out.is_empty() {
                    h3.above { "Cases left out" }
                    ul.plain { @for line in &view.left_out { li { (plain(line)) } } }
                }
            }
        }
    }
}

pub(super) fn search(view: &View<'_>) -> Markup {
    html! {
        section aria-labelledby="search" {
            h2 id="search" { "What was searched" }
            div.card {
                ul.plain { @for line in &view.search { li { (power(line)) } } }
                details {
                    summary { "Features (" (view.report.features.len()) ")" }
                    div.table {
                        table.stack {
                            thead { tr { th scope="col" { "Feature" } th scope="col" { "From" } th.amount scope="col" { "Conditions" } th.amount scope="col" { "Cases without a value" } } }
                            tbody {
                                @for feature in &view.report.features {
                                    tr {
                                        th scope="row" { (plain(&feature.name)) }
                                        td data-label="From" { (plain(origin(&feature.origin))) }
                                        td.amount data-label="Conditions" { (whole(feature.conditions)) }
                                        td.amount data-label="Cases without a value" { (whole(feature.missing)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn inputs(view: &View<'_>) -> Markup {
    let input = &view.report.input;
    html! {
        section aria-labelledby="inputs" {
            h2 id="inputs" { "What was read" }
            div.card {
                dl { @for (name, value) in &view.inputs { dt { (name) } dd.code { (plain(value)) } } }
                @for (heading, document) in [("Settings", &input.settings), ("Mapping", &input.mapping)] {
                    @let lines = facts(document);
                    @if !lines.is_empty() {
                        details {
                            summary { (heading) }
                            dl { @for (name, value) in &lines { dt { (plain(name)) } dd.code { (plain(value)) } } }
                        }
                    }
                }
            }
        }
    }
}
