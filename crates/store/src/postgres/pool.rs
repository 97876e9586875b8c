//! Connections, a bounded number of them, with their prepared statements.

use std::{
    collections::HashMap,
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use baton_engine::port::StoreError;
use postgres::{Client, Statement};

use super::{address::Address, connect, error::of_read};

/// How long somebody waits for a connection to come back.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection with the statements it has prepared.
pub(super) struct Session {
    pub(super) client: Client,
    // Looked up by the text of a statement, never iterated.
    statements: HashMap<&'static str, Statement>,
}

impl Session {
    /// Opens a connection.
    pub(super) fn open(address: &Address) -> Result<Self, StoreError> {
        Ok(Self {
            client: connect::open(address)?,
            statements: HashMap::new(),
        })
    }

    /// Returns a statement, prepared once per connection.
    pub(super) fn statement(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|e| of_read(&e))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

/// Connections to one server.
pub(super) struct Pool {
    address: Address,
    // INVARIANT: `open` counts the idle sessions and those on loan.
    state: Mutex<State>,
    returned: Condvar,
    limit: usize,
}

#[derive(Default)]
struct State {
    idle: Vec<Session>,
    open: usize,
}

impl Pool {
    /// Returns a pool of at most `limit` connections that holds `first`.
    pub(super) fn new(address: Address, first: Session, limit: usize) -> Self {
        Self {
            address,
            state: Mutex::new(State {
                idle: vec![first],
                open: 1,
            }),
            returned: Condvar::new(),
            limit,
        }
    }

    /// Runs `work` on a connection, waiting for one when all are on loan. A connection that broke is not used again.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut session = self.take()?;
        let result = work(&mut session);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if session.client.is_closed() || matches!(result, Err(StoreError::OutcomeUnknown { .. })) {
            state.open = state.open.saturating_sub(1);
        } else {
            state.idle.push(session);
        }
        drop(state);
        self.returned.notify_one();
        result
    }

    /// Takes an idle connection or opens one; when there are as many as may be, or as the server grants, waits for one to come back.
    fn take(&self) -> Result<Session, StoreError> {
        let mut refused = None;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(session) = state.idle.pop() {
                if session.client.is_closed() {
                    state.open = state.open.saturating_sub(1);
                    continue;
                }
                return Ok(session);
            }
            if state.open < self.limit && (refused.is_none() || state.open == 0) {
                state.open += 1;
                drop(state);
                match Session::open(&self.address) {
                    Ok(session) => return Ok(session),
                    Err(error) => {
                        state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                        state.open = state.open.saturating_sub(1);
                        self.returned.notify_one();
                        if state.open == 0 {
                            return Err(error);
                        }
                        refused = Some(error);
                        continue;
                    }
                }
            }
            let (back, waited) = self
                .returned
                .wait_timeout(state, PATIENCE)
                .unwrap_or_else(PoisonError::into_inner);
            state = back;
            if waited.timed_out() && state.idle.is_empty() {
                return Err(refused.unwrap_or_else(|| self.exhausted()));
            }
        }
    }

    fn exhausted(&self) -> StoreError {
        StoreError::Unavailable {
            why: format!(
                "all {} connections have been in use for {} seconds",
                self.limit,
                PATIENCE.as_secs()
            ),
        }
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The configuration holds a password.
        formatter
            .debug_struct("Pool")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
