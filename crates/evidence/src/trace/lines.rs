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
/// Digits of the largest 64-bit number.
const DIGITS_MAX: usize = 20;
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
        // Without branches, as below: a digit is no less than `0` and no more than `9`.
        let wrong = seconds
            .iter()
            .zip(b"0000-00-00T00:00:00".iter().zip(b"9999-99-99T99:99:99"))
            .fold(0, |wrong, (byte, (least, most))| {
                wrong | u8::from(byte < least) | u8::from(byte > most)
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
        (wrong == 0).then_some(Self { seconds, fraction })
    }
}

/// Returns the chain fields of a line without its newline.
pub(super) fn tail(line: &[u8]) -> Option<Tail<'_>> {
    let (rest, time) = before_subject(line)?;
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let (rest, digits) = rest.split_at_checked(rest.len() - digits.count())?;
    Some(Tail {
        previous: previous(rest)?,
        sequence: number(digits)?,
        time: Time::split(time)?,
    })
}

/// Returns the time of a line whose chain fields are those expected.
pub(super) fn linked<'a>(line: &'a [u8], sequence: &Digits, leaf: &Digest) -> Option<Time<'a>> {
    let (rest, time) = before_subject(line)?;
    let rest = rest.strip_suffix(sequence.text())?;
    previous(rest)
        .filter(|previous| is_hex_of(previous, leaf))
        .and_then(|_| Time::split(time))
}

/// Splits a line before its subject, and returns its time too.
fn before_subject(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_suffix(b"\"}")?;
    let (rest, time) = split_text(rest)?;
    let rest = rest.strip_suffix(b",\"time\":\"")?;
    let rest = rest.strip_suffix(b"\"")?;
    let (rest, _) = split_text(rest)?;
    Some((rest.strip_suffix(b",\"subject\":\"")?, time))
}

/// Returns the digits of the leaf hash in what stands before the sequence.
fn previous(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.strip_suffix(b"\",\"sequence\":")?;
    let (rest, previous) = rest.split_at_checked(rest.len().checked_sub(HEX_BYTES)?)?;
    rest.strip_suffix(b",\"previous\":\"sha256:")?;
    Some(previous)
}

/// A count as it is written, so that lines in order are compared and not read.
#[derive(Debug, Clone)]
pub(super) struct Digits {
    // INVARIANT: the last bytes, from `start` on, are the digits.
    bytes: [u8; DIGITS_MAX],
    start: usize,
}

impl Digits {
    /// Returns the digits of zero.
    pub(super) fn zero() -> Self {
        Self {
            bytes: [b'0'; DIGITS_MAX],
            start: DIGITS_MAX - 1,
        }
    }

    fn text(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Counts one more.
    pub(super) fn increment(&mut self) {
        for (at, digit) in self.bytes.iter_mut().enumerate().rev() {
            self.start = self.start.min(at);
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
    }
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
    let (eights, odd) = hex.as_chunks::<8>();
    let (fours, _) = digest.as_bytes().as_chunks::<4>();
    if eights.len() != fours.len() || !odd.is_empty() {
        return false;
    }
    let pairs = eights.iter().zip(fours);
    let differs = pairs.fold(0, |differs, (eight, four)| {
        differs | (u64::from_le_bytes(*eight) ^ hex_digits(*four))
    });
    differs == 0
}

/// Returns the lower-case hex digits of four bytes, the first in the lowest byte: eight at once, for
/// a line is compared between two hashes that the processor can only overlap when little is between.
fn hex_digits(bytes: [u8; 4]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x000f_000f_000f_000f;
    let word = u64::from(u32::from_le_bytes(bytes));
    let word = (word | (word << 16)) & 0x0000_ffff_0000_ffff;
    let word = (word | (word << 8)) & 0x00ff_00ff_00ff_00ff;
    let values = ((word >> 4) & LOW) | ((word & LOW) << 8);
    let is_letter = ((values + 6 * ONES) >> 4) & ONES;
    values + u64::from(b'0') * ONES + is_letter * u64::from(b'a' - b'0' - 10)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_digits_are_those_of_the_digest() {
        for seed in 0..200_u8 {
            let digest = Digest::of(&[seed]);
            let mut hex = digest.hex().into_bytes();
            assert!(is_hex_of(&hex, &digest));
            let at = usize::from(seed) % hex.len();
            hex[at] ^= 1;
            assert!(!is_hex_of(&hex, &digest));
            assert!(!is_hex_of(&hex[1..], &digest));
        }
    }

    #[test]
    fn digits_count_up() {
        let mut digits = Digits::zero();
        for count in 0..2_000_u32 {
            assert_eq!(digits.text(), count.to_string().as_bytes());
            digits.increment();
        }
    }
}
