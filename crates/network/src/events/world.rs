//! What the engine moves, and what it asks about it.

use crate::chance::Source;

/// A place where cases wait and are worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Station {
    /// Cases in work at once; `None` for as many as come.
    pub servers: Option<u32>,
    /// Cases it holds at once, waiting or in work; more wait at its door. `None` for as many as come.
    pub room: Option<u32>,
    /// Whether it is a gate on the way to another station: a case keeps its time of handover there.
    pub is_gate: bool,
}

/// One case, as it is now.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Where it comes from.
    pub source: Source,
    /// Its number within the source.
    pub number: u32,
    /// Visits before this one.
    pub visit: u32,
    /// Station that handed it over; `None` for new work.
    pub from: Option<usize>,
    /// Where it is.
    pub station: usize,
    /// Where it goes once through a gate.
    pub target: usize,
    /// What the world keeps with a visit.
    pub tag: u32,
    /// When it was handed over, or arrived.
    pub since: i64,
    /// When it arrived first.
    pub arrived: i64,
}

/// A case that arrives.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// When it comes into the simulation.
    pub at: i64,
    /// The case.
    pub case: Case,
    /// For a case that was under way before: what is left of its stay.
    pub stay: Option<Stay>,
    /// How far it is.
    pub phase: Phase,
}

/// How far a case is at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It waits.
    Waiting,
    /// It is in work, and has its server.
    InWork,
    /// Work on it is done, and it rests.
    Resting,
}

/// How one station treats one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Whether anybody ever touches it here; else it goes on at once, and no wait is known.
    pub is_touched: bool,
    /// Time until work could begin, were a server free.
    pub delay: i64,
    /// Time in work, which takes a server unless a rest follows no work at all.
    pub work: i64,
    /// Time that it stays when work is done, without a server.
    pub rest: i64,
    /// What comes then.
    pub next: Next,
}

/// Where a case goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nowhere: it is done.
    Leave,
    /// To a station.
    Go {
        /// The station.
        station: usize,
        /// What the world keeps with the visit.
        tag: u32,
        /// A gate before it.
        through: Option<usize>,
    },
}

/// What the engine is told by, and tells.
pub trait World {
    /// Returns the next arrival; arrivals come in the order of their times.
    fn next_arrival(&mut self) -> Option<Arrival>;
    /// Returns how the case is treated where it is.
    fn stay(&mut self, case: &Case, now: i64) -> Stay;
    /// Work on the case begins.
    fn started(&mut self, case: &Case, now: i64);
    /// The case was passed on without being touched.
    fn untouched(&mut self, case: &Case);
    /// The case was handed to where it is now.
    fn handed_over(&mut self, case: &Case);
    /// The case is done.
    fn left(&mut self, case: &Case, now: i64);
    /// Returns whether everything of interest has happened.
    fn is_over(&self, now: i64) -> bool;
}
