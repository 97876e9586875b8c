//! What every rendering of a mining report says, in the order it says it. The texts may hold anything
//! a log holds; each rendering escapes them as it draws.

use baton_rootcause::wire::{ChangePoint, Fixed, MiningReport, Strength};

use super::beside::{Beside, beside};
use super::cause::CauseView;
use super::numbers::{amount, decimal, limits, percent, percent_of, power, share, whole};
use super::quality::{Quality, quality};
use crate::words;

/// A mining report in reading order.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) report: &'a MiningReport,
    /// What fails and how often.
    pub(super) headline: String,
    /// How sure the first cause is and what fixing it saves, or that none was found.
    pub(super) answer: Vec<String>,
    /// The numbers to remember, each with what it counts.
    pub(super) tiles: Vec<(String, String)>,
    pub(super) causes: Vec<CauseView<'a>>,
    /// Where failures gather most, when there is a cause.
    pub(super) lead: Option<String>,
    /// What the list of causes is, or why there is none.
    pub(super) about_causes: String,
    /// What is told beside the causes.
    pub(super) beside: Vec<Beside>,
    /// What the causes explain together, and the rest.
    pub(super) coverage: String,
    /// Each change of the failure rate in a sentence.
    pub(super) changes: Vec<String>,
    /// What was searched, a sentence each.
    pub(super) search: Vec<String>,
    /// How the log was read.
    pub(super) quality: Quality,
    /// Cases that are not in the table, a sentence each.
    pub(super) left_out: Vec<String>,
    /// What was read and asked: name and value.
    pub(super) inputs: Vec<(&'static str, String)>,
}

impl<'a> View<'a> {
    pub(super) fn new(report: &'a MiningReport) -> Self {
        let unit = report.overview.cost_unit.as_deref();
        let causes: Vec<_> = report
            .causes
            .iter()
            .map(|cause| CauseView::new(cause, unit))
            .collect();
        Self {
            report,
            headline: headline(report),
            lead: causes.first().map(|first| {
                format!(
                    "Failures gather most where {}. {}",
                    first.line(),
                    first.size
                )
            }),
            answer: answer(report, &causes),
            tiles: tiles(report),
            about_causes: about_causes(report),
            causes,
            beside: beside(report),
            coverage: coverage(report),
            changes: report.changes.iter().map(change).collect(),
            search: search(report),
            quality: quality(&report.input.import),
            left_out: left_out(report),
            inputs: inputs(report),
        }
    }
}

fn headline(report: &MiningReport) -> String {
    let overview = &report.overview;
    if overview.cases == 0 {
        return format!("{}: no case to look at", report.input.outcome_name);
    }
    format!(
        "{}: {} of {} cases ({})",
        report.input.outcome_name,
        whole(overview.failures),
        whole(overview.cases),
        percent_of(overview.failures, overview.cases)
    )
}

fn answer(report: &MiningReport, causes: &[CauseView<'_>]) -> Vec<String> {
    let Some(first) = causes.first() else {
        return vec![none_found(report)];
    };
    let mut answer = vec![
        first.evidence.clone(),
        format!(
            "{} This counts on these conditions being what makes the difference, which history alone can't prove: try it on a few cases first.",
            first.saving
        ),
    ];
    if causes.len() > 1 {
        answer.push(coverage(report));
    }
    answer
}

fn none_found(report: &MiningReport) -> String {
    let search = &report.search;
    if report.overview.failures == 0 || search.hypotheses == 0 {
        return "There is nothing to explain here; what follows says what was read.".to_owned();
    }
    format!(
        "Nothing stands out: of {} combinations looked at, none goes with failure more than chance would bring about. That is an answer, not an error: either the reasons are not in these columns, or there are too few failures to tell.",
        whole(search.hypotheses)
    )
}

fn tiles(report: &MiningReport) -> Vec<(String, String)> {
    let overview = &report.overview;
    let mut tiles = vec![(
        percent_of(overview.failures, overview.cases),
        "of cases fail".to_owned(),
    )];
    if report.causes.is_empty() {
        tiles.push(("0".to_owned(), "causes stand out".to_owned()));
        return tiles;
    }
    let firm = report
        .causes
        .iter()
        .filter(|cause| cause.strength != Strength::Associated)
        .count();
    let all = report.causes.len();
    let stand = if all == 1 {
        "cause stands out"
    } else {
        "causes stand out"
    };
    tiles.push((
        all.to_string(),
        format!("{stand}, {firm} seen again in later cases"),
    ));
    if let Some(explained) = explained(report) {
        tiles.push((
            percent(explained),
            "of failures lie above the rate found elsewhere".to_owned(),
        ));
    }
    let first = report.causes.first();
    if let Some(saved) = first.and_then(|cause| cause.effect.saved_per_month.value) {
        tiles.push((
            amount(saved),
            "failures a month to save with the first".to_owned(),
        ));
    }
    tiles
}

/// Returns the share of all failures that the causes explain together.
pub(super) fn explained(report: &MiningReport) -> Option<Fixed> {
    let excess = report.coverage.last()?.excess.millionths();
    let failures = i64::try_from(report.overview.failures)
        .ok()
        .filter(|&failures| failures > 0)?;
    Some(Fixed::from_millionths(excess / failures))
}

fn about_causes(report: &MiningReport) -> String {
    if report.causes.is_empty() {
        return none_found(report);
    }
    let alpha = report.search.alpha.millionths();
    let kept = percent(Fixed::from_millionths(1_000_000 - alpha));
    format!(
        "A cause here is a set of conditions that failures go with; its evidence says how far that can be trusted. Each explains failures that none before it explains. Were there nothing to find, this list would stay empty with a chance of at least {kept}."
    )
}

fn coverage(report: &MiningReport) -> String {
    let Some(last) = report.coverage.last() else {
        return String::new();
    };
    let overview = &report.overview;
    let together = match report.coverage.len() {
        1 => "The cause covers".to_owned(),
        count => format!("The {count} causes together cover"),
    };
    let rest = overview.failures.saturating_sub(last.failures);
    let explained = explained(report).map_or_else(String::new, percent);
    format!(
        "{together} {} of the cases and {} of the failures. About {} failures ({explained} of all) lie above the rate found elsewhere; {} failures lie outside every cause and stay unexplained.",
        percent_of(last.cases, overview.cases),
        percent_of(last.failures, overview.failures),
        decimal(last.excess, 0),
        whole(rest),
    )
}

/// Returns a change of the failure rate in a sentence.
fn change(change: &ChangePoint) -> String {
    let rate = |interval: &baton_rootcause::wire::Interval| {
        let value = interval.value.map_or_else(|| "unknown".to_owned(), percent);
        let limits = limits(interval, percent);
        limits.map_or_else(|| value.clone(), |limits| format!("{value} ({limits})"))
    };
    let direction = match (change.before.value, change.after.value) {
        (Some(before), Some(after)) if after > before => "rises",
        (Some(before), Some(after)) if after < before => "falls",
        _ => "changes",
    };
    format!(
        "From {} on, the failure rate {direction} from {} to {}; p = {} after correcting for all days looked at.",
        change.day,
        rate(&change.before),
        rate(&change.after),
        power(change.log10_p)
    )
}

fn search(report: &MiningReport) -> Vec<String> {
    let search = &report.search;
    let method = match search.method.as_str() {
        "westfall-young" => format!(
            "Westfall and Young's method on {} relabelings",
            whole(u64::from(search.permutations))
        ),
        "tarone" => "Tarone's method".to_owned(),
        other => other.to_owned(),
    };
    let mut facts = vec![
        format!(
            "Up to {} conditions were combined, over {}; a cause needs at least {} and {}.",
            search.depth,
            words::count(report.features.len(), "feature"),
            cases(search.support.0),
            failures(search.support.1),
        ),
        format!(
            "{} hypotheses were counted, every interval of every number included; {} of them could reach significance at all.",
            whole(search.hypotheses),
            whole(search.testable)
        ),
        format!(
            "To be reported, a cause's exact p-value must stay below the level of its kind, told by how many conditions it has and whether one is about a number; the strictest is {} ({method}). So the chance of naming anything where nothing is to be found is at most {}.",
            power(search.log10_threshold),
            percent(search.alpha)
        ),
        format!(
            "{} combinations pass it, {} of them beat each of their parts, and {} remain once what the others explain is taken away.",
            whole(search.significant),
            whole(search.productive),
            report.causes.len()
        ),
    ];
    if let Some(split) = &report.overview.split {
        facts.push(format!(
            "Causes were found on cases that started before {}, and checked on those from then on.",
            day(split)
        ));
    }
    facts
}

fn cases(count: u64) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} case{plural}", whole(count))
}

fn failures(count: u64) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} failure{plural}", whole(count))
}

fn left_out(report: &MiningReport) -> Vec<String> {
    let left_out = report.overview.left_out.iter();
    left_out
        .map(|left_out| format!("{}: {}", cases(left_out.cases), left_out.reason))
        .collect()
}

fn inputs(report: &MiningReport) -> Vec<(&'static str, String)> {
    let input = &report.input;
    let mut inputs = vec![
        ("Log", input.name.clone()),
        ("Failure", input.outcome.clone()),
        ("Known at", input.landmark.clone()),
    ];
    if let Some((first, last)) = &report.overview.span {
        inputs.push(("Cases start", format!("{} to {}", day(first), day(last))));
    }
    if let (Some(cost), Some(unit)) = (report.overview.cost, &report.overview.cost_unit) {
        inputs.push(("Cost of all failures", format!("{} {unit}", amount(cost))));
    }
    inputs.extend(
        input
            .digests
            .iter()
            .map(|digest| ("Bytes read", digest.clone())),
    );
    inputs.push(("Engine", report.engine.clone()));
    inputs
}

/// Returns the day of an RFC 3339 time.
pub(super) fn day(time: &str) -> &str {
    time.split_once('T').map_or(time, |(day, _)| day)
}

/// Returns the failure rate of a period, when it has cases.
pub(super) fn rate(failures: u64, cases: u64) -> Option<Fixed> {
    (cases > 0).then(|| share(failures, cases))
}
