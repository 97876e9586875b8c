//! A PostgreSQL server of the tests' own, from Debian's package, in a folder that goes with it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;

/// A running server; it stops, at once and without mercy, when dropped.
pub(crate) struct Server {
    programs: PathBuf,
    folder: TempDir,
}

/// Why there is no server.
pub(crate) type Missing = String;

impl Server {
    /// Starts a new server, listening on a socket in its folder only.
    pub(crate) fn start() -> Result<Self, Missing> {
        let programs = programs()?;
        let folder = tempfile::Builder::new()
            .prefix("baton-pg")
            .tempdir()
            .map_err(|e| e.to_string())?;
        let server = Self { programs, folder };
        if is_root() {
            run(Command::new("chown")
                .arg("postgres")
                .arg(server.folder.path()))?;
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
    pub(crate) fn database(&self, name: &str) -> String {
        run(self
            .command("createdb")
            .args(["--username=baton", "--host"])
            .arg(self.folder.path())
            .arg(name))
        .expect("create a database");
        format!(
            "host={} user=baton dbname={name}",
            self.folder.path().display()
        )
    }

    /// Stops the server as a crash would: connections are cut, nothing is flushed.
    pub(crate) fn crash(&self) {
        run(self
            .command("pg_ctl")
            .args(["stop", "--mode=immediate", "--wait", "--pgdata"])
            .arg(self.data()))
        .expect("stop the server");
    }

    /// Starts the server on its folder again.
    pub(crate) fn run(&self) -> Result<(), Missing> {
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=200 -c shared_buffers=32MB",
            self.folder.path().display()
        );
        run(self
            .command("pg_ctl")
            .args([
                "start",
                "--wait",
                "--timeout=60",
                "--options",
                &options,
                "--log",
            ])
            .arg(self.folder.path().join("log"))
            .arg("--pgdata")
            .arg(self.data()))
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
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
        let _ = self
            .command("pg_ctl")
            .args(["stop", "--mode=immediate", "--pgdata"])
            .arg(self.data())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
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
