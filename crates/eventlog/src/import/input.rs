//! The bytes of a file on their way to a format: counted, hashed, unpacked and kept in bounds.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::rc::Rc;

use baton_terms::{Diagnostic, Digest};
use sha2::{Digest as _, Sha256};

use super::codes;

/// Unpacked bytes up to which any ratio is fine.
pub const UNPACKED_BYTES_FREE: u64 = 64 << 20;
/// Unpacked bytes per byte of the file beyond that. Exports pack 10 to 50 times.
pub const UNPACKED_RATIO_MAX: u64 = 200;
/// Memory an xz stream may ask for to be unpacked.
const XZ_MEMORY_MAX: u64 = 256 << 20;
/// log2 of the window a zstd stream may ask for.
const ZSTD_WINDOW_LOG_MAX: u32 = 28;
/// Bytes read at once.
pub(super) const CHUNK_BYTES: usize = 128 << 10;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip (RFC 1952).
    Gzip,
    /// zstd (RFC 8878).
    Zstd,
    /// xz.
    Xz,
}

impl Compression {
    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
        }
    }

    fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            _ => Self::None,
        }
    }
}

/// What is known of a file once it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) compression: Compression,
    pub(crate) bytes: u64,
    pub(crate) unpacked_bytes: u64,
    pub(crate) digest: Digest,
}

/// The unpacked bytes of a file.
pub(crate) struct Input<'r> {
    unpacked: Box<dyn Read + 'r>,
    raw: Raw<'r>,
    unpacked_bytes: u64,
    compression: Compression,
    /// Whether the file was given up because it unpacks to too much.
    is_bomb: bool,
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("compression", &self.compression)
            .field("unpacked_bytes", &self.unpacked_bytes)
            .finish_non_exhaustive()
    }
}

impl<'r> Input<'r> {
    /// Returns the unpacked bytes of `reader`; how it is packed is seen from its first bytes.
    ///
    /// # Errors
    /// When the first bytes can't be read.
    pub(crate) fn new(reader: impl Read + 'r) -> Result<Self, Vec<Diagnostic>> {
        let mut raw = Raw {
            meter: Rc::new(Meter {
                reader: RefCell::new(Box::new(reader)),
                bytes: Cell::new(0),
                hash: RefCell::new(Sha256::new()),
                has_failed: Cell::new(false),
            }),
        };
        let mut start = Vec::new();
        let read = (&mut raw).take(6).read_to_end(&mut start);
        let compression = Compression::of(&start);
        let whole = io::Cursor::new(start).chain(raw.clone());
        let unpacked = unpack(compression, whole);
        let mut input = Self {
            unpacked: Box::new(io::empty()),
            raw,
            unpacked_bytes: 0,
            compression,
            is_bomb: false,
        };
        match read.and(unpacked) {
            Ok(unpacked) => {
                input.unpacked = unpacked;
                Ok(input)
            }
            Err(error) => Err(input.problem(&error)),
        }
    }

    /// Returns the bytes of the file read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.raw.meter.bytes.get()
    }

    /// Returns a counter of the bytes of the file read so far, to be asked while the input is read.
    pub(super) fn counter(&self) -> impl Fn() -> u64 + use<'r> {
        let meter = Rc::clone(&self.raw.meter);
        move || meter.bytes.get()
    }

    /// Returns why reading failed.
    pub(crate) fn problem(&self, error: &io::Error) -> Vec<Diagnostic> {
        vec![self.diagnostic(error)]
    }

    fn diagnostic(&self, error: &io::Error) -> Diagnostic {
        let at = format!("at byte {} of the file: {error}", self.bytes_read());
        if self.is_bomb {
            return Diagnostic::error(codes::TOO_LARGE, "file unpacks to far more than it should")
                .expected(format!(
                    "at most {UNPACKED_RATIO_MAX} unpacked bytes per byte of the file, beyond {} MiB",
                    UNPACKED_BYTES_FREE >> 20
                ))
                .found(format!(
                    "{} bytes from {}",
                    self.unpacked_bytes,
                    self.bytes_read()
                ))
                .hint("unpack the file yourself and import the result, if you trust it");
        }
        if self.raw.meter.has_failed.get() || self.compression == Compression::None {
            return Diagnostic::error(codes::UNREADABLE, "file can't be read to its end")
                .expected("a file that can be read")
                .found(at)
                .hint("check the disk or the pipe it comes from");
        }
        Diagnostic::error(codes::BROKEN, "compressed data is broken")
            .expected(format!("whole {} data", self.compression.name()))
            .found(at)
            .hint("the file is cut off or damaged: fetch it again")
    }

    /// Reads what is left, so that the digest is of the whole file; returns what is known of it.
    ///
    /// # Errors
    /// When the rest can't be read.
    pub(crate) fn finish(mut self) -> Result<Seen, Vec<Diagnostic>> {
        let rest = io::copy(&mut self.raw, &mut io::sink());
        if let Err(error) = rest {
            return Err(self.problem(&error));
        }
        let hash = self.raw.meter.hash.take().finalize();
        Ok(Seen {
            compression: self.compression,
            bytes: self.bytes_read(),
            unpacked_bytes: self.unpacked_bytes,
            digest: Digest::from_bytes(hash.into()),
        })
    }
}

fn unpack<'r>(compression: Compression, whole: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    Ok(match compression {
        Compression::None => Box::new(whole),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(whole)),
        Compression::Zstd => {
            let mut decoder = zstd::Decoder::new(whole)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
            Box::new(decoder)
        }
        Compression::Xz => {
            let concatenated = liblzma::stream::CONCATENATED;
            let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY_MAX, concatenated)?;
            Box::new(liblzma::read::XzDecoder::new_stream(whole, stream))
        }
    })
}

impl Read for Input<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.unpacked.read(buffer)?;
        self.unpacked_bytes += u64::try_from(count).unwrap_or(u64::MAX);
        let fair = self.bytes_read().saturating_mul(UNPACKED_RATIO_MAX);
        if self.unpacked_bytes > fair.max(UNPACKED_BYTES_FREE) {
            self.is_bomb = true;
            return Err(io::Error::other("too many unpacked bytes"));
        }
        Ok(count)
    }
}

struct Meter<'r> {
    reader: RefCell<Box<dyn Read + 'r>>,
    bytes: Cell<u64>,
    hash: RefCell<Sha256>,
    has_failed: Cell<bool>,
}

/// The file as it is; clones share it.
#[derive(Clone)]
struct Raw<'r> {
    meter: Rc<Meter<'r>>,
}

impl Read for Raw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let meter = &*self.meter;
        let read = meter.reader.borrow_mut().read(buffer);
        match &read {
            Ok(count) => {
                let bytes = u64::try_from(*count).unwrap_or(u64::MAX);
                meter.bytes.set(meter.bytes.get().saturating_add(bytes));
                let new = buffer.get(..*count).unwrap_or_default();
                meter.hash.borrow_mut().update(new);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => meter.has_failed.set(true),
        }
        read
    }
}
