//! What `baton discover` prints.

use baton_eventlog::handover::{Edge, Map, worst};

use super::shown::{number, percent, rate, time};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, drawn_width, padded};

/// Edges in the table.
const EDGES_SHOWN: usize = 20;
/// Edges named as the worst.
const WORST_SHOWN: usize = 5;

/// Returns the map as text, `width` columns wide.
pub fn text(map: &Map, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    let totals = &map.totals;
    let title = format!(
        "{} handovers in {} of {} cases; parties shown: {}",
        number(totals.handovers),
        number(totals.handed_over_cases),
        number(totals.cases),
        map.parties.len()
    );
    page.wrapped(&Indent::none(), &title, Ink::Strong);
    for line in facts(map) {
        page.wrapped(&Indent::marked(2, ""), &line, Ink::Normal);
    }
    if map.edges.is_empty() {
        return page.finish();
    }
    page.heading("Handovers, most frequent first");
    table(&mut page, map);
    let left = map.edges.len().saturating_sub(EDGES_SHOWN);
    if left > 0 {
        let line = format!("{left} more pairs: `--format json` has all of them");
        page.wrapped(&Indent::marked(2, ""), &line, Ink::Faint);
    }
    worst_edges(&mut page, map);
    page.finish()
}

fn facts(map: &Map) -> Vec<String> {
    let totals = &map.totals;
    let mut facts = vec![format!(
        "{} of cases go back and forth (A → B → A)",
        percent(totals.ping_pong_cases, totals.cases)
    )];
    if let Some(nameless) = totals.without_person {
        let share = percent(nameless, totals.handovers);
        facts.push(format!("{share} of handovers name no person"));
    }
    if totals.after_gap > 0 {
        let gaps = number(totals.after_gap);
        facts.push(format!(
            "{gaps} changes of the party across events that name none are not counted as handovers"
        ));
    }
    if let Some(outcome) = &map.outcome {
        facts.push(format!(
            "{}: {} of {} cases",
            outcome.name,
            rate(outcome.all),
            number(outcome.all.cases)
        ));
        if let Some(split) = outcome.without_person {
            facts.push(format!(
                "{} of {} cases with a handover that names no person, {} of {} whose handovers all name one",
                rate(split.with),
                number(split.with.cases),
                rate(split.without),
                number(split.without.cases)
            ));
        }
    }
    let folded = map.folded;
    if folded.parties > 0 {
        facts.push(format!(
            "{} parties of fewer than {} known people or {} cases are shown as `(small groups)`",
            folded.parties, folded.people_min, folded.cases_min
        ));
    }
    facts
}

fn table(page: &mut Page, map: &Map) {
    let has_outcome = map.outcome.is_some();
    let mut head = vec![
        "from → to",
        "count",
        "back",
        "on",
        "no person",
        "wait",
        "90%",
    ];
    if has_outcome {
        head.extend(["failed", "others"]);
    }
    let mut rows = vec![head.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    rows.extend(map.edges.iter().take(EDGES_SHOWN).map(cells));
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            cells.map(|cell| drawn_width(cell)).max().unwrap_or(0)
        })
        .collect();
    for (nth, row) in rows.iter().enumerate() {
        let ink = if nth == 0 { Ink::Faint } else { Ink::Normal };
        let mut line = vec![("  ".to_owned(), ink)];
        for (at, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let shown = if at == 0 {
                padded(cell, width)
            } else {
                format!(
                    "{}{cell}",
                    " ".repeat(2 + width.saturating_sub(drawn_width(cell)))
                )
            };
            line.push((shown, ink));
        }
        page.row(&line);
    }
}

fn cells(edge: &Edge) -> Vec<String> {
    let nameless = edge.without_person;
    let mut cells = vec![
        format!("{} → {}", edge.from, edge.to),
        number(edge.handovers),
        percent(edge.returned, edge.handovers),
        percent(edge.passed_on, edge.handovers),
        nameless.map_or_else(
            || "–".to_owned(),
            |nameless| percent(nameless, edge.handovers),
        ),
        time(edge.waiting.median_seconds),
        time(edge.waiting.p90_seconds),
    ];
    if let Some(split) = edge.failures {
        cells.extend([rate(split.with), rate(split.without)]);
    }
    cells
}

fn worst_edges(page: &mut Page, map: &Map) {
    let worst = worst(map);
    if worst.is_empty() {
        return;
    }
    page.heading(match map.outcome {
        Some(_) => "Most failures beyond what the sender's other handovers have",
        None => "Most often given straight back",
    });
    for edge in worst.into_iter().take(WORST_SHOWN) {
        let why = match edge.failures {
            Some(split) => format!(
                "{} of {} cases failed, {} of {} handed to others",
                rate(split.with),
                number(split.with.cases),
                rate(split.without),
                number(split.without.cases)
            ),
            None => format!(
                "{} of {} handovers came straight back",
                percent(edge.returned, edge.handovers),
                number(edge.handovers)
            ),
        };
        let line = format!("{} → {}: {why}", edge.from, edge.to);
        page.wrapped(&Indent::marked(2, "- "), &line, Ink::Normal);
    }
    let note = "These are differences between groups of cases, not proof of a cause.";
    page.wrapped(&Indent::marked(2, ""), note, Ink::Faint);
}
