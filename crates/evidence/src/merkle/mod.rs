//! The Merkle hash tree of a trace: RFC 6962 §2.1 and RFC 9162 §2.1.
//!
//! Leaves are hashed as `SHA-256(0x00 || entry)` and nodes as `SHA-256(0x01 || left || right)`, so
//! that no leaf can pass for a node. A tree is never stored: [`Frontier`] keeps the roots of its
//! complete subtrees, at most one per bit of its size.

mod frontier;
mod hash;
mod proof;

pub use frontier::Frontier;
pub use hash::{empty_root, leaf_hash, node_hash};
pub use proof::{
    Consistency, Inclusion, consistency_proof, inclusion_proof, root, verify_consistency,
    verify_inclusion,
};
