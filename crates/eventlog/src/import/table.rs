//! CSV and TSV (RFC 4180): the state machine of the `csv` crate fills one buffer of ours, so that a
//! line of any length and a quote that is never closed stay within a limit.

use std::io::Read;

use baton_terms::Diagnostic;
use csv_core::ReadRecordResult;

use super::codes;
use super::input::{CHUNK_BYTES, Input};
use super::intake::Row;
use super::report::{Refusal, shown};
use crate::mapping::{Delimiter, Header, Quote, Table};

mod split;

/// Most bytes of one row.
pub const ROW_BYTES_MAX: usize = 1 << 20;
/// Most fields of one row.
pub const FIELDS_MAX: usize = 4_096;

const QUOTE_HINT: &str =
    "look for a quote that stands alone; inside a quoted field it is written twice";

/// One row as the buffers hold it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'b> {
    text: &'b [u8],
    ends: &'b [usize],
    /// Bytes between two fields: a row that is read where it stands still has its delimiters.
    gap: usize,
}

impl Fields<'_> {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Row for Fields<'_> {
    #[inline]
    fn field(&self, place: usize) -> &[u8] {
        let start = match place {
            0 => 0,
            _ => self.ends.get(place - 1).copied().unwrap_or_default() + self.gap,
        };
        let end = self.ends.get(place).copied().unwrap_or_default();
        self.text.get(start..end).unwrap_or_default()
    }
}

/// What comes next in a table.
#[derive(Debug)]
pub(crate) enum Next<'b> {
    /// A row as long as the header, which starts on this line.
    Row(Fields<'b>, u64),
    /// A row that can't be used.
    Refused(Refusal<'static>),
    /// Nothing more.
    End,
}

/// The rows of a table.
pub(crate) struct Rows<'i, 'r> {
    input: &'i mut Input<'r>,
    core: csv_core::Reader,
    chunk: Vec<u8>,
    start: usize,
    end: usize,
    is_at_end: bool,
    text: Vec<u8>,
    ends: Vec<usize>,
    line: u64,
    delimiter: Delimiter,
    quote: Option<u8>,
    /// Whether the chunk holds a quote at all.
    has_quote: bool,
    /// Where the row began in the chunk, and what of it stood in earlier chunks.
    row_start: usize,
    carried: Vec<u8>,
    header: Vec<Box<str>>,
}

/// Where the fields of a row stand.
enum Text {
    /// In the chunk, with their delimiters.
    Chunk(std::ops::Range<usize>),
    /// In the buffer that the state machine fills, one after another.
    Buffer(usize),
}

/// How reading one whole row ended.
struct Filled {
    text: Text,
    fields: usize,
    is_too_long: bool,
    is_misquoted: bool,
}

impl<'i, 'r> Rows<'i, 'r> {
    /// Returns the rows after the header; without a delimiter, the likeliest one is taken.
    ///
    /// # Errors
    /// When there is no usable header, or the file can't be read.
    pub(crate) fn new(
        input: &'i mut Input<'r>,
        table: &Table,
        delimiter: Option<Delimiter>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let quote = match table.quote {
            Quote::Double => Some(b'"'),
            Quote::Single => Some(b'\''),
            Quote::None => None,
        };
        let mut rows = Self {
            input,
            core: csv_core::Reader::new(),
            chunk: vec![0; CHUNK_BYTES],
            start: 0,
            end: 0,
            is_at_end: false,
            text: vec![0; 4 << 10],
            ends: vec![0; 64],
            line: 1,
            delimiter: Delimiter::Comma,
            quote,
            has_quote: false,
            row_start: 0,
            carried: Vec::new(),
            header: Vec::new(),
        };
        rows.skip_byte_order_mark()?;
        rows.delimiter = table
            .delimiter
            .or(delimiter)
            .unwrap_or_else(|| rows.likely_delimiter());
        let mut builder = csv_core::ReaderBuilder::new();
        builder
            .delimiter(byte(rows.delimiter))
            .quoting(quote.is_some())
            .quote(quote.unwrap_or(b'"'));
        rows.core = builder.build();
        match &table.header {
            Header::Names(names) => rows.header.clone_from(names),
            Header::FirstRow => rows.read_header()?,
        }
        Ok(rows)
    }

    /// Returns the names of the fields.
    pub(crate) fn header(&self) -> &[Box<str>] {
        &self.header
    }

    /// Returns the delimiter in use.
    pub(crate) fn delimiter(&self) -> Delimiter {
        self.delimiter
    }

    /// Returns the delimiter that stands most often in the first line.
    fn likely_delimiter(&self) -> Delimiter {
        let start = self.chunk.get(self.start..self.end).unwrap_or_default();
        let end = memchr::memchr(b'\n', start).unwrap_or(start.len());
        let line = start.get(..end).unwrap_or_default();
        let count = |delimiter: &Delimiter| memchr::memchr_iter(byte(*delimiter), line).count();
        let known = [
            Delimiter::Pipe,
            Delimiter::Tab,
            Delimiter::Semicolon,
            Delimiter::Comma,
        ];
        known
            .into_iter()
            .max_by_key(count)
            .unwrap_or(Delimiter::Comma)
    }

    /// Returns the bytes of the file read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.input.bytes_read()
    }

    /// Returns the next row.
    ///
    /// # Errors
    /// When the file can't be read on.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Next<'_>, Vec<Diagnostic>> {
        let line = self.line;
        let Some(filled) = self.fill()? else {
            return Ok(Next::End);
        };
        let lines = self.line - line;
        let fields = self.fields(&filled);
        if fields.len() == self.header.len() && !filled.is_too_long && !filled.is_misquoted {
            let first = self.header.first().map_or(&b""[..], |name| name.as_bytes());
            if fields.field(0) == first && is_header(&fields, &self.header) {
                return Ok(Next::Refused(header_again(line)));
            }
            return Ok(Next::Row(fields, line));
        }
        // A row over several lines that does not fit was most likely never meant to be one.
        let is_swallowed = lines > 1 && self.quote.is_some() && !filled.is_too_long;
        let is_multiline = memchr::memchr(b'\n', fields.text).is_some();
        let refusal = if filled.is_misquoted || (is_swallowed && is_multiline) {
            quote_open(line, lines.max(1), fields.len(), self.header.len())
        } else if filled.is_too_long {
            too_long(line)
        } else {
            field_count(line, &fields, self.header.len())
        };
        Ok(Next::Refused(refusal))
    }

    #[inline]
    fn fields(&self, filled: &Filled) -> Fields<'_> {
        let (text, gap) = match &filled.text {
            Text::Chunk(row) => (self.chunk.get(row.clone()), 1),
            Text::Buffer(end) => (self.text.get(..*end), 0),
        };
        Fields {
            text: text.unwrap_or_default(),
            ends: self.ends.get(..filled.fields).unwrap_or_default(),
            gap,
        }
    }

    fn read_header(&mut self) -> Result<(), Vec<Diagnostic>> {
        let empty = || {
            vec![
                Diagnostic::error(codes::EMPTY, "file has no header")
                    .expected("a first row with the names of the columns")
                    .found("nothing")
                    .hint(
                        "export again with a header, or give the names as `header` under `table`",
                    ),
            ]
        };
        let filled = self.fill()?.ok_or_else(empty)?;
        if filled.fields >= FIELDS_MAX || filled.is_too_long {
            return Err(vec![
                Diagnostic::error(codes::TOO_MANY_COLUMNS, "file has too many columns")
                    .expected(format!(
                        "a header of at most {FIELDS_MAX} columns and {ROW_BYTES_MAX} bytes"
                    ))
                    .found("more")
                    .hint("check `delimiter` under `table`, or leave columns out of the export"),
            ]);
        }
        let fields = self.fields(&filled);
        let mut problems = Vec::new();
        let mut header: Vec<Box<str>> = Vec::with_capacity(filled.fields);
        for place in 0..filled.fields {
            let Ok(name) = std::str::from_utf8(fields.field(place)) else {
                problems.push(
                    Diagnostic::error(codes::NOT_UTF8, "text is not UTF-8")
                        .expected("UTF-8")
                        .found(format!(
                            "other bytes in the name of column {}: {}",
                            place + 1,
                            shown(fields.field(place))
                        ))
                        .hint(
                            "convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
                        ),
                );
                continue;
            };
            let name = name.trim();
            if let Some(earlier) = header.iter().position(|known| **known == *name) {
                problems.push(
                    Diagnostic::error(codes::COLUMN_TWICE, "file has two columns of one name")
                        .expected("a name of its own for each column")
                        .found(format!(
                            "{} as column {} and {}",
                            shown(name.as_bytes()),
                            earlier + 1,
                            place + 1
                        ))
                        .hint(
                            "rename one in the export, or give all names as `header` under `table`",
                        ),
                );
            }
            header.push(name.into());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        self.header = header;
        Ok(())
    }

    /// Fills the buffers with the next row, or as much of it as the limit lets in; the rest is
    /// read and dropped. Returns nothing at the end.
    #[inline]
    fn fill(&mut self) -> Result<Option<Filled>, Vec<Diagnostic>> {
        if let Some(plain) = self.plain() {
            return Ok(Some(plain));
        }
        let (mut text, mut fields) = (0, 0);
        let mut is_too_long = false;
        self.core.set_line(self.line);
        self.row_start = self.start;
        self.carried.clear();
        loop {
            if self.start == self.end && !self.is_at_end {
                self.refill()?;
            }
            let chunk = self.chunk.get(self.start..self.end).unwrap_or_default();
            let (result, read, written, ended) = self.core.read_record(
                chunk,
                self.text.get_mut(text..).unwrap_or_default(),
                self.ends.get_mut(fields..).unwrap_or_default(),
            );
            self.start += read;
            text += written;
            fields += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() < ROW_BYTES_MAX => {
                    let longer = (self.text.len() * 2).min(ROW_BYTES_MAX);
                    self.text.resize(longer, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < FIELDS_MAX => {
                    let longer = (self.ends.len() * 2).min(FIELDS_MAX);
                    self.ends.resize(longer, 0);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    is_too_long = true;
                    (text, fields) = (0, 0);
                }
                ReadRecordResult::Record => {
                    self.line = self.core.line();
                    return Ok(Some(Filled {
                        text: Text::Buffer(text),
                        fields,
                        is_too_long,
                        is_misquoted: self.is_misquoted(),
                    }));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// Splits the next row where it stands, if it is whole in the chunk and holds no quote; all others
    /// are for the state machine, which gives the same.
    #[inline]
    fn plain(&mut self) -> Option<Filled> {
        // The state machine ends a row with the first byte of `\r\n`.
        let before = self.start.checked_sub(1);
        let before = before.and_then(|before| self.chunk.get(before));
        if before == Some(&b'\r') && self.chunk.get(self.start..self.end)?.first() == Some(&b'\n') {
            self.start += 1;
            self.line += 1;
        }
        let rest = self.chunk.get(self.start..self.end)?;
        let quote = self.quote.filter(|_| self.has_quote);
        let row = split::row(rest, byte(self.delimiter), quote, &mut self.ends)?;
        let place = self.start..self.start + row.length;
        self.start += row.length + 1;
        self.line += u64::from(row.ends_line);
        Some(Filled {
            text: Text::Chunk(place),
            fields: row.fields,
            is_too_long: false,
            is_misquoted: false,
        })
    }

    /// Returns whether the quotes of the row just read are not where RFC 4180 puts them.
    #[inline]
    fn is_misquoted(&mut self) -> bool {
        let Some(quote) = self.quote else {
            return false;
        };
        let row = self
            .chunk
            .get(self.row_start..self.start)
            .unwrap_or_default();
        if self.carried.is_empty() {
            return self.has_quote && is_misquoted(row, quote, byte(self.delimiter));
        }
        self.carried.extend_from_slice(row);
        is_misquoted(&self.carried, quote, byte(self.delimiter))
    }

    #[cold]
    fn refill(&mut self) -> Result<(), Vec<Diagnostic>> {
        let carried = self.chunk.get(self.row_start..self.end);
        let room = ROW_BYTES_MAX.saturating_sub(self.carried.len());
        let carried = carried.map(|row| row.get(..room).unwrap_or(row));
        self.carried.extend_from_slice(carried.unwrap_or_default());
        (self.start, self.end, self.row_start) = (0, 0, 0);
        while let Some(free) = self
            .chunk
            .get_mut(self.end..)
            .filter(|free| !free.is_empty())
        {
            match self.input.read(free) {
                Ok(0) => break,
                Ok(count) => self.end += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.input.problem(&error)),
            }
        }
        self.is_at_end = self.end == 0;
        let new = self.chunk.get(..self.end).unwrap_or_default();
        self.has_quote = self
            .quote
            .is_some_and(|quote| memchr::memchr(quote, new).is_some());
        Ok(())
    }

    fn skip_byte_order_mark(&mut self) -> Result<(), Vec<Diagnostic>> {
        self.refill()?;
        let start = self.chunk.get(..self.end).unwrap_or_default();
        match start {
            [0xef, 0xbb, 0xbf, ..] => self.start = 3,
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                return Err(vec![
                    Diagnostic::error(codes::NOT_UTF8, "text is not UTF-8")
                        .expected("UTF-8")
                        .found("the byte order mark of UTF-16")
                        .hint(
                            "save the file as UTF-8, or convert it with `iconv -f UTF-16 -t UTF-8`",
                        ),
                ]);
            }
            _ => {}
        }
        Ok(())
    }
}

const fn byte(delimiter: Delimiter) -> u8 {
    match delimiter {
        Delimiter::Comma => b',',
        Delimiter::Semicolon => b';',
        Delimiter::Tab => b'\t',
        Delimiter::Pipe => b'|',
        Delimiter::Colon => b':',
        Delimiter::Space => b' ',
    }
}

/// A quoted field ends where a delimiter, a line break or nothing follows. A quote in the middle of
/// an unquoted field is a character like any other.
fn is_misquoted(row: &[u8], quote: u8, delimiter: u8) -> bool {
    let rest = |at: usize| row.get(at..).unwrap_or_default();
    let mut at = 0;
    while let Some(open) = memchr::memchr(quote, rest(at)).map(|found| at + found) {
        at = open + 1;
        let before = open.checked_sub(1).and_then(|before| row.get(before));
        if !before.is_none_or(|&byte| byte == delimiter || byte == b'\n' || byte == b'\r') {
            continue;
        }
        loop {
            let Some(close) = memchr::memchr(quote, rest(at)).map(|found| at + found) else {
                return true;
            };
            at = close + 1;
            match row.get(at) {
                Some(&byte) if byte == quote => at += 1,
                Some(&byte) if byte != delimiter && byte != b'\n' && byte != b'\r' => return true,
                _ => break,
            }
        }
    }
    false
}

fn is_header(fields: &Fields<'_>, header: &[Box<str>]) -> bool {
    let mut names = header.iter().enumerate();
    names.all(|(place, name)| fields.field(place).trim_ascii() == name.as_bytes())
}

#[cold]
fn header_again(line: u64) -> Refusal<'static> {
    Refusal {
        code: codes::HEADER_AGAIN,
        reason: "header stands among the rows",
        line,
        column: None,
        expected: "an event".to_owned(),
        found: "the names of the columns again".to_owned(),
        hint: "several exports were put into one file; nothing else is wrong with it",
    }
}

#[cold]
fn quote_open(line: u64, lines: u64, fields: usize, columns: usize) -> Refusal<'static> {
    Refusal {
        code: codes::QUOTE_OPEN,
        reason: "quote is opened and not closed where it should be",
        line,
        column: None,
        expected: format!("a row of {columns} fields"),
        found: format!(
            "{fields} fields over {lines} lines, from line {line} to {}",
            line + lines - 1
        ),
        hint: QUOTE_HINT,
    }
}

#[cold]
fn too_long(line: u64) -> Refusal<'static> {
    Refusal {
        code: codes::ROW_TOO_LONG,
        reason: "row is too long",
        line,
        column: None,
        expected: format!("at most {ROW_BYTES_MAX} bytes and {FIELDS_MAX} fields"),
        found: "more".to_owned(),
        hint: "check that the file has line breaks and is a table of characters",
    }
}

#[cold]
fn field_count(line: u64, fields: &Fields<'_>, columns: usize) -> Refusal<'static> {
    Refusal {
        code: codes::FIELD_COUNT,
        reason: "row has another number of fields than the header",
        line,
        column: None,
        expected: format!("{columns} fields"),
        found: format!(
            "{}, the first of them {}",
            fields.len(),
            shown(fields.field(0))
        ),
        hint: "a delimiter inside a text needs quotes around it; a row that is too short was cut off",
    }
}

#[cfg(test)]
mod tests;
