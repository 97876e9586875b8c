//! A backtest as Markdown, for the discussion of the change.

use std::fmt::Write as _;

use super::model::Backtest;
use super::view::{
    CLAUSE_HEADS, DECISION_HEADS, FLIPS_SHOWN, TEAM_HEADS, VERDICT_HEADS, View, flip,
};
use crate::markdown::{code, text};

/// Returns the backtest as GitHub Flavored Markdown.
pub fn markdown(backtest: &Backtest) -> String {
    let view = View::new(backtest);
    let mut page = format!("## {}\n", text(&view.headline));
    for sentence in &view.answers {
        push(&mut page, format_args!("\n{}\n", text(sentence)));
    }
    for caution in &view.cautions {
        push(&mut page, format_args!("\n> {}\n", text(caution)));
    }
    page.push_str("\n### What follows from each choice\n\nCases; shares with 95% intervals (Wilson 1927).\n\n");
    table(&mut page, DECISION_HEADS, &view.decisions);
    page.push_str("\n### Verdicts\n\n");
    table(&mut page, VERDICT_HEADS, &view.verdicts);
    page.push_str("\n### Clauses\n\n");
    table(&mut page, CLAUSE_HEADS, &view.clauses);
    push(
        &mut page,
        format_args!("\n{}\n", text(&view.clauses_left_out)),
    );
    page.push_str("\n### Sending teams\n\n");
    let (teams, more) = view.teams();
    table(&mut page, TEAM_HEADS, teams);
    if more > 0 {
        push(&mut page, format_args!("\nand {more} more teams\n"));
    }
    push(
        &mut page,
        format_args!("\n### Effort\n\n{}\n", text(&view.effort)),
    );
    page.push_str("\n### To look at one by one\n\n");
    let (flips, more) = view.flips(FLIPS_SHOWN);
    for one in flips {
        push(
            &mut page,
            format_args!("- {}: {}\n", code(&one.work_item), text(&flip(one))),
        );
    }
    if more > 0 {
        push(&mut page, format_args!("\nand {more} more\n"));
    }
    page
}

fn table<const N: usize>(page: &mut String, heads: [&str; N], rows: &[[String; N]]) {
    if rows.is_empty() {
        page.push_str("None.\n");
        return;
    }
    push(
        page,
        format_args!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(N)),
    );
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| text(cell)).collect();
        push(page, format_args!("| {} |\n", cells.join(" | ")));
    }
}

fn push(page: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a String can't fail.
    let _ = page.write_fmt(more);
}
