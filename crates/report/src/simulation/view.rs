//! What is said about a simulation, in words that every rendering shares.

use baton_network::wire::{
    Change, Check, Compared, Coverage, Measure, Range, Scenario, Simulation, Stretch, Trend,
};
use baton_rootcause::wire::Fixed;

use crate::mining::numbers::{decimal, elapsed, trimmed, whole};
use crate::words::{capital, count, list};

/// Receivers named where the simulation does not hold.
const MISSED_MAX: usize = 12;
/// Receivers named under a scenario.
const TEAMS_MAX: usize = 8;
/// Millionths in one.
const ONE: i64 = 1_000_000;

/// What every rendering draws.
pub(super) struct View<'a> {
    pub(super) answer: &'a Simulation,
    pub(super) headline: String,
    /// What was simulated from what.
    pub(super) overview: String,
    /// What happened against what was simulated, over everything.
    pub(super) checks: Vec<Row<'a>>,
    /// How many teams and edges hold.
    pub(super) coverage: Vec<String>,
    /// Receivers for which it does not hold.
    pub(super) missed: Vec<String>,
    pub(super) scenarios: Vec<ScenarioView<'a>>,
    /// What was fitted.
    pub(super) fit: Vec<(&'static str, String)>,
    /// What was read.
    pub(super) inputs: Vec<(&'static str, String)>,
}

/// One comparison of what happened with what was simulated.
pub(super) struct Row<'a> {
    pub(super) label: String,
    pub(super) check: &'a Check,
    pub(super) actual: String,
    pub(super) simulated: String,
    pub(super) is_time: bool,
}

/// What is said about one scenario.
pub(super) struct ScenarioView<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) changes: Vec<ChangeView>,
    pub(super) teams: Vec<ChangeView>,
    /// What is not shown, or not known.
    pub(super) remarks: Vec<String>,
}

/// One measure with and without a scenario.
pub(super) struct ChangeView {
    pub(super) label: String,
    pub(super) base: String,
    pub(super) scenario: String,
    pub(super) difference: String,
    pub(super) verdict: &'static str,
}

impl<'a> View<'a> {
    pub(super) fn new(answer: &'a Simulation) -> Self {
        let validation = &answer.validation;
        let verb = if validation.reproduces_waiting {
            "reproduces"
        } else {
            "does not reproduce"
        };
        Self {
            answer,
            headline: format!("The simulation {verb} the waiting of the held-out weeks"),
            overview: overview(answer),
            checks: checks(answer),
            coverage: vec![
                coverage("team", &validation.team_coverage),
                coverage("edge", &validation.edge_coverage),
            ],
            missed: missed(&validation.teams),
            scenarios: answer.scenarios.iter().map(scenario).collect(),
            fit: fit(answer),
            inputs: vec![
                ("Log", answer.input.name.clone()),
                ("Digest", answer.input.digests.join(" ")),
                ("Seed", answer.seed.to_string()),
                ("Engine", answer.engine.clone()),
            ],
        }
    }
}

/// Returns the rows of everything that a receiver or edge got.
pub(super) fn rows(compared: &Compared) -> [Row<'_>; 2] {
    [
        row("Median waiting", &compared.median),
        row("Nine in ten waited at most", &compared.p90),
    ]
}

/// Returns the name of what was compared.
pub(super) fn name(compared: &Compared) -> String {
    match (&compared.from, &compared.to) {
        (Some(from), Some(to)) => format!("{from} → {to}"),
        (None, Some(to)) => to.clone(),
        _ => "all handovers".to_owned(),
    }
}

fn overview(answer: &Simulation) -> String {
    let weeks = &answer.weeks;
    let left_out = match weeks.left_out {
        0 => String::new(),
        left_out => format!(
            "; {} before were left out, as waiting was not steady yet",
            in_weeks(left_out)
        ),
    };
    format!(
        "{} were simulated {} times from the backlog they began with, after fitting {}{left_out}. A range holds 95 of 100 runs.",
        capital(&dated(&weeks.held_out)),
        whole(u64::from(answer.replications)),
        dated(&weeks.fit),
    )
}

fn dated(stretch: &Stretch) -> String {
    format!(
        "{} ({} to {})",
        in_weeks(stretch.weeks),
        stretch.first_day,
        stretch.last_day
    )
}

fn in_weeks(weeks: i64) -> String {
    count(usize::try_from(weeks).unwrap_or(usize::MAX), "week")
}

fn checks(answer: &Simulation) -> Vec<Row<'_>> {
    let validation = &answer.validation;
    let mut rows = Vec::from(rows(&validation.waiting));
    rows.push(counted("Handovers", &validation.waiting.count));
    rows.push(row("Median time to the end", &validation.lead.median));
    rows.push(row("Nine in ten ended within", &validation.lead.p90));
    rows.push(counted("Cases that ended", &validation.lead.count));
    rows.push(counted("Cases open at the end", &validation.open));
    rows
}

fn row<'a>(label: &str, check: &'a Check) -> Row<'a> {
    shown(label, check, seconds)
}

fn counted<'a>(label: &str, check: &'a Check) -> Row<'a> {
    Row {
        is_time: false,
        ..shown(label, check, number)
    }
}

fn shown<'a>(label: &str, check: &'a Check, write: fn(i64) -> String) -> Row<'a> {
    Row {
        label: label.to_owned(),
        check,
        actual: write(check.actual),
        simulated: check.simulated.map_or_else(
            || "too few runs tell".to_owned(),
            |range| ends(range, write),
        ),
        is_time: true,
    }
}

fn ends(range: Range, write: fn(i64) -> String) -> String {
    let (low, high) = (write(range.low), write(range.high));
    if low == high {
        return low;
    }
    // `3.1 to 3.9 hours` reads better than the unit twice.
    let unit = |text: &str| text.split_once(' ').map(|(_, unit)| unit.to_owned());
    match (unit(&low), unit(&high)) {
        (Some(one), Some(other)) if one == other => {
            let bare = low.trim_end_matches(&one).trim_end();
            format!("{bare} to {high}")
        }
        _ => format!("{low} to {high}"),
    }
}

fn seconds(seconds: i64) -> String {
    elapsed(Fixed::from_millionths(seconds.saturating_mul(ONE)))
}

fn number(number: i64) -> String {
    decimal(Fixed::from_millionths(number.saturating_mul(ONE)), 0)
}

fn share(basis_points: i64) -> String {
    format!(
        "{}%",
        trimmed(
            Fixed::from_millionths(basis_points.saturating_mul(10_000)),
            1
        )
    )
}

fn coverage(word: &str, coverage: &Coverage) -> String {
    let compared = coverage.compared;
    if compared == 0 {
        return format!("No {word} had 20 handovers in the held-out weeks.");
    }
    format!(
        "Of {} with at least 20 handovers, {} have their median in its range and {} their nine-in-ten; {} of each would be expected.",
        count(usize::try_from(compared).unwrap_or(usize::MAX), word),
        whole(coverage.medians),
        whole(coverage.p90s),
        whole((compared * 95 + 50) / 100),
    )
}

/// Returns the receivers for which it does not hold, those with most handovers first.
fn missed(teams: &[Compared]) -> Vec<String> {
    let mut missed: Vec<&Compared> = teams
        .iter()
        .filter(|team| !(team.median.holds && team.p90.holds))
        .collect();
    missed.sort_by_key(|team| std::cmp::Reverse(team.count.actual));
    let more = missed.len().saturating_sub(MISSED_MAX);
    missed.truncate(MISSED_MAX);
    let said = missed.into_iter().map(|team| {
        let rows = rows(team).into_iter().filter(|row| !row.check.holds);
        let rows: Vec<String> = rows
            .map(|row| {
                let label = row.label.to_lowercase();
                format!("{label} {}, simulated {}", row.actual, row.simulated)
            })
            .collect();
        format!("{}: {}", name(team), rows.join("; "))
    });
    let more = (more > 0).then(|| format!("and {}", count(more, "other team")));
    said.chain(more).collect()
}

fn scenario(scenario: &Scenario) -> ScenarioView<'_> {
    let more = usize::try_from(scenario.teams_left_out).unwrap_or(usize::MAX);
    let more = more.saturating_add(scenario.teams.len().saturating_sub(TEAMS_MAX));
    let mut remarks = Vec::new();
    if more > 0 {
        remarks.push(format!(
            "{} of teams changed clearly besides; `--format json` has them.",
            count(more, "measure")
        ));
    }
    if scenario.unfinished_most > 0 {
        remarks.push(format!(
            "In some run {} still waiting a year later: more comes than is done. They are in no median.",
            match scenario.unfinished_most {
                1 => "1 handover was".to_owned(),
                most => format!("{} handovers were", whole(most)),
            }
        ));
    }
    ScenarioView {
        scenario,
        changes: scenario.overall.iter().map(change).collect(),
        teams: scenario.teams.iter().take(TEAMS_MAX).map(change).collect(),
        remarks,
    }
}

fn change(change: &Change) -> ChangeView {
    let (word, write): (_, fn(i64) -> String) = match change.measure {
        Measure::WaitingMedian => ("Median waiting", seconds),
        Measure::WaitingP90 => ("Nine in ten waited at most", seconds),
        Measure::Handovers => ("Handovers", number),
        Measure::Finished => ("Cases that ended", number),
        Measure::LeadMedian => ("Median time to the end", seconds),
        Measure::LeadP90 => ("Nine in ten ended within", seconds),
        Measure::Open => ("Cases open at the end", number),
        Measure::Late => ("Late", share),
    };
    let label = match &change.team {
        Some(team) => format!("{team}: {}", word.to_lowercase()),
        None => word.to_owned(),
    };
    let signed = |value: i64| {
        let sign = match value {
            0 => "",
            1.. => "+",
            _ => "−",
        };
        let size = i64::try_from(value.unsigned_abs()).unwrap_or(i64::MAX);
        format!("{sign}{}", write(size))
    };
    let difference = change.difference;
    let difference_said = if difference.low == difference.high {
        signed(difference.low)
    } else {
        format!("{} to {}", signed(difference.low), signed(difference.high))
    };
    ChangeView {
        label,
        base: write(change.base.middle),
        scenario: write(change.scenario.middle),
        difference: difference_said,
        verdict: match (change.is_clear, difference.middle) {
            (false, _) => "not clear",
            (true, ..=0) => "less",
            (true, _) => "more",
        },
    }
}

fn fit(answer: &Simulation) -> Vec<(&'static str, String)> {
    let fit = &answer.fit;
    let arrivals: Vec<String> = fit.arrivals.iter().map(|week| whole(*week)).collect();
    let mut said = vec![
        (
            "Visits",
            format!(
                "{} of cases to teams, {} of them still open at the cut",
                whole(fit.visits),
                whole(fit.open_visits)
            ),
        ),
        (
            "New work",
            format!(
                "{} cases a week{}",
                list(&arrivals),
                trend(fit.arrivals_trend)
            ),
        ),
        (
            "Backlog",
            format!(
                "{} cases were under way when the simulated weeks began",
                whole(fit.backlog)
            ),
        ),
        (
            "Teams",
            match fit.folded {
                0 => fit.teams.len().to_string(),
                folded => format!(
                    "{}, one of them for {} small ones",
                    fit.teams.len(),
                    whole(folded)
                ),
            },
        ),
    ];
    if let Some(drift) = fit.waiting_drift {
        said.push((
            "Drift",
            format!("median waiting of the fitted weeks{}", trend(Some(drift))),
        ));
    }
    if fit.without_team > 0 {
        said.push((
            "Left out",
            format!(
                "{} of {} cases, which name no team",
                whole(fit.without_team),
                whole(fit.cases)
            ),
        ));
    }
    if fit.disordered > 0 {
        said.push((
            "Disordered",
            format!(
                "{} visits with times out of order, taken as 0",
                whole(fit.disordered)
            ),
        ));
    }
    said
}

fn trend(trend: Option<Trend>) -> String {
    let Some(trend) = trend else {
        return String::new();
    };
    let found = if trend.probability.millionths() >= 50_000 {
        ": no trend that chance would not bring"
    } else if trend.per_week.millionths() < 0 {
        ": falling"
    } else {
        ": rising"
    };
    let carried = if trend.is_carried_on {
        ", carried on"
    } else {
        ""
    };
    format!(
        "{found} (probability {}){carried}",
        trimmed(trend.probability, 3)
    )
}
