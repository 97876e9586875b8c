//! Proposals in words.

use std::fmt::Write as _;

use baton_rootcause::wire::Strength;

use super::{Candidate, Proposals, Refused};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page};
use crate::markdown;
use crate::mining::in_words;
use crate::mining::numbers::{decimal, limits, percent, ratio, whole};

/// Returns the proposals as text for people, `width` columns wide.
pub fn text(proposals: &Proposals, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &headline(proposals), Ink::Strong);
    page.wrapped(&Indent::none(), ABOUT, Ink::Faint);
    for candidate in &proposals.candidates {
        page.heading(&format!("{}. {}", candidate.rank, candidate.clause));
        let where_ = in_words(&candidate.conditions);
        page.wrapped(
            &Indent::marked(2, ""),
            &format!("Flags work where {where_}."),
            Ink::Normal,
        );
        for sentence in evidence(candidate) {
            page.wrapped(&Indent::marked(2, ""), &sentence, Ink::Normal);
        }
        page.blank();
        for line in candidate.diff.lines() {
            let ink = if line.starts_with('+') {
                Ink::Good
            } else {
                Ink::Faint
            };
            page.row(&[(format!("  {line}"), ink)]);
        }
    }
    if !proposals.refused.is_empty() {
        page.heading("No clause is made of");
    }
    for refused in &proposals.refused {
        page.wrapped(&Indent::marked(2, "- "), &refusal(refused), Ink::Normal);
        page.wrapped(&Indent::marked(4, ""), &refused.hint, Ink::Faint);
    }
    page.finish()
}

/// Returns the proposals as GitHub Flavored Markdown, for the discussion of the change.
pub fn markdown(proposals: &Proposals) -> String {
    let shown = markdown::text;
    let mut page = format!("## {}\n\n{ABOUT}\n", shown(&headline(proposals)));
    let mut push = |text: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _written = page.write_fmt(text);
    };
    for candidate in &proposals.candidates {
        push(format_args!(
            "\n### {}. {}\n",
            candidate.rank,
            shown(&candidate.clause)
        ));
        let where_ = in_words(&candidate.conditions);
        push(format_args!("\nFlags work where {}.\n", shown(&where_)));
        for sentence in evidence(candidate) {
            push(format_args!("\n{}\n", shown(&sentence)));
        }
        let fence = "`".repeat(longest_run(&candidate.diff).max(2) + 1);
        push(format_args!("\n{fence}diff\n{}{fence}\n", candidate.diff));
    }
    if !proposals.refused.is_empty() {
        push(format_args!("\n### No clause is made of\n\n"));
    }
    for refused in &proposals.refused {
        let (reason, hint) = (shown(&refusal(refused)), shown(&refused.hint));
        push(format_args!("- {reason} {hint}\n"));
    }
    page
}

const ABOUT: &str = "Each clause is an association made checkable, not proof that meeting it helps: counts are of whole cases of the log. Hold it against past handovers before anybody has to keep it.";

fn headline(proposals: &Proposals) -> String {
    let clauses = match proposals.candidates.len() {
        0 => "no clause".to_owned(),
        1 => "one clause".to_owned(),
        many => format!("{many} clauses"),
    };
    format!(
        "{}: {clauses} proposed for {} {}",
        proposals.outcome, proposals.contract, proposals.version
    )
}

fn evidence(candidate: &Candidate) -> Vec<String> {
    let found = &candidate.evidence;
    let per = match found.caught_per_blocked {
        Some(per) => format!("{} for each good case held up", decimal(per, 1)),
        None => "with no good case held up".to_owned(),
    };
    let rate = found
        .rate
        .value
        .map_or_else(|| "unknown".to_owned(), percent);
    let interval =
        limits(&found.rate, percent).map_or_else(String::new, |limits| format!(", {limits}"));
    let mut sentences = vec![format!(
        "Of {} such cases {} failed ({rate}{interval}), against {} of all others: it catches {} of all failures, {per} ({} of them).",
        whole(found.cases),
        whole(found.failures_caught),
        percent(found.other_rate),
        percent(found.share_of_failures),
        whole(found.good_blocked),
    )];
    let strength = match found.strength {
        Strength::Adjusted => {
            "Later cases show it again, and it holds after adjusting for other drivers"
        }
        Strength::Replicated => "Later cases show it again",
        Strength::Associated => "It was not seen again",
    };
    let adjusted = found
        .adjusted_risk_ratio
        .as_ref()
        .and_then(|ratio| ratio.value);
    let adjusted = adjusted.map(|value| format!(" (risk ratio {})", ratio(value)));
    let later = found.later.map(|(cases, failures)| {
        format!(
            ": {} of {} later cases failed",
            whole(failures),
            whole(cases)
        )
    });
    sentences.push(format!(
        "{strength}{}{}.",
        adjusted.unwrap_or_default(),
        later.unwrap_or_default()
    ));
    sentences
}

fn refusal(refused: &Refused) -> String {
    let what = in_words(&refused.conditions);
    format!("{what}: {} [{}].", refused.reason, refused.code)
}

/// Returns the length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}
