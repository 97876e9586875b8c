//! The store: a queue to the writer, and a few readers.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        mpsc::{SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use baton_engine::port::{
    Appended, Claim, ClaimRequest, Head, Job, Jobs, Ledger, Line, Mark, Page, Register,
    RegisterHead, Request, Sealing, Settlement, StoreError, StreamId, Transition, Unsealed, Wake,
};
use baton_terms::{Digest, Instant};
use rusqlite::Connection;

use super::{
    BackupError, backup, jobs, open, read, register,
    writer::{self, Answer, Ask, What},
};
use crate::bell::{Bell, is_urgent};

/// Connections kept open for reading; more are opened when needed and closed again.
const READERS_KEPT: usize = 32;

/// How often a waiting node looks whether another process has written.
const LOOK: Duration = Duration::from_millis(250);

/// The store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    // INVARIANT: `None` only while the store is dropped.
    asks: Option<SyncSender<Ask>>,
    writer: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
    bell: Bell,
    watcher: Mutex<Option<Watcher>>,
}

/// A connection that sees whether another one has committed, with what it saw last.
#[derive(Debug)]
struct Watcher {
    connection: Connection,
    version: i64,
}

impl SqliteStore {
    /// Opens the store in a file, creating it when it is missing and bringing its schema up to date.
    ///
    /// # Errors
    /// When the file is no store of Baton's, of a newer one, or cannot be read and written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let connection = open::writer(&path)?;
        Self::with(path, connection)
    }

    /// Opens the store as [`Self::open`] does; its file never grows beyond `bytes_max`, and what would not fit is refused as on a
    /// full disk. The log beside the file is not counted.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_limited(path: impl AsRef<Path>, bytes_max: u64) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let connection = open::writer(&path)?;
        open::limit(&connection, bytes_max)?;
        Self::with(path, connection)
    }

    fn with(path: PathBuf, connection: Connection) -> Result<Self, StoreError> {
        let (asks, queue) = writer::queue();
        let writer = std::thread::Builder::new()
            .name("baton-store".into())
            .spawn(move || writer::serve(&connection, &queue))
            .map_err(|error| StoreError::Unavailable {
                why: error.to_string(),
            })?;
        Ok(Self {
            path,
            asks: Some(asks),
            writer: Some(writer),
            readers: Mutex::new(Vec::new()),
            bell: Bell::default(),
            watcher: Mutex::default(),
        })
    }

    /// Returns the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Copies the store, as of one moment while it is in use, to a new file, and checks the copy.
    ///
    /// # Errors
    /// When something is at `to` already, or the copy cannot be made or does not hold together.
    pub fn back_up(&self, to: &Path) -> Result<(), BackupError> {
        backup::copy(&self.path, to)
    }

    /// Checks that the file holds together: every page, index and row.
    ///
    /// # Errors
    /// With the first flaw found.
    pub fn check(&self) -> Result<(), BackupError> {
        backup::check(&open::reader(&self.path)?)
    }

    fn ask(&self, what: What) -> Result<Answer, StoreError> {
        let (reply, answer) = sync_channel(1);
        let asks = self.asks.as_ref().ok_or_else(gone)?;
        asks.send(Ask { what, reply }).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }

    fn change(&self, what: What) -> Result<(), StoreError> {
        self.ask(what).map(|_| ())
    }

    fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let kept = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = match kept {
            Some(connection) => connection,
            None => open::reader(&self.path)?,
        };
        let result = query(&connection);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT {
            readers.push(connection);
        }
        result
    }
}

fn gone() -> StoreError {
    StoreError::OutcomeUnknown {
        why: "the writer has ended".into(),
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        // Without askers the writer ends after what is queued; waiting for it closes the file before anyone opens it again.
        self.asks = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has nothing left to lose: what it committed is on disk.
            let _ = writer.join();
        }
    }
}

impl Ledger for SqliteStore {
    fn append(&self, transition: Transition) -> Result<Appended, StoreError> {
        // Hashing is done here, on the asker's thread.
        transition.check()?;
        let is_urgent = is_urgent(&transition);
        match self.ask(What::Append(Box::new(transition)))? {
            Answer::Appended(appended) => {
                if is_urgent {
                    self.bell.ring();
                }
                Ok(appended)
            }
            _ => Err(gone()),
        }
    }

    fn lines(&self, stream: &StreamId, from: u64, limit: u32) -> Result<Vec<Line>, StoreError> {
        self.read(|connection| read::lines(connection, stream, from, limit))
    }

    fn head(&self, stream: &StreamId) -> Result<Option<Head>, StoreError> {
        self.read(|connection| read::head(connection, stream))
    }

    fn heads(&self, page: &Page) -> Result<Vec<Head>, StoreError> {
        self.read(|connection| read::heads(connection, page))
    }

    fn request(&self, key: &str) -> Result<Option<Request>, StoreError> {
        self.read(|connection| read::request(connection, key))
    }

    fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|connection| read::blob(connection, digest))
    }
}

impl Jobs for SqliteStore {
    fn claim(&self, request: &ClaimRequest) -> Result<Vec<Job>, StoreError> {
        match self.ask(What::Claim(request.clone()))? {
            Answer::Claimed(jobs) => Ok(jobs),
            _ => Err(gone()),
        }
    }

    fn settle(&self, claim: &Claim, settlement: &Settlement) -> Result<(), StoreError> {
        self.change(What::Settle(claim.clone(), settlement.clone()))
    }

    fn renew(&self, claim: &Claim, until: Instant) -> Result<(), StoreError> {
        self.change(What::Renew(claim.clone(), until))
    }

    fn next_due(&self) -> Result<Option<Instant>, StoreError> {
        self.read(jobs::next_due)
    }
}

impl Wake for SqliteStore {
    fn mark(&self) -> Mark {
        self.bell.mark()
    }

    fn wait(&self, mark: Mark, patience: Duration) -> bool {
        let mut left = patience;
        loop {
            let slice = left.min(LOOK);
            // What another process does rings no bell here, but the file shows that it was written.
            if self.bell.wait(mark, slice) || self.was_written() {
                return true;
            }
            left = left.saturating_sub(slice);
            if left.is_zero() {
                return false;
            }
        }
    }
}

impl SqliteStore {
    /// Returns whether anyone has committed since this was asked last.
    fn was_written(&self) -> bool {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if watcher.is_none() {
            *watcher = open::reader(&self.path).ok().map(|connection| Watcher {
                connection,
                version: 0,
            });
        }
        let Some(watcher) = watcher.as_mut() else {
            return false;
        };
        match open::version(&watcher.connection) {
            Ok(version) => std::mem::replace(&mut watcher.version, version) != version,
            Err(_) => false,
        }
    }
}

impl Register for SqliteStore {
    fn unsealed(&self, limit: u32) -> Result<Vec<Unsealed>, StoreError> {
        self.read(|connection| register::unsealed(connection, limit))
    }

    fn register_head(&self) -> Result<RegisterHead, StoreError> {
        self.read(register::head)
    }

    fn register_lines(&self, from: u64, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read(|connection| register::lines(connection, from, limit))
    }

    fn seal(&self, sealing: Sealing) -> Result<(), StoreError> {
        self.change(What::Seal(Box::new(sealing)))
    }
}
