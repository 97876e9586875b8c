//! "Did you mean": the declared name nearest to a misspelt one.

/// Names listed in a diagnostic at most.
const NAMES_SHOWN_MAX: usize = 12;

/// Returns the hint for `name` misspelt, or nothing when no candidate is near.
pub(super) fn hint<'n>(name: &str, candidates: impl Iterator<Item = &'n str>) -> String {
    let allowed = (name.chars().count() / 3).clamp(1, 4);
    let nearest = candidates
        .map(|candidate| {
            // Case is the commonest slip, and costs nothing here.
            let (left, right) = (name.to_lowercase(), candidate.to_lowercase());
            (strsim::damerau_levenshtein(&left, &right), candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min();
    nearest.map_or_else(String::new, |(_, candidate)| {
        format!("did you mean `{candidate}`?")
    })
}

/// Returns the first names in backquotes, and how many more there are.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(NAMES_SHOWN_MAX);
    let shown: Vec<_> = names.into_iter().take(NAMES_SHOWN_MAX).collect();
    match (shown.is_empty(), more) {
        (true, _) => "nothing".to_owned(),
        (false, 0) => format!("one of {}", shown.join(", ")),
        (false, more) => format!("one of {} and {more} more", shown.join(", ")),
    }
}
