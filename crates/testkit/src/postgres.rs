//! A PostgreSQL server of the tests' own, from Debian's package, in a folder that goes with it.

#![expect(
    clippy::expect_used,
    reason = "a test whose server does not do as told should stop"
)]

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// How often a server that is starting is told to stop.
const STOPS_MAX: u32 = 10_000;

/// A running server; it stops, at once and without mercy, when dropped or when the process that started it ends.
#[derive(Debug)]
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    settings: Vec<String>,
    // INVARIANT: `Some` until dropped. It waits for the end of its input, stops the server and removes the folder.
    warden: Option<Child>,
}

/// Why there is no server.
pub type Missing = String;

impl Server {
    /// Starts a new server, listening on a socket in its folder only.
    ///
    /// # Errors
    /// Why there is none, for the test to say that it is skipped.
    pub fn start() -> Result<Self, Missing> {
        Self::start_with(|_| Vec::new())
    }

    /// Starts a new server with settings beside its own (`name=value`); what they need may be put into its folder first.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(settings: impl FnOnce(&Path) -> Vec<String>) -> Result<Self, Missing> {
        let programs = programs()?;
        let folder = tempfile::Builder::new()
            .prefix("baton-pg")
            .tempdir()
            .map_err(|e| e.to_string())?;
        let mut server = Self {
            programs,
            folder: folder.keep(),
            settings: Vec::new(),
            warden: None,
        };
        server.warden = Some(server.start_warden()?);
        server.settings = settings(&server.folder);
        if is_root() {
            run(Command::new("chown")
                .args(["--recursive", "postgres"])
                .arg(&server.folder))?;
        }
        let data = server.data();
        run(server
            .command("initdb")
            .args([
                "--username=baton",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-locale",
                "--pgdata",
            ])
            .arg(&data))?;
        server.run()?;
        Ok(server)
    }

    /// Returns the URL of a new, empty database.
    ///
    /// # Panics
    /// When the server does not make it.
    pub fn database(&self, name: &str) -> String {
        run(self
            .command("createdb")
            .args(["--username=baton", "--host"])
            .arg(&self.folder)
            .arg(name))
        .expect("create a database");
        format!("host={} user=baton dbname={name}", self.folder.display())
    }

    /// Makes a new, empty database on a server that listens on a port of its own.
    ///
    /// # Panics
    /// When the server does not make it.
    pub fn database_at(&self, name: &str, port: u16) {
        let port = port.to_string();
        run(self
            .command("createdb")
            .args(["--username=baton", "--port", &port, "--host"])
            .arg(&self.folder)
            .arg(name))
        .expect("create a database");
    }

    /// Stops the server as a crash would: connections are cut, nothing is flushed.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn crash(&self) {
        run(self
            .command("pg_ctl")
            .args(["stop", "--mode=immediate", "--wait", "--pgdata"])
            .arg(self.data()))
        .expect("stop the server");
    }

    /// Starts the server on its folder again without waiting, and stops it as a crash would while it recovers.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn crash_in_recovery(&self) {
        run(self
            .command("pg_ctl")
            .args(["start", "--no-wait", "--options", &self.options(), "--log"])
            .arg(self.folder.join("log"))
            .arg("--pgdata")
            .arg(self.data()))
        .expect("start the server");
        // It writes the file with its id before it recovers; until then there is nothing to stop.
        let stop = || self.command("pg_ctl");
        for _ in 0..STOPS_MAX {
            let stopped = run(stop()
                .args(["stop", "--mode=immediate", "--wait", "--pgdata"])
                .arg(self.data()));
            if stopped.is_ok() {
                return;
            }
            std::thread::yield_now();
        }
    }

    /// Starts the server on its folder again.
    ///
    /// # Errors
    /// Why it did not start.
    pub fn run(&self) -> Result<(), Missing> {
        run(self
            .command("pg_ctl")
            .args([
                "start",
                "--wait",
                "--timeout=60",
                "--options",
                &self.options(),
                "--log",
            ])
            .arg(self.folder.join("log"))
            .arg("--pgdata")
            .arg(self.data()))
    }

    fn options(&self) -> String {
        let mut options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=200 -c shared_buffers=32MB",
            self.folder.display()
        );
        for setting in &self.settings {
            options.push_str(" -c ");
            options.push_str(setting);
        }
        options
    }

    /// Returns the socket it listens on.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Returns one of the server's programs, to be run as the server's user; `PGHOST` and `PGUSER` lead to it.
    pub fn program(&self, name: &str) -> Command {
        let mut command = self.command(name);
        command
            .current_dir("/")
            .env("PGHOST", &self.folder)
            .env("PGUSER", "baton");
        command
    }

    /// Starts the process that cleans up even when this one is killed: its input ends with this process.
    fn start_warden(&self) -> Result<Child, Missing> {
        let stop = self.command("pg_ctl");
        Command::new("sh")
            .args(["-c", "read -r _; \"$@\"; rm -rf -- \"$0\""])
            .arg(&self.folder)
            .arg(stop.get_program())
            .args(stop.get_args())
            .args(["stop", "--mode=immediate", "--pgdata"])
            .arg(self.data())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| e.to_string())
    }

    /// The server refuses to run as root, so root runs its programs as their own user.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        if is_root() {
            let mut command = Command::new("runuser");
            command.args(["--user", "postgres", "--"]).arg(program);
            return command;
        }
        Command::new(program)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut warden) = self.warden.take() {
            drop(warden.stdin.take());
            // The server is gone either way; a folder that stays is all that could be left.
            let _ = warden.wait();
        }
    }
}

/// Returns the folder of the newest installed version.
fn programs() -> Result<PathBuf, Missing> {
    let mut versions: Vec<PathBuf> = Path::new("/usr/lib/postgresql")
        .read_dir()
        .map_err(|_| "PostgreSQL is not installed (Debian package `postgresql`)".to_owned())?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().ok_or_else(|| "there is no `initdb`".into())
}

fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| {
        let id = Command::new("id").arg("-u").output();
        id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
    })
}

fn run(command: &mut Command) -> Result<(), Missing> {
    // The server inherits what its starter has open: an output that is read to its end would wait for the server's.
    let output = command
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|e| format!("{command:?}: {e}"))?;
    if output.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {output}"))
}
