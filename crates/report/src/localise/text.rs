//! A localisation as text for people, for terminals of 80 to 120 columns.

use baton_rootcause::localise::Localisation;

use super::view::View;
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, padded};
use crate::mining::conditions::line;

/// Returns the answer as text, `width` columns wide.
pub fn text(answer: &Localisation, appearance: Appearance, width: usize) -> String {
    let view = View::new(answer);
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &view.headline, Ink::Strong);
    page.wrapped(&Indent::none(), &view.overall, Ink::Normal);
    for caution in &answer.cautions {
        page.wrapped(&Indent::marked(2, "! "), caution, Ink::Caution);
    }
    for cause in &view.causes {
        page.blank();
        let mark = format!("{}. ", cause.number);
        let title = line(&cause.cause.conditions);
        page.wrapped(&Indent::marked(0, mark), &title, Ink::Bad);
        page.wrapped(&Indent::marked(3, ""), &cause.size, Ink::Normal);
        page.wrapped(&Indent::marked(3, ""), &cause.evidence, Ink::Faint);
        for alias in &cause.aliases {
            page.wrapped(&Indent::marked(3, "the same as "), alias, Ink::Faint);
        }
    }
    if !view.alternatives.is_empty() {
        page.heading("Nearly as good");
        for one in &view.alternatives {
            page.wrapped(&Indent::marked(2, "- "), one, Ink::Normal);
        }
    }
    page.heading("How it was looked for");
    for sentence in &view.search {
        page.wrapped(&Indent::marked(2, ""), sentence, Ink::Faint);
    }
    for (label, value) in &view.inputs {
        page.wrapped(&Indent::marked(2, padded(label, 12)), value, Ink::Faint);
    }
    page.finish()
}
