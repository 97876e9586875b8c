//! Leaf and node hashes with their domain separation bytes (RFC 9162 §2.1.1).
//!
//! Both are SHA-256 of one byte before other bytes. The general hasher copies every byte through
//! its buffer to make room for that one; laying out the blocks here (FIPS 180-4 §5.1.1) leaves the
//! entry where it is, which halves the time beyond bare hashing.

use baton_terms::Digest;
use sha2::block_api::compress256;

type Block = [u8; 64];

/// Initial hash value (FIPS 180-4 §5.3.3).
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];
/// Bytes of an entry that share the first block with the leaf byte.
const FIRST_BYTES: usize = 63;
/// Blocks of an entry that is hashed at once.
const SHORT_BLOCKS: usize = 8;
/// Bytes of such an entry, beside the leaf byte and padding.
const SHORT_BYTES_MAX: usize = 64 * SHORT_BLOCKS - 1 - PADDING_BYTES;
/// Bytes that padding adds at least: one marker and the length in bits.
const PADDING_BYTES: usize = 9;

/// Returns the root of the tree without entries: the hash of the empty string.
pub fn empty_root() -> Digest {
    Digest::of(&[])
}

/// Returns the hash of one entry as a leaf.
pub fn leaf_hash(entry: &[u8]) -> Digest {
    if entry.len() <= SHORT_BYTES_MAX {
        return short_leaf_hash(entry);
    }
    let (head, rest) = entry.split_at(FIRST_BYTES.min(entry.len()));
    let mut state = INITIAL;
    let mut first: Block = [0; 64];
    put(&mut first, 1, head);
    compress256(&mut state, &[first]);
    let (whole, rest) = rest.as_chunks::<64>();
    compress256(&mut state, whole);
    Last::new(rest, entry.len() + 1).finish(state)
}

/// Returns the hash of a leaf that fits few blocks: copying it costs less than hashing in three turns.
fn short_leaf_hash(entry: &[u8]) -> Digest {
    let mut message = [0; 64 * SHORT_BLOCKS];
    if let Some(room) = message.get_mut(1..=entry.len()) {
        room.copy_from_slice(entry);
    }
    if let Some(marker) = message.get_mut(entry.len() + 1) {
        *marker = 0x80;
    }
    let length = entry.len() + 1;
    let count = (length + PADDING_BYTES).div_ceil(64);
    let bits = u64::try_from(length).unwrap_or(u64::MAX).wrapping_mul(8);
    let (blocks, _) = message.as_chunks_mut::<64>();
    let blocks = blocks.get_mut(..count).unwrap_or_default();
    if let Some(last) = blocks.last_mut() {
        put(last, 56, &bits.to_be_bytes());
    }
    let mut state = INITIAL;
    compress256(&mut state, blocks);
    to_digest(state)
}

/// Returns the hash of the node above `left` and `right`.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut first: Block = [0; 64];
    put(&mut first, 0, &[1]);
    put(&mut first, 1, left.as_bytes());
    let [head @ .., last] = right.as_bytes();
    put(&mut first, 33, head);
    let mut second: Block = [0; 64];
    // The last byte, the marker, and 65 bytes in bits.
    put(&mut second, 0, &[*last, 0x80]);
    put(&mut second, 62, &520_u16.to_be_bytes());
    let mut state = INITIAL;
    compress256(&mut state, &[first, second]);
    to_digest(state)
}

/// The last bytes of a message, with padding: one block or two.
struct Last {
    blocks: [Block; 2],
    is_single: bool,
}

impl Last {
    /// Pads `rest`, fewer than 64 bytes, as the end of a message of `length` bytes.
    fn new(rest: &[u8], length: usize) -> Self {
        let mut blocks = [[0; 64]; 2];
        let [first, second] = &mut blocks;
        put(first, 0, rest);
        put(first, rest.len(), &[0x80]);
        let is_single = rest.len() + PADDING_BYTES <= 64;
        let bits = u64::try_from(length).unwrap_or(u64::MAX).wrapping_mul(8);
        let last = if is_single { first } else { second };
        put(last, 56, &bits.to_be_bytes());
        Self { blocks, is_single }
    }

    fn finish(&self, mut state: [u32; 8]) -> Digest {
        let [first, _] = &self.blocks;
        if self.is_single {
            compress256(&mut state, std::slice::from_ref(first));
        } else {
            compress256(&mut state, &self.blocks);
        }
        to_digest(state)
    }
}

/// Copies `bytes` into a block; every caller's bytes fit.
fn put(block: &mut Block, at: usize, bytes: &[u8]) {
    let room = block
        .get_mut(at..)
        .and_then(|rest| rest.get_mut(..bytes.len()));
    if let Some(room) = room {
        room.copy_from_slice(bytes);
    }
}

fn to_digest(state: [u32; 8]) -> Digest {
    let mut bytes = [0; 32];
    for (four, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *four = word.to_be_bytes();
    }
    Digest::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha256};

    /// RFC 9162 §2.1.1 through the general hasher.
    fn plain(parts: &[&[u8]]) -> Digest {
        Digest::from_bytes(Sha256::digest(parts.concat()).into())
    }

    // spec: EVIDENCE-50
    #[test]
    fn leaves_of_every_length_agree_with_the_general_hasher() {
        let bytes: Vec<u8> = (0..700_u32).map(|n| n.to_le_bytes()[0]).collect();
        for length in 0..bytes.len() {
            let entry = &bytes[..length];
            assert_eq!(leaf_hash(entry), plain(&[&[0], entry]), "{length} bytes");
        }
    }

    // spec: EVIDENCE-50
    #[test]
    fn nodes_agree_with_the_general_hasher() {
        for seed in 0..100_u8 {
            let (left, right) = (Digest::of(&[seed]), Digest::of(&[seed, seed]));
            let expected = plain(&[&[1], left.as_bytes(), right.as_bytes()]);
            assert_eq!(node_hash(&left, &right), expected);
        }
    }
}
