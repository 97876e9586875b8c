//! Chains of contracts: what one hands over must be what the next accepts.

mod chain;
pub mod containment;
mod evidence;

pub use chain::{About, Answer, Check, Link, Member, answer, compose};

#[cfg(test)]
mod tests;
