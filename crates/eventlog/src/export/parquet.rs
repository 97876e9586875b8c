//! Parquet with one row per event, in row groups of a fixed number of rows, so that the bytes depend
//! on the log alone.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::plan::{Planned, Roles, case_columns, event_columns};
use super::write::ExportError;
use crate::model::{Column, Kind, Log};

/// Rows of one row group.
const GROUP_ROWS: usize = 1 << 17;
/// Digits of a 64-bit decimal.
const DECIMAL_DIGITS: i32 = 18;

/// Where the values of a column come from.
#[derive(Debug, Clone, Copy)]
enum Source<'l> {
    Case,
    Order,
    Time,
    Event(&'l Column),
    OfCase(&'l Column),
}

/// Writes a log.
pub(super) fn write(log: &Log, out: &mut (impl Write + Send)) -> Result<(), ExportError> {
    let events = event_columns(log, &Roles::PLAIN);
    let cases = case_columns(log, &events);
    let columns = columns(log, &events, &cases);
    write_columns(log, &columns, out).map_err(|error| ExportError::Format {
        format: "Parquet",
        reason: error.to_string(),
    })
}

fn columns<'l>(
    log: &'l Log,
    events: &[Planned<'l>],
    cases: &[Planned<'l>],
) -> Vec<(String, Source<'l>)> {
    let roles = Roles::PLAIN;
    let fixed = [
        (roles.case, Source::Case),
        (roles.order, Source::Order),
        (roles.time, Source::Time),
        (roles.activity, Source::Event(log.activity())),
        (roles.party, Source::Event(log.party())),
        (roles.person, Source::Event(log.person())),
    ];
    let fixed = fixed
        .into_iter()
        .map(|(name, source)| (name.to_owned(), source));
    let events = events
        .iter()
        .map(|planned| (planned.name.to_string(), Source::Event(planned.column)));
    let cases = cases
        .iter()
        .map(|planned| (planned.name.to_string(), Source::OfCase(planned.column)));
    fixed.chain(events).chain(cases).collect()
}

fn write_columns(
    log: &Log,
    columns: &[(String, Source<'_>)],
    out: &mut (impl Write + Send),
) -> Result<(), ParquetError> {
    let fields = columns
        .iter()
        .map(|(name, source)| field(name, *source).map(Arc::new))
        .collect::<Result<Vec<_>, _>>()?;
    let schema = Type::group_type_builder("log")
        .with_fields(fields)
        .build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("baton".to_owned())
        .build();
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
    let mut case_of = Vec::with_capacity(log.events());
    for case in 0..log.cases() {
        case_of.extend(log.events_of(case).map(|_| case));
    }
    let rows = Rows { log, case_of };
    let mut start = 0;
    while start < log.events() {
        let end = (start + GROUP_ROWS).min(log.events());
        let mut group = writer.next_row_group()?;
        for (_, source) in columns {
            rows.write(*source, start..end, &mut group)?;
        }
        group.close()?;
        start = end;
    }
    writer.close()?;
    Ok(())
}

/// Returns the declaration of a column.
fn field(name: &str, source: Source<'_>) -> Result<Type, ParquetError> {
    let kind = match source {
        Source::Case => Kind::Text,
        Source::Order => Kind::Number { scale: 0 },
        Source::Time => Kind::Time,
        Source::Event(column) | Source::OfCase(column) => column.kind,
    };
    let of = |physical| {
        Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL)
    };
    match kind {
        Kind::Text => of(Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .build(),
        Kind::Boolean => of(Physical::BOOLEAN).build(),
        Kind::Number { scale: 0 } => of(Physical::INT64).build(),
        Kind::Number { scale } => of(Physical::INT64)
            .with_logical_type(Some(LogicalType::decimal(i32::from(scale), DECIMAL_DIGITS)))
            .with_precision(DECIMAL_DIGITS)
            .with_scale(i32::from(scale))
            .build(),
        Kind::Time => of(Physical::INT64)
            .with_logical_type(Some(LogicalType::timestamp(true, TimeUnit::MICROS)))
            .build(),
    }
}

struct Rows<'l> {
    log: &'l Log,
    /// Case of each event.
    case_of: Vec<usize>,
}

impl Rows<'_> {
    fn case(&self, row: usize) -> usize {
        self.case_of.get(row).copied().unwrap_or(usize::MAX)
    }

    fn text(&self, source: Source<'_>, row: usize) -> Option<ByteArray> {
        match source {
            Source::Case => self.log.case_id(self.case(row)).map(ByteArray::from),
            Source::Event(column) => column.text(row).map(ByteArray::from),
            Source::OfCase(column) => column.text(self.case(row)).map(ByteArray::from),
            Source::Order | Source::Time => None,
        }
    }

    fn number(&self, source: Source<'_>, row: usize) -> Option<i64> {
        match source {
            Source::Case => None,
            Source::Order => {
                let first = self.log.events_of(self.case(row)).start;
                i64::try_from(row.saturating_sub(first)).ok()
            }
            Source::Time => self.log.times().get(row).copied(),
            Source::Event(column) => column.number(row),
            Source::OfCase(column) => column.number(self.case(row)),
        }
    }

    fn write<W: Write + Send>(
        &self,
        source: Source<'_>,
        rows: Range<usize>,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let Some(mut column) = group.next_column()? else {
            return Ok(());
        };
        match column.untyped() {
            ColumnWriter::ByteArrayColumnWriter(_) => {
                let (levels, values) = split(rows.map(|row| self.text(source, row)));
                let typed = column.typed::<ByteArrayType>();
                typed.write_batch(&values, Some(&levels), None)?;
            }
            ColumnWriter::BoolColumnWriter(_) => {
                let (levels, values) =
                    split(rows.map(|row| self.number(source, row).map(|number| number != 0)));
                let typed = column.typed::<BoolType>();
                typed.write_batch(&values, Some(&levels), None)?;
            }
            _ => {
                let (levels, values) = split(rows.map(|row| self.number(source, row)));
                let typed = column.typed::<Int64Type>();
                typed.write_batch(&values, Some(&levels), None)?;
            }
        }
        column.close()
    }
}

/// Splits values into whether each is there and those that are.
fn split<T>(values: impl Iterator<Item = Option<T>>) -> (Vec<i16>, Vec<T>) {
    let mut levels = Vec::new();
    let mut present = Vec::new();
    for value in values {
        levels.push(i16::from(value.is_some()));
        present.extend(value);
    }
    (levels, present)
}
