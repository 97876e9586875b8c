//! A simulation as text for people, for terminals of 80 to 120 columns.

use baton_network::wire::Simulation;

use super::view::{ChangeView, View};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, drawn_width, padded};

/// Returns the answer as text, `width` columns wide.
pub fn text(answer: &Simulation, appearance: Appearance, width: usize) -> String {
    let view = View::new(answer);
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &view.headline, Ink::Strong);
    page.wrapped(&Indent::none(), &view.overview, Ink::Normal);
    for caution in &answer.cautions {
        page.wrapped(&Indent::marked(2, "! "), caution, Ink::Caution);
    }
    page.blank();
    checks(&mut page, &view);
    page.blank();
    for sentence in &view.coverage {
        page.wrapped(&Indent::none(), sentence, Ink::Normal);
    }
    if !view.missed.is_empty() {
        page.heading("Teams for which it does not hold");
        for team in &view.missed {
            page.wrapped(&Indent::marked(2, "- "), team, Ink::Normal);
        }
    }
    for (number, scenario) in view.scenarios.iter().enumerate() {
        page.blank();
        let mark = format!("{}. ", number + 1);
        page.wrapped(
            &Indent::marked(0, mark),
            &scenario.scenario.title,
            Ink::Strong,
        );
        changes(&mut page, &scenario.changes);
        if !scenario.teams.is_empty() {
            page.blank();
            changes(&mut page, &scenario.teams);
        }
        for remark in &scenario.remarks {
            page.wrapped(&Indent::marked(3, ""), remark, Ink::Faint);
        }
    }
    page.heading("What is assumed, for no log can tell it");
    for assumption in &answer.assumptions {
        page.wrapped(&Indent::marked(2, "- "), assumption, Ink::Faint);
    }
    page.heading("What was fitted");
    for (label, value) in view.fit.iter().chain(&view.inputs) {
        page.wrapped(&Indent::marked(2, padded(label, 12)), value, Ink::Faint);
    }
    page.finish()
}

fn checks(page: &mut Page, view: &View<'_>) {
    let labels = view.checks.iter().map(|row| drawn_width(&row.label));
    let label = labels.max().unwrap_or(0) + 2;
    let actuals = view.checks.iter().map(|row| drawn_width(&row.actual));
    let actual = actuals.max().unwrap_or(0).max(8) + 2;
    let simulated = view.checks.iter().map(|row| drawn_width(&row.simulated));
    let simulated = simulated.max().unwrap_or(0).max(9) + 2;
    page.row(&[
        (padded("", label), Ink::Faint),
        (padded("happened", actual), Ink::Faint),
        ("simulated".to_owned(), Ink::Faint),
    ]);
    for row in &view.checks {
        let (verdict, ink) = if row.check.holds {
            ("holds", Ink::Good)
        } else {
            ("does not hold", Ink::Bad)
        };
        page.row(&[
            (padded(&row.label, label), Ink::Normal),
            (padded(&row.actual, actual), Ink::Normal),
            (padded(&row.simulated, simulated), Ink::Normal),
            (verdict.to_owned(), ink),
        ]);
    }
}

fn changes(page: &mut Page, changes: &[ChangeView]) {
    let widest = |of: fn(&ChangeView) -> &String| {
        changes
            .iter()
            .map(|change| drawn_width(of(change)))
            .max()
            .unwrap_or(0)
            + 2
    };
    let label = widest(|change| &change.label);
    let (base, scenario) = (
        widest(|change| &change.base),
        widest(|change| &change.scenario),
    );
    let difference = widest(|change| &change.difference);
    for change in changes {
        let ink = match change.verdict {
            "not clear" => Ink::Faint,
            _ => Ink::Strong,
        };
        page.row(&[
            (padded("", 3), Ink::Normal),
            (padded(&change.label, label), Ink::Normal),
            (padded(&change.base, base), Ink::Normal),
            ("→ ".to_owned(), Ink::Faint),
            (padded(&change.scenario, scenario), Ink::Normal),
            (padded(&change.difference, difference), Ink::Normal),
            (change.verdict.to_owned(), ink),
        ]);
    }
}
