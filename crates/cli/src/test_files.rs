//! The files a contract's suites read, and the folder they deliver into.

use std::path::{Path, PathBuf};

use baton_simulation::suites::{Files, FilesError};
use baton_terms::limits;

use crate::failure::{Failure, OUTSIDE};
use crate::files;

/// Where a contract keeps its test cases, from its own folder.
pub(crate) const TEST_FILE: &str = "tests/contract-tests.yaml";

/// Files beside one test file.
#[derive(Debug)]
pub(crate) struct Beside {
    /// Folder of the test file.
    folder: PathBuf,
    /// Folder nothing is read outside of: the one that holds the contract's folder.
    home: PathBuf,
    /// Fresh folder that plays the receiver's inbox.
    inbox: tempfile::TempDir,
}

impl Beside {
    /// Returns the files of a contract that stands in `contract_folder`.
    pub(crate) fn new(contract_folder: &Path) -> Result<Self, Failure> {
        let unreadable = |error: std::io::Error| {
            Failure::new(
                crate::failure::UNREADABLE,
                "find the folder of the contract",
            )
            .expected("a folder that can be read")
            .found(error.to_string())
            .hint("check the path and its permissions")
        };
        let folder = contract_folder.canonicalize().map_err(unreadable)?;
        let home = folder
            .parent()
            .map_or_else(|| folder.clone(), Path::to_owned);
        let inbox = tempfile::tempdir().map_err(unreadable)?;
        Ok(Self {
            folder: folder.join("tests"),
            home,
            inbox,
        })
    }

    fn inside_home(&self, path: &str) -> Result<PathBuf, Failure> {
        let full = self.folder.join(path);
        let Ok(real) = full.canonicalize() else {
            return Ok(full);
        };
        if real.starts_with(&self.home) {
            return Ok(real);
        }
        Err(Failure::new(OUTSIDE, format!("read `{path}`"))
            .expected("a path inside the folder that holds the contract's folder")
            .found("a path that leads elsewhere")
            .hint("keep examples and keyrings beside the contracts"))
    }
}

fn shown(failure: &Failure) -> FilesError {
    FilesError(failure.to_string())
}

impl Files for Beside {
    fn read(&self, path: &str) -> Result<Vec<u8>, FilesError> {
        self.inside_home(path)
            .and_then(|path| files::read(&path, limits::PACKAGE_BYTES_MAX))
            .map_err(|failure| shown(&failure))
    }

    fn read_artifact(&self, package: &str, name: &str) -> Result<Vec<u8>, FilesError> {
        let package = self
            .inside_home(package)
            .map_err(|failure| shown(&failure))?;
        let folder = files::folder_of(&package);
        files::artifact(folder, name, limits::EVIDENCE_BYTES_MAX).map_err(FilesError)
    }

    fn deliver(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, FilesError> {
        let place = self.inbox.path().join(name);
        files::write(&place, bytes)
            .and_then(|()| files::read(&place, limits::EVIDENCE_BYTES_MAX))
            .map_err(|failure| shown(&failure))
    }
}
