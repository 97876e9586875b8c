//! How many values a delta-encoded run says it holds, and where it ends: `DELTA_BINARY_PACKED` of the
//! Parquet format. Texts encoded by their lengths start with one such run, texts encoded by shared
//! beginnings with two, and the `parquet` crate makes room for whatever number stands there.

use super::thrift::Reader;

/// Returns whether the runs of lengths at the start of a page hold no more than `values` values.
pub(super) fn is_within(page: &[u8], runs: usize, values: usize) -> bool {
    let mut reader = Reader::new(page);
    (0..runs).all(|_| pass(&mut reader).is_some_and(|count| count <= values))
}

/// Passes over one run; returns how many values it holds.
fn pass(reader: &mut Reader<'_>) -> Option<usize> {
    let block = usize::try_from(reader.varint()?).ok()?;
    let parts = usize::try_from(reader.varint()?).ok()?;
    let count = usize::try_from(reader.varint()?).ok()?;
    reader.varint()?;
    let per_part = block.checked_div(parts).filter(|per_part| {
        *per_part > 0 && per_part.is_multiple_of(32) && per_part.saturating_mul(parts) == block
    })?;
    let mut left = count.saturating_sub(1);
    while left > 0 {
        reader.varint()?;
        let widths = reader.take(parts)?;
        for width in widths {
            if left == 0 {
                break;
            }
            let bits = per_part.checked_mul(usize::from(*width))?;
            reader.take(bits / 8)?;
            left = left.saturating_sub(per_part);
        }
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_passed_over_whole() {
        // 128 values per block in 4 parts, 3 values, first 7; one block: least delta 0, widths 1 0 0 0.
        let run = [0x80, 1, 4, 3, 14, 0, 1, 0, 0, 0, 1, 2, 3, 4];
        let twice = [run, run].concat();
        assert!(is_within(&run, 1, 3));
        assert!(!is_within(&run, 1, 2));
        assert!(is_within(&twice, 2, 3));
        assert!(!is_within(&run, 2, 3));
        // A million million values.
        assert!(!is_within(
            &[0x80, 1, 4, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0],
            1,
            3
        ));
        assert!(!is_within(&[0, 0, 3, 0], 1, 3));
    }
}
