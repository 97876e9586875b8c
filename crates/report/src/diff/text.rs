//! What `baton diff` prints.

use baton_contract::diff::{Change, Class, Comparison};
use baton_terms::Diagnostic;

use super::wording::{conclusion, of_class, title, values};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, padded};

/// Returns the comparison as text, `width` columns wide.
pub fn text(comparison: &Comparison, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &title(comparison), Ink::Strong);
    for class in Class::ALL {
        let changes = of_class(comparison, class);
        if changes.is_empty() {
            continue;
        }
        page.blank();
        let heading = format!("{} ({})", class.word(), changes.len());
        page.wrapped(&Indent::none(), &heading, ink(class));
        for change in changes {
            one(&mut page, change);
        }
    }
    page.blank();
    let ink = match comparison.problem {
        None => Ink::Good,
        Some(_) => Ink::Bad,
    };
    page.wrapped(&Indent::none(), &conclusion(comparison), ink);
    if let Some(problem) = &comparison.problem {
        refused(&mut page, problem);
    }
    page.finish()
}

fn ink(class: Class) -> Ink {
    match class {
        Class::StricterForSender | Class::StricterForReceiver => Ink::Caution,
        Class::Looser | Class::Compatible => Ink::Strong,
        Class::Cosmetic => Ink::Faint,
    }
}

fn one(page: &mut Page, change: &Change) {
    let place = match change.pointer.as_str() {
        "" => "the whole contract",
        pointer => pointer,
    };
    let line = format!("{place}: {}", change.what);
    page.wrapped(&Indent::marked(2, ""), &line, Ink::Normal);
    if let Some((before, after)) = values(change) {
        let line = format!("{before} → {after}");
        page.wrapped(&Indent::marked(6, ""), &line, Ink::Faint);
    }
}

fn refused(page: &mut Page, problem: &Diagnostic) {
    let line = format!("error[{}]: {}", problem.code, problem.message);
    page.wrapped(&Indent::none(), &line, Ink::Bad);
    for (label, value) in [
        ("expected", &problem.expected),
        ("found", &problem.found),
        ("hint", &problem.hint),
    ] {
        page.wrapped(&Indent::marked(2, padded(label, 10)), value, Ink::Normal);
    }
}
