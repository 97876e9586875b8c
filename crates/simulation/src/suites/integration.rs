//! Integration: evidence verified from its bytes, and delivery through a real adapter.

use std::collections::BTreeMap;

use baton_evidence::canonical;
use baton_scoring::decision;
use baton_terms::Digest;

use super::file::Case;
use super::report::CaseReport;
use super::run::{Files, Subject};
use super::scene::{Evidence, Scene};
use super::unit::compare;

pub(super) fn run(subject: &Subject<'_>, case: &Case, files: &dyn Files) -> CaseReport {
    match attempt(subject, case, files) {
        Ok((checks, messages)) => CaseReport::new(&case.name, checks, messages),
        Err(why) => CaseReport::new(&case.name, 0, vec![why]),
    }
}

fn attempt(
    subject: &Subject<'_>,
    case: &Case,
    files: &dyn Files,
) -> Result<(u64, Vec<String>), String> {
    let scene = Scene::set(subject.contract, case, Evidence::Verified, files)?;
    let scorecard = scene.check(subject.contract)?;
    let (mut checks, mut messages) = compare(case, &scorecard, &scene.evidence);
    if case.is_delivered {
        let record = decision::record(
            &canonical::to_bytes(subject.form),
            &scene.inputs(),
            &scorecard,
        )
        .map_err(|error| error.to_string())?;
        let (tried, wrong) = deliver(&record.blobs, files);
        checks += tried;
        messages.extend(wrong);
    }
    Ok((checks, messages))
}

/// Drops every part of the decision and compares what the receiver reads with its digest.
fn deliver(parts: &BTreeMap<Digest, Vec<u8>>, files: &dyn Files) -> (u64, Vec<String>) {
    let mut checks = 0;
    let mut messages = Vec::new();
    for (digest, bytes) in parts {
        checks += 1;
        match files.deliver(&digest.hex(), bytes) {
            Ok(received) if Digest::of(&received) == *digest => {}
            Ok(received) => {
                let found = Digest::of(&received);
                messages.push(format!("delivery: expected {digest}, found {found}"));
            }
            Err(error) => messages.push(format!("delivery of {digest} failed: {}", error.0)),
        }
    }
    (checks, messages)
}
