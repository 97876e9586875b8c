//! Numbered places: a sequence of claims across streams, each number claimed once in the whole store.
//!
//! A transition grows one stream, and what several streams compete for (a baseline slot, a place at a team) has to be settled in
//! the same transaction. The store keeps one thing that is unique across streams: the keys of requests. Claim `n` of a sequence
//! is the key `name/n`, written with the transition that rests on claim `n - 1`; whoever comes second finds the key used by
//! another request, reads again and decides anew. Numbers are dense, so the last one is found by galloping.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::port::{Ledger, Request, StoreError};

/// Sequences whose last known number is remembered; when there are more, memory is emptied.
const HINTS_MAX: usize = 10_000;

/// The last number each sequence was seen at: where to look first, and nothing else.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    seen: Mutex<BTreeMap<String, u64>>,
}

/// The last claim of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tip {
    /// Its number; 0 when there is none.
    pub(crate) number: u64,
    /// What it says; empty when there is none.
    pub(crate) says: Vec<u8>,
}

impl Tip {
    /// Returns the key of the claim that follows.
    pub(crate) fn next_key(&self, name: &str) -> String {
        key(name, self.number.saturating_add(1))
    }
}

fn key(name: &str, number: u64) -> String {
    format!("{name}/{number}")
}

impl Hints {
    /// Returns the last claim of a sequence.
    pub(crate) fn tip(
        &self,
        store: &(impl Ledger + ?Sized),
        name: &str,
    ) -> Result<Tip, StoreError> {
        let claim = |number: u64| store.request(&key(name, number));
        let hint = self.last_seen(name);
        let mut tip = Tip {
            number: 0,
            says: Vec::new(),
        };
        // What was seen is there, unless the store was replaced under this process: then from the start.
        if hint > 0
            && let Some(request) = claim(hint)?
        {
            tip = at(hint, request);
        }
        let mut stride = 1;
        let mut beyond = None;
        while beyond.is_none_or(|beyond: u64| beyond > tip.number.saturating_add(1)) {
            let probe = match beyond {
                None => tip.number.saturating_add(stride),
                Some(beyond) => tip.number + (beyond - tip.number) / 2,
            };
            match claim(probe)? {
                Some(request) => tip = at(probe, request),
                None => beyond = Some(probe),
            }
            stride = stride.saturating_mul(2);
        }
        self.remember(name, tip.number);
        Ok(tip)
    }

    /// Notes a place that this process took.
    pub(crate) fn taken(&self, key: &str) {
        if let Some((name, number)) = key.rsplit_once('/')
            && let Ok(number) = number.parse()
        {
            self.remember(name, number);
        }
    }

    fn last_seen(&self, name: &str) -> u64 {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(name).copied().unwrap_or(0)
    }

    fn remember(&self, name: &str, number: u64) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= HINTS_MAX {
            seen.clear();
        }
        seen.insert(name.to_owned(), number);
    }
}

fn at(number: u64, request: Request) -> Tip {
    Tip {
        number,
        says: request.answer,
    }
}
