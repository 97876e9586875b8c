//! The handovers of an event log as packages to hold against versions, with how their cases ended.

use std::collections::BTreeMap;

use baton_eventlog::blameless::{CASES_MIN, Groups, SMALL_GROUPS};
use baton_eventlog::cases::Outcomes;
use baton_eventlog::mapping::Mapping;
use baton_eventlog::model::{Code, Log};
use baton_report::backtest::Source;
use baton_scoring::evidence::Artifact;
use baton_scoring::facts::{Context, History};
use baton_scoring::waivers::Waivers;
use baton_terms::Diagnostic;

use super::packages::{Given, Later, Packages, Subject};
use crate::past::Past;

const NO_OUTCOME: &str = "no outcome was asked for";
const UNKNOWN: &str = "the outcome of the case is unknown or not decided";
const FAILED_BEFORE: &str = "the case had failed by the handover";
const OVER: &str = "the case was over at the handover";

/// The handovers of a log.
pub struct OfLog<'l> {
    past: &'l Past<'l>,
    subjects: Vec<Subject>,
    teams: Vec<String>,
    artifacts: BTreeMap<String, Artifact>,
    waivers: Waivers,
    history: History,
}

impl<'l> OfLog<'l> {
    /// Returns the handovers of a log with how their cases ended, where an outcome is asked for.
    ///
    /// # Errors
    /// With all problems of the outcome's expressions.
    pub fn new(
        past: &'l Past<'l>,
        (log, mapping): (&Log, &Mapping),
        outcome: Option<&baton_eventlog::cases::Outcome>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (teams, team) = named_teams(past, (log, mapping));
        let laters = match outcome {
            None => vec![Later::Unknown(NO_OUTCOME); past.handovers().len()],
            Some(outcome) => laters(past, log, Outcomes::compile(log, outcome)?),
        };
        let handovers = past.handovers().iter().zip(laters);
        let subjects = handovers.map(|(handover, later)| Subject {
            case: handover.case,
            at: handover.at,
            team: team(handover.from),
            later,
        });
        Ok(Self {
            past,
            subjects: subjects.collect(),
            teams,
            artifacts: BTreeMap::new(),
            waivers: Waivers::default(),
            history: History::default(),
        })
    }
}

/// Returns the names of sending teams, and which place among them the team of a code has. Groups that the log
/// is too small for share a name, and so do those that hand over too few packages, with the next one
/// where they would be too few together.
fn named_teams(
    past: &Past<'_>,
    (log, mapping): (&Log, &Mapping),
) -> (Vec<String>, impl Fn(Code) -> usize) {
    let groups = Groups::of(log, log.party(), mapping.people);
    let mut packages: BTreeMap<Code, u64> = BTreeMap::new();
    for handover in past.handovers() {
        *packages.entry(groups.shown(handover.from)).or_default() += 1;
    }
    let small = groups.dictionary.code(SMALL_GROUPS);
    let is_folded = |(code, count): &(Code, u64)| Some(*code) == small || *count < CASES_MIN;
    let (mut folded, mut named): (Vec<_>, Vec<_>) = packages.into_iter().partition(is_folded);
    named.sort_by_key(|(code, count)| (*count, *code));
    let behind: u64 = folded.iter().map(|(_, count)| count).sum();
    if !folded.is_empty() && behind < CASES_MIN && !named.is_empty() {
        folded.push(named.remove(0));
    }
    let name = |code: &Code| groups.dictionary.text(*code).map(str::to_owned);
    let mut teams: Vec<(String, Code)> = named
        .iter()
        .filter_map(|(code, _)| Some((name(code)?, *code)))
        .collect();
    teams.sort();
    let places: BTreeMap<Code, usize> = teams
        .iter()
        .enumerate()
        .map(|(place, (_, code))| (*code, place))
        .collect();
    let mut shown: Vec<String> = teams.into_iter().map(|(name, _)| name).collect();
    let other = shown.len();
    if !folded.is_empty() {
        shown.push(SMALL_GROUPS.to_owned());
    }
    let place = move |code: Code| places.get(&groups.shown(code)).copied().unwrap_or(other);
    (shown, place)
}

/// Returns how the case of each handover ended, as far as it counts for it.
///
/// A case that had failed by the handover says nothing of it, nor one that was over then. An outcome
/// that already holds at a handover is a failure that has happened only if it stays: where a single
/// case recovers, it proves nothing, as with the landmarks of the miner.
fn laters(past: &Past<'_>, log: &Log, mut outcomes: Outcomes<'_>) -> Vec<Later> {
    let mut is_told = outcomes.follows_events();
    let mut found = Vec::with_capacity(past.handovers().len());
    let mut ended: Option<(usize, Option<bool>)> = None;
    for handover in past.handovers() {
        let events = log.events_of(handover.case);
        let failed = match ended {
            Some((case, failed)) if case == handover.case => failed,
            _ => {
                let verdict = outcomes.verdict(handover.case, events.clone());
                verdict.failed.filter(|_| verdict.decided == Some(true))
            }
        };
        ended = Some((handover.case, failed));
        let is_last = handover.event.saturating_add(1) >= events.end;
        let so_far = events.start..handover.event.saturating_add(1);
        let holds =
            is_told && !is_last && outcomes.verdict(handover.case, so_far).failed == Some(true);
        if holds && failed == Some(false) {
            is_told = false;
        }
        found.push((failed, is_last, holds));
    }
    let later = |(failed, is_last, holds): (Option<bool>, bool, bool)| match failed {
        None => Later::Unknown(UNKNOWN),
        Some(_) if is_last => Later::Unknown(OVER),
        Some(_) if holds && is_told => Later::Unknown(FAILED_BEFORE),
        Some(true) => Later::Failed,
        Some(false) => Later::Fine,
    };
    found.into_iter().map(later).collect()
}

impl Packages for OfLog<'_> {
    fn source(&self) -> Source {
        Source::Log
    }

    fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    fn teams(&self) -> &[String] {
        &self.teams
    }

    fn work_item(&self, place: usize) -> String {
        let handover = self.past.handovers().get(place);
        handover.map_or_else(String::new, |handover| self.past.work_item(handover))
    }

    fn read(&self, place: usize, take: &mut dyn FnMut(Result<Given<'_>, &str>)) {
        let Some(handover) = self.past.handovers().get(place) else {
            return take(Err("it is not there"));
        };
        match self.past.package(handover) {
            Ok(package) => take(Ok(Given {
                package: &package,
                artifacts: &self.artifacts,
                waivers: &self.waivers,
                history: &self.history,
                context: &Context::at(handover.at),
            })),
            Err(problems) => {
                let first = problems.first();
                let reason = first.map_or_else(String::new, |problem| {
                    format!("{} at {}", problem.message, problem.place.pointer)
                });
                take(Err(&reason));
            }
        }
    }
}
