//! A stream is a trace: exported, it verifies, and its decisions are made again byte for byte.

use std::collections::BTreeMap;

use baton_engine::handoff::{
    Audit, RECEIPT_NOT_IN_TRACE, audit, engine, receipts, statement, verify_receipt,
};
use baton_engine::port::{Ledger as _, Line, StreamId};
use baton_evidence::attestation::sign;
use baton_evidence::checkpoint::NoteSigner;
use baton_evidence::keys::{Entry as KeyEntry, Keyring, Kind, SigningKey};
use baton_evidence::trace::{self, Blobs, Level, Material, Replayed, Trace, Trust, Verdict};
use baton_scoring::decision;
use baton_terms::Digest;
use baton_testkit::store::MemoryStore;

use crate::world::{World, call, clock, places};

fn keyring(key: &SigningKey) -> Keyring {
    Keyring::new([KeyEntry {
        name: "key".parse().unwrap(),
        identity: "test".to_owned(),
        public_key: key.public_key(),
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }])
}

#[test]
fn an_exported_stream_verifies_and_replays() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        world.to_offer("h-1", "item-1");
        world.accept("h-1").unwrap();
        let stream = StreamId::new("handoff/h-1").unwrap();
        let lines = world.desk.store().lines(&stream, 0, 1_000).unwrap();
        let mut entries = Vec::new();
        let mut blobs: BTreeMap<Digest, Vec<u8>> = BTreeMap::new();
        for line in lines {
            let entry = trace::Entry::parse(&line.bytes).unwrap();
            for digest in entry.draft().digests.values() {
                let bytes = world.desk.store().blob(digest).unwrap();
                blobs.insert(*digest, bytes.unwrap_or_else(|| panic!("{digest} is kept")));
            }
            entries.extend_from_slice(&line.bytes);
            entries.push(b'\n');
        }
        let blobs: Blobs<'_> = blobs
            .iter()
            .map(|(digest, bytes)| (*digest, bytes.as_slice()))
            .collect();
        let key = SigningKey::from_seed(&[7; 32]);
        let keyring = keyring(&key);
        let trust = Trust {
            keys: &keyring,
            as_of: "2026-12-01T00:00:00Z".parse().unwrap(),
            origin: None,
        };
        let mut sealed = Trace::new();
        for line in trace::lines(&entries) {
            let draft = trace::Entry::parse(line).unwrap().draft().clone();
            assert_eq!(sealed.append(draft).unwrap(), [line, b"\n"].concat());
        }
        let signer = NoteSigner::new("test", &key).unwrap();
        let checkpoint = sealed.seal("test", &[signer]).unwrap();
        let material = Material {
            entries: &entries,
            checkpoint: Some(&checkpoint),
            earlier: &[],
            blobs: Some(&blobs),
        };
        let report = trace::verify(&material, trust, Level::Audit);
        assert_eq!(
            report.verdict(),
            Verdict::Verified,
            "{}: {report:#?}",
            place.name
        );
        let replayed = trace::replay(&entries, &blobs, decision::replay);
        assert!(!replayed.is_empty());
        for (_, outcome) in replayed {
            assert!(matches!(outcome, Replayed::Identical { .. }), "{outcome:?}");
        }
        let engine = engine();
        let asked = call(&engine, "h-1", "audit");
        assert!(matches!(
            audit(&world.desk, &asked).unwrap(),
            Audit::Identical { .. }
        ));
    }
}

#[test]
fn a_receipt_is_one_of_the_verdicts_of_its_trace_word_for_word() {
    let (memory, clock) = (MemoryStore::new(), clock());
    let world = World::new(&memory, &clock);
    world.to_offer("h-1", "item-1");
    world.accept("h-1").unwrap();
    let found = receipts(&world.desk, &"h-1".parse().unwrap()).unwrap();
    let said = statement(&found.receipts[0], &found).unwrap();
    let mut changed = said.clone();
    changed
        .predicate
        .insert("verdict".to_owned(), "declined".into());
    let stream = StreamId::new("handoff/h-1").unwrap();
    let lines = memory.lines(&stream, 0, 1_000).unwrap();
    let bytes = |lines: &[Line]| -> Vec<u8> {
        let ended = |line: &Line| [line.bytes.as_slice(), b"\n"].concat();
        lines.iter().flat_map(ended).collect()
    };
    let (whole, cut_off) = (bytes(&lines), bytes(&lines[..3]));
    let key = SigningKey::from_seed(&[7; 32]);
    let keyring = keyring(&key);
    let as_of = "2026-12-01T00:00:00Z".parse().unwrap();
    for (statement, entries, expected) in [
        (&said, &whole, Ok(())),
        (&said, &cut_off, Err("a trace without any verdict")),
        (
            &changed,
            &whole,
            Err("a receipt that differs from each of them"),
        ),
    ] {
        let verified = verify_receipt(&sign(statement, &key), (&keyring, as_of), entries);
        let told = verified.map(|_| ()).map_err(|problems| {
            assert_eq!(problems[0].code, RECEIPT_NOT_IN_TRACE);
            problems[0].found.clone()
        });
        assert_eq!(told, expected.map_err(str::to_owned));
    }
}
