//! `baton import`: an export of events, read by a mapping, and what became of each of its rows.

use std::path::{Path, PathBuf};

use baton_eventlog::export::{Format, write};
use baton_eventlog::model::Log;
use baton_report::import as report;
use clap::{Args, ValueEnum};

use crate::event_log_files::LogFiles;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
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
    /// Write the log to this file as well, as CSV, Parquet, XES or OCEL 2.0 JSON by the end of its name
    /// (`.csv`, `.parquet`, `.xes`, `.jsonocel`), with the mapping that reads it back beside it (`.mapping.yaml`).
    #[arg(long, value_name = "FILE", requires = "mapping")]
    export: Option<PathBuf>,
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
            let guessed = self.log.guess()?;
            output.answer(&guessed);
            return Ok(Exit::Ok);
        }
        let target = self.export.as_deref().map(target).transpose()?;
        let read = self.log.read()?;
        if let Some((path, format)) = target {
            export(&read.imported.log, path, format)?;
        }
        let found = &read.imported.report;
        match self.format {
            Shown::Text => output.answer(&report::text(found, &read.name)),
            Shown::Json => output.json(&serde_json::to_value(found)?),
        }
        let is_whole = found.refused.is_empty();
        Ok(if is_whole { Exit::Ok } else { Exit::Review })
    }
}

/// Returns where a log is written and in which format.
fn target(path: &Path) -> Result<(&Path, Format), Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let format = name.and_then(|name| Format::of_file(&name));
    format.map(|format| (path, format)).ok_or_else(|| {
        Failure::new(BAD_ARGUMENT, format!("write a log as `{}`", path.display()))
            .expected("a name that ends with `.csv`, `.parquet`, `.xes` or `.jsonocel`")
            .found("another one")
            .hint("the format of an export is the end of its name")
    })
}

/// Writes a log, and the mapping that reads it back.
fn export(log: &Log, path: &Path, format: Format) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    let exported = write(log, format, &mut bytes)?;
    files::write(path, &bytes)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".mapping.yaml");
    files::write(Path::new(&beside), exported.mapping.as_bytes())?;
    Ok(())
}
