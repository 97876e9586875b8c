//! The record of one handoff, flat, and the table of the page.

use std::collections::{BTreeMap, BTreeSet};

use super::terms::{Account, Check, Contract, Package};

/// State, whose turn it is, and the commands it knows.
pub const TABLE: [(&str, &str, &str); 17] = [
    ("unopened", "nobody's", "open"),
    ("drafted", "sender", "submit withdraw"),
    (
        "submitted",
        "Baton",
        "check withdraw waive rollback escalate quarantine fire report",
    ),
    (
        "checked",
        "Baton",
        "check withdraw waive rollback escalate quarantine fire report offer",
    ),
    (
        "gated",
        "approvers",
        "check withdraw waive rollback escalate quarantine fire report approve reject offer",
    ),
    (
        "offered",
        "receiver",
        "acknowledge accept needs-input decline check reassign withdraw rollback escalate quarantine fire report",
    ),
    (
        "accepted",
        "receiver",
        "complete check rollback escalate quarantine fire report",
    ),
    ("completed", "nobody's", "rollback"),
    (
        "needs-input",
        "sender",
        "submit waive withdraw rollback escalate quarantine fire report",
    ),
    (
        "declined",
        "sender",
        "submit withdraw rollback escalate quarantine fire report",
    ),
    ("quarantined", "oversight", "release withdraw rollback fire"),
    (
        "escalated",
        "oversight",
        "resume withdraw rollback quarantine fire",
    ),
    ("rolling-back", "Baton", "compensate fire"),
    ("rollback-blocked", "oversight", "retry leave fire"),
    ("rolled-back", "nobody's", ""),
    ("withdrawn", "nobody's", ""),
    ("expired", "nobody's", ""),
];

/// A decision at a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whose.
    pub by: Account,
    /// Gates it may count for.
    pub gates: Vec<String>,
}

/// A handoff.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is the word of the specification")]
pub struct Handoff {
    pub state: String,
    /// States it waits to return to, the outermost first.
    pub below: Vec<String>,
    pub opener: Option<Account>,
    pub package: Option<Package>,
    pub senders: Vec<Account>,
    pub submissions: u64,
    pub first_submitted: Option<i64>,
    pub check: Option<Check>,
    pub open_gates: BTreeMap<String, i64>,
    pub approvals: Vec<Decision>,
    pub refusals: Vec<Decision>,
    pub passed: bool,
    /// `check`, `gate` or `receiver`, for a package that was sent back.
    pub asked_by: &'static str,
    pub team: Option<String>,
    pub offered_at: i64,
    pub acknowledged: bool,
    pub accepted_at: Option<i64>,
    pub place: u64,
    pub follows: Option<u64>,
    pub waivers: Vec<(String, i64)>,
    pub attempts: BTreeMap<&'static str, u32>,
    pub failures: u32,
    pub retries: BTreeMap<&'static str, i64>,
    /// What was performed: whether something undoes it.
    pub effects: Vec<bool>,
    /// How many effects are settled, the last ones first, with who left each.
    pub settled: Vec<Option<String>>,
    pub timers: BTreeMap<String, i64>,
    pub lapsed: BTreeSet<String>,
    pub passes: Vec<(i64, &'static str)>,
    pub moved_at: i64,
    pub clocks_from: Option<i64>,
    pub last_at: Option<i64>,
    pub answers: BTreeMap<(String, String), String>,
}

impl Handoff {
    /// One of which nothing is recorded.
    pub fn new() -> Self {
        Self {
            state: "unopened".to_owned(),
            ..Self::default()
        }
    }

    /// Whether its state is one of these, separated by blanks.
    pub fn is(&self, states: &str) -> bool {
        states.split(' ').any(|state| state == self.state)
    }

    /// Whether nothing follows by itself.
    pub fn is_over(&self) -> bool {
        self.is("unopened drafted completed rolled-back withdrawn expired")
    }

    /// Whether its state knows a command.
    pub fn knows(&self, word: &str) -> bool {
        let rows = TABLE.iter().filter(|(state, ..)| *state == self.state);
        rows.flat_map(|(_, _, words)| words.split(' '))
            .any(|known| known == word)
    }

    /// The effect to settle next, if any is left.
    pub fn next_effect(&self) -> Option<usize> {
        self.effects.len().checked_sub(self.settled.len() + 1)
    }

    /// How many approvals count for each open gate: of all ways to spend them, the one that fills the
    /// places of the quorums in the order of expiry, then id.
    pub fn counts(&self, contract: &Contract) -> BTreeMap<String, usize> {
        let mut order: Vec<(bool, i64, &String, usize)> = Vec::new();
        for (id, opened) in &self.open_gates {
            let gate = contract.gates.iter().find(|gate| gate.id == *id);
            let due = gate
                .and_then(|gate| gate.expires)
                .map(|within| opened + within);
            let quorum = gate.map_or(usize::MAX, |gate| gate.quorum);
            order.push((due.is_none(), due.unwrap_or(0), id, quorum));
        }
        order.sort();
        let mut best: Vec<usize> = vec![0; order.len()];
        // Every approval is spent on nothing (0) or on one of the gates.
        let ways = (order.len() + 1).pow(u32::try_from(self.approvals.len()).unwrap_or(0));
        for way in 0..ways {
            let mut left = way;
            let mut counts = vec![0; order.len()];
            let mut fits = true;
            for approval in &self.approvals {
                let choice = left % (order.len() + 1);
                left /= order.len() + 1;
                let Some((_, _, id, _)) = choice.checked_sub(1).and_then(|at| order.get(at)) else {
                    continue;
                };
                fits = fits
                    && approval.gates.contains(id)
                    && self.is_apart(contract, id, &approval.by);
                if let Some(count) = counts.get_mut(choice - 1) {
                    *count += 1;
                }
            }
            let full = order
                .iter()
                .zip(&counts)
                .all(|((.., quorum), count)| count <= quorum);
            if fits && full && counts > best {
                best = counts;
            }
        }
        order
            .iter()
            .map(|(_, _, id, _)| (*id).clone())
            .zip(best)
            .collect()
    }

    /// Whether an approver is separate from everyone who sent a package.
    pub fn is_apart(&self, contract: &Contract, gate: &str, by: &Account) -> bool {
        let gate = contract.gates.iter().find(|one| one.id == gate);
        let keeps_team_out = gate.is_some_and(|gate| gate.not_sender_team);
        self.senders
            .iter()
            .all(|sender| !(by.shares_with(sender) || keeps_team_out && by.team == sender.team))
    }

    /// Whether so many refused that a gate can't reach its quorum.
    pub fn is_refused(&self, contract: &Contract, id: &str) -> bool {
        let gate = contract.gates.iter().find(|gate| gate.id == id);
        let spare = gate.map_or(0, |gate| gate.of - gate.quorum);
        let refusals = self
            .refusals
            .iter()
            .filter(|no| no.gates.iter().any(|gate| gate == id));
        refusals.count() > spare
    }

    /// Whether a gate has its quorum.
    pub fn is_met(&self, contract: &Contract, id: &str) -> bool {
        let quorum = contract
            .gates
            .iter()
            .find(|gate| gate.id == id)
            .map(|gate| gate.quorum);
        let count = self.counts(contract).get(id).copied();
        count
            .zip(quorum)
            .is_some_and(|(count, quorum)| count >= quorum)
            && !self.is_refused(contract, id)
    }

    /// Whether every open gate has its quorum.
    pub fn all_met(&self, contract: &Contract) -> bool {
        self.open_gates
            .keys()
            .all(|gate| self.is_met(contract, gate))
    }

    /// Where a rollback would land.
    pub fn target(&self, baseline: Option<u64>) -> Option<u64> {
        match self.accepted_at {
            None => baseline,
            Some(_) if baseline == Some(self.place) => self.follows,
            Some(_) => None,
        }
    }
}
