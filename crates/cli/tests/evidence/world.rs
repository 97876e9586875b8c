//! A folder with a contract, a package, keys and whatever the commands under test make of them.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use baton_evidence::attestation::{Statement, Subject, TEST_RESULT, sign};
use baton_evidence::canonical;
use baton_evidence::keys::{Entry, Keyring, Kind, SigningKey};
use baton_terms::Digest;
use serde_json::{Value, json};

/// Time of every check.
pub(crate) const AS_OF: &str = "2020-01-06T12:00:00Z";
/// Time of every verification.
pub(crate) const LATER: &str = "2020-01-07T12:00:00Z";
/// Name of every trace.
pub(crate) const ORIGIN: &str = "example.org/decisions";

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    /// Returns the JSON answer.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }

    /// Asserts exit code and that both streams together hold each part.
    pub(crate) fn says(&self, code: i32, parts: &[&str]) {
        let all = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, code, "{all}");
        for part in parts {
            assert!(all.contains(part), "`{part}` is not in:\n{all}");
        }
    }
}

/// The folder.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn keyring(seed: u8, name: &str) -> Vec<u8> {
    let entry = Entry {
        name: name.parse().unwrap(),
        identity: format!("{name}@example.org"),
        public_key: key(seed).public_key(),
        kind: Kind::Human,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    };
    Keyring::new([entry]).to_bytes()
}

/// The corpus report about a package, of that long past time.
fn report(package: &Value) -> Vec<u8> {
    // RFC 8032 section 7.1, TEST 1: the key of `ana` in the corpus.
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let ana = SigningKey::from_seed(Digest::from_hex(seed).unwrap().as_bytes());
    let predicate = json!({
        "result": "PASSED", "configuration": [{"name": "ci.yaml"}], "passedTests": ["unit"],
        "finishedOn": "2020-01-06T09:00:00Z",
    });
    let statement = Statement {
        subjects: vec![Subject::new(
            "app.tar",
            canonical::digest(&package["payload"]),
        )],
        predicate_type: TEST_RESULT.to_owned(),
        predicate: predicate.as_object().unwrap().clone(),
    };
    sign(&statement, &ana)
}

impl World {
    /// Returns a folder with the corpus contract and package, a key, a keyring that trusts it and
    /// one that trusts another.
    pub(crate) fn new() -> Self {
        let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/packages");
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("artifacts")).unwrap();
        for (from, to) in [
            ("contract.yaml", "contract.yaml"),
            ("sound.json", "package.json"),
            ("keyring", "evidence-keyring.json"),
            ("artifacts/doc.txt", "artifacts/doc.txt"),
        ] {
            fs::copy(corpus.join(from), folder.path().join(to)).unwrap();
        }
        let world = Self { folder };
        // Long past, so that no clock of a machine that runs the tests can matter.
        let package = String::from_utf8(world.read("package.json")).unwrap();
        let package = package.replace("2026-11-19", "2020-01-06");
        let report = report(&serde_json::from_str(&package).unwrap());
        let corpus_report = Digest::of(&fs::read(corpus.join("artifacts/report.json")).unwrap());
        let package = package.replace(&corpus_report.to_string(), &Digest::of(&report).to_string());
        world.write("artifacts/report.json", &report);
        world.write("package.json", package.as_bytes());
        world.write("key.pem", key(7).to_secret_pem().as_bytes());
        world.write("other.pem", key(8).to_secret_pem().as_bytes());
        world.write("keyring.json", &keyring(7, "ana"));
        world.write("other-keyring.json", &keyring(8, "ben"));
        world
    }

    /// Returns a folder with a trace of two decisions.
    pub(crate) fn with_trace() -> Self {
        let world = Self::new();
        world.record(AS_OF);
        world.record("2020-01-06T13:00:00Z");
        world
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs `baton` in the folder.
    pub(crate) fn baton(&self, arguments: &[&str]) -> Answer {
        baton_in(self.folder.path(), arguments)
    }

    /// Checks the package with further arguments.
    pub(crate) fn check(&self, more: &[&str]) -> Answer {
        let mut arguments = vec![
            "check",
            "--contract",
            "contract.yaml",
            "--package",
            "package.json",
            "--keyring",
            "evidence-keyring.json",
            "--key",
            "key.pem",
        ];
        arguments.extend(more);
        self.baton(&arguments)
    }

    /// Checks the package and records the decision.
    pub(crate) fn record(&self, as_of: &str) {
        let trace = ["--trace", "trace", "--origin", ORIGIN, "--actor", "ana"];
        let answer = self.check(&[&trace[..], &["--as-of", as_of]].concat());
        answer.says(0, &["READY", "recorded as entry"]);
    }

    /// Verifies the trace in full with further arguments.
    pub(crate) fn verify(&self, more: &[&str]) -> Answer {
        let verify = ["trace", "verify", "trace", "--audit", "--as-of", LATER];
        self.baton(&[&verify[..], more].concat())
    }

    /// Exports the trace with the public key of its signer.
    pub(crate) fn export(&self, out: &str, more: &[&str]) -> Answer {
        let export = [
            "bundle",
            "export",
            "trace",
            "--out",
            out,
            "--keyring",
            "keyring.json",
        ];
        self.baton(&[&export[..], more].concat())
    }

    /// Returns the name of the first blob.
    pub(crate) fn first_blob(&self) -> String {
        let listed = fs::read_dir(self.path("trace/blobs")).unwrap();
        let mut names: Vec<_> = listed.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        format!("trace/blobs/{}", names[0].to_str().unwrap())
    }
}

/// Runs `baton` in any folder.
pub(crate) fn baton_in(folder: &Path, arguments: &[&str]) -> Answer {
    let mut command = Command::cargo_bin("baton").unwrap();
    let command = command
        .current_dir(folder)
        .args(arguments)
        .env("NO_COLOR", "1");
    let output = command.output().unwrap();
    Answer {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
