//! Values of one case: numbers, texts, lists and objects around what the schemas mention.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::facts::{At, Bound, Facts, Kinds};
use super::sample::{KEPT_MAX, Sampler, TRIED_MAX};

/// Longest list built.
const ITEMS_MAX: u64 = 40;

impl Sampler<'_> {
    /// Returns candidates for one case without listed values; not all of them satisfy it.
    pub(super) fn of_case(&mut self, case: &Facts, levels: usize) -> Vec<Value> {
        let mut candidates: Vec<Value> = match case.kinds {
            Kinds::STRING => self.texts(case),
            Kinds::ARRAY => self.lists(case, levels),
            Kinds::OBJECT => self.objects(case, levels),
            _ => self.numbers(case),
        };
        candidates.extend(self.pools.values.iter().cloned());
        candidates
    }

    fn numbers(&self, case: &Facts) -> Vec<Value> {
        let near = |bound: &Bound| {
            let whole = [
                bound.value.floor() - 1,
                bound.value.floor(),
                bound.value.ceil() + 1,
            ];
            whole.map(|whole| i64::try_from(whole).map_or(Value::Null, Value::from))
        };
        let bounds = case.lower.iter().chain(&case.upper).flat_map(near);
        let steps = case.steps.iter().cloned();
        steps
            .chain(bounds)
            .chain(self.pools.numbers.iter().cloned())
            .collect()
    }

    fn texts(&self, case: &Facts) -> Vec<Value> {
        let mut texts: Vec<String> = Vec::new();
        for pattern in &case.patterns {
            texts.extend(jsonschema_regex::pattern_witness(pattern));
        }
        texts.extend(self.pools.texts.iter().cloned());
        let bounds = [Some(case.length_min), case.length_max]
            .into_iter()
            .flatten();
        let lengths: BTreeSet<u64> = bounds.chain(self.pools.lengths.iter().copied()).collect();
        let short = lengths
            .into_iter()
            .filter_map(|length| usize::try_from(length).ok());
        texts.extend(
            short
                .filter(|length| *length <= 700)
                .map(|length| "a".repeat(length)),
        );
        texts.into_iter().map(Value::String).collect()
    }

    fn lists(&mut self, case: &Facts, levels: usize) -> Vec<Value> {
        let mut counts: BTreeSet<u64> = self.pools.lengths.clone();
        counts.extend([case.items_min, case.items_min + 1]);
        counts.extend(case.items_max);
        let most = case.items_max.unwrap_or(ITEMS_MAX).min(ITEMS_MAX);
        let counts = counts
            .into_iter()
            .filter(|count| (case.items_min..=most).contains(count));
        let mut lists = Vec::new();
        for count in counts {
            let count = usize::try_from(count).unwrap_or_default();
            self.lists_of(case, (count, levels), &mut lists);
            if lists.len() > TRIED_MAX {
                break;
            }
        }
        lists
    }

    fn lists_of(&mut self, case: &Facts, (count, levels): (usize, usize), lists: &mut Vec<Value>) {
        let choices: Vec<Vec<Value>> = (0..count)
            .map(|at| self.item_choices(case, at, levels))
            .collect();
        if choices.iter().any(Vec::is_empty) {
            return;
        }
        // Plain: the same choice everywhere; distinct: a different one at each position.
        let pick = |choices: &Vec<Value>, at: usize| choices.get(at % choices.len()).cloned();
        let plain: Vec<Value> = choices.iter().filter_map(|own| pick(own, 0)).collect();
        let distinct: Vec<Value> = choices
            .iter()
            .enumerate()
            .filter_map(|(at, own)| pick(own, at))
            .collect();
        let base = if case.is_unique { &distinct } else { &plain };
        for (at, own) in choices.iter().enumerate().take(4) {
            for choice in own {
                let mut list = base.clone();
                if let Some(slot) = list.get_mut(at) {
                    *slot = choice.clone();
                }
                lists.push(Value::Array(list));
            }
        }
        lists.push(Value::Array(plain.clone()));
        lists.push(Value::Array(distinct));
    }

    fn item_choices(&mut self, case: &Facts, at: usize, levels: usize) -> Vec<Value> {
        let mut members = case.members_of_item(at);
        let contained = case.contains.first().map(|contains| contains.at.clone());
        let is_needed = case
            .contains
            .first()
            .is_some_and(|contains| u64::try_from(at).is_ok_and(|at| at < contains.least));
        members.extend(contained.filter(|_| is_needed));
        self.below(&members, levels)
    }

    fn below(&mut self, members: &BTreeSet<At>, levels: usize) -> Vec<Value> {
        match levels.checked_sub(1) {
            Some(0) | None => Vec::new(),
            Some(levels) => self.values(members, levels),
        }
    }

    fn objects(&mut self, case: &Facts, levels: usize) -> Vec<Value> {
        let own: BTreeSet<String> = case
            .property_names()
            .into_iter()
            .map(str::to_owned)
            .collect();
        let mentioned = self.pools.names.iter().cloned();
        let foreign: Vec<String> = mentioned.filter(|name| !own.contains(name)).collect();
        let names = own.into_iter().chain(foreign).take(KEPT_MAX * 2);
        let choices: Vec<(String, Vec<Value>)> = names
            .map(|name| {
                let values = self.below(&case.members_of_property(&name), levels);
                (name, values)
            })
            .collect();
        variants(case, &choices)
    }
}

/// Returns the least object, the fullest one, and both with one field changed, added or left out.
fn variants(case: &Facts, choices: &[(String, Vec<Value>)]) -> Vec<Value> {
    let with = |is_in: &dyn Fn(&str) -> bool| -> Map<String, Value> {
        let first = |(name, values): &(String, Vec<Value>)| {
            let value = values.first().filter(|_| is_in(name))?;
            Some((name.clone(), value.clone()))
        };
        choices.iter().filter_map(first).collect()
    };
    let mut least = with(&|name| case.required.contains(name));
    let described = case.property_names();
    let full = with(&|name| described.contains(name));
    fill(&mut least, case, choices);
    let mut objects = vec![Value::Object(least.clone()), Value::Object(full.clone())];
    for (name, values) in choices {
        for base in [&least, &full] {
            for value in values {
                let mut object = base.clone();
                object.insert(name.clone(), value.clone());
                objects.push(Value::Object(object));
            }
            let mut object = base.clone();
            if object.remove(name).is_some() {
                objects.push(Value::Object(object));
            }
        }
        if objects.len() > TRIED_MAX * 8 {
            break;
        }
    }
    let all = with(&|_| true);
    objects.push(Value::Object(all));
    objects
}

/// Adds fields until the least count is met, and those that present fields need.
fn fill(object: &mut Map<String, Value>, case: &Facts, choices: &[(String, Vec<Value>)]) {
    let least = usize::try_from(case.properties_min).unwrap_or(usize::MAX);
    for (name, values) in choices {
        let is_needed = case
            .dependent
            .iter()
            .any(|(trigger, needed)| object.contains_key(trigger) && needed.contains(name));
        if let Some(value) = values.first().filter(|_| object.len() < least || is_needed) {
            object.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}
