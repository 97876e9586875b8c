//! The engine's ports in memory, and a store that fails.

mod faulty;
mod memory;
mod transitions;

pub use faulty::{ByChance, ByCount, Fault, Faults, FaultyStore, NoFaults, Operation};
pub use memory::MemoryStore;
pub use transitions::{job, plain, stream};
