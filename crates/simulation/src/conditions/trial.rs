//! What came of trying one case.

use baton_scoring::wire::{FindingState, GateState, Posture, Scorecard};

/// Things tried, and what went otherwise than it must.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trial {
    /// Number of single things tried.
    pub checks: u64,
    /// What went wrong, each naming its invariant.
    pub messages: Vec<String>,
}

/// Messages kept of one case; the first ones say enough.
const MESSAGES_MAX: usize = 50;

impl Trial {
    /// Records that something was tried; `why` is asked for only when it went wrong.
    pub(super) fn holds(&mut self, invariant: &str, is_held: bool, why: impl FnOnce() -> String) {
        self.checks += 1;
        if !is_held && self.messages.len() < MESSAGES_MAX {
            self.messages.push(format!("{invariant}: {}", why()));
        }
    }

    /// Records what could not be tried as a failure.
    pub(super) fn fails(&mut self, invariant: &str, why: &str) {
        self.holds(invariant, false, || why.to_owned());
    }

    /// Records what must hold of every scorecard whatever was tried: unknown is never a pass.
    pub(super) fn is_sound(&mut self, invariant: &str, scorecard: &Scorecard<'_>) {
        let is_open = |state| matches!(state, GateState::Open | GateState::Failed);
        let counts_unknown = scorecard
            .findings
            .iter()
            .any(|finding| finding.state == FindingState::Unknown && finding.value.get() > 0);
        let is_ready = scorecard.posture == Posture::Ready;
        let stands_in_the_way = scorecard.gates.iter().any(|gate| is_open(gate.state))
            || scorecard
                .dimensions
                .iter()
                .any(|dimension| dimension.score.is_none());
        self.holds(invariant, !counts_unknown, || {
            "expected unknown findings to count nothing, found one that counts".to_owned()
        });
        self.holds(invariant, !(is_ready && stands_in_the_way), || {
            "expected an open gate or unknown dimension to keep the posture from ready, found ready"
                .to_owned()
        });
    }
}
