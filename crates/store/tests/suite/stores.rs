//! The stores under test.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicU32, Ordering},
};

use baton_engine::port::Store;
use baton_store::{PostgresStore, SqliteStore};
use baton_testkit::{
    postgres::{Missing, Server},
    store::MemoryStore,
};
use tempfile::TempDir;

/// A store with what keeps it alive.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) store: Arc<dyn Store>,
    _folder: Option<TempDir>,
}

static SERVER: LazyLock<Result<Server, Missing>> = LazyLock::new(Server::start);
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// Returns the URL of an empty database on the tests' server, or says why there is none.
pub(crate) fn postgres_url() -> Option<String> {
    match &*SERVER {
        Ok(server) => {
            let number = DATABASES.fetch_add(1, Ordering::Relaxed);
            Some(server.database(&format!("suite_{number}")))
        }
        Err(why) => {
            println!("skipped: {why}");
            None
        }
    }
}

/// Returns the server's socket and the URL of an empty database on it.
pub(crate) fn postgres_socket() -> Option<(std::path::PathBuf, String)> {
    let url = postgres_url()?;
    let server = SERVER.as_ref().ok()?;
    Some((server.socket(), url))
}

pub(crate) fn memory() -> Subject {
    Subject {
        name: "memory",
        store: Arc::new(MemoryStore::new()),
        _folder: None,
    }
}

pub(crate) fn sqlite() -> Subject {
    let folder = tempfile::tempdir().unwrap();
    Subject {
        name: "sqlite",
        store: Arc::new(SqliteStore::open(folder.path().join("store.db")).unwrap()),
        _folder: Some(folder),
    }
}

pub(crate) fn postgres() -> Option<Subject> {
    let url = postgres_url()?;
    Some(Subject {
        name: "postgresql",
        store: Arc::new(PostgresStore::open(&url).unwrap()),
        _folder: None,
    })
}

/// Returns an empty store of each kind there is.
pub(crate) fn all() -> Vec<Subject> {
    [Some(memory()), Some(sqlite()), postgres()]
        .into_iter()
        .flatten()
        .collect()
}
