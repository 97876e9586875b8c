//! The page as a whole: head, answer, path, what is missing, and the sections below.

use maud::{Markup, html as markup};

use super::super::model::Model;
use super::super::view::{Missing, View, is_loud};
use super::{drawings, sections};
use crate::page::page;
use crate::plain;

/// Returns a scorecard as a self-contained HTML page.
pub fn html(model: &Model<'_>) -> String {
    let view = View::new(model);
    let title = format!(
        "{}: {}",
        view.word(),
        plain(&model.scorecard.package.work_item)
    );
    let body = markup! {
        main {
            (answer(model, &view))
            @if let Some(path) = &view.path {
                section.card.path aria-labelledby="path" {
                    h2 id="path" { "Shortest path to ready" }
                    p { (plain(path)) }
                }
            }
            (missing(&view.missing))
            (sections::decisions(&view))
            (sections::changes(&view))
            (sections::warnings(&view))
            (sections::scores(model, &view))
            (sections::findings(model, &view))
            (sections::inputs(&view))
        }
        footer { p { "Checked by Baton. The digests above identify exactly what was read." } }
    };
    page(&title, "", &body)
}

fn answer(model: &Model<'_>, view: &View<'_>) -> Markup {
    let scorecard = model.scorecard;
    let limits = model.thresholds;
    let score = scorecard
        .score
        .map_or_else(|| "none".to_owned(), |score| score.to_string());
    markup! {
        header class=(format!("card answer {}", view.posture.word())) {
            h1 { (drawings::sign(view.posture)) (view.word()) }
            p.why { (plain(&view.why)) }
            p.soft { (plain(&view.subject)) }
            div.gauges {
                div.gauge {
                    p { span { "Score" } strong { (score) } }
                    (drawings::score(scorecard.score, limits))
                    p.soft {
                        span { "critical below " (limits.review_min) }
                        span { "ready needs " (limits.ready_min) }
                    }
                }
                div.gauge {
                    p { span { "Risk" } strong { (scorecard.risk) } }
                    (drawings::risk(scorecard.risk, limits))
                    p.soft {
                        span { "review starts at " (limits.review_risk) }
                        span { "critical from " (limits.critical_risk) }
                    }
                }
            }
        }
    }
}

fn missing(missing: &[Missing<'_>]) -> Markup {
    markup! {
        @if !missing.is_empty() {
            section aria-labelledby="missing" {
                h2 id="missing" { "What is missing, in the order to fix it" }
                ol.missing { @for one in missing { (card(one)) } }
            }
        }
    }
}

fn card(missing: &Missing<'_>) -> Markup {
    let finding = missing.finding;
    let loudness = if is_loud(finding.severity) {
        "loud"
    } else {
        "calm"
    };
    let class = if missing.is_on_path {
        "card on-path"
    } else {
        "card"
    };
    markup! {
        li class=(class) {
            span.number { (missing.number) }
            div {
                h3 { (plain(&finding.title)) }
                ul.tags {
                    li class=(loudness) { (finding.severity.word()) }
                    li { (plain(&missing.state)) }
                    li { (missing.effort) }
                    @if missing.is_on_path { li.way { "on the shortest path" } }
                }
                @if let Some(because) = &finding.because { p { (plain(because)) } }
                dl {
                    (sections::places(finding))
                    (sections::told(&finding.expected, &finding.found))
                }
                (sections::details(finding))
                @if let Some(fix) = &finding.fix {
                    p.fix { strong { "How to fix it: " } (plain(fix)) }
                }
            }
        }
    }
}
