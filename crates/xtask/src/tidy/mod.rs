//! `cargo xtask tidy`: what the compiler and clippy cannot hold, one check per file. Each check is a
//! pure function over the tree's paths and texts, so its tests need no repository.

mod codes;
mod dependencies;
mod direction;
mod edges;
mod headers;
mod leftovers;
mod links;
mod machine;
mod problem;
mod run;
mod sizes;
mod spec;
mod text;
mod tree;
mod words;

pub(crate) use run::run;
