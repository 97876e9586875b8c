//! Keeping one transition: one call of `append_transition`, repeated when the server undid it because of someone else.

use baton_engine::port::{Appended, JobId, Refusal, StoreError, Transition};

use super::{
    error::{Failure, damaged, of_change},
    pool::Session,
};
use crate::micros;

/// How often a statement is sent again after the server undid it.
const ATTEMPTS: u32 = 8;

const APPEND: &str = "select outcome, number, answer from append_transition(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";

/// Keeps the transition.
pub(super) fn append(
    session: &mut Session,
    transition: &Transition,
) -> Result<Appended, StoreError> {
    let mut attempt = 1;
    loop {
        match call(session, transition) {
            Ok(appended) => return appended,
            Err(Failure::Final(error)) => return Err(error),
            Err(Failure::NameTaken) => {
                let why = "a message or timer of that name is there already".to_owned();
                return Err(Refusal::Malformed { why }.into());
            }
            Err(Failure::Again(error)) if attempt == ATTEMPTS => return Err(error),
            Err(Failure::Again(_)) => attempt += 1,
        }
    }
}

/// Sends the statement once. The outer error is a failure of the statement, the inner one what it answered.
fn call(
    session: &mut Session,
    transition: &Transition,
) -> Result<Result<Appended, StoreError>, Failure> {
    let statement = session.statement(APPEND).map_err(Failure::Final)?;
    let row = Parameters::of(transition)
        .send(session, &statement)
        .map_err(|e| of_change(&e))?;
    Ok(read(&row, transition))
}

/// The lists of a transition, column by column as the function takes them.
struct Parameters<'a> {
    transition: &'a Transition,
    blob_digests: Vec<&'a [u8]>,
    blobs: Vec<&'a [u8]>,
    jobs: Vec<&'a str>,
    kinds: Vec<&'a str>,
    dues: Vec<i64>,
    bodies: Vec<&'a [u8]>,
    cleared: Vec<&'a str>,
}

impl<'a> Parameters<'a> {
    fn of(transition: &'a Transition) -> Self {
        let blobs = &transition.blobs;
        let jobs = &transition.jobs;
        Self {
            transition,
            blob_digests: blobs
                .iter()
                .map(|blob| blob.digest.as_bytes().as_slice())
                .collect(),
            blobs: blobs.iter().map(|blob| blob.bytes.as_slice()).collect(),
            jobs: jobs.iter().map(|job| job.id.as_str()).collect(),
            kinds: jobs.iter().map(|job| job.kind.as_str()).collect(),
            dues: jobs.iter().map(|job| micros::up(job.due)).collect(),
            bodies: jobs.iter().map(|job| job.body.as_slice()).collect(),
            cleared: transition.cleared.iter().map(JobId::as_str).collect(),
        }
    }

    fn send(
        &self,
        session: &mut Session,
        statement: &postgres::Statement,
    ) -> Result<postgres::Row, postgres::Error> {
        let transition = self.transition;
        let summary = &transition.summary;
        let request = transition.request.as_ref();
        let under = transition.under.as_ref();
        session.client.query_one(
            statement,
            &[
                &transition.stream.as_str(),
                &count(transition.expected),
                &micros::down(transition.at),
                &transition.lines,
                &transition.leaf.as_bytes().as_slice(),
                &summary.state,
                &summary.turn,
                &summary.due.map(micros::up),
                &request.map(|request| request.key.as_str()),
                &request.map(|request| request.digest.as_bytes().as_slice()),
                &request.map(|request| request.answer.as_slice()),
                &self.blob_digests,
                &self.blobs,
                &self.jobs,
                &self.kinds,
                &self.dues,
                &self.bodies,
                &self.cleared,
                &under.map(|claim| claim.stream.as_str()),
                &under.map(|claim| claim.job.as_str()),
                &under.map(|claim| count(claim.fence.0)),
            ],
        )
    }
}

fn read(row: &postgres::Row, transition: &Transition) -> Result<Appended, StoreError> {
    let outcome: String = row.try_get(0).map_err(damaged)?;
    let number: Option<i64> = row.try_get(1).map_err(damaged)?;
    let entries = u64::try_from(number.unwrap_or(0)).map_err(damaged)?;
    let answer: Option<Vec<u8>> = row.try_get(2).map_err(damaged)?;
    match (
        outcome.as_str(),
        answer,
        &transition.request,
        &transition.under,
    ) {
        ("now", ..) => Ok(Appended::Now { entries }),
        ("before", Some(answer), ..) => Ok(Appended::Before { answer }),
        ("reused", _, Some(request), _) => Err(Refusal::KeyReused {
            key: request.key.clone(),
        }
        .into()),
        ("fenced", _, _, Some(claim)) => Err(Refusal::fenced(claim).into()),
        ("moved", ..) => Err(transition.moved(entries).into()),
        _ => Err(damaged(format!("append_transition answered `{outcome}`"))),
    }
}

/// Counts in this store stay far below 2^63; beyond, nothing matches.
pub(super) fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(-1)
}
