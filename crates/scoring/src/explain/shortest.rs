//! The exact search behind the shortest path: a 0/1 knapsack with two constraints and floors.
//!
//! Chosen clauses rise to the full value and lose their risk points. Minimised are total effort,
//! then the number of clauses, then the position in canonical order. Unfixed clauses may keep at
//! most `points_max` points, so of those with points only a handful stays unfixed: the search
//! starts from "all of them fixed" and spends or saves effort from there (`slack`).
//!
//! A bound table tells for each suffix of clauses the most that the score can still gain, with the
//! floors of the dimensions left out, so it never says too little. Effort is deepened one by one
//! from the least the bound allows; at each effort the states that can still succeed are kept, and
//! of those only the ones no other state beats in everything that counts.

/// A dimension as it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dimension {
    /// Weight in the overall score.
    pub(super) weight: u64,
    /// Sum of the weights of its applicable clauses; not zero.
    pub(super) total: u64,
    /// Sum of weight times value of its applicable clauses.
    pub(super) sum: u64,
}

/// A clause that can be fixed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// Position in canonical order, below [`baton_terms::limits::CLAUSES_MAX`].
    pub(super) index: usize,
    /// Its dimension.
    pub(super) dimension: usize,
    /// What the fix adds to the dimension's sum.
    pub(super) gain: u64,
    /// Effort of the fix.
    pub(super) effort: u64,
    /// Risk points while unfixed.
    pub(super) points: u64,
}

/// What to solve.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    /// All dimensions, each with applicable clauses.
    pub(super) dimensions: Vec<Dimension>,
    /// Clauses that can be fixed, in canonical order.
    pub(super) items: Vec<Item>,
    /// Smallest score that will do, at most 10000.
    pub(super) score_min: u64,
    /// Most risk points that unfixed clauses may keep, below 10000.
    pub(super) points_max: u64,
}

/// Every severity's points are a multiple of this.
const POINTS_PER_UNIT: u64 = 500;
/// Fraction of a weighted basis point in which bounds count; more would not fit 32 bits.
const SCALE: u64 = 64;
/// A bound that says: can't be reached at all.
const NEVER: u32 = u32::MAX;
/// Words in a set of clauses.
const WORDS: usize = baton_terms::limits::CLAUSES_MAX.div_ceil(64);

/// Returns the positions of the clauses to fix, in canonical order.
pub(super) fn solve(problem: &Problem) -> Vec<usize> {
    let search = Search::new(problem);
    let deepest = search.slack_max;
    (0..=deepest)
        .find_map(|start| search.at_effort(start))
        .unwrap_or_default()
}

/// A set of clauses; the first in canonical order is the highest bit, so a greater set of the same
/// size is the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Set([u64; WORDS]);

impl Set {
    fn with(mut self, index: usize) -> Self {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (63 - index % 64);
        }
        self
    }

    fn indexes(self) -> Vec<usize> {
        let is_in = |index: &usize| {
            self.0
                .get(index / 64)
                .is_some_and(|word| word >> (63 - index % 64) & 1 == 1)
        };
        (0..WORDS * 64).filter(is_in).collect()
    }
}

/// Choices made for the first clauses.
#[derive(Debug, Clone, Copy)]
struct State {
    /// Effort left; an offset of `slack_zero` stands for none.
    slack: usize,
    /// Units of risk that may still stay.
    units: usize,
    /// Weighted score of the finished dimensions.
    score: u64,
    /// Sum gained in the dimension at hand.
    gained: u64,
    count: usize,
    set: Set,
}

struct Search<'p> {
    problem: &'p Problem,
    /// Items by dimension, in canonical order within each.
    items: Vec<Item>,
    units_max: usize,
    /// Slack that stands for none left: everything saved may have been spent.
    slack_zero: usize,
    slack_max: usize,
    /// Least weighted score.
    need: u64,
    /// `bounds[k][slack][units]`: most that the items from `k` on add to the scaled weighted score.
    bounds: Vec<Vec<u32>>,
}

impl<'p> Search<'p> {
    fn new(problem: &'p Problem) -> Self {
        let mut items = problem.items.clone();
        items.sort_by_key(|item| (item.dimension, item.index));
        let units_max = size(problem.points_max / POINTS_PER_UNIT);
        let risky: u64 = items
            .iter()
            .filter(|item| item.points > 0)
            .map(|item| item.effort)
            .sum();
        let notes: u64 = items
            .iter()
            .filter(|item| item.points == 0)
            .map(|item| item.effort)
            .sum();
        // Each clause left unfixed takes a unit and saves at most 5.
        let slack_zero = size(risky).min(5 * units_max);
        let weights: u64 = problem
            .dimensions
            .iter()
            .map(|dimension| dimension.weight)
            .sum();
        let mut search = Self {
            problem,
            items,
            units_max,
            slack_zero,
            slack_max: slack_zero + size(notes),
            need: problem.score_min * weights,
            bounds: Vec::new(),
        };
        search.bounds = search.bound_tables();
        search
    }

    fn cell(&self, slack: usize, units: usize) -> usize {
        slack * (self.units_max + 1) + units
    }

    /// The scaled weighted score a sum in a dimension stands for, rounded up.
    fn scaled(&self, dimension: usize, sum: u64) -> u64 {
        let dimension = self.problem.dimensions.get(dimension);
        dimension.map_or(0, |d| (d.weight * sum * SCALE).div_ceil(d.total.max(1)))
    }

    fn bound_tables(&self) -> Vec<Vec<u32>> {
        let cells = (self.slack_max + 1) * (self.units_max + 1);
        // Slack below zero at the end is effort that was never there.
        let mut last = vec![NEVER; cells];
        let zero = self.cell(self.slack_zero, 0);
        last.iter_mut().skip(zero).for_each(|cell| *cell = 0);
        let mut tables = vec![last];
        for item in self.items.iter().rev() {
            let Some(next) = tables.last() else {
                break;
            };
            let gain = u32::try_from(self.scaled(item.dimension, item.gain)).unwrap_or(NEVER - 1);
            let mut table = Vec::with_capacity(cells);
            for slack in 0..=self.slack_max {
                for units in 0..=self.units_max {
                    let after = |choice: Option<(usize, usize)>| {
                        choice
                            .and_then(|(slack, units)| next.get(self.cell(slack, units)))
                            .copied()
                            .filter(|bound| *bound != NEVER)
                    };
                    let fixed = after(Self::fix(item, (slack, units)));
                    let fixed = fixed.map(|bound| bound.saturating_add(gain).min(NEVER - 1));
                    let left = after(self.leave(item, (slack, units)));
                    table.push(fixed.max(left).unwrap_or(NEVER));
                }
            }
            tables.push(table);
        }
        tables.reverse();
        tables
    }

    /// Slack and units after fixing a clause; fixing one with points is already accounted for.
    fn fix(item: &Item, (slack, units): (usize, usize)) -> Option<(usize, usize)> {
        if item.points > 0 {
            return Some((slack, units));
        }
        Some((slack.checked_sub(size(item.effort))?, units))
    }

    /// Slack and units after leaving a clause as it is.
    fn leave(&self, item: &Item, (slack, units): (usize, usize)) -> Option<(usize, usize)> {
        if item.points == 0 {
            return Some((slack, units));
        }
        let units = units.checked_sub(size(item.points / POINTS_PER_UNIT))?;
        Some(((slack + size(item.effort)).min(self.slack_max), units))
    }

    /// Returns the best set whose effort is `start`, counted from the least that could be.
    fn at_effort(&self, start: usize) -> Option<Vec<usize>> {
        let first = State {
            slack: start,
            units: self.units_max,
            score: 0,
            gained: 0,
            count: 0,
            set: Set::default(),
        };
        let mut states = vec![first];
        let mut position = 0;
        for dimension in 0..self.problem.dimensions.len() {
            while let Some(item) = self
                .items
                .get(position)
                .filter(|i| i.dimension == dimension)
            {
                states = self.step(&states, item, position);
                position += 1;
            }
            self.finish(dimension, &mut states);
        }
        let is_enough = |state: &&State| state.score >= self.need && state.slack >= self.slack_zero;
        let best = states
            .iter()
            .filter(is_enough)
            .min_by_key(|s| (s.count, std::cmp::Reverse(s.set)));
        best.map(|state| state.set.indexes())
    }

    fn step(&self, states: &[State], item: &Item, position: usize) -> Vec<State> {
        let mut next = Vec::with_capacity(states.len() * 2);
        for state in states {
            let at = (state.slack, state.units);
            let moved = |(slack, units)| State {
                slack,
                units,
                ..*state
            };
            let fixed = Self::fix(item, at).map(moved).map(|state| State {
                gained: state.gained + item.gain,
                count: state.count + 1,
                set: state.set.with(item.index),
                ..state
            });
            let left = self.leave(item, at).map(moved);
            let can_succeed = |state: &State| self.can_succeed(state, item.dimension, position + 1);
            next.extend(fixed.into_iter().chain(left).filter(can_succeed));
        }
        undominated(next)
    }

    /// Whether a state at this position of a dimension is not yet beyond hope.
    fn can_succeed(&self, state: &State, dimension: usize, position: usize) -> bool {
        let bound = self
            .bounds
            .get(position)
            .and_then(|t| t.get(self.cell(state.slack, state.units)));
        let Some(bound) = bound.copied().filter(|bound| *bound != NEVER) else {
            return false;
        };
        let dimensions = self.problem.dimensions.iter().enumerate().skip(dimension);
        let standing: u64 = dimensions
            .map(|(at, d)| self.scaled(at, d.sum + if at == dimension { state.gained } else { 0 }))
            .sum();
        state.score * SCALE + standing + u64::from(bound) >= self.need * SCALE
    }

    /// Rounds a dimension's score down, as scoring does.
    fn finish(&self, dimension: usize, states: &mut Vec<State>) {
        let Some(dimension) = self.problem.dimensions.get(dimension) else {
            return;
        };
        for state in states.iter_mut() {
            let mean = (dimension.sum + state.gained)
                .checked_div(dimension.total)
                .unwrap_or(0);
            state.score += dimension.weight * mean;
            state.gained = 0;
        }
        *states = undominated(std::mem::take(states));
    }
}

/// Keeps the states that no other one beats. A state with more effort left beats one with less
/// whatever clauses it chose: at an effort where less is known not to be enough, neither or only
/// the one with less left leads to the end, and then both would.
fn undominated(mut states: Vec<State>) -> Vec<State> {
    states.sort_by(|a, b| {
        let key = |s: &State| (s.slack, s.units, s.score + s.gained, s.score);
        let choice = |s: &State| (s.count, std::cmp::Reverse(s.set));
        key(b).cmp(&key(a)).then_with(|| choice(a).cmp(&choice(b)))
    });
    let mut kept: Vec<State> = Vec::with_capacity(states.len());
    for state in states {
        let beats = |other: &State| {
            let is_no_worse = other.slack >= state.slack
                && other.units >= state.units
                && other.score >= state.score
                && other.gained >= state.gained;
            let choice = |s: &State| (s.count, std::cmp::Reverse(s.set));
            is_no_worse && (other.slack > state.slack || choice(other) <= choice(&state))
        };
        if !kept.iter().any(beats) {
            kept.push(state);
        }
    }
    kept
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Tries every set; positions are in canonical order.
    fn by_force(problem: &Problem) -> Vec<usize> {
        let sets = 0_u32..1 << problem.items.len();
        let chosen = |set: u32| -> Vec<Item> {
            let is_in = |(at, _): &(usize, &Item)| set >> at & 1 == 1;
            problem
                .items
                .iter()
                .enumerate()
                .filter(is_in)
                .map(|(_, item)| *item)
                .collect()
        };
        let is_enough = |fixed: &Vec<Item>| {
            let points: u64 = problem.items.iter().map(|item| item.points).sum();
            let removed: u64 = fixed.iter().map(|item| item.points).sum();
            let mean = |(at, d): (usize, &Dimension)| {
                let gain: u64 = fixed
                    .iter()
                    .filter(|i| i.dimension == at)
                    .map(|i| i.gain)
                    .sum();
                d.weight * ((d.sum + gain) / d.total)
            };
            let score: u64 = problem.dimensions.iter().enumerate().map(mean).sum();
            let weights: u64 = problem.dimensions.iter().map(|d| d.weight).sum();
            points - removed <= problem.points_max && score / weights >= problem.score_min
        };
        let key = |fixed: &Vec<Item>| {
            let effort: u64 = fixed.iter().map(|item| item.effort).sum();
            (
                effort,
                fixed.len(),
                fixed.iter().map(|item| item.index).collect::<Vec<_>>(),
            )
        };
        let best = sets
            .map(chosen)
            .filter(is_enough)
            .map(|fixed| key(&fixed))
            .min();
        best.map(|(_, _, indexes)| indexes).unwrap()
    }

    fn problems(items: std::ops::Range<usize>) -> impl Strategy<Value = Problem> {
        let points = prop_oneof![Just(0_u64), Just(500), Just(2500), Just(10_000)];
        let weights = prop_oneof![1_u64..=100, Just(10_u64)];
        let item = (
            0_usize..4,
            weights,
            prop_oneof![3 => Just(0_u64), 1 => 0_u64..10_000],
            1_u64..=5,
            points,
        );
        let dimensions = proptest::collection::vec((1_u64..=100, 0_u64..300), 1..=4);
        (
            dimensions,
            proptest::collection::vec(item, items),
            0_u64..=10_000,
            0_u64..10_000,
        )
            .prop_map(|(dimensions, items, score_min, points_max)| {
                // `met` is the weight of clauses that pass already.
                let mut dimensions: Vec<Dimension> = dimensions
                    .into_iter()
                    .map(|(weight, met)| Dimension {
                        weight,
                        total: met,
                        sum: met * 10_000,
                    })
                    .collect();
                let count = dimensions.len();
                let mut made = Vec::new();
                for (index, (at, weight, value, effort, points)) in items.into_iter().enumerate() {
                    let dimension = at % count;
                    dimensions[dimension].total += weight;
                    dimensions[dimension].sum += weight * value;
                    let gain = weight * (10_000 - value);
                    made.push(Item {
                        index,
                        dimension,
                        gain,
                        effort,
                        points,
                    });
                }
                for dimension in &mut dimensions {
                    if dimension.total == 0 {
                        (dimension.total, dimension.sum) = (1, 10_000);
                    }
                }
                Problem {
                    dimensions,
                    items: made,
                    score_min,
                    points_max,
                }
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        // spec: SCORING-41
        #[test]
        fn agrees_with_trying_every_set(problem in problems(0..11)) {
            prop_assert_eq!(solve(&problem), by_force(&problem));
        }
    }

    // spec: SCORING-42
    #[test]
    fn the_largest_contract_is_solved() {
        // Every kind of clause, in a fixed pseudo-random mixture.
        let mut seed = 7_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        let mut dimensions = vec![
            Dimension {
                weight: 25,
                total: 0,
                sum: 0
            };
            8
        ];
        let items: Vec<Item> = (0..baton_terms::limits::CLAUSES_MAX)
            .map(|index| {
                let dimension = size(next(8));
                let weight = 1 + next(100);
                dimensions[dimension].total += weight;
                let points = [0, 0, 500, 2500][size(next(4))];
                let gain = weight * 10_000;
                Item {
                    index,
                    dimension,
                    gain,
                    effort: 1 + next(5),
                    points,
                }
            })
            .collect();
        let problem = Problem {
            dimensions,
            items,
            score_min: 7400,
            points_max: 6199,
        };
        let fixed = solve(&problem);
        assert!(fixed.len() > 200 && fixed.len() < 500, "{}", fixed.len());
    }
}
