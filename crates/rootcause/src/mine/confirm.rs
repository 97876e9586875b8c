//! What later cases say of a cause that was found on earlier ones (Webb 2007, hold-out evaluation).

use super::bits::{Bits, Weights};
use super::cells::Cells;
use super::cover::Chosen;
use super::ground::Ground;
use super::settings::GROUP_CASES_MIN;
use super::stratified;
use crate::statistics::{LogProbability, real};
use crate::wire::Confirmation;

/// What later cases say, and how surely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Confirmed {
    pub(crate) verdict: Confirmation,
    /// Exact p-value on the later cases, given the causes before it.
    pub(crate) p: LogProbability,
}

/// Returns what later cases say of each cause, given the causes before it, as it was found; the
/// error rate is shared by all causes.
pub(crate) fn confirm(ground: &Ground<'_>, chosen: &[Chosen], alpha: f64) -> Vec<Confirmed> {
    let causes = u64::try_from(chosen.len()).unwrap_or(u64::MAX).max(1);
    let level = libm::log(alpha / real(causes));
    let weights = Weights::once(ground.later.clone());
    let mut cells = Cells::blocks(ground, &weights);
    let mut answers = Vec::with_capacity(chosen.len());
    for cause in chosen {
        let strata = cells.strata(&cause.rows);
        let p = stratified::upper_tail(&strata);
        let verdict = match (is_testable(ground, &cause.rows), p.ln() <= level) {
            (false, _) => Confirmation::Untested,
            (true, true) => Confirmation::Replicated,
            (true, false) if stratified::evidence(&strata).excess > 0.0 => Confirmation::Weaker,
            (true, false) => Confirmation::Gone,
        };
        answers.push(Confirmed { verdict, p });
        cells = cells.split(ground, &cause.rows);
    }
    answers
}

/// Whether there are enough later cases with and without the cause, and any failure among them.
fn is_testable(ground: &Ground<'_>, rows: &Bits) -> bool {
    let covered = rows.count_and(&ground.later);
    let others = ground.later.count() - covered;
    covered >= GROUP_CASES_MIN
        && others >= GROUP_CASES_MIN
        && ground.later.count_and(&ground.failed) > 0
}
