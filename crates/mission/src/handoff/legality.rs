//! Which commands a state knows. The whole table; `tests/legality.txt` holds it as data.

use super::state::StateName as State;
use super::wire::AskName as Ask;

/// Returns whether a command may be asked of a handoff in a state at all.
pub const fn is_legal(state: State, ask: Ask) -> bool {
    match state {
        State::Unopened => matches!(ask, Ask::Open),
        State::Drafted => matches!(ask, Ask::Submit | Ask::Withdraw),
        State::Submitted => is_under_way(ask) || matches!(ask, Ask::Waive),
        State::Checked => is_under_way(ask) || matches!(ask, Ask::Waive | Ask::Offer),
        State::Gated => {
            is_under_way(ask) || matches!(ask, Ask::Waive | Ask::Offer | Ask::Approve | Ask::Reject)
        }
        State::Offered => {
            is_under_way(ask)
                || matches!(
                    ask,
                    Ask::Acknowledge | Ask::Accept | Ask::NeedInput | Ask::Decline | Ask::Reassign
                )
        }
        State::Accepted => {
            !matches!(ask, Ask::Withdraw) && is_under_way(ask) || matches!(ask, Ask::Complete)
        }
        State::Completed => matches!(ask, Ask::RollBack),
        State::NeedsInput => is_returned(ask) || matches!(ask, Ask::Waive),
        State::Declined => is_returned(ask),
        State::Quarantined => {
            matches!(
                ask,
                Ask::Release | Ask::Withdraw | Ask::RollBack | Ask::Fire
            )
        }
        State::Escalated => matches!(
            ask,
            Ask::Resume | Ask::Withdraw | Ask::RollBack | Ask::Quarantine | Ask::Fire
        ),
        State::RollingBack => matches!(ask, Ask::Compensate | Ask::Fire),
        State::RollbackBlocked => matches!(ask, Ask::Retry | Ask::Leave | Ask::Fire),
        State::RolledBack | State::Withdrawn | State::Expired => false,
    }
}

/// What may happen while Baton, approvers or the receiver hold a package.
const fn is_under_way(ask: Ask) -> bool {
    matches!(
        ask,
        Ask::Check
            | Ask::Withdraw
            | Ask::RollBack
            | Ask::Escalate
            | Ask::Quarantine
            | Ask::Fire
            | Ask::Report
    )
}

/// What may happen while the sender has the package back.
const fn is_returned(ask: Ask) -> bool {
    matches!(
        ask,
        Ask::Submit
            | Ask::Withdraw
            | Ask::RollBack
            | Ask::Escalate
            | Ask::Quarantine
            | Ask::Fire
            | Ask::Report
    )
}
