//! A stream is a trace: exported, it verifies, and its decisions are made again byte for byte.

use std::collections::BTreeMap;

use baton_engine::handoff::{Audit, audit, engine};
use baton_engine::port::StreamId;
use baton_evidence::checkpoint::NoteSigner;
use baton_evidence::keys::{Entry as KeyEntry, Keyring, Kind, SigningKey};
use baton_evidence::trace::{self, Blobs, Level, Material, Replayed, Trace, Trust, Verdict};
use baton_scoring::decision;
use baton_terms::Digest;

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
