//! Who hands work to whom: the drawing, and the busiest pairs as a table.

use baton_eventlog::handover::{Count, Edge, Map};
use maud::{Markup, PreEscaped, html};

use super::super::numbers::{elapsed, percent_of, whole};
use crate::handover::svg;
use crate::plain;

/// Pairs of parties in the table before the number of the others.
const PAIRS_MAX: usize = 12;

pub(super) fn map(map: Option<&Map>) -> Markup {
    let Some(map) = map.filter(|map| !map.edges.is_empty()) else {
        return html! {};
    };
    let mut edges: Vec<&Edge> = map.edges.iter().collect();
    edges.sort_by_key(|edge| std::cmp::Reverse(edge.handovers));
    let more = edges.len().saturating_sub(PAIRS_MAX);
    html! {
        section aria-labelledby="map" {
            h2 id="map" { "Who hands over to whom" }
            p.soft { "Where work passes often is not where it fails: each pair is compared with cases that the same sender handed to others." }
            div.card {
                // The drawing escapes what it draws.
                figure { (PreEscaped(svg(map))) }
                details {
                    summary { "The busiest pairs as a table" }
                    div.table {
                        table.stack {
                            thead {
                                tr {
                                    th scope="col" { "From and to" }
                                    th.amount scope="col" { "Handovers" }
                                    th.amount scope="col" { "Given straight back" }
                                    th.amount scope="col" { "Median wait" }
                                    th.amount scope="col" { "Fails" }
                                    th.amount scope="col" { "Handed to others, fails" }
                                }
                            }
                            tbody { @for edge in edges.iter().take(PAIRS_MAX) { (row(edge)) } }
                        }
                    }
                    @if more > 0 { p.soft { (whole(u64::try_from(more).unwrap_or(0))) " more pairs." } }
                }
            }
        }
    }
}

fn row(edge: &Edge) -> Markup {
    let rate = |count: Option<Count>| match count {
        Some(count) if count.cases > 0 => percent_of(count.failures, count.cases),
        _ => "–".to_owned(),
    };
    let wait = edge.waiting.median_seconds.map(|seconds| {
        elapsed(baton_rootcause::wire::Fixed::from_millionths(
            seconds.saturating_mul(1_000_000),
        ))
    });
    html! {
        tr {
            th scope="row" { (plain(&edge.from)) " → " (plain(&edge.to)) }
            td.amount data-label="Handovers" { (whole(edge.handovers)) }
            td.amount data-label="Given straight back" { (percent_of(edge.returned, edge.handovers)) }
            td.amount data-label="Median wait" { (wait.unwrap_or_else(|| "–".to_owned())) }
            td.amount data-label="Fails" { (rate(edge.failures.map(|split| split.with))) }
            td.amount data-label="Handed to others, fails" { (rate(edge.failures.map(|split| split.without))) }
        }
    }
}
