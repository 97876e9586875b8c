//! Keeping a group of transitions: one call of `append_group`, and when anything about it is not as expected, each one alone.

use baton_engine::port::{Appended, StoreError, Transition};
use postgres::types::ToSql;

use super::{
    append::{append, count},
    error::{Failure, of_change},
    front::Answer,
    pool::Session,
};
use crate::micros;

const APPEND_GROUP: &str =
    "select append_group($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
    $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)";

/// Keeps what can be kept and answers each in its order.
pub(super) fn append_group(session: &mut Session, group: &[Transition]) -> Vec<Answer> {
    if let [single] = group {
        return vec![append(session, single)];
    }
    match call(session, group) {
        Ok(()) => group
            .iter()
            .map(|transition| {
                Ok(Appended::Now {
                    entries: after(transition),
                })
            })
            .collect(),
        Err(Failure::Final(error @ StoreError::OutcomeUnknown { .. })) => {
            group.iter().map(|_| Err(error.clone())).collect()
        }
        // The server undid the group. Which of them it was about is what asking for each alone tells.
        Err(_) => group
            .iter()
            .map(|transition| append(session, transition))
            .collect(),
    }
}

fn after(transition: &Transition) -> u64 {
    let lines = u64::try_from(transition.lines.len()).unwrap_or(u64::MAX);
    transition.expected.saturating_add(lines)
}

fn call(session: &mut Session, group: &[Transition]) -> Result<(), Failure> {
    let statement = session.statement(APPEND_GROUP).map_err(Failure::Final)?;
    let columns = Columns::of(group);
    session
        .client
        .execute(&statement, &columns.parameters())
        .map_err(|e| of_change(&e))?;
    Ok(())
}

/// A group column by column, as the function takes it. `…_of` is a transition's place in the group, from 1.
#[derive(Default)]
struct Columns<'a> {
    streams: Vec<&'a str>,
    expected: Vec<i64>,
    numbers: Vec<i64>,
    ats: Vec<i64>,
    leaves: Vec<&'a [u8]>,
    states: Vec<&'a str>,
    turns: Vec<Option<&'a str>>,
    dues: Vec<Option<i64>>,
    line_of: Vec<i32>,
    sequences: Vec<i64>,
    lines: Vec<&'a [u8]>,
    request_of: Vec<i32>,
    keys: Vec<&'a str>,
    digests: Vec<&'a [u8]>,
    answers: Vec<&'a [u8]>,
    blob_digests: Vec<&'a [u8]>,
    blobs: Vec<&'a [u8]>,
    job_of: Vec<i32>,
    jobs: Vec<&'a str>,
    kinds: Vec<&'a str>,
    job_dues: Vec<i64>,
    bodies: Vec<&'a [u8]>,
    cleared_of: Vec<i32>,
    cleared: Vec<&'a str>,
    under_of: Vec<i32>,
    under_streams: Vec<&'a str>,
    under_jobs: Vec<&'a str>,
    under_fences: Vec<i64>,
}

impl<'a> Columns<'a> {
    fn of(group: &'a [Transition]) -> Self {
        let mut columns = Self::default();
        for (place, transition) in (1..).zip(group) {
            columns.add_head(transition);
            columns.add_lines(place, transition);
            columns.add_jobs(place, transition);
        }
        columns
    }

    fn add_head(&mut self, transition: &'a Transition) {
        let summary = &transition.summary;
        self.streams.push(transition.stream.as_str());
        self.expected.push(count(transition.expected));
        self.numbers.push(count(after(transition)));
        self.ats.push(micros::down(transition.at));
        self.leaves.push(transition.leaf.as_bytes());
        self.states.push(&summary.state);
        self.turns.push(summary.turn.as_deref());
        self.dues.push(summary.due.map(micros::up));
    }

    fn add_lines(&mut self, place: i32, transition: &'a Transition) {
        for (sequence, line) in (transition.expected..).zip(&transition.lines) {
            self.line_of.push(place);
            self.sequences.push(count(sequence));
            self.lines.push(line);
        }
        if let Some(request) = &transition.request {
            self.request_of.push(place);
            self.keys.push(&request.key);
            self.digests.push(request.digest.as_bytes());
            self.answers.push(&request.answer);
        }
        for blob in &transition.blobs {
            self.blob_digests.push(blob.digest.as_bytes());
            self.blobs.push(&blob.bytes);
        }
    }

    fn add_jobs(&mut self, place: i32, transition: &'a Transition) {
        for job in &transition.jobs {
            self.job_of.push(place);
            self.jobs.push(job.id.as_str());
            self.kinds.push(job.kind.as_str());
            self.job_dues.push(micros::up(job.due));
            self.bodies.push(&job.body);
        }
        for job in &transition.cleared {
            self.cleared_of.push(place);
            self.cleared.push(job.as_str());
        }
        if let Some(claim) = &transition.under {
            self.under_of.push(place);
            self.under_streams.push(claim.stream.as_str());
            self.under_jobs.push(claim.job.as_str());
            self.under_fences.push(count(claim.fence.0));
        }
    }

    fn parameters(&self) -> [&(dyn ToSql + Sync); 28] {
        [
            &self.streams,
            &self.expected,
            &self.numbers,
            &self.ats,
            &self.leaves,
            &self.states,
            &self.turns,
            &self.dues,
            &self.line_of,
            &self.sequences,
            &self.lines,
            &self.request_of,
            &self.keys,
            &self.digests,
            &self.answers,
            &self.blob_digests,
            &self.blobs,
            &self.job_of,
            &self.jobs,
            &self.kinds,
            &self.job_dues,
            &self.bodies,
            &self.cleared_of,
            &self.cleared,
            &self.under_of,
            &self.under_streams,
            &self.under_jobs,
            &self.under_fences,
        ]
    }
}
