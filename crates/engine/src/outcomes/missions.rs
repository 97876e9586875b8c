//! The outcome reports that missions left in the store.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use baton_report::mission::{OutcomeLine, OutcomeReport};
use baton_report::outcomes::{Mission, MissionOutcome, Status};
use baton_terms::{Digest, Instant};

use super::failure::OutcomesFailure;
use super::limits::OUTCOME_MISSIONS_MAX;
use crate::handoff::Failure;
use crate::missions::{read_report, report_of};
use crate::port::{Ledger, Page, StreamId, each_head};
use crate::trail::Trail;

/// Returns how missions ended or where they stood, those that moved last first, and how many are left out.
pub(super) fn missions(
    store: &(impl Ledger + ?Sized),
    as_of: Instant,
) -> Result<(Vec<Mission>, u64), OutcomesFailure> {
    let mut told: BTreeSet<(Reverse<Instant>, StreamId, Digest)> = BTreeSet::new();
    let mut left_out = 0;
    each_head::<OutcomesFailure>(store, Page::under("mission/"), |head| {
        let mut last = None;
        Trail::default().read_on::<Failure>(store, &head.stream, |entry| {
            let at = entry.draft().time;
            if at <= as_of {
                last = report_of(&entry).map(|report| (at, report)).or(last);
            }
            Ok(())
        })?;
        if let Some((at, report)) = last {
            told.insert((Reverse(at), head.stream.clone(), report));
        }
        if told.len() > OUTCOME_MISSIONS_MAX {
            told.pop_last();
            left_out += 1;
        }
        Ok(())
    })?;
    let read = |(Reverse(at), stream, digest)| {
        let report = read_report(store, (&stream, digest))?;
        Ok(mission(&report, (at, digest)))
    };
    let missions: Result<Vec<Mission>, OutcomesFailure> = told.into_iter().map(read).collect();
    Ok((missions?, left_out))
}

fn mission(report: &OutcomeReport, (at, digest): (Instant, Digest)) -> Mission {
    Mission {
        run: report.run.clone(),
        title: report.mission.title.clone(),
        ended: report.ended.clone(),
        at,
        report: digest,
        outcomes: report.outcomes.iter().map(outcome).collect(),
        follow_ups: u64::try_from(report.follow_ups.len()).unwrap_or(u64::MAX),
    }
}

fn outcome(line: &OutcomeLine) -> MissionOutcome {
    MissionOutcome {
        id: line.id.clone(),
        title: line.title.clone(),
        unit: line.unit.clone(),
        baseline: line.baseline,
        target: line.target,
        value: line.value,
        sample: line.sample,
        status: match line.is_met {
            Some(true) => Status::Met,
            Some(false) => Status::NotMet,
            None => Status::Unknown,
        },
    }
}
