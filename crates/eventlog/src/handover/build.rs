//! Counting a log into a map, in one pass over its events.

use hashbrown::HashMap;

use super::map::{Count, Edge, FORMAT, Folded, Map, Outcome, Party, Split, Totals, Waiting};
use super::seam::{Seam, seams_into};
use crate::blameless::{CASES_MIN, Groups, PEOPLE_MIN, People, place};
use crate::model::{Code, Log};

/// How the cases of a log ended.
#[derive(Debug, Clone, Copy)]
pub struct Failures<'f> {
    /// Name of the outcome.
    pub name: &'f str,
    /// Whether each case of the log failed; `None` where that is unknown.
    pub failed: &'f [Option<bool>],
}

const MICROSECONDS: i64 = 1_000_000;

/// Returns the handover map of a log.
pub fn build(log: &Log, people: People, failures: Option<Failures<'_>>) -> Map {
    let groups = Groups::of(log, log.party(), people);
    let mut counting = Counting::new(log, &groups, failures.map(|failures| failures.failed));
    for case in 0..log.cases() {
        counting.case(case);
    }
    counting.finish(failures.map(|failures| failures.name))
}

/// What is counted for one edge.
#[derive(Debug, Default)]
struct EdgeCounts {
    handovers: u64,
    cases: Distinct,
    returned: u64,
    passed_on: u64,
    without_person: u64,
    waiting: Vec<i64>,
}

/// What is counted for one party.
#[derive(Debug, Default)]
struct PartyCounts {
    held: Distinct,
    left: Distinct,
    received: u64,
    sent: u64,
    gave_back: u64,
}

/// Distinct cases, fed one case after the other.
#[derive(Debug, Default)]
struct Distinct {
    last: Option<usize>,
    all: u64,
    known: Count,
}

impl Distinct {
    fn see(&mut self, case: usize, failed: Option<bool>) {
        if self.last == Some(case) {
            return;
        }
        self.last = Some(case);
        self.all += 1;
        self.known.see(failed);
    }
}

impl Count {
    fn see(&mut self, failed: Option<bool>) {
        if let Some(failed) = failed {
            self.cases += 1;
            self.failures += u64::from(failed);
        }
    }

    fn less(self, other: Self) -> Self {
        Self {
            cases: self.cases.saturating_sub(other.cases),
            failures: self.failures.saturating_sub(other.failures),
        }
    }
}

struct Counting<'l> {
    log: &'l Log,
    groups: &'l Groups,
    failed: Option<&'l [Option<bool>]>,
    names_persons: bool,
    totals: Totals,
    all: Count,
    without_person: Split,
    edges: HashMap<(Code, Code), EdgeCounts>,
    parties: Vec<PartyCounts>,
    seams: Vec<Seam>,
}

impl<'l> Counting<'l> {
    fn new(log: &'l Log, groups: &'l Groups, failed: Option<&'l [Option<bool>]>) -> Self {
        let mut parties = Vec::new();
        parties.resize_with(groups.dictionary.len(), PartyCounts::default);
        Self {
            log,
            groups,
            failed,
            names_persons: !log.person().dictionary.is_empty(),
            totals: Totals {
                cases: count(log.cases()),
                events: count(log.events()),
                handed_over_cases: 0,
                handovers: 0,
                after_gap: 0,
                ping_pong_cases: 0,
                without_person: None,
            },
            all: Count::default(),
            without_person: Split::default(),
            edges: HashMap::new(),
            parties,
            seams: Vec::new(),
        }
    }

    fn case(&mut self, case: usize) {
        let failed = self
            .failed
            .and_then(|failed| failed.get(case).copied())
            .flatten();
        self.all.see(failed);
        let events = self.log.events_of(case);
        for event in events.clone() {
            if let Some(code) = self.log.party().code(event)
                && let Some(party) = self.parties.get_mut(place(self.groups.shown(code)))
            {
                party.held.see(case, failed);
            }
        }
        let mut seams = std::mem::take(&mut self.seams);
        seams_into(self.log, events.clone(), &mut seams);
        self.totals.ping_pong_cases += u64::from(seams.iter().any(|seam| seam.is_return));
        let (mut handed_over, mut nameless) = (false, false);
        for (at, seam) in seams.iter().enumerate() {
            if !seam.is_direct {
                self.totals.after_gap += 1;
                continue;
            }
            handed_over = true;
            let names_person = self.log.person().code(seam.event).is_some();
            nameless |= !names_person;
            let counts = self.seam((case, failed), seam, seams.get(at + 1));
            counts.without_person += u64::from(!names_person);
            let next = seam.event + 1;
            if next < events.end
                && let [from, to, ..] = self.log.times().get(seam.event..).unwrap_or_default()
                && let Some(counts) = self.edges.get_mut(&self.ends(seam))
            {
                // A clock that was set back says nothing about a wait.
                counts
                    .waiting
                    .extend((to >= from).then(|| (to - from).div_euclid(MICROSECONDS)));
            }
        }
        self.seams = seams;
        if handed_over {
            self.totals.handed_over_cases += 1;
            if nameless {
                self.without_person.with.see(failed);
            } else {
                self.without_person.without.see(failed);
            }
        }
    }

    fn ends(&self, seam: &Seam) -> (Code, Code) {
        (self.groups.shown(seam.from), self.groups.shown(seam.to))
    }

    /// Counts one handover and what became of it.
    fn seam(
        &mut self,
        (case, failed): (usize, Option<bool>),
        seam: &Seam,
        next: Option<&Seam>,
    ) -> &mut EdgeCounts {
        let (from, to) = self.ends(seam);
        let returned = next.is_some_and(|next| next.is_return);
        self.totals.handovers += 1;
        if let Some(sender) = self.parties.get_mut(place(from)) {
            sender.sent += 1;
            sender.left.see(case, failed);
        }
        if let Some(receiver) = self.parties.get_mut(place(to)) {
            receiver.received += 1;
            receiver.gave_back += u64::from(returned);
        }
        let edge = self.edges.entry((from, to)).or_default();
        edge.handovers += 1;
        edge.cases.see(case, failed);
        edge.returned += u64::from(returned);
        edge.passed_on += u64::from(next.is_some() && !returned);
        edge
    }

    fn finish(mut self, outcome: Option<&str>) -> Map {
        let mut edges: Vec<_> = std::mem::take(&mut self.edges).into_iter().collect();
        edges.sort_unstable_by(|(a, one), (b, other)| {
            other.handovers.cmp(&one.handovers).then(a.cmp(b))
        });
        let nameless = edges.iter().map(|(_, edge)| edge.without_person).sum();
        self.totals.without_person = self.names_persons.then_some(nameless);
        let edges = edges
            .into_iter()
            .map(|(ends, counts)| self.edge(ends, counts))
            .collect();
        let parties = self.groups.dictionary.texts().zip(&self.parties);
        Map {
            format: FORMAT.to_owned(),
            totals: self.totals,
            outcome: outcome.map(|name| Outcome {
                name: name.to_owned(),
                all: self.all,
                without_person: self.names_persons.then_some(self.without_person),
            }),
            parties: parties
                .map(|(name, counts)| Party {
                    name: name.to_owned(),
                    cases: counts.held.all,
                    received: counts.received,
                    sent: counts.sent,
                    gave_back: counts.gave_back,
                })
                .collect(),
            edges,
            folded: Folded {
                parties: self.groups.folded,
                people_min: PEOPLE_MIN,
                cases_min: CASES_MIN,
            },
        }
    }

    fn edge(&self, (from, to): (Code, Code), mut counts: EdgeCounts) -> Edge {
        let name = |code| {
            let name = self.groups.dictionary.text(code);
            name.unwrap_or_default().to_owned()
        };
        let left = self.parties.get(place(from)).map(|party| party.left.known);
        counts.waiting.sort_unstable();
        Edge {
            from: name(from),
            to: name(to),
            handovers: counts.handovers,
            cases: counts.cases.all,
            returned: counts.returned,
            passed_on: counts.passed_on,
            without_person: self.names_persons.then_some(counts.without_person),
            waiting: Waiting {
                known: count(counts.waiting.len()),
                median_seconds: nearest_rank(&counts.waiting, 50),
                p90_seconds: nearest_rank(&counts.waiting, 90),
            },
            failures: self.failed.map(|_| Split {
                with: counts.cases.known,
                without: left.unwrap_or_default().less(counts.cases.known),
            }),
        }
    }
}

/// Returns the value that `percent` of the sorted values don't exceed, by nearest rank.
fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
