//! What is measured of the held-out weeks, in a replication as in the log.

use rayon::prelude::*;

use super::network::{Network, Waited};
use crate::chance::Chance;
use crate::events::run;
use crate::fit::{Fitted, Spread};
use crate::history::History;
use crate::scenario::Plan;

/// What to measure.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Seed of all chance.
    pub seed: u64,
    /// How many times the weeks are played.
    pub replications: u32,
    /// Edges to measure, as sender and receiver.
    pub edges: Vec<(u32, u32)>,
    /// Deadlines to count late waits by: for each set, seconds per team.
    pub deadlines: Vec<Vec<Option<i64>>>,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Waits of all handovers.
    pub all: Spread,
    /// Waits by receiver.
    pub teams: Vec<Spread>,
    /// Waits by edge, as they were asked for.
    pub edges: Vec<Spread>,
    /// Times from arrival to end of the cases that ended.
    pub lead: Spread,
    /// Cases in the network at the end.
    pub open: i64,
    /// For each set of deadlines: waits that were late, and waits with a deadline.
    pub late: Vec<(u64, u64)>,
    /// Handovers that were still waiting a year later.
    pub unfinished: u64,
    /// Events of the replication.
    pub events: u64,
    /// Whether a limit ended the replication, or a case in it.
    pub is_cut: bool,
}

/// Plays the held-out weeks, once per replication; the outcomes are in the order of their numbers.
pub fn replicate(fitted: &Fitted, plan: Option<&Plan>, asked: &Asked) -> Vec<Outcome> {
    let stations = Network::stations(fitted, plan);
    let replication = |number| {
        let mut network = Network::new(fitted, plan, Chance::new(asked.seed, number));
        let totals = run(&stations, &mut network);
        let measured = Measured {
            waits: network.waits,
            leads: network.leads,
            open: network.open,
        };
        Outcome {
            unfinished: network.untouched,
            events: totals.events,
            is_cut: totals.is_cut || network.cut_cases > 0,
            ..measured.outcome(fitted.seen.len(), asked)
        }
    };
    let numbers = (0..asked.replications).into_par_iter();
    numbers.map(replication).collect()
}

/// Returns what happened in the held-out weeks.
pub fn happened(history: &History, fitted: &Fitted, asked: &Asked) -> Outcome {
    let held_out = fitted.split.held_out;
    let end = held_out.end_second();
    let mut measured = Measured {
        waits: Vec::new(),
        leads: Vec::new(),
        open: 0,
    };
    for case in history.visits.chunk_by(|one, other| one.case == other.case) {
        for visit in case.iter().filter(|visit| held_out.holds(visit.start)) {
            if let (Some(from), Some(wait)) = (visit.from, visit.wait()) {
                measured.waits.push(Waited {
                    to: visit.team,
                    from,
                    wait,
                });
            }
        }
        if let [first, ..] = case
            && let Some(last) = case.last()
        {
            if held_out.holds(last.end) {
                measured.leads.push(last.end - first.start);
            }
            measured.open += i64::from(first.start < end && last.end >= end);
        }
    }
    measured.outcome(history.teams.len(), asked)
}

/// What was seen, one by one.
struct Measured {
    waits: Vec<Waited>,
    leads: Vec<i64>,
    open: i64,
}

impl Measured {
    fn outcome(mut self, teams: usize, asked: &Asked) -> Outcome {
        let late = asked.deadlines.iter().map(|deadlines| self.late(deadlines));
        let late = late.collect();
        self.waits.sort_unstable();
        let mut outcome = Outcome {
            teams: vec![Spread::default(); teams],
            edges: vec![Spread::default(); asked.edges.len()],
            lead: Spread::of(self.leads),
            open: self.open,
            late,
            ..Outcome::default()
        };
        let mut waits = Vec::with_capacity(self.waits.len());
        for team in self.waits.chunk_by(|one, other| one.to == other.to) {
            let begin = waits.len();
            for edge in team.chunk_by(|one, other| one.from == other.from) {
                let sorted: Vec<i64> = edge.iter().map(|waited| waited.wait).collect();
                let is_edge = |ends: &(u32, u32)| {
                    edge.first()
                        .is_some_and(|first| *ends == (first.from, first.to))
                };
                let place = asked.edges.iter().position(is_edge);
                if let Some(slot) = place.and_then(|place| outcome.edges.get_mut(place)) {
                    *slot = Spread::of_sorted(&sorted);
                }
                waits.extend(sorted);
            }
            let place = team
                .first()
                .and_then(|first| usize::try_from(first.to).ok());
            if let Some(slot) = place.and_then(|place| outcome.teams.get_mut(place)) {
                *slot = Spread::of(waits.get(begin..).unwrap_or_default().to_vec());
            }
        }
        outcome.all = Spread::of(waits);
        outcome
    }

    fn late(&self, deadlines: &[Option<i64>]) -> (u64, u64) {
        let (mut late, mut all) = (0, 0);
        for waited in &self.waits {
            let team = usize::try_from(waited.to).ok();
            let deadline = team.and_then(|team| deadlines.get(team).copied().flatten());
            if let Some(deadline) = deadline {
                all += 1;
                late += u64::from(waited.wait > deadline);
            }
        }
        (late, all)
    }
}
