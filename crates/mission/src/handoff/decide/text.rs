//! Limits of what a command may carry.

use crate::handoff::limits::REASON_BYTES_MAX;
use crate::handoff::refusal::Refusal;

/// Refuses an empty or overlong reason: what is decided is decided for a reason.
pub(super) fn reason(text: &str) -> Result<(), Refusal> {
    told("a reason", text, REASON_BYTES_MAX)
}

/// Refuses a text that is blank or too long.
pub(super) fn told(what: &'static str, text: &str, max: usize) -> Result<(), Refusal> {
    if !text.trim().is_empty() && text.len() <= max {
        return Ok(());
    }
    Err(Refusal::OutOfBounds {
        what,
        expected: format!("1 to {max} bytes that are not all blank"),
        found: text.len(),
    })
}

/// Refuses an empty or overlong list.
pub(super) fn some(what: &'static str, found: usize, max: usize) -> Result<(), Refusal> {
    if (1..=max).contains(&found) {
        return Ok(());
    }
    Err(Refusal::OutOfBounds {
        what,
        expected: format!("1 to {max}"),
        found,
    })
}

/// Refuses to go beyond a count.
pub(super) fn within(what: &'static str, found: u64, max: u64) -> Result<(), Refusal> {
    if found < max {
        return Ok(());
    }
    Err(Refusal::OutOfBounds {
        what,
        expected: format!("fewer than {max}"),
        found: usize::try_from(found).unwrap_or(usize::MAX),
    })
}
