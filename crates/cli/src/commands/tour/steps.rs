//! The steps of a tour: commands as one types them, done here and kept to be shown.

use std::path::{Path, PathBuf};

use clap::Parser as _;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::failure::{Failure, TOUR_STEP};
use crate::output::Output;

/// A tour under way.
#[derive(Debug)]
pub(super) struct Steps {
    folder: PathBuf,
    commands: Vec<String>,
}

impl Steps {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            commands: Vec::new(),
        }
    }

    /// Returns a path in the folder of the tour.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Returns the same as an argument.
    pub(super) fn shown(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Returns the commands so far.
    pub(super) fn commands(&self) -> &[String] {
        &self.commands
    }

    /// Does what a command does; its answer is told in the tour's own words.
    ///
    /// # Errors
    /// What the command fails with, and that it did not end well.
    pub(super) fn run(&mut self, arguments: &[&str]) -> anyhow::Result<()> {
        let arguments = self.typed(arguments)?;
        match super::super::run(&arguments, &mut Output::silent())? {
            Exit::Ok => Ok(()),
            _ => Err(self.stopped().into()),
        }
    }

    /// Returns a command that was typed, to be done by its own means.
    ///
    /// # Errors
    /// When there is no such command, which no step of a tour is.
    pub(super) fn command(&mut self, arguments: &[&str]) -> anyhow::Result<Command> {
        Ok(self.typed(arguments)?.command)
    }

    fn typed(&mut self, arguments: &[&str]) -> Result<Arguments, Failure> {
        let words: Vec<&str> = std::iter::once("baton")
            .chain(arguments.iter().copied())
            .collect();
        self.commands.push(
            words
                .iter()
                .map(|word| quoted(word))
                .collect::<Vec<_>>()
                .join(" "),
        );
        Arguments::try_parse_from(&words).map_err(|_| self.stopped())
    }

    /// Returns the failure of the step that was typed last.
    pub(super) fn stopped(&self) -> Failure {
        let last = self.commands.last().cloned().unwrap_or_default();
        Failure::new(TOUR_STEP, "go on with the tour")
            .expected("a step that ends well")
            .found(format!("`{last}` did not"))
            .hint("run that command by itself to see why")
    }
}

/// Returns a word as a shell reads it back.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("a/b-c.csv"), "a/b-c.csv");
        assert_eq!(quoted("it's here"), "'it'\\''s here'");
        assert_eq!(quoted(""), "''");
    }
}
