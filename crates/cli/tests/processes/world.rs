//! A store with a contract, four people and their packages.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The contract of the guide's page about handoffs.
const PAGE: &str = include_str!("../../../../docs/guide/handoffs.md");

/// What happens once to a handoff that goes well.
pub(crate) const ONCE: [&str; 8] = [
    "opened",
    "submitted",
    "checked",
    "approved",
    "offered",
    "acknowledged",
    "accepted",
    "completed",
];

/// A folder with everything that a handoff takes.
pub(crate) struct World {
    folder: TempDir,
    store: String,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) answer: String,
    pub(crate) problems: String,
}

impl World {
    /// Makes the world on the store in a file, or on a database.
    pub(crate) fn new(store: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = store.unwrap_or_else(|| "store/baton.db".to_owned());
        let world = Self { folder, store };
        let block = PAGE.split("```yaml contract.yaml\n").nth(1).unwrap();
        let contract = block.split("```").next().unwrap();
        std::fs::write(world.at("contract.yaml"), contract).unwrap();
        world.write_package("package.json", "WEB-41");
        for (name, team, role, scope) in [
            ("ana", "design", "designer", "submit"),
            ("lea", "design", "design-lead", "approve"),
            ("ben", "build", "engineer", "submit"),
        ] {
            let made = world.run(
                name,
                &[
                    "token",
                    "create",
                    "--principal",
                    &format!("{name}@example.org"),
                    "--team",
                    team,
                    "--role",
                    role,
                    "--scope",
                    scope,
                    "--out",
                    &format!("{name}.token"),
                ],
            );
            assert_eq!(made.code, Some(0), "{}", made.problems);
        }
        world
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_package(&self, file: &str, work_item: &str) {
        let package = r#"{"baton":"package/v1","contract":{"name":"design-to-build","version":"1.0.0"},"work_item":"WORK","sender":{"role":"designer","team":"design"},"risk_tier":"low","payload":{"states":["empty","loading","error"]}}"#;
        std::fs::write(self.at(file), package.replace("WORK", work_item)).unwrap();
    }

    fn command(&self, who: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_baton")));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("BATON_STORE", &self.store)
            .env("BATON_TOKEN_FILE", format!("{who}.token"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn start(&self, who: &str, arguments: &[&str]) -> Child {
        self.command(who, arguments).spawn().unwrap()
    }

    pub(crate) fn run(&self, who: &str, arguments: &[&str]) -> Ran {
        ran(self.start(who, arguments))
    }

    /// Runs a command that has to go well.
    pub(crate) fn does(&self, who: &str, arguments: &[&str]) -> String {
        let ran = self.run(who, arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.problems);
        ran.answer
    }

    /// Returns a handoff as programs see it.
    pub(crate) fn view(&self, handoff: &str) -> Value {
        let shown = self.does("ana", &["handoff", "show", handoff, "--format", "json"]);
        serde_json::from_str(&shown).unwrap()
    }

    /// Opens and submits a handoff, each once.
    pub(crate) fn submit(&self, handoff: &str) {
        let open = [
            "handoff",
            "open",
            handoff,
            "-w",
            handoff,
            "-c",
            "contract.yaml",
        ];
        self.does("ana", &open);
        let package = format!("{handoff}.json");
        self.write_package(&package, handoff);
        self.does("ana", &["handoff", "submit", handoff, "-p", &package]);
    }

    /// Approves what waits at the gate.
    pub(crate) fn approve(&self, handoff: &str) {
        let view = self.view(handoff);
        let package = view["package"].as_str().unwrap();
        let gate = ["--gate", "design-review", "--reason", "seen"];
        let mut approve = vec!["handoff", "approve", handoff, "-p", package];
        approve.extend(gate);
        self.does("lea", &approve);
    }

    /// Checks that the store is sound, and that each kind of event is in a handoff as often as it should be.
    pub(crate) fn check(&self, handoff: &str, once: &[&str]) {
        let view = self.view(handoff);
        let happened: Vec<&str> = view["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["what"].as_str().unwrap())
            .collect();
        for what in once {
            let times = happened.iter().filter(|found| found == &what).count();
            assert_eq!(times, 1, "{what} in {happened:?}");
        }
        let doctor = self.run("ana", &["doctor"]);
        assert_eq!(doctor.code, Some(0), "{}{}", doctor.answer, doctor.problems);
    }
}

/// Waits for a command to end.
pub(crate) fn ran(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code(),
        answer: text(output.stdout),
        problems: text(output.stderr),
    }
}
