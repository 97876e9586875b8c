//! `baton import`: an export of events, read by a mapping, and what became of each of its rows.

use baton_eventlog::guess;
use baton_report::import as report;
use clap::{Args, ValueEnum};

use crate::event_log_files::LogFiles;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;

/// Arguments of `baton import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(flatten)]
    log: LogFiles,
    /// Propose a mapping for the export, with the reason for each line, instead of reading all of it.
    #[arg(long, conflicts_with_all = ["mapping", "format"])]
    guess: bool,
    /// How to show what became of the rows.
    #[arg(long, value_enum, default_value_t = Shown::Text)]
    format: Shown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// For people.
    Text,
    /// `import-report/v1`.
    Json,
}

impl Import {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        if self.guess {
            let (reader, _) = files::open(&self.log.file)?;
            let guessed = guess::guess(reader, self.log.format()?, &self.log.name())
                .map_err(|problems| Failure::of_document(&self.log.file, &problems))?;
            output.answer(&guessed);
            return Ok(Exit::Ok);
        }
        let read = self.log.read()?;
        let found = &read.imported.report;
        match self.format {
            Shown::Text => output.answer(&report::text(found, &read.name)),
            Shown::Json => output.json(&serde_json::to_value(found)?),
        }
        let is_whole = found.refused.is_empty();
        Ok(if is_whole { Exit::Ok } else { Exit::Review })
    }
}
