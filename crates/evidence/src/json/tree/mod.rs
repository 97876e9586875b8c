//! A document in four flat pools instead of a tree of allocations: reading fills them, and every
//! look at a value borrows from them. Packages, the hot path of every check, are kept like this.
//!
//! Items of a list and entries of a map stand side by side, entries in the order of their keys'
//! bytes, so that an item is found by its index and an entry by binary search.

mod build;
mod compare;
mod make;
mod pools;
mod view;

pub use make::Fields;
pub use pools::Tree;
pub use view::{Entries, Items, Kind, View};

#[cfg(test)]
mod tests;
