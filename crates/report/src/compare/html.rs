//! A comparison as one self-contained page: no script, no request, readable on a phone and on paper.

use baton_rootcause::compare::{Became, Comparison, Split};
use maud::{Markup, html as markup};

use super::view::{View, points};
use crate::mining::STYLE as MINING;
use crate::mining::numbers::whole;
use crate::mining::raised;
use crate::page::{cautions, page};
use crate::plain;

/// Returns the answer as a page.
pub fn html(comparison: &Comparison) -> String {
    let view = View::new(comparison);
    let body = markup! {
        main {
            (head(&view))
            (causes(&view))
            (splits(&view))
            @if !view.changes.is_empty() {
                section aria-labelledby="when" {
                    h2 id="when" { "When the rate changed" }
                    ul.plain { @for change in &view.changes { li { (raised(change)) } } }
                }
            }
            (inputs(&view))
        }
        footer { p { "Compared by Baton. The digests above identify exactly what was read." } }
    };
    page(&plain(&view.headline), MINING, &body)
}

fn head(view: &View<'_>) -> Markup {
    markup! {
        header.card.answer.mined {
            p.soft.kicker { "What changed" }
            h1 { (plain(&view.headline)) }
            p.why { (raised(&view.change)) }
            @for window in &view.windows { p { (plain(window)) } }
        }
        (cautions(&view.comparison.cautions))
    }
}

fn causes(view: &View<'_>) -> Markup {
    markup! {
        section aria-labelledby="causes" {
            h2 id="causes" { "What became of the causes" }
            @if view.causes.is_empty() { p { "No pattern changed clearly." } }
            @for cause in &view.causes {
                div.card {
                    h3 { (plain(&cause.title)) }
                    ul.tags {
                        li class=(tone(cause.change.became)) { (cause.became) }
                        li { (raised(&cause.evidence)) }
                    }
                    dl {
                        dt { "Before" } dd { (cause.before) }
                        dt { "After" } dd { (cause.after) }
                    }
                }
            }
            p.soft { (view.tests) }
        }
    }
}

fn tone(became: Became) -> &'static str {
    match became {
        Became::Appeared | Became::Grew => "loud",
        Became::Shrank | Became::Vanished => "way",
        Became::Steady => "",
    }
}

fn splits(view: &View<'_>) -> Markup {
    markup! {
        @if !view.splits.is_empty() {
            section aria-labelledby="splits" {
                h2 id="splits" { "The change, split" }
                p.soft { "In percentage points. The parts of each split add up to the whole change." }
                @for split in &view.splits {
                    details {
                        summary { (plain(&split.split.by)) ": rate " (points(split.split.rate)) ", mix " (points(split.split.mix)) }
                        p { (plain(&split.sentence)) }
                        (groups(split.split))
                    }
                }
            }
        }
    }
}

fn groups(split: &Split) -> Markup {
    let label = format!("The change by {}", plain(&split.by));
    markup! {
        div.table role="region" aria-label=(label) tabindex="0" {
            table {
                thead { tr {
                    th scope="col" { "Group" }
                    th.amount scope="col" { "Before" }
                    th.amount scope="col" { "After" }
                    th.amount scope="col" { "Rate" }
                    th.amount scope="col" { "Mix" }
                } }
                tbody { @for group in &split.groups { tr {
                    th scope="row" { (plain(&group.name)) }
                    td.amount { (whole(group.before.1)) " of " (whole(group.before.0)) }
                    td.amount { (whole(group.after.1)) " of " (whole(group.after.0)) }
                    td.amount { (points(group.rate)) }
                    td.amount { (points(group.mix)) }
                } } }
            }
        }
    }
}

fn inputs(view: &View<'_>) -> Markup {
    let windows = [&view.comparison.before, &view.comparison.after];
    markup! {
        section aria-labelledby="inputs" {
            h2 id="inputs" { "What was read" }
            dl.card {
                @for window in windows {
                    dt { (plain(&window.name)) }
                    dd { @for digest in &window.digests { span.code { (plain(digest)) } " " } }
                }
                dt { "Engine" } dd { (plain(&view.comparison.engine)) }
            }
        }
    }
}
