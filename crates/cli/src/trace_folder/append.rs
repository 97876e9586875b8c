//! Adds to a trace folder: verified before, sealed after, one writer at a time.

use std::collections::BTreeMap;
use std::path::Path;

use baton_evidence::checkpoint::{Checkpoint, CheckpointError, NoteSigner};
use baton_evidence::keys::{Entry, Keyring, Kind, SigningKey};
use baton_evidence::merkle::{Frontier, leaf_hash};
use baton_evidence::trace::{self, Draft, Finding, Trace, Trust};
use baton_terms::{Digest, Id, Instant};

use super::codes::{NOT_APPENDED, TRACE_REFUSED, WRONG_ORIGIN};
use super::names::{BLOBS, lock_of};
use super::plan::{self, Write};
use super::read::{self, Contents};
use crate::failure::{Failure, UNWRITABLE};
use crate::{files, lock};

/// Who seals, and what is trusted before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signing<'a> {
    /// Signs the new checkpoint.
    pub(crate) key: &'a SigningKey,
    /// Further keys that may have signed the checkpoint that is there; the key's own public half
    /// always may.
    pub(crate) keyring: Option<&'a Keyring>,
    /// Name of the trace; a new trace without one is called after its folder.
    pub(crate) origin: Option<&'a str>,
    /// The present.
    pub(crate) now: Instant,
}

/// What was added and sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Appended {
    /// Name of the trace.
    pub(crate) origin: String,
    /// Entries the checkpoint covers now.
    pub(crate) size: u64,
    /// Their Merkle root.
    pub(crate) root: Digest,
    /// Entries that were there and not sealed.
    pub(crate) sealed_late: u64,
    /// Bytes of an interrupted write that were cut off.
    pub(crate) cut_off: usize,
}

/// Appends one entry with the bytes it names, and seals the trace. A folder that is not there, or
/// holds no trace yet, becomes one.
pub(crate) fn append_decision(
    folder: &Path,
    draft: Draft,
    blobs: &BTreeMap<Digest, Vec<u8>>,
    signing: Signing<'_>,
) -> Result<Appended, Failure> {
    create(folder)?;
    let (file, what) = lock_of(folder);
    let _lock = lock::for_writing(&file, &what)?;
    let (writes, appended) = plan_append(folder, draft, blobs, signing)?;
    for write in &writes {
        write.perform(folder)?;
    }
    Ok(appended)
}

/// Writes a whole trace from elsewhere into a folder that is not there yet, and seals it.
pub(crate) fn export(
    folder: &Path,
    (lines, blobs): (&[Vec<u8>], &BTreeMap<Digest, Vec<u8>>),
    signing: Signing<'_>,
) -> Result<Appended, Failure> {
    files::require_new(folder)?;
    create(folder)?;
    let (file, what) = lock_of(folder);
    let _lock = lock::for_writing(&file, &what)?;
    let mut writes: Vec<Write> = plan::blobs(blobs).collect();
    writes.extend(lines.iter().map(|line| {
        let mut line = line.clone();
        line.push(b'\n');
        Write::AppendLine(line)
    }));
    let mut frontier = Frontier::new();
    frontier.extend(lines.iter().map(|line| leaf_hash(line)));
    let origin = Opened::empty(folder, signing).origin;
    let unusable = |error: CheckpointError| wrong_origin(&origin, error.to_string());
    let signer = NoteSigner::new(&origin, signing.key)
        .map_err(|error| wrong_origin(&origin, error.to_string()))?;
    let checkpoint = Checkpoint::new(&origin, frontier.size(), frontier.root());
    let checkpoint = checkpoint.map_err(unusable)?;
    writes.push(Write::Checkpoint(checkpoint.sign(&[signer])));
    for write in &writes {
        write.perform(folder)?;
    }
    Ok(Appended {
        origin: origin.clone(),
        size: frontier.size(),
        root: frontier.root(),
        sealed_late: 0,
        cut_off: 0,
    })
}

/// Seals every entry of a trace.
pub(crate) fn seal(folder: &Path, signing: Signing<'_>) -> Result<Appended, Failure> {
    let nothing = || read::not_a_trace(folder, "neither of them");
    if !folder.is_dir() {
        return Err(nothing());
    }
    let (file, what) = lock_of(folder);
    let _lock = lock::for_writing(&file, &what)?;
    let contents = read::contents(folder)?.ok_or_else(nothing)?;
    let open = Opened::new(folder, &contents, signing, signing.now)?;
    let mut writes = open.mend();
    let appended = open.sealed(&mut writes, signing)?;
    for write in &writes {
        write.perform(folder)?;
    }
    Ok(appended)
}

/// Returns every write of an append in order, and what they amount to; writes nothing.
pub(super) fn plan_append(
    folder: &Path,
    draft: Draft,
    blobs: &BTreeMap<Digest, Vec<u8>>,
    signing: Signing<'_>,
) -> Result<(Vec<Write>, Appended), Failure> {
    let present = signing.now.max(draft.time);
    let mut writes = Vec::new();
    let mut open = if let Some(contents) = read::contents(folder)? {
        Opened::new(folder, &contents, signing, present)?
    } else {
        if read::has_blobs(folder)? {
            return Err(read::not_a_trace(folder, "blobs without either of them"));
        }
        let open = Opened::empty(folder, signing);
        // The empty trace is sealed first: from then on a missing checkpoint is never innocent.
        open.sealed(&mut writes, signing)?;
        open
    };
    writes.extend(open.mend());
    refuse_changed_blobs(folder, blobs)?;
    writes.extend(plan::blobs(blobs));
    let line = open.trace.append(draft).map_err(|error| {
        Failure::new(
            NOT_APPENDED,
            format!("add the decision to the trace `{}`", folder.display()),
        )
        .expected("a decision not earlier than the last one, with a plain subject and actor")
        .found(error.to_string())
        .hint("give a later --as-of, or another --actor")
    })?;
    writes.push(Write::AppendLine(line));
    let appended = open.sealed(&mut writes, signing)?;
    Ok((writes, appended))
}

/// A trace that verified.
struct Opened {
    trace: Trace,
    origin: String,
    sealed_late: u64,
    /// Whole lines in bytes, and what follows them.
    lines: (usize, usize),
}

impl Opened {
    fn empty(folder: &Path, signing: Signing<'_>) -> Self {
        let origin = match (signing.origin, folder.canonicalize()) {
            (Some(origin), _) => origin.to_owned(),
            (None, Ok(path)) => path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            (None, Err(_)) => String::new(),
        };
        Self {
            trace: Trace::new(),
            origin,
            sealed_late: 0,
            lines: (0, 0),
        }
    }

    fn new(
        folder: &Path,
        contents: &Contents,
        signing: Signing<'_>,
        as_of: Instant,
    ) -> Result<Self, Failure> {
        let keys = trusted(signing);
        let trust = Trust {
            keys: &keys,
            as_of,
            origin: signing.origin,
        };
        let half = contents.half_line();
        let whole = contents.entries.len().saturating_sub(half);
        let lines = contents.entries.get(..whole).unwrap_or_default();
        let Some(checkpoint) = contents.checkpoint.as_deref() else {
            return Err(refused(folder, &Finding::CheckpointMissing));
        };
        let opened = Trace::open(lines.to_vec(), Some(checkpoint), trust);
        let trace = opened.map_err(|report| refused_by(folder, &report))?;
        let (sealed, _) = Checkpoint::parse(checkpoint).map_err(|error| {
            let why = error.to_string();
            refused(folder, &Finding::CheckpointUnreadable { why })
        })?;
        Ok(Self {
            sealed_late: trace.size().saturating_sub(sealed.size()),
            origin: sealed.origin().to_owned(),
            trace,
            lines: (whole, half),
        })
    }

    /// Returns the write that cuts off the rest of an interrupted one, if there is any.
    fn mend(&self) -> Vec<Write> {
        let (whole, half) = self.lines;
        let length = u64::try_from(whole).unwrap_or(u64::MAX);
        if half == 0 {
            Vec::new()
        } else {
            vec![Write::CutLines(length)]
        }
    }

    /// Adds the write of a checkpoint over all entries.
    fn sealed(&self, writes: &mut Vec<Write>, signing: Signing<'_>) -> Result<Appended, Failure> {
        let unusable = |found: String| wrong_origin(&self.origin, found);
        let signer = NoteSigner::new(&self.origin, signing.key)
            .map_err(|error| unusable(error.to_string()))?;
        let note = self.trace.seal(&self.origin, &[signer]);
        writes.push(Write::Checkpoint(
            note.map_err(|error| unusable(error.to_string()))?,
        ));
        Ok(Appended {
            origin: self.origin.clone(),
            size: self.trace.size(),
            root: self.trace.root(),
            sealed_late: self.sealed_late,
            cut_off: self.lines.1,
        })
    }
}

fn wrong_origin(origin: &str, found: String) -> Failure {
    Failure::new(WRONG_ORIGIN, format!("call the trace `{origin}`"))
        .expected("a name without spaces, `+` and control characters")
        .found(found)
        .hint("name it with --origin, such as `example.org/release-decisions`")
}

/// Returns the keyring with the signing key's public half, which counts in any case.
fn trusted(signing: Signing<'_>) -> Keyring {
    let given = signing.keyring.cloned().unwrap_or_default();
    let public_key = signing.key.public_key();
    if given.get(public_key.id()).is_some() {
        return given;
    }
    let entries = given.entries().map(|(_, entry)| entry.clone());
    let own = "own-key".parse::<Id>().map(|name| Entry {
        name,
        identity: "the key given with --key".to_owned(),
        public_key,
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    });
    Keyring::new(entries.chain(own))
}

fn create(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::new(UNWRITABLE, format!("create `{}`", folder.display()))
            .expected("a folder that can be written to")
            .found(error.to_string())
            .hint("check the path and its permissions")
    })
}

/// Refuses to write over a blob whose bytes are not those it is kept under: putting the right ones
/// back would hide that somebody changed it.
fn refuse_changed_blobs(folder: &Path, blobs: &BTreeMap<Digest, Vec<u8>>) -> Result<(), Failure> {
    for (digest, bytes) in blobs {
        let path = folder.join(BLOBS).join(digest.hex());
        if path.symlink_metadata().is_err() {
            continue;
        }
        let there = files::read(&path, baton_terms::limits::EVIDENCE_BYTES_MAX)?;
        if there != *bytes {
            let found = Digest::of(&there);
            let digest = *digest;
            return Err(refused(folder, &Finding::BlobChanged { digest, found }));
        }
    }
    Ok(())
}

fn refused_by(folder: &Path, report: &trace::Report) -> Failure {
    let worst = report.findings.iter().max_by_key(|found| found.weight());
    match worst {
        Some(Finding::OtherOrigin { expected, found }) => Failure::new(
            WRONG_ORIGIN,
            format!("open the trace `{}`", folder.display()),
        )
        .expected(format!("a trace called `{expected}`"))
        .found(format!("one called `{found}`"))
        .hint("name the folder of that trace, or leave --origin out"),
        Some(finding) => refused(folder, finding),
        None => refused(folder, &Finding::CheckpointMissing),
    }
}

fn refused(folder: &Path, finding: &Finding) -> Failure {
    let problem = finding.diagnostic();
    Failure::new(
        TRACE_REFUSED,
        format!("add to the trace `{}`", folder.display()),
    )
    .expected("a trace that verifies")
    .found(format!("{} ({})", problem.message, problem.code))
    .hint(format!(
        "{}; `baton trace verify` names everything that is wrong",
        problem.hint
    ))
}
