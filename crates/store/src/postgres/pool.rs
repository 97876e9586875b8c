//! Connections, a bounded number of them, with their prepared statements.

use std::{
    collections::HashMap,
    sync::{Condvar, Mutex, PoisonError},
};

use baton_engine::port::StoreError;
use postgres::{Client, Config, Statement};

use super::{connect, error::of_read};

/// A connection with the statements it has prepared.
pub(super) struct Session {
    pub(super) client: Client,
    // Looked up by the text of a statement, never iterated.
    statements: HashMap<&'static str, Statement>,
}

impl Session {
    /// Opens a connection.
    pub(super) fn open(config: &Config) -> Result<Self, StoreError> {
        Ok(Self {
            client: connect::open(config)?,
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
    config: Config,
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
    pub(super) fn new(config: Config, first: Session, limit: usize) -> Self {
        Self {
            config,
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

    fn take(&self) -> Result<Session, StoreError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(session) = state.idle.pop() {
                if session.client.is_closed() {
                    state.open = state.open.saturating_sub(1);
                    continue;
                }
                return Ok(session);
            }
            if state.open < self.limit {
                state.open += 1;
                break;
            }
            state = self
                .returned
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        Session::open(&self.config).inspect_err(|_| {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.open = state.open.saturating_sub(1);
            drop(state);
            self.returned.notify_one();
        })
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
