//! The store: a pool of connections.

use std::{
    sync::{Arc, Once},
    time::Duration,
};

use baton_engine::port::{
    Appended, Claim, ClaimRequest, Head, Job, Jobs, Ledger, Line, Mark, Page, Register,
    RegisterHead, Request, Sealing, Settlement, StoreError, StreamId, Transition, Unsealed, Wake,
};
use baton_terms::{Digest, Instant};

use super::{
    address::Address,
    connect,
    front::{Answer, Front},
    group, jobs, listen,
    pool::{Pool, Session},
    read, register,
};
use crate::bell::{Bell, is_urgent};

/// Connections one node opens at most.
const CONNECTIONS_MAX: usize = 32;

/// The store on a PostgreSQL server.
pub struct PostgresStore {
    pool: Pool,
    front: Front,
    address: Address,
    bell: Arc<Bell>,
    // Only who waits for work listens.
    listening: Once,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address holds a password.
        formatter
            .debug_struct("PostgresStore")
            .field("pool", &self.pool)
            .finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Opens the store at a URL (`postgresql://user@host/database`), bringing its schema up to date. A server on another machine is
    /// reached over TLS and verified, with the system's certificates or those of the file that `sslrootcert` names.
    ///
    /// # Errors
    /// When the server cannot be reached or is not the one its certificate must name, or holds a newer schema.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let address = Address::parse(url)?;
        let mut first = Session::open(&address)?;
        connect::migrate(&mut first.client)?;
        Ok(Self {
            pool: Pool::new(address.clone(), first, CONNECTIONS_MAX),
            front: Front::default(),
            address,
            bell: Arc::default(),
            listening: Once::new(),
        })
    }
}

impl PostgresStore {
    /// Sends one group on a connection of its own.
    fn send(&self, group: &[Transition]) -> Vec<Answer> {
        let mut answers = Vec::new();
        let sent = self.pool.with(|session| {
            answers = group::append_group(session, group);
            let is_news = |(transition, answer): (&Transition, &Answer)| {
                matches!(answer, Ok(Appended::Now { .. })) && is_urgent(transition)
            };
            if group.iter().zip(&answers).any(is_news) {
                self.bell.ring();
                listen::tell(session);
            }
            // The pool uses no connection again that ended under a group.
            answers.iter().find_map(unknown).map_or(Ok(()), Err)
        });
        match sent {
            Err(error) if answers.is_empty() => group.iter().map(|_| Err(error.clone())).collect(),
            _ => answers,
        }
    }
}

fn unknown(answer: &Answer) -> Option<StoreError> {
    let error = answer.as_ref().err()?;
    matches!(error, StoreError::OutcomeUnknown { .. }).then(|| error.clone())
}

impl Ledger for PostgresStore {
    fn append(&self, transition: Transition) -> Result<Appended, StoreError> {
        transition.check()?;
        self.front.append(transition, |group| self.send(&group))
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

impl Wake for PostgresStore {
    fn mark(&self) -> Mark {
        self.bell.mark()
    }

    fn wait(&self, mark: Mark, patience: Duration) -> bool {
        self.listening
            .call_once(|| listen::start(self.address.clone(), &self.bell));
        self.bell.wait(mark, patience)
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
