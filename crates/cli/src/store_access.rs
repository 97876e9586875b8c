//! The store a command works on, and who acts on it.

use std::path::Path;

use baton_engine::access::{AccessFailure, Credential, credential_of};
use baton_engine::port::{Store, StoreError, Wake};
use baton_mission::authority::Actor;
use baton_store::{PostgresStore, SqliteStore};
use baton_terms::limits;

use crate::environment::environment;
use crate::failure::{Failure, NO_STORE, NO_TOKEN, STORE_FAILED, UNWRITABLE};
use crate::settings::{Settings, StorePlace};
use crate::{clock, files};

/// An open store.
#[derive(Debug)]
pub(crate) enum OpenStore {
    /// In a file.
    File(Box<SqliteStore>),
    /// In a database.
    Database(Box<PostgresStore>),
}

/// What becomes of a store file that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenMissing {
    /// It is made.
    Create,
    /// The command fails: a slip in a path must not look like an empty store.
    Refuse,
}

impl OpenStore {
    /// Opens the store of these settings.
    pub(crate) fn open(settings: &Settings, missing: WhenMissing) -> Result<Self, Failure> {
        let failed = |error: StoreError| {
            of_store(
                &error,
                &format!("open the store {}", settings.store.value.shown()),
            )
        };
        match &settings.store.value {
            StorePlace::Database(url) => {
                let store = PostgresStore::open(url.reveal()).map_err(failed)?;
                Ok(Self::Database(Box::new(store)))
            }
            StorePlace::File(path) => Self::file(path, missing),
        }
    }

    /// Opens the store in a file.
    pub(crate) fn file(path: &Path, missing: WhenMissing) -> Result<Self, Failure> {
        prepare(path, missing)?;
        let store = SqliteStore::open(path)
            .map_err(|error| of_store(&error, &format!("open the store {}", path.display())))?;
        Ok(Self::File(Box::new(store)))
    }

    /// Returns what tells of new work.
    pub(crate) fn wake(&self) -> &dyn Wake {
        match self {
            Self::File(store) => store.as_ref(),
            Self::Database(store) => store.as_ref(),
        }
    }

    /// Returns the store behind its ports.
    pub(crate) fn ports(&self) -> &dyn Store {
        match self {
            Self::File(store) => store.as_ref(),
            Self::Database(store) => store.as_ref(),
        }
    }
}

fn prepare(path: &Path, missing: WhenMissing) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        return Ok(());
    }
    if missing == WhenMissing::Refuse {
        return Err(
            Failure::new(NO_STORE, format!("open the store {}", path.display()))
                .expected("a store")
                .found("nothing")
                .hint("name another one with --store, or begin one with `baton token create`"),
        );
    }
    prepare_folder(path)
}

/// Makes the folder in which a store is to be.
pub(crate) fn prepare_folder(path: &Path) -> Result<(), Failure> {
    let folder = files::folder_of(path);
    make_folder(folder).map_err(|error| {
        Failure::new(UNWRITABLE, format!("create `{}`", folder.display()))
            .expected("a folder that can be written to")
            .found(error.to_string())
            .hint("check the path and its permissions")
    })
}

/// Makes the folder of a store for its owner alone: whoever may write the store decides who may act on it.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Returns the failure of a store, at what was being done.
pub(crate) fn of_store(error: &StoreError, doing: &str) -> Failure {
    let hint = if error.is_transient() {
        "try again; what was kept is not done twice"
    } else {
        "`baton doctor` looks at the store"
    };
    Failure::new(STORE_FAILED, doing)
        .expected("a store of Baton's that can be read and written")
        .found(error.to_string())
        .hint(hint)
}

/// Returns the failure of a token.
pub(crate) fn of_access(failure: &AccessFailure) -> Failure {
    Failure(Box::new(failure.to_diagnostic()))
}

/// Returns who acts: the holder of `BATON_TOKEN`, or of the token in the file that is set.
pub(crate) fn credential(settings: &Settings, store: &OpenStore) -> Result<Credential, Failure> {
    credential_if_any(settings, store)?.ok_or_else(|| {
        Failure::new(NO_TOKEN, "tell who acts")
            .expected("a token in `BATON_TOKEN`, or the path of a file with one in `BATON_TOKEN_FILE` or `token_file`")
            .found("neither")
            .hint("make one: `baton token create --out FILE`; `baton help E0917` shows how")
    })
}

/// Returns who acts, if any token is set.
pub(crate) fn credential_if_any(
    settings: &Settings,
    store: &OpenStore,
) -> Result<Option<Credential>, Failure> {
    let token = match environment("BATON_TOKEN").filter(|token| !token.is_empty()) {
        Some(token) => token,
        None => match &settings.token_file {
            Some(path) => {
                let source = files::read_source(&path.value, limits::CONTRACT_BYTES_MAX)?;
                source.text().to_owned()
            }
            None => return Ok(None),
        },
    };
    let credential = credential_of(store.ports(), token.trim(), clock::now());
    credential.map(Some).map_err(|failure| of_access(&failure))
}

/// Returns who gives and takes tokens: the holder of `BATON_TOKEN`, or nobody where access to the store is the authority. A file
/// that holds the token of whoever works here does not keep the owner of the store from either.
pub(crate) fn administrator(
    settings: &Settings,
    store: &OpenStore,
) -> Result<Option<Actor>, Failure> {
    if environment("BATON_TOKEN").is_none() {
        return Ok(None);
    }
    Ok(credential_if_any(settings, store)?.map(|credential| credential.actor))
}
