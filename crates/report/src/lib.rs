//! What Baton tells its readers: plain-data models and their renderings.
//!
//! A rendering is a pure function of a model; colors, width and where it is written are the caller's.
//!
//! Invariants:
//! - no I/O, clock, environment, randomness or async runtime;
//! - nothing from a contract or package reaches a terminal, page or file unescaped;
//! - no external request from any page;
//! - what is unknown, open or unchecked is never drawn as passed.

pub mod backtest;
pub mod compare;
pub mod compose;
pub mod diff;
mod draw;
pub mod handover;
pub mod import;
mod junit;
pub mod lint;
pub mod localise;
mod markdown;
pub mod mining;
pub mod mission;
pub mod outcomes;
mod page;
mod place;
mod plain;
pub mod proposals;
pub mod sarif;
pub mod scorecard;
pub mod simulation;
pub mod spreadsheet;
pub mod tests;
pub mod tour;
pub mod tuning;
pub mod verify;
mod words;

pub use lint::Appearance;
pub use plain::plain;
