//! A backtest as one self-contained page: no script, no request, readable on a phone and on paper.

use maud::{Markup, html as markup};

use super::model::{Answer, Backtest, Measure};
use super::view::{CLAUSE_HEADS, DECISION_HEADS, TEAM_HEADS, VERDICT_HEADS, View, flip, source};
use crate::mining::STYLE as MINING;
use crate::mining::numbers::whole;
use crate::page::{cautions, page, section, table};
use crate::plain;

/// Returns the backtest as a page.
pub fn html(backtest: &Backtest) -> String {
    let view = View::new(backtest);
    let body = markup! {
        main {
            (head(&view))
            (section("decision", "What follows from each choice", &markup! {
                p.soft { "Cases; shares with 95% intervals (Wilson 1927)." }
                (table("What follows from each choice", DECISION_HEADS, &view.decisions))
            }))
            (section("verdicts", "Verdicts", &table("Verdicts, by package", VERDICT_HEADS, &view.verdicts)))
            (section("clauses", "Clauses", &markup! {
                (table("Clauses", CLAUSE_HEADS, &view.clauses))
                p.soft { (view.clauses_left_out) }
            }))
            (section("teams", "Sending teams", &table("Sending teams", TEAM_HEADS, &view.teams)))
            (section("effort", "Effort", &markup! { p { (view.effort) } }))
            (flips(&view))
            (inputs(&view))
        }
        footer { p { "Made by Baton. The digests above identify exactly what was read; another run over the same files writes the same page." } }
    };
    page(&plain(&view.headline), MINING, &body)
}

fn head(view: &View<'_>) -> Markup {
    let flagged = view.backtest.decisions.iter();
    let mut flagged = flagged.filter(|row| row.measure == Measure::Flagged);
    let word = flagged.next().map_or("nothing", |row| match row.answer {
        Answer::Catches => "catches failing work",
        Answer::Unclear => "no clear difference",
        Answer::HitsGoodWork => "hits good work",
        Answer::TooFew => "too few cases",
        Answer::Unknown => "outcomes not known",
        Answer::Nothing => "asks for nothing more",
    });
    markup! {
        header.card.answer.mined {
            p.soft.kicker { "Backtest" }
            h1 { (plain(&view.headline)) }
            ul.tags { li { (word) } }
            @for sentence in &view.answers { p { (plain(sentence)) } }
        }
        (cautions(&view.cautions))
    }
}

fn flips(view: &View<'_>) -> Markup {
    let (flips, more) = view.flips(usize::MAX);
    let flips: Vec<_> = flips.collect();
    section(
        "flips",
        "To look at one by one",
        &markup! {
            @if flips.is_empty() { p { "No package is judged otherwise." } } @else {
                details {
                    summary { (whole(u64::try_from(flips.len()).unwrap_or(u64::MAX))) " packages: other verdicts first, good work first, the latest first" }
                    ul { @for one in flips {
                        li { strong { (plain(&one.work_item)) } ": " (plain(&flip(one))) }
                    } }
                }
            }
            @if more > 0 { p.soft { "And " (whole(more)) " more." } }
        },
    )
}

fn inputs(view: &View<'_>) -> Markup {
    let backtest = view.backtest;
    section(
        "inputs",
        "What was read",
        &markup! {
            dl.card {
                dt { "Packages" } dd { (source(backtest.source)) }
                @if let Some(outcome) = &backtest.outcome {
                    dt { "Failed" } dd { (plain(&outcome.name)) ": " span.code { (plain(&outcome.failed)) } }
                }
                dt { "Checked" } dd { @match backtest.as_of {
                    Some(at) => { "as of " (at) }
                    None => { "each package at its own time" }
                } }
                dt { "Old version" } dd { (plain(&backtest.before.version)) " " span.code { (backtest.before.digest) } }
                dt { "New version" } dd { (plain(&backtest.after.version)) " " span.code { (backtest.after.digest) } }
                @for input in &backtest.inputs {
                    dt { (plain(&input.name)) } dd { span.code { (plain(&input.digest)) } }
                }
                dt { "All checks" } dd { span.code { (backtest.checks) } }
            }
        },
    )
}
