//! Names of columns and where their values go, asked of the sink once per name.

use std::ops::{ControlFlow, Range};

use hashbrown::HashMap;

use super::limits::{COLUMN_NAME_BYTES_MAX, COLUMNS_MAX};
use super::sink::{Field, Hint, Sink};

/// What is known of a column name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Values go here.
    Wanted(Field),
    /// Nobody reads the values.
    Unread,
    /// The file has more columns, or a longer name, than the limits allow.
    Beyond,
}

impl Column {
    /// Returns where values go, if anywhere.
    pub(super) fn field(self) -> Option<Field> {
        match self {
            Self::Wanted(field) => Some(field),
            Self::Unread | Self::Beyond => None,
        }
    }
}

/// Columns by name.
#[derive(Debug, Default)]
pub(super) struct Columns {
    known: HashMap<Box<str>, Column>,
}

impl Columns {
    /// Returns the column called `name`, asking the sink when it is new.
    pub(super) fn get(&mut self, name: &str, hint: Hint, sink: &mut impl Sink) -> Column {
        if let Some(&column) = self.known.get(name) {
            return column;
        }
        if self.known.len() >= COLUMNS_MAX || name.len() > COLUMN_NAME_BYTES_MAX {
            return Column::Beyond;
        }
        let column = sink
            .column(name, hint)
            .map_or(Column::Unread, Column::Wanted);
        self.known.insert(name.into(), column);
        column
    }
}

/// One record on its way to the sink, filled by column name.
#[derive(Debug, Default)]
pub(super) struct Row {
    text: String,
    values: Vec<(Field, Range<usize>)>,
}

impl Row {
    /// Forgets all values.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.values.clear();
    }

    /// Sets a value; the first one of a column stays.
    pub(super) fn set(&mut self, field: Option<Field>, text: &str) {
        let Some(field) = field else {
            return;
        };
        if self.values.iter().all(|(other, _)| *other != field) {
            let start = self.text.len();
            self.text.push_str(text);
            self.values.push((field, start..self.text.len()));
        }
    }

    /// Hands the record over.
    pub(super) fn hand_over(&self, number: u64, sink: &mut impl Sink) -> ControlFlow<()> {
        let values: Vec<(Field, &str)> = self
            .values
            .iter()
            .filter_map(|(field, span)| Some((*field, self.text.get(span.clone())?)))
            .collect();
        sink.record(number, &values)
    }
}
