//! Finding and loading a contract with the files beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use baton_contract::document::{Document, Reading};
use baton_terms::limits;

use crate::failure::{Failure, UNREADABLE};
use crate::files;
use crate::refusal::Refusal;

/// Names under which a folder may hold its contract.
const NAMES: [&str; 3] = ["contract.yaml", "contract.yml", "contract.json"];

/// Returns the contract file at `path`: the file itself, or the contract in that folder.
pub(crate) fn locate(path: &Path) -> Result<PathBuf, Failure> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    NAMES
        .iter()
        .map(|name| path.join(name))
        .find(|file| file.is_file())
        .ok_or_else(|| {
            Failure::new(
                UNREADABLE,
                format!("find a contract in `{}`", path.display()),
            )
            .expected("a file `contract.yaml` or `contract.json`")
            .found("neither")
            .hint("name the contract file, or create one with `baton init`")
        })
}

/// Returns the contract at `path` and the files it names. A named file that can't be read is left
/// out: lint reports it at the place that names it.
pub(crate) fn load(path: &Path) -> Result<Document, Failure> {
    let path = locate(path)?;
    let main = files::read_source(&path, limits::CONTRACT_BYTES_MAX)?;
    let folder = files::folder_of(&path);
    let mut beside = BTreeMap::new();
    for name in Document::files_named_in(&main) {
        let source = files::inside(folder, &name)
            .and_then(|path| files::read_source(&path, limits::CONTRACT_BYTES_MAX));
        if let Ok(source) = source {
            beside.insert(name, source);
        }
    }
    Ok(Document {
        main,
        files: beside,
    })
}

/// Returns what the contract at `path` says; one that is not soundly written is refused with all
/// its problems.
pub(crate) fn read(path: &Path) -> anyhow::Result<Reading> {
    let document = load(path)?;
    let reading = document.read();
    if reading.contract().is_none() {
        let problems = reading.diagnostics().to_vec();
        return Err(Refusal::of_contract(&document, problems).into());
    }
    Ok(reading)
}
