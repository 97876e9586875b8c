//! From visits to an answer: fit, play, compare.

use baton_rootcause::wire::Fixed;
use baton_terms::Diagnostic;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::codes::{NO_HANDOVERS, TOO_SHORT};
use crate::fit::{self, Fitted, Split, Spread, interval};
use crate::history::{HOUR, History, Stretch};
use crate::limits::{COMPARED_MIN, FIT_WEEKS_MIN, SHOWN_MAX};
use crate::play::{Asked, Outcome, happened, replicate};
use crate::scenario::{Capacity, Plan};
use crate::wire;

/// A model that is ready to be played.
#[derive(Debug, Clone)]
pub struct Ready<'h> {
    history: &'h History,
    fitted: Fitted,
}

/// How to play it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Seed of all chance.
    pub seed: u64,
    /// How many times the weeks are played.
    pub replications: u32,
}

/// Fits the weeks of a log before the last `held_out` whole ones; `fit_weeks` of them, or those from
/// which on waiting is steady.
///
/// # Errors
/// When the log has too few whole weeks, or no handover in them.
pub fn fit(
    history: &History,
    held_out: i64,
    fit_weeks: Option<i64>,
) -> Result<Ready<'_>, Box<Diagnostic>> {
    let split = Split::of(history, held_out, fit_weeks);
    let split = split.ok_or_else(|| {
        let whole = Stretch::whole(history).weeks();
        let problem = Diagnostic::error(TOO_SHORT, "hold weeks of the log out")
            .expected(format!(
                "at least {} whole weeks in a row: {FIT_WEEKS_MIN} to fit and {held_out} to hold out",
                FIT_WEEKS_MIN + held_out
            ))
            .found(format!("{whole}"))
            .hint("hold fewer weeks out with `--held-out`, or export a longer stretch");
        Box::new(problem)
    })?;
    let changes_hands = |stretch: Stretch| {
        let mut visits = history.visits.iter();
        visits.any(|visit| visit.from.is_some() && stretch.holds(visit.start))
    };
    let has_handovers = changes_hands(split.fit) && changes_hands(split.held_out);
    let fitted = Fitted::of(history, split).filter(|_| has_handovers);
    let fitted = fitted.ok_or_else(|| {
        let problem = Diagnostic::error(NO_HANDOVERS, "simulate handovers")
            .expected("handovers between teams in the weeks fitted and the weeks held out")
            .found("none")
            .hint("name the column of teams as `party` in the mapping; `baton discover` shows what is found");
        Box::new(problem)
    })?;
    Ok(Ready { history, fitted })
}

impl Ready<'_> {
    /// Returns what a scenario is read against.
    pub fn known(&self) -> crate::scenario::Known<'_> {
        crate::scenario::Known {
            teams: &self.history.teams,
            start: self.fitted.split.cut(),
        }
    }

    /// Plays the held-out weeks with every scenario and without.
    pub fn simulate(
        &self,
        plans: &[Plan],
        settings: Settings,
        (engine, input): (&str, wire::Input),
    ) -> wire::Simulation {
        let mut asked = Asked {
            seed: settings.seed,
            replications: settings.replications,
            edges: self.edges(),
            deadlines: plans.iter().map(deadlines).collect(),
        };
        let actual = happened(self.history, &self.fitted, &asked);
        let base = replicate(&self.fitted, None, &asked);
        let validation = self.validation(&actual, &base, &asked.edges);
        asked.edges.clear();
        let scenarios: Vec<_> = plans
            .iter()
            .enumerate()
            .map(|(number, plan)| {
                asked.deadlines = vec![deadlines(plan)];
                let played = replicate(&self.fitted, Some(plan), &asked);
                self.scenario(plan, &played, (number, &base))
            })
            .collect();
        wire::Simulation {
            format: wire::FORMAT.to_owned(),
            engine: engine.to_owned(),
            input,
            seed: settings.seed,
            replications: settings.replications,
            weeks: self.weeks(),
            fit: self.fit(),
            cautions: self.cautions(&base, &validation),
            validation,
            assumptions: assumptions(plans),
            scenarios,
        }
    }

    /// Returns the edges with enough handovers in the held-out weeks, in the order of their ends.
    fn edges(&self) -> Vec<(u32, u32)> {
        let mut counts = std::collections::BTreeMap::new();
        for visit in &self.history.visits {
            if let (Some(from), Some(_)) = (visit.from, visit.wait())
                && self.fitted.split.held_out.holds(visit.start)
            {
                *counts.entry((from, visit.team)).or_insert(0_u64) += 1;
            }
        }
        counts.retain(|_, count| *count >= COMPARED_MIN);
        counts.into_keys().collect()
    }

    fn name(&self, team: u32) -> Option<String> {
        self.history.teams.get(usize::try_from(team).ok()?).cloned()
    }

    fn validation(
        &self,
        actual: &Outcome,
        base: &[Outcome],
        edges: &[(u32, u32)],
    ) -> wire::Validation {
        let waiting = compared((None, None), actual.all, base, |outcome| Some(outcome.all));
        let numbered = (0_u32..).zip(&actual.teams).zip(0_usize..);
        let teams: Vec<_> = numbered
            .filter(|((_, spread), _)| spread.count >= COMPARED_MIN)
            .map(|((team, spread), place)| {
                compared((None, self.name(team)), *spread, base, |outcome| {
                    outcome.teams.get(place).copied()
                })
            })
            .collect();
        let edges: Vec<_> = (0_usize..)
            .zip(edges.iter().zip(&actual.edges))
            .map(|(place, ((from, to), spread))| {
                compared(
                    (self.name(*from), self.name(*to)),
                    *spread,
                    base,
                    |outcome| outcome.edges.get(place).copied(),
                )
            })
            .collect();
        wire::Validation {
            reproduces_waiting: waiting.median.holds && waiting.p90.holds,
            waiting,
            lead: compared((None, None), actual.lead, base, |outcome| {
                Some(outcome.lead)
            }),
            open: check(actual.open, base.iter().map(|outcome| outcome.open)),
            team_coverage: coverage(&teams),
            teams,
            edge_coverage: coverage(&edges),
            edges,
        }
    }

    fn scenario(
        &self,
        plan: &Plan,
        played: &[Outcome],
        (number, base): (usize, &[Outcome]),
    ) -> wire::Scenario {
        let overall = OVERALL
            .iter()
            .filter_map(|(measure, of)| change((None, *measure), (base, of), (played, of)));
        let share = |at: usize| {
            move |outcome: &Outcome| {
                let (late, all) = outcome.late.get(at).copied().unwrap_or_default();
                let share = (late * 10_000 + all / 2).checked_div(all)?;
                i64::try_from(share).ok()
            }
        };
        let has_deadline = plan.teams.iter().any(|team| team.deadline.is_some());
        let late = has_deadline
            .then(|| {
                let measure = (None, wire::Measure::Late);
                change(measure, (base, &share(number)), (played, &share(0)))
            })
            .flatten();
        let mut teams = self.team_changes(base, played);
        let left_out = teams.len().saturating_sub(SHOWN_MAX);
        teams.truncate(SHOWN_MAX);
        wire::Scenario {
            name: plan.name.clone(),
            title: plan.title.clone(),
            document: plan.document.clone(),
            overall: overall.chain(late).collect(),
            teams,
            teams_left_out: u64::try_from(left_out).unwrap_or(u64::MAX),
            unfinished_most: unfinished(played),
        }
    }

    /// Returns the clear changes of waiting by receiver, largest first.
    fn team_changes(&self, base: &[Outcome], played: &[Outcome]) -> Vec<wire::Change> {
        let mut changes = Vec::new();
        for (team, name) in self.history.teams.iter().enumerate() {
            for (measure, of) in TEAM_MEASURES {
                let of = |outcome: &Outcome| outcome.teams.get(team).copied().and_then(of);
                let change = change((Some(name.clone()), *measure), (base, &of), (played, &of));
                changes.extend(change.filter(|change| change.is_clear));
            }
        }
        let size = |change: &wire::Change| change.difference.middle.unsigned_abs();
        changes.sort_by_key(|change| std::cmp::Reverse(size(change)));
        changes
    }

    fn weeks(&self) -> wire::Weeks {
        let split = &self.fitted.split;
        wire::Weeks {
            fit: stretch(split.fit),
            held_out: stretch(split.held_out),
            left_out: split.fit.first - split.before.first,
        }
    }

    fn fit(&self) -> wire::Fit {
        let fitted = &self.fitted;
        let teams = self.history.teams.iter().zip(&fitted.seen);
        wire::Fit {
            cases: self.history.cases,
            without_team: self.history.without_team,
            visits: fitted.visits,
            open_visits: fitted.pools.open,
            disordered: self.history.disordered,
            backlog: u64::try_from(fitted.backlog.len()).unwrap_or(u64::MAX),
            arrivals: fitted.arrivals.weeks.clone(),
            arrivals_trend: fitted
                .arrivals
                .trend
                .and_then(|found| trend(found, fitted.arrivals.follows_trend())),
            waiting_drift: fitted.drift.and_then(|found| trend(found, false)),
            teams: teams
                .map(|(name, seen)| wire::Team {
                    name: name.clone(),
                    in_work_most: seen.in_work_most,
                    open_hours: seen.opening.total() / HOUR,
                    has_own_hours: seen.has_own_hours,
                })
                .collect(),
            folded: self.history.folded,
        }
    }

    fn cautions(&self, base: &[Outcome], validation: &wire::Validation) -> Vec<String> {
        let mut cautions = Vec::new();
        if !validation.reproduces_waiting {
            cautions.push(
                "The simulation does not reproduce the waiting of the held-out weeks. Its scenarios say how the model answers, not how the teams would.".to_owned(),
            );
        }
        if let Some(drift) = self.fitted.drift.filter(|drift| drift.probability < 0.05) {
            let way = if drift.slope < 0.0 {
                "shorter"
            } else {
                "longer"
            };
            cautions.push(format!(
                "Waiting got {way} over the fitted weeks. The simulation takes them as alike, so it is late to follow."
            ));
        }
        if base.iter().any(|outcome| outcome.is_cut) {
            cautions
                .push("A limit ended a replication, or a case in one, before its time.".to_owned());
        }
        if unfinished(base) > 0 {
            cautions.push(
                "Some simulated handovers were still waiting a year later; they are in no median."
                    .to_owned(),
            );
        }
        cautions
    }
}

/// Returns what no log can tell, as far as the plans touch it.
fn assumptions(plans: &[Plan]) -> Vec<String> {
    let has = |is: fn(&crate::scenario::TeamPlan) -> bool| {
        plans.iter().any(|plan| plan.teams.iter().any(is))
    };
    let mut assumptions = vec![
            "Capacity: a log shows what a team carried, not what it could have. The most cases it had in work at once stands for it; work beyond that waits its turn.".to_owned(),
            "Order: which case a team takes next cannot be told from what it took. Cases that wait for free capacity are taken in the order in which they became ready.".to_owned(),
            "Delay: the time that a team lets work wait while it has capacity free is taken as it was, and does not shrink or grow with the work in front of it.".to_owned(),
            "Weeks: each simulated week is like one of the fitted weeks, drawn at random; cases do not know of each other beyond that.".to_owned(),
        ];
    if has(|team| team.hours.is_some()) {
        assumptions.push("Hours: time is moved from the hours in which a team was seen to work to the new ones, timers that run by the calendar included.".to_owned());
    }
    if has(|team| team.retries.is_some()) {
        assumptions.push("Retries: work that is handed over again is answered as if it were new; the earlier answer counts.".to_owned());
    }
    if has(|team| team.returns_percent.is_some()) {
        assumptions.push(
            "Returns: work that is no longer given back goes on as other work of its kind does."
                .to_owned(),
        );
    }
    if has(|team| {
        matches!(
            team.capacity,
            Some(Capacity::Cases(_) | Capacity::Percent(_))
        )
    }) {
        assumptions.push(
            "Less capacity: work under way when the weeks begin is not interrupted.".to_owned(),
        );
    }
    assumptions
}

/// How a measure is taken from an outcome.
type Of = fn(&Outcome) -> Option<i64>;

/// What is measured over everything.
const OVERALL: &[(wire::Measure, Of)] = &[
    (wire::Measure::WaitingMedian, |outcome| outcome.all.median),
    (wire::Measure::WaitingP90, |outcome| outcome.all.p90),
    (wire::Measure::Handovers, |outcome| {
        i64::try_from(outcome.all.count).ok()
    }),
    (wire::Measure::LeadMedian, |outcome| outcome.lead.median),
    (wire::Measure::LeadP90, |outcome| outcome.lead.p90),
    (wire::Measure::Finished, |outcome| {
        i64::try_from(outcome.lead.count).ok()
    }),
    (wire::Measure::Open, |outcome| Some(outcome.open)),
];

/// How a measure is taken from the waiting of a team.
type OfSpread = fn(Spread) -> Option<i64>;

/// Outcomes, and how a measure is taken from them.
type Taken<'t> = (&'t [Outcome], &'t dyn Fn(&Outcome) -> Option<i64>);

/// What is measured of a team's waiting.
const TEAM_MEASURES: &[(wire::Measure, OfSpread)] = &[
    (wire::Measure::WaitingMedian, |spread| spread.median),
    (wire::Measure::WaitingP90, |spread| spread.p90),
];

fn deadlines(plan: &Plan) -> Vec<Option<i64>> {
    plan.teams.iter().map(|team| team.deadline).collect()
}

fn unfinished(outcomes: &[Outcome]) -> u64 {
    outcomes
        .iter()
        .map(|outcome| outcome.unfinished)
        .max()
        .unwrap_or(0)
}

fn range(outcomes: Vec<i64>) -> Option<wire::Range> {
    let [low, middle, high] = interval(outcomes)?;
    Some(wire::Range { low, middle, high })
}

/// Holds what happened against the outcomes of replications.
fn check(actual: i64, outcomes: impl Iterator<Item = i64>) -> wire::Check {
    let simulated = range(outcomes.collect());
    wire::Check {
        actual,
        simulated,
        holds: simulated.is_some_and(|range| (range.low..=range.high).contains(&actual)),
    }
}

fn compared(
    (from, to): (Option<String>, Option<String>),
    actual: Spread,
    base: &[Outcome],
    of: impl Fn(&Outcome) -> Option<Spread>,
) -> wire::Compared {
    let spreads: Vec<Spread> = base.iter().filter_map(of).collect();
    let count = |spread: &Spread| i64::try_from(spread.count).unwrap_or(i64::MAX);
    wire::Compared {
        from,
        to,
        count: check(count(&actual), spreads.iter().map(count)),
        median: check(
            actual.median.unwrap_or(0),
            spreads.iter().filter_map(|spread| spread.median),
        ),
        p90: check(
            actual.p90.unwrap_or(0),
            spreads.iter().filter_map(|spread| spread.p90),
        ),
    }
}

fn coverage(compared: &[wire::Compared]) -> wire::Coverage {
    let count = |holds: fn(&wire::Compared) -> bool| {
        let held = compared.iter().filter(|one| holds(one)).count();
        u64::try_from(held).unwrap_or(u64::MAX)
    };
    wire::Coverage {
        compared: count(|_| true),
        medians: count(|one| one.median.holds),
        p90s: count(|one| one.p90.holds),
    }
}

/// Returns one measure with and without a scenario, paired by replication; `None` when too few
/// replications say anything.
fn change(
    (team, measure): (Option<String>, wire::Measure),
    (base, of_base): Taken<'_>,
    (played, of_played): Taken<'_>,
) -> Option<wire::Change> {
    let pairs = base.iter().zip(played);
    let pairs: Vec<(i64, i64)> = pairs
        .filter_map(|(one, other)| of_base(one).zip(of_played(other)))
        .collect();
    let difference = range(pairs.iter().map(|(one, other)| other - one).collect())?;
    Some(wire::Change {
        team,
        measure,
        base: range(pairs.iter().map(|pair| pair.0).collect())?,
        scenario: range(pairs.iter().map(|pair| pair.1).collect())?,
        difference,
        is_clear: difference.low > 0 || difference.high < 0,
    })
}

fn trend(found: fit::Trend, is_carried_on: bool) -> Option<wire::Trend> {
    Some(wire::Trend {
        per_week: Fixed::round(found.slope)?,
        probability: Fixed::round(found.probability)?,
        is_carried_on,
    })
}

fn stretch(stretch: Stretch) -> wire::Stretch {
    let day = |second: i64| {
        let instant = Timestamp::from_second(second).unwrap_or_default();
        instant.to_zoned(TimeZone::UTC).date().to_string()
    };
    wire::Stretch {
        first_day: day(stretch.start_second()),
        last_day: day(stretch.end_second() - 1),
        weeks: stretch.weeks(),
    }
}
