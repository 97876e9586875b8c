//! A comparison as text for people, for terminals of 80 to 120 columns.

use baton_rootcause::compare::{Became, Comparison};

use super::view::View;
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, padded};

/// Returns the answer as text, `width` columns wide.
pub fn text(comparison: &Comparison, appearance: Appearance, width: usize) -> String {
    let view = View::new(comparison);
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &view.headline, Ink::Strong);
    for sentence in view.windows.iter().chain([&view.change]) {
        page.wrapped(&Indent::none(), sentence, Ink::Normal);
    }
    for caution in &comparison.cautions {
        page.wrapped(&Indent::marked(2, "! "), caution, Ink::Caution);
    }
    page.heading("What became of the causes");
    if view.causes.is_empty() {
        page.wrapped(
            &Indent::marked(2, ""),
            "No pattern changed clearly.",
            Ink::Normal,
        );
    }
    for cause in &view.causes {
        let line = format!("{}: {}", cause.became, cause.title);
        page.wrapped(&Indent::marked(2, ""), &line, ink(cause.change.became));
        for (label, told) in [("before", &cause.before), ("after", &cause.after)] {
            page.wrapped(&Indent::marked(6, padded(label, 8)), told, Ink::Normal);
        }
        page.wrapped(&Indent::marked(6, ""), &cause.evidence, Ink::Faint);
    }
    page.wrapped(&Indent::marked(2, ""), &view.tests, Ink::Faint);
    if !view.splits.is_empty() {
        page.heading("The change, split (percentage points)");
    }
    for split in &view.splits {
        page.wrapped(&Indent::marked(2, ""), &split.split.by, Ink::Strong);
        page.wrapped(&Indent::marked(6, ""), &split.sentence, Ink::Normal);
    }
    if !view.changes.is_empty() {
        page.heading("When the rate changed");
    }
    for change in &view.changes {
        page.wrapped(&Indent::marked(2, ""), change, Ink::Normal);
    }
    page.finish()
}

fn ink(became: Became) -> Ink {
    match became {
        Became::Appeared | Became::Grew => Ink::Bad,
        Became::Shrank | Became::Vanished => Ink::Good,
        Became::Steady => Ink::Faint,
    }
}
