//! Which column is the case, the time, the activity, the party and the person.

use baton_terms::Diagnostic;

use super::profile::{Profile, Profiles};
use super::sample::Sample;
use super::words;
use crate::import::{codes, decimal};
use crate::mapping::ValueKind;
use crate::model::Column;

/// A column that is proposed for something, with the reason.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) column: usize,
    pub(super) why: String,
}

/// The columns proposed for each role.
#[derive(Debug)]
pub(super) struct Roles {
    pub(super) case: Proposal,
    pub(super) time: Proposal,
    pub(super) activity: Proposal,
    pub(super) order: Option<Proposal>,
    pub(super) party: Option<Proposal>,
    pub(super) person: Option<Proposal>,
}

impl Roles {
    pub(super) fn of(sample: &Sample, profiles: &Profiles) -> Result<Self, Vec<Diagnostic>> {
        let look = Look { sample, profiles };
        let case = look.case();
        let pairs = case
            .as_ref()
            .and_then(|case| sample.columns.get(case.column))
            .map(|column| sample.pairs(column))
            .unwrap_or_default();
        let time = look.time(&pairs);
        let used = |roles: &[&Option<Proposal>]| -> Vec<usize> {
            roles
                .iter()
                .filter_map(|role| Some(role.as_ref()?.column))
                .collect()
        };
        let activity = look.activity(&pairs, &used(&[&case, &time]));
        let party = look.named(words::PARTY, &used(&[&case, &time, &activity]));
        let person = look.named(words::PERSON, &used(&[&case, &time, &activity, &party]));
        let order = look.order(&pairs, &used(&[&case, &time, &activity]));
        match (case, time, activity) {
            (Some(case), Some(time), Some(activity)) => Ok(Self {
                case,
                time,
                activity,
                order,
                party,
                person,
            }),
            (case, time, activity) => Err(vec![nothing(sample, [&case, &time, &activity])]),
        }
    }
}

fn nothing(sample: &Sample, roles: [&Option<Proposal>; 3]) -> Diagnostic {
    let names = [
        "a column whose values repeat as the id of a case",
        "a column of times",
        "a column that says what happened",
    ];
    let missing: Vec<_> = names
        .iter()
        .zip(roles)
        .filter(|(_, role)| role.is_none())
        .map(|(name, _)| *name)
        .collect();
    let columns: Vec<_> = sample
        .columns
        .iter()
        .take(20)
        .map(|column| format!("`{}`", column.name))
        .collect();
    Diagnostic::error(codes::NOTHING_GUESSED, "no mapping can be proposed")
        .expected(missing.join(", "))
        .found(format!(
            "{} rows of the columns {}",
            sample.rows,
            columns.join(", ")
        ))
        .hint("write the mapping by hand; `baton schema mapping` has its fields")
}

struct Look<'s> {
    sample: &'s Sample,
    profiles: &'s Profiles,
}

impl<'s> Look<'s> {
    fn columns(&self) -> impl Iterator<Item = (usize, &'s Column, &'s Profile)> {
        let columns = self.sample.columns.iter().zip(&self.profiles.columns);
        columns
            .enumerate()
            .map(|(place, (column, profile))| (place, column, profile))
    }

    /// The id of a case repeats, a time changes between its rows, and its name mostly says so.
    fn case(&self) -> Option<Proposal> {
        let times: Vec<_> = self
            .columns()
            .filter(|(_, _, profile)| profile.format().is_some())
            .collect();
        let candidates = self.columns().filter_map(|(place, column, profile)| {
            let is_apt = matches!(profile.kind, ValueKind::Text) || profile.is_integer;
            let is_id = profile.distinct > 1 && profile.distinct < profile.filled;
            if !is_apt
                || !is_id
                || profile.format().is_some()
                || profile.filled < self.sample.rows * 8 / 10
            {
                return None;
            }
            let pairs = self.sample.pairs(column);
            let changing = |time: &Column| {
                share(
                    pairs
                        .iter()
                        .filter(|(a, b)| time.code(*a) != time.code(*b))
                        .count(),
                    pairs.len(),
                )
            };
            let moves = times
                .iter()
                .map(|(_, time, _)| changing(time))
                .max()
                .unwrap_or_default();
            let sign = words::sign(&column.name, words::CASE);
            let is_person = words::sign(&column.name, words::PEOPLE).is_some();
            let is_team = words::sign(&column.name, words::PARTY).is_some();
            let spread = share(profile.distinct, profile.filled).min(300);
            let by_name = sign.map_or(0, |sign| {
                let rank = words::CASE.iter().position(|known| *known == sign);
                700 - 30 * rank.unwrap_or_default()
            });
            let first = if place == 0 { 300 } else { 0 };
            let score = by_name + first + moves / 2 + spread;
            let score = if is_person || is_team {
                score / 4
            } else {
                score
            };
            let why = format!(
                "{} values in {} rows{}",
                profile.distinct,
                self.sample.rows,
                sign.map_or(String::new(), |sign| format!("; its name says `{sign}`"))
            );
            (moves > 0).then_some((score, Proposal { column: place, why }))
        });
        best(candidates)
    }

    /// The time of an event changes between the rows of a case.
    fn time(&self, pairs: &[(usize, usize)]) -> Option<Proposal> {
        let candidates = self.columns().filter_map(|(place, column, profile)| {
            let format = profile.format()?;
            let changes = pairs
                .iter()
                .filter(|(a, b)| column.code(*a) != column.code(*b));
            let moves = share(changes.count(), pairs.len());
            let filled = share(profile.filled, self.sample.rows);
            let sign = words::sign(&column.name, words::TIME);
            let is_other =
                words::sign(&column.name, words::END).or(words::sign(&column.name, words::START));
            let score = moves + filled + if sign.is_some() { 200 } else { 0 };
            let score = if is_other.is_some() { score / 2 } else { score };
            let swap = profile.or_format.map_or(String::new(), |other| {
                format!("; `{other}` would read all of them too, so look at one you know")
            });
            let why = format!(
                "read as `{}`; changes between {}% of neighboring rows of a case{swap}",
                format.text(),
                moves / 10
            );
            Some((score, Proposal { column: place, why }))
        });
        best(candidates)
    }

    /// What happened is one of few words and changes within a case.
    fn activity(&self, pairs: &[(usize, usize)], used: &[usize]) -> Option<Proposal> {
        let candidates = self.columns().filter_map(|(place, column, profile)| {
            let is_apt =
                matches!(profile.kind, ValueKind::Text) && (2..=500).contains(&profile.distinct);
            if !is_apt || used.contains(&place) || profile.filled < self.sample.rows * 8 / 10 {
                return None;
            }
            let changes = pairs
                .iter()
                .filter(|(a, b)| column.code(*a) != column.code(*b));
            let moves = share(changes.count(), pairs.len());
            let sign = words::sign(&column.name, words::ACTIVITY);
            let by_name = sign.map_or(0, |sign| {
                let rank = words::ACTIVITY.iter().position(|known| *known == sign);
                800 - 60 * rank.unwrap_or_default()
            });
            let is_other = words::sign(&column.name, words::PEOPLE)
                .or(words::sign(&column.name, words::PARTY));
            let score = by_name + moves / 2;
            let score = if is_other.is_some() { score / 4 } else { score };
            let why = format!(
                "{} values; changes between {}% of neighboring rows of a case",
                profile.distinct,
                moves / 10
            );
            (moves > 0).then_some((score, Proposal { column: place, why }))
        });
        best(candidates)
    }

    fn named(&self, signs: &[&str], used: &[usize]) -> Option<Proposal> {
        let candidates = self.columns().filter_map(|(place, column, profile)| {
            let sign = words::sign(&column.name, signs)?;
            let is_apt = matches!(profile.kind, ValueKind::Text) && profile.distinct > 1;
            let rank = signs
                .iter()
                .position(|known| *known == sign)
                .unwrap_or_default();
            let why = format!("its name says `{sign}`; {} values", profile.distinct);
            (is_apt && !used.contains(&place))
                .then_some((1_000 - rank, Proposal { column: place, why }))
        });
        best(candidates)
    }

    /// A numbering of events grows with every row of a case; one that is not named so is not
    /// proposed, for a counter of something else may grow too.
    fn order(&self, pairs: &[(usize, usize)], used: &[usize]) -> Option<Proposal> {
        let candidates = self.columns().filter_map(|(place, column, profile)| {
            let sign = words::sign(&column.name, words::SEQUENCE)?;
            if !profile.is_integer || used.contains(&place) || profile.filled < self.sample.rows {
                return None;
            }
            let number = |row: usize| column.text(row).and_then(|text| decimal(text, 0));
            let grows = pairs
                .iter()
                .filter(|(a, b)| number(*a) < number(*b))
                .count();
            let why = format!(
                "its name says `{sign}`, and it grows with {}% of the rows of a case",
                share(grows, pairs.len()) / 10
            );
            (share(grows, pairs.len()) >= 950).then_some((grows, Proposal { column: place, why }))
        });
        best(candidates)
    }
}

/// Returns the proposal of the highest score; of equal ones the first.
fn best(candidates: impl Iterator<Item = (usize, Proposal)>) -> Option<Proposal> {
    let mut best: Option<(usize, Proposal)> = None;
    for (score, proposal) in candidates {
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, proposal));
        }
    }
    best.map(|(_, proposal)| proposal)
}

/// Returns a part in thousandths of the whole, rounded down.
fn share(part: usize, whole: usize) -> usize {
    part.saturating_mul(1_000)
        .checked_div(whole)
        .unwrap_or_default()
}
