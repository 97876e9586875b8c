//! The causes: side by side with their intervals first, then one after the other.

use baton_rootcause::wire::{Adjustment, Cause};
use maud::{Markup, html};

use super::super::cause::{Badge, CauseView};
use super::super::conditions::{Piece, long_sets};
use super::super::numbers::{amount, percent, percent_of, ratio, whole};
use super::super::view::View;
use super::super::words_of::group_name;
use super::charts;
use crate::plain;

/// Example cases shown before the rest is folded away.
const EXAMPLES_OPEN_MAX: usize = 10;

/// Returns conditions with their names and values marked.
pub(super) fn pieces(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces {
            @match piece {
                Piece::Name(text) => { span.feature { (plain(text)) } }
                Piece::Value(text) => { q { (plain(text)) } }
                Piece::Word(text) => { (plain(text)) }
            }
        }
    }
}

/// Returns a probability such as `10^−12.3` with its exponent raised.
pub(crate) fn power(written: &str) -> Markup {
    html! {
        @for (at, part) in written.split("10^").enumerate() {
            @if at == 0 { (plain(part)) } @else {
                @let end = part.find(|c: char| !(c.is_ascii_digit() || c == '−' || c == '.')).unwrap_or(part.len());
                @let (exponent, rest) = part.split_at_checked(end).unwrap_or((part, ""));
                "10" sup { (exponent) } (plain(rest))
            }
        }
    }
}

fn badge(badge: Badge) -> Markup {
    html! {
        li class=(format!("grade grade-{}", badge.grade)) {
            span aria-hidden="true" {
                @for step in 1..=3_u8 { @if step <= badge.grade { "●" } @else { "○" } }
            }
            " " (badge.words)
        }
    }
}

pub(super) fn overview(view: &View<'_>) -> Markup {
    let shares = view.causes.iter().flat_map(|view| {
        let effect = &view.cause.effect;
        [
            effect.rate.high.or(effect.rate.value).unwrap_or_default(),
            effect.other_rate,
        ]
    });
    let most = charts::scale_for(shares);
    html! {
        section aria-labelledby="ranked" {
            h2 id="ranked" { "Where failures gather" }
            p.soft { (plain(&view.about_causes)) }
            @if !view.causes.is_empty() {
                div.card.table {
                    table.stack.ranked {
                        caption { "Failure rate with its 95% interval " span.key.dot-key aria-hidden="true" { "├●┤" } ", and of all other cases " span.key.others-key aria-hidden="true" { "┃" } "." }
                        thead {
                            tr {
                                th scope="col" { "Cause" }
                                th.amount scope="col" { "Cases" }
                                th scope="col" {
                                    span.scale { span { "0%" } span { "Failure rate" } span { (percent(most)) } }
                                }
                                th.amount scope="col" { "Risk ratio" }
                                th.amount scope="col" { "Failures a month to save" }
                            }
                        }
                        tbody { @for cause in &view.causes { (row(cause, most)) } }
                    }
                }
            }
        }
    }
}

fn row(view: &CauseView<'_>, most: baton_rootcause::wire::Fixed) -> Markup {
    let (cause, effect) = (view.cause, &view.cause.effect);
    html! {
        tr {
            th scope="row" {
                a href=(format!("#{}", anchor(cause))) { (cause.rank) ". " (pieces(&view.title)) }
                ul.tags { (badge(view.badge)) @for mark in &view.marks { li.calm { (mark) } } }
            }
            td.amount data-label="Cases" { (whole(effect.cases)) }
            td.plot {
                (charts::interval(&effect.rate, effect.other_rate, most))
                span.scale.small {
                    strong { (effect.rate.value.map_or_else(|| "–".to_owned(), percent)) }
                    span.soft { "others " (percent(effect.other_rate)) }
                }
            }
            td.amount data-label="Risk ratio" { (effect.risk_ratio.value.map_or_else(|| "–".to_owned(), ratio)) }
            td.amount data-label="Failures a month to save" {
                (effect.saved_per_month.value.map_or_else(|| "–".to_owned(), amount))
            }
        }
    }
}

/// Returns the id of a cause's part of the page: nothing of the log gets into it.
fn anchor(cause: &Cause) -> String {
    format!("cause-{}", cause.rank)
}

pub(super) fn details(view: &View<'_>) -> Markup {
    html! {
        @if !view.causes.is_empty() {
            section aria-labelledby="each" {
                h2 id="each" { "Each cause" }
                @for cause in &view.causes { (card(view, cause)) }
            }
        }
    }
}

fn card(view: &View<'_>, shown: &CauseView<'_>) -> Markup {
    let cause = shown.cause;
    let heading = anchor(cause);
    html! {
        article.card.cause aria-labelledby=(heading) {
            h3 id=(heading) { (cause.rank) ". " (pieces(&shown.title)) }
            ul.tags { (badge(shown.badge)) @for mark in &shown.marks { li.calm { (mark) } } }
            p.why { (plain(&shown.size)) }
            p { (plain(&shown.saving)) }
            p { (plain(&shown.evidence)) }
            @for doubt in &shown.doubts { p.doubt { strong { "Caution. " } (power(doubt)) } }
            @if let Some(adjustment) = &cause.adjustment { (strata(adjustment)) }
            (long_conditions(cause))
            (same_cases(shown))
            details {
                summary { "How sure, in numbers" }
                dl {
                    @for (name, value) in &shown.measures { dt { (name) } dd { (power(value)) } }
                }
                p { (plain(&shown.sensitivity)) }
                @if let Some(stability) = &shown.stability { p { (plain(stability)) } }
            }
            (over_time(view, cause))
            (examples(cause))
        }
    }
}

fn strata(adjustment: &Adjustment) -> Markup {
    let said = |(cases, failures): (u64, u64)| {
        format!(
            "{} of {} ({})",
            whole(failures),
            whole(cases),
            percent_of(failures, cases)
        )
    };
    html! {
        @if !adjustment.strata.is_empty() {
            details open[adjustment.simpson || adjustment.heterogeneous] {
                summary { "The same comparison within groups (" (adjustment.strata.len()) ")" }
                div.table {
                    table.stack {
                        caption { "Failures of cases with and without the cause, among cases that are alike otherwise." }
                        thead { tr { th scope="col" { "Group" } th.amount scope="col" { "With the cause" } th.amount scope="col" { "Without" } } }
                        tbody {
                            @for stratum in &adjustment.strata {
                                tr {
                                    th scope="row" { (plain(&group_name(&stratum.name))) }
                                    td.amount data-label="With the cause" { (said(stratum.exposed)) }
                                    td.amount data-label="Without" { (said(stratum.unexposed)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn long_conditions(cause: &Cause) -> Markup {
    html! {
        @for (feature, values) in long_sets(&cause.conditions) {
            details {
                summary { "All " (values.len()) " values of " (plain(feature)) }
                ul.plain { @for value in values { li { (plain(value)) } } }
            }
        }
    }
}

fn same_cases(shown: &CauseView<'_>) -> Markup {
    let count = shown.aliases.len() + shown.near_aliases.len();
    html! {
        @if count > 0 {
            details {
                summary { "Other descriptions of the same cases (" (count) ")" }
                ul.plain {
                    @for alias in &shown.aliases { li { (plain(alias)) } }
                    @for alias in &shown.near_aliases { li { (plain(alias)) } }
                }
            }
        }
    }
}

fn over_time(view: &View<'_>, cause: &Cause) -> Markup {
    let periods = &view.report.overview.periods;
    let most = charts::scale_for(
        cause
            .periods
            .iter()
            .map(|(failures, cases)| super::super::numbers::share(*failures, *cases)),
    );
    html! {
        @if !cause.periods.is_empty() && cause.periods.len() == periods.len() {
            details {
                summary { "This cause over time" }
                (charts::spark(&cause.periods, most))
                div.table.tall tabindex="0" role="region" aria-label=(format!("Cause {} over time", cause.rank)) {
                    table {
                        thead { tr { th scope="col" { "From" } th.amount scope="col" { "Cases" } th.amount scope="col" { "Failures" } th.amount scope="col" { "Rate" } } }
                        tbody {
                            @for (period, (failures, cases)) in periods.iter().zip(&cause.periods) {
                                tr {
                                    th scope="row" { (plain(&period.start)) }
                                    td.amount { (whole(*cases)) }
                                    td.amount { (whole(*failures)) }
                                    td.amount { @if *cases > 0 { (percent_of(*failures, *cases)) } @else { "–" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn examples(cause: &Cause) -> Markup {
    let examples = cause.examples.as_slice();
    let (open, folded) = examples
        .split_at_checked(EXAMPLES_OPEN_MAX)
        .unwrap_or((examples, &[]));
    let list = |examples: &[String]| {
        html! { ul.examples { @for example in examples { li { code { (plain(example)) } } } } }
    };
    html! {
        @if !examples.is_empty() {
            details {
                summary { "Failing cases to look at (" (examples.len()) ")" }
                (list(open))
                @if !folded.is_empty() {
                    details { summary { (folded.len()) " more" } (list(folded)) }
                }
            }
        }
    }
}
