//! The history of a git repository, as `git log` tells it.
//!
//! A repository can be somebody else's, and its configuration names commands: pagers, external diffs,
//! signature checkers, fetchers of missing objects. So git runs with fixed arguments and an environment
//! of its own, shows no differences, checks no signatures, and has no transport.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use baton_eventlog::formats::git::{FORMAT, HEAD};
use baton_eventlog::formats::shown;

use crate::failure::{Failure, NO_HISTORY};

/// Bytes of a history that are read.
const HISTORY_BYTES_MAX: u64 = 4 << 30;

/// Variables that git needs to find itself and the settings of its user.
const VARIABLES: [&str; 7] = [
    "PATH",
    "HOME",
    "XDG_CONFIG_HOME",
    "USERPROFILE",
    "SYSTEMROOT",
    "TMPDIR",
    "TEMP",
];

/// Settings that could run a command, each without one.
const SETTINGS: [&str; 4] = [
    "core.fsmonitor=false",
    "core.pager=cat",
    "log.showSignature=false",
    "protocol.allow=never",
];

/// Opens the history of the repository in a folder, newest commit first.
pub(crate) fn open(folder: &Path) -> Result<impl Read + use<>, Failure> {
    let failure = |expected: &str, found: String| {
        Failure::new(
            NO_HISTORY,
            format!("read the history of `{}`", folder.display()),
        )
        .expected(expected)
        .found(found)
    };
    let not_run = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => failure("git on this machine", "none".to_owned())
            .hint("install git, or make the stream elsewhere; `docs/guide/formats.md` says how"),
        _ => failure("git that can be run", error.to_string()).hint("check that `git` runs here"),
    };
    let folder = folder.canonicalize().map_err(|error| {
        failure("a folder that can be read", error.to_string())
            .hint("check the path and its permissions")
    })?;
    let probe = ["rev-parse", "--quiet", "--verify", "HEAD^{commit}"];
    let probe = git(&folder).args(probe).output().map_err(not_run)?;
    if !probe.status.success() {
        let said = String::from_utf8_lossy(&probe.stderr);
        let said = said.lines().next().unwrap_or_default();
        let found = match said {
            "" => "a repository without a commit".to_owned(),
            said => shown(said),
        };
        return Err(failure("a git repository with a commit", found)
            .hint("name the folder that holds `.git`, or a bare repository"));
    }
    let mut log = git(&folder);
    log.args([
        "log",
        "--no-show-signature",
        "--no-ext-diff",
        "--no-textconv",
        "--no-patch",
        "--no-notes",
        "--no-decorate",
        "--no-color",
        "--encoding=UTF-8",
    ]);
    log.arg(format!("--format={FORMAT}")).args(["HEAD", "--"]);
    log.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = log.spawn().map_err(not_run)?;
    let stdout = child
        .stdout
        .take()
        .map(|stdout| stdout.take(HISTORY_BYTES_MAX));
    let history = History { child, stdout };
    Ok(HEAD.chain(history))
}

/// Returns git, about to run in a folder and to look for a repository nowhere above it.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.env_clear();
    for name in VARIABLES {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("LC_ALL", "C")
        .env("GIT_ALLOW_PROTOCOL", "")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0");
    if let Some(above) = folder.parent() {
        command.env("GIT_CEILING_DIRECTORIES", above);
    }
    command.arg("--no-pager");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// What a running `git log` writes; its end is looked at, so that a history it broke off is no whole one.
struct History<R> {
    child: Child,
    stdout: Option<io::Take<R>>,
}

impl<R: Read> Read for History<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(stdout) = &mut self.stdout else {
            return Ok(0);
        };
        let count = stdout.read(buffer)?;
        if count > 0 || buffer.is_empty() {
            return Ok(count);
        }
        if stdout.limit() == 0 {
            let message = format!("the history is longer than {HISTORY_BYTES_MAX} bytes");
            return Err(io::Error::other(message));
        }
        self.stdout = None;
        let status = self.child.wait()?;
        if status.success() {
            return Ok(0);
        }
        Err(io::Error::other(format!("git log ended with {status}")))
    }
}

impl<R> Drop for History<R> {
    fn drop(&mut self) {
        // Nobody reads on; a child that has ended already is not there to be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
