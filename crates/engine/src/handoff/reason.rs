//! Reasons that Baton gives itself, held to what a handoff takes.

use baton_mission::handoff::limits::REASON_BYTES_MAX;

/// Cuts a reason to what a handoff takes; an empty one says so.
pub(crate) fn shortened(reason: &str) -> String {
    let end = reason.floor_char_boundary(REASON_BYTES_MAX);
    match reason.get(..end) {
        Some(short) if !short.trim().is_empty() => short.to_owned(),
        _ => "no reason was given".to_owned(),
    }
}
