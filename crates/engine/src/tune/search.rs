//! Which number, changed alone, tells failing work from good work better on the earlier cases, and
//! whether the later ones confirm it.
//!
//! A change gains `worth` for each failed case that it holds up and loses one for each good case, and the
//! other way round for what it lets go: the net benefit of Vickers and Elkin (2006) in whole cases. It is
//! confirmed when among the later cases those it holds up fail more often than one in `worth + 1`, and
//! those it lets go less often, by exact limits (Clopper and Pearson 1934) that share 5% among all changes
//! that are looked at a second time (Bonferroni).

use baton_eventlog::blameless::CASES_MIN;
use baton_report::tuning::{Moved, Proposed};
use baton_rootcause::statistics::{Confidence, Estimate, clopper_pearson, real};
use baton_terms::BasisPoints;

use super::profile::{Dimensions, Numbers, Profiles};

/// Scores and risks that are tried, in basis points.
const STEP: u64 = 100;
/// Weights that are tried.
const WEIGHTS: [u64; 10] = [1, 2, 3, 5, 8, 13, 20, 35, 60, 100];

/// One number, and what it may become.
struct Knob {
    at: String,
    from: u64,
    to: Vec<u64>,
    set: Set,
}

/// Which number it is.
#[derive(Debug, Clone, Copy)]
enum Set {
    ReadyMin,
    ReviewRisk,
    Weight(usize),
}

/// What a search works on.
pub(super) struct Search<'s> {
    pub(super) profiles: &'s Profiles,
    pub(super) dimensions: &'s Dimensions,
    pub(super) current: &'s Numbers,
    pub(super) worth: u64,
}

/// What a search found.
pub(super) struct Found {
    pub(super) recommended: Vec<Proposed>,
    pub(super) unconfirmed: Vec<Proposed>,
    pub(super) confidence: Confidence,
}

impl Search<'_> {
    /// Looks at every number; `clauses` are the ids in canonical order.
    pub(super) fn run(&self, clauses: &[String]) -> Found {
        let held = self.profiles.held(self.dimensions, self.current);
        let knobs = self.knobs(clauses);
        let best: Vec<(i128, Proposed)> = knobs
            .iter()
            .filter_map(|knob| self.best(knob, &held))
            .collect();
        let confidence = confidence(best.len());
        let mut found = Found {
            recommended: Vec::new(),
            unconfirmed: Vec::new(),
            confidence,
        };
        let mut best = best;
        best.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.at.cmp(&b.at)));
        for (_, mut change) in best {
            match self.doubt(&mut change, confidence) {
                None => found.recommended.push(change),
                Some(doubt) => {
                    change.because = doubt;
                    found.unconfirmed.push(change);
                }
            }
        }
        found
    }

    fn knobs(&self, clauses: &[String]) -> Vec<Knob> {
        let thresholds = &self.current.thresholds;
        let steps = |from: u64, to: u64| (from.div_ceil(STEP)..=to / STEP).map(|step| step * STEP);
        let mut knobs = vec![
            Knob {
                at: "/thresholds/ready_min".to_owned(),
                from: thresholds.ready_min.get(),
                to: steps(thresholds.review_min.get(), BasisPoints::FULL.get()).collect(),
                set: Set::ReadyMin,
            },
            Knob {
                at: "/thresholds/review_risk".to_owned(),
                from: thresholds.review_risk.get(),
                to: steps(STEP, thresholds.critical_risk.get()).collect(),
                set: Set::ReviewRisk,
            },
        ];
        let weights = clauses.iter().zip(&self.current.weights).enumerate();
        knobs.extend(weights.map(|(place, (clause, weight))| Knob {
            at: format!("/clauses/{clause}/weight"),
            from: *weight,
            to: WEIGHTS.to_vec(),
            set: Set::Weight(place),
        }));
        knobs
    }

    /// Returns the value of a number that gains most on the earlier cases, if any gains; of several the
    /// one nearest to what it is.
    fn best(&self, knob: &Knob, held: &[bool]) -> Option<(i128, Proposed)> {
        let mut best: Option<(i128, Proposed)> = None;
        let mut tried: Vec<u64> = knob
            .to
            .iter()
            .copied()
            .filter(|to| *to != knob.from)
            .collect();
        tried.sort_by_key(|to| (to.abs_diff(knob.from), *to));
        for to in tried {
            let (earlier, later) = self.moved(&changed(self.current, knob.set, to), held);
            let gain = self.gain(&earlier);
            let unknown = Estimate::default().rounded();
            if gain > best.as_ref().map_or(0, |(gain, _)| *gain) {
                let change = Proposed {
                    at: knob.at.clone(),
                    from: knob.from,
                    to,
                    earlier,
                    later,
                    held_rate: unknown,
                    freed_rate: unknown,
                    because: String::new(),
                };
                best = Some((gain, change));
            }
        }
        best
    }

    fn gain(&self, moved: &Moved) -> i128 {
        let worth = i128::from(self.worth);
        let failed = i128::from(moved.held_failed) - i128::from(moved.freed_failed);
        let fine = i128::from(moved.held_fine) - i128::from(moved.freed_fine);
        failed.saturating_mul(worth).saturating_sub(fine)
    }

    /// Returns the cases that other numbers move, earlier and later.
    fn moved(&self, numbers: &Numbers, held: &[bool]) -> (Moved, Moved) {
        let now = self.profiles.held(self.dimensions, numbers);
        let any = |places: &[usize], held: &[bool]| {
            let mut places = places.iter();
            places.any(|place| held.get(*place) == Some(&true))
        };
        let (mut earlier, mut later) = (Moved::default(), Moved::default());
        for (places, ends) in &self.profiles.cases {
            let (was, is) = (any(places, held), any(places, &now));
            for (moved, (failed, fine)) in [(&mut earlier, ends.earlier), (&mut later, ends.later)]
            {
                if is && !was {
                    moved.held_failed += failed;
                    moved.held_fine += fine;
                } else if was && !is {
                    moved.freed_failed += failed;
                    moved.freed_fine += fine;
                }
            }
        }
        (earlier, later)
    }

    /// Returns why the later cases do not confirm a change.
    fn doubt(&self, change: &mut Proposed, confidence: Confidence) -> Option<String> {
        let later = change.later;
        let held = later.held_failed + later.held_fine;
        let freed = later.freed_failed + later.freed_fine;
        let held_rate = clopper_pearson(held, later.held_failed, confidence).unwrap_or_default();
        let freed_rate = clopper_pearson(freed, later.freed_failed, confidence).unwrap_or_default();
        change.held_rate = held_rate.rounded();
        change.freed_rate = freed_rate.rounded();
        if held + freed < CASES_MIN {
            return Some("it moves too few later cases to tell".to_owned());
        }
        let even = 1.0 / (1.0 + real(self.worth));
        if held > 0 && held_rate.low.is_none_or(|low| low <= even) {
            return Some("later cases that it holds up may be good work".to_owned());
        }
        if freed > 0 && freed_rate.high.is_none_or(|high| high >= even) {
            return Some("later cases that it lets go may fail".to_owned());
        }
        None
    }
}

/// Returns the confidence of each limit, so that all together err in at most 5%.
fn confidence(changes: usize) -> Confidence {
    let changes = u16::try_from(changes.max(1)).unwrap_or(u16::MAX);
    Confidence::from_basis_points(10_000 - (500 / changes).max(1)).unwrap_or(Confidence::P95)
}

fn changed(current: &Numbers, set: Set, to: u64) -> Numbers {
    let mut numbers = current.clone();
    match set {
        Set::ReadyMin => numbers.thresholds.ready_min = BasisPoints::saturating(to),
        Set::ReviewRisk => numbers.thresholds.review_risk = BasisPoints::saturating(to),
        Set::Weight(place) => {
            if let Some(weight) = numbers.weights.get_mut(place) {
                *weight = to;
            }
        }
    }
    numbers
}
