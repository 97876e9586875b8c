//! The store: a queue to the writer, and a few readers.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        mpsc::{SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use baton_engine::port::{
    Appended, Claim, ClaimRequest, Head, Job, Jobs, Ledger, Line, Page, Register, RegisterHead,
    Request, Sealing, Settlement, StoreError, StreamId, Transition, Unsealed,
};
use baton_terms::{Digest, Instant};
use rusqlite::Connection;

use super::{
    BackupError, backup, jobs, open, read, register,
    writer::{self, Ask, Reply},
};

/// Connections kept open for reading; more are opened when needed and closed again.
const READERS_KEPT: usize = 8;

/// The store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    // INVARIANT: `None` only while the store is dropped.
    asks: Option<SyncSender<Ask>>,
    writer: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
}

impl SqliteStore {
    /// Opens the store in a file, creating it when it is missing and bringing its schema up to date.
    ///
    /// # Errors
    /// When the file is no store of Baton's, of a newer one, or cannot be read and written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let connection = open::writer(&path)?;
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

    fn ask<T>(&self, make: impl FnOnce(Reply<T>) -> Ask) -> Result<T, StoreError> {
        let (reply, answer) = sync_channel(1);
        let gone = || StoreError::OutcomeUnknown {
            why: "the writer has ended".into(),
        };
        let asks = self.asks.as_ref().ok_or_else(gone)?;
        asks.send(make(reply)).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
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
        self.ask(|reply| Ask::Append(Box::new(transition), reply))
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
        self.ask(|reply| Ask::Claim(request.clone(), reply))
    }

    fn settle(&self, claim: &Claim, settlement: &Settlement) -> Result<(), StoreError> {
        self.ask(|reply| Ask::Settle(claim.clone(), settlement.clone(), reply))
    }

    fn renew(&self, claim: &Claim, until: Instant) -> Result<(), StoreError> {
        self.ask(|reply| Ask::Renew(claim.clone(), until, reply))
    }

    fn next_due(&self) -> Result<Option<Instant>, StoreError> {
        self.read(jobs::next_due)
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
        self.ask(|reply| Ask::Seal(Box::new(sealing), reply))
    }
}
