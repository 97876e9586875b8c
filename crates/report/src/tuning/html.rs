//! Tuning as one self-contained page: no script, no request, readable on a phone and on paper.

use maud::{Markup, html as markup};

use super::model::{Proposed, Quality, Retirement, Tuning};
use super::view::{about, headline, moved, verdict};
use crate::backtest::{rate, source, told_ratio};
use crate::mining::STYLE as MINING;
use crate::mining::numbers::whole;
use crate::page::{page, section, table};
use crate::plain;

/// Heads of the table of clauses.
const CLAUSE_HEADS: [&str; 6] = [
    "clause",
    "not met",
    "failed later",
    "others",
    "ratio, like with like",
    "what that says",
];

/// Returns the tuning as a page.
pub fn html(tuning: &Tuning) -> String {
    let headline = plain(&headline(tuning));
    let clauses: Vec<_> = tuning.clauses.iter().map(clause).collect();
    let body = markup! {
        main {
            (head(tuning, &headline))
            (section("recommended", "Recommended", &changes(&tuning.recommended)))
            (section("unconfirmed", "Suggested, and not confirmed", &changes(&tuning.unconfirmed)))
            (section("retire", "Clauses that may go", &retirements(&tuning.retire)))
            (section("clauses", "How each clause does", &markup! {
                p.soft { "Packages that do not meet a clause, and how their cases ended; shares with 95% intervals." }
                (table("How each clause does", CLAUSE_HEADS, &clauses))
            }))
            (section("inputs", "What was read", &inputs(tuning)))
        }
        footer { p { "Made by Baton. The digests above identify exactly what was read; another run over the same files writes the same page." } }
    };
    page(&headline, MINING, &body)
}

fn head(tuning: &Tuning, headline: &str) -> Markup {
    markup! {
        header.card.answer.mined {
            p.soft.kicker { "Tuning" }
            h1 { (headline) }
            ul.tags {
                li { (tuning.recommended.len()) " recommended" }
                li { (tuning.unconfirmed.len()) " not confirmed" }
                li { (tuning.retire.len()) " may go" }
            }
            @for sentence in &about(tuning) { p { (plain(sentence)) } }
        }
    }
}

fn changes(changes: &[Proposed]) -> Markup {
    markup! {
        @if changes.is_empty() { p { "None." } }
        @for change in changes {
            article.card {
                h3 { span.code { (plain(&change.at)) } ": " (change.to) " instead of " (change.from) }
                dl {
                    dt { "Earlier cases" } dd { (moved(&change.earlier)) }
                    dt { "Later cases" } dd { (moved(&change.later)) }
                    @for (words, held) in [("Held up fail at", &change.held_rate), ("Let go fail at", &change.freed_rate)] {
                        @if held.value.is_some() { dt { (words) } dd { (rate(held)) } }
                    }
                    @if !change.because.is_empty() { dt { "Not recommended" } dd { (plain(&change.because)) } }
                }
            }
        }
    }
}

fn retirements(retire: &[Retirement]) -> Markup {
    markup! {
        @if retire.is_empty() { p { "None." } } @else {
            ul.plain { @for one in retire { li { strong { (plain(&one.clause)) } ": " (plain(&one.because)) } } }
        }
    }
}

fn clause(quality: &Quality) -> [String; 6] {
    let flagged = &quality.flagged;
    let known = flagged.failed.saturating_add(flagged.fine);
    let waived = match quality.waived {
        0 => String::new(),
        waived => format!("; {} waived", whole(waived)),
    };
    let failed = match known {
        0 => "not known".to_owned(),
        known => {
            let (failed, known) = (whole(flagged.failed), whole(known));
            format!("{failed} of {known}, {}", rate(&quality.rate))
        }
    };
    [
        format!("{} ({})", quality.clause, quality.severity),
        format!(
            "{} of {}, {}{waived}",
            whole(quality.unmet),
            whole(quality.applied),
            rate(&quality.unmet_share)
        ),
        failed,
        rate(&quality.other_rate),
        told_ratio(&quality.adjusted_risk_ratio),
        verdict(quality).to_owned(),
    ]
}

fn inputs(tuning: &Tuning) -> Markup {
    markup! {
        dl.card {
            dt { "Packages" } dd { (source(tuning.source)) }
            dt { "Failed" } dd { (plain(&tuning.outcome.name)) ": " span.code { (plain(&tuning.outcome.failed)) } }
            dt { "Worth" } dd { "up to " (whole(tuning.worth)) " good " @if tuning.worth == 1 { "case" } @else { "cases" } " held up for one failure that is caught" }
            dt { "Contract" } dd { (plain(&tuning.version)) " " span.code { (tuning.digest) } }
            @for input in &tuning.inputs {
                dt { (plain(&input.name)) } dd { span.code { (plain(&input.digest)) } }
            }
        }
    }
}
