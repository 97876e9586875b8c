//! Holds handoffs against a contract: one decision each, counted by clause and by seam. The counts do not
//! depend on the number of threads, and neither does the digest over all decisions.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use baton_eventlog::blameless::Groups;
use baton_eventlog::model::Code;
use baton_evidence::keys::Keyring;
use baton_report::mission::{ClauseCounts, ClauseLine, Counts, HandoffFindings, SeamLine};
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::Waivers;
use baton_scoring::wire::{FindingState, Posture};
use baton_scoring::{CheckedContract, Inputs, evidence};
use baton_terms::{Digest, Instant};

use super::inputs::{GivenLog, GivenPackage};
use crate::past::{Past, PastHandover};

/// Seams reported.
const SEAMS_MAX: usize = 10;
/// Reasons for refused handoffs reported.
const REASONS_MAX: usize = 5;

/// What a package is held against.
#[derive(Clone, Copy)]
pub(super) struct Bar<'a> {
    pub contract: &'a CheckedContract,
    pub keyring: &'a Keyring,
    /// Handoffs from then on count as now.
    pub compare_from: Option<Instant>,
}

impl Bar<'_> {
    fn is_now(&self, candidate: &Candidate<'_>) -> bool {
        self.compare_from.is_none_or(|from| candidate.at >= from)
    }
}

/// One handoff to be checked.
struct Candidate<'p> {
    work_item: String,
    at: Instant,
    seam: Option<(Code, Code)>,
    package: Result<&'p Package, &'p str>,
    artifacts: &'p BTreeMap<String, evidence::Artifact>,
}

/// Counts over a stretch of handoffs.
#[derive(Default)]
struct Tally {
    now: Counts,
    before: Counts,
    clauses: Vec<(ClauseCounts, ClauseCounts)>,
    seams: BTreeMap<(Code, Code), (u64, u64)>,
    refused: u64,
    reasons: Vec<String>,
    /// One line per decision, in order.
    decisions: String,
}

/// Checks every handover of a log on so many threads.
pub(super) fn check_log(
    bar: Bar<'_>,
    (past, log): (&Past<'_>, &GivenLog),
    threads: usize,
) -> HandoffFindings {
    let handovers = past.handovers();
    let tallies = in_parts(handovers, threads, |part| {
        let mut tally = Tally::of(bar.contract);
        for handover in part {
            tally.take_past(bar, past, handover);
        }
        tally
    });
    let tally = merged(bar.contract, tallies);
    let party = log.imported.log.party();
    let groups = Groups::of(&log.imported.log, party, log.mapping.people);
    let name = |code: Code| {
        let shown = groups.shown(code);
        groups.dictionary.text(shown).unwrap_or_default().to_owned()
    };
    let mut seams: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for ((from, to), (checked, met)) in &tally.seams {
        let seam = seams.entry((name(*from), name(*to))).or_default();
        seam.0 = seam.0.saturating_add(*checked);
        seam.1 = seam.1.saturating_add(*met);
    }
    findings(bar, tally, seams)
}

/// Checks the packages of a folder on so many threads.
pub(super) fn check_packages(
    bar: Bar<'_>,
    (packages, at): (&[GivenPackage], Instant),
    threads: usize,
) -> HandoffFindings {
    let tallies = in_parts(packages, threads, |part| {
        let mut tally = Tally::of(bar.contract);
        for given in part {
            tally.take(
                bar,
                &Candidate {
                    work_item: given.name.clone(),
                    at,
                    seam: None,
                    package: given.package.as_ref().map_err(String::as_str),
                    artifacts: &given.artifacts,
                },
            );
        }
        tally
    });
    findings(bar, merged(bar.contract, tallies), BTreeMap::new())
}

/// Runs `work` on as many parts as there are threads, and returns what it made in the order of the parts.
fn in_parts<T: Sync>(all: &[T], threads: usize, work: impl Fn(&[T]) -> Tally + Sync) -> Vec<Tally> {
    let length = all.len().div_ceil(threads.max(1)).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let running: Vec<_> = all
            .chunks(length)
            .map(|part| scope.spawn(move || work(part)))
            .collect();
        running
            .into_iter()
            .map(|thread| match thread.join() {
                Ok(tally) => tally,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}

impl Tally {
    fn of(contract: &CheckedContract) -> Self {
        Self {
            clauses: contract.clauses().map(|_| Default::default()).collect(),
            ..Self::default()
        }
    }

    fn take_past(&mut self, bar: Bar<'_>, past: &Past<'_>, handover: &PastHandover) {
        let none = BTreeMap::new();
        let package = past.package(handover).map_err(|problems| {
            let first = problems.first();
            first.map_or_else(String::new, |problem| {
                format!("{} at {}", problem.message, problem.place.pointer)
            })
        });
        self.take(
            bar,
            &Candidate {
                work_item: past.work_item(handover),
                at: handover.at,
                seam: Some((handover.from, handover.to)),
                package: package.as_ref().map_err(String::as_str),
                artifacts: &none,
            },
        );
    }

    fn take(&mut self, bar: Bar<'_>, candidate: &Candidate<'_>) {
        let is_now = bar.is_now(candidate);
        let refused = match candidate.package {
            Ok(package) => {
                let refused = bar.contract.accept(package);
                if refused.is_empty() {
                    return self.judge(bar, candidate, package);
                }
                let first = refused.first();
                first.map_or_else(String::new, |problem| problem.message.clone())
            }
            Err(reason) => reason.to_owned(),
        };
        // What cannot be checked has not met the contract, and stands in every count.
        self.refused = self.refused.saturating_add(1);
        if self.reasons.len() < REASONS_MAX && !self.reasons.contains(&refused) {
            self.reasons.push(refused);
        }
        self.count(is_now, candidate.seam, (Posture::Critical, false));
        // Writing to a String can't fail.
        let _ = writeln!(self.decisions, "{} refused", candidate.work_item);
    }

    fn judge(&mut self, bar: Bar<'_>, candidate: &Candidate<'_>, package: &Package) {
        let is_now = bar.is_now(candidate);
        let context = Context::at(candidate.at);
        let available = evidence::Available {
            artifacts: candidate.artifacts,
            keyring: bar.keyring,
            as_of: candidate.at,
        };
        let index = bar.contract.evidence_index(package, &context, &available);
        let inputs = Inputs {
            package,
            evidence: &index,
            waivers: &Waivers::default(),
            history: &History::default(),
            context: &context,
        };
        let assessment = bar.contract.assess(&inputs);
        let mut states = String::new();
        let (mut applies, mut met) = (0_u64, 0_u64);
        for (finding, (now, before)) in assessment.findings.iter().zip(&mut self.clauses) {
            let counts = if is_now { now } else { before };
            let (count, letter) = match finding.state {
                FindingState::Passed => (&mut counts.met, 'p'),
                FindingState::Waived => (&mut counts.met, 'w'),
                FindingState::Failed => (&mut counts.failed, 'f'),
                FindingState::Unknown => (&mut counts.unknown, 'u'),
                FindingState::Pending => (&mut counts.left_out, 'n'),
                FindingState::NotApplicable => (&mut counts.left_out, '-'),
            };
            *count = count.saturating_add(1);
            applies = applies.saturating_add(u64::from(!matches!(letter, 'n' | '-')));
            met = met.saturating_add(u64::from(matches!(letter, 'p' | 'w')));
            states.push(letter);
        }
        // Nothing checked is never met.
        let is_met = applies > 0 && met == applies;
        self.count(is_now, candidate.seam, (assessment.posture, is_met));
        let score = assessment.score.map_or(-1, i64::from);
        let _ = writeln!(
            self.decisions,
            "{} {} {} {score} {} {states}",
            candidate.work_item,
            package.digest(),
            word(assessment.posture),
            assessment.risk.get(),
        );
    }

    fn count(&mut self, is_now: bool, seam: Option<(Code, Code)>, found: (Posture, bool)) {
        let (posture, is_met) = found;
        let counts = if is_now {
            &mut self.now
        } else {
            &mut self.before
        };
        add(counts, &of_one(posture, is_met));
        if let Some(seam) = seam.filter(|_| is_now) {
            let (checked, met) = self.seams.entry(seam).or_default();
            *checked = checked.saturating_add(1);
            *met = met.saturating_add(u64::from(is_met));
        }
    }
}

fn of_one(posture: Posture, is_met: bool) -> Counts {
    Counts {
        checked: 1,
        met: u64::from(is_met),
        ready: u64::from(posture == Posture::Ready),
        review: u64::from(posture == Posture::Review),
        critical: u64::from(posture == Posture::Critical),
    }
}

fn add(counts: &mut Counts, more: &Counts) {
    counts.checked = counts.checked.saturating_add(more.checked);
    counts.met = counts.met.saturating_add(more.met);
    counts.ready = counts.ready.saturating_add(more.ready);
    counts.review = counts.review.saturating_add(more.review);
    counts.critical = counts.critical.saturating_add(more.critical);
}

fn add_clause(counts: &mut ClauseCounts, more: &ClauseCounts) {
    counts.met = counts.met.saturating_add(more.met);
    counts.failed = counts.failed.saturating_add(more.failed);
    counts.unknown = counts.unknown.saturating_add(more.unknown);
    counts.left_out = counts.left_out.saturating_add(more.left_out);
}

fn merged(contract: &CheckedContract, tallies: Vec<Tally>) -> Tally {
    let mut all = Tally::of(contract);
    for tally in tallies {
        add(&mut all.now, &tally.now);
        add(&mut all.before, &tally.before);
        for ((now, before), (more_now, more_before)) in all.clauses.iter_mut().zip(&tally.clauses) {
            add_clause(now, more_now);
            add_clause(before, more_before);
        }
        for (seam, (checked, met)) in tally.seams {
            let entry = all.seams.entry(seam).or_default();
            entry.0 = entry.0.saturating_add(checked);
            entry.1 = entry.1.saturating_add(met);
        }
        all.refused = all.refused.saturating_add(tally.refused);
        for reason in tally.reasons {
            if all.reasons.len() < REASONS_MAX && !all.reasons.contains(&reason) {
                all.reasons.push(reason);
            }
        }
        all.decisions.push_str(&tally.decisions);
    }
    all
}

fn findings(
    bar: Bar<'_>,
    tally: Tally,
    seams: BTreeMap<(String, String), (u64, u64)>,
) -> HandoffFindings {
    let contract = bar.contract.contract();
    let mut worst: Vec<SeamLine> = seams
        .into_iter()
        .filter(|(_, (checked, met))| met < checked)
        .map(|((from, to), (checked, met))| SeamLine {
            from,
            to,
            checked,
            met,
        })
        .collect();
    worst.sort_by_key(|seam| std::cmp::Reverse(seam.checked.saturating_sub(seam.met)));
    worst.truncate(SEAMS_MAX);
    let clauses = bar.contract.clauses().zip(&tally.clauses);
    HandoffFindings {
        contract: contract.name.to_string(),
        version: contract.version.to_string(),
        digest: bar.contract.digest(),
        compare_from: bar.compare_from,
        refused: tally.refused,
        refused_because: tally.reasons,
        now: tally.now,
        before: tally.before,
        clauses: clauses
            .map(|(clause, (now, before))| ClauseLine {
                id: clause.id.to_string(),
                title: clause.title.clone(),
                severity: clause.severity.word().to_owned(),
                fix: clause.fix.clone(),
                now: *now,
                before: *before,
            })
            .collect(),
        seams: worst,
        decisions: Digest::of(tally.decisions.as_bytes()),
    }
}

fn word(posture: Posture) -> &'static str {
    match posture {
        Posture::Ready => "ready",
        Posture::Review => "review",
        Posture::Critical => "critical",
    }
}
