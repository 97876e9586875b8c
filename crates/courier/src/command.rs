//! Receivers that are commands.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use baton_engine::port::{Delivered, Message};

use crate::{COMPLAINT_BYTES_MAX, TIMEOUT_MAX, group};

/// Where a command finds other programs; nothing else of Baton's environment reaches it.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// How often a running command is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Exit codes of `sysexits.h` that say no repetition will help: usage, data, permission, configuration.
const LASTING: &[i32] = &[64, 65, 77, 78];

/// A receiver that is a command: the message is its standard input, its id and kind are the environment variables
/// `BATON_MESSAGE_ID` and `BATON_MESSAGE_KIND`.
///
/// Exit code 0 means that it was taken; 64, 65, 77 and 78 (`sysexits.h`) that it was refused for good; any other that it
/// is to be tried again. With the command end all processes it started in its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandReceiver {
    /// The program: an absolute path, run without a shell.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// How long it may run.
    pub timeout: Duration,
}

/// How a run of the command ended.
enum Ended {
    Itself(ExitStatus),
    TooLong,
    TooLoud,
}

impl CommandReceiver {
    pub(crate) fn deliver(&self, message: &Message) -> Delivered {
        let mut child = match self.start(message) {
            Ok(child) => child,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Delivered::Lasting {
                    why: "the command is not there".to_owned(),
                };
            }
            Err(error) => return transient(format!("the command did not start: {}", error.kind())),
        };
        let loud = attend(&mut child, message.body.clone());
        let ended = wait(&mut child, &loud, self.timeout.min(TIMEOUT_MAX));
        match ended {
            Ok(Ended::Itself(status)) => of_status(status),
            Ok(Ended::TooLong) => transient("the command took too long".to_owned()),
            Ok(Ended::TooLoud) => Delivered::Lasting {
                why: format!(
                    "the command wrote more than {COMPLAINT_BYTES_MAX} bytes to standard error"
                ),
            },
            Err(error) => transient(format!("the command was lost: {}", error.kind())),
        }
    }

    fn start(&self, message: &Message) -> std::io::Result<Child> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .env("PATH", PATH)
            .env("BATON_MESSAGE_ID", &message.id)
            .env("BATON_MESSAGE_KIND", message.kind.as_str())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        group::own(&mut command).spawn()
    }
}

/// Feeds the command its message and listens to its complaints; sends when they are too many.
fn attend(child: &mut Child, body: Vec<u8>) -> Receiver<()> {
    let (sender, loud) = channel();
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read its input to the end has its reasons; its exit code says whether it took it.
        std::thread::spawn(move || drop(stdin.write_all(&body)));
    }
    if let Some(mut stderr) = child.stderr.take() {
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            let mut heard = 0;
            while let Ok(read @ 1..) = stderr.read(&mut piece) {
                heard += read;
                if heard > COMPLAINT_BYTES_MAX {
                    // Nobody listens when the command has ended meanwhile.
                    let _ = sender.send(());
                    return;
                }
            }
        });
    }
    loud
}

/// Waits for the command and ends its whole group, however it came to an end.
fn wait(child: &mut Child, loud: &Receiver<()>, timeout: Duration) -> std::io::Result<Ended> {
    let start = now();
    let stopped = loop {
        if group::has_ended(child)? {
            break None;
        }
        if now().duration_since(start) >= timeout {
            break Some(Ended::TooLong);
        }
        match loud.recv_timeout(LOOK) {
            Ok(()) => break Some(Ended::TooLoud),
            Err(RecvTimeoutError::Timeout) => {}
            // It closed its standard error and may still run.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(LOOK),
        }
    };
    group::end(child);
    let status = child.wait()?;
    Ok(stopped.unwrap_or(Ended::Itself(status)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a time limit is measured where the command runs; no decision sees the clock"
)]
fn now() -> Instant {
    Instant::now()
}

fn of_status(status: ExitStatus) -> Delivered {
    match status.code() {
        Some(0) => Delivered::Done,
        Some(code) if LASTING.contains(&code) => Delivered::Lasting {
            why: format!("the command ended with {code}"),
        },
        Some(code) => transient(format!("the command ended with {code}")),
        None => transient("the command was ended by a signal".to_owned()),
    }
}

fn transient(why: String) -> Delivered {
    Delivered::Transient { why }
}
