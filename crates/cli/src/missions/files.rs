//! The files of a mission on disk: those its file names, unless the command line names others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use baton_contract::document::Document;
use baton_engine::missions::file::{InputName, MissionFile, Question as Asking};
use baton_engine::missions::{Files, GivenLog, GivenPackage, Places, Task};
use baton_evidence::canonical;
use baton_evidence::json::{Limits, Tree};
use baton_evidence::keys::Keyring;
use baton_rootcause::mine::RawSettings;
use baton_rootcause::wire::MiningReport;
use baton_scoring::CheckedContract;
use baton_scoring::package::Package;
use baton_terms::{Diagnostic, Digest, Source, limits};
use serde_json::json;

use crate::artifacts::{self, Allowance};
use crate::commands::keys::read_keyring;
use crate::event_log_files::LogFiles;
use crate::failure::{Failure, UNREADABLE};
use crate::mining::{self, Asked, Question};
use crate::refusal::Refusal;
use crate::{contract_files, files};

/// Files in the folder of packages.
const FILES_MAX: usize = 100_000;

/// Where each input is.
#[derive(Debug)]
pub(crate) struct MissionFiles {
    paths: BTreeMap<InputName, PathBuf>,
}

impl MissionFiles {
    /// Returns the files of a mission: those it names beside it, with those named on the command line in their place.
    pub(crate) fn new(
        file: &mut MissionFile,
        mission: &Path,
        overrides: &[(InputName, PathBuf)],
    ) -> Self {
        let folder = files::folder_of(mission);
        let mut paths: BTreeMap<InputName, PathBuf> = file
            .inputs
            .iter()
            .map(|(name, path)| (*name, folder.join(path)))
            .collect();
        for (name, path) in overrides {
            // An input that only the command line names is one of the mission's too.
            file.inputs.entry(*name).or_insert_with(|| name.to_string());
            paths.insert(*name, path.clone());
        }
        Self { paths }
    }

    /// Returns where each input is, from the root, for processes that are at home elsewhere.
    pub(crate) fn places(&self) -> Result<BTreeMap<InputName, String>, Failure> {
        let place = |(name, path): (&InputName, &PathBuf)| {
            let whole = std::path::absolute(path).ok();
            let whole = whole.and_then(|whole| whole.to_str().map(str::to_owned));
            let whole = whole.ok_or_else(|| {
                Failure::new(
                    UNREADABLE,
                    format!("tell nodes where `{}` is", path.display()),
                )
                .expected("a path in UTF-8")
                .found("another one")
                .hint("move or rename it")
            })?;
            Ok((*name, whole))
        };
        self.paths.iter().map(place).collect()
    }

    fn path(&self, name: InputName) -> Result<&Path, String> {
        let path = self.paths.get(&name).map(PathBuf::as_path);
        path.ok_or_else(|| format!("the mission names no {name}"))
    }

    fn log_files(&self) -> Result<LogFiles, String> {
        Ok(LogFiles {
            file: self.path(InputName::Log)?.to_owned(),
            mapping: Some(self.path(InputName::Mapping)?.to_owned()),
            cases: self.paths.get(&InputName::Cases).cloned(),
            from: None,
        })
    }
}

/// The files of this machine.
#[derive(Debug)]
pub(crate) struct Here;

impl Places for Here {
    fn files(&self, task: &Task) -> Box<dyn Files> {
        let paths = task.paths().into_iter();
        Box::new(MissionFiles {
            paths: paths.map(|(name, path)| (name, path.into())).collect(),
        })
    }
}

impl Files for MissionFiles {
    fn digest(&self, name: InputName) -> Result<Option<Digest>, String> {
        let Some(path) = self.paths.get(&name) else {
            return Ok(None);
        };
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        let digest = match name {
            InputName::Packages => return folder_digest(path).map(Some),
            InputName::Contract => {
                contract_files::locate(path).and_then(|path| files::digest(&path))
            }
            _ => files::digest(path),
        };
        digest.map(Some).map_err(|failure| of_failure(&failure))
    }

    fn source(&self, name: InputName) -> Result<Source, String> {
        files::read_source(self.path(name)?, limits::CONTRACT_BYTES_MAX)
            .map_err(|failure| of_failure(&failure))
    }

    fn contract(&self) -> Result<Document, String> {
        contract_files::load(self.path(InputName::Contract)?)
            .map_err(|failure| of_failure(&failure))
    }

    fn keyring(&self) -> Result<Keyring, String> {
        match self.paths.get(&InputName::Keyring) {
            None => Ok(Keyring::default()),
            Some(path) => read_keyring(path).map_err(|failure| of_failure(&failure)),
        }
    }

    fn log(&self) -> Result<GivenLog, String> {
        let read = self.log_files()?.read().map_err(|error| told(&error))?;
        Ok(GivenLog {
            imported: read.imported,
            mapping: read.mapping,
        })
    }

    fn packages(&self, contract: &CheckedContract) -> Result<Vec<GivenPackage>, String> {
        let folder = self.path(InputName::Packages)?;
        let listed = files::list(folder, FILES_MAX).map_err(|failure| of_failure(&failure))?;
        let is_package = |path: &&PathBuf| {
            let is_json = path
                .extension()
                .is_some_and(|extension| extension == "json");
            is_json && path.parent() == Some(folder)
        };
        Ok(listed
            .iter()
            .filter(is_package)
            .map(|path| given(path, contract))
            .collect())
    }

    fn mine(&self, log: &GivenLog, question: &Asking) -> Result<MiningReport, String> {
        let files = self.log_files()?;
        let defaults = RawSettings::default();
        let format = files.format().map_err(|failure| of_failure(&failure))?;
        let cases = files
            .cases_format()
            .map_err(|failure| of_failure(&failure))?;
        let asked = Asked {
            outcome: question.outcome.as_deref(),
            at: question.at.as_deref().unwrap_or("start"),
            formats: (format, cases),
            search: RawSettings {
                depth: question.depth.unwrap_or(defaults.depth),
                causes_max: question.causes.unwrap_or(defaults.causes_max),
                ..defaults
            },
        };
        let question =
            Question::of(&asked, &log.mapping).map_err(|failure| of_failure(&failure))?;
        let name = files.file.file_name().map(|name| name.to_string_lossy());
        let read = mining::Files {
            name: &name.unwrap_or_default(),
            imported: &log.imported,
            mapping: &log.mapping,
        };
        let answer = mining::answer(&read, &question, &mut |_| {}).map_err(|error| told(&error))?;
        Ok(answer.report)
    }
}

fn given(path: &Path, contract: &CheckedContract) -> GivenPackage {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let package = read_package(path);
    let artifacts = match &package {
        Ok(package) => artifacts::read(files::folder_of(path), package, contract, Allowance::FULL),
        Err(_) => BTreeMap::new(),
    };
    GivenPackage {
        name: name.unwrap_or_default().into_owned(),
        package,
        artifacts,
    }
}

fn read_package(path: &Path) -> Result<Package, String> {
    let source = files::read_source(path, limits::PACKAGE_BYTES_MAX)
        .map_err(|failure| of_failure(&failure))?;
    Tree::read(source.text().as_bytes(), Limits::PACKAGE)
        .and_then(Package::read)
        .map_err(|problems| of_failure(&Failure::of_document(path, &problems)))
}

/// Returns the digest over the names and contents of all files in a folder.
fn folder_digest(folder: &Path) -> Result<Digest, String> {
    let listed = files::list(folder, FILES_MAX).map_err(|failure| of_failure(&failure))?;
    let mut digests = BTreeMap::new();
    for path in &listed {
        let name = path.strip_prefix(folder).unwrap_or(path);
        let digest = files::digest(path).map_err(|failure| of_failure(&failure))?;
        digests.insert(name.to_string_lossy().replace('\\', "/"), digest);
    }
    Ok(canonical::digest(&json!(digests)))
}

/// Returns an error as a fragment that says what was found.
fn told(error: &anyhow::Error) -> String {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return of_failure(failure);
    }
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        return refusal.first();
    }
    format!("{error:#}")
}

fn of_failure(failure: &Failure) -> String {
    let Failure(problem) = failure;
    let Diagnostic {
        message,
        expected,
        found,
        ..
    } = problem.as_ref();
    let said = |label: &str, text: &str| match text {
        "" => String::new(),
        text => format!(", {label} {text}"),
    };
    format!(
        "failed to {message}{}{}",
        said("expected", expected),
        said("found", found)
    )
}
