//! The compact range of a growing tree: what is needed to append and to name the root, nothing more.

use baton_terms::Digest;

use super::{empty_root, node_hash};

/// The roots of the complete subtrees of a tree, largest first.
///
/// Appending costs one node hash on average; the memory is at most 64 digests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    // INVARIANT: one digest per set bit of `size`, the highest bit first.
    subtrees: Vec<Digest>,
}

impl Frontier {
    /// Returns the frontier of the tree without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the frontier that was kept as its number of leaves and its subtrees, when the two fit each other.
    pub fn of_kept(size: u64, subtrees: Vec<Digest>) -> Option<Self> {
        let is_whole = u32::try_from(subtrees.len()) == Ok(size.count_ones());
        is_whole.then_some(Self { size, subtrees })
    }

    /// Returns the roots of the complete subtrees, largest first: with the number of leaves, all that has to be kept to go on.
    pub fn subtrees(&self) -> &[Digest] {
        &self.subtrees
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut subtree = leaf;
        // Each trailing one bit of the size is a complete subtree as large as the one being closed.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                subtree = node_hash(&left, &subtree);
            }
        }
        self.subtrees.push(subtree);
        self.size += 1;
    }

    /// Returns the root hash of the tree so far.
    pub fn root(&self) -> Digest {
        let mut subtrees = self.subtrees.iter().rev();
        let Some(smallest) = subtrees.next() else {
            return empty_root();
        };
        subtrees.fold(*smallest, |right, left| node_hash(left, &right))
    }
}

impl Extend<Digest> for Frontier {
    fn extend<T: IntoIterator<Item = Digest>>(&mut self, leaves: T) {
        for leaf in leaves {
            self.push(leaf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_hash;

    /// RFC 9162 §2.1.1, written as its definition says.
    fn naive(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let split = 1 << (usize::BITS - 1 - (leaves.len() - 1).leading_zeros());
                node_hash(&naive(&leaves[..split]), &naive(&leaves[split..]))
            }
        }
    }

    // spec: EVIDENCE-50
    #[test]
    fn every_size_has_the_root_of_the_recursive_definition() {
        let leaves: Vec<Digest> = (0..300u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let mut frontier = Frontier::new();
        assert_eq!(frontier.root(), naive(&[]));
        for (at, leaf) in leaves.iter().enumerate() {
            frontier.push(*leaf);
            assert_eq!(frontier.root(), naive(&leaves[..=at]), "size {}", at + 1);
        }
        assert_eq!(frontier.size(), 300);
    }

    #[test]
    fn what_was_kept_goes_on_and_what_does_not_fit_is_refused() {
        let leaves: Vec<Digest> = (0..40u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        for size in 0..leaves.len() {
            let mut first = Frontier::new();
            first.extend(leaves[..size].iter().copied());
            let kept = first.subtrees().to_vec();
            let mut second = Frontier::of_kept(first.size(), kept.clone()).unwrap();
            second.extend(leaves[size..].iter().copied());
            assert_eq!(second.root(), naive(&leaves));
            let mut wrong = kept;
            wrong.push(leaves[0]);
            assert_eq!(Frontier::of_kept(first.size(), wrong), None);
        }
    }

    /// The inputs and roots that implementations of RFC 6962 exchange as test vectors.
    #[test]
    fn agrees_with_the_known_rfc_6962_vectors() {
        let entries = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut frontier = Frontier::new();
        assert_eq!(frontier.root().hex(), roots[0]);
        for (entry, root) in entries.iter().zip(&roots[1..]) {
            let digits: Vec<u8> = entry
                .chars()
                .map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap())
                .collect();
            let bytes: Vec<u8> = digits
                .chunks(2)
                .map(|pair| pair[0] * 16 + pair[1])
                .collect();
            frontier.push(leaf_hash(&bytes));
            assert_eq!(&frontier.root().hex(), root);
        }
    }
}
