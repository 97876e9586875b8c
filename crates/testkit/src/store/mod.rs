//! The engine's ports in memory.

mod memory;
mod transitions;

pub use memory::MemoryStore;
pub use transitions::{job, plain, stream};
