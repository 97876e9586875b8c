//! A localisation as one self-contained page: no script, no request, readable on a phone and on paper.

use baton_rootcause::localise::{Amount, Localisation};
use maud::{Markup, html as markup};

use super::view::{CauseView, View, amount};
use crate::mining::STYLE as MINING;
use crate::mining::conditions::line;
use crate::mining::numbers::{percent, power, ratio};
use crate::mining::raised;
use crate::page::page;
use crate::plain;

/// Width of a bar.
const SIDE: f64 = 10_000.0;

/// Returns the answer as a page.
pub fn html(answer: &Localisation) -> String {
    let view = View::new(answer);
    let body = markup! {
        main {
            (head(&view))
            (causes(&view))
            (list("alternatives", "Nearly as good", &view.alternatives))
            (list("search", "How it was looked for", &view.search))
            section aria-labelledby="inputs" {
                h2 id="inputs" { "What was read" }
                dl.card {
                    @for (label, value) in &view.inputs { dt { (label) } dd { (plain(value)) } }
                }
            }
        }
        footer { p { "Located by Baton. The digest above identifies exactly what was read." } }
    };
    page(&plain(&view.headline), MINING, &body)
}

fn head(view: &View<'_>) -> Markup {
    markup! {
        header.card.answer.mined {
            p.soft.kicker { "Where it jumped: " (plain(&view.answer.table.name)) }
            h1 { (plain(&view.headline)) }
            p.why { (plain(&view.overall)) }
        }
        @if !view.answer.cautions.is_empty() {
            section.card.cautions aria-labelledby="cautions" {
                h2 id="cautions" { "Before you use it" }
                ul.plain { @for caution in &view.answer.cautions { li { (plain(caution)) } } }
            }
        }
    }
}

fn causes(view: &View<'_>) -> Markup {
    let most = view
        .causes
        .iter()
        .flat_map(|cause| [cause.cause.actual, cause.cause.expected])
        .map(Amount::to_f64)
        .fold(0.0, f64::max);
    markup! {
        @if !view.causes.is_empty() {
            section aria-labelledby="causes" {
                h2 id="causes" { "Where, strongest first" }
                ol.missing { @for cause in &view.causes { (card(cause, most)) } }
            }
        }
    }
}

fn card(view: &CauseView<'_>, most: f64) -> Markup {
    let cause = view.cause;
    let said = format!(
        "{} is, {} expected",
        amount(cause.actual),
        amount(cause.expected)
    );
    markup! {
        li.card {
            span.number { (view.number) }
            div {
                h3 { (plain(&line(&cause.conditions))) }
                p { (plain(&view.size)) }
                svg.bar viewBox="0 0 10000 500" preserveAspectRatio="none" role="img" aria-label=(said) {
                    title { (said) }
                    rect.track x="0" y="130" width="10000" height="240" {}
                    rect.fill x="0" y="130" width=(across(cause.actual, most)) height="240" {}
                    rect.mark x=(across(cause.expected, most)) y="20" width="60" height="460" {}
                }
                p.soft.small { "The bar is what is; the mark is what was expected." }
                dl {
                    dt { "Is" } dd { (amount(cause.actual)) }
                    dt { "Expected" } dd { (amount(cause.expected)) }
                    @if let Some(times) = cause.ratio { dt { "Times the rest" } dd { (ratio(times)) } }
                    @if let Some(share) = cause.share_of_jump { dt { "Share of the jump" } dd { (percent(share)) } }
                    dt { "Probability by chance" } dd { "at most " (raised(&power(cause.log10_p))) }
                    @for alias in &view.aliases { dt { "The same as" } dd { (plain(alias)) } }
                }
                p.soft { (raised(&view.evidence)) }
            }
        }
    }
}

/// Returns how far an amount reaches in a drawing.
fn across(amount: Amount, most: f64) -> String {
    let part = if most > 0.0 {
        (amount.to_f64() / most).clamp(0.0, 1.0)
    } else {
        0.0
    };
    format!("{:.0}", part * (SIDE - 60.0))
}

fn list(id: &str, heading: &str, sentences: &[String]) -> Markup {
    markup! {
        @if !sentences.is_empty() {
            section aria-labelledby=(id) {
                h2 id=(id) { (heading) }
                ul.plain { @for sentence in sentences { li { (plain(sentence)) } } }
            }
        }
    }
}
