//! From the bytes of a file to its rows.

use std::io::{BufRead, Read as _};
use std::ops::{ControlFlow, RangeInclusive};
use std::panic::{AssertUnwindSafe, catch_unwind};

use baton_terms::Diagnostic;
use bytes::Bytes;
use parquet::column::reader::get_column_reader;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::cells::{Cell, Cells, Form, form};
use super::footer::{self, too_large};
use super::pages::{Budget, Levels, Pages, largest_sharing};
use crate::formats::codes;
use crate::formats::columns::{Column, Columns};
use crate::formats::limits::{
    PARQUET_BATCH_ROWS, PARQUET_BYTES_MAX, PARQUET_CELLS_FREE, PARQUET_CELLS_RATIO_MAX,
    PARQUET_TEXT_BYTES_MAX, PARQUET_UNPACKED_BYTES_FREE, PARQUET_UNPACKED_RATIO_MAX,
};
use crate::formats::sink::{Broken, Field, Refusal, Sink, shown};

/// A column that somebody reads.
struct Wanted {
    place: usize,
    name: String,
    field: Field,
    form: Form,
}

/// Reads a file and hands its rows to the sink.
///
/// What a file holds is told at its end, so all of it is kept in memory.
///
/// # Errors
/// [`Broken`] when the rest of the file can't be read.
pub fn read(input: impl BufRead, sink: &mut impl Sink) -> Result<(), Broken> {
    let mut bytes = Vec::new();
    let most = u64::try_from(PARQUET_BYTES_MAX).unwrap_or(u64::MAX);
    input.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > PARQUET_BYTES_MAX {
        return Err(too_large("whole", PARQUET_BYTES_MAX, "bytes"));
    }
    let bytes = Bytes::from(bytes);
    let metadata = footer::read(&bytes)?;
    let wanted = wanted(&metadata, sink);
    check_rows(&metadata, wanted.len(), bytes.len())?;
    let unpacked = bytes.len().saturating_mul(PARQUET_UNPACKED_RATIO_MAX);
    let budget = unpacked.max(PARQUET_UNPACKED_BYTES_FREE);
    let file = File {
        bytes,
        metadata,
        wanted,
        budget: Budget::new(budget),
    };
    let mut number = 0;
    for group in 0..file.metadata.num_row_groups() {
        if file.group(group, &mut number, sink)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Returns the columns that the sink asks for; what has no text form is noted.
fn wanted(metadata: &ParquetMetaData, sink: &mut impl Sink) -> Vec<Wanted> {
    let schema = metadata.file_metadata().schema_descr();
    let mut columns = Columns::default();
    let mut wanted: Vec<Wanted> = Vec::new();
    for place in 0..schema.num_columns() {
        let column = schema.column(place);
        let name = column.path().parts().join(".");
        let found = form(&column).map(|(form, hint)| (form, columns.get(&name, hint, sink)));
        let reason = match found {
            None => "has no form as text",
            Some((_, Column::Beyond)) => "is beyond the limits of columns",
            Some((_, Column::Unread)) => continue,
            Some((form, Column::Wanted(field))) => {
                if wanted.iter().all(|known| known.field != field) {
                    wanted.push(Wanted {
                        place,
                        name,
                        field,
                        form,
                    });
                    continue;
                }
                "has the name of another one"
            }
        };
        sink.note(
            Diagnostic::warning(
                codes::PARQUET_COLUMN,
                format!("column `{}` {reason} and is left out", shown(&name)),
            )
            .expected("a column of single texts, numbers, times or truth values")
            .hint("flatten lists and maps, and rename columns, before the export"),
        );
    }
    wanted
}

/// Holds that the rows a file says it has are in proportion to its size: a run of equal values
/// takes no room in a file, but each of them takes some in a log.
fn check_rows(metadata: &ParquetMetaData, columns: usize, bytes: usize) -> Result<(), Broken> {
    let mut rows = 0_usize;
    for group in metadata.row_groups() {
        let more = usize::try_from(group.num_rows())
            .map_err(|_| broken("a row group with a negative number of rows"))?;
        rows = rows.saturating_add(more);
    }
    let cells = rows.saturating_mul(columns.max(1));
    let most = bytes
        .saturating_mul(PARQUET_CELLS_RATIO_MAX)
        .max(PARQUET_CELLS_FREE);
    if cells <= most {
        return Ok(());
    }
    Err(Diagnostic::error(
        codes::TOO_LARGE,
        "the Parquet file says that it holds far more rows than its size explains",
    )
    .expected(format!(
        "at most {PARQUET_CELLS_RATIO_MAX} values per byte of the file, beyond {PARQUET_CELLS_FREE}"
    ))
    .found(format!("{rows} rows of {columns} columns in {bytes} bytes"))
    .hint("export it as CSV and import that, if you trust it")
    .into())
}

struct File {
    bytes: Bytes,
    metadata: ParquetMetaData,
    wanted: Vec<Wanted>,
    budget: Budget,
}

impl File {
    /// Hands over the rows of one group.
    fn group(
        &self,
        group: usize,
        number: &mut u64,
        sink: &mut impl Sink,
    ) -> Result<ControlFlow<()>, Broken> {
        let group = self.metadata.row_group(group);
        let mut cells = Vec::with_capacity(self.wanted.len());
        let mut batch = PARQUET_BATCH_ROWS;
        let mut sharing = Vec::with_capacity(self.wanted.len());
        for wanted in &self.wanted {
            let chunk = group.columns().get(wanted.place);
            let chunk = chunk.ok_or_else(|| broken("a row group without one of the columns"))?;
            let bytes = self.chunk(chunk)?;
            let largest = largest_sharing(&bytes);
            sharing.push(largest.is_some());
            if let Some(largest) = largest {
                batch = batch
                    .min(PARQUET_UNPACKED_BYTES_FREE / largest.max(1))
                    .max(1);
            }
            cells.push(guarded(|| Ok(self.column(wanted, chunk, bytes)))?);
        }
        let mut left = usize::try_from(group.num_rows()).unwrap_or(0);
        while left > 0 {
            let rows = left.min(batch);
            let columns = cells.iter_mut().zip(&self.wanted).zip(&sharing);
            for ((column, wanted), is_sharing) in columns {
                guarded(|| column.fill(rows))?;
                if *is_sharing {
                    guarded(|| self.budget.spend(column.text_bytes()))?;
                }
                if column.rows() != rows {
                    let name = shown(&wanted.name);
                    return Err(broken(&format!("column `{name}` ends before its rows do")));
                }
            }
            let first = *number + 1;
            *number += u64::try_from(rows).unwrap_or(u64::MAX);
            if self.hand_over(&cells, first..=*number, sink).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            left -= rows;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Returns the bytes of a column of one group.
    fn chunk(&self, chunk: &ColumnChunkMetaData) -> Result<Bytes, Broken> {
        let start = chunk
            .dictionary_page_offset()
            .filter(|start| *start > 0)
            .unwrap_or(chunk.data_page_offset());
        let start = usize::try_from(start).ok();
        let length = usize::try_from(chunk.compressed_size()).ok();
        let range = start
            .zip(length)
            .and_then(|(start, length)| Some(start..start.checked_add(length)?))
            .filter(|range| range.end <= self.bytes.len());
        let range = range.ok_or_else(|| broken("a column that is not within the file"))?;
        Ok(self.bytes.slice(range))
    }

    /// Returns what reads a column of one group.
    fn column(&self, wanted: &Wanted, chunk: &ColumnChunkMetaData, bytes: Bytes) -> Cells {
        let descriptor = chunk.column_descr_ptr();
        let there = descriptor.max_def_level();
        let levels = if there > 0 {
            Levels::First
        } else {
            Levels::None
        };
        let pages = Pages::new(bytes, chunk.compression(), levels, self.budget.clone());
        let reader = get_column_reader(descriptor, Box::new(pages));
        Cells::new(reader, wanted.field, wanted.form, there)
    }

    fn hand_over(
        &self,
        cells: &[Cells],
        numbers: RangeInclusive<u64>,
        sink: &mut impl Sink,
    ) -> ControlFlow<()> {
        let mut values: Vec<(Field, &str)> = Vec::with_capacity(cells.len());
        for (row, number) in numbers.enumerate() {
            values.clear();
            let mut unreadable = None;
            for (column, wanted) in cells.iter().zip(&self.wanted) {
                let cell = column.cell(row);
                match (cell, column.text(cell)) {
                    (_, Some(text)) => values.push((column.field, text)),
                    (Cell::Missing, None) => {}
                    (cell, None) => unreadable = Some((wanted, matches!(cell, Cell::TooLong))),
                }
            }
            match unreadable {
                None => sink.record(number, &values)?,
                Some((wanted, is_too_long)) => sink.refuse(Refusal {
                    record: number,
                    events: 1,
                    problem: if is_too_long {
                        too_long(wanted)
                    } else {
                        unreadable_value(wanted)
                    },
                }),
            }
        }
        ControlFlow::Continue(())
    }
}

fn too_long(wanted: &Wanted) -> Diagnostic {
    Diagnostic::error(codes::TOO_LARGE, "a text of a row is too long")
        .expected(format!("at most {PARQUET_TEXT_BYTES_MAX} bytes"))
        .found(format!("more in `{}`", shown(&wanted.name)))
        .hint("leave the column out of the mapping, or shorten its texts")
}

fn unreadable_value(wanted: &Wanted) -> Diagnostic {
    let name = shown(&wanted.name);
    match wanted.form {
        Form::Text => Diagnostic::error(codes::NOT_UTF8, "a text of a row isn't UTF-8")
            .expected("UTF-8")
            .found(format!("other bytes in `{name}`"))
            .hint("leave columns of bytes out of the mapping, or write them as text"),
        _ => Diagnostic::error(codes::PARQUET_VALUE, "a value of a row has no form as text")
            .expected("a time between the years -9999 and 9999, or a decimal of up to 16 bytes")
            .found(format!("another one in `{name}`"))
            .hint("correct the value where the file was written"),
    }
}

/// Calls the crate. Its errors, and a panic should bytes nobody thought of bring one about, are the
/// same to the caller: a broken file.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Broken> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(broken(
            error.to_string().trim_start_matches("Parquet error: "),
        )),
        Err(_) => Err(broken("its structure contradicts itself")),
    }
}

pub(super) fn broken(found: &str) -> Broken {
    Diagnostic::error(codes::PARQUET_BROKEN, "the Parquet file can't be read")
        .expected("a whole Apache Parquet file")
        .found(shown(found))
        .hint("it is cut off, damaged or of another format: export it again")
        .into()
}
