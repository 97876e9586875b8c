//! Tuning as text for terminals, and as Markdown.

use std::fmt::Write as _;

use super::model::Tuning;
use super::view::{about, headline, parts};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page};
use crate::markdown;

/// Returns the tuning as text for people, `width` columns wide.
pub fn text(tuning: &Tuning, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &headline(tuning), Ink::Strong);
    page.wrapped(&Indent::none(), &about(tuning).join(" "), Ink::Faint);
    for (title, lines) in parts(tuning) {
        page.heading(title);
        for line in lines {
            page.wrapped(&Indent::marked(2, "- "), &line, Ink::Normal);
        }
    }
    page.finish()
}

/// Returns the tuning as GitHub Flavored Markdown.
pub fn markdown(tuning: &Tuning) -> String {
    let shown = markdown::text;
    let mut page = format!(
        "## {}\n\n{}\n",
        shown(&headline(tuning)),
        shown(&about(tuning).join(" "))
    );
    for (title, lines) in parts(tuning) {
        // Writing to a String can't fail.
        let _ = write!(page, "\n### {title}\n\n");
        for line in lines {
            let _ = writeln!(page, "- {}", shown(&line));
        }
    }
    page
}
