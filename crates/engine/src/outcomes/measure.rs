//! From a store to where its outcomes stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_contract::model::{Baseline, Direction, Metric, Outcome, Unit};
use baton_report::outcomes::{Contract, FORMAT, Network, Outcomes};
use baton_terms::{Elapsed, Id, Instant};

use super::failure::OutcomesFailure;
use super::followed::{Followed, Frame};
use super::levels::OpenWork;
use super::limits::OUTCOME_VALUES_MAX;
use super::missions::missions;
use super::sample::Summary;
use super::survey::{Seen, Survey, within};
use super::tally::{Shown, Tally};
use super::weeks::weeks;
use crate::handoff::{Desk, Pinned};
use crate::port::{Page, each_head};

/// Confidence of every interval, in basis points.
const CONFIDENCE: u16 = 9_500;
/// Days over which the outcomes of all contracts together are measured.
const NETWORK_WINDOW_DAYS: u64 = 28;
/// Fewest handoffs that say anything of all contracts together.
const NETWORK_SAMPLE_MIN: u32 = 30;
/// What is told of all contracts together.
const NETWORK: [(&str, Metric, Unit); 5] = [
    ("bounced", Metric::BounceRate, Unit::BasisPoints),
    ("needs-input", Metric::NeedsInputRate, Unit::BasisPoints),
    ("late", Metric::LateRate, Unit::BasisPoints),
    (
        "median-time-to-verdict",
        Metric::TimeToVerdictP50,
        Unit::Minutes,
    ),
    (
        "nine-in-ten-time-to-verdict",
        Metric::TimeToVerdictP90,
        Unit::Minutes,
    ),
];

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Nothing that happened later counts.
    pub as_of: Instant,
    /// Weeks to tell one by one, 1 to [`OUTCOME_WEEKS_MAX`](super::limits::OUTCOME_WEEKS_MAX).
    pub weeks: u32,
    /// Only this contract; all when left out.
    pub contract: Option<&'a Id>,
}

/// Versions whose outcomes are told, by contract.
type Versions<'s> = BTreeMap<&'s Id, Arc<Pinned>>;

/// What is counted of a store.
struct Counts<'s> {
    contracts: BTreeMap<&'s Id, Tally>,
    network: Tally,
    work: OpenWork,
    /// Different values so far.
    values: usize,
}

/// Returns where the outcomes of a store's handoffs stand.
///
/// # Errors
/// When the store cannot be read, no handoff of the contract was opened by then, or there is more than one report counts.
pub fn outcomes(desk: &Desk<'_>, asked: &Asked<'_>) -> Result<Outcomes, OutcomesFailure> {
    let survey = Survey::of(desk.store(), asked.as_of)?;
    if let Some(contract) = asked.contract
        && !survey.contracts.contains_key(contract)
    {
        return Err(OutcomesFailure::NoSuchContract {
            contract: contract.clone(),
            as_of: asked.as_of,
            known: survey.contracts.into_keys().collect(),
        });
    }
    let mut versions = Versions::new();
    for (name, seen) in &survey.contracts {
        versions.insert(name, desk.shelf.kept(desk.store(), seen.last.2)?);
    }
    let frame = frame(asked, (&survey, &versions));
    let mut counts = Counts::new(&frame, (&survey, &versions));
    each_head::<OutcomesFailure>(desk.store(), Page::under("handoff/"), |head| {
        match frame.follow(desk.store(), &head.stream)? {
            Some(followed) => counts.take(followed, (&frame, &survey)),
            None => Ok(()),
        }
    })?;
    let (missions, missions_left_out) = missions(desk.store(), asked.as_of)?;
    let told = (&counts.work, &desk.roster);
    let network = counts.network.told(&frame, told);
    let mut contracts = Vec::new();
    for (name, tally) in counts.contracts {
        let is_asked = asked.contract.is_none_or(|asked| asked == name);
        let known = survey.contracts.get(name).zip(versions.get(name));
        if let Some((seen, pinned)) = known.filter(|_| is_asked) {
            contracts.push(contract(name, (seen, pinned), tally.told(&frame, told)));
        }
    }
    Ok(Outcomes {
        format: FORMAT,
        as_of: asked.as_of,
        confidence: CONFIDENCE,
        network: Network {
            handoffs: network.handoffs,
            outcomes: network.outcomes,
            activity: network.activity,
            standing: network.standing,
        },
        contracts,
        missions,
        missions_left_out,
        weeks: frame.weeks,
    })
}

impl<'s> Counts<'s> {
    fn new(frame: &Frame, (survey, versions): (&'s Survey, &Versions<'s>)) -> Self {
        let tally = |(name, seen): (&'s Id, &Seen)| {
            let pinned = versions.get(name)?;
            let declared = &pinned.contract.contract().outcomes;
            let of = (Some(Arc::clone(pinned)), seen.since);
            Some((name, Tally::new(frame, of, declared)))
        };
        Self {
            contracts: survey.contracts.iter().filter_map(tally).collect(),
            network: Tally::new(frame, (None, frame.as_of), &of_network()),
            work: OpenWork::default(),
            values: 0,
        }
    }

    fn take(
        &mut self,
        mut followed: Followed,
        (frame, survey): (&Frame, &Survey),
    ) -> Result<(), OutcomesFailure> {
        let handoff = followed.course.handoff();
        if handoff.is_some_and(|handoff| survey.reopened.contains(handoff)) {
            followed.course.note_reopened();
        }
        self.work.take(&followed);
        let of_contract =
            (followed.contract.as_ref()).and_then(|name| self.contracts.get_mut(name));
        let fresh = of_contract.map_or(0, |tally| tally.take(&followed, frame));
        let fresh = fresh.saturating_add(self.network.take(&followed, frame));
        self.values = self.values.saturating_add(fresh);
        within(self.values, OUTCOME_VALUES_MAX, "different values")
    }
}

/// Returns what is looked at, with the moments at which levels are told.
fn frame(asked: &Asked<'_>, (survey, versions): (&Survey, &Versions<'_>)) -> Frame {
    let weeks = weeks(asked.as_of, asked.weeks);
    let mut moments: Vec<Instant> = weeks.iter().map(|week| week.until).collect();
    for (name, seen) in &survey.contracts {
        let declared = versions.get(name).into_iter();
        let declared = declared.flat_map(|pinned| &pinned.contract.contract().outcomes);
        let measured = declared.filter(|outcome| {
            outcome.baseline == Some(Baseline::Measure)
                && Summary::of(outcome.metric) == Summary::Level
        });
        let ends = measured.filter_map(|outcome| seen.since.checked_add(outcome.window));
        moments.extend(ends.filter(|end| *end <= asked.as_of));
    }
    moments.push(asked.as_of);
    moments.sort();
    moments.dedup();
    Frame {
        as_of: asked.as_of,
        weeks,
        moments,
    }
}

fn of_network() -> Vec<Outcome> {
    let outcome = |(id, metric, unit): (&str, Metric, Unit)| {
        Some(Outcome {
            id: id.parse().ok()?,
            metric,
            source: None,
            unit,
            direction: Direction::Lower,
            baseline: None,
            target: None,
            window: Elapsed::from_seconds(NETWORK_WINDOW_DAYS * 86_400),
            minimum_sample: NETWORK_SAMPLE_MIN,
            at: String::new(),
        })
    };
    NETWORK.into_iter().filter_map(outcome).collect()
}

fn contract(name: &Id, (seen, pinned): (&Seen, &Pinned), shown: Shown) -> Contract {
    let contract = pinned.contract.contract();
    Contract {
        name: name.to_string(),
        title: contract.title.clone(),
        version: contract.version.to_string(),
        digest: seen.last.2,
        versions: u64::try_from(seen.versions.len()).unwrap_or(u64::MAX),
        handoffs: shown.handoffs,
        since: seen.since,
        outcomes: shown.outcomes,
        activity: shown.activity,
        standing: shown.standing,
        waived: shown.waived,
    }
}
