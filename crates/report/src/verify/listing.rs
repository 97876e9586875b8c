//! The entries of a trace as a list: text and `trace/v1`. A list verifies nothing, and says so.

use baton_evidence::checkpoint::Checkpoint;
use baton_evidence::trace::{Entry, lines};
use baton_terms::BasisPoints;
use serde_json::{Value, json};

use super::coverage::count;
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, drawn_width, padded};

/// JSON Schema of `trace/v1`.
pub const LISTING_SCHEMA: &str = include_str!("trace-v1.schema.json");

/// A trace as it stands in its folder, not verified.
#[derive(Debug, Clone)]
pub struct Listing {
    name: String,
    sealed: Option<(String, u64)>,
    entries: Vec<Entry>,
    unreadable: Vec<u64>,
}

impl Listing {
    /// Returns the list of the lines in `entries`, with what `checkpoint` says about them.
    pub fn new(name: String, entries: &[u8], checkpoint: Option<&[u8]>) -> Self {
        let (mut read, mut unreadable) = (Vec::new(), Vec::new());
        for (line, number) in lines(entries).zip(1_u64..) {
            match Entry::parse(line) {
                Ok(entry) => read.push(entry),
                Err(_) => unreadable.push(number),
            }
        }
        let sealed = checkpoint.and_then(|note| Checkpoint::parse(note).ok());
        Self {
            name,
            sealed: sealed.map(|(sealed, _)| (sealed.origin().to_owned(), sealed.size())),
            entries: read,
            unreadable,
        }
    }

    /// Returns whether every line is an entry.
    pub fn is_readable(&self) -> bool {
        self.unreadable.is_empty()
    }
}

/// Returns a list as text: one line per entry.
pub fn listing_text(listing: &Listing, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    let total = u64::try_from(listing.entries.len()).unwrap_or(u64::MAX);
    let seal = match &listing.sealed {
        Some((origin, size)) => format!("origin {origin}, {size} under its checkpoint"),
        None => "no readable checkpoint".to_owned(),
    };
    let (name, entries) = (&listing.name, count(total, "entry", "entries"));
    let about = format!("trace {name}: {entries}, {seal}");
    page.wrapped(&Indent::none(), &about, Ink::Strong);
    let caution = "A list verifies nothing; `baton trace verify` does.";
    page.wrapped(&Indent::none(), caution, Ink::Faint);
    page.blank();
    let heads = ["", "time", "kind", "subject", "posture", "score", "actor"].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(heads)
        .chain(listing.entries.iter().map(row))
        .collect();
    let mut widths = [0; 7];
    for cells in &rows {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = drawn_width(cell).max(*width);
        }
    }
    for (number, cells) in rows.iter().enumerate() {
        let ink = if number == 0 { Ink::Faint } else { Ink::Normal };
        let padded = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| (padded(cell, width + 2), ink));
        page.row(&padded.collect::<Vec<_>>());
    }
    for line in &listing.unreadable {
        page.wrapped(
            &Indent::none(),
            &format!("line {line} is not an entry"),
            Ink::Bad,
        );
    }
    page.finish()
}

fn row(entry: &Entry) -> [String; 7] {
    let draft = entry.draft();
    let posture = draft.detail.get("posture").and_then(Value::as_str);
    let score = draft.detail.get("score").and_then(Value::as_i64);
    let score = score.and_then(|points| BasisPoints::new(points).ok());
    [
        entry.sequence().to_string(),
        draft.time.to_string(),
        draft.kind.to_string(),
        draft.subject.clone(),
        posture.unwrap_or("-").to_owned(),
        score.map_or_else(|| "-".to_owned(), |score| score.to_string()),
        draft.actor.clone().unwrap_or_default(),
    ]
}

/// Returns a list as a `trace/v1` document; the entries stand in it as they are.
pub fn listing_json(listing: &Listing) -> Value {
    let entries: Vec<Value> = listing
        .entries
        .iter()
        .map(|entry| serde_json::from_slice(&entry.to_line()).unwrap_or_default())
        .collect();
    json!({
        "baton": "trace/v1",
        "name": listing.name,
        "origin": listing.sealed.as_ref().map(|(origin, _)| origin),
        "sealed": listing.sealed.as_ref().map(|(_, size)| size),
        "entries": entries,
        "unreadable_lines": listing.unreadable,
    })
}
