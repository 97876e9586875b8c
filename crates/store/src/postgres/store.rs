//! The store: a pool of connections.

use baton_engine::port::{
    Appended, Claim, ClaimRequest, Head, Job, Jobs, Ledger, Line, Page, Register, RegisterHead,
    Request, Sealing, Settlement, StoreError, StreamId, Transition, Unsealed,
};
use baton_terms::{Digest, Instant};

use super::{
    append, connect, jobs,
    pool::{Pool, Session},
    read, register,
};

/// Connections one node opens at most.
const CONNECTIONS_MAX: usize = 32;

/// The store on a PostgreSQL server.
#[derive(Debug)]
pub struct PostgresStore {
    pool: Pool,
}

impl PostgresStore {
    /// Opens the store at a URL (`postgresql://user@host/database`), bringing its schema up to date.
    ///
    /// # Errors
    /// When the server cannot be reached, is not on this machine (the connection is not encrypted), or holds a newer schema.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let config = connect::config(url)?;
        let mut first = Session::open(&config)?;
        connect::migrate(&mut first.client)?;
        Ok(Self {
            pool: Pool::new(config, first, CONNECTIONS_MAX),
        })
    }
}

impl Ledger for PostgresStore {
    fn append(&self, transition: Transition) -> Result<Appended, StoreError> {
        self.pool
            .with(|session| append::append(session, &transition))
    }

    fn lines(&self, stream: &StreamId, from: u64, limit: u32) -> Result<Vec<Line>, StoreError> {
        self.pool
            .with(|session| read::lines(session, stream, from, limit))
    }

    fn head(&self, stream: &StreamId) -> Result<Option<Head>, StoreError> {
        self.pool.with(|session| read::head(session, stream))
    }

    fn heads(&self, page: &Page) -> Result<Vec<Head>, StoreError> {
        self.pool.with(|session| read::heads(session, page))
    }

    fn request(&self, key: &str) -> Result<Option<Request>, StoreError> {
        self.pool.with(|session| read::request(session, key))
    }

    fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.pool.with(|session| read::blob(session, digest))
    }
}

impl Jobs for PostgresStore {
    fn claim(&self, request: &ClaimRequest) -> Result<Vec<Job>, StoreError> {
        self.pool.with(|session| jobs::claim(session, request))
    }

    fn settle(&self, claim: &Claim, settlement: &Settlement) -> Result<(), StoreError> {
        self.pool
            .with(|session| jobs::settle(session, claim, settlement))
    }

    fn renew(&self, claim: &Claim, until: Instant) -> Result<(), StoreError> {
        self.pool.with(|session| jobs::renew(session, claim, until))
    }

    fn next_due(&self) -> Result<Option<Instant>, StoreError> {
        self.pool.with(jobs::next_due)
    }
}

impl Register for PostgresStore {
    fn unsealed(&self, limit: u32) -> Result<Vec<Unsealed>, StoreError> {
        self.pool.with(|session| register::unsealed(session, limit))
    }

    fn register_head(&self) -> Result<RegisterHead, StoreError> {
        self.pool.with(register::head)
    }

    fn register_lines(&self, from: u64, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        self.pool
            .with(|session| register::lines(session, from, limit))
    }

    fn seal(&self, sealing: Sealing) -> Result<(), StoreError> {
        self.pool.with(|session| register::seal(session, &sealing))
    }
}
