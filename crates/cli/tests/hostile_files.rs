//! Files that a package or contract should not have been able to name: links, devices, and files
//! too large. Each is refused in time, and a check that goes on says what it could not see.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests write the files they are about and stop at the first surprise"
)]

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    time::Duration,
};

use assert_cmd::Command;
use serde_json::Value;

/// A folder with the corpus contract, its sound package and the artifacts.
struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/packages");
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("artifacts")).unwrap();
        for (from, to) in [
            ("contract.yaml", "contract.yaml"),
            ("sound.json", "package.json"),
            ("keyring", "keyring.json"),
            ("artifacts/doc.txt", "artifacts/doc.txt"),
            ("artifacts/report.json", "artifacts/report.json"),
        ] {
            fs::copy(corpus.join(from), folder.path().join(to)).unwrap();
        }
        Self { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a link, or whatever `make` makes, where the document of the package is.
    fn replace_document(&self, make: impl FnOnce(&Path)) {
        let path = self.at("artifacts/doc.txt");
        fs::remove_file(&path).unwrap();
        make(&path);
    }

    fn baton(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::cargo_bin("baton")
            .unwrap()
            .current_dir(self.folder.path())
            .args(arguments)
            .timeout(Duration::from_secs(20))
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    fn check(&self) -> Value {
        let arguments = [
            "check",
            "--contract",
            "contract.yaml",
            "--package",
            "package.json",
            "--as-of",
            "2026-11-20T09:00:00Z",
            "--format",
            "json",
        ];
        let (code, answer, problems) = self.baton(&arguments);
        assert!(matches!(code, Some(0 | 10 | 20)), "{code:?} {problems}");
        serde_json::from_str(&answer).unwrap()
    }

    /// Checks that the package is judged, and its document is not taken as seen.
    fn document_is_not_seen(&self, because: &str) {
        let scorecard = self.check();
        let told = scorecard.to_string();
        assert_ne!(scorecard["posture"], "ready", "{told}");
        assert!(told.contains(because), "{told}");
    }
}

#[test]
fn the_sound_package_is_ready() {
    assert_eq!(World::new().check()["posture"], "ready");
}

// spec: PACKAGE-3
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let world = World::new();
    let outside = tempfile::tempdir().unwrap();
    fs::copy(
        world.at("artifacts/doc.txt"),
        outside.path().join("doc.txt"),
    )
    .unwrap();
    world.replace_document(|path| symlink(outside.path().join("doc.txt"), path).unwrap());
    world.document_is_not_seen("a symbolic link that leads elsewhere");
}

// spec: PACKAGE-3
#[test]
fn a_linked_folder_is_not_followed_out_either() {
    let world = World::new();
    let outside = tempfile::tempdir().unwrap();
    fs::rename(world.at("artifacts"), outside.path().join("artifacts")).unwrap();
    symlink(outside.path().join("artifacts"), world.at("artifacts")).unwrap();
    world.document_is_not_seen("a symbolic link that leads elsewhere");
}

#[test]
fn a_link_within_the_folder_is_the_file_it_names() {
    let world = World::new();
    fs::rename(world.at("artifacts/doc.txt"), world.at("doc.txt")).unwrap();
    symlink("../doc.txt", world.at("artifacts/doc.txt")).unwrap();
    assert_eq!(world.check()["posture"], "ready");
}

#[test]
fn a_link_to_itself_or_to_nothing_ends() {
    for target in ["doc.txt", "nothing"] {
        let world = World::new();
        world.replace_document(|path| symlink(target, path).unwrap());
        world.document_is_not_seen("can't be read");
    }
}

#[test]
fn a_device_a_pipe_and_a_folder_are_not_read() {
    let world = World::new();
    world.replace_document(|path| symlink("/dev/zero", path).unwrap());
    world.document_is_not_seen("a symbolic link that leads elsewhere");
    let world = World::new();
    world.replace_document(|path| fs::create_dir(path).unwrap());
    world.document_is_not_seen("a folder or device");
    let world = World::new();
    world.replace_document(|path| {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    });
    world.document_is_not_seen("a folder or device");
}

#[test]
fn a_file_beyond_its_limit_is_refused_before_it_is_read() {
    let world = World::new();
    let large = fs::File::create(world.at("package.json")).unwrap();
    large.set_len(100_000_000).unwrap();
    let arguments = [
        "check",
        "--contract",
        "contract.yaml",
        "--package",
        "package.json",
    ];
    let (code, _, problems) = world.baton(&arguments);
    assert_eq!(code, Some(1), "{problems}");
    assert!(problems.contains("E0902"), "{problems}");
    let world = World::new();
    world.replace_document(|path| {
        fs::File::create(path)
            .unwrap()
            .set_len(100_000_000)
            .unwrap();
    });
    world.document_is_not_seen("at most");
}

#[test]
fn a_document_full_of_problems_is_refused_in_bounded_words() {
    let world = World::new();
    let waivers = vec!["{}"; 10_000].join(",");
    let text = format!(r#"{{"baton":"waivers/v1","waivers":[{waivers}]}}"#);
    fs::write(world.at("waivers.json"), text).unwrap();
    let (code, answer, problems) = world.baton(&[
        "check",
        "--contract",
        "contract.yaml",
        "--package",
        "package.json",
        "--waivers",
        "waivers.json",
    ]);
    assert_eq!(code, Some(20), "{answer}");
    assert!(
        problems.contains("69000 more"),
        "{}",
        problems.lines().last().unwrap()
    );
    assert!(problems.lines().count() < 20_000);
}

#[test]
fn a_contract_cannot_name_a_schema_elsewhere() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("schema.json"), "{}").unwrap();
    let world = World::new();
    let text = fs::read_to_string(world.at("contract.yaml")).unwrap();
    let (head, rest) = text.split_once("  schema:\n").unwrap();
    let (_, tail) = rest.split_once("  evidence:\n").unwrap();
    let text = format!("{head}  schema_file: schema.json\n  evidence:\n{tail}");
    fs::write(world.at("contract.yaml"), text).unwrap();
    symlink(outside.path().join("schema.json"), world.at("schema.json")).unwrap();
    let (code, answer, problems) = world.baton(&["lint", "contract.yaml"]);
    assert_eq!(code, Some(20), "{answer} {problems}");
    let told = format!("{answer} {problems}");
    assert!(
        told.contains("no such file, or one that can't be read"),
        "{told}"
    );
}
