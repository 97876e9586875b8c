//! The shelf: contracts compiled once, by the digest of their normal form.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use baton_contract::calendar::Calendar;
use baton_contract::document::Document;
use baton_evidence::canonical;
use baton_mission::handoff::Terms;
use baton_scoring::CheckedContract;
use baton_terms::{Digest, Source};
use serde_json::Value;

use super::failure::Failure;
use crate::port::Ledger;

/// Contracts kept compiled; when there are more the shelf is emptied.
const COMPILED_MAX: usize = 256;

/// A contract in normal form, as canonical bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractForm {
    // INVARIANT: the digest of `bytes`.
    digest: Digest,
    bytes: Vec<u8>,
}

impl ContractForm {
    /// Returns the form of a contract in normal form.
    pub fn of(normal_form: &Value) -> Self {
        Self::of_bytes(canonical::to_bytes(normal_form))
    }

    fn of_bytes(bytes: Vec<u8>) -> Self {
        Self {
            digest: Digest::of(&bytes),
            bytes,
        }
    }

    /// Returns its digest, under which handoffs are pinned to it.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A contract, compiled for scoring and for the lifecycle.
#[derive(Debug)]
pub struct Pinned {
    /// For scoring.
    pub contract: CheckedContract,
    /// For the lifecycle.
    pub terms: Terms,
    /// Its normal form.
    pub form: ContractForm,
}

impl Pinned {
    fn compile(form: ContractForm) -> Result<Self, Failure> {
        let text = String::from_utf8_lossy(form.bytes()).into_owned();
        let reading = Document::alone(Source::new("contract", text)).read_recorded();
        let contract = CheckedContract::compile(&reading).map_err(Failure::Contract)?;
        let terms = Terms::of(&contract).map_err(Failure::Contract)?;
        Ok(Self {
            contract,
            terms,
            form,
        })
    }

    /// Returns the calendar of the verdict's deadline, or the first one.
    pub(crate) fn verdict_calendar(&self) -> Option<&Calendar> {
        let verdict = self.terms.deadlines().verdict.as_ref();
        let named = verdict.and_then(|deadline| deadline.calendar.as_ref());
        let calendars = self.terms.calendars();
        calendars.get(named.or(self.terms.first_calendar())?)
    }
}

/// Contracts compiled so far.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    compiled: Mutex<BTreeMap<Digest, Arc<Pinned>>>,
}

impl Shelf {
    /// Returns a contract that was given.
    pub(crate) fn given(&self, form: &ContractForm) -> Result<Arc<Pinned>, Failure> {
        let digest = form.digest();
        match self.get(&digest) {
            Some(pinned) => Ok(pinned),
            None => self.put(digest, form.clone()),
        }
    }

    /// Returns a contract that the store keeps.
    pub(crate) fn kept(
        &self,
        store: &(impl Ledger + ?Sized),
        digest: Digest,
    ) -> Result<Arc<Pinned>, Failure> {
        if let Some(pinned) = self.get(&digest) {
            return Ok(pinned);
        }
        let bytes = store.blob(&digest)?;
        let bytes = bytes.ok_or(Failure::DocumentMissing {
            what: "contract",
            digest,
        })?;
        self.put(digest, ContractForm::of_bytes(bytes))
    }

    fn get(&self, digest: &Digest) -> Option<Arc<Pinned>> {
        let compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.get(digest).cloned()
    }

    fn put(&self, digest: Digest, form: ContractForm) -> Result<Arc<Pinned>, Failure> {
        let pinned = Arc::new(Pinned::compile(form)?);
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if compiled.len() >= COMPILED_MAX {
            compiled.clear();
        }
        compiled.insert(digest, Arc::clone(&pinned));
        Ok(pinned)
    }
}
