//! `baton check --trace` and `baton trace`.

use std::fs::{self, File};

use baton_terms::Digest;

use crate::world::{AS_OF, ORIGIN, World};

/// Digest of the lines of [`World::with_trace`]: debug and release builds, and every machine, agree.
const GOLDEN: &str = "sha256:072fee94815f75b92f032d2f4e72e1eb7be47549bc431cbdb853f2b6dcdfab53";

#[test]
fn decisions_are_recorded_shown_verified_and_replayed() {
    let world = World::with_trace();
    let show = world.baton(&["trace", "show", "trace"]);
    show.says(0, &["2 entries", ORIGIN, AS_OF, "decision", "ready", "ana"]);
    let listed = world
        .baton(&["trace", "show", "trace", "--format", "json"])
        .json();
    assert_eq!(listed["entries"][1]["sequence"], 1);
    assert_eq!(listed["entries"][0]["subject"], "PAY-7");
    // The keys that evidence was verified with are part of what was read.
    let keys = world.baton(&["digest", "--of", "keyring", "evidence-keyring.json"]);
    let entry = String::from_utf8(world.read("trace/entries.jsonl")).unwrap();
    let named = format!("\"keyring\":\"{}\"", keys.out.trim());
    assert_eq!(entry.matches(&named).count(), 2, "{entry}");
    let verified = world.verify(&["--keyring", "keyring.json", "--origin", ORIGIN]);
    verified.says(
        0,
        &[
            "VERIFIED —",
            "2 of 2 entries",
            "signature of ana",
            "--earlier",
        ],
    );
    let replayed = world.baton(&["trace", "replay", "trace"]);
    replayed.says(0, &["IDENTICAL —", "2 of 2 identical"]);
}

// spec: EVIDENCE-60
#[test]
fn the_same_check_gives_the_same_trace_byte_for_byte() {
    let (one, two) = (World::with_trace(), World::with_trace());
    for name in ["trace/entries.jsonl", "trace/checkpoint"] {
        assert_eq!(one.read(name), two.read(name), "{name}");
    }
    let digest = Digest::of(&one.read("trace/entries.jsonl")).to_string();
    assert_eq!(digest, GOLDEN);
}

// spec: EVIDENCE-61
// spec: EVIDENCE-62
#[test]
fn every_kind_of_tampering_is_found_and_named() {
    type Tamper = fn(&World);
    let cases: [(&str, Tamper, &str); 8] = [
        (
            "a changed entry",
            |world| replace(world, "trace/entries.jsonl", "ready", "reedy"),
            "E0741",
        ),
        (
            "a removed entry",
            |world| keep_lines(world, |at| at != 0),
            "E0742",
        ),
        (
            "a cut-off entry",
            |world| keep_lines(world, |at| at != 1),
            "E0746",
        ),
        (
            "no lines",
            |world| fs::remove_file(world.path("trace/entries.jsonl")).unwrap(),
            "E0746",
        ),
        (
            "a changed checkpoint",
            |world| replace(world, "trace/checkpoint", "\n2\n", "\n1\n"),
            "E0749",
        ),
        (
            "no checkpoint",
            |world| fs::remove_file(world.path("trace/checkpoint")).unwrap(),
            "E0748",
        ),
        (
            "a changed blob",
            |world| world.write(&world.first_blob(), b"other"),
            "E0756",
        ),
        (
            "a removed blob",
            |world| fs::remove_file(world.path(&world.first_blob())).unwrap(),
            "E0755",
        ),
    ];
    for (name, tamper, code) in cases {
        let world = World::with_trace();
        tamper(&world);
        let answer = world.verify(&["--keyring", "keyring.json", "--format", "json"]);
        assert_eq!(answer.code, 20, "{name}");
        let findings = answer.json()["findings"].clone();
        let found = findings.as_array().unwrap().iter();
        let mut codes = found.map(|finding| {
            for field in ["where", "expected", "found", "hint"] {
                assert_ne!(finding[field], "", "{name}: `{field}` of {finding}");
            }
            finding["code"].as_str().unwrap().to_owned()
        });
        assert!(codes.any(|found| found == code), "{name}: {findings}");
    }
}

fn replace(world: &World, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(world.read(name)).unwrap();
    assert!(text.contains(from), "`{from}` is not in {name}");
    world.write(name, text.replacen(from, to, 1).as_bytes());
}

fn keep_lines(world: &World, is_kept: fn(usize) -> bool) {
    let text = String::from_utf8(world.read("trace/entries.jsonl")).unwrap();
    let lines = text.split_inclusive('\n').enumerate();
    let kept: String = lines
        .filter(|(at, _)| is_kept(*at))
        .map(|(_, line)| line)
        .collect();
    world.write("trace/entries.jsonl", kept.as_bytes());
}

// spec: EVIDENCE-64
#[test]
fn nobody_is_trusted_without_a_keyring_or_with_another_one() {
    let world = World::with_trace();
    let untrusted = "CONSISTENT, BUT SIGNER NOT TRUSTED";
    world
        .verify(&[])
        .says(20, &[untrusted, "E0750", "How to trust"]);
    let other = world.verify(&["--keyring", "other-keyring.json"]);
    other.says(20, &[untrusted, "E0750"]);
    let elsewhere = world.verify(&["--keyring", "keyring.json", "--origin", "example.org/x"]);
    elsewhere.says(20, &["REFUSED", "E0752"]);
}

// spec: EVIDENCE-63
#[test]
fn an_older_state_put_back_is_found_with_a_checkpoint_seen_before() {
    let world = World::with_trace();
    fs::copy(world.path("trace/checkpoint"), world.path("seen")).unwrap();
    let (entries, checkpoint) = (
        world.read("trace/entries.jsonl"),
        world.read("trace/checkpoint"),
    );
    world.record("2020-01-06T14:00:00Z");
    let grown = world.verify(&["--keyring", "keyring.json", "--earlier", "seen"]);
    grown.says(0, &["1 checkpoint seen before, which the trace extends"]);
    fs::copy(world.path("trace/checkpoint"), world.path("seen")).unwrap();
    world.write("trace/entries.jsonl", &entries);
    world.write("trace/checkpoint", &checkpoint);
    world
        .verify(&["--keyring", "keyring.json"])
        .says(0, &["VERIFIED"]);
    let back = world.verify(&["--keyring", "keyring.json", "--earlier", "seen"]);
    back.says(20, &["REFUSED", "E0753"]);
}

#[test]
fn a_decision_that_cannot_be_recorded_is_not_announced() {
    let world = World::with_trace();
    let lock = File::open(world.path("trace/lock")).unwrap();
    lock.lock().unwrap();
    let trace = ["--trace", "trace", "--as-of", "2020-01-06T14:00:00Z"];
    let answer = world.check(&trace);
    answer.says(1, &["E0911", "baton help E0911"]);
    assert_eq!(answer.out, "");
    world
        .verify(&["--keyring", "keyring.json"])
        .says(1, &["E0911"]);
    drop(lock);
    let early = world.check(&["--trace", "trace", "--as-of", "2020-01-06T11:00:00Z"]);
    early.says(1, &["E0914"]);
    let renamed = world.check(&[&trace[..], &["--origin", "example.org/x"]].concat());
    renamed.says(1, &["E0913"]);
    world.check(&trace).says(0, &["recorded as entry 2"]);
}

#[test]
fn a_tampered_trace_is_never_sealed() {
    let world = World::with_trace();
    let seal = ["trace", "seal", "trace", "--key", "key.pem"];
    world
        .baton(&seal)
        .says(0, &["sealed 2 entries", "0 of them new"]);
    world
        .baton(&["trace", "seal", "trace", "--key", "other.pem"])
        .says(1, &["E0912", "E0750"]);
    replace(&world, "trace/entries.jsonl", "ready", "reedy");
    world.baton(&seal).says(1, &["E0912", "E0741"]);
    world
        .baton(&["trace", "seal", "nowhere", "--key", "key.pem"])
        .says(1, &["E0910"]);
}

#[test]
fn a_line_that_was_not_written_to_its_end_is_cut_off_by_sealing() {
    let world = World::with_trace();
    let mut entries = world.read("trace/entries.jsonl");
    entries.extend_from_slice(b"{\"actor\":\"an");
    world.write("trace/entries.jsonl", &entries);
    let broken = world.verify(&["--keyring", "keyring.json"]);
    broken.says(20, &["REFUSED", "baton trace seal"]);
    let sealed = world.baton(&["trace", "seal", "trace", "--key", "key.pem"]);
    sealed.says(0, &["cut off 12 bytes"]);
    world
        .verify(&["--keyring", "keyring.json"])
        .says(0, &["VERIFIED"]);
}

// spec: EVIDENCE-67
#[test]
fn replay_passes_only_when_everything_is_at_hand_and_identical() {
    let world = World::with_trace();
    let listed = world
        .baton(&["trace", "show", "trace", "--format", "json"])
        .json();
    let digest = listed["entries"][0]["digests"]["package"]
        .as_str()
        .unwrap()
        .to_owned();
    let blob = format!("trace/blobs/{}", digest.trim_start_matches("sha256:"));
    let bytes = world.read(&blob);
    fs::remove_file(world.path(&blob)).unwrap();
    world
        .baton(&["trace", "replay", "trace"])
        .says(20, &["NOT IDENTICAL", "inputs-missing"]);
    world.write(&blob, b"{}");
    world
        .baton(&["trace", "replay", "trace"])
        .says(20, &["NOT IDENTICAL", "inputs-changed"]);
    world.write(&blob, &bytes);
    let again = world.baton(&["trace", "replay", "trace", "--format", "json"]);
    assert_eq!(again.json()["is_identical"], true);
    assert_eq!(again.code, 0);
}

#[test]
fn a_key_without_anything_to_sign_is_a_mistake() {
    let world = World::new();
    world.check(&["--as-of", AS_OF]).says(2, &["--trace"]);
}
