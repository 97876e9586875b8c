//! The reference page of a declared shape, as Markdown.

use std::fmt::Write as _;

use super::{Object, Presence, Shape};

/// Returns the reference of `root` and every object it names, in order of first mention.
pub fn reference(root: &'static Object) -> String {
    let mut seen: Vec<&'static Object> = vec![root];
    let mut page = String::new();
    let mut next = 0;
    while let Some(object) = seen.get(next).copied() {
        next += 1;
        section(object, &mut page, &mut seen);
    }
    page
}

fn section(object: &'static Object, page: &mut String, seen: &mut Vec<&'static Object>) {
    // Writing to a String can't fail.
    let _ = write!(page, "## {}\n\n{}\n\n", object.name, object.doc);
    page.push_str("| field | required | value | meaning |\n|---|---|---|---|\n");
    for field in object.fields {
        let presence = if field.presence == Presence::Required {
            "yes"
        } else {
            ""
        };
        let value = phrase(&field.shape, seen).replace('|', "\\|");
        let _ = writeln!(
            page,
            "| `{}` | {presence} | {value} | {} |",
            field.name, field.doc
        );
    }
    page.push('\n');
    for field in object.fields {
        if let Shape::Choice(words) | Shape::WordOr(words, _) = field.shape {
            let _ = writeln!(page, "`{}`:\n", field.name);
            for (word, doc) in words {
                let _ = writeln!(page, "- `{word}`: {doc}");
            }
            page.push('\n');
        }
    }
}

fn phrase(shape: &Shape, seen: &mut Vec<&'static Object>) -> String {
    match shape {
        Shape::Any => "any value".to_owned(),
        Shape::JsonSchema => "JSON Schema 2020-12".to_owned(),
        Shape::Boolean => "`true` or `false`".to_owned(),
        Shape::Integer { min, max } => format!("integer {min} to {max}"),
        Shape::Text(kind) => kind.expected().to_owned(),
        Shape::Choice(words) => words
            .iter()
            .map(|(word, _)| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(", "),
        Shape::WordOr(words, other) => {
            let word = words.first().map_or("", |(word, _)| word);
            format!("`{word}` or {}", phrase(other, seen))
        }
        Shape::List { item, min, max } => {
            format!("list of {min} to {max}: {}", phrase(item, seen))
        }
        Shape::Map { value, .. } => format!("mapping from id to: {}", phrase(value, seen)),
        Shape::Table { value, .. } => format!("mapping from name to: {}", phrase(value, seen)),
        Shape::OneOrList { item, max } => {
            format!("{}, or a list of 1 to {max} of it", phrase(item, seen))
        }
        Shape::Object(object) => {
            if !seen.iter().any(|known| known.name == object.name) {
                seen.push(object);
            }
            format!("[{}](#{})", object.name, object.name.replace(' ', "-"))
        }
    }
}
