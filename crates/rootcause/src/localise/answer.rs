//! From a table to the answer: expectations, search, and what each cause amounts to.

use std::collections::BTreeSet;

use super::candidates::{Candidate, Cuboids};
use super::fit::fit;
use super::leaves::{Ground, Leaf};
use super::localisation::{
    Alternative, Amount, AttributeRead, Localisation, Located, Noise, Overall, SetAside, TableRead,
};
use super::numbers::{count, real};
use super::search::{Explanation, Search, Settings};
use super::table::{Measure, Table};
use crate::wire::{Condition, Fixed};

/// Other explanations that are shown.
const ALTERNATIVES: usize = 3;
/// An alternative further behind than this is none.
const BEHIND_MAX: f64 = 10.0;
/// Searches at most.
const PASSES: usize = 3;
/// Descriptions of the same leaves that are shown.
const ALIASES_MAX: usize = 5;
/// Leaves below which the noise of a table can't be told well.
const LEAVES_FEW: usize = 12;

/// Returns what explains the jump in a table. Its name and digest are the caller's to add.
pub fn localise(table: &Table, settings: Settings) -> Localisation {
    let ground = Ground::of(table);
    let expected: Vec<f64> = ground
        .expectations
        .iter()
        .map(|leaf| leaf.expected)
        .collect();
    let cuboids = Cuboids::of(table, settings.conditions);
    let (weighted, mut found) = explanations(&ground, &cuboids, settings);
    let search = Search {
        leaves: &weighted,
        cuboids: &cuboids,
        settings,
    };
    let view = View {
        table,
        search: &search,
        expected: &expected,
    };
    // What any search finds in pure noise is no explanation.
    found.retain(|one| view.first_ln_p(one) <= libm::log(settings.alpha.clamp(0.0, 1.0)));
    let best = found.first();
    let level = view.level(best);
    let mut answer = Localisation {
        baton: "localisation/v1".to_owned(),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        table: table_read(table),
        overall: view.overall(best, level),
        noise: Noise {
            of_count: fixed(ground.unrest.of_count),
            of_leaf: fixed(libm::sqrt(ground.unrest.of_leaf)),
        },
        conditions_max: u32::try_from(cuboids.depth).unwrap_or(u32::MAX),
        candidates: whole(cuboids.candidates()),
        alpha: fixed(settings.alpha),
        causes: best.map_or_else(Vec::new, |best| view.causes(best, level)),
        alternatives: view.alternatives(&found),
        cautions: Vec::new(),
    };
    answer.cautions = cautions(table, &cuboids, settings, answer.causes.is_empty());
    answer
}

/// Searches, and searches again with every leaf as restless as the level it was explained by, until
/// the causes stay.
fn explanations(
    ground: &Ground,
    cuboids: &Cuboids,
    settings: Settings,
) -> (Vec<Leaf>, Vec<Explanation>) {
    let mut weighted = ground.weighted(&[]);
    let mut found: Vec<Explanation> = Vec::new();
    for _ in 0..PASSES {
        let search = Search {
            leaves: &weighted,
            cuboids,
            settings,
        };
        let again = search.run();
        let is_settled = match (found.first(), again.first()) {
            (Some(one), Some(other)) => one.causes == other.causes,
            _ => again.is_empty(),
        };
        found = again;
        let Some(best) = found.first().filter(|_| !is_settled) else {
            break;
        };
        let factors: Vec<f64> = best
            .fitted
            .iter()
            .zip(&weighted)
            .map(|(fitted, leaf)| fitted / leaf.expected)
            .collect();
        weighted = ground.weighted(&factors);
    }
    // The last weights may be newer than the last search.
    let search = Search {
        leaves: &weighted,
        cuboids,
        settings,
    };
    let none = fit(&weighted, &[]);
    let found = found
        .into_iter()
        .map(|one| search.explanation(one.causes, &none));
    let found = found.collect();
    (weighted, found)
}

struct View<'v> {
    table: &'v Table,
    search: &'v Search<'v>,
    expected: &'v [f64],
}

impl View<'_> {
    fn leaves(&self, cause: Candidate) -> Vec<usize> {
        self.search.cuboids.leaves(cause)
    }

    /// Returns ln of the corrected p-value of a gain: the tail of the signed root of twice the gain
    /// (Wilks 1938), for each candidate as long, for each length.
    fn ln_p(&self, cause: Candidate, gain: f64) -> f64 {
        let lengths = libm::log(count(self.search.cuboids.depth));
        (ln_normal_tail(libm::sqrt(2.0 * gain.max(0.0)))
            + self.search.cuboids.penalty(cause)
            + lengths)
            .min(0.0)
    }

    /// Returns ln of the smallest p-value that any single cause of an explanation has alone.
    fn first_ln_p(&self, explanation: &Explanation) -> f64 {
        let none = fit(self.search.leaves, &[]);
        let causes = explanation.causes.iter();
        let alone = causes.map(|cause| {
            let one = self.search.explanation(vec![*cause], &none);
            self.ln_p(*cause, one.gain)
        });
        alone.fold(0.0, f64::min)
    }

    /// Returns the level of the leaves outside all causes.
    fn level(&self, best: Option<&Explanation>) -> f64 {
        let inside: BTreeSet<usize> = best
            .iter()
            .flat_map(|best| &best.causes)
            .flat_map(|cause| self.leaves(*cause))
            .collect();
        let outside = (0..self.table.leaves()).filter(|leaf| !inside.contains(leaf));
        let [actual, ..] = self.table.sums(outside.clone());
        let expected: f64 = outside.filter_map(|leaf| self.expected.get(leaf)).sum();
        let level = real(actual) / expected;
        if level.is_finite() { level } else { 1.0 }
    }

    fn overall(&self, best: Option<&Explanation>, level: f64) -> Overall {
        let [actual, total, ..] = self.table.sums(0..self.table.leaves());
        let expected: f64 = self.expected.iter().sum();
        let first = best.and_then(|best| best.causes.first());
        let is_up = match first {
            Some(cause) => {
                let (inside, expected) = self.sums(*cause);
                inside > expected * level
            }
            None => real(actual) >= expected,
        };
        Overall {
            actual: Amount::from_millionths(actual),
            expected: Amount::round(expected),
            total: self.total(total),
            direction: if is_up { "up" } else { "down" }.to_owned(),
            level: Fixed::round(level),
        }
    }

    fn total(&self, total: i128) -> Option<Amount> {
        match self.table.measure {
            Measure::Forecast => None,
            _ => Some(Amount::from_millionths(total)),
        }
    }

    fn sums(&self, cause: Candidate) -> (f64, f64) {
        let leaves = self.leaves(cause);
        let [actual, ..] = self.table.sums(leaves.iter().copied());
        let expected = leaves.iter().filter_map(|leaf| self.expected.get(*leaf));
        (real(actual), expected.sum())
    }

    fn causes(&self, best: &Explanation, level: f64) -> Vec<Located> {
        let none = fit(self.search.leaves, &[]);
        let all_actual: f64 = real(self.table.sums(0..self.table.leaves())[0]);
        let all_excess = all_actual - self.expected.iter().sum::<f64>() * level;
        let mut located: Vec<(f64, Located)> = best
            .causes
            .iter()
            .map(|cause| {
                let others = best.causes.iter().copied().filter(|one| one != cause);
                let without = self.search.explanation(others.collect(), &none);
                let gain = best.gain - without.gain;
                (gain, self.located(*cause, level, gain))
            })
            .collect();
        located.sort_by(|(gain, one), (other_gain, other)| {
            let by_gain = other_gain.total_cmp(gain);
            by_gain.then_with(|| one.conditions.cmp(&other.conditions))
        });
        located
            .into_iter()
            .map(|(_, one)| Located {
                share_of_jump: Fixed::round(one.excess.to_f64() / all_excess),
                ..one
            })
            .collect()
    }

    fn located(&self, cause: Candidate, level: f64, gain: f64) -> Located {
        let leaves = self.leaves(cause);
        let [actual, total, ..] = self.table.sums(leaves.iter().copied());
        let (value, expected) = self.sums(cause);
        let at_level = expected * level;
        let both = at_level + value;
        Located {
            conditions: self.conditions(cause),
            aliases: self.aliases(cause, &leaves),
            leaves: whole(leaves.len()),
            actual: Amount::from_millionths(actual),
            expected: Amount::round(expected),
            total: self.total(total),
            ratio: Fixed::round(value / at_level),
            deviation: fixed(if both > 0.0 {
                2.0 * (at_level - value) / both
            } else {
                0.0
            }),
            excess: Amount::round(value - at_level),
            share_of_jump: None,
            gain: fixed(gain),
            log10_p: fixed(self.ln_p(cause, gain) / std::f64::consts::LN_10),
        }
    }

    fn conditions(&self, cause: Candidate) -> Vec<Condition> {
        let Some(set) = self.search.cuboids.sets.get(cause.cuboid) else {
            return Vec::new();
        };
        let Some(leaf) = set.cell.iter().position(|cell| *cell == cause.cell) else {
            return Vec::new();
        };
        set.attributes
            .iter()
            .filter_map(|place| {
                let attribute = self.table.attributes.get(*place)?;
                let code = self.table.codes.get(*place)?.get(leaf)?;
                let value = attribute.values.get(usize::try_from(*code).ok()?)?;
                let feature = attribute.name.clone();
                Some(if value.is_empty() {
                    Condition::Missing { feature }
                } else {
                    Condition::Is {
                        feature,
                        value: value.to_string(),
                    }
                })
            })
            .collect()
    }

    /// Returns other descriptions of the same leaves that are as short as this one.
    fn aliases(&self, cause: Candidate, leaves: &[usize]) -> Vec<Vec<Condition>> {
        let sets = &self.search.cuboids.sets;
        let length = |place: usize| sets.get(place).map_or(0, |set| set.attributes.len());
        let Some(first) = leaves.first() else {
            return Vec::new();
        };
        sets.iter()
            .enumerate()
            .filter(|(place, _)| *place != cause.cuboid && length(*place) == length(cause.cuboid))
            .filter_map(|(place, set)| {
                let cell = *set.cell.get(*first)?;
                let inside = set.cell.iter().enumerate();
                let inside = inside
                    .filter(|(_, one)| **one == cell)
                    .map(|(leaf, _)| leaf);
                inside.eq(leaves.iter().copied()).then_some(Candidate {
                    cuboid: place,
                    cell,
                })
            })
            .take(ALIASES_MAX)
            .map(|alias| self.conditions(alias))
            .collect()
    }

    fn alternatives(&self, found: &[Explanation]) -> Vec<Alternative> {
        let Some(best) = found.first() else {
            return Vec::new();
        };
        found
            .iter()
            .skip(1)
            .filter(|one| best.score - one.score <= BEHIND_MAX)
            .take(ALTERNATIVES)
            .map(|one| {
                let causes = one.causes.iter();
                Alternative {
                    causes: causes.map(|cause| self.conditions(*cause)).collect(),
                    behind: fixed(best.score - one.score),
                }
            })
            .collect()
    }
}

fn table_read(table: &Table) -> TableRead {
    TableRead {
        name: String::new(),
        digest: String::new(),
        measure: match table.measure {
            Measure::Share => "share",
            Measure::ShareWithBefore => "share-with-before",
            Measure::Forecast => "forecast",
        }
        .to_owned(),
        rows: whole(table.rows),
        leaves: whole(table.leaves()),
        attributes: table
            .attributes
            .iter()
            .map(|attribute| AttributeRead {
                name: attribute.name.clone(),
                values: whole(attribute.values.len()),
            })
            .collect(),
        set_aside: table
            .set_aside
            .iter()
            .map(|(name, why)| SetAside {
                name: name.clone(),
                why: (*why).to_owned(),
            })
            .collect(),
    }
}

fn cautions(table: &Table, cuboids: &Cuboids, settings: Settings, none: bool) -> Vec<String> {
    let mut found = Vec::new();
    let wanted = settings.conditions.min(table.attributes.len());
    if cuboids.depth < wanted {
        found.push(format!(
            "The table is too large for combinations of {wanted} conditions; those of up to {} were looked at.",
            cuboids.depth
        ));
    }
    if table.leaves() < LEAVES_FEW {
        found.push(format!(
            "The table has only {} leaves, so how restless they are by chance is a guess.",
            table.leaves()
        ));
    }
    if none {
        found.push("No combination stands out from chance.".to_owned());
    }
    if table.measure == Measure::Share && !none {
        found.push(
            "There are no numbers from before the jump, so a combination that was always worse is named as well."
                .to_owned(),
        );
    }
    found
}

/// Returns ln of the upper tail of the normal distribution.
fn ln_normal_tail(score: f64) -> f64 {
    if score < 30.0 {
        return libm::log(0.5 * libm::erfc(score / std::f64::consts::SQRT_2));
    }
    // The leading term of the asymptotic series; its error is below 1/900.
    -0.5 * score * score - libm::log(score) - 0.5 * libm::log(2.0 * std::f64::consts::PI)
}

fn fixed(value: f64) -> Fixed {
    Fixed::round(value).unwrap_or_default()
}

fn whole(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
