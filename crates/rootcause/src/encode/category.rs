//! Codes of categories and flags: most frequent first, missing as a value, the rare ones together.

use baton_eventlog::model::{Code, Dictionary, MISSING};

use super::attribute::{Attribute, Codes, Kind, Naming, Value, Words};
use super::bitmap::Bitmap;
use super::table::{Settings, VALUES_MAX};

/// How often each code of a dictionary, and no value, occurs on `basis`.
struct Frequency {
    values: Vec<u64>,
    missing: u64,
}

/// Encodes a category; `naming` has no words yet.
pub(super) fn category(
    (codes, dictionary): (&[Code], &Dictionary),
    basis: Option<&Bitmap>,
    settings: &Settings,
    naming: Naming,
) -> Attribute {
    let frequency = frequency(codes, dictionary.len(), basis);
    let mut kept: Vec<(u64, Value, Code)> = Vec::new();
    let mut folded = 0_usize;
    for ((&cases, text), code) in frequency.values.iter().zip(dictionary.texts()).zip(0..) {
        if cases >= settings.floor.max(1) {
            kept.push((cases, Value::Named(text.into()), code));
        } else {
            folded += 1;
        }
    }
    if frequency.missing >= settings.floor.max(1) {
        kept.push((frequency.missing, Value::Missing, MISSING));
    }
    kept.sort_unstable_by(|one, two| (two.0, &one.1).cmp(&(one.0, &two.1)));
    let crowded = kept.len().saturating_sub(VALUES_MAX - 1);
    kept.truncate(VALUES_MAX - 1);
    let rare = u16::try_from(kept.len()).unwrap_or(u16::MAX);
    let mut renamed = vec![rare; dictionary.len()];
    let mut missing = rare;
    for ((_, _, code), new) in kept.iter().zip(0..) {
        match usize::try_from(*code)
            .ok()
            .and_then(|old| renamed.get_mut(old))
        {
            Some(place) => *place = new,
            None => missing = new,
        }
    }
    let rename = |code: &Code| {
        let place = usize::try_from(*code).ok();
        place
            .and_then(|old| renamed.get(old))
            .copied()
            .unwrap_or(missing)
    };
    let codes: Vec<u16> = codes.iter().map(rename).collect();
    let mut cases: Vec<u64> = kept.iter().map(|(cases, _, _)| *cases).collect();
    let mut values: Vec<Value> = kept.into_iter().map(|(_, value, _)| value).collect();
    if codes.contains(&rare) {
        let all = frequency.values.iter().sum::<u64>() + frequency.missing;
        cases.push(all - cases.iter().sum::<u64>());
        values.push(Value::Rare);
    }
    attribute(codes, cases, (values, naming), (folded, crowded))
}

/// Encodes a flag; `naming` has no words yet.
pub(super) fn flag(flags: &[bool], basis: Option<&Bitmap>, naming: Naming) -> Attribute {
    let present = Bitmap::of(flags.iter().copied());
    let (with, all) = match basis {
        Some(basis) => (present.count_both(basis), basis.count()),
        None => (
            present.count(),
            u64::try_from(flags.len()).unwrap_or(u64::MAX),
        ),
    };
    let without = all - with;
    let present_first = with >= without;
    let codes: Vec<u16> = flags
        .iter()
        .map(|flag| u16::from(*flag != present_first))
        .collect();
    let (cases, values) = if present_first {
        (vec![with, without], vec![Value::Present, Value::Absent])
    } else {
        (vec![without, with], vec![Value::Absent, Value::Present])
    };
    attribute(codes, cases, (values, naming), (0, 0))
}

fn attribute(
    codes: Vec<u16>,
    cases: Vec<u64>,
    (values, naming): (Vec<Value>, Naming),
    (folded, crowded): (usize, usize),
) -> Attribute {
    Attribute {
        kind: Kind::Category,
        codes: Codes::pack(codes, cases.len()),
        cases,
        names: vec![Naming {
            words: Words::Values(values),
            ..naming
        }],
        folded: folded + crowded,
        crowded,
    }
}

fn frequency(codes: &[Code], values: usize, basis: Option<&Bitmap>) -> Frequency {
    let mut counted = vec![0_u64; values];
    let mut missing = 0;
    let mut count = |code: Code| match usize::try_from(code)
        .ok()
        .and_then(|place| counted.get_mut(place))
    {
        Some(cases) => *cases += 1,
        None => missing += 1,
    };
    match basis {
        None => codes.iter().copied().for_each(&mut count),
        Some(basis) => basis
            .iter()
            .filter_map(|row| codes.get(row).copied())
            .for_each(&mut count),
    }
    Frequency {
        values: counted,
        missing,
    }
}
