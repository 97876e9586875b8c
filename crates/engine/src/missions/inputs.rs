//! What a mission needs of the place it runs in: its files, read by whoever opens files there.

use std::collections::BTreeMap;

use baton_contract::document::Document;
use baton_eventlog::import::Imported;
use baton_eventlog::mapping::Mapping;
use baton_evidence::keys::Keyring;
use baton_rootcause::wire::MiningReport;
use baton_scoring::CheckedContract;
use baton_scoring::evidence::Artifact;
use baton_scoring::package::Package;
use baton_terms::{Digest, Source};

use super::file::{InputName, Question};

/// A log as it was read.
#[derive(Debug)]
pub struct GivenLog {
    /// The log with its report.
    pub imported: Imported,
    /// What it was read by.
    pub mapping: Mapping,
}

/// A package of a folder.
#[derive(Debug)]
pub struct GivenPackage {
    /// Its path within the folder.
    pub name: String,
    /// The package, or why it is none.
    pub package: Result<Package, String>,
    /// Its artifacts, by the id under which it declares them.
    pub artifacts: BTreeMap<String, Artifact>,
}

/// The files of a mission. Each answer is a fragment that says what was found where something is needed.
pub trait Files: Sync {
    /// Returns the digest of an input's content; nothing when it is not there.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn digest(&self, name: InputName) -> Result<Option<Digest>, String>;

    /// Returns the text of an input.
    ///
    /// # Errors
    /// When it cannot be read.
    fn source(&self, name: InputName) -> Result<Source, String>;

    /// Returns the contract with the files it names.
    ///
    /// # Errors
    /// When it cannot be read.
    fn contract(&self) -> Result<Document, String>;

    /// Returns the keys whose signatures count; none when no keyring is given.
    ///
    /// # Errors
    /// When there is one that cannot be read.
    fn keyring(&self) -> Result<Keyring, String>;

    /// Reads the log.
    ///
    /// # Errors
    /// When it cannot be read.
    fn log(&self) -> Result<GivenLog, String>;

    /// Returns the packages of the folder, by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    fn packages(&self, contract: &CheckedContract) -> Result<Vec<GivenPackage>, String>;

    /// Mines a log as `baton mine` does, on the threads it is called on.
    ///
    /// # Errors
    /// When the question does not fit the log.
    fn mine(&self, log: &GivenLog, question: &Question) -> Result<MiningReport, String>;
}
