//! The pages of one column chunk, unpacked under a limit.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

use super::delta;
use super::thrift::{Kind, Reader};
use crate::formats::limits::PARQUET_PAGE_BYTES_MAX;

/// What all pages of a file together may still unpack to.
#[derive(Debug, Clone)]
pub(super) struct Budget(Arc<AtomicUsize>);

impl Budget {
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(bytes)))
    }

    /// Takes bytes off what is left.
    pub(super) fn spend(&self, bytes: usize) -> Result<()> {
        let left = |left: usize| left.checked_sub(bytes);
        let spent = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, left);
        let fits = spent.map(drop);
        fits.map_err(|_| general("it unpacks to far more than its size explains"))
    }
}

/// Reads the pages of a column chunk.
pub(super) struct Pages {
    chunk: Bytes,
    codec: Compression,
    budget: Budget,
    /// Whether levels stand before the values of a first-version page.
    levels: Levels,
}

/// Whether a column may lack values, and so says of each row whether it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Levels {
    None,
    First,
}

/// What the header of a page says.
#[derive(Debug, Clone, Copy, Default)]
struct Header {
    kind: Option<i64>,
    unpacked: usize,
    packed: usize,
    crc: Option<i64>,
    values: usize,
    nulls: usize,
    rows: usize,
    encoding: Option<Encoding>,
    def_encoding: Option<Encoding>,
    rep_encoding: Option<Encoding>,
    def_bytes: usize,
    rep_bytes: usize,
    is_packed: bool,
}

/// Returns the size of the largest page whose texts are written as what they share with the one
/// before: such a page alone may be much smaller than its texts.
pub(super) fn largest_sharing(mut chunk: &[u8]) -> Option<usize> {
    let mut largest = None;
    while let Some((header, length)) = Header::read(chunk) {
        if header.encoding == Some(Encoding::DELTA_BYTE_ARRAY) {
            largest = largest.max(Some(header.unpacked));
        }
        let end = length.saturating_add(header.packed);
        chunk = chunk.get(end..).unwrap_or_default();
    }
    largest
}

impl Pages {
    pub(super) fn new(chunk: Bytes, codec: Compression, levels: Levels, budget: Budget) -> Self {
        Self {
            chunk,
            codec,
            budget,
            levels,
        }
    }

    fn page(&mut self) -> Result<Option<Page>> {
        loop {
            if self.chunk.is_empty() {
                return Ok(None);
            }
            let (header, length) = Header::read(&self.chunk).ok_or_else(|| wrong("its header"))?;
            let end = length.checked_add(header.packed);
            let end = end.filter(|end| *end <= self.chunk.len());
            let end = end.ok_or_else(|| wrong("its size"))?;
            let packed = self.chunk.slice(length..end);
            self.chunk = self.chunk.slice(end..);
            // Pages of an index hold no rows.
            if header.kind == Some(1) {
                continue;
            }
            return self.decode(&header, &packed).map(Some);
        }
    }

    fn decode(&self, header: &Header, packed: &Bytes) -> Result<Page> {
        if let Some(expected) = header.crc {
            let mut crc = flate2::Crc::new();
            crc.update(packed);
            // The format keeps the 32 bits in a signed integer.
            if i64::from(crc.sum().cast_signed()) != expected {
                return Err(wrong("its checksum"));
            }
        }
        let buf = self.unpack(header, packed)?;
        let count = |value: usize| u32::try_from(value).map_err(|_| wrong("its counts"));
        let encoding = header.encoding.ok_or_else(|| wrong("its encoding"))?;
        let levels = |encoding: Option<Encoding>| encoding.ok_or_else(|| wrong("its levels"));
        Ok(match header.kind {
            Some(0) => {
                let num_values = count(header.values)?;
                Page::DataPage {
                    buf,
                    num_values,
                    encoding,
                    def_level_encoding: levels(header.def_encoding)?,
                    rep_level_encoding: levels(header.rep_encoding)?,
                    statistics: None,
                }
            }
            Some(2) if header.values <= buf.len() => Page::DictionaryPage {
                num_values: count(header.values)?,
                buf,
                encoding,
                is_sorted: false,
            },
            Some(3) if header.nulls <= header.values => Page::DataPageV2 {
                buf,
                num_values: count(header.values)?,
                encoding,
                num_nulls: count(header.nulls)?,
                num_rows: count(header.rows)?,
                def_levels_byte_len: count(header.def_bytes)?,
                rep_levels_byte_len: count(header.rep_bytes)?,
                is_compressed: false,
                statistics: None,
            },
            _ => return Err(wrong("its kind")),
        })
    }

    /// Returns what a page unpacks to: exactly what its header says, within the limits.
    fn unpack(&self, header: &Header, packed: &Bytes) -> Result<Bytes> {
        let size = header.unpacked;
        if size > PARQUET_PAGE_BYTES_MAX {
            return Err(general("one of its pages is too large"));
        }
        self.budget.spend(size)?;
        // Levels of a second-version page stand before what is packed.
        let plain_bytes = header.def_bytes.saturating_add(header.rep_bytes);
        if plain_bytes > size || plain_bytes > packed.len() {
            return Err(wrong("its levels"));
        }
        let is_plain = !header.is_packed || self.codec == Compression::UNCOMPRESSED;
        let unpacked = if is_plain {
            packed.clone()
        } else {
            let plain = packed.get(..plain_bytes).unwrap_or_default();
            let rest = packed.get(plain_bytes..).unwrap_or_default();
            let mut unpacked = Vec::with_capacity(size);
            unpacked.extend_from_slice(plain);
            if size > plain_bytes {
                unpack(self.codec, rest, size - plain_bytes, &mut unpacked)?;
            }
            Bytes::from(unpacked)
        };
        if unpacked.len() != size {
            return Err(wrong("its size"));
        }
        self.check_delta(header, &unpacked)?;
        Ok(unpacked)
    }

    /// Holds that lengths of texts are no more than the page has values.
    fn check_delta(&self, header: &Header, page: &[u8]) -> Result<()> {
        let runs = match header.encoding {
            Some(Encoding::DELTA_LENGTH_BYTE_ARRAY) => 1,
            Some(Encoding::DELTA_BYTE_ARRAY) => 2,
            _ => return Ok(()),
        };
        let start = match (header.kind, self.levels) {
            (Some(3), _) => header.def_bytes.saturating_add(header.rep_bytes),
            (_, Levels::None) => 0,
            (_, Levels::First) => {
                let length = page
                    .first_chunk::<4>()
                    .map(|length| u32::from_le_bytes(*length));
                let length = length.and_then(|length| usize::try_from(length).ok());
                length.unwrap_or(usize::MAX).saturating_add(4)
            }
        };
        let lengths = page.get(start..).unwrap_or_default();
        let is_sound = delta::is_within(lengths, runs, header.values);
        if is_sound {
            Ok(())
        } else {
            Err(wrong("the lengths of its texts"))
        }
    }
}

impl Header {
    /// Reads a header; returns it and how many bytes it takes.
    fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut header = Self {
            is_packed: true,
            ..Self::default()
        };
        let mut reader = Reader::new(bytes);
        reader.structure(|id, kind, reader| {
            match (id, kind) {
                (1, Kind::Integer) => header.kind = Some(reader.integer()?),
                (2, Kind::Integer) => header.unpacked = size(reader)?,
                (3, Kind::Integer) => header.packed = size(reader)?,
                (4, Kind::Integer) => header.crc = Some(reader.integer()?),
                (5 | 7 | 8, Kind::Struct) => header.details(id, reader)?,
                _ => return Some(false),
            }
            Some(true)
        })?;
        Some((header, reader.read()))
    }

    /// Reads the part of a header that is for one kind of page only.
    fn details(&mut self, page: i64, reader: &mut Reader<'_>) -> Option<()> {
        reader.structure(|id, kind, reader| {
            match (page, id, kind) {
                (_, 1, Kind::Integer) => self.values = size(reader)?,
                (5 | 7, 2, Kind::Integer) | (8, 4, Kind::Integer) => {
                    self.encoding = encoding(reader.integer()?);
                }
                (5, 3, Kind::Integer) => self.def_encoding = encoding(reader.integer()?),
                (5, 4, Kind::Integer) => self.rep_encoding = encoding(reader.integer()?),
                (8, 2, Kind::Integer) => self.nulls = size(reader)?,
                (8, 3, Kind::Integer) => self.rows = size(reader)?,
                (8, 5, Kind::Integer) => self.def_bytes = size(reader)?,
                (8, 6, Kind::Integer) => self.rep_bytes = size(reader)?,
                (8, 7, kind @ (Kind::True | Kind::False)) => self.is_packed = kind == Kind::True,
                _ => return Some(false),
            }
            Some(true)
        })
    }
}

fn size(reader: &mut Reader<'_>) -> Option<usize> {
    usize::try_from(reader.integer()?).ok()
}

const fn encoding(number: i64) -> Option<Encoding> {
    Some(match number {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        _ => return None,
    })
}

/// Appends what `packed` unpacks to, at most one byte more than `size`.
fn unpack(codec: Compression, packed: &[u8], size: usize, to: &mut Vec<u8>) -> Result<()> {
    let start = to.len();
    let most = u64::try_from(size).unwrap_or(u64::MAX).saturating_add(1);
    let damaged = || wrong("its packed bytes");
    match codec {
        Compression::SNAPPY => {
            let said = snap::raw::decompress_len(packed).map_err(|_| damaged())?;
            if said != size {
                return Err(damaged());
            }
            to.resize(start + size, 0);
            let into = to.get_mut(start..).unwrap_or_default();
            let unpacked = snap::raw::Decoder::new().decompress(packed, into);
            unpacked.map_err(|_| damaged())?;
        }
        Compression::LZ4_RAW => {
            to.resize(start + size, 0);
            let into = to.get_mut(start..).unwrap_or_default();
            let unpacked = lz4_flex::block::decompress_into(packed, into);
            to.truncate(start + unpacked.map_err(|_| damaged())?);
        }
        Compression::GZIP(_) => {
            let decoder = flate2::read::MultiGzDecoder::new(packed);
            let read = decoder.take(most).read_to_end(to);
            read.map_err(|_| damaged())?;
        }
        Compression::ZSTD(_) => {
            let decoder = zstd::Decoder::new(packed).map_err(|_| damaged())?;
            let read = decoder.take(most).read_to_end(to);
            read.map_err(|_| damaged())?;
        }
        other => {
            return Err(general(&format!(
                "it is packed with {other}; expected none, Snappy, gzip, zstd or LZ4_RAW"
            )));
        }
    }
    Ok(())
}

fn wrong(what: &str) -> ParquetError {
    general(&format!("a page and {what} disagree"))
}

fn general(message: &str) -> ParquetError {
    ParquetError::General(message.to_owned())
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.page()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        // Asked only for columns that repeat, which are not read.
        Err(general("pages are read in order"))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        Err(general("pages are read in order"))
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        // Every value of a flat column is a record.
        Ok(true)
    }
}
