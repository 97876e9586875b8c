//! What `baton check` prints: read from top to bottom, the first line is the answer.

use baton_scoring::explain::why;
use baton_scoring::wire::{DimensionScore, Posture};

use super::model::Model;
use super::sentences;
use super::view::{Decision, Missing, View, is_loud};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, drawn_width, padded};

/// Cells of a bar.
const BAR_CELLS: u64 = 20;
/// Problems of one built-in check that are told; the other renderings tell all.
const DETAILS_MAX: usize = 8;
/// Widest name of a dimension before its row grows.
const NAME_MAX: usize = 32;

/// Returns a scorecard as text, `width` columns wide.
pub fn text(model: &Model<'_>, appearance: Appearance, width: usize) -> String {
    let view = View::new(model);
    let mut page = headed(&view, appearance, width);
    body(&mut page, &view, model);
    page.blank();
    page.wrapped(&Indent::none(), &format!("{}.", view.counts), Ink::Normal);
    for (name, value) in &view.inputs {
        page.wrapped(&Indent::marked(0, padded(name, 10)), value, Ink::Faint);
    }
    page.finish()
}

/// Returns the answer to "why, and what now": every rule of the posture with its numbers, the
/// shortest path to `ready`, and what changed.
pub fn explanation_text(model: &Model<'_>, appearance: Appearance, width: usize) -> String {
    let view = View::new(model);
    let mut page = headed(&view, appearance, width);
    page.heading("The rules of the posture, worst first");
    for check in why(model.scorecard, &model.thresholds) {
        let (mark, ink) = if check.applies {
            ("✗ ", Ink::Bad)
        } else {
            ("✓ ", Ink::Normal)
        };
        page.wrapped(
            &Indent::marked(2, mark),
            &sentences::rule_check(&check),
            ink,
        );
    }
    body(&mut page, &view, model);
    page.finish()
}

/// Starts a page with what matters most: the posture, why, and what it is about.
fn headed(view: &View<'_>, appearance: Appearance, width: usize) -> Page {
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &view.headline(), posture_ink(view.posture));
    page.wrapped(&Indent::none(), &view.why, Ink::Normal);
    page.wrapped(&Indent::none(), &view.subject, Ink::Faint);
    page
}

/// Writes what is missing, what is still needed, and the numbers.
fn body(page: &mut Page, view: &View<'_>, model: &Model<'_>) {
    missing(page, view);
    decisions(page, &view.decisions);
    if let Some(since) = &view.changes {
        page.heading(&since.heading);
        list(page, &since.lines);
    }
    if !view.warnings.is_empty() {
        page.heading("Warnings");
        list(page, &view.warnings);
    }
    dimensions(page, &model.scorecard.dimensions);
    risk_terms(page, view);
}

const fn posture_ink(posture: Posture) -> Ink {
    match posture {
        Posture::Ready => Ink::Good,
        Posture::Review => Ink::Caution,
        Posture::Critical => Ink::Bad,
    }
}

fn missing(page: &mut Page, view: &View<'_>) {
    if !view.missing.is_empty() {
        page.heading("What is missing, in the order to fix it");
    }
    if let Some(path) = &view.path {
        if view.missing.is_empty() {
            page.blank();
        }
        page.wrapped(&Indent::marked(0, "→ "), path, Ink::Good);
    }
    for missing in &view.missing {
        one_missing(page, missing);
    }
}

fn one_missing(page: &mut Page, missing: &Missing<'_>) {
    let finding = missing.finding;
    page.blank();
    let indent = Indent::marked(0, format!("{:>3}. ", missing.number));
    page.wrapped(&indent, &finding.title, Ink::Strong);
    let mut about = format!(
        "{}; {}; {}",
        finding.severity, missing.state, missing.effort
    );
    if missing.is_on_path {
        about.push_str("; on the shortest path");
    }
    let ink = if is_loud(finding.severity) {
        Ink::Bad
    } else {
        Ink::Caution
    };
    page.wrapped(&Indent::marked(5, ""), &about, ink);
    // What to do comes first; how it was found out is for those who ask.
    field(
        page,
        "fix",
        finding.fix.as_deref().unwrap_or_default(),
        Ink::Good,
    );
    field(
        page,
        "why",
        finding.because.as_deref().unwrap_or_default(),
        Ink::Normal,
    );
    for (number, (words, pointer)) in missing.places().into_iter().enumerate() {
        let label = if number == 0 { "where" } else { "" };
        field(page, label, &format!("{words} ({pointer})"), Ink::Normal);
    }
    field(page, "found", &finding.found, Ink::Normal);
    for detail in finding.details.iter().take(DETAILS_MAX) {
        let told = format!(
            "{}: expected {}, found {}",
            detail.place, detail.expected, detail.found
        );
        page.wrapped(&Indent::marked(15, "- "), &told, Ink::Normal);
    }
    if let Some(more) = finding
        .details
        .len()
        .checked_sub(DETAILS_MAX)
        .filter(|more| *more > 0)
    {
        page.wrapped(
            &Indent::marked(15, "- "),
            &format!("and {more} more"),
            Ink::Normal,
        );
    }
    field(page, "expected", &finding.expected, Ink::Faint);
}

fn field(page: &mut Page, label: &str, value: &str, ink: Ink) {
    if !value.is_empty() {
        page.wrapped(&Indent::marked(5, padded(label, 10)), value, ink);
    }
}

fn decisions(page: &mut Page, decisions: &[Decision<'_>]) {
    if decisions.is_empty() {
        return;
    }
    page.heading("Decisions still needed");
    for decision in decisions {
        let gate = decision.gate;
        page.blank();
        page.wrapped(&Indent::marked(2, "◇ "), &gate.title, Ink::Strong);
        page.wrapped(&Indent::marked(5, ""), &decision.what, Ink::Caution);
        field(page, "expected", decision.expected, Ink::Normal);
        field(page, "found", decision.found, Ink::Normal);
        field(
            page,
            "why",
            gate.because.as_deref().unwrap_or_default(),
            Ink::Normal,
        );
    }
}

fn list(page: &mut Page, lines: &[String]) {
    for line in lines {
        page.wrapped(&Indent::marked(2, "- "), line, Ink::Normal);
    }
}

fn risk_terms(page: &mut Page, view: &View<'_>) {
    let terms = view.risk_terms.iter();
    let terms: Vec<String> = terms
        .map(|(source, points)| format!("{points} {source}"))
        .collect();
    if !terms.is_empty() {
        page.wrapped(
            &Indent::marked(2, "risk: "),
            &terms.join(" + "),
            Ink::Normal,
        );
    }
}

fn dimensions(page: &mut Page, dimensions: &[DimensionScore<'_>]) {
    page.heading("Scores");
    let widest = dimensions
        .iter()
        .map(|dimension| drawn_width(&dimension.title))
        .max();
    let widest = widest.unwrap_or(0).min(NAME_MAX);
    for dimension in dimensions {
        let (bar, score, ink) = match dimension.score {
            None => (
                " ".to_owned(),
                "unknown: nothing was checked".to_owned(),
                Ink::Caution,
            ),
            Some(score) => {
                let filled = score.get() * BAR_CELLS / 10_000;
                let bar: String = (0..BAR_CELLS)
                    .map(|cell| if cell < filled { '█' } else { '░' })
                    .collect();
                (bar, format!("{score:>7}"), Ink::Normal)
            }
        };
        page.row(&[
            (
                format!("  {}", padded(&dimension.title, widest)),
                Ink::Normal,
            ),
            (format!("  weight {:<3}  ", dimension.weight), Ink::Faint),
            (bar, Ink::Normal),
            (format!("  {score}"), ink),
        ]);
    }
}
