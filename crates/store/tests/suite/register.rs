//! Sealing and inspecting real stores: whatever is changed behind the store's back, up to the last seal, is found and named.

use std::path::PathBuf;

use baton_engine::{
    port::{Ledger, Store, StreamId},
    register::{Inspection, Sealer, inspect},
};
use baton_evidence::{
    checkpoint::NoteSigner,
    keys::{Entry as KeyEntry, Keyring, Kind, SigningKey},
    trace::{Draft, Entry, Trust, Verdict, genesis},
};
use baton_store::{PostgresStore, SqliteStore};
use baton_terms::Digest;
use baton_testkit::store::{plain, stream};

use crate::{cases::at, stores};

const ORIGIN: &str = "store.example";

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn keyring() -> Keyring {
    Keyring::new([KeyEntry {
        name: "store".parse().unwrap(),
        identity: "store".into(),
        kind: Kind::Service,
        roles: Vec::new(),
        public_key: key().public_key(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }])
}

/// Appends real trace entries to a stream.
fn append(store: &dyn Store, name: &StreamId, count: u64) {
    let head = store.head(name).unwrap();
    let mut previous = head.as_ref().map_or(genesis(), |head| head.leaf);
    let first = head.map_or(0, |head| head.entries);
    for sequence in first..first + count {
        let draft = Draft {
            time: at(0),
            kind: "note".parse().unwrap(),
            subject: name.to_string(),
            actor: None,
            digests: [(
                "package".parse().unwrap(),
                Digest::of(&sequence.to_be_bytes()),
            )]
            .into(),
            detail: serde_json::Map::new(),
        };
        let line = Entry::new(draft, sequence, previous).unwrap().to_line();
        let transition = plain(
            name.clone(),
            sequence,
            std::str::from_utf8(&line).unwrap(),
            at(0),
        );
        previous = transition.leaf;
        store.append(transition).unwrap();
    }
}

fn seal(store: &dyn Store) -> u64 {
    let key = key();
    let signer = NoteSigner::new(ORIGIN, &key).unwrap();
    // A new sealer each time, as after a restart: it reads the register first.
    Sealer::new(ORIGIN)
        .seal(store, &[signer], at(1))
        .unwrap()
        .entries
}

fn look(store: &dyn Store, known: &[&[u8]]) -> Inspection {
    let keys = keyring();
    let trust = Trust {
        keys: &keys,
        as_of: at(2),
        origin: Some(ORIGIN),
    };
    inspect(store, trust, known).unwrap()
}

/// A store on a real database with a way to change it that the store knows nothing of.
struct Tampered {
    store: Box<dyn Store>,
    execute: Box<dyn Fn(&str)>,
    _folder: Option<tempfile::TempDir>,
}

fn sqlite() -> Tampered {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("store.db");
    let store = SqliteStore::open(&path).unwrap();
    Tampered {
        store: Box::new(store),
        execute: Box::new(move |sql| {
            let connection = rusqlite::Connection::open(&path).unwrap();
            connection.execute_batch(sql).unwrap();
        }),
        _folder: Some(folder),
    }
}

fn postgres() -> Option<Tampered> {
    let url = stores::postgres_url()?;
    let store = PostgresStore::open(&url).unwrap();
    Some(Tampered {
        store: Box::new(store),
        execute: Box::new(move |sql| {
            let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
            client
                .batch_execute(&format!("set search_path to baton; {sql}"))
                .unwrap();
        }),
        _folder: None,
    })
}

/// Two streams of five entries, sealed, and one of them two entries longer.
fn fill(store: &dyn Store) {
    for name in ["handoff/a", "handoff/b"] {
        append(store, &stream(name), 5);
    }
    seal(store);
    append(store, &stream("handoff/b"), 2);
}

#[test]
fn what_was_sealed_is_verified_and_what_was_not_is_counted() {
    for tampered in [Some(sqlite()), postgres()].into_iter().flatten() {
        let store = tampered.store.as_ref();
        fill(store);
        let found = look(store, &[]);
        assert!(found.is_sound(), "{found:?}");
        assert_eq!((found.streams, found.entries, found.sealed), (2, 12, 10));
        assert_eq!(seal(store), 3);
        let found = look(store, &[]);
        assert_eq!((found.entries, found.sealed), (12, 12));
        // Nothing grew: nothing is written.
        assert_eq!(seal(store), 3);
    }
}

#[test]
fn each_change_behind_the_stores_back_is_named() {
    let first = "(select stream_no from streams where stream = 'handoff/a')";
    let changes = [
        (
            format!("update entries set line = (select line from entries where sequence = 1 and stream_no = {first})
                     where sequence = 2 and stream_no = {first}"),
            "entry 2 says it is 1",
        ),
        (
            format!("delete from entries where sequence = 2 and stream_no = {first}"),
            "entry 2 is missing, the next one is 3",
        ),
        (
            format!("delete from entries where sequence >= 3 and stream_no = {first}"),
            "entries are missing: 5 were sealed, there are 3",
        ),
        (
            format!("delete from entries where sequence >= 3 and stream_no = {first};
                     update streams set sealed = 3, entries = 3 where stream = 'handoff/a'"),
            "entries are missing: 5 were sealed, there are 3",
        ),
        (
            format!("delete from entries where stream_no = {first}; delete from streams where stream = 'handoff/a'"),
            "it is gone: the register sealed 5 entries of it",
        ),
        ("update streams set entries = 4, sealed = 4 where stream = 'handoff/a'".to_owned(), "its head says 4 entries, there are 5"),
        (
            // The last entry is the only one that no later one links to: the sealed root holds it.
            format!("update entries set line = (select line from entries e join streams s using (stream_no)
                     where s.stream = 'handoff/other' and e.sequence = 4) where sequence = 4 and stream_no = {first}"),
            "entry 4 does not follow the one before it",
        ),
    ];
    for (sql, expected) in changes {
        for tampered in [Some(sqlite()), postgres()].into_iter().flatten() {
            let store = tampered.store.as_ref();
            append(store, &stream("handoff/other"), 5);
            fill(store);
            (tampered.execute)(&sql);
            let found = look(store, &[]);
            let what = found
                .flaws
                .first()
                .map(|flaw| (flaw.stream.as_str(), flaw.what.as_str()));
            let (name, what) = what.unwrap_or_else(|| panic!("nothing was found after {sql}"));
            assert!(
                name == "handoff/a" && what.contains(expected),
                "{expected}: {what}"
            );
        }
    }
}

#[test]
fn a_changed_register_is_refused() {
    for tampered in [Some(sqlite()), postgres()].into_iter().flatten() {
        let store = tampered.store.as_ref();
        fill(store);
        (tampered.execute)("delete from register where sequence = 1");
        assert_eq!(look(store, &[]).register.verdict(), Verdict::Refused);
    }
}

#[test]
fn a_store_restored_from_an_old_copy_is_found_by_a_checkpoint_kept_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("store.db")).unwrap();
    fill(&store);
    let copy = folder.path().join("copy.db");
    store.back_up(&copy).unwrap();
    let old = store.register_checkpoint();
    seal(&store);
    let kept_elsewhere = store.register_checkpoint();
    assert!(look(&store, &[&old, &kept_elsewhere]).is_sound());
    let restored = SqliteStore::open(&copy).unwrap();
    assert!(
        look(&restored, &[&old]).is_sound(),
        "the copy is whole, as far as it goes"
    );
    let found = look(&restored, &[&old, &kept_elsewhere]);
    assert_eq!(found.register.verdict(), Verdict::Refused, "{found:?}");
}

/// The last checkpoint, as an operator would keep it elsewhere.
trait RegisterCheckpoint {
    fn register_checkpoint(&self) -> Vec<u8>;
}

impl<T: Ledger + Store> RegisterCheckpoint for T {
    fn register_checkpoint(&self) -> Vec<u8> {
        self.register_head().unwrap().checkpoint.unwrap()
    }
}

#[test]
fn sealing_goes_on_where_it_ended_and_reads_anew_what_was_not_kept() {
    for tampered in [Some(sqlite()), postgres()].into_iter().flatten() {
        let store = tampered.store.as_ref();
        let name = stream("handoff/a");
        for round in 1..=8 {
            append(store, &name, round);
            if round == 4 {
                (tampered.execute)("update streams set frontier = null");
            }
            if round == 6 {
                // Cut off: it does not fit the number of entries any more.
                (tampered.execute)("update streams set frontier = substr(frontier, 1, 40)");
            }
            seal(store);
            assert!(look(store, &[]).is_sound(), "round {round}");
        }
    }
}

#[test]
fn two_sealers_take_turns() {
    for tampered in [Some(sqlite()), postgres()].into_iter().flatten() {
        let store = tampered.store.as_ref();
        let (mut one, mut two) = (Sealer::new(ORIGIN), Sealer::new(ORIGIN));
        let key = key();
        let sign = || NoteSigner::new(ORIGIN, &key).unwrap();
        for round in 0..4_u64 {
            append(store, &stream("handoff/a"), 1);
            let sealer = if round % 2 == 0 { &mut one } else { &mut two };
            // The clock of the second node is behind; the register's times do not go back.
            let now = if round % 2 == 0 { at(1) } else { at(0) };
            assert_eq!(
                sealer.seal(store, &[sign()], now).unwrap().entries,
                round + 1
            );
        }
        assert!(look(store, &[]).is_sound());
    }
}
