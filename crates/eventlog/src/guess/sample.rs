//! The first rows of a table, column by column.

use std::io::{BufReader, Read};
use std::ops::ControlFlow;

use baton_terms::Diagnostic;

use super::ROWS_MAX;
use crate::formats::{Broken, Field, Hint, Refusal, Sink, parquet};
use crate::import::{Format, Input, Next, Row as _, Rows};
use crate::mapping::{Delimiter, Header, Quote, Table};
use crate::model::{Code, Column, Kind};

/// The first rows of a table.
pub(super) struct Sample {
    /// The delimiter, when it is not that of the format.
    pub(super) delimiter: Option<Delimiter>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: usize,
}

impl Sample {
    pub(super) fn read<'r>(
        reader: impl Read + 'r,
        format: Format,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut input = Input::new(reader)?;
        if format == Format::Parquet {
            return Self::of_parquet(input);
        }
        let table = Table {
            delimiter: None,
            quote: Quote::Double,
            header: Header::FirstRow,
        };
        let mut rows = Rows::new(&mut input, &table, None)?;
        let usual = if format == Format::Tsv {
            Delimiter::Tab
        } else {
            Delimiter::Comma
        };
        let delimiter = Some(rows.delimiter()).filter(|found| *found != usual);
        let names = rows.header().iter();
        let mut columns: Vec<_> = names.map(|name| Column::new(name, Kind::Text)).collect();
        let mut taken = 0;
        while taken < ROWS_MAX {
            match rows.next()? {
                Next::Row(row, _) => {
                    for (place, column) in columns.iter_mut().enumerate() {
                        // Text that is not UTF-8 is refused by the import, which says so.
                        let text = row.field(place);
                        if column.push_bytes(text).is_err() {
                            let _ = column.push_bytes(b"");
                        }
                    }
                    taken += 1;
                }
                Next::Refused(_) => {}
                Next::End => break,
            }
        }
        Ok(Self {
            delimiter,
            columns,
            rows: taken,
        })
    }

    fn of_parquet(mut input: Input<'_>) -> Result<Self, Vec<Diagnostic>> {
        let mut sample = Self {
            delimiter: None,
            columns: Vec::new(),
            rows: 0,
        };
        match parquet::read(BufReader::new(&mut input), &mut sample) {
            Ok(()) => Ok(sample),
            Err(Broken::Format(problem)) => Err(vec![*problem]),
            Err(Broken::Read(error)) => Err(input.problem(&error)),
        }
    }

    /// Returns the pairs of neighboring rows of each value of a column, in the order of the file.
    pub(super) fn pairs(&self, column: &Column) -> Vec<(usize, usize)> {
        let mut last: Vec<Option<usize>> = vec![None; column.dictionary.len()];
        let mut pairs = Vec::new();
        for row in 0..self.rows {
            let place = column
                .code(row)
                .and_then(|code: Code| usize::try_from(code).ok());
            let Some(last) = place.and_then(|place| last.get_mut(place)) else {
                continue;
            };
            pairs.extend(last.map(|before| (before, row)));
            *last = Some(row);
        }
        pairs
    }
}

impl Sink for Sample {
    fn column(&mut self, name: &str, _: Hint) -> Option<Field> {
        // Told before the first row.
        self.columns.push(Column::new(name, Kind::Text));
        Field::try_from(self.columns.len() - 1).ok()
    }

    fn record(&mut self, _: u64, values: &[(Field, &str)]) -> ControlFlow<()> {
        let mut values = values.iter();
        let mut next = values.next();
        for (place, column) in (0..).zip(&mut self.columns) {
            let here = next.filter(|(field, _)| *field == place);
            let text = here.map_or("", |(_, text)| *text);
            // A text is UTF-8.
            let _ = column.push_bytes(text.as_bytes());
            if here.is_some() {
                next = values.next();
            }
        }
        self.rows += 1;
        if self.rows < ROWS_MAX {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }

    // The import counts what is refused, and says what is worth knowing.
    fn refuse(&mut self, _: Refusal) {}

    fn note(&mut self, _: Diagnostic) {}
}
