//! The values of one column as text, a batch of rows at a time.

use std::fmt::Write as _;
use std::ops::Range;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{AsBytes, ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

use crate::formats::limits::PARQUET_TEXT_BYTES_MAX;
use crate::formats::sink::{Field, Hint};

const NANOSECONDS_OF_A_DAY: i128 = 86_400_000_000_000;
/// Digits after the point of a decimal.
const SCALE_MAX: i32 = 38;

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// What it is called in Rust.
    Plain,
    Unsigned,
    /// Days since 1970-01-01.
    Date,
    /// Nanoseconds per unit, and what a time without a zone in the file looks like.
    Timestamp(i128, Zone),
    /// Digits after the point.
    Decimal(i32),
    Text,
    Uuid,
}

/// Whether times are in UTC or of a clock on some wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Utc,
    Local,
}

/// Returns what the values of a column mean; `None` when they have no text form.
pub(super) fn form(column: &ColumnDescriptor) -> Option<(Form, Hint)> {
    use ConvertedType as Converted;
    if column.max_rep_level() > 0 {
        return None;
    }
    let unit = |unit: &TimeUnit| match unit {
        TimeUnit::MILLIS => 1_000_000,
        TimeUnit::MICROS => 1_000,
        TimeUnit::NANOS => 1,
    };
    let logical = column.logical_type_ref();
    let converted = column.converted_type();
    Some(match (column.physical_type(), logical, converted) {
        (Physical::BOOLEAN, ..) => (Form::Plain, Hint::Boolean),
        (Physical::INT32 | Physical::INT64, Some(LogicalType::Timestamp(time)), _) => {
            let zone = if time.is_adjusted_to_u_t_c {
                Zone::Utc
            } else {
                Zone::Local
            };
            (Form::Timestamp(unit(&time.unit), zone), Hint::Time)
        }
        (_, _, Converted::TIMESTAMP_MILLIS) => (Form::Timestamp(1_000_000, Zone::Utc), Hint::Time),
        (_, _, Converted::TIMESTAMP_MICROS) => (Form::Timestamp(1_000, Zone::Utc), Hint::Time),
        (Physical::INT96, ..) => (Form::Timestamp(1, Zone::Utc), Hint::Time),
        (Physical::INT32, Some(LogicalType::Date), _) | (Physical::INT32, _, Converted::DATE) => {
            (Form::Date, Hint::Time)
        }
        (_, Some(LogicalType::Decimal(_)), _) | (_, _, Converted::DECIMAL) => {
            let scale = column.type_scale();
            let is_known = (0..=SCALE_MAX).contains(&scale);
            is_known.then_some((Form::Decimal(scale), Hint::Decimal))?
        }
        (
            Physical::INT32 | Physical::INT64,
            _,
            Converted::UINT_8 | Converted::UINT_16 | Converted::UINT_32 | Converted::UINT_64,
        ) => (Form::Unsigned, Hint::Integer),
        (Physical::INT32 | Physical::INT64, ..) => (Form::Plain, Hint::Integer),
        (Physical::FLOAT | Physical::DOUBLE, ..) => (Form::Plain, Hint::Decimal),
        (Physical::BYTE_ARRAY, ..) => (Form::Text, Hint::Text),
        (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Uuid), _)
            if column.type_length() == 16 =>
        {
            (Form::Uuid, Hint::Text)
        }
        (Physical::FIXED_LEN_BYTE_ARRAY, ..) => return None,
    })
}

/// One value of a batch.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    /// There is none.
    Missing,
    /// Bytes that are no text, or a number that is no time.
    Unreadable,
    /// A text beyond the limit.
    TooLong,
    /// Where its text stands.
    Text(Range<usize>),
    /// Which of the texts of the file it is.
    Shared(usize),
}

/// One column of a batch.
pub(super) struct Cells {
    reader: ColumnReader,
    pub(super) field: Field,
    form: Form,
    /// The level of a value that is there.
    there: i16,
    text: String,
    /// Texts as they stand in the pages of the file; rows of one text share its bytes.
    shared: Vec<ByteArray>,
    values: Vec<Cell>,
}

/// Where the values of a column go.
struct Out<'c> {
    text: &'c mut String,
    cells: &'c mut Vec<Cell>,
    there: i16,
}

impl Cells {
    pub(super) fn new(reader: ColumnReader, field: Field, form: Form, there: i16) -> Self {
        Self {
            reader,
            field,
            form,
            there,
            text: String::new(),
            shared: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Returns how many rows the batch has in this column.
    pub(super) fn rows(&self) -> usize {
        self.values.len()
    }

    /// Returns the value in a row of the batch.
    pub(super) fn cell(&self, row: usize) -> &Cell {
        self.values.get(row).unwrap_or(&Cell::Missing)
    }

    /// Returns the text of a value, if it has one.
    pub(super) fn text(&self, cell: &Cell) -> Option<&str> {
        match cell {
            Cell::Text(span) => self.text.get(span.clone()),
            Cell::Shared(place) => {
                // Told to be UTF-8 when it was read.
                std::str::from_utf8(self.shared.get(*place)?.data()).ok()
            }
            Cell::Missing | Cell::Unreadable | Cell::TooLong => None,
        }
    }

    /// Returns how many bytes the texts of the batch take, each counted where it stands.
    pub(super) fn text_bytes(&self) -> usize {
        self.shared.iter().map(ByteArray::len).sum()
    }

    /// Reads the next rows.
    pub(super) fn fill(&mut self, rows: usize) -> Result<(), ParquetError> {
        self.text.clear();
        self.values.clear();
        self.shared.clear();
        let form = self.form;
        let out = &mut Out {
            text: &mut self.text,
            cells: &mut self.values,
            there: self.there,
        };
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => take(reader, rows, out, |value, text| {
                text.push_str(if *value { "true" } else { "false" });
                true
            }),
            ColumnReader::Int32ColumnReader(reader) => take(reader, rows, out, |value, text| {
                let unsigned = i128::from(value.cast_unsigned());
                whole(form, i128::from(*value), unsigned, text)
            }),
            ColumnReader::Int64ColumnReader(reader) => take(reader, rows, out, |value, text| {
                let unsigned = i128::from(value.cast_unsigned());
                whole(form, i128::from(*value), unsigned, text)
            }),
            ColumnReader::Int96ColumnReader(reader) => take(reader, rows, out, |value, text| {
                whole(form, nanoseconds(value.data()), 0, text)
            }),
            ColumnReader::FloatColumnReader(reader) => take(reader, rows, out, |value, text| {
                text.push_str(&value.to_string());
                true
            }),
            ColumnReader::DoubleColumnReader(reader) => take(reader, rows, out, |value, text| {
                text.push_str(&value.to_string());
                true
            }),
            ColumnReader::ByteArrayColumnReader(reader) if form == Form::Text => {
                take_texts(reader, rows, out.there, (out.cells, &mut self.shared))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                take(reader, rows, out, |value, text| {
                    bytes(form, value.as_bytes(), text)
                })
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                take(reader, rows, out, |value, text| {
                    bytes(form, value.as_bytes(), text)
                })
            }
        }
    }
}

/// Reads rows of one column; returns how many there were.
fn read<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    levels: &mut Vec<i16>,
    values: &mut Vec<T::T>,
) -> Result<usize, ParquetError> {
    let mut read = 0;
    while read < rows {
        let (records, ..) = reader.read_records(rows - read, Some(levels), None, values)?;
        if records == 0 {
            break;
        }
        read += records;
    }
    Ok(read)
}

/// Reads rows of a column of texts, which stay where they are.
fn take_texts<T: DataType<T = ByteArray>>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    there: i16,
    (cells, shared): (&mut Vec<Cell>, &mut Vec<ByteArray>),
) -> Result<(), ParquetError> {
    let mut levels = Vec::new();
    let read = read(reader, rows, &mut levels, shared)?;
    let mut present = shared.iter().enumerate();
    for row in 0..read {
        let is_missing = levels.get(row).is_some_and(|level| *level < there);
        let value = if is_missing { None } else { present.next() };
        cells.push(match value {
            None => Cell::Missing,
            Some((_, value)) if value.len() > PARQUET_TEXT_BYTES_MAX => Cell::TooLong,
            Some((_, value)) if std::str::from_utf8(value.data()).is_err() => Cell::Unreadable,
            Some((place, _)) => Cell::Shared(place),
        });
    }
    Ok(())
}

/// Reads rows of one column; `write` appends a value and returns whether it could.
fn take<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    out: &mut Out<'_>,
    write: impl Fn(&T::T, &mut String) -> bool,
) -> Result<(), ParquetError> {
    let mut levels = Vec::new();
    let mut values = Vec::new();
    let read = read(reader, rows, &mut levels, &mut values)?;
    let mut present = values.iter();
    for row in 0..read {
        // A column that is always there has no levels.
        if levels.get(row).is_some_and(|level| *level < out.there) {
            out.cells.push(Cell::Missing);
            continue;
        }
        let start = out.text.len();
        let cell = match present.next() {
            None => Cell::Missing,
            Some(value) if write(value, out.text) => Cell::Text(start..out.text.len()),
            Some(_) => Cell::Unreadable,
        };
        out.cells.push(cell);
    }
    Ok(())
}

/// Returns the time that 96 bits mean: nanoseconds of the day, then the Julian day.
fn nanoseconds(parts: &[u32]) -> i128 {
    const EPOCH: i128 = 2_440_588;
    let [low, high, day] = parts else {
        return i128::MAX;
    };
    let of_day = i128::from(u64::from(*low) | (u64::from(*high) << 32));
    (i128::from(*day) - EPOCH) * NANOSECONDS_OF_A_DAY + of_day
}

/// Writes a whole number by what it means.
fn whole(form: Form, value: i128, unsigned: i128, text: &mut String) -> bool {
    match form {
        Form::Unsigned => text.push_str(&unsigned.to_string()),
        Form::Decimal(scale) => push_decimal(value, scale, text),
        Form::Date => {
            let nanoseconds = value.saturating_mul(NANOSECONDS_OF_A_DAY);
            let is_written = push_time(nanoseconds, Zone::Local, text);
            text.truncate(text.len().saturating_sub("T00:00:00".len()));
            return is_written;
        }
        Form::Timestamp(unit, zone) => return push_time(value.saturating_mul(unit), zone, text),
        Form::Plain | Form::Text | Form::Uuid => text.push_str(&value.to_string()),
    }
    true
}

fn push_time(nanoseconds: i128, zone: Zone, text: &mut String) -> bool {
    let Ok(time) = jiff::Timestamp::from_nanosecond(nanoseconds) else {
        return false;
    };
    let written = time.to_string();
    text.push_str(match zone {
        Zone::Utc => &written,
        Zone::Local => written.trim_end_matches('Z'),
    });
    true
}

fn push_decimal(value: i128, scale: i32, text: &mut String) {
    let scale = usize::try_from(scale).unwrap_or(0);
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    if value < 0 {
        text.push('-');
    }
    match digits.split_at_checked(digits.len().saturating_sub(scale)) {
        Some((whole, fraction)) if !fraction.is_empty() => {
            text.push_str(whole);
            text.push('.');
            text.push_str(fraction);
        }
        _ => text.push_str(&digits),
    }
}

/// Writes bytes by what they mean: an id, or a decimal with its most significant byte first.
fn bytes(form: Form, value: &[u8], text: &mut String) -> bool {
    match form {
        Form::Decimal(scale) => {
            let (Some(first), true) = (value.first(), value.len() <= 16) else {
                return false;
            };
            let fill = if *first >= 0x80 { -1 } else { 0 };
            let number = value
                .iter()
                .fold(fill, |number: i128, byte| (number << 8) | i128::from(*byte));
            push_decimal(number, scale, text);
            true
        }
        Form::Uuid => {
            for (place, byte) in value.iter().enumerate() {
                if matches!(place, 4 | 6 | 8 | 10) {
                    text.push('-');
                }
                // Writing to a text can't fail.
                let _ = write!(text, "{byte:02x}");
            }
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_one_spelling() {
        let check = |form: Form, value: i128, expected: &str| {
            let mut text = String::new();
            assert!(whole(form, value, value, &mut text));
            assert_eq!(text, expected);
        };
        check(Form::Plain, -7, "-7");
        check(Form::Decimal(2), -5, "-0.05");
        check(Form::Date, 1, "1970-01-02");
        check(
            Form::Timestamp(1_000, Zone::Utc),
            -1,
            "1969-12-31T23:59:59.999999Z",
        );
        check(
            Form::Timestamp(1_000_000, Zone::Local),
            1,
            "1970-01-01T00:00:00.001",
        );
        assert!(!whole(Form::Date, i128::MAX, 0, &mut String::new()));
        for (form, value, expected) in [
            (Form::Decimal(1), &b"\xff\x85"[..], Some("-12.3")),
            (Form::Decimal(1), b"", None),
            (
                Form::Uuid,
                b"\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\xff",
                Some("00010203-0405-0607-0809-0a0b0c0d0eff"),
            ),
        ] {
            let mut text = String::new();
            let is_read = bytes(form, value, &mut text);
            assert_eq!(is_read.then_some(text.as_str()), expected);
        }
        assert_eq!(nanoseconds(&[1, 0, 2_440_588]), 1);
    }
}
