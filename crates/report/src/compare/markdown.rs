//! A comparison as Markdown, for a ticket or a review.

use std::fmt::Write as _;

use baton_rootcause::compare::Comparison;

use super::view::{View, points};
use crate::markdown::text;

/// Returns the answer as GitHub Flavored Markdown.
pub fn markdown(comparison: &Comparison) -> String {
    let view = View::new(comparison);
    let mut page = format!("## {}\n", text(&view.headline));
    for sentence in view.windows.iter().chain([&view.change]) {
        push(&mut page, format_args!("\n{}\n", text(sentence)));
    }
    for caution in &comparison.cautions {
        push(&mut page, format_args!("\n> {}\n", text(caution)));
    }
    page.push_str("\n### What became of the causes\n\n");
    if view.causes.is_empty() {
        page.push_str("No pattern changed clearly.\n");
    } else {
        page.push_str("| Became | Where | Before | After | Evidence |\n|---|---|---|---|---|\n");
    }
    for cause in &view.causes {
        push(
            &mut page,
            format_args!(
                "| {} | {} | {} | {} | {} |\n",
                cause.became,
                text(&cause.title),
                text(&cause.before),
                text(&cause.after),
                text(&cause.evidence)
            ),
        );
    }
    push(&mut page, format_args!("\n{}\n", text(&view.tests)));
    if !view.splits.is_empty() {
        page.push_str(
            "\n### The change, split (percentage points)\n\n| By | Rate | Mix |\n|---|---:|---:|\n",
        );
    }
    for split in &view.splits {
        let (rate, mix) = (points(split.split.rate), points(split.split.mix));
        push(
            &mut page,
            format_args!(
                "| {} | {} | {} |\n",
                text(&split.split.by),
                text(&rate),
                text(&mix)
            ),
        );
    }
    if !view.changes.is_empty() {
        page.push_str("\n### When the rate changed\n\n");
    }
    for change in &view.changes {
        push(&mut page, format_args!("- {}\n", text(change)));
    }
    page
}

fn push(page: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a String can't fail.
    let _ = page.write_fmt(more);
}
