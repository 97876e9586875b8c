//! What a tour tells.

use baton_eventlog::handover::Map;
use baton_rootcause::wire::MiningReport;

use crate::backtest::Backtest;
use crate::proposals::Proposals;

/// Whose work a tour is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A made-up organization, drawn from this seed.
    MadeUp {
        /// The seed.
        seed: u64,
    },
    /// A log that the user gave.
    Given {
        /// Its name, without its folder.
        name: String,
    },
}

/// A tour, in the order it is told.
#[derive(Debug, Clone)]
pub struct Tour<'t> {
    /// Whose work it is.
    pub origin: Origin,
    /// Who hands over to whom.
    pub map: &'t Map,
    /// Why work fails.
    pub mined: &'t MiningReport,
    /// What a contract could ask for.
    pub proposals: &'t Proposals,
    /// The clause that was taken, when one was proposed.
    pub tried: Option<Idea<'t>>,
    /// Versions that were rolled out in simulated time; none on a log that somebody gave.
    pub trials: &'t [Trial],
    /// What an outsider can verify.
    pub proof: Option<&'t Proof>,
    /// What was written, each a file beside the page.
    pub files: &'t [File],
    /// Commands that do each step again, as one types them.
    pub commands: &'t [String],
}

/// A clause and what it would have done.
#[derive(Debug, Clone, Copy)]
pub struct Idea<'t> {
    /// Its id.
    pub clause: &'t str,
    /// The past under the version with it.
    pub backtest: &'t Backtest,
}

/// A version that was rolled out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// What it asks for, in a few words.
    pub title: String,
    /// Where the idea comes from.
    pub idea: String,
    /// How senders answer it in the simulation.
    pub behavior: String,
    /// The version.
    pub version: String,
    /// Whether it was promoted.
    pub is_promoted: bool,
    /// The most of 100 buckets that it ever judged.
    pub widest: u32,
    /// Handoffs that were opened.
    pub handoffs: u64,
    /// What was decided, in order.
    pub turns: Vec<Turn>,
    /// How the versions compare when it ended.
    pub readings: Vec<Reading>,
}

/// One decision of a rollout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// When, in simulated time.
    pub at: String,
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

/// One metric under both versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The metric.
    pub metric: String,
    /// Handoffs under the stable version, and their share in basis points.
    pub stable: (u64, Option<i64>),
    /// The same under the new version.
    pub canary: (u64, Option<i64>),
}

/// What was proved offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The bundle's file.
    pub file: String,
    /// What the verification says, a line each.
    pub lines: Vec<String>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path, relative to the page.
    pub path: String,
    /// What it is.
    pub what: String,
}
