//! Missions on files in memory, driven through stores and nodes that fail wherever they can.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests stop at the first surprise"
)]

mod nodes;
mod runs;
mod world;
