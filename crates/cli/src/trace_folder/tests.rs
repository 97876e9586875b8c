//! Each cut between two writes, the lock, and every kind of foreign or broken folder.

#![expect(
    clippy::disallowed_methods,
    reason = "tests tamper with files and stop at the first surprise"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use baton_evidence::keys::{Entry, Keyring, Kind, SigningKey};
use baton_evidence::trace::{self, Draft, Finding, Level, Material, Trust, Verdict};
use baton_terms::{Digest, Instant};
use serde_json::Map;

use super::append::plan_append;
use super::plan::Write;
use super::{Signing, append_decision, read, read_blobs, seal};

const ORIGIN: &str = "example.org/decisions";

fn now() -> Instant {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn signing(key: &SigningKey) -> Signing<'_> {
    Signing {
        key,
        keyring: None,
        origin: Some(ORIGIN),
        now: now(),
    }
}

fn keyring() -> Keyring {
    Keyring::new([Entry {
        name: "log".parse().unwrap(),
        identity: "log@example.org".to_owned(),
        public_key: key(1).public_key(),
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }])
}

fn blobs(number: u8) -> BTreeMap<Digest, Vec<u8>> {
    let bytes = [vec![b'p', number], vec![b's', number]];
    bytes
        .into_iter()
        .map(|bytes| (Digest::of(&bytes), bytes))
        .collect()
}

fn draft(number: u8) -> Draft {
    let names = ["package", "scorecard"].map(|name| name.parse().unwrap());
    Draft {
        time: format!("2026-11-20T09:00:{number:02}Z").parse().unwrap(),
        kind: "decision".parse().unwrap(),
        subject: format!("TICKET-{number}"),
        actor: None,
        digests: names.into_iter().zip(blobs(number).into_keys()).collect(),
        detail: Map::new(),
    }
}

fn append(folder: &Path, number: u8) -> Result<super::append::Appended, crate::failure::Failure> {
    append_decision(folder, draft(number), &blobs(number), signing(&key(1)))
}

/// Verifies a trace folder in full.
fn verify(folder: &Path) -> trace::Report {
    let (contents, files) = (read(folder).unwrap(), read_blobs(folder).unwrap());
    let blobs = files.borrowed();
    let keys = keyring();
    let material = Material {
        entries: &contents.entries,
        checkpoint: contents.checkpoint.as_deref(),
        earlier: &[],
        blobs: Some(&blobs),
    };
    let trust = Trust {
        keys: &keys,
        as_of: now(),
        origin: Some(ORIGIN),
    };
    trace::verify(&material, trust, Level::Audit)
}

fn folder_of(numbers: std::ops::Range<u8>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in numbers {
        append(folder.path(), number).unwrap();
    }
    folder
}

#[test]
fn a_trace_grows_and_verifies() {
    let folder = folder_of(0..5);
    let report = verify(folder.path());
    assert!(report.is_verified(), "{:?}", report.findings);
    assert_eq!((report.coverage.sealed, report.coverage.blobs), (5, 10));
}

// Every cut between two writes, at the first append and at a later one: the trace verifies but for
// a tail that is not sealed, and the next append mends it.
#[test]
fn a_crash_between_any_two_writes_leaves_a_trace_that_verifies() {
    for before in [0, 1, 3] {
        let whole = folder_of(0..before);
        let key = key(1);
        let (writes, _) =
            plan_append(whole.path(), draft(before), &blobs(before), signing(&key)).unwrap();
        assert!(writes.len() >= 4);
        for cut in 1..=writes.len() {
            let folder = folder_of(0..before);
            for write in &writes[..cut] {
                write.perform(folder.path()).unwrap();
            }
            let report = verify(folder.path());
            let is_whole = cut == writes.len() || !has_line(&writes[..cut]);
            let expected = if is_whole {
                Verdict::Verified
            } else {
                Verdict::InPart
            };
            assert_eq!(
                report.verdict(),
                expected,
                "{before} cut at {cut}: {report:?}"
            );
            append(folder.path(), before + 1).unwrap();
            let report = verify(folder.path());
            assert!(report.is_verified(), "{before} mended at {cut}: {report:?}");
            let entries = if has_line(&writes[..cut]) {
                before + 2
            } else {
                before + 1
            };
            assert_eq!(report.coverage.sealed, u64::from(entries));
        }
    }
}

fn has_line(writes: &[Write]) -> bool {
    writes
        .iter()
        .any(|write| matches!(write, Write::AppendLine(_)))
}

// A crash inside the write of a line leaves half of it; sealing or appending cuts it off.
#[test]
fn half_a_line_is_cut_off_and_nothing_else_is_lost() {
    let whole = folder_of(0..3);
    let entries = fs::read(whole.path().join("entries.jsonl")).unwrap();
    let before = entries[..entries.len() - 1]
        .iter()
        .rposition(|b| *b == b'\n')
        .unwrap()
        + 1;
    for kept in [before + 1, before + 40, entries.len() - 1] {
        let folder = folder_of(0..2);
        fs::write(folder.path().join("entries.jsonl"), &entries[..kept]).unwrap();
        assert_eq!(verify(folder.path()).verdict(), Verdict::Refused);
        let sealed = seal(folder.path(), signing(&key(1))).unwrap();
        assert_eq!((sealed.size, sealed.cut_off), (2, kept - before));
        assert!(verify(folder.path()).is_verified());
        append(folder.path(), 2).unwrap();
        assert_eq!(
            fs::read(folder.path().join("entries.jsonl")).unwrap(),
            entries
        );
    }
}

// A sealed line that lost its end is tampering, not an interrupted write.
#[test]
fn a_sealed_line_is_never_cut_off() {
    let folder = folder_of(0..2);
    let path = folder.path().join("entries.jsonl");
    let entries = fs::read(&path).unwrap();
    fs::write(&path, &entries[..entries.len() - 1]).unwrap();
    let refused = append(folder.path(), 2).unwrap_err();
    assert_eq!(refused.0.code.to_string(), "E0912");
    assert_eq!(fs::read(&path).unwrap(), entries[..entries.len() - 1]);
}

#[test]
fn what_was_tampered_with_is_never_added_to() {
    type Tamper = fn(&Path);
    let cases: [(&str, Tamper, &str); 6] = [
        (
            "changed entry",
            |at| flip(&at.join("entries.jsonl")),
            "E0741",
        ),
        (
            "no checkpoint",
            |at| fs::remove_file(at.join("checkpoint")).unwrap(),
            "E0748",
        ),
        (
            "no entries",
            |at| fs::remove_file(at.join("entries.jsonl")).unwrap(),
            "E0746",
        ),
        (
            "empty entries",
            |at| fs::write(at.join("entries.jsonl"), "").unwrap(),
            "E0746",
        ),
        ("foreign checkpoint", foreign_checkpoint, "E0750"),
        (
            "changed blob",
            |at| {
                let (digest, _) = blobs(2).pop_first().unwrap();
                fs::write(at.join("blobs").join(digest.hex()), "other").unwrap();
            },
            "E0756",
        ),
    ];
    for (name, tamper, code) in cases {
        let folder = folder_of(0..2);
        tamper(folder.path());
        let entries = fs::read(folder.path().join("entries.jsonl")).ok();
        let refused = append(folder.path(), 2).unwrap_err();
        assert_eq!(refused.0.code.to_string(), "E0912", "{name}");
        assert!(
            refused.0.found.contains(code),
            "{name}: {}",
            refused.0.found
        );
        assert_eq!(
            fs::read(folder.path().join("entries.jsonl")).ok(),
            entries,
            "{name}"
        );
    }
}

fn flip(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, text.replacen("TICKET-0", "TICKET-9", 1)).unwrap();
}

fn foreign_checkpoint(folder: &Path) {
    let other = tempfile::tempdir().unwrap();
    let key = key(2);
    for number in 0..2 {
        append_decision(other.path(), draft(number), &blobs(number), signing(&key)).unwrap();
    }
    fs::copy(other.path().join("checkpoint"), folder.join("checkpoint")).unwrap();
}

#[test]
fn another_key_adds_only_when_the_keyring_knows_the_first_one() {
    let folder = folder_of(0..1);
    let (second, keyring) = (key(2), keyring());
    let alone = append_decision(folder.path(), draft(1), &blobs(1), signing(&second));
    assert_eq!(alone.unwrap_err().0.code.to_string(), "E0912");
    let known = Signing {
        keyring: Some(&keyring),
        ..signing(&second)
    };
    append_decision(folder.path(), draft(1), &blobs(1), known).unwrap();
}

#[test]
fn a_locked_trace_is_neither_written_nor_read() {
    let folder = folder_of(0..1);
    let (file, what) = super::names::lock_of(folder.path());
    let held = crate::lock::for_writing(&file, &what).unwrap();
    let locked = |failure: crate::failure::Failure| assert_eq!(failure.0.code.to_string(), "E0911");
    locked(append(folder.path(), 1).unwrap_err());
    locked(seal(folder.path(), signing(&key(1))).unwrap_err());
    locked(read(folder.path()).unwrap_err());
    locked(read_blobs(folder.path()).unwrap_err());
    drop(held);
    append(folder.path(), 1).unwrap();
    assert!(verify(folder.path()).is_verified());
}

#[test]
fn many_writers_at_once_leave_one_whole_trace() {
    let folder = folder_of(0..1);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut left = 5;
                // A writer that is locked out tries again; nobody is served twice or lost.
                while left > 0 {
                    match append(folder.path(), 1) {
                        Ok(_) => left -= 1,
                        Err(failure) => assert_eq!(failure.0.code.to_string(), "E0911"),
                    }
                }
            });
        }
    });
    let report = verify(folder.path());
    assert!(report.is_verified(), "{:?}", report.findings);
    assert_eq!(report.coverage.sealed, 21);
}

#[test]
fn origins_and_times_that_do_not_fit_are_refused() {
    let check = |signing: Signing<'_>, number: u8, code: &str| {
        let folder = folder_of(1..2);
        let refused = append_decision(folder.path(), draft(number), &blobs(number), signing);
        assert_eq!(refused.unwrap_err().0.code.to_string(), code);
    };
    let key = key(1);
    let other = Signing {
        origin: Some("example.org/other"),
        ..signing(&key)
    };
    check(other, 2, "E0913");
    check(signing(&key), 0, "E0914");
    let unusable = Signing {
        origin: Some("two words"),
        ..signing(&key)
    };
    let folder = tempfile::tempdir().unwrap();
    let refused = append_decision(folder.path(), draft(0), &blobs(0), unusable);
    assert_eq!(refused.unwrap_err().0.code.to_string(), "E0913");
}

#[test]
fn folders_without_a_trace_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let code = |failure: crate::failure::Failure| failure.0.code.to_string();
    assert_eq!(code(read(folder.path()).unwrap_err()), "E0910");
    assert_eq!(
        code(seal(folder.path(), signing(&key(1))).unwrap_err()),
        "E0910"
    );
    // Blobs without a checkpoint are what is left of a trace, never the start of one.
    fs::create_dir(folder.path().join("blobs")).unwrap();
    fs::write(folder.path().join("blobs/ab"), "x").unwrap();
    assert_eq!(code(append(folder.path(), 0).unwrap_err()), "E0910");
}

#[test]
fn a_half_written_blob_is_no_part_of_the_trace() {
    let folder = folder_of(0..1);
    fs::write(folder.path().join("blobs/ab.7.partial"), "x").unwrap();
    assert!(verify(folder.path()).is_verified());
    fs::write(folder.path().join("blobs/notes.txt"), "x").unwrap();
    assert_eq!(read_blobs(folder.path()).unwrap().foreign, ["notes.txt"]);
}

#[test]
fn a_missing_blob_is_found() {
    let folder = folder_of(0..2);
    let (digest, _) = blobs(0).pop_first().unwrap();
    fs::remove_file(folder.path().join("blobs").join(digest.hex())).unwrap();
    let report = verify(folder.path());
    let missing = |finding: &Finding| matches!(finding, Finding::BlobMissing { sequence: 0, .. });
    assert!(report.findings.iter().any(missing), "{report:?}");
}
