//! Inclusion and consistency proofs, made and verified (RFC 9162 §2.1.3 and §2.1.4).

use baton_terms::Digest;

use super::{Frontier, empty_root, node_hash};

/// The claim that `leaf` is entry `index` of the tree of `size` entries whose root is `root`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inclusion {
    /// Position of the entry, from 0.
    pub index: u64,
    /// Entries in the tree.
    pub size: u64,
    /// Leaf hash of the entry.
    pub leaf: Digest,
    /// Root of the tree.
    pub root: Digest,
}

/// The claim that the tree of `second_size` entries extends the tree of `first_size` entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consistency {
    /// Entries in the earlier tree.
    pub first_size: u64,
    /// Root of the earlier tree.
    pub first_root: Digest,
    /// Entries in the later tree.
    pub second_size: u64,
    /// Root of the later tree.
    pub second_root: Digest,
}

/// Returns the root of the tree with these leaf hashes.
pub fn root(leaves: &[Digest]) -> Digest {
    let mut frontier = Frontier::new();
    frontier.extend(leaves.iter().copied());
    frontier.root()
}

/// Returns the inclusion proof of the leaf at `index`, or `None` when there is no such leaf.
pub fn inclusion_proof(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    leaves.get(index)?;
    let mut proof = Vec::new();
    let (mut rest, mut at) = (leaves, index);
    while rest.len() > 1 {
        let (left, right) = rest.split_at_checked(largest_power_below(rest.len()))?;
        if at < left.len() {
            proof.push(root(right));
            rest = left;
        } else {
            proof.push(root(left));
            at -= left.len();
            rest = right;
        }
    }
    proof.reverse();
    Some(proof)
}

/// Returns the proof that the whole tree extends its first `first` leaves, or `None` when `first`
/// is zero or larger than the tree.
pub fn consistency_proof(leaves: &[Digest], first: usize) -> Option<Vec<Digest>> {
    if first == 0 || first > leaves.len() {
        return None;
    }
    let mut proof = Vec::new();
    let (mut rest, mut old) = (leaves, first);
    let mut starts_at_zero = true;
    while old < rest.len() {
        let (left, right) = rest.split_at_checked(largest_power_below(rest.len()))?;
        if old <= left.len() {
            proof.push(root(right));
            rest = left;
        } else {
            proof.push(root(left));
            old -= left.len();
            rest = right;
            starts_at_zero = false;
        }
    }
    // The verifier knows the old root already, so it is left out when it is a subtree of the new.
    if !starts_at_zero {
        proof.push(root(rest));
    }
    proof.reverse();
    Some(proof)
}

/// Returns whether `proof` proves the inclusion (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(claim: &Inclusion, proof: &[Digest]) -> bool {
    if claim.index >= claim.size {
        return false;
    }
    let (mut node, mut last) = (claim.index, claim.size - 1);
    let mut hash = claim.leaf;
    for step in proof {
        if last == 0 {
            return false;
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(step, &hash);
            while node % 2 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == claim.root
}

/// Returns whether `proof` proves that the later tree extends the earlier (RFC 9162 §2.1.4.2).
///
/// Every tree extends the empty tree and itself, with an empty proof.
pub fn verify_consistency(claim: &Consistency, proof: &[Digest]) -> bool {
    if claim.first_size > claim.second_size {
        return false;
    }
    if claim.first_size == claim.second_size {
        return proof.is_empty() && claim.first_root == claim.second_root;
    }
    if claim.first_size == 0 {
        return proof.is_empty() && claim.first_root == empty_root();
    }
    let (seed, steps) = if claim.first_size.is_power_of_two() {
        (claim.first_root, proof)
    } else {
        match proof.split_first() {
            Some((seed, steps)) => (*seed, steps),
            None => return false,
        }
    };
    let (mut node, mut last) = (claim.first_size - 1, claim.second_size - 1);
    while node % 2 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut first, mut second) = (seed, seed);
    for step in steps {
        if last == 0 {
            return false;
        }
        if node % 2 == 1 || node == last {
            first = node_hash(step, &first);
            second = node_hash(step, &second);
            while node % 2 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            second = node_hash(&second, step);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && first == claim.first_root && second == claim.second_root
}

/// Returns the largest power of two smaller than `length`, which is at least 2.
fn largest_power_below(length: usize) -> usize {
    length.next_power_of_two() / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_hash;

    fn leaves(size: usize) -> Vec<Digest> {
        (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    fn size(value: usize) -> u64 {
        u64::try_from(value).unwrap()
    }

    /// Every proof that differs from a good one in one step, or by a step more or less.
    fn spoilt(proof: &[Digest]) -> Vec<Vec<Digest>> {
        let mut variants: Vec<Vec<Digest>> = (0..proof.len())
            .map(|at| {
                let mut variant = proof.to_vec();
                variant[at] = leaf_hash(b"foreign");
                variant
            })
            .collect();
        variants.push([proof, &[leaf_hash(b"one more")]].concat());
        if let Some((_, rest)) = proof.split_last() {
            variants.push(rest.to_vec());
        }
        variants
    }

    // spec: EVIDENCE-51
    #[test]
    fn every_leaf_of_every_size_up_to_64_is_proven_included_and_nothing_else_is() {
        for count in 0..=64 {
            let leaves = leaves(count);
            assert_eq!(inclusion_proof(&leaves, count), None);
            for index in 0..count {
                let proof = inclusion_proof(&leaves, index).unwrap();
                let claim = Inclusion {
                    index: size(index),
                    size: size(count),
                    leaf: leaves[index],
                    root: root(&leaves),
                };
                assert!(verify_inclusion(&claim, &proof), "{index} of {count}");
                for variant in spoilt(&proof) {
                    assert!(!verify_inclusion(&claim, &variant), "{index} of {count}");
                }
                for other in (0..count + 2).filter(|other| *other != index) {
                    let moved = Inclusion {
                        index: size(other),
                        ..claim
                    };
                    assert!(!verify_inclusion(&moved, &proof), "{other} of {count}");
                }
            }
        }
    }

    // spec: EVIDENCE-51
    #[test]
    fn every_prefix_of_every_size_up_to_64_is_proven_consistent_and_nothing_else_is() {
        for count in 1..=64 {
            let leaves = leaves(count);
            for first in 1..=count {
                let proof = consistency_proof(&leaves, first).unwrap();
                let claim = Consistency {
                    first_size: size(first),
                    first_root: root(&leaves[..first]),
                    second_size: size(count),
                    second_root: root(&leaves),
                };
                assert!(verify_consistency(&claim, &proof), "{first} of {count}");
                for variant in spoilt(&proof) {
                    assert!(!verify_consistency(&claim, &variant), "{first} of {count}");
                }
                let forked = Consistency {
                    first_root: leaf_hash(b"fork"),
                    ..claim
                };
                assert!(!verify_consistency(&forked, &proof), "{first} of {count}");
                let other = Consistency {
                    second_root: leaf_hash(b"fork"),
                    ..claim
                };
                assert!(!verify_consistency(&other, &proof), "{first} of {count}");
            }
            assert_eq!(consistency_proof(&leaves, 0), None);
            assert_eq!(consistency_proof(&leaves, count + 1), None);
        }
    }

    #[test]
    fn every_tree_extends_the_empty_one_and_none_a_larger_one() {
        let claim = |first_size, first_root, second_size| Consistency {
            first_size,
            first_root,
            second_size,
            second_root: root(&leaves(3)),
        };
        assert!(verify_consistency(&claim(0, empty_root(), 3), &[]));
        assert!(!verify_consistency(&claim(0, leaf_hash(b"x"), 3), &[]));
        assert!(!verify_consistency(
            &claim(0, empty_root(), 3),
            &[empty_root()]
        ));
        assert!(!verify_consistency(&claim(4, root(&leaves(4)), 3), &[]));
    }

    /// The proofs that implementations of RFC 6962 exchange as test vectors, by their lengths and ends.
    #[test]
    fn agrees_with_a_known_rfc_6962_consistency_proof() {
        let bytes: [&[u8]; 8] = [
            b"",
            b"\0",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaves: Vec<Digest> = bytes.iter().map(|entry| leaf_hash(entry)).collect();
        let hex = |proof: Vec<Digest>| proof.iter().map(Digest::hex).collect::<Vec<_>>();
        assert_eq!(
            hex(consistency_proof(&leaves[..5], 2).unwrap()),
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ]
        );
        assert_eq!(
            hex(inclusion_proof(&leaves, 0).unwrap()),
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        );
    }
}
