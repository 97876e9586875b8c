//! What a store holds handoffs of, from the opening of each: read before anything is measured.

use std::collections::{BTreeMap, BTreeSet};

use baton_evidence::trace::Entry;
use baton_mission::handoff::Change;
use baton_mission::names::HandoffId;
use baton_terms::{Digest, Id, Instant};

use super::failure::OutcomesFailure;
use super::limits::{OUTCOME_CONTRACTS_MAX, OUTCOME_REOPENED_MAX};
use crate::handoff::{Read, entry};
use crate::port::{Head, Ledger, Page, StoreError, each_head};

/// One contract by its handoffs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// When the first one was opened.
    pub(super) since: Instant,
    /// The last one that was opened, with its version; of several at once, the last by name.
    pub(super) last: (Instant, HandoffId, Digest),
    /// Versions under which any was opened.
    pub(super) versions: BTreeSet<Digest>,
}

/// What was opened by an instant.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) contracts: BTreeMap<Id, Seen>,
    /// Handoffs that another one took up again.
    pub(super) reopened: BTreeSet<HandoffId>,
}

impl Survey {
    /// Looks at the opening of every handoff.
    pub(super) fn of(
        store: &(impl Ledger + ?Sized),
        as_of: Instant,
    ) -> Result<Self, OutcomesFailure> {
        let mut survey = Self::default();
        each_head(store, Page::under("handoff/"), |head| {
            survey.look(store, (head, as_of))
        })?;
        Ok(survey)
    }

    fn look(
        &mut self,
        store: &(impl Ledger + ?Sized),
        (head, as_of): (&Head, Instant),
    ) -> Result<(), OutcomesFailure> {
        let damaged = || StoreError::Damaged {
            why: format!("`{}` does not begin with an opening", head.stream),
        };
        let first = store.lines(&head.stream, 0, 1)?;
        let first = first.first().ok_or_else(damaged)?;
        let first = Entry::parse(&first.bytes).map_err(|_| damaged())?;
        let (Some(Read::Event(event)), Some(digest)) =
            (entry::read(&first), entry::contract(&first))
        else {
            return Err(damaged().into());
        };
        let Change::Opened {
            contract, reopens, ..
        } = event.change
        else {
            return Err(damaged().into());
        };
        if event.at > as_of {
            return Ok(());
        }
        self.reopened.extend(reopens);
        within(
            self.reopened.len(),
            OUTCOME_REOPENED_MAX,
            "handoffs taken up again",
        )?;
        let opened = (event.at, event.handoff, digest);
        let seen = self.contracts.entry(contract).or_insert_with(|| Seen {
            since: opened.0,
            last: opened.clone(),
            versions: BTreeSet::new(),
        });
        seen.since = seen.since.min(opened.0);
        seen.versions.insert(digest);
        if opened > seen.last {
            seen.last = opened;
        }
        within(self.contracts.len(), OUTCOME_CONTRACTS_MAX, "contracts")
    }
}

/// Refuses more than a limit.
pub(super) fn within(
    found: usize,
    limit: usize,
    what: &'static str,
) -> Result<(), OutcomesFailure> {
    if found > limit {
        return Err(OutcomesFailure::TooMuch { what, limit });
    }
    Ok(())
}
