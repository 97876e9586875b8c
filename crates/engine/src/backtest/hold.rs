//! Packages against two versions, in blocks of whole cases. A block is the same whoever works on it,
//! so the number of threads reaches no byte.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use baton_report::backtest::{Effort, Flip, Verdict};
use baton_report::mission::ClauseCounts;
use baton_scoring::CheckedContract;
use baton_scoring::wire::FindingState;
use baton_terms::Digest;
use rayon::prelude::*;

use super::packages::{BLOCK, Given, How, Later, Packages, Subject, assessed, blocks};
use super::tally::{CaseEnd, Counts, Sides, Sight};

/// Reasons kept of packages that cannot be read.
const REASONS_MAX: usize = 5;

/// What packages are held against.
pub(super) struct Versions<'v> {
    pub(super) before: &'v CheckedContract,
    pub(super) after: &'v CheckedContract,
    /// Ids of the clauses of both, with their places in either.
    pub(super) clauses: Vec<Pair>,
    /// How packages are checked.
    pub(super) check: How<'v>,
    /// Flips kept.
    pub(super) flips: usize,
}

/// One clause of either version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) id: String,
    pub(super) before: Option<usize>,
    pub(super) after: Option<usize>,
}

/// What was counted of one clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ClauseTally {
    pub(super) before: ClauseCounts,
    pub(super) after: ClauseCounts,
    pub(super) waived: u64,
    pub(super) sides: Sides,
}

/// What was counted of one team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TeamTally {
    pub(super) packages: u64,
    pub(super) worse: u64,
    pub(super) better: u64,
    pub(super) asked_more: Counts,
    pub(super) effort: i64,
}

/// What was counted over a stretch of packages.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) cases: Counts,
    pub(super) unreadable: u64,
    pub(super) reasons: Vec<String>,
    pub(super) left_out: BTreeMap<&'static str, u64>,
    /// By pair of verdicts: packages, those of failed cases, those of fine ones.
    pub(super) verdicts: BTreeMap<(Verdict, Verdict), (u64, u64, u64)>,
    pub(super) flagged: Sides,
    pub(super) held_up: Sides,
    pub(super) critical: Sides,
    pub(super) clauses: Vec<ClauseTally>,
    pub(super) teams: BTreeMap<usize, TeamTally>,
    pub(super) effort: Effort,
    pub(super) flips: Vec<Flip>,
    pub(super) flips_in_all: u64,
    pub(super) digests: Vec<Digest>,
}

/// Holds all packages against both versions.
pub(super) fn hold(packages: &dyn Packages, versions: &Versions<'_>) -> Counted {
    let blocks = blocks(packages.subjects());
    let parts: Vec<Counted> = blocks
        .into_par_iter()
        .map(|block| Block::new(packages, versions).run(block))
        .collect();
    let mut all = Counted::of(versions);
    for part in parts {
        all.add(part);
    }
    all.keep(versions.flips);
    all
}

/// What one version says of one package.
#[derive(Debug, Default)]
struct Said {
    verdict: Option<Verdict>,
    score: Option<u64>,
    risk: u64,
    states: Vec<FindingState>,
}

impl Said {
    fn verdict(&self) -> Verdict {
        self.verdict.unwrap_or(Verdict::Unreadable)
    }

    fn state(&self, place: Option<usize>) -> Option<FindingState> {
        self.states.get(place?).copied()
    }

    fn is_unmet(&self, place: Option<usize>) -> bool {
        self.state(place).is_some_and(FindingState::is_unmet)
    }

    fn effort(&self, contract: &CheckedContract) -> u64 {
        let unmet = contract.clauses().zip(&self.states);
        let unmet = unmet.filter(|(_, state)| state.is_unmet());
        unmet.map(|(clause, _)| u64::from(clause.effort)).sum()
    }

    fn write(&self, line: &mut String) {
        let score = self
            .score
            .map_or(-1, |score| i64::try_from(score).unwrap_or(i64::MAX));
        // Writing to a String can't fail.
        let _ = write!(line, " {} {score} {} ", self.verdict().word(), self.risk);
        line.extend(self.states.iter().map(|state| match state {
            FindingState::Passed => 'p',
            FindingState::Waived => 'w',
            FindingState::Failed => 'f',
            FindingState::Unknown => 'u',
            FindingState::Pending => 'n',
            FindingState::NotApplicable => '-',
        }));
    }
}

/// What both versions say of one package.
#[derive(Debug, Default)]
struct Both {
    before: Said,
    after: Said,
}

impl Both {
    /// Returns which of the two does not find a clause met.
    fn sight(&self, pair: &Pair) -> Sight {
        Sight::of((
            self.before.is_unmet(pair.before),
            self.after.is_unmet(pair.after),
        ))
    }
}

/// What was seen of the case that is being read.
#[derive(Default)]
struct Seen {
    case: Option<usize>,
    failed: Option<bool>,
    counted: usize,
    any: bool,
    flagged: Sight,
    held_up: Sight,
    critical: Sight,
    clauses: Vec<Sight>,
    teams: Vec<usize>,
}

struct Block<'b, 'v> {
    packages: &'b dyn Packages,
    versions: &'b Versions<'v>,
    held: Counted,
    lines: String,
    seen: Seen,
}

impl<'b, 'v> Block<'b, 'v> {
    fn new(packages: &'b dyn Packages, versions: &'b Versions<'v>) -> Self {
        Self {
            packages,
            versions,
            held: Counted::of(versions),
            lines: String::new(),
            seen: Seen::default(),
        }
    }

    fn run(mut self, places: Range<usize>) -> Counted {
        let subjects = self.packages.subjects().get(places.clone());
        for (place, subject) in places.zip(subjects.unwrap_or_default()) {
            if self.seen.case != Some(subject.case) {
                self.close();
                self.seen.case = Some(subject.case);
            }
            self.package(place, subject);
        }
        self.close();
        self.held.digests = vec![Digest::of(self.lines.as_bytes())];
        self.held.keep(self.versions.flips);
        self.held
    }

    fn package(&mut self, place: usize, subject: &Subject) {
        let mut said = Both::default();
        let (versions, packages) = (self.versions, self.packages);
        let mut digest = None;
        let mut reason = None;
        packages.read(place, &mut |given| match given {
            Ok(given) => {
                digest = Some(given.package.digest());
                said = Both {
                    before: judge(versions, versions.before, given),
                    after: judge(versions, versions.after, given),
                };
            }
            Err(why) => reason = Some(why.to_owned()),
        });
        if let Some(reason) = reason {
            self.held.unreadable += 1;
            if self.held.reasons.len() < REASONS_MAX && !self.held.reasons.contains(&reason) {
                self.held.reasons.push(reason);
            }
        }
        let item = packages.work_item(place);
        let digest = digest.map_or_else(|| "-".to_owned(), |digest: Digest| digest.to_string());
        // Writing to a String can't fail.
        let _ = write!(self.lines, "{item} {digest}");
        said.before.write(&mut self.lines);
        said.after.write(&mut self.lines);
        self.lines.push('\n');
        self.count(subject, &said, item);
    }

    fn count(&mut self, subject: &Subject, said: &Both, item: String) {
        let (before, after) = (said.before.verdict(), said.after.verdict());
        let cell = self.held.verdicts.entry((before, after)).or_default();
        cell.0 += 1;
        match subject.later {
            Later::Failed => cell.1 += 1,
            Later::Fine => cell.2 += 1,
            Later::Unknown(reason) => *self.held.left_out.entry(reason).or_default() += 1,
        }
        self.held.cases.packages += 1;
        let held_up = Sight::of((before.holds_up(), after.holds_up()));
        let is_critical = |verdict: Verdict| verdict >= Verdict::Critical;
        let critical = Sight::of((is_critical(before), is_critical(after)));
        let (flagged, moved) = self.clauses(said);
        self.held.flagged.package(flagged);
        self.held.held_up.package(held_up);
        self.held.critical.package(critical);
        let efforts = self.effort(said);
        let team = self.held.teams.entry(subject.team).or_default();
        team.packages += 1;
        team.worse += u64::from(after > before);
        team.better += u64::from(after < before);
        team.asked_more.packages += u64::from(flagged.is_gained());
        team.effort = team.effort.saturating_add(efforts);
        self.see(subject, (flagged, held_up, critical), said);
        if before != after || !moved.is_empty() {
            self.held.flips_in_all += 1;
            self.flip(subject, (before, after), (moved, item));
        }
    }

    /// Counts findings by clause, and returns what is flagged and which clauses moved.
    fn clauses(&mut self, said: &Both) -> (Sight, Vec<(usize, Sight)>) {
        let mut flagged = Sight::default();
        let mut moved = Vec::new();
        let pairs = self.versions.clauses.iter().zip(&mut self.held.clauses);
        for (place, (pair, tally)) in pairs.enumerate() {
            count(&mut tally.before, said.before.state(pair.before));
            count(&mut tally.after, said.after.state(pair.after));
            let is_waived = said.after.state(pair.after) == Some(FindingState::Waived);
            tally.waived += u64::from(is_waived);
            let sight = said.sight(pair);
            tally.sides.package(sight);
            flagged.join(sight);
            if sight.is_moved() {
                moved.push((place, sight));
            }
        }
        (flagged.without_both(), moved)
    }

    /// Counts the effort of mending, and returns by how much it grows.
    fn effort(&mut self, said: &Both) -> i64 {
        let before = said.before.effort(self.versions.before);
        let after = said.after.effort(self.versions.after);
        let effort = &mut self.held.effort;
        effort.before += before;
        effort.after += after;
        effort.packages_with_more += u64::from(after > before);
        let signed = |effort: u64| i64::try_from(effort).unwrap_or(i64::MAX);
        signed(after).saturating_sub(signed(before))
    }

    /// Adds a package to what is known of its case. Where the outcome is known, only packages that it
    /// counts for are seen.
    fn see(
        &mut self,
        subject: &Subject,
        (flagged, held_up, critical): (Sight, Sight, Sight),
        said: &Both,
    ) {
        let failed = match subject.later {
            Later::Failed => Some(true),
            Later::Fine => Some(false),
            Later::Unknown(_) => None,
        };
        let seen = &mut self.seen;
        if failed.is_none() && seen.failed.is_some() {
            return;
        }
        if failed.is_some() && seen.failed.is_none() {
            // What came before its outcome counts says nothing of it.
            *seen = Seen {
                case: seen.case,
                failed,
                ..Seen::default()
            };
        }
        seen.any = true;
        seen.counted += 1;
        seen.flagged.join(flagged);
        seen.held_up.join(held_up);
        seen.critical.join(critical);
        seen.clauses
            .resize(self.versions.clauses.len(), Sight::default());
        for (pair, sight) in self.versions.clauses.iter().zip(&mut seen.clauses) {
            sight.join(said.sight(pair));
        }
        if flagged.is_gained() && !seen.teams.contains(&subject.team) {
            seen.teams.push(subject.team);
        }
    }

    /// Counts the case that was read.
    fn close(&mut self) {
        let seen = std::mem::take(&mut self.seen);
        if !seen.any {
            return;
        }
        let end = CaseEnd::new(seen.failed, seen.counted);
        let held = &mut self.held;
        held.cases.case(end);
        held.flagged.case(seen.flagged.without_both(), end);
        held.held_up.case(seen.held_up.of_case(), end);
        held.critical.case(seen.critical.of_case(), end);
        for (sight, tally) in seen.clauses.iter().zip(&mut held.clauses) {
            tally.sides.case(sight.without_both(), end);
        }
        for team in seen.teams {
            held.teams.entry(team).or_default().asked_more.case(end);
        }
    }

    fn flip(
        &mut self,
        subject: &Subject,
        (before, after): (Verdict, Verdict),
        (moved, work_item): (Vec<(usize, Sight)>, String),
    ) {
        let clauses = &self.versions.clauses;
        let named = |is_it: fn(Sight) -> bool| {
            let moved = moved.iter().filter(|(_, sight)| is_it(*sight));
            let named = moved.filter_map(|(place, _)| clauses.get(*place));
            named.map(|pair| pair.id.clone()).collect()
        };
        self.held.flips.push(Flip {
            at: subject.at,
            team: self
                .packages
                .teams()
                .get(subject.team)
                .cloned()
                .unwrap_or_default(),
            before,
            after,
            newly_unmet: named(Sight::is_gained),
            no_longer_unmet: named(Sight::is_lost),
            failed: match subject.later {
                Later::Failed => Some(true),
                Later::Fine => Some(false),
                Later::Unknown(_) => None,
            },
            work_item,
        });
        if self.held.flips.len() > self.versions.flips.saturating_mul(4).max(BLOCK) {
            self.held.keep(self.versions.flips);
        }
    }
}

/// Returns what a version says of a package.
fn judge(versions: &Versions<'_>, contract: &CheckedContract, given: Given<'_>) -> Said {
    assessed(contract, given, versions.check, |assessment| Said {
        verdict: Some(assessment.posture.into()),
        score: assessment.score.map(baton_terms::BasisPoints::get),
        risk: assessment.risk.get(),
        states: assessment
            .findings
            .iter()
            .map(|finding| finding.state)
            .collect(),
    })
}

fn count(counts: &mut ClauseCounts, state: Option<FindingState>) {
    let Some(state) = state else {
        return;
    };
    let count = match state {
        FindingState::Passed | FindingState::Waived => &mut counts.met,
        FindingState::Failed => &mut counts.failed,
        FindingState::Unknown => &mut counts.unknown,
        FindingState::Pending | FindingState::NotApplicable => &mut counts.left_out,
    };
    *count += 1;
}

impl Counted {
    fn of(versions: &Versions<'_>) -> Self {
        Self {
            clauses: vec![ClauseTally::default(); versions.clauses.len()],
            ..Self::default()
        }
    }

    fn add(&mut self, more: Self) {
        self.cases.add(&more.cases);
        self.unreadable += more.unreadable;
        for reason in more.reasons {
            if self.reasons.len() < REASONS_MAX && !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
        for (reason, count) in more.left_out {
            *self.left_out.entry(reason).or_default() += count;
        }
        for (pair, (packages, failed, fine)) in more.verdicts {
            let cell = self.verdicts.entry(pair).or_default();
            *cell = (cell.0 + packages, cell.1 + failed, cell.2 + fine);
        }
        self.flagged.add(&more.flagged);
        self.held_up.add(&more.held_up);
        self.critical.add(&more.critical);
        for (tally, more) in self.clauses.iter_mut().zip(&more.clauses) {
            add(&mut tally.before, &more.before);
            add(&mut tally.after, &more.after);
            tally.waived += more.waived;
            tally.sides.add(&more.sides);
        }
        for (team, more) in more.teams {
            let tally = self.teams.entry(team).or_default();
            tally.packages += more.packages;
            tally.worse += more.worse;
            tally.better += more.better;
            tally.asked_more.add(&more.asked_more);
            tally.effort = tally.effort.saturating_add(more.effort);
        }
        self.effort.before += more.effort.before;
        self.effort.after += more.effort.after;
        self.effort.packages_with_more += more.effort.packages_with_more;
        self.flips.extend(more.flips);
        self.flips_in_all += more.flips_in_all;
        self.digests.extend(more.digests);
    }

    /// Keeps the flips that are looked at first: other verdicts before other findings, good work
    /// before failures, the latest first.
    fn keep(&mut self, most: usize) {
        let outcome = |flip: &Flip| match flip.failed {
            Some(false) => 0,
            Some(true) => 1,
            None => 2,
        };
        self.flips.sort_by(|one, other| {
            let key = |flip: &Flip| (flip.before == flip.after, outcome(flip));
            let by_kind = key(one).cmp(&key(other));
            by_kind
                .then_with(|| other.at.cmp(&one.at))
                .then_with(|| one.work_item.cmp(&other.work_item))
        });
        self.flips.truncate(most);
    }
}

fn add(counts: &mut ClauseCounts, more: &ClauseCounts) {
    counts.met += more.met;
    counts.failed += more.failed;
    counts.unknown += more.unknown;
    counts.left_out += more.left_out;
}
