//! The history of a git repository, as `git log` writes it in the form of [`FORMAT`].
//!
//! A case is a commit: authored, reviewed, approved, tested (from its trailers), committed or
//! merged; and, when a later commit says so, reverted or fixed. The party is the mail domain of who
//! did it, for that is the nearest thing to a team that a commit knows; `area` is what the subject
//! names before its first colon.

use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use baton_terms::Diagnostic;

use super::codes;
use super::columns::Row;
use super::limits::GIT_RECORD_BYTES_MAX;
use super::sink::{Broken, Field, Hint, Refusal, Sink, shown};
use super::time::microseconds;

/// What `git log --format=FORMAT` is to be asked for: fields that end with NUL, which no commit holds.
pub const FORMAT: &str = "format:%H%x00%P%x00%aI%x00%ae%x00%cI%x00%ce%x00%B%x00";

/// What a stream of commits starts with, so that it can be told from other inputs.
pub const HEAD: &[u8] = b"baton git log 1\0";

/// Fields of a commit.
const FIELDS: usize = 7;

/// Trailers that say who did what (`git interpret-trailers`), and the activity each one means.
const TRAILERS: [(&str, &str); 8] = [
    ("reviewed-by", "reviewed"),
    ("acked-by", "approved"),
    ("approved-by", "approved"),
    ("tested-by", "tested"),
    ("reported-by", "reported"),
    ("suggested-by", "suggested"),
    ("co-authored-by", "authored"),
    ("signed-off-by", "signed off"),
];

/// The place of what happened to a commit long after its own events.
const ORDER_AFTER: usize = 1_000_000;

const COLUMNS: [(&str, Hint); 10] = [
    ("commit", Hint::Text),
    ("time", Hint::Time),
    ("order", Hint::Integer),
    ("activity", Hint::Text),
    ("party", Hint::Text),
    ("person", Hint::Text),
    ("area", Hint::Text),
    ("merge", Hint::Boolean),
    ("revert", Hint::Boolean),
    ("reviewers", Hint::Integer),
];

/// Reads a history and hands its events to the sink.
///
/// # Errors
/// [`Broken`] when the stream ends inside a commit or reading it fails.
pub fn read(input: impl BufRead, sink: &mut impl Sink) -> Result<(), Broken> {
    let fields = COLUMNS.map(|(name, hint)| sink.column(name, hint));
    let mut reading = Reading {
        sink,
        fields,
        row: Row::default(),
        commits: Vec::new(),
        claims: Vec::new(),
    };
    let end = reading.run(input);
    // What was said about commits that were read holds even when the rest can't be.
    if !matches!(end, Ok(ControlFlow::Break(()))) {
        reading.settle();
    }
    end.map(|_| ())
}

/// One commit as text.
struct Commit<'c> {
    id: &'c str,
    parents: usize,
    authored: &'c str,
    author: &'c str,
    committed: &'c str,
    committer: &'c str,
    message: &'c str,
}

/// What a commit says about an earlier one.
struct Claim {
    number: u64,
    /// Beginning of the id of the earlier commit.
    about: String,
    activity: &'static str,
    time: String,
    person: String,
}

struct Reading<'s, S> {
    sink: &'s mut S,
    fields: [Option<Field>; 10],
    row: Row,
    commits: Vec<Box<str>>,
    claims: Vec<Claim>,
}

/// What stands in one record, in the order of [`COLUMNS`].
struct Values<'v> {
    commit: &'v str,
    time: &'v str,
    order: usize,
    activity: &'v str,
    person: &'v str,
    facts: Option<Facts<'v>>,
}

/// What is known of a commit as a whole.
#[derive(Clone, Copy)]
struct Facts<'v> {
    area: Option<&'v str>,
    merge: bool,
    revert: bool,
    reviewers: usize,
}

impl<S: Sink> Reading<'_, S> {
    fn run(&mut self, mut input: impl BufRead) -> Result<ControlFlow<()>, Broken> {
        let mut number = 0;
        let mut record = Vec::new();
        loop {
            record.clear();
            let mut ends = Vec::with_capacity(FIELDS);
            let mut too_large = false;
            for _ in 0..FIELDS {
                too_large |= !take_field(&mut input, &mut record)?;
                // The head ends like a field, and however few bytes come at once.
                if number == 0 && ends.is_empty() && record == HEAD {
                    record.clear();
                    too_large |= !take_field(&mut input, &mut record)?;
                }
                ends.push(record.len());
            }
            if record.iter().all(|byte| *byte == b'\n') {
                return Ok(ControlFlow::Continue(()));
            }
            number += 1;
            if input.fill_buf()?.is_empty() && record.last() != Some(&0) {
                return Err(Broken::format(
                    codes::GIT_RECORD,
                    "the history ends inside a commit",
                ));
            }
            let outcome = if too_large {
                let problem = Diagnostic::error(codes::TOO_LARGE, "one commit is too large")
                    .expected(format!("at most {GIT_RECORD_BYTES_MAX} bytes"));
                Err(problem.into())
            } else {
                self.commit(number, &record, &ends)
            };
            match outcome {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return Ok(ControlFlow::Break(())),
                Err(problem) => self.sink.refuse(Refusal {
                    record: number,
                    events: 1,
                    problem: *problem,
                }),
            }
        }
    }

    fn commit(
        &mut self,
        number: u64,
        record: &[u8],
        ends: &[usize],
    ) -> Result<ControlFlow<()>, Box<Diagnostic>> {
        let text = String::from_utf8_lossy(record);
        let commit = split(&text)
            .filter(|_| ends.len() == FIELDS)
            .ok_or_else(|| {
                Diagnostic::error(codes::GIT_RECORD, "a commit can't be read")
                    .expected("an id, parents, two times, two addresses and a message")
                    .found(shown(&text.replace('\0', " | ")))
            })?;
        for time in [commit.authored, commit.committed] {
            if microseconds(time).is_none() {
                let problem = Diagnostic::error(codes::GIT_RECORD, "a time can't be read")
                    .expected("an ISO 8601 time, as `%aI` writes it")
                    .found(format!("`{}`", shown(time)));
                return Err(problem.into());
            }
        }
        self.commits.push(commit.id.into());
        self.note_claims(number, &commit);
        let trailers: Vec<(&str, &str)> = trailers(commit.message).collect();
        let subject = commit.message.lines().next().unwrap_or_default();
        let facts = Facts {
            area: area(subject),
            merge: commit.parents > 1,
            revert: subject.starts_with("Revert "),
            reviewers: trailers
                .iter()
                .filter(|(activity, _)| *activity == "reviewed")
                .count(),
        };
        let last = if facts.merge { "merged" } else { "committed" };
        // Trailers have no time of their own: they are as old as the commit that carries them.
        let steps = std::iter::once(("authored", commit.author, commit.authored))
            .chain(
                trailers
                    .iter()
                    .map(|(activity, person)| (*activity, *person, commit.committed)),
            )
            .chain([(last, commit.committer, commit.committed)]);
        for (order, (activity, person, time)) in steps.enumerate() {
            let flow = self.write(
                number,
                &Values {
                    commit: commit.id,
                    time,
                    order,
                    activity,
                    person,
                    facts: Some(facts),
                },
            );
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn write(&mut self, number: u64, values: &Values<'_>) -> ControlFlow<()> {
        let [
            commit,
            time,
            order,
            activity,
            party,
            person,
            area,
            merge,
            revert,
            reviewers,
        ] = self.fields;
        self.row.clear();
        self.row.set(commit, values.commit);
        self.row.set(time, values.time);
        self.row.set(order, &values.order.to_string());
        self.row.set(activity, values.activity);
        self.row.set(person, values.person);
        if let Some((_, domain)) = values.person.rsplit_once('@') {
            self.row.set(party, &domain.to_lowercase());
        }
        if let Some(facts) = values.facts {
            if let Some(found) = facts.area {
                self.row.set(area, found);
            }
            self.row
                .set(merge, if facts.merge { "true" } else { "false" });
            self.row
                .set(revert, if facts.revert { "true" } else { "false" });
            self.row.set(reviewers, &facts.reviewers.to_string());
        }
        self.row.hand_over(number, self.sink)
    }

    /// Takes note of what a commit says about earlier ones.
    fn note_claims(&mut self, number: u64, commit: &Commit<'_>) {
        for line in commit.message.lines() {
            let claim = if let Some(rest) = line.trim_start().strip_prefix("This reverts commit ") {
                Some(("reverted", rest))
            } else {
                line.split_once(':')
                    .filter(|(name, _)| name.eq_ignore_ascii_case("fixes"))
                    .map(|(_, rest)| ("fixed", rest))
            };
            let Some((activity, rest)) = claim else {
                continue;
            };
            let id: String = rest
                .trim_start()
                .chars()
                .take_while(char::is_ascii_hexdigit)
                .collect();
            // Anything shorter is the number of an issue, or a word such as "a".
            if id.len() >= 7 {
                self.claims.push(Claim {
                    number,
                    about: id.to_ascii_lowercase(),
                    activity,
                    time: commit.committed.to_owned(),
                    person: commit.author.to_owned(),
                });
            }
        }
    }

    /// Hands over what later commits say about earlier ones, now that all are known.
    fn settle(&mut self) {
        self.commits.sort_unstable();
        for claim in std::mem::take(&mut self.claims) {
            let start = self.commits.partition_point(|id| **id < *claim.about);
            let mut named = self
                .commits
                .iter()
                .skip(start)
                .take_while(|id| id.starts_with(&claim.about));
            let (first, second) = (named.next().cloned(), named.next());
            let (Some(commit), None) = (first, second) else {
                let problem = Diagnostic::error(
                    codes::GIT_RECORD,
                    format!("a commit that was {} isn't in the history", claim.activity),
                )
                .found(format!("`{}`", shown(&claim.about)))
                .expected("the id of one commit of this history");
                self.sink.refuse(Refusal {
                    record: claim.number,
                    events: 1,
                    problem,
                });
                continue;
            };
            let values = Values {
                commit: &commit,
                time: &claim.time,
                order: ORDER_AFTER,
                activity: claim.activity,
                person: &claim.person,
                facts: None,
            };
            if self.write(claim.number, &values).is_break() {
                return;
            }
        }
    }
}

/// Takes bytes up to and including a NUL; returns whether they fit the limit of a record.
fn take_field(input: &mut impl BufRead, record: &mut Vec<u8>) -> Result<bool, Broken> {
    let left = GIT_RECORD_BYTES_MAX.saturating_sub(record.len());
    let limit = u64::try_from(left).unwrap_or(u64::MAX).max(1);
    let before = record.len();
    input.by_ref().take(limit).read_until(0, record)?;
    let ended = record.len() > before && record.last() == Some(&0);
    if ended || record.len() < before + left {
        return Ok(true);
    }
    // The rest of the field is looked past without keeping it.
    loop {
        let available = input.fill_buf()?;
        let (count, done) = match available.iter().position(|byte| *byte == 0) {
            Some(at) => (at + 1, true),
            None => (available.len(), available.is_empty()),
        };
        input.consume(count);
        if done {
            record.push(0);
            return Ok(false);
        }
    }
}

/// Splits a record into its fields.
fn split(text: &str) -> Option<Commit<'_>> {
    let mut fields = text.split('\0');
    let mut next = || fields.next().map(str::trim);
    let id = next()?;
    let hexadecimal = id.len() >= 7 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then_some(())?;
    Some(Commit {
        id,
        parents: next()?.split_whitespace().count(),
        authored: next()?,
        author: next()?,
        committed: next()?,
        committer: next()?,
        message: next()?,
    })
}

/// Returns the trailers of the last paragraph of a message: what each means and whose it is.
fn trailers(message: &str) -> impl Iterator<Item = (&'static str, &str)> {
    let last = message.trim_end().rsplit("\n\n").next().unwrap_or_default();
    last.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let (_, activity) = TRAILERS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name.trim()))?;
        Some((*activity, address(value)))
    })
}

/// Returns the mail address in `Name <address>`, or the whole text.
fn address(text: &str) -> &str {
    let text = text.trim();
    text.rsplit_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or(text, |(address, _)| address.trim())
}

/// Returns what a subject names before its first colon, when that is one short word.
fn area(subject: &str) -> Option<&str> {
    let subject = subject.strip_prefix("Revert \"").unwrap_or(subject);
    let (area, _) = subject.split_once(':')?;
    let area = area.split('(').next().unwrap_or(area).trim();
    let short = !area.is_empty() && area.len() <= 40 && !area.contains(char::is_whitespace);
    short.then_some(area)
}
