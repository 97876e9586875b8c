//! Finding what a JSON string can't hold as it is: reading and writing both spend their time in
//! strings, so eight bytes are looked at together.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// A stretch that may stand in a JSON string as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plain {
    /// Its bytes.
    pub(crate) length: usize,
    /// Whether it surely is ASCII; ASCII beside other text may be called not ASCII.
    pub(crate) is_ascii: bool,
}

/// Returns the stretch up to the first quote, backslash, byte below 0x20 or the end.
#[inline]
pub(crate) fn plain(bytes: &[u8]) -> Plain {
    let mut rest = bytes;
    let mut seen = 0;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        seen |= word;
        if let Some(place) = first_special(word) {
            return Plain {
                length: bytes.len() - rest.len() + place,
                is_ascii: seen & HIGHS == 0,
            };
        }
        rest = tail;
    }
    let place = rest
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
        .unwrap_or(rest.len());
    Plain {
        length: bytes.len() - rest.len() + place,
        is_ascii: seen & HIGHS == 0 && rest.is_ascii(),
    }
}

/// Returns the place of the first quote, backslash or byte below 0x20 among eight bytes.
///
/// The usual zero-byte test on words. A borrow can raise false alarms only above a true hit, and
/// in little-endian order the lowest hit is the first byte, so the place is exact.
#[inline]
fn first_special(word: u64) -> Option<usize> {
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let quote = zero(word ^ (ONES * 0x22));
    let backslash = zero(word ^ (ONES * 0x5c));
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    let hits = (quote | backslash | control) & HIGHS;
    (hits != 0).then(|| usize::try_from(hits.trailing_zeros() / 8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_stretch_is_what_a_search_byte_by_byte_finds(text in "[a-zé\"\\\\\n\u{0}-\u{ff}]{0,40}") {
            let bytes = text.as_bytes();
            let is_special = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
            let length = bytes.iter().position(is_special).unwrap_or(bytes.len());
            let plain = plain(bytes);
            prop_assert_eq!(plain.length, length);
            prop_assert!(!plain.is_ascii || bytes[..length].is_ascii());
        }
    }
}
