//! Numbers of the map as people read them.

use baton_eventlog::handover::Count;

/// Returns `part` of `whole` in percent, rounded half up, with a decimal below ten.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let Some(permille) = (part * 2_000 + whole).checked_div(2 * whole) else {
        return "–".to_owned();
    };
    if permille < 100 && permille % 10 != 0 {
        format!("{}.{}%", permille / 10, permille % 10)
    } else {
        format!("{}%", (permille + 5) / 10)
    }
}

/// Returns the failure rate of some cases.
pub(super) fn rate(count: Count) -> String {
    percent(count.failures, count.cases)
}

/// Returns a length of time in its largest unit, rounded down.
pub(super) fn time(seconds: Option<i64>) -> String {
    let Some(seconds) = seconds else {
        return "–".to_owned();
    };
    let units = [(86_400, "d"), (3_600, "h"), (60, "min")];
    let fits = units.into_iter().find(|(unit, _)| seconds >= 2 * unit);
    fits.map_or_else(
        || format!("{seconds} s"),
        |(unit, name)| format!("{} {name}", seconds / unit),
    )
}

/// Returns a count with thousands set apart.
pub(super) fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
