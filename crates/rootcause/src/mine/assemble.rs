//! From what was judged to the parts of the report, in its words and rounded once.

use baton_eventlog::cases::{CaseTable, Origin, Values, Why};
use baton_eventlog::model::MISSING;
use baton_terms::Digest;

use super::adjust::{Held, adjust};
use super::aliases::{Aliases, is_modifiable};
use super::bits::Bits;
use super::candidates::conditions;
use super::cautions;
use super::confirm::Confirmed;
use super::cover::Chosen;
use super::effect::{Significance, effect, log10, significances};
use super::ground::Ground;
use super::item::Item;
use super::prepare::Split;
use super::run;
use super::settings::{GROUP_CASES_MIN, Settings};
use super::time::{Periods, instant};
use super::told::Told;
use crate::compare;
use crate::encode::Encoded;
use crate::statistics::{LogProbability, real};
use crate::wire::{
    Cause, Caution, ChangePoint, Column, Condition, Confirmation, Coverage, Drift, Feature,
    FewerFailures, Fixed, Input, LeftOut, MiningReport, Overview, Search, Stability, Strength,
    Suspect,
};

/// The parts of a report that mining decides; the rest is what was read and asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mined {
    /// Cases and failures.
    pub overview: Overview,
    /// Features that were mined.
    pub features: Vec<Feature>,
    /// Columns and features set aside.
    pub excluded: Vec<Column>,
    /// What was searched.
    pub search: Search,
    /// The causes.
    pub causes: Vec<Cause>,
    /// What stands out without being shown.
    pub suspects: Vec<Suspect>,
    /// Cases that fail less often.
    pub fewer_failures: Vec<FewerFailures>,
    /// Features that only drift.
    pub drift: Vec<Drift>,
    /// How much they explain.
    pub coverage: Vec<Coverage>,
    /// Changes of the failure rate.
    pub changes: Vec<ChangePoint>,
    /// What a reader must know.
    pub cautions: Vec<Caution>,
}

impl Mined {
    /// Returns the report of these parts.
    pub fn report(self, engine: &str, input: Input) -> MiningReport {
        MiningReport {
            format: "mining-report/v1".to_owned(),
            engine: engine.to_owned(),
            input,
            overview: self.overview,
            features: self.features,
            excluded: self.excluded,
            search: self.search,
            causes: self.causes,
            suspects: self.suspects,
            fewer_failures: self.fewer_failures,
            drift: self.drift,
            coverage: self.coverage,
            changes: self.changes,
            cautions: self.cautions,
        }
    }
}

/// A chosen cause and what later cases, other descriptions and resamples say of it.
pub(crate) struct Judged {
    pub(crate) chosen: Chosen,
    pub(crate) confirmed: Confirmed,
    pub(crate) aliases: Aliases,
    pub(crate) stability: Option<Stability>,
}

/// Puts the parts together.
pub(crate) fn assemble(
    ground: &Ground<'_>,
    (split, settings): (&Split, &Settings),
    searched: Option<(Encoded, run::Judged)>,
    mut cautions: Vec<Caution>,
) -> Mined {
    let table = ground.table;
    let periods = Periods::of(table);
    let alpha = Fixed::from_millionths(i64::from(settings.raw().alpha) * 100);
    let (features, search, causes, coverage, suspects, told) = match searched {
        Some((encoded, judged)) => {
            let causes = causes(ground, &judged, (settings, &periods), &mut cautions);
            let coverage = coverage(ground, &judged.causes, &causes);
            if let Some(last) = coverage.last()
                && last.failures < ground.failed.count()
            {
                cautions.push(cautions::unexplained(ground.failed.count(), last.failures));
            }
            (
                features(table, &encoded),
                summary(&judged, settings),
                causes,
                coverage,
                judged.suspects,
                judged.told,
            )
        }
        None => (
            Vec::new(),
            nothing(settings),
            Vec::new(),
            Vec::new(),
            Vec::new(),
            Told::default(),
        ),
    };
    cautions.push(cautions::one_look());
    Mined {
        overview: overview(ground, split, &periods),
        features,
        excluded: excluded(table),
        search,
        causes,
        suspects,
        fewer_failures: told.fewer,
        drift: told.drift,
        coverage,
        changes: compare::change_points(&compare::daily(table), alpha),
        cautions,
    }
}

fn overview(ground: &Ground<'_>, split: &Split, periods: &Periods) -> Overview {
    let table = ground.table;
    let ends = table.start.first().zip(table.start.last());
    let costs = table.cost.as_ref().map(|costs| {
        let failed = costs.iter().zip(&table.failed);
        let sum: i128 = failed
            .filter(|(_, failed)| **failed)
            .map(|(cost, _)| i128::from(*cost))
            .sum();
        Fixed::from_millionths(i64::try_from(sum * 1_000).unwrap_or(i64::MAX))
    });
    Overview {
        cases: u64::try_from(table.ids.len()).unwrap_or(u64::MAX),
        failures: ground.failed.count(),
        span: ends.map(|(first, last)| (instant(*first), instant(*last))),
        split: split.at.map(instant),
        cost_unit: table.cost_unit.as_ref().map(ToString::to_string),
        cost: costs,
        left_out: table
            .left_out
            .iter()
            .map(|(reason, cases)| LeftOut {
                reason: reason.to_string(),
                cases: *cases,
            })
            .collect(),
        periods: periods.overview(table),
    }
}

fn features(table: &CaseTable, encoded: &Encoded) -> Vec<Feature> {
    let mut mined: Vec<(usize, u64)> = encoded
        .attributes()
        .iter()
        .flat_map(|attribute| {
            let count = conditions(attribute);
            attribute.features().map(move |place| (place, count))
        })
        .collect();
    mined.sort_unstable();
    let features = mined.into_iter().filter_map(|(place, conditions)| {
        let feature = table.features.get(place)?;
        let missing = match &feature.values {
            Values::Category { codes, .. } => codes.iter().filter(|code| **code == MISSING).count(),
            Values::Number { values, .. } => values.iter().filter(|value| value.is_none()).count(),
            Values::Flag(_) => 0,
        };
        Some(Feature {
            name: feature.name.to_string(),
            origin: origin(feature.origin).to_owned(),
            conditions,
            missing: u64::try_from(missing).unwrap_or(u64::MAX),
        })
    });
    features.collect()
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Attribute => "attribute",
        Origin::Flow => "flow",
        Origin::Handover => "handover",
        Origin::Workload => "workload",
        Origin::Calendar => "calendar",
        Origin::Finding => "finding",
    }
}

fn excluded(table: &CaseTable) -> Vec<Column> {
    let columns = table.excluded.iter().map(|column| {
        let (why, detail) = match &column.why {
            Why::KnownLater => ("known-later", String::new()),
            Why::RestatesOutcome { told_apart } => (
                "restates-outcome",
                format!(
                    "tells {}.{:04}% of pairs of a failed and a fine case apart",
                    told_apart / 10_000,
                    told_apart % 10_000
                ),
            ),
            Why::Person => ("person", String::new()),
            Why::InOutcome => ("in-outcome", String::new()),
            Why::Constant => ("constant", String::new()),
            Why::Identifier => ("identifier", String::new()),
            Why::Chosen => ("chosen", String::new()),
        };
        Column {
            name: column.name.to_string(),
            why: why.to_owned(),
            detail,
        }
    });
    columns.collect()
}

fn summary(judged: &run::Judged, settings: &Settings) -> Search {
    let found = &judged.found;
    Search {
        depth: judged.depth,
        hypotheses: found.hypotheses,
        testable: found.testable,
        log10_threshold: log10(found.level),
        significant: u64::try_from(found.patterns.len())
            .unwrap_or(u64::MAX)
            .saturating_add(found.left_out),
        productive: judged.productive,
        ..nothing(settings)
    }
}

fn nothing(settings: &Settings) -> Search {
    Search {
        depth: settings.raw().depth,
        support: (settings.raw().cases_min, settings.raw().failures_min),
        hypotheses: 0,
        testable: 0,
        alpha: Fixed::from_millionths(i64::from(settings.raw().alpha) * 100),
        log10_threshold: log10(LogProbability::ONE),
        method: method(settings),
        permutations: settings.raw().permutations,
        significant: 0,
        productive: 0,
    }
}

fn method(settings: &Settings) -> String {
    let relabels = settings.raw().permutations > 0;
    if relabels { "westfall-young" } else { "tarone" }.to_owned()
}

fn causes(
    ground: &Ground<'_>,
    judged: &run::Judged,
    (settings, periods): (&Settings, &Periods),
    cautions: &mut Vec<Caution>,
) -> Vec<Cause> {
    let p_values =
        |p: fn(&Judged) -> LogProbability| judged.causes.iter().map(p).collect::<Vec<_>>();
    let earlier = significances(&p_values(|one| one.chosen.p), judged.found.hypotheses);
    let count = u64::try_from(judged.causes.len()).unwrap_or(u64::MAX);
    let later = significances(&p_values(|one| one.confirmed.p), count);
    let mut covered = Bits::first(0, ground.table.ids.len());
    let mut causes = Vec::new();
    let ranks = 1_u32..;
    for (((one, earlier), later), rank) in judged.causes.iter().zip(earlier).zip(later).zip(ranks) {
        let mut new = ground.failing(&one.chosen.rows);
        new.and_not(&covered);
        covered.or(&one.chosen.rows);
        let asked = &settings.raw().adjust;
        let held = adjust(ground, &one.chosen.pattern, &one.chosen.rows, asked);
        let passed_over = held.passed_over.iter();
        cautions
            .extend(passed_over.map(|(feature, why)| cautions::not_adjusted(rank, feature, why)));
        let said = (settings, periods);
        if let Some(cause) = cause(ground, (one, held), (earlier, later), said) {
            causes.push(Cause {
                rank,
                explains: new.count(),
                ..cause
            });
        }
    }
    causes
}

fn cause(
    ground: &Ground<'_>,
    (one, held): (&Judged, Held),
    (earlier, later): (Significance, Significance),
    (settings, periods): (&Settings, &Periods),
) -> Option<Cause> {
    let rows = &one.chosen.rows;
    let own: Vec<Item> = ground
        .items(&one.chosen.pattern)
        .into_iter()
        .cloned()
        .collect();
    let conditions = words(ground, &own);
    let Held {
        adjusted,
        sensitivity,
        ..
    } = held;
    let saved = adjusted.as_ref().and_then(|adjusted| adjusted.saved);
    let adjustment = adjusted.map(|adjusted| adjusted.adjustment);
    let verdict = one.confirmed.verdict;
    let holds = adjustment.as_ref().is_some_and(|adjustment| {
        let low = adjustment.risk_ratio.low;
        low.is_some_and(|low| low > Fixed::from_millionths(1_000_000))
    });
    let strength = match verdict {
        Confirmation::Replicated if holds => Strength::Adjusted,
        Confirmation::Replicated => Strength::Replicated,
        _ => Strength::Associated,
    };
    let later_effect = match verdict {
        Confirmation::Untested => None,
        _ => effect(ground, (&ground.later, rows), later, None),
    };
    let near = one.aliases.near.iter();
    Some(Cause {
        id: id(&conditions),
        rank: 0,
        conditions,
        aliases: one
            .aliases
            .same
            .iter()
            .map(|items| words(ground, items))
            .collect(),
        near_aliases: near
            .filter_map(|(items, index)| Some((words(ground, items), Fixed::round(*index)?)))
            .collect(),
        modifiable: is_modifiable(ground, &own),
        strength,
        effect: effect(ground, (&ground.all(), rows), earlier, saved)?,
        explains: 0,
        confirmation: verdict,
        later: later_effect,
        adjustment,
        sensitivity,
        stability: one.stability.clone(),
        examples: examples(ground, rows, settings),
        periods: hidden_when_small(periods.counts(ground.table, rows.rows())),
    })
}

fn words(ground: &Ground<'_>, items: &[Item]) -> Vec<Condition> {
    items
        .iter()
        .map(|item| item.condition(ground.table))
        .collect()
}

fn id(conditions: &[Condition]) -> String {
    let bytes = serde_json::to_vec(conditions).unwrap_or_default();
    let hex = Digest::of(&bytes).hex();
    let first: String = hex.chars().take(12).collect();
    format!("cause-{first}")
}

fn examples(ground: &Ground<'_>, rows: &Bits, settings: &Settings) -> Vec<String> {
    let count = usize::try_from(settings.raw().examples).unwrap_or_default();
    let failing = ground.failing(rows);
    let ids = failing.rows().filter_map(|row| ground.table.ids.get(row));
    ids.take(count).map(ToString::to_string).collect()
}

/// A period in which the cause has too few cases to be shown counts nothing.
fn hidden_when_small(counts: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    let shown = counts.into_iter().map(|(cases, failures)| {
        if cases < GROUP_CASES_MIN {
            (0, 0)
        } else {
            (cases, failures)
        }
    });
    shown.collect()
}

fn coverage(ground: &Ground<'_>, judged: &[Judged], list: &[Cause]) -> Vec<Coverage> {
    let all = ground.all();
    let mut union = Bits::first(0, ground.table.ids.len());
    let mut curve = Vec::new();
    for (one, listed) in judged.iter().zip(list) {
        union.or(&one.chosen.rows);
        let (cases, failures) = (union.count(), ground.failing(&union).count());
        let others = all.count() - cases;
        let rate = real(ground.failed.count() - failures) / real(others.max(1));
        curve.push(Coverage {
            cause: listed.id.clone(),
            failures,
            cases,
            excess: Fixed::round(real(failures) - real(cases) * rate).unwrap_or_default(),
        });
    }
    curve
}
