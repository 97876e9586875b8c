//! A tour as one self-contained page: no script, no request, readable on a phone and on paper.

use maud::{Markup, PreEscaped, html as markup};

use super::model::{Origin, Tour, Trial};
use super::view::{CAUSES_MAX, candidate, cause, caution, ended, handovers, headline, side, tried};
use crate::handover::svg;
use crate::mining::STYLE as MINING;
use crate::mining::numbers::whole;
use crate::page::{page, section};
use crate::plain;

/// What a tour adds to the style sheet of mining reports.
const STYLE: &str = include_str!("tour.css");

/// Returns the tour as a page.
pub fn html(tour: &Tour<'_>) -> String {
    let headline = headline(tour);
    let body = markup! {
        main {
            (head(tour, &headline))
            (section("map", "1. Who hands over to whom", &map(tour)))
            (section("causes", "2. Why work fails", &causes(tour)))
            (section("clause", "3. What could be asked for", &clause(tour)))
            (section("past", "4. What it would have done", &past(tour)))
            @if !tour.trials.is_empty() {
                (section("rollouts", "5. What it does, a few handoffs first", &trials(tour)))
            }
            (proof(tour))
            (section("again", "Do it yourself", &again(tour)))
        }
        footer { p { "Made by Baton. The same seed or log in the same folder gives the same page on every machine." } }
    };
    page(&plain(&headline), &format!("{MINING}{STYLE}"), &body)
}

fn head(tour: &Tour<'_>, headline: &str) -> Markup {
    markup! {
        header.card.answer.mined {
            p.soft.kicker { "From a cause to a clause that proves itself" }
            h1 { (plain(headline)) }
            ul.tags {
                @if matches!(tour.origin, Origin::MadeUp { .. }) { li.loud { "made up" } }
                li { (tour.mined.causes.len()) " causes" }
                li { (tour.proposals.candidates.len()) " clauses proposed" }
                @for trial in tour.trials {
                    li class=(if trial.is_promoted { "way" } else { "calm" }) {
                        (if trial.is_promoted { "promoted: " } else { "rolled back: " }) (plain(&trial.title))
                    }
                }
            }
            p { (plain(&caution(tour))) }
        }
    }
}

fn map(tour: &Tour<'_>) -> Markup {
    markup! {
        div.card {
            p { (handovers(tour)) }
            // The drawing escapes what it draws.
            figure { (PreEscaped(svg(tour.map))) }
        }
    }
}

fn causes(tour: &Tour<'_>) -> Markup {
    let causes = &tour.mined.causes;
    let more = causes.len().saturating_sub(CAUSES_MAX);
    markup! {
        @if causes.is_empty() { p { "Nothing stands out from chance. That is an answer, not an error." } }
        @else {
            p.soft { "Conditions that go with failure more than chance explains, counting everything that was looked at. None of them says that changing it helps; that is what the rest of this page is about." }
            ol.plain.card.inner {
                @for one in causes.iter().take(CAUSES_MAX) {
                    @let (what, rate) = cause(one);
                    li { strong { (plain(&what)) } p { (plain(&rate)) } }
                }
            }
            @if more > 0 { p.soft { "And " (whole(u64::try_from(more).unwrap_or(0))) " more." } }
        }
        (link(tour, "why.html", "The whole report on causes"))
    }
}

fn clause(tour: &Tour<'_>) -> Markup {
    markup! {
        @match tour.tried.as_ref().and_then(|idea| candidate(tour, idea)) {
            None => { p { "Nothing: no cause is firm enough to ask anybody for more." } }
            Some(candidate) => {
                p { "The first of " (tour.proposals.candidates.len()) " proposed clauses, as a change of the contract "
                    (plain(&tour.proposals.contract)) " " (plain(&tour.proposals.version)) ":" }
                pre.card.diff tabindex="0" role="region" aria-label="Change of the contract" {
                    @for line in candidate.diff.lines() {
                        @let class = match line.as_bytes().first() {
                            Some(b'+') if !line.starts_with("+++") => Some("added"),
                            Some(b'@' | b'+' | b'-') => Some("soft"),
                            _ => None,
                        };
                        span class=[class] { (plain(line)) "\n" }
                    }
                }
            }
        }
    }
}

fn past(tour: &Tour<'_>) -> Markup {
    markup! {
        @match &tour.tried {
            None => { p { "There is nothing to hold against the past." } }
            Some(idea) => {
                div.card { @for sentence in tried(idea) { p { (plain(&sentence)) } } }
                (link(tour, "backtest.html", "The whole backtest, every package that is judged otherwise"))
            }
        }
    }
}

fn trials(tour: &Tour<'_>) -> Markup {
    markup! {
        p.soft { "Simulated time. Each version is given to a few handoffs first; after each look it advances, holds or is rolled back, on evidence that stays valid however often one looks. What comes back is mended and handed over anew a day later." }
        @for trial in tour.trials { (one(trial)) }
    }
}

fn one(trial: &Trial) -> Markup {
    let tone = if trial.is_promoted {
        "ready"
    } else {
        "critical"
    };
    markup! {
        article class=(format!("card trial {tone}")) {
            h3 { (plain(&trial.title)) " (" (plain(&trial.version)) ")" }
            p { strong.ended { (ended(trial)) } }
            p { (plain(&trial.idea)) " " (plain(&trial.behavior)) }
            div.table role="region" aria-label=(format!("Metrics of {}", plain(&trial.title))) tabindex="0" { table {
                thead { tr { th scope="col" { "Metric" } th scope="col" { "Version in force" } th scope="col" { "New version" } } }
                tbody { @for reading in &trial.readings { tr {
                    th scope="row" { (plain(&reading.metric)) }
                    td { (side(reading.stable)) }
                    td { (side(reading.canary)) }
                } } }
            } }
            details {
                summary { "Every decision" }
                ol.plain { @for turn in &trial.turns {
                    li { span.soft { (plain(&turn.at)) } " " strong { (plain(&turn.what)) } @if !turn.why.is_empty() { ": " (plain(&turn.why)) } }
                } }
            }
        }
    }
}

fn proof(tour: &Tour<'_>) -> Markup {
    markup! {
        @if let Some(proof) = tour.proof {
            (section("proof", "6. Proved offline", &markup! {
                div.card {
                    p { "What was mined and decided is kept in a signed trace. One file of it is all that an outsider needs to verify it:" }
                    ul.plain { @for line in &proof.lines { li { (plain(line)) } } }
                    p { a href=(proof.file) { (plain(&proof.file)) } }
                }
            }))
        }
    }
}

fn again(tour: &Tour<'_>) -> Markup {
    markup! {
        pre.card tabindex="0" role="region" aria-label="Commands" { @for command in tour.commands { "$ " (plain(command)) "\n" } }
        h3 { "What was written" }
        dl.card { @for file in tour.files {
            dt { a href=(file.path) { (plain(&file.path)) } }
            dd { (plain(&file.what)) }
        } }
    }
}

/// Returns a link to a page beside this one, when it was written.
fn link(tour: &Tour<'_>, path: &str, words: &str) -> Markup {
    markup! {
        @if tour.files.iter().any(|file| file.path == path) { p { a href=(path) { (words) } } }
    }
}
