//! Event logs on disk: which files, read with which mapping, with a progress bar where it takes long.

use std::io::Read;
use std::path::{Path, PathBuf};

use baton_eventlog::guess;
use baton_eventlog::import::{Format, Imported, Progress, import, import_database, join_cases};
use baton_eventlog::mapping::{self, Mapping};
use baton_terms::{Diagnostic, Source, limits};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;
use crate::refusal::Refusal;
use crate::{git_history, ocel_database};

/// Seconds before a progress bar shows.
const QUIET_SECONDS: u64 = 1;

/// The files of an event log.
#[derive(Debug, Args)]
pub(crate) struct LogFiles {
    /// Export of events: CSV, TSV, Parquet, XES, OCEL 2.0 (JSON, XML, SQLite), or issues of Jira or GitHub,
    /// plain or packed with gzip, zstd or xz; `-` is standard input. With `--from git`, a repository.
    pub(crate) file: PathBuf,
    /// Mapping file: which column is what.
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// A second table with one row per case.
    #[arg(long, value_name = "FILE", requires = "mapping")]
    pub(crate) cases: Option<PathBuf>,
    /// Format of the export; seen from the name of the file or its content when left out.
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    pub(crate) from: Option<Format>,
}

/// A log that was read, with the mapping it was read by.
pub(crate) struct ReadLog {
    pub(crate) imported: Imported,
    pub(crate) mapping: Mapping,
    /// Name of the file of events, without its folder.
    pub(crate) name: String,
}

pub(crate) fn parse_format(name: &str) -> Result<Format, String> {
    Format::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

impl LogFiles {
    /// Returns the format of the export.
    pub(crate) fn format(&self) -> Result<Format, Failure> {
        self.from.map_or_else(|| format_of(&self.file), Ok)
    }

    /// Returns the format of the table of cases, when there is one.
    pub(crate) fn cases_format(&self) -> Result<Option<Format>, Failure> {
        self.cases.as_deref().map(format_of).transpose()
    }

    /// Returns the name of the export, without its folder.
    pub(crate) fn name(&self) -> String {
        if self.file == Path::new("-") {
            return "standard input".to_owned();
        }
        // A folder may be named as `.`.
        let whole = self.file.canonicalize().ok();
        let name = self.file.file_name();
        let name = name.or_else(|| whole.as_deref().and_then(Path::file_name));
        name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// Returns a proposed mapping.
    pub(crate) fn guess(&self) -> Result<String, Failure> {
        let format = self.format()?;
        let (reader, _) = open(&self.file, format)?;
        let name = self.name();
        let guessed = match format {
            Format::OcelSqlite => guess::guess_database(reader, &ocel_database::read, &name),
            _ => guess::guess(reader, format, &name),
        };
        guessed.map_err(|problems| Failure::of_document(&self.file, &problems))
    }

    /// Returns the refusal of problems that only the log shows and that stand in the mapping.
    pub(crate) fn refused_by_mapping(&self, problems: Vec<Diagnostic>) -> anyhow::Error {
        let mapping = self.mapping.as_deref().unwrap_or_else(|| Path::new("-"));
        match files::read_source(mapping, limits::CONTRACT_BYTES_MAX) {
            Ok(source) => Refusal::of_source(source, problems).into(),
            Err(failure) => failure.into(),
        }
    }

    /// Reads the log, and joins the table of cases when there is one.
    pub(crate) fn read(&self) -> anyhow::Result<ReadLog> {
        let path = self.mapping.as_ref().ok_or_else(|| {
            Failure::new(BAD_ARGUMENT, "read an export without a mapping")
                .expected("`--mapping FILE`")
                .found("no mapping")
                .hint("`baton import FILE --guess > mapping.yaml` proposes one")
        })?;
        let source = files::read_source(path, limits::CONTRACT_BYTES_MAX)?;
        let mapping = mapping::read(&source)
            .into_mapping()
            .map_err(|problems| Refusal::of_source(source.clone(), problems))?;
        let format = self.format()?;
        let (reader, length) = open(&self.file, format)?;
        let bar = Bar::new(length);
        let imported = read_events((reader, format), &mapping, &mut |progress| {
            bar.show(progress);
        });
        bar.end();
        let mut imported = imported.map_err(|problems| refused(&self.file, &source, problems))?;
        if let Some(cases) = &self.cases {
            let format = format_of(cases)?;
            let (reader, length) = files::open(cases)?;
            let bar = Bar::new(length);
            let joined = join_cases(imported, (reader, format), &mapping, &mut |progress| {
                bar.show(progress);
            });
            bar.end();
            imported = joined.map_err(|problems| refused(cases, &source, problems))?;
        }
        let name = self.name();
        Ok(ReadLog {
            imported,
            mapping,
            name,
        })
    }
}

/// Opens an export: a file, or the repository in a folder.
fn open(path: &Path, format: Format) -> Result<(Box<dyn Read>, Option<u64>), Failure> {
    if format == Format::Git && path.is_dir() {
        return Ok((Box::new(git_history::open(path)?), None));
    }
    files::open(path)
}

/// Reads a file of events, whatever its format.
///
/// # Errors
/// When the file as a whole can't be used.
pub(crate) fn read_events(
    (reader, format): (impl Read, Format),
    mapping: &Mapping,
    progress: &mut dyn FnMut(Progress),
) -> Result<Imported, Vec<Diagnostic>> {
    match format {
        Format::OcelSqlite => import_database(reader, &ocel_database::read, mapping, progress),
        _ => import(reader, format, mapping, progress),
    }
}

fn format_of(path: &Path) -> Result<Format, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let mut format = name.and_then(|name| Format::of_file(&name));
    // What is read from standard input can't be looked at twice.
    if format.is_none() && path != Path::new("-") {
        let (reader, _) = files::open(path)?;
        format =
            Format::of_content(reader).map_err(|problems| Failure::of_document(path, &problems))?;
    }
    format.ok_or_else(|| {
        Failure::new(
            BAD_ARGUMENT,
            format!("see the format of `{}`", path.display()),
        )
        .expected("a name such as `events.csv` or `events.csv.gz`")
        .found("another one")
        .hint("say which format it is, with `--from csv`")
    })
}

/// What is wrong between file and mapping is shown in the mapping; anything else is about the file.
fn refused(path: &Path, mapping: &Source, problems: Vec<Diagnostic>) -> anyhow::Error {
    let is_about_mapping = |problem: &Diagnostic| !problem.place.pointer.is_empty();
    if problems.iter().all(is_about_mapping) {
        return Refusal::of_source(mapping.clone(), problems).into();
    }
    Failure::of_document(path, &problems).into()
}

/// A progress bar on the terminal, if there is one, after the first second.
struct Bar {
    bar: ProgressBar,
    start: std::time::Instant,
}

impl Bar {
    #[expect(
        clippy::disallowed_methods,
        reason = "the composition root reads the clock"
    )]
    fn new(length: Option<u64>) -> Self {
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::hidden());
        let style = match length {
            Some(_) => "{bar:30} {bytes} of {total_bytes}, {msg} rows, {eta} left",
            None => "{spinner} {bytes}, {msg} rows",
        };
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        Self {
            bar,
            start: std::time::Instant::now(),
        }
    }

    fn show(&self, progress: Progress) {
        if self.bar.is_hidden() {
            if self.start.elapsed().as_secs() < QUIET_SECONDS {
                return;
            }
            // Hidden all the same when standard error is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(progress.bytes);
        self.bar.set_message(progress.rows.to_string());
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
