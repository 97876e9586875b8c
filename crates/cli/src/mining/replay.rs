//! A recorded mining run, done again on the file it read, and what doing a comparison again shares. The trace holds only the file's digest, so
//! whoever replays names the file; another file than the recorded one is refused.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use baton_eventlog::import::{Imported, join_cases};
use baton_eventlog::mapping::{self, Mapping};
use baton_evidence::trace::{Decision, Reproduction};
use baton_terms::{Diagnostic, Digest, Id, Source};
use serde_json::Value;

use super::question::Question;
use super::run::{ENGINE, Files, answer, report_bytes};
use crate::event_log_files::read_events;
use crate::failure::{Failure, NOT_READ_BY_ANY, UNREADABLE};
use crate::files;

/// Files that mining runs and comparisons may have read, by their digests.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    files: Vec<(Digest, PathBuf)>,
    used: RefCell<BTreeSet<Digest>>,
}

impl Logs {
    /// Takes the digests of the files at `paths`.
    pub(crate) fn of(paths: &[PathBuf]) -> Result<Self, Failure> {
        let files = paths.iter().map(|path| Ok((digest(path)?, path.clone())));
        Ok(Self {
            files: files.collect::<Result<_, Failure>>()?,
            used: RefCell::default(),
        })
    }

    fn path(&self, digest: Digest) -> Option<&Path> {
        let (_, path) = self.files.iter().find(|(known, _)| *known == digest)?;
        self.used.borrow_mut().insert(digest);
        Some(path)
    }

    /// Refuses a file that no recorded run read: it was named in the belief that one did.
    pub(crate) fn refuse_unused(&self) -> Result<(), Failure> {
        let used = self.used.borrow();
        let Some((digest, path)) = self.files.iter().find(|(digest, _)| !used.contains(digest))
        else {
            return Ok(());
        };
        Err(Failure::new(NOT_READ_BY_ANY, format!("read `{}` again", path.display()))
            .expected("a file that a recorded mining run or comparison read, byte for byte")
            .found(format!("{digest}, which no entry names"))
            .hint("name the very file that was read then; `baton trace show --format json` has the digests"))
    }
}

/// Does a recorded run again; pure but for the files, whose digests the record names.
pub(crate) fn replay(run: &Decision<'_>, logs: &Logs) -> Reproduction {
    if let Some(other) = of_other_engine(run) {
        return other;
    }
    let log = match recorded_log(run, logs) {
        Ok(log) => log,
        Err(missing) => return missing,
    };
    match again(run, &log) {
        Ok(bytes) => Reproduction::Produced(bytes),
        Err(why) => Reproduction::Failed { why },
    }
}

/// What to say of a run that another version of the engine made.
pub(super) fn of_other_engine(run: &Decision<'_>) -> Option<Reproduction> {
    let detail = &run.entry.draft().detail;
    let engine = detail.get("engine").and_then(Value::as_str);
    let engine = engine.unwrap_or("none");
    (engine != ENGINE).then(|| Reproduction::UnknownSemantics {
        found: format!("engine {engine}"),
    })
}

/// The files a run read, with their digests; what to say when they are not at hand.
pub(super) fn recorded_log<'a>(
    run: &Decision<'_>,
    logs: &'a Logs,
) -> Result<Vec<(Digest, &'a Path)>, Reproduction> {
    let detail = &run.entry.draft().detail;
    let digests: Vec<Digest> = detail
        .get("log")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|digest| digest.as_str()?.parse().ok())
        .collect();
    let files: Vec<_> = digests
        .iter()
        .filter_map(|digest| Some((*digest, logs.path(*digest)?)))
        .collect();
    if files.is_empty() || files.len() != digests.len() {
        let names = "log".parse::<Id>().into_iter().collect();
        return Err(Reproduction::InputsMissing { names });
    }
    Ok(files)
}

fn again(run: &Decision<'_>, log: &[(Digest, &Path)]) -> Result<Vec<u8>, String> {
    let (question, mapping, imported) = read_again(run, log)?;
    let name = run.entry.draft().detail.get("name").and_then(Value::as_str);
    let files = Files {
        name: name.unwrap_or_default(),
        imported: &imported,
        mapping: &mapping,
    };
    let answer = answer(&files, &question, &mut |_| ()).map_err(|error| error.to_string())?;
    let bytes = report_bytes(&answer.report).map_err(|error| error.to_string())?;
    Ok(bytes.into_bytes())
}

/// What was asked, and the log read again.
pub(super) fn read_again(
    run: &Decision<'_>,
    log: &[(Digest, &Path)],
) -> Result<(Question, Mapping, Imported), String> {
    let question = Question::from_bytes(bytes(run, "settings")?)?;
    let mapping = std::str::from_utf8(bytes(run, "mapping")?).map_err(|error| error.to_string())?;
    let mapping = mapping::read(&Source::new("mapping", mapping))
        .into_mapping()
        .map_err(first)?;
    let paths: Vec<_> = log.iter().map(|(_, path)| *path).collect();
    let imported = read(&paths, &mapping, &question)?;
    let found = imported.report.files.iter().map(|file| file.digest.clone());
    // Between its digest and its reading a file may have changed.
    if !found.eq(log.iter().map(|(digest, _)| digest.to_string())) {
        return Err("the log changed while it was read".to_owned());
    }
    Ok((question, mapping, imported))
}

fn read(paths: &[&Path], mapping: &Mapping, question: &Question) -> Result<Imported, String> {
    let open = |path: &Path| {
        files::open(path)
            .map(|(reader, _)| reader)
            .map_err(|failure| failure.to_string())
    };
    let (events, cases) = match paths {
        [events] => (events, None),
        [events, cases] => (events, Some(cases)),
        _ => return Err("a run over more files than there are kinds of".to_owned()),
    };
    let imported =
        read_events((open(events)?, question.formats.0), mapping, &mut |_| ()).map_err(first)?;
    match (cases, question.formats.1) {
        (None, _) => Ok(imported),
        (Some(cases), Some(format)) => {
            join_cases(imported, (open(cases)?, format), mapping, &mut |_| ()).map_err(first)
        }
        (Some(_), None) => Err("the settings name no format of the table of cases".to_owned()),
    }
}

pub(super) fn bytes<'a>(run: &Decision<'a>, name: &str) -> Result<&'a [u8], String> {
    let found = run.inputs.iter().find(|(id, _)| id.as_str() == name);
    found
        .map(|(_, bytes)| *bytes)
        .ok_or_else(|| format!("the {name} is not recorded"))
}

fn first(problems: Vec<Diagnostic>) -> String {
    let first = problems.into_iter().next();
    first.map_or_else(String::new, |problem| {
        format!("{}: {}", problem.code, problem.message)
    })
}

fn digest(path: &Path) -> Result<Digest, Failure> {
    let (reader, _) = files::open(path)?;
    Digest::of_reader(reader).map_err(|error| {
        Failure::new(UNREADABLE, format!("read `{}`", path.display()))
            .expected("a readable file")
            .found(error.to_string())
            .hint("check the path and its permissions")
    })
}
