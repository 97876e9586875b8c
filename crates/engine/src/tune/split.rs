//! Earlier and later cases: what the first suggest, the second confirm.

use baton_report::backtest::{Source, Tally};
use baton_terms::Instant;

use crate::backtest::{Given, Later, Packages, Subject};

/// Of so many parts of the cases in order of time, the last one is later.
const PARTS: usize = 3;

/// Where the later cases begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) later_from: Instant,
    pub(super) earlier: Tally,
    pub(super) later: Tally,
}

/// A case whose outcome counts: its packages that count for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) at: Instant,
    pub(super) failed: bool,
    pub(super) places: Vec<usize>,
}

/// Returns the cases whose outcome counts.
pub(super) fn cases(subjects: &[Subject]) -> Vec<Case> {
    let mut cases: Vec<(usize, Case)> = Vec::new();
    for (place, subject) in subjects.iter().enumerate() {
        let failed = match subject.later {
            Later::Failed => true,
            Later::Fine => false,
            Later::Unknown(_) => continue,
        };
        match cases.last_mut() {
            Some((number, case)) if *number == subject.case => case.places.push(place),
            _ => cases.push((
                subject.case,
                Case {
                    at: subject.at,
                    failed,
                    places: vec![place],
                },
            )),
        }
    }
    cases.into_iter().map(|(_, case)| case).collect()
}

/// Returns where the last third of the cases begins, by the time of their first package.
pub(super) fn split(cases: &[Case]) -> Option<Split> {
    let mut times: Vec<Instant> = cases.iter().map(|case| case.at).collect();
    times.sort_unstable();
    let first_later = times.len().saturating_sub(times.len() / PARTS);
    let later_from = *times.get(first_later)?;
    let mut split = Split {
        later_from,
        earlier: Tally::default(),
        later: Tally::default(),
    };
    for case in cases {
        let tally = if case.at < later_from {
            &mut split.earlier
        } else {
            &mut split.later
        };
        tally.packages += u64::try_from(case.places.len()).unwrap_or(u64::MAX);
        tally.failed += u64::from(case.failed);
        tally.fine += u64::from(!case.failed);
    }
    Some(split)
}

/// The packages of later cases.
pub(super) struct LaterPart<'p> {
    whole: &'p dyn Packages,
    places: Vec<usize>,
    subjects: Vec<Subject>,
}

impl<'p> LaterPart<'p> {
    pub(super) fn new(whole: &'p dyn Packages, cases: &[Case], split: &Split) -> Self {
        let later = cases.iter().filter(|case| case.at >= split.later_from);
        let places: Vec<usize> = later.flat_map(|case| case.places.iter().copied()).collect();
        let subjects = places
            .iter()
            .filter_map(|place| whole.subjects().get(*place));
        Self {
            whole,
            subjects: subjects.copied().collect(),
            places,
        }
    }

    fn place(&self, place: usize) -> usize {
        self.places.get(place).copied().unwrap_or(usize::MAX)
    }
}

impl Packages for LaterPart<'_> {
    fn source(&self) -> Source {
        self.whole.source()
    }

    fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    fn teams(&self) -> &[String] {
        self.whole.teams()
    }

    fn work_item(&self, place: usize) -> String {
        self.whole.work_item(self.place(place))
    }

    fn read(&self, place: usize, take: &mut dyn FnMut(Result<Given<'_>, &str>)) {
        self.whole.read(self.place(place), take);
    }
}
