//! Packages that a store recorded, with what each check of them read and what became of them.
//!
//! What the receiver made of a package is its outcome. What no receiver has seen, because Baton sent it
//! back, because it waits, or because its sender took it back, has none: unknown is neither good nor bad.

use std::collections::{BTreeMap, BTreeSet};

use baton_eventlog::blameless::{CASES_MIN, PEOPLE_MIN, SMALL_GROUPS};
use baton_evidence::json::{Limits, Tree};
use baton_evidence::trace::Entry;
use baton_mission::handoff::{Change, Event, PackageFacts};
use baton_mission::names::HandoffId;
use baton_report::backtest::Source;
use baton_scoring::CheckedContract;
use baton_scoring::evidence::Artifact;
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::Waivers;
use baton_terms::{Diagnostic, Digest, Id, Instant};

use super::packages::{Given, Later, Packages, Subject};
use crate::handoff::entry::{Read, read};
use crate::port::{Page, Store, StoreError, StreamId, each_head};
use crate::trail::Trail;

/// How the outcome of a recorded package is told, in words.
pub const OUTCOME_OF_HANDOFFS: &str =
    "the receiver sent it back, declined it, rolled it back, or it was taken up again";

const NOT_CHECKED: &str = "it was not checked yet";
const NOT_ANSWERED: &str = "no receiver has answered it";
const SENT_BACK: &str = "Baton sent it back before a receiver saw it";
const TAKEN_BACK: &str = "its sender took it back";
const STOPPED: &str = "it was stopped before a receiver answered";

/// One submitted package.
#[derive(Debug)]
struct Submitted {
    handoff: HandoffId,
    number: usize,
    at: Instant,
    team: Id,
    /// Who answers for it.
    person: String,
    package: Digest,
    check: Option<Check>,
    later: Later,
}

/// What its last check read.
#[derive(Debug, Clone, Copy)]
struct Check {
    waivers: Digest,
    history: Digest,
    context: Digest,
}

/// Packages that a store recorded.
pub struct OfStore<'s> {
    store: &'s dyn Store,
    contracts: [&'s CheckedContract; 2],
    submissions: Vec<Submitted>,
    subjects: Vec<Subject>,
    teams: Vec<String>,
    skipped: Vec<(&'static str, u64)>,
}

impl<'s> OfStore<'s> {
    /// Returns every package that was submitted and checked under this contract's name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(
        store: &'s dyn Store,
        contracts: [&'s CheckedContract; 2],
    ) -> Result<Self, StoreError> {
        let [first, _] = contracts;
        let mut reading = Reading::new(&first.contract().name);
        each_head(store, Page::under("handoff/"), |head| {
            reading.stream(store, &head.stream)
        })?;
        let (submissions, skipped) = reading.finish();
        let (teams, places) = named_teams(&submissions);
        let subjects = submissions.iter().zip(places).enumerate();
        let subjects = subjects.map(|(case, (submission, team))| Subject {
            case,
            at: submission.at,
            team,
            later: submission.later,
        });
        Ok(Self {
            store,
            contracts,
            subjects: subjects.collect(),
            submissions,
            teams,
            skipped,
        })
    }

    fn kept(&self, digest: &Digest) -> Result<Tree, String> {
        let bytes = self.store.blob(digest).map_err(|error| error.to_string())?;
        let bytes = bytes.ok_or_else(|| format!("the store lacks `{digest}`"))?;
        Tree::read(&bytes, Limits::RECORDED).map_err(|problems| first(&problems))
    }

    fn given(&self, submission: &Submitted) -> Result<Loaded, String> {
        let check = submission.check.ok_or(NOT_CHECKED)?;
        let package = Package::read(self.kept(&submission.package)?);
        let package = package.map_err(|problems| first(&problems))?;
        let value = |digest: &Digest| Ok::<_, String>(self.kept(digest)?.root().to_value());
        let told = |problems: Vec<Diagnostic>| first(&problems);
        Ok(Loaded {
            artifacts: self.artifacts(&package)?,
            waivers: Waivers::from_value(&value(&check.waivers)?).map_err(told)?,
            history: History::read(&value(&check.history)?).map_err(told)?,
            context: Context::read(&value(&check.context)?).map_err(told)?,
            package,
        })
    }

    /// What was not sent along is no failure: the evidence is then unverifiable, with the reason.
    fn artifacts(&self, package: &Package) -> Result<BTreeMap<String, Artifact>, String> {
        let mut artifacts = BTreeMap::new();
        for item in package.evidence() {
            let is_verified = self
                .contracts
                .iter()
                .any(|contract| contract.verifies(&item.id));
            let bytes = self
                .store
                .blob(&item.digest)
                .map_err(|error| error.to_string())?;
            let artifact = match bytes {
                None => Artifact::Unreadable("it was not sent along".to_owned()),
                Some(bytes) if is_verified => Artifact::Bytes(bytes),
                Some(_) => Artifact::Digest(item.digest),
            };
            artifacts.insert(item.id.to_string(), artifact);
        }
        Ok(artifacts)
    }
}

/// A package with what its check read.
struct Loaded {
    package: Package,
    artifacts: BTreeMap<String, Artifact>,
    waivers: Waivers,
    history: History,
    context: Context,
}

impl Packages for OfStore<'_> {
    fn source(&self) -> Source {
        Source::Store
    }

    fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    fn teams(&self) -> &[String] {
        &self.teams
    }

    fn skipped(&self) -> &[(&'static str, u64)] {
        &self.skipped
    }

    fn work_item(&self, place: usize) -> String {
        let submission = self.submissions.get(place);
        submission.map_or_else(String::new, |submission| {
            format!("{}/{}", submission.handoff, submission.number)
        })
    }

    fn read(&self, place: usize, take: &mut dyn FnMut(Result<Given<'_>, &str>)) {
        let submission = self.submissions.get(place);
        let loaded = submission.map_or_else(
            || Err("it is not there".to_owned()),
            |submission| self.given(submission),
        );
        match &loaded {
            Ok(loaded) => take(Ok(Given {
                package: &loaded.package,
                artifacts: &loaded.artifacts,
                waivers: &loaded.waivers,
                history: &loaded.history,
                context: &loaded.context,
            })),
            Err(reason) => take(Err(reason)),
        }
    }
}

/// Reads streams, one after the other.
struct Reading<'r> {
    contract: &'r Id,
    submissions: Vec<Submitted>,
    reopened: BTreeSet<HandoffId>,
}

impl<'r> Reading<'r> {
    fn new(contract: &'r Id) -> Self {
        Self {
            contract,
            submissions: Vec::new(),
            reopened: BTreeSet::new(),
        }
    }

    fn stream(&mut self, store: &dyn Store, stream: &StreamId) -> Result<(), StoreError> {
        let from = self.submissions.len();
        Trail::default().read_on(store, stream, |entry| {
            match read(&entry) {
                Some(Read::Event(event)) => self.event(&event, from),
                Some(Read::Decision) => self.decision(&entry, from),
                Some(Read::Beside(_)) | None => {}
            }
            Ok::<_, StoreError>(())
        })
    }

    fn event(&mut self, event: &Event, from: usize) {
        if let Change::Opened { reopens, .. } = &event.change {
            self.reopened.extend(reopens.clone());
        }
        if let Change::Submitted { package, .. } = &event.change
            && package.contract == *self.contract
        {
            self.submit(event, package, from);
            return;
        }
        let current = self.submissions.get_mut(from..).and_then(<[_]>::last_mut);
        if let Some(current) = current {
            current.later = later(&event.change, current.later);
        }
    }

    fn submit(&mut self, event: &Event, package: &PackageFacts, from: usize) {
        let number = self
            .submissions
            .len()
            .saturating_sub(from)
            .saturating_add(1);
        self.submissions.push(Submitted {
            handoff: event.handoff.clone(),
            number,
            at: event.at,
            team: package.team.clone(),
            person: event.by.answerable().to_string(),
            package: package.digest,
            check: None,
            later: Later::Unknown(NOT_ANSWERED),
        });
    }

    fn decision(&mut self, entry: &Entry, from: usize) {
        let current = self.submissions.get_mut(from..).and_then(<[_]>::last_mut);
        let digests = &entry.draft().digests;
        let named = |name: &str| {
            let mut digests = digests.iter();
            let found = digests.find(|(id, _)| id.as_str() == name);
            found.map(|(_, digest)| *digest)
        };
        let Some(current) = current.filter(|current| named("package") == Some(current.package))
        else {
            return;
        };
        if let (Some(waivers), Some(history), Some(context)) =
            (named("waivers"), named("history"), named("context"))
        {
            current.check = Some(Check {
                waivers,
                history,
                context,
            });
        }
    }

    /// Returns what was checked, and how many packages were not.
    fn finish(mut self) -> (Vec<Submitted>, Vec<(&'static str, u64)>) {
        let mut next: Option<HandoffId> = None;
        for submission in self.submissions.iter_mut().rev() {
            let is_last = next.as_ref() != Some(&submission.handoff);
            if is_last && self.reopened.contains(&submission.handoff) {
                submission.later = Later::Failed;
            }
            next = Some(submission.handoff.clone());
        }
        let submitted = self.submissions.len();
        self.submissions
            .retain(|submission| submission.check.is_some());
        let unchecked = submitted.saturating_sub(self.submissions.len());
        let unchecked = u64::try_from(unchecked).unwrap_or(u64::MAX);
        let skipped = (unchecked > 0).then_some((NOT_CHECKED, unchecked));
        (self.submissions, skipped.into_iter().collect())
    }
}

/// Returns how a package ended once this has happened.
fn later(change: &Change, so_far: Later) -> Later {
    let was_answered = matches!(so_far, Later::Failed | Later::Fine);
    match change {
        Change::Accepted { .. } => Later::Fine,
        Change::Declined { .. }
        | Change::InputNeeded {
            receipt: Some(_), ..
        } => Later::Failed,
        Change::InputNeeded { receipt: None, .. } if !was_answered => Later::Unknown(SENT_BACK),
        Change::RolledBack { .. } if was_answered => Later::Failed,
        Change::Withdrawn { .. } if !was_answered => Later::Unknown(TAKEN_BACK),
        Change::RolledBack { .. } | Change::Expired { .. } | Change::Quarantined { .. }
            if !was_answered =>
        {
            Later::Unknown(STOPPED)
        }
        _ => so_far,
    }
}

/// Returns the names of teams, and the place of each submission's team among them. A team of too few
/// people or packages is folded, and another with it where the folded ones would be known by elimination.
fn named_teams(submissions: &[Submitted]) -> (Vec<String>, Vec<usize>) {
    let mut sizes: BTreeMap<&Id, (BTreeSet<&str>, u64)> = BTreeMap::new();
    for submission in submissions {
        let (people, packages) = sizes.entry(&submission.team).or_default();
        people.insert(&submission.person);
        *packages += 1;
    }
    let is_large = |people: usize, packages: u64| {
        u64::try_from(people).is_ok_and(|people| people >= PEOPLE_MIN) && packages >= CASES_MIN
    };
    let (mut named, folded): (Vec<_>, Vec<_>) = sizes
        .into_iter()
        .partition(|(_, (people, packages))| is_large(people.len(), *packages));
    let behind: BTreeSet<&str> = folded
        .iter()
        .flat_map(|(_, (people, _))| people.iter().copied())
        .collect();
    let packages = folded.iter().map(|(_, (_, packages))| packages).sum();
    if !folded.is_empty() && !is_large(behind.len(), packages) {
        let least = named
            .iter()
            .enumerate()
            .min_by_key(|(_, (team, (_, packages)))| (*packages, *team));
        if let Some(least) = least.map(|(at, _)| at) {
            named.remove(least);
        }
    }
    let mut teams: Vec<String> = named.iter().map(|(team, _)| team.to_string()).collect();
    let small = teams.len();
    let place = |submission: &Submitted| {
        let at = teams
            .iter()
            .position(|team| team == submission.team.as_str());
        at.unwrap_or(small)
    };
    let places: Vec<usize> = submissions.iter().map(place).collect();
    if places.contains(&small) {
        teams.push(SMALL_GROUPS.to_owned());
    }
    (teams, places)
}

fn first(problems: &[Diagnostic]) -> String {
    let first = problems.first();
    first.map_or_else(String::new, |problem| problem.message.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submitted(team: &str, person: &str) -> Submitted {
        Submitted {
            handoff: "web-41".parse().unwrap(),
            number: 1,
            at: "2026-01-01T09:00:00Z".parse().unwrap(),
            team: team.parse().unwrap(),
            person: person.to_owned(),
            package: Digest::of(b"package"),
            check: None,
            later: Later::Unknown(NOT_ANSWERED),
        }
    }

    fn joined(parts: [Vec<Submitted>; 3]) -> Vec<Submitted> {
        parts.into_iter().flatten().collect()
    }

    #[test]
    fn what_no_receiver_answered_has_no_outcome_and_what_was_taken_over_may_still_fail() {
        let withdrawn = Change::Withdrawn {
            reason: "no need".to_owned(),
        };
        let told = Change::Acknowledged {};
        for (so_far, change, expected) in [
            (
                Later::Unknown(NOT_ANSWERED),
                &withdrawn,
                Later::Unknown(TAKEN_BACK),
            ),
            (Later::Failed, &withdrawn, Later::Failed),
            (Later::Fine, &told, Later::Fine),
        ] {
            assert_eq!(later(change, so_far), expected);
        }
    }

    #[test]
    fn teams_of_few_people_or_packages_share_a_name() {
        let of = |team: &str, people: usize, packages: usize| {
            let one = |nth: usize| submitted(team, &format!("{team}-{}", nth % people));
            (0..packages).map(one).collect::<Vec<_>>()
        };
        let all = joined([of("design", 5, 20), of("build", 4, 40), of("ops", 9, 19)]);
        let (names, places) = named_teams(&all);
        assert_eq!(names, ["design", SMALL_GROUPS]);
        assert_eq!((places[0], places[20]), (0, 1));
        // Alone behind the name, a small team would be known: the smallest of the others goes with it.
        let all = joined([of("design", 5, 20), of("build", 6, 40), of("ops", 1, 30)]);
        let (names, _) = named_teams(&all);
        assert_eq!(names, ["build", SMALL_GROUPS]);
    }
}
