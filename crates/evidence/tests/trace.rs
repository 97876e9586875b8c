//! The trace: chaining, sealing, and every kind of tampering found and named.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::collections::BTreeMap;

use baton_evidence::{
    checkpoint::NoteSigner,
    keys::{Entry as KeyEntry, Keyring, Kind, SigningKey},
    trace::{
        Blobs, Draft, Entry, Finding, Level, Material, Replayed, Report, Reproduction, Trace,
        Trust, Verdict, replay, verify,
    },
};
use baton_terms::{Digest, Instant};
use proptest::prelude::*;

const ORIGIN: &str = "baton.example/mission-1";
const NOW: &str = "2026-12-01T00:00:00Z";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn holder(seed: u8) -> KeyEntry {
    KeyEntry {
        name: format!("log-{seed}").parse().unwrap(),
        identity: "log@example.com".to_owned(),
        public_key: key(seed).public_key(),
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }
}

fn keyring() -> Keyring {
    Keyring::new([holder(1)])
}

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn draft(number: usize) -> Draft {
    Draft {
        time: instant(&format!(
            "2026-11-20T09:{:02}:{:02}Z",
            number / 60,
            number % 60
        )),
        kind: "decision".parse().unwrap(),
        subject: format!("handoff-{number}"),
        actor: number
            .is_multiple_of(2)
            .then(|| "ana@example.com".to_owned()),
        digests: BTreeMap::from([
            ("package".parse().unwrap(), Digest::of(b"package")),
            ("scorecard".parse().unwrap(), Digest::of(b"scorecard")),
        ]),
        detail: serde_json::json!({ "posture": "ready", "number": number })
            .as_object()
            .cloned()
            .unwrap(),
    }
}

fn trace(size: usize) -> Trace {
    let mut trace = Trace::new();
    for number in 0..size {
        trace.append(draft(number)).unwrap();
    }
    trace
}

fn seal(trace: &Trace) -> Vec<u8> {
    let key = key(1);
    let signer = NoteSigner::new(ORIGIN, &key).unwrap();
    trace.seal(ORIGIN, &[signer]).unwrap()
}

fn check(entries: &[u8], checkpoint: Option<&[u8]>) -> Report {
    check_with(entries, checkpoint, &[])
}

fn check_with(entries: &[u8], checkpoint: Option<&[u8]>, earlier: &[&[u8]]) -> Report {
    let keys = keyring();
    let trust = Trust {
        keys: &keys,
        as_of: instant(NOW),
        origin: Some(ORIGIN),
    };
    let material = Material {
        entries,
        checkpoint,
        earlier,
        blobs: None,
    };
    verify(&material, trust, Level::Chain)
}

fn lines(trace: &Trace) -> Vec<Vec<u8>> {
    let entries = trace.entries().split_inclusive(|byte| *byte == b'\n');
    entries.map(<[u8]>::to_vec).collect()
}

// spec: EVIDENCE-60
#[test]
fn a_sealed_trace_of_every_small_size_verifies_and_opens() {
    for size in 0..20 {
        let whole = trace(size);
        let checkpoint = seal(&whole);
        let report = check(whole.entries(), Some(&checkpoint));
        assert_eq!(report.verdict(), Verdict::Verified, "{:?}", report.findings);
        assert_eq!(report.coverage.sealed, u64::try_from(size).unwrap());
        assert_eq!(report.coverage.signers, ["log-1"]);
        let keys = keyring();
        let trust = Trust {
            keys: &keys,
            as_of: instant(NOW),
            origin: None,
        };
        let mut opened = Trace::open(whole.entries().to_vec(), Some(&checkpoint), trust).unwrap();
        assert_eq!(opened.root(), whole.root());
        opened.append(draft(size)).unwrap();
        assert_eq!(opened.entries(), trace(size + 1).entries());
    }
}

// spec: EVIDENCE-61
#[test]
fn every_flipped_bit_is_found_and_the_changed_entry_named() {
    let size = 4;
    let whole = trace(size);
    let checkpoint = seal(&whole);
    let mut start = 0;
    for (sequence, line) in lines(&whole).iter().enumerate() {
        for bit in 0..line.len() * 8 {
            let mut entries = whole.entries().to_vec();
            let at = start + bit / 8;
            entries[at] ^= 1 << (bit % 8);
            let report = check(&entries, Some(&checkpoint));
            assert_eq!(
                report.verdict(),
                Verdict::Refused,
                "entry {sequence} bit {bit}"
            );
            // A newline that goes or comes makes two entries one or one two: more is named then.
            let is_break = entries[at] == b'\n' || whole.entries()[at] == b'\n';
            let sequence = u64::try_from(sequence).unwrap();
            let changed = Finding::EntryChanged { sequence };
            if is_break {
                let names_it = |finding: &Finding| {
                    *finding == changed
                        || matches!(finding, Finding::EntriesRemoved { first, .. } if *first == sequence)
                        || matches!(finding, Finding::Truncated { first, .. } if *first == sequence)
                };
                assert!(
                    report.findings.iter().any(names_it),
                    "{:?}",
                    report.findings
                );
            } else {
                let is_time = |finding: &Finding| {
                    matches!(
                        finding,
                        Finding::TimeAhead { .. } | Finding::TimeBackwards { .. }
                    )
                };
                let (time, other): (Vec<_>, Vec<_>) =
                    report.findings.into_iter().partition(is_time);
                assert_eq!(other, [changed], "bit {bit} of entry {sequence}");
                assert!(time.is_empty() || sequence == 3);
            }
        }
        start += line.len();
    }
}

// spec: EVIDENCE-61
#[test]
fn every_flipped_bit_of_a_checkpoint_is_found() {
    let whole = trace(3);
    let checkpoint = seal(&whole);
    for bit in 0..checkpoint.len() * 8 {
        let mut changed = checkpoint.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let report = check(whole.entries(), Some(&changed));
        assert!(!report.is_verified(), "bit {bit}");
        assert_eq!(report.coverage.sealed, 0, "bit {bit}");
    }
}

// spec: EVIDENCE-62
#[test]
fn removed_repeated_moved_inserted_and_cut_off_entries_are_named() {
    let size = 7;
    let whole = trace(size);
    let checkpoint = seal(&whole);
    let verdict = |lines: &[Vec<u8>]| check(&lines.concat(), Some(&checkpoint)).findings;
    for at in 0..size {
        let sequence = u64::try_from(at).unwrap();
        let mut removed = lines(&whole);
        removed.remove(at);
        let expected = if at + 1 == size {
            Finding::Truncated {
                first: sequence,
                last: sequence,
            }
        } else {
            Finding::EntriesRemoved {
                first: sequence,
                last: sequence,
            }
        };
        assert_eq!(verdict(&removed), [expected], "removed {at}");

        let mut repeated = lines(&whole);
        repeated.insert(at + 1, repeated[at].clone());
        let copy = Finding::EntryRepeated {
            sequence,
            line: sequence + 2,
        };
        assert_eq!(verdict(&repeated), [copy], "repeated {at}");

        let cut: Vec<Vec<u8>> = lines(&whole).into_iter().take(at).collect();
        let missing = Finding::Truncated {
            first: sequence,
            last: 6,
        };
        assert_eq!(verdict(&cut), [missing], "cut at {at}");

        for other in (0..size).filter(|other| *other != at) {
            let mut moved = lines(&whole);
            let line = moved.remove(at);
            moved.insert(other, line);
            let findings = verdict(&moved);
            let is_swap = at.abs_diff(other) == 1;
            let line = u64::try_from(other).unwrap() + 1;
            let expected = Finding::EntryMoved { sequence, line };
            assert_eq!(findings.len(), 1, "{findings:?}");
            assert!(
                findings == [expected] || is_swap,
                "{at} to {other}: {findings:?}"
            );
            assert!(matches!(findings[0], Finding::EntryMoved { .. }));
        }
    }
}

// spec: EVIDENCE-62
#[test]
fn a_forged_line_is_named_wherever_it_stands() {
    let whole = trace(5);
    let checkpoint = seal(&whole);
    for at in 0..5 {
        let genuine = Entry::parse(lines(&whole)[at].strip_suffix(b"\n").unwrap()).unwrap();
        let forged = Entry::new(draft(40), genuine.sequence(), genuine.previous()).unwrap();
        let mut inserted = lines(&whole);
        inserted.insert(at, [forged.to_line(), b"\n".to_vec()].concat());
        let report = check(&inserted.concat(), Some(&checkpoint));
        let claims = u64::try_from(at).unwrap();
        let expected = Finding::LineInserted {
            line: claims + 1,
            claims,
        };
        assert_eq!(report.findings, [expected]);
        let mut replaced = lines(&whole);
        replaced[at] = [forged.to_line(), b"\n".to_vec()].concat();
        let report = check(&replaced.concat(), Some(&checkpoint));
        assert_eq!(
            report.findings,
            [Finding::EntryChanged { sequence: claims }]
        );

        let mut garbage = lines(&whole);
        garbage.insert(at, b"not an entry\n".to_vec());
        let report = check(&garbage.concat(), Some(&checkpoint));
        assert_eq!(
            report.findings,
            [Finding::UnreadableLine { line: claims + 1 }]
        );
    }
}

// spec: EVIDENCE-63
#[test]
fn a_rewritten_trace_and_a_restored_backup_are_refused() {
    let old = trace(3);
    let old_seal = seal(&old);
    let new = trace(6);
    let new_seal = seal(&new);
    let report = check_with(new.entries(), Some(&new_seal), &[&old_seal]);
    assert_eq!(report.verdict(), Verdict::Verified);
    assert_eq!(report.coverage.earlier_checkpoints, 1);

    let report = check_with(old.entries(), Some(&old_seal), &[&new_seal]);
    assert_eq!(report.findings, [Finding::RolledBack { seen: 6, now: 3 }]);

    let mut other = Trace::new();
    for number in 10..16 {
        other.append(draft(number)).unwrap();
    }
    let other_seal = seal(&other);
    let report = check_with(other.entries(), Some(&other_seal), &[&old_seal]);
    assert_eq!(report.findings, [Finding::Forked { seen: 3 }]);
    let report = check_with(other.entries(), Some(&new_seal), &[]);
    assert_eq!(report.findings, [Finding::EntryChanged { sequence: 5 }]);
    let report = check_with(other.entries(), Some(&old_seal), &[]);
    let unsealed = Finding::Unsealed { first: 3, last: 5 };
    assert_eq!(report.findings, [unsealed, Finding::Rewritten { size: 3 }]);
}

// spec: EVIDENCE-64
#[test]
fn what_no_trusted_signature_covers_never_passes() {
    let whole = trace(4);
    let checkpoint = seal(&trace(3));
    let report = check(whole.entries(), Some(&checkpoint));
    assert_eq!(report.verdict(), Verdict::InPart);
    assert_eq!(report.findings, [Finding::Unsealed { first: 3, last: 3 }]);
    assert_eq!(report.coverage.sealed, 3);

    let report = check(whole.entries(), None);
    assert_eq!(report.verdict(), Verdict::Untrusted);
    assert_eq!(report.findings, [Finding::CheckpointMissing]);

    let stranger = key(9);
    let foreign = NoteSigner::new(ORIGIN, &stranger).unwrap();
    let foreign = whole.seal(ORIGIN, &[foreign]).unwrap();
    let report = check(whole.entries(), Some(&foreign));
    assert_eq!(report.verdict(), Verdict::Untrusted);
    assert_eq!(report.coverage.sealed, 0);

    let key = key(1);
    let elsewhere = NoteSigner::new("log-1", &key).unwrap();
    let elsewhere = whole.seal("baton.example/other", &[elsewhere]).unwrap();
    let report = check(whole.entries(), Some(&elsewhere));
    assert!(matches!(report.findings[..], [Finding::OtherOrigin { .. }]));
}

// spec: EVIDENCE-64
#[test]
fn keys_count_only_in_their_time() {
    let whole = trace(2);
    let checkpoint = seal(&whole);
    let state = |change: fn(&mut KeyEntry)| {
        let mut entry = holder(1);
        change(&mut entry);
        let keys = Keyring::new([entry]);
        let trust = Trust {
            keys: &keys,
            as_of: instant(NOW),
            origin: None,
        };
        let material = Material {
            entries: whole.entries(),
            checkpoint: Some(&checkpoint),
            earlier: &[],
            blobs: None,
        };
        verify(&material, trust, Level::Chain).verdict()
    };
    assert_eq!(state(|_| {}), Verdict::Verified);
    assert_eq!(
        state(|key| key.revoked_at = Some(instant(NOW))),
        Verdict::Untrusted
    );
    assert_eq!(
        state(|key| key.valid_until = Some(instant(NOW))),
        Verdict::Untrusted
    );
    let later = |key: &mut KeyEntry| key.valid_from = Some(instant("2027-01-01T00:00:00Z"));
    assert_eq!(state(later), Verdict::Untrusted);
}

// spec: EVIDENCE-65
#[test]
fn times_that_run_backwards_or_ahead_are_named() {
    let mut whole = trace(3);
    let early = whole.append(draft(0));
    assert!(early.is_err());
    let late = Draft {
        time: instant("2027-01-01T00:00:00.5Z"),
        ..draft(3)
    };
    whole.append(late).unwrap();
    let report = check(whole.entries(), Some(&seal(&whole)));
    assert_eq!(report.findings, [Finding::TimeAhead { sequence: 3 }]);

    let mut entries = trace(2).entries().to_vec();
    let mut last = Entry::parse(lines(&trace(2))[1].strip_suffix(b"\n").unwrap()).unwrap();
    for (at, time) in ["2026-11-20T09:00:01.5Z", "2026-11-20T09:00:01.25Z"]
        .iter()
        .enumerate()
    {
        let previous = baton_evidence::merkle::leaf_hash(&last.to_line());
        let draft = Draft {
            time: instant(time),
            ..draft(at)
        };
        last = Entry::new(draft, last.sequence() + 1, previous).unwrap();
        entries.extend_from_slice(&last.to_line());
        entries.push(b'\n');
    }
    let report = check(&entries, None);
    let backwards = Finding::TimeBackwards { sequence: 3 };
    assert_eq!(report.findings, [Finding::CheckpointMissing, backwards]);
}

// spec: EVIDENCE-66
#[test]
fn the_audit_reads_every_line_and_blob() {
    let whole = trace(2);
    let checkpoint = seal(&whole);
    let keys = keyring();
    let trust = Trust {
        keys: &keys,
        as_of: instant(NOW),
        origin: None,
    };
    let audit = |blobs: Option<&Blobs<'_>>| {
        let material = Material {
            entries: whole.entries(),
            checkpoint: Some(&checkpoint),
            earlier: &[],
            blobs,
        };
        verify(&material, trust, Level::Audit)
    };
    let (package, scorecard) = (Digest::of(b"package"), Digest::of(b"scorecard"));
    let mut blobs: Blobs<'_> = BTreeMap::from([
        (package, b"package".as_slice()),
        (scorecard, b"scorecard".as_slice()),
    ]);
    assert_eq!(audit(Some(&blobs)).verdict(), Verdict::Verified);
    assert_eq!(audit(None).verdict(), Verdict::InPart);
    blobs.insert(package, b"other");
    let found = Digest::of(b"other");
    let changed = Finding::BlobChanged {
        digest: package,
        found,
    };
    assert_eq!(audit(Some(&blobs)).findings, [changed]);
    blobs.remove(&package);
    let missing = Finding::BlobMissing {
        sequence: 0,
        name: "package".to_owned(),
        digest: package,
    };
    assert_eq!(audit(Some(&blobs)).findings, [missing]);

    let chain = b"{\"x\":,\"previous\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"sequence\":0,\"subject\":\"s\",\"time\":\"2026-11-20T09:00:00Z\"}\n";
    let material = Material {
        entries: chain,
        checkpoint: None,
        earlier: &[],
        blobs: None,
    };
    let report = verify(&material, trust, Level::Audit);
    let is_shape = |finding: &Finding| matches!(finding, Finding::EntryShape { sequence: 0, .. });
    assert!(
        report.findings.iter().any(is_shape),
        "{:?}",
        report.findings
    );
}

// spec: EVIDENCE-67
#[test]
fn replay_tells_identical_different_missing_and_unknown_apart() {
    let whole = trace(1);
    let (package, scorecard) = (Digest::of(b"package"), Digest::of(b"scorecard"));
    let blobs: Blobs<'_> = BTreeMap::from([(package, b"package".as_slice())]);
    let run = |blobs: &Blobs<'_>, result: Reproduction| {
        replay(whole.entries(), blobs, |decision| {
            assert!(decision.inputs.len() <= 1);
            result.clone()
        })
    };
    let same = Reproduction::Produced(b"scorecard".to_vec());
    let other = Reproduction::Produced(b"another".to_vec());
    let failed = Reproduction::Failed {
        why: "no package".to_owned(),
    };
    let unknown = Reproduction::UnknownSemantics {
        found: "scoring/v9".to_owned(),
    };
    let identical = Replayed::Identical {
        product: "scorecard",
        digest: scorecard,
    };
    assert_eq!(run(&blobs, same), [(0, identical)]);
    let different = Replayed::Different {
        recorded: scorecard,
        produced: Digest::of(b"another"),
    };
    assert_eq!(run(&blobs, other), [(0, different)]);
    let names = vec!["package".parse().unwrap()];
    let missing = Replayed::InputsMissing {
        names: names.clone(),
    };
    assert_eq!(run(&BTreeMap::new(), failed.clone()), [(0, missing)]);
    assert!(matches!(
        run(&blobs, failed)[..],
        [(0, Replayed::Failed { .. })]
    ));
    assert!(matches!(
        run(&blobs, unknown.clone())[..],
        [(0, Replayed::UnknownSemantics { .. })]
    ));
    let changed: Blobs<'_> = BTreeMap::from([(package, b"other".as_slice())]);
    assert_eq!(
        run(&changed, unknown),
        [(0, Replayed::InputsChanged { names })]
    );
    let garbage = replay(b"garbage\n", &blobs, |_| {
        unreachable!("nothing to evaluate")
    });
    assert!(matches!(garbage[..], [(0, Replayed::Failed { .. })]));
}

proptest! {
    // spec: EVIDENCE-61
    #[test]
    fn no_edit_of_a_sealed_trace_verifies(
        size in 1_usize..12,
        edits in proptest::collection::vec((any::<u16>(), any::<u8>(), 0_u8..4), 1..4),
    ) {
        let whole = trace(size);
        let checkpoint = seal(&whole);
        let mut entries = whole.entries().to_vec();
        for (at, byte, kind) in edits {
            let at = usize::from(at) % entries.len().max(1);
            match kind {
                0 if !entries.is_empty() => entries[at] = byte,
                1 if !entries.is_empty() => { entries.remove(at); }
                2 => entries.insert(at, byte),
                _ => entries.truncate(at),
            }
        }
        let report = check(&entries, Some(&checkpoint));
        prop_assert_eq!(report.is_verified(), entries == whole.entries());
    }

    // spec: EVIDENCE-61
    #[test]
    fn verification_of_any_bytes_ends_with_a_verdict(bytes: Vec<u8>, checkpoint: Vec<u8>) {
        let report = check(&bytes, Some(&checkpoint));
        prop_assert!(!report.is_verified());
    }

    // spec: EVIDENCE-60
    #[test]
    fn what_is_appended_reads_back(subject in "[a-z0-9 \u{e9}/:-]{1,40}", number in 0_usize..1000) {
        let mut whole = Trace::new();
        let sent = Draft { subject, ..draft(number) };
        let line = whole.append(sent.clone()).unwrap();
        let entry = Entry::parse(line.strip_suffix(b"\n").unwrap()).unwrap();
        prop_assert_eq!(entry.draft(), &sent);
    }
}
