//! The model of a verification, made from the reports of `baton_evidence`.

use baton_evidence::bundle;
use baton_evidence::trace::{self, Level, Verdict};
use baton_terms::{Diagnostic, Instant};
use serde::Serialize;

use super::coverage;
use super::replay::Replay;

/// What was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A trace folder.
    Trace,
    /// A bundle as `bundle/v1`.
    Bundle,
    /// A bundle inside its page.
    Page,
}

impl Kind {
    /// Returns the word for readers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Bundle => "bundle",
            Self::Page => "bundle page",
        }
    }
}

/// A key that comes with a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Its name in the bundle.
    pub name: String,
    /// Who is said to hold it.
    pub identity: String,
    /// Kind of holder.
    pub kind: &'static str,
    /// Its id, the digest of its SPKI form.
    pub key_id: String,
}

/// One finding with its place in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code.
    pub code: String,
    /// Whether something is wrong, or only not covered.
    pub level: baton_terms::Level,
    /// What is the matter.
    pub message: String,
    /// Where: a file and line of a trace folder, or a JSON Pointer into a bundle.
    #[serde(rename = "where")]
    pub place: String,
    /// What was expected there.
    pub expected: String,
    /// What was found there.
    pub found: String,
    /// What to do.
    pub hint: String,
}

/// The result of a verification, as its readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// What was verified.
    pub kind: Kind,
    /// Its folder or file.
    pub name: String,
    /// Time of verification.
    pub as_of: Instant,
    /// How deep it went.
    pub level: Level,
    /// What follows.
    pub verdict: Verdict,
    /// Counts and names of what was covered.
    pub coverage: trace::Coverage,
    /// Attestations there are, and those verified; none for a trace.
    pub attestations: Option<[usize; 2]>,
    /// What was covered, in sentences.
    pub covered: Vec<String>,
    /// What was not covered, in sentences.
    pub not_covered: Vec<String>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Keys that come with a bundle; for readers to compare, never trusted.
    pub keys: Vec<Key>,
    /// Each decision evaluated again, when that was asked for.
    pub replay: Option<Replay>,
}

impl Verification {
    /// Returns the verification of the trace in folder `name`.
    pub fn of_trace(name: String, as_of: Instant, report: &trace::Report) -> Self {
        let place = |problem: &Diagnostic| place_in_folder(&problem.place.pointer);
        let findings = report.findings.iter().map(trace::Finding::diagnostic);
        Self {
            kind: Kind::Trace,
            name,
            as_of,
            level: report.level,
            verdict: report.verdict(),
            covered: coverage::covered(&report.coverage, report.level),
            not_covered: coverage::not_covered_of_trace(report),
            coverage: report.coverage.clone(),
            attestations: None,
            findings: findings
                .map(|problem| finding(&problem, place(&problem)))
                .collect(),
            keys: Vec::new(),
            replay: None,
        }
    }

    /// Returns the verification of the bundle in file `name`.
    pub fn of_bundle(name: String, as_of: Instant, report: &bundle::Report) -> Self {
        let kind = match report.form {
            bundle::Form::Json => Kind::Bundle,
            bundle::Form::Page => Kind::Page,
        };
        let mut counted = report.coverage.trace.clone();
        let mut attested = report.coverage.attestations_verified;
        if !coverage::is_trusted(report) {
            // What the keys inside signed is sealed by nobody yet.
            (counted.sealed, counted.signers, attested) = (0, Vec::new(), 0);
        }
        let findings = report.findings.iter().map(bundle::Finding::diagnostic);
        let keys = report.keys.entries().map(|(id, entry)| Key {
            name: entry.name.to_string(),
            identity: entry.identity.clone(),
            kind: entry.kind.as_str(),
            key_id: id.to_string(),
        });
        Self {
            kind,
            name,
            as_of,
            level: Level::Audit,
            verdict: report.verdict(),
            covered: coverage::covered_of_bundle(report),
            not_covered: coverage::not_covered_of_bundle(report),
            coverage: counted,
            attestations: Some([report.coverage.attestations, attested]),
            findings: findings
                .map(|problem| finding(&problem, problem.place.pointer.clone()))
                .collect(),
            keys: keys.collect(),
            replay: None,
        }
    }

    /// Adds what evaluating the decisions again gave.
    pub fn add_replay(&mut self, replay: Replay) {
        self.replay = Some(replay);
    }

    /// Says that the decisions were not evaluated again.
    pub fn say_not_replayed(&mut self) {
        let sentence = coverage::NOT_REPLAYED.replace("{}", "--replay");
        self.not_covered.push(sentence);
    }

    /// Returns whether the bytes are what trusted signers sealed and, when decisions were evaluated
    /// again, each gave the same bytes.
    pub fn is_pass(&self) -> bool {
        self.verdict == Verdict::Verified && self.replay.as_ref().is_none_or(Replay::is_identical)
    }
}

/// Returns the verdict's word in files.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verified => "verified",
        Verdict::InPart => "in-part",
        Verdict::Untrusted => "untrusted",
        Verdict::Refused => "refused",
    }
}

fn finding(problem: &Diagnostic, place: String) -> Finding {
    Finding {
        code: problem.code.to_string(),
        level: problem.level,
        message: problem.message.clone(),
        place,
        expected: problem.expected.clone(),
        found: problem.found.clone(),
        hint: problem.hint.clone(),
    }
}

/// Returns the file of a trace folder that a pointer into the bundle form is about.
fn place_in_folder(pointer: &str) -> String {
    if pointer == "/checkpoints" {
        return "checkpoint".to_owned();
    }
    let line = pointer
        .strip_prefix("/entries/")
        .and_then(|at| at.parse::<u64>().ok());
    match line {
        Some(at) => format!("entries.jsonl, line {}", at.saturating_add(1)),
        None => pointer.trim_start_matches('/').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_become_places_in_a_trace_folder() {
        let check = |pointer: &str, expected: &str| assert_eq!(place_in_folder(pointer), expected);
        check("/entries/0", "entries.jsonl, line 1");
        check("/entries/41", "entries.jsonl, line 42");
        check("/checkpoints", "checkpoint");
        check("/blobs/ab", "blobs/ab");
    }
}
