//! A comparison as Markdown, for a pull request.

use baton_contract::diff::{Change, Class, Comparison};

use super::wording::{conclusion, of_class, title, values};
use crate::markdown::{code, text};

/// Returns the comparison as GitHub Flavored Markdown.
pub fn markdown(comparison: &Comparison) -> String {
    let mut page = format!(
        "## {}\n\n{}\n",
        text(&title(comparison)),
        text(&conclusion(comparison))
    );
    if let Some(problem) = &comparison.problem {
        let line = format!(
            "\n**{}: {}** Expected {}; found {}. {}\n",
            problem.code,
            text(&problem.message),
            text(&problem.expected),
            text(&problem.found),
            text(&problem.hint),
        );
        page.push_str(&line);
    }
    for class in Class::ALL {
        let changes = of_class(comparison, class);
        if changes.is_empty() {
            continue;
        }
        let heading = format!("\n### {} ({})\n\n", capitalized(class), changes.len());
        page.push_str(&heading);
        page.push_str("| Where | What | Before | After |\n| --- | --- | --- | --- |\n");
        for change in changes {
            page.push_str(&row(change));
        }
    }
    page
}

fn row(change: &Change) -> String {
    let (before, after) = match values(change) {
        Some((before, after)) => (code(&before), code(&after)),
        None => (String::new(), String::new()),
    };
    let place = match change.pointer.as_str() {
        "" => "the whole contract".to_owned(),
        pointer => code(pointer),
    };
    format!(
        "| {place} | {} | {before} | {after} |\n",
        text(&change.what)
    )
}

fn capitalized(class: Class) -> &'static str {
    match class {
        Class::StricterForSender => "Stricter for sender",
        Class::StricterForReceiver => "Stricter for receiver",
        Class::Looser => "Looser",
        Class::Compatible => "Compatible",
        Class::Cosmetic => "Cosmetic",
    }
}
