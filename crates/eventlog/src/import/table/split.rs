//! Splits a row where it stands, eight bytes at a time: most rows hold no quote, and then only
//! delimiters and line ends matter.

/// Where the end of a row was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plain {
    /// Bytes of the row without the byte that ends it.
    pub(super) length: usize,
    /// Fields, whose ends were written.
    pub(super) fields: usize,
    /// Whether the byte that ends it is a line feed; a carriage return ends a row too.
    pub(super) ends_line: bool,
}

/// Splits the row that `text` starts with. There is none when it is empty, holds a quote, has more
/// fields than there are `ends`, or is not whole.
#[inline]
pub(super) fn row(
    text: &[u8],
    delimiter: u8,
    quote: Option<u8>,
    ends: &mut [usize],
) -> Option<Plain> {
    match quote {
        None => split([delimiter, b'\n', b'\r'], text, ends),
        Some(quote) => split([delimiter, b'\n', b'\r', quote], text, ends),
    }
}

#[inline]
fn split<const N: usize>(wanted: [u8; N], text: &[u8], ends: &mut [usize]) -> Option<Plain> {
    let delimiter = *wanted.first()?;
    let wanted = wanted.map(|byte| u64::from_le_bytes([byte; 8]));
    let mut fields = 0;
    let (words, _) = text.as_chunks();
    for (place, word) in (0..).step_by(8).zip(words) {
        let word = u64::from_le_bytes(*word);
        let mut hits = wanted
            .iter()
            .fold(0, |hits, byte| hits | zeros(word ^ byte));
        while hits != 0 {
            let at = place + usize::try_from(hits.trailing_zeros() / 8).ok()?;
            hits &= hits - 1;
            let byte = *text.get(at)?;
            // A byte above a hit may be marked although it is another one.
            if byte == delimiter {
                *ends.get_mut(fields)? = at;
                fields += 1;
            } else if byte == b'\n' || byte == b'\r' {
                *ends.get_mut(fields)? = at;
                return (at > 0).then_some(Plain {
                    length: at,
                    fields: fields + 1,
                    ends_line: byte == b'\n',
                });
            } else if N > 3 && wanted.last() == Some(&u64::from_le_bytes([byte; 8])) {
                return None;
            }
        }
    }
    None
}

/// Marks the highest bit of every byte that is zero, and maybe of some above the first of them.
#[inline]
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(0x0101_0101_0101_0101) & !word & 0x8080_8080_8080_8080
}
