//! What every reader of a format talks to: columns by name, one record per event, and refusals.
//!
//! A format states facts; what they mean (which column is the case, the time, the party) is the
//! mapping's business. Columns are announced once and asked for, so that nobody copies text that
//! no mapping reads.

use std::ops::ControlFlow;

use baton_terms::{Code, Diagnostic};

/// The place of a wanted column among the values of a record.
pub type Field = u32;

/// What a format says the values of a column are; a mapping may say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Text, or nothing in particular.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// A point in time, RFC 3339 in UTC or with an offset.
    Time,
}

/// A record that can't be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Number of the record in its input, from 1.
    pub record: u64,
    /// How many events are lost with it.
    pub events: u64,
    /// What is wrong, with a code that has an error page.
    pub problem: Diagnostic,
}

/// Takes what a format holds.
pub trait Sink {
    /// Returns where values of the column of this name go, or `None` when nobody reads them.
    /// Asked once per name.
    fn column(&mut self, name: &str, hint: Hint) -> Option<Field>;

    /// Takes one event: its number in the input, from 1, and the values it has, at most one per
    /// field. To break off means that no more records are wanted.
    fn record(&mut self, number: u64, values: &[(Field, &str)]) -> ControlFlow<()>;

    /// Takes note of a record that can't be read.
    fn refuse(&mut self, refusal: Refusal);

    /// Takes note of something the reader of the report should know though nothing was refused.
    fn note(&mut self, problem: Diagnostic);
}

/// Why the rest of an input can't be read. What came before it was handed to the sink.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The input breaks its format.
    #[error("{}", .0.message)]
    Format(Box<Diagnostic>),
    /// Reading the bytes failed.
    #[error("read the input: {0}")]
    Read(#[from] std::io::Error),
}

impl Broken {
    /// Returns a break of the format with this code and message.
    pub fn format(code: Code, message: impl Into<String>) -> Self {
        Self::Format(Box::new(Diagnostic::error(code, message)))
    }
}

impl From<Diagnostic> for Broken {
    fn from(problem: Diagnostic) -> Self {
        Self::Format(Box::new(problem))
    }
}

/// Returns the first characters of a found value, short enough to be shown.
pub fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARACTERS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// Characters shown of a found value.
const SHOWN_CHARACTERS_MAX: usize = 60;
