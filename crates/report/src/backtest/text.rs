//! A backtest as text for people, for terminals of 80 to 120 columns.

use super::model::Backtest;
use super::view::{
    CLAUSE_HEADS, DECISION_HEADS, FLIPS_SHOWN, TEAM_HEADS, VERDICT_HEADS, View, flip, source,
};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, drawn_width, padded};

/// Returns the backtest as text, `width` columns wide.
pub fn text(backtest: &Backtest, appearance: Appearance, width: usize) -> String {
    let view = View::new(backtest);
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &view.headline, Ink::Strong);
    for sentence in &view.answers {
        page.wrapped(&Indent::none(), sentence, Ink::Normal);
    }
    for caution in &view.cautions {
        page.wrapped(&Indent::marked(2, "! "), caution, Ink::Caution);
    }
    page.heading("What follows from each choice (cases; shares with 95% intervals, Wilson 1927)");
    table(&mut page, DECISION_HEADS, &view.decisions);
    page.heading("Verdicts (packages)");
    table(&mut page, VERDICT_HEADS, &view.verdicts);
    page.heading("Clauses");
    table(&mut page, CLAUSE_HEADS, &view.clauses);
    page.wrapped(&Indent::marked(2, ""), &view.clauses_left_out, Ink::Faint);
    page.heading("Sending teams");
    let (teams, more) = view.teams();
    table(&mut page, TEAM_HEADS, teams);
    if more > 0 {
        let line = format!("and {more} more in the JSON and on the page");
        page.wrapped(&Indent::marked(2, ""), &line, Ink::Faint);
    }
    page.heading("Effort");
    page.wrapped(&Indent::marked(2, ""), &view.effort, Ink::Normal);
    let (flips, more) = view.flips(FLIPS_SHOWN);
    page.heading("To look at one by one");
    for one in flips {
        let line = format!("{}: {}", one.work_item, flip(one));
        page.wrapped(&Indent::marked(2, "- "), &line, Ink::Normal);
    }
    if more > 0 {
        let line = format!("and {more} more; `--flips N --format json` lists up to 10,000");
        page.wrapped(&Indent::marked(2, ""), &line, Ink::Faint);
    }
    page.blank();
    let from = format!("{}; checks {}", source(backtest.source), backtest.checks);
    page.wrapped(&Indent::marked(0, "made from: "), &from, Ink::Faint);
    page.finish()
}

/// Draws a table; all columns but the first are set to the right unless they are words.
fn table<const N: usize>(page: &mut Page, heads: [&str; N], rows: &[[String; N]]) {
    if rows.is_empty() {
        page.wrapped(&Indent::marked(2, ""), "None.", Ink::Faint);
        return;
    }
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widest = cells.map(|cell| drawn_width(cell)).max().unwrap_or(0);
        widest.max(heads.get(column).map_or(0, |head| drawn_width(head)))
    };
    let draw = |cells: Vec<&str>, ink: Ink| {
        let cells = cells.into_iter().enumerate();
        let mut drawn = vec![("  ".to_owned(), ink)];
        drawn.extend(cells.map(|(column, cell)| {
            let cell = padded(cell, width(column));
            (format!("{cell}  "), ink)
        }));
        drawn
    };
    page.row(&draw(heads.to_vec(), Ink::Faint));
    for row in rows {
        page.row(&draw(row.iter().map(String::as_str).collect(), Ink::Normal));
    }
}
