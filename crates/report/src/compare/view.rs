//! What is said about a comparison, in words that every rendering shares.

use baton_rootcause::compare::{Became, CauseChange, Comparison, Size, Split, Window};
use baton_rootcause::wire::{ChangePoint, Fixed, Interval};

use crate::mining::conditions::line;
use crate::mining::numbers::{amount, decimal, limits, percent, percent_of, power, ratio, whole};

/// Groups of a split that are told in words; the tables have them all.
const GROUPS_TOLD: usize = 3;

/// Decimal logarithm of 0.05, in millionths: a change more likely by chance is called that.
const CHANCE: i64 = -1_301_030;

/// What every rendering draws.
pub(super) struct View<'a> {
    pub(super) comparison: &'a Comparison,
    pub(super) headline: String,
    pub(super) windows: [String; 2],
    pub(super) change: String,
    pub(super) causes: Vec<CauseView<'a>>,
    pub(super) splits: Vec<SplitView<'a>>,
    pub(super) changes: Vec<String>,
    pub(super) tests: String,
}

/// What is said about one cause.
pub(super) struct CauseView<'a> {
    pub(super) change: &'a CauseChange,
    pub(super) title: String,
    pub(super) became: &'static str,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) evidence: String,
}

/// What is said about one split.
pub(super) struct SplitView<'a> {
    pub(super) split: &'a Split,
    pub(super) sentence: String,
}

impl<'a> View<'a> {
    pub(super) fn new(comparison: &'a Comparison) -> Self {
        Self {
            comparison,
            headline: headline(comparison),
            windows: [
                window("Before", &comparison.before),
                window("After", &comparison.after),
            ],
            change: change(comparison),
            causes: comparison.causes.iter().map(cause).collect(),
            splits: comparison
                .splits
                .iter()
                .map(|split| SplitView {
                    split,
                    sentence: sentence(split),
                })
                .collect(),
            changes: comparison.changes.iter().map(point).collect(),
            tests: format!(
                "{} tested for a change; where none changed, any is called changed with probability {} at most.",
                match comparison.tests {
                    1 => "1 pattern was".to_owned(),
                    tests => format!("{} patterns were", whole(tests)),
                },
                percent(comparison.alpha)
            ),
        }
    }
}

/// Returns how a cause changed, in one word.
pub(super) fn word(became: Became) -> &'static str {
    match became {
        Became::Appeared => "appeared",
        Became::Grew => "grew",
        Became::Shrank => "shrank",
        Became::Vanished => "vanished",
        Became::Steady => "no clear change",
    }
}

/// Returns a change of a rate in percentage points, with its sign.
pub(super) fn points(change: Fixed) -> String {
    let hundredfold = Fixed::from_millionths(change.millionths().saturating_mul(100));
    let written = decimal(hundredfold, 2);
    let sign = if change.millionths() > 0 { "+" } else { "" };
    format!("{sign}{written}")
}

fn headline(comparison: &Comparison) -> String {
    let value = |rate: &Interval| rate.value.map_or_else(|| "none".to_owned(), percent);
    let (before, after) = (
        value(&comparison.before.rate),
        value(&comparison.after.rate),
    );
    let verb = match comparison.change.millionths() {
        0 => "stayed",
        1.. => "rose",
        _ => "fell",
    };
    let what = if comparison.outcome_name.is_empty() {
        "The failure rate".to_owned()
    } else {
        format!("“{}”", comparison.outcome_name)
    };
    if verb == "stayed" {
        return format!("{what} stayed at {after}");
    }
    format!("{what} {verb} from {before} to {after}")
}

fn window(label: &str, window: &Window) -> String {
    let mut sentence = format!(
        "{label}: {}, {} failures in {} cases",
        window.name,
        whole(window.failures),
        whole(window.cases)
    );
    if let Some(limits) = limits(&window.rate, percent) {
        sentence.extend([format!(" (rate {limits})")]);
    }
    sentence.push('.');
    sentence
}

fn change(comparison: &Comparison) -> String {
    let points = points(comparison.change);
    match comparison.log10_p {
        Some(p) if p.millionths() > CHANCE => format!(
            "The rate changed by {points} percentage points, which chance alone does often enough: with probability {}.",
            power(p)
        ),
        Some(p) => format!(
            "The rate changed by {points} percentage points; by chance alone with probability {}.",
            power(p)
        ),
        None => format!("The rate changed by {points} percentage points."),
    }
}

fn cause(change: &CauseChange) -> CauseView<'_> {
    CauseView {
        change,
        title: line(&change.conditions),
        became: word(change.became),
        before: size(change.before),
        after: size(change.after),
        evidence: match change.log10_p {
            Some(p) => format!("p at most {}", power(p)),
            None => "not tested".to_owned(),
        },
    }
}

fn size(size: Option<Size>) -> String {
    let Some(size) = size else {
        return "not counted".to_owned();
    };
    let mut told = format!(
        "{} of {} ({})",
        whole(size.failures),
        whole(size.cases),
        percent_of(size.failures, size.cases)
    );
    if let Some(risk) = size.risk_ratio {
        told.extend([format!(", {} times the others", ratio(risk))]);
    }
    told.extend([format!(", excess {}", amount(size.excess))]);
    told
}

fn sentence(split: &Split) -> String {
    let mut largest: Vec<_> = split.groups.iter().collect();
    largest.sort_by_key(|group| {
        let part = group.rate.millionths() + group.mix.millionths();
        std::cmp::Reverse(part.unsigned_abs())
    });
    let told: Vec<String> = largest
        .iter()
        .take(GROUPS_TOLD)
        .map(|group| {
            let (rate, mix) = (points(group.rate), points(group.mix));
            format!("{} (rate {rate}, mix {mix})", group.name)
        })
        .collect();
    format!(
        "Failing more or less within groups adds {}, a shift of cases between groups {}; most of it: {}.",
        points(split.rate),
        points(split.mix),
        told.join(", ")
    )
}

fn point(change: &ChangePoint) -> String {
    let rate = |rate: &Interval| rate.value.map_or_else(|| "none".to_owned(), percent);
    format!(
        "On {} the failure rate changed from {} to {}; by chance alone with probability {} at most, after all days looked at.",
        change.day,
        rate(&change.before),
        rate(&change.after),
        power(change.log10_p)
    )
}
