//! Verifies a trace: a pure function of bytes, keys and time.

use std::collections::BTreeMap;

use baton_terms::Digest;

pub use super::seal::Trust;
use super::{
    Coverage, Entry, Finding, Level, Report,
    diagnose::diagnose,
    lines,
    seal::Seal,
    walk::{Walk, walk},
};

/// Bytes by the digest they are kept under.
pub type Blobs<'a> = BTreeMap<Digest, &'a [u8]>;

/// What is verified.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The lines of the trace.
    pub entries: &'a [u8],
    /// The signed checkpoint over them.
    pub checkpoint: Option<&'a [u8]>,
    /// Checkpoints of this trace that were seen before.
    pub earlier: &'a [&'a [u8]],
    /// The bytes that entries name, when they are at hand.
    pub blobs: Option<&'a Blobs<'a>>,
}

/// Verifies a trace at a level.
pub fn verify(material: &Material<'_>, trust: Trust<'_>, level: Level) -> Report {
    let seal = Seal::of(material.checkpoint, trust);
    let earlier: Vec<Seal> = material
        .earlier
        .iter()
        .map(|bytes| Seal::of(Some(bytes), trust))
        .collect();
    let mut sizes: Vec<u64> = std::iter::once(&seal)
        .chain(&earlier)
        .filter_map(|seal| Some(seal.checkpoint.as_ref()?.size()))
        .collect();
    sizes.sort_unstable();
    let walk = walk(material.entries, &sizes, trust.as_of.to_string().as_bytes());
    let mut report = Report {
        level,
        coverage: Coverage {
            origin: seal.checkpoint.as_ref().map(|at| at.origin().to_owned()),
            lines: walk.lines,
            signers: seal.signers.clone(),
            ..Coverage::default()
        },
        findings: seal.findings.clone(),
    };
    if walk.is_whole {
        report.findings.extend_from_slice(&walk.findings);
        compare_seal(&mut report, &walk, &seal);
    } else {
        let found = lines::split(material.entries).count();
        report.coverage.lines = u64::try_from(found).unwrap_or(u64::MAX);
        let sealed = seal.checkpoint.as_ref().filter(|_| !seal.is_broken());
        report.findings.extend(diagnose(material.entries, sealed));
    }
    for past in &earlier {
        compare_earlier(&mut report, &walk, (past, &seal));
    }
    match level {
        Level::Audit => audit(&mut report, material),
        Level::Chain => {
            if let Some(blobs) = material.blobs.filter(|blobs| !blobs.is_empty()) {
                let note = format!("{} blobs: the chain level does not read them", blobs.len());
                report.coverage.not_covered.push(note);
            }
        }
    }
    report.findings.sort();
    report.findings.dedup();
    report
}

/// Compares a whole chain with its checkpoint.
fn compare_seal(report: &mut Report, walk: &Walk, seal: &Seal) {
    // A checkpoint that was itself changed says nothing about the entries.
    let Some(checkpoint) = seal.checkpoint.as_ref().filter(|_| !seal.is_broken()) else {
        return;
    };
    let size = checkpoint.size();
    match walk.roots.get(&size) {
        None => report.findings.push(Finding::Truncated {
            first: walk.lines,
            last: size.saturating_sub(1),
        }),
        Some(root) if *root == checkpoint.root() => {
            if !seal.signers.is_empty() {
                report.coverage.sealed = size;
            }
        }
        // The last entry is the only one that no later entry links to.
        Some(_) if size == walk.lines && size > 0 => {
            report
                .findings
                .push(Finding::EntryChanged { sequence: size - 1 });
        }
        Some(_) => report.findings.push(Finding::Rewritten { size }),
    }
    if walk.lines > size {
        report.findings.push(Finding::Unsealed {
            first: size,
            last: walk.lines - 1,
        });
    }
}

/// Compares the trace with a checkpoint seen before.
fn compare_earlier(report: &mut Report, walk: &Walk, (past, now): (&Seal, &Seal)) {
    report.findings.extend_from_slice(&past.findings);
    if past.is_broken() || now.is_broken() {
        return;
    }
    let (Some(past), Some(now)) = (&past.checkpoint, &now.checkpoint) else {
        return;
    };
    let seen = past.size();
    if past.origin() != now.origin() {
        report.findings.push(Finding::OtherOrigin {
            expected: past.origin().to_owned(),
            found: now.origin().to_owned(),
        });
    } else if seen > now.size() {
        report.findings.push(Finding::RolledBack {
            seen,
            now: now.size(),
        });
    } else if seen == now.size() && past.root() != now.root() {
        report.findings.push(Finding::Forked { seen });
    } else if walk.is_whole {
        match walk.roots.get(&seen) {
            Some(root) if *root == past.root() => report.coverage.earlier_checkpoints += 1,
            Some(_) => report.findings.push(Finding::Forked { seen }),
            None => {}
        }
    }
}

/// Parses every line and reads every blob.
fn audit(report: &mut Report, material: &Material<'_>) {
    let mut named: BTreeMap<Digest, (u64, String)> = BTreeMap::new();
    for (line, sequence) in lines::split(material.entries).zip(0_u64..) {
        match Entry::parse(line) {
            Ok(entry) => {
                for (name, digest) in &entry.draft().digests {
                    named
                        .entry(*digest)
                        .or_insert_with(|| (entry.sequence(), name.to_string()));
                }
            }
            Err(problems) => {
                let why = problems.first().map_or_else(String::new, |problem| {
                    format!("{} at `{}`", problem.message, problem.place.pointer)
                });
                report.findings.push(Finding::EntryShape { sequence, why });
            }
        }
    }
    let Some(blobs) = material.blobs else {
        if !named.is_empty() {
            let note = format!("{} blobs that entries name: not given", named.len());
            report.coverage.not_covered.push(note);
        }
        return;
    };
    for (digest, (sequence, name)) in named {
        if !blobs.contains_key(&digest) {
            report.findings.push(Finding::BlobMissing {
                sequence,
                name,
                digest,
            });
        }
    }
    for (digest, bytes) in blobs {
        let found = Digest::of(bytes);
        report.coverage.blobs += 1;
        if found != *digest {
            report.findings.push(Finding::BlobChanged {
                digest: *digest,
                found,
            });
        }
    }
}
