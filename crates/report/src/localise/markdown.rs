//! A localisation as Markdown, for a ticket or a chat.

use std::fmt::Write as _;

use baton_rootcause::localise::Localisation;

use super::view::{View, amount};
use crate::markdown::{code, text};
use crate::mining::conditions::line;
use crate::mining::numbers::{power, ratio};

/// Returns the answer as GitHub Flavored Markdown.
pub fn markdown(answer: &Localisation) -> String {
    let view = View::new(answer);
    let mut page = format!("## {}\n\n{}\n", text(&view.headline), text(&view.overall));
    for caution in &answer.cautions {
        push(&mut page, format_args!("\n> {}\n", text(caution)));
    }
    if !view.causes.is_empty() {
        page.push_str(
            "\n| # | Where | Is | Expected | Times | p at most |\n|---:|---|---:|---:|---:|---:|\n",
        );
    }
    for cause in &view.causes {
        let located = cause.cause;
        push(
            &mut page,
            format_args!(
                "| {} | {} | {} | {} | {} | {} |\n",
                cause.number,
                text(&line(&located.conditions)),
                amount(located.actual),
                amount(located.expected),
                located.ratio.map_or_else(|| "–".to_owned(), ratio),
                text(&power(located.log10_p)),
            ),
        );
    }
    for cause in &view.causes {
        push(
            &mut page,
            format_args!(
                "\n{}. {} {}\n",
                cause.number,
                text(&cause.size),
                text(&cause.evidence)
            ),
        );
        for alias in &cause.aliases {
            push(
                &mut page,
                format_args!("   - the same as {}\n", text(alias)),
            );
        }
    }
    list(&mut page, "Nearly as good", &view.alternatives);
    list(&mut page, "How it was looked for", &view.search);
    page.push_str("\n### What was read\n\n");
    for (label, value) in &view.inputs {
        push(&mut page, format_args!("- {label}: {}\n", code(value)));
    }
    page
}

fn list(page: &mut String, heading: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    push(page, format_args!("\n### {heading}\n\n"));
    for sentence in sentences {
        push(page, format_args!("- {}\n", text(sentence)));
    }
}

fn push(page: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a String can't fail.
    let _ = page.write_fmt(more);
}
