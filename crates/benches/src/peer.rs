//! A contender that runs as a process of its own: it reads a folder of documents once, then does
//! one pass for each line it is sent and answers with the nanoseconds it took.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Another process doing the same work.
pub struct Peer {
    name: String,
    process: Child,
    asking: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// Why a peer takes no part.
#[derive(Debug)]
#[non_exhaustive]
pub enum PeerError {
    /// It was not given as `name=command`.
    NotNamed(String),
    /// It did not start.
    NotStarted(std::io::Error),
}

impl Peer {
    /// Starts a peer given as `name=program argument …`, with the folder as its last argument.
    ///
    /// # Errors
    /// When the text has another form or the program does not start.
    pub fn start(text: &str, folder: &Path) -> Result<Self, PeerError> {
        let not_named = || PeerError::NotNamed(text.to_owned());
        let (name, command) = text.split_once('=').ok_or_else(not_named)?;
        let mut words = command.split_whitespace();
        let program = words.next().ok_or_else(not_named)?;
        let mut process = Command::new(program)
            .args(words)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(PeerError::NotStarted)?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (asking, answers) = pipes.ok_or_else(not_named)?;
        Ok(Self {
            name: name.to_owned(),
            process,
            asking,
            answers: BufReader::new(answers),
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Has one pass done and returns the time the peer itself took for it.
    pub(crate) fn pass(&mut self) -> Duration {
        let mut answer = String::new();
        let asked = writeln!(self.asking, "pass").and_then(|()| self.asking.flush());
        let answered = asked.and_then(|()| self.answers.read_line(&mut answer));
        match (answered, answer.trim().parse()) {
            (Ok(_), Ok(nanoseconds)) => Duration::from_nanos(nanoseconds),
            // A peer that fails has no time; a zero would look like a win.
            _ => Duration::MAX,
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // A peer that has already ended needs no ending.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
