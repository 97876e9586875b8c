//! From counts to a backtest: shares, rates and ratios with their intervals, and what follows.
//!
//! Shares and rates: Wilson (1927). Ratio: Koopman (1984). Adjusted ratio: Mantel and Haenszel (1959) over
//! cases with as many packages, variance of Greenland and Robins (1985); a case with more packages has
//! more chances to be flagged, and longer cases fail more often.

use baton_eventlog::blameless::CASES_MIN;
use baton_evidence::keys::Keyring;
use baton_report::backtest::{
    Answer, Backtest, Change, ClauseLine, Decision, FORMAT, Input, LeftOut, Measure, Outcome,
    TeamLine, VerdictCell, Version,
};
use baton_rootcause::statistics::{
    Confidence, Estimate, FourfoldTable, koopman, mantel_haenszel, wilson,
};
use baton_rootcause::wire::Interval;
use baton_scoring::CheckedContract;
use baton_terms::{Diagnostic, Digest, Instant};

use super::codes::{NO_PACKAGES, OTHER_NAME};
use super::hold::{ClauseTally, Counted, Pair, Versions, hold};
use super::packages::{How, Packages};
use super::tally::{Counts, STRATA, Sides};

/// Flips listed when nothing is said.
pub const FLIPS_DEFAULT: usize = 50;
/// Most flips listed.
pub const FLIPS_MAX: usize = 10_000;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The version that is compared with.
    pub before: &'a CheckedContract,
    /// The version that is tried.
    pub after: &'a CheckedContract,
    /// Keys whose signatures of evidence count.
    pub keyring: &'a Keyring,
    /// The instant at which all packages are checked; each at its own when absent.
    pub as_of: Option<Instant>,
    /// What counts as failed; nothing is said of outcomes when absent.
    pub outcome: Option<&'a Outcome>,
    /// What was read, by name and digest.
    pub inputs: &'a [Input],
    /// Flips that are listed, at most [`FLIPS_MAX`].
    pub flips: usize,
}

/// Holds past packages against two versions of a contract.
///
/// # Errors
/// When the versions are of two contracts, or there is no package.
pub fn backtest(packages: &dyn Packages, asked: &Asked<'_>) -> Result<Backtest, Vec<Diagnostic>> {
    let (before, after) = (asked.before.contract(), asked.after.contract());
    if before.name != after.name {
        return Err(vec![
            Diagnostic::error(OTHER_NAME, "the two are not versions of one contract")
                .expected(format!("a version of `{}`", before.name))
                .found(format!("`{}`", after.name))
                .hint("compare two versions of the contract that the packages are for"),
        ]);
    }
    if packages.subjects().is_empty() {
        return Err(vec![
            Diagnostic::error(
                NO_PACKAGES,
                "there is no package to hold against the versions",
            )
            .expected(format!(
                "handovers, or recorded packages for `{}`",
                before.name
            ))
            .found("none")
            .hint("nothing checked says nothing: give more of the past"),
        ]);
    }
    let versions = Versions {
        before: asked.before,
        after: asked.after,
        clauses: pairs(asked.before, asked.after),
        check: How {
            keyring: asked.keyring,
            as_of: asked.as_of,
        },
        flips: asked.flips.min(FLIPS_MAX),
    };
    let held = hold(packages, &versions);
    Ok(Assembly {
        asked,
        versions: &versions,
        held: &held,
    }
    .backtest(packages))
}

/// Returns the clauses of both versions.
fn pairs(before: &CheckedContract, after: &CheckedContract) -> Vec<Pair> {
    let place = |contract: &CheckedContract, id: &str| {
        contract
            .clauses()
            .position(|clause| clause.id.as_str() == id)
    };
    let of_after = after.clauses().enumerate().map(|(at, clause)| Pair {
        id: clause.id.to_string(),
        before: place(before, clause.id.as_str()),
        after: Some(at),
    });
    let of_before = before.clauses().enumerate().map(|(at, clause)| Pair {
        id: clause.id.to_string(),
        before: Some(at),
        after: place(after, clause.id.as_str()),
    });
    of_after
        .chain(of_before.filter(|pair| pair.after.is_none()))
        .collect()
}

struct Assembly<'a> {
    asked: &'a Asked<'a>,
    versions: &'a Versions<'a>,
    held: &'a Counted,
}

impl Assembly<'_> {
    fn backtest(&self, packages: &dyn Packages) -> Backtest {
        let held = self.held;
        let version = |contract: &CheckedContract| Version {
            version: contract.contract().version.to_string(),
            digest: contract.digest(),
        };
        let measures = [
            (Measure::Flagged, &held.flagged),
            (Measure::HeldUp, &held.held_up),
            (Measure::Critical, &held.critical),
        ];
        let listed = u64::try_from(held.flips.len()).unwrap_or(u64::MAX);
        let checks: Vec<String> = held.digests.iter().map(ToString::to_string).collect();
        Backtest {
            format: FORMAT,
            contract: self.asked.before.contract().name.to_string(),
            before: version(self.asked.before),
            after: version(self.asked.after),
            source: packages.source(),
            inputs: self.asked.inputs.to_vec(),
            as_of: self.asked.as_of,
            outcome: self.asked.outcome.cloned(),
            packages: held.cases.packages,
            unreadable: held.unreadable,
            unreadable_because: held.reasons.clone(),
            left_out: self.left_out(packages),
            cases: held.cases.shown(),
            verdicts: self.verdicts(),
            decisions: measures
                .into_iter()
                .map(|(measure, sides)| self.decision(measure, sides))
                .collect(),
            clauses: self.clauses(),
            teams: self.teams(packages),
            effort: held.effort,
            flips: held.flips.clone(),
            flips_left_out: held.flips_in_all.saturating_sub(listed),
            checks: Digest::of(checks.join("\n").as_bytes()),
        }
    }

    fn left_out(&self, packages: &dyn Packages) -> Vec<LeftOut> {
        let skipped = packages.skipped().iter().copied();
        let uncounted = self
            .held
            .left_out
            .iter()
            .map(|(reason, count)| (*reason, *count));
        let all = skipped.chain(uncounted);
        all.map(|(reason, packages)| LeftOut {
            reason: reason.to_owned(),
            packages,
        })
        .collect()
    }

    fn verdicts(&self) -> Vec<VerdictCell> {
        let cells = self.held.verdicts.iter();
        cells
            .map(|((before, after), (packages, failed, fine))| VerdictCell {
                before: *before,
                after: *after,
                packages: *packages,
                failed: *failed,
                fine: *fine,
            })
            .collect()
    }

    fn decision(&self, measure: Measure, sides: &Sides) -> Decision {
        let all = &self.held.cases;
        let of = |gained: u64, all: u64| interval(wilson(all, gained, Confidence::P95));
        let against = self.against(&sides.gained);
        Decision {
            measure,
            before: sides.before.shown(),
            after: sides.after.shown(),
            gained: sides.gained.shown(),
            lost: sides.lost.shown(),
            caught: of(sides.gained.failed(), all.failed()),
            blocked: of(sides.gained.fine(), all.fine()),
            rate: against.rate,
            other_rate: against.other_rate,
            risk_ratio: against.risk_ratio,
            adjusted_risk_ratio: against.adjusted,
            answer: against.answer,
        }
    }

    fn clauses(&self) -> Vec<ClauseLine> {
        let pairs = self.versions.clauses.iter();
        pairs
            .zip(&self.held.clauses)
            .filter_map(|(pair, tally)| self.clause(pair, tally))
            .collect()
    }

    fn clause(&self, pair: &Pair, tally: &ClauseTally) -> Option<ClauseLine> {
        let at = |contract: &'_ CheckedContract, place: Option<usize>| {
            let mut clause = contract.clauses().nth(place?)?.clone();
            // Where it stands in the file is no part of what it says.
            clause.at.clear();
            Some(clause)
        };
        let before = at(self.asked.before, pair.before);
        let after = at(self.asked.after, pair.after);
        let change = match (&before, &after) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            (before, after) if before == after => Change::Kept,
            _ => Change::Changed,
        };
        let flagged = match change {
            Change::Removed => &tally.sides.before,
            _ => &tally.sides.after,
        };
        let against = self.against(flagged);
        let clause = after.or(before)?;
        Some(ClauseLine {
            id: pair.id.clone(),
            title: clause.title.clone(),
            severity: clause.severity.word().to_owned(),
            change,
            before: tally.before,
            after: tally.after,
            waived: tally.waived,
            flagged: flagged.shown(),
            gained: tally.sides.gained.shown(),
            lost: tally.sides.lost.shown(),
            rate: against.rate,
            other_rate: against.other_rate,
            adjusted_risk_ratio: against.adjusted,
            answer: against.answer,
        })
    }

    fn teams(&self, packages: &dyn Packages) -> Vec<TeamLine> {
        let teams = self.held.teams.iter();
        let mut lines: Vec<TeamLine> = teams
            .map(|(team, tally)| TeamLine {
                team: packages.teams().get(*team).cloned().unwrap_or_default(),
                packages: tally.packages,
                worse: tally.worse,
                better: tally.better,
                asked_more: tally.asked_more.shown(),
                effort: tally.effort,
            })
            .collect();
        lines.sort_by(|one, other| one.team.cmp(&other.team));
        lines
    }

    /// Holds cases against all others.
    fn against(&self, counts: &Counts) -> Against {
        let all = &self.held.cases;
        let (failed, fine) = (counts.failed(), counts.fine());
        let others = (all.failed() - failed, all.fine() - fine);
        let rate =
            |failed: u64, fine: u64| interval(wilson(failed + fine, failed, Confidence::P95));
        let whole = FourfoldTable::new((failed + fine, failed), (others.0 + others.1, others.0));
        let strata = counts.strata.iter().zip(&all.strata);
        let strata: Vec<FourfoldTable> = strata
            .filter_map(|(here, all)| {
                FourfoldTable::within(
                    (all.failed + all.fine, all.failed),
                    (here.failed + here.fine, here.failed),
                )
            })
            .collect();
        debug_assert_eq!(strata.len(), STRATA, "every part fits into its whole");
        let adjusted = mantel_haenszel(&strata).map(|ratio| ratio.estimate(Confidence::P95));
        let too_few = failed + fine < CASES_MIN || others.0 + others.1 < CASES_MIN;
        let plain = whole.and_then(|table| koopman(&table, Confidence::P95));
        let answer = if counts.packages == 0 {
            Answer::Nothing
        } else if all.failed() + all.fine() == 0 {
            Answer::Unknown
        } else if too_few {
            Answer::TooFew
        } else {
            // Where nobody else has as many packages, like cannot be compared with like.
            answer(adjusted.or(plain))
        };
        Against {
            rate: rate(failed, fine),
            other_rate: rate(others.0, others.1),
            risk_ratio: interval(plain),
            adjusted: interval(adjusted),
            answer,
        }
    }
}

/// Cases beside all others.
struct Against {
    rate: Interval,
    other_rate: Interval,
    risk_ratio: Interval,
    adjusted: Interval,
    answer: Answer,
}

fn answer(ratio: Option<Estimate>) -> Answer {
    let (low, high) = ratio.map_or((None, None), |ratio| (ratio.low, ratio.high));
    match (low, high) {
        (Some(low), _) if low > 1.0 => Answer::Catches,
        (_, Some(high)) if high < 1.0 => Answer::HitsGoodWork,
        _ => Answer::Unclear,
    }
}

fn interval(estimate: Option<Estimate>) -> Interval {
    estimate.unwrap_or_default().rounded()
}
