//! Reads the chain fields of an entry's line from its end, without parsing the line.
//!
//! Canonical JSON sorts keys, so every line ends in
//! `,"previous":"sha256:…","sequence":N,"subject":"…","time":"…"}`. Subjects and times hold no
//! quotes or backslashes, so in a line that is valid JSON these quotes are the strings' own and
//! the fields belong to the outermost object. Whether a line *is* valid JSON is the audit's matter;
//! for the chain it is enough that the signed root covers its exact bytes.

use baton_terms::Digest;

/// Hex digits of a digest.
const HEX_BYTES: usize = 64;
/// Bytes of `2026-01-01T00:00:00`, the part of a time that compares as text.
const SECONDS_BYTES: usize = 19;

/// The chain fields of a line, as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tail<'a> {
    /// Hex digits of the leaf hash of the entry before.
    pub(super) previous: &'a [u8],
    /// The entry's place.
    pub(super) sequence: u64,
    /// When it happened.
    pub(super) time: Time<'a>,
}

/// A time in UTC as text, split so that it can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time<'a> {
    seconds: &'a [u8],
    // Digits after the point without trailing zeros, which compare as text.
    fraction: &'a [u8],
}

impl<'a> Time<'a> {
    /// Splits `YYYY-MM-DDTHH:MM:SS[.fraction]Z`.
    pub(super) fn split(text: &'a [u8]) -> Option<Self> {
        let (seconds, rest) = text.split_at_checked(SECONDS_BYTES)?;
        let fits =
            seconds
                .iter()
                .zip(b"dddd-dd-ddTdd:dd:dd")
                .all(|(byte, expected)| match expected {
                    b'd' => byte.is_ascii_digit(),
                    _ => byte == expected,
                });
        let fraction = rest.strip_suffix(b"Z")?;
        let fraction = match fraction.split_first() {
            None => fraction,
            Some((b'.', digits)) => {
                let is_last_digit_set = digits.last().is_some_and(|digit| *digit != b'0');
                (is_last_digit_set && digits.iter().all(u8::is_ascii_digit)).then_some(digits)?
            }
            Some(_) => return None,
        };
        fits.then_some(Self { seconds, fraction })
    }
}

/// Returns the chain fields of a line without its newline.
pub(super) fn tail(line: &[u8]) -> Option<Tail<'_>> {
    let rest = line.strip_suffix(b"\"}")?;
    let (rest, time) = split_text(rest)?;
    let rest = rest.strip_suffix(b",\"time\":\"")?;
    let rest = rest.strip_suffix(b"\"")?;
    let (rest, _) = split_text(rest)?;
    let rest = rest.strip_suffix(b",\"subject\":\"")?;
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let (rest, digits) = rest.split_at_checked(rest.len() - digits.count())?;
    let rest = rest.strip_suffix(b",\"sequence\":")?.strip_suffix(b"\"")?;
    let (rest, previous) = rest.split_at_checked(rest.len().checked_sub(HEX_BYTES)?)?;
    rest.strip_suffix(b",\"previous\":\"sha256:")?;
    Some(Tail {
        previous,
        sequence: number(digits)?,
        time: Time::split(time)?,
    })
}

/// Splits before the last quote, which is kept on the left side.
fn split_text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(memchr::memrchr(b'"', bytes)? + 1)
}

fn number(digits: &[u8]) -> Option<u64> {
    match digits {
        [] | [b'0', _, ..] => None,
        _ => digits.iter().try_fold(0_u64, |sum, digit| {
            sum.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
        }),
    }
}

/// Returns the digest of a line's `previous`, when it is one.
pub(super) fn digest(hex: &[u8]) -> Option<Digest> {
    Digest::from_hex(std::str::from_utf8(hex).ok()?).ok()
}

/// Returns whether `hex` are the digits of `digest`.
pub(super) fn is_hex_of(hex: &[u8], digest: &Digest) -> bool {
    let (pairs, odd) = hex.as_chunks::<2>();
    if pairs.len() != HEX_BYTES / 2 || !odd.is_empty() {
        return false;
    }
    // Without branches, so that the compiler keeps it in vector registers.
    let differs = pairs
        .iter()
        .zip(digest.as_bytes())
        .fold(0, |differs, ([high, low], byte)| {
            differs | (high ^ digit(byte >> 4)) | (low ^ digit(byte & 15))
        });
    differs == 0
}

/// Returns the lower-case hex digit of a value below 16.
fn digit(value: u8) -> u8 {
    let letter_gap = b'a' - b'0' - 10;
    value + b'0' + u8::from(value > 9) * letter_gap
}

/// Iterates over the lines of a trace; the last one need not end in a newline.
pub fn split(entries: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = entries;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (line, tail) = rest.split_at_checked(end)?;
        rest = tail.strip_prefix(b"\n").unwrap_or(tail);
        Some(line)
    })
}
