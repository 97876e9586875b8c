//! Reads a scenario: every problem in one run, each with its place.

use baton_document::shape::{self, Fields, Kind};
use baton_terms::{Code, Diagnostic, Elapsed, Source};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::plan::{Approval, Capacity, MoreOrLess, Plan, Retries, TeamPlan};
use super::shape::{FORMAT, SCENARIO, Weekday};
use crate::codes::{NO_HOURS, UNCLEAR, UNKNOWN_TEAM};
use crate::fit::Opening;
use crate::history::HOUR;

const HINT: &str = "see `baton schema scenario` for every field";
const KIND: Kind = Kind {
    object: &SCENARIO,
    format: FORMAT,
    hint: HINT,
};
/// Seconds in a day.
const DAY: i64 = 24 * HOUR;

/// What a scenario is read against.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// Names of the teams that are simulated.
    pub teams: &'k [String],
    /// When the simulated weeks begin, in seconds.
    pub start: i64,
}

/// Reads a scenario, YAML or JSON.
///
/// # Errors
/// Every problem, in the order of their places.
pub fn read(source: &Source, known: &Known<'_>) -> Result<Plan, Vec<Diagnostic>> {
    let (plan, problems) = shape::read(source, &KIND, |root, problems| {
        let mut reading = Reading {
            known,
            problems: Vec::new(),
        };
        let plan = reading.plan(&Fields::root(root), root.to_json());
        problems.extend(reading.problems.into_iter().map(|mut problem| {
            problem.place.span = Some(root.nearest(&problem.place.pointer).span);
            problem
        }));
        plan
    });
    plan.ok_or(problems)
}

struct Reading<'k> {
    known: &'k Known<'k>,
    problems: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn plan(&mut self, fields: &Fields<'_>, document: serde_json::Value) -> Option<Plan> {
        let name = fields.text("name")?;
        let every = fields.child("every_team");
        let every = every.map_or_else(TeamPlan::default, |change| self.team_plan(&change));
        let mut teams = vec![every.clone(); self.known.teams.len()];
        for (team, change) in fields.entries("teams") {
            let change_of_team = self.team_plan(&change);
            let number = self.team(team, &change.at());
            let slot = number.and_then(|number| usize::try_from(number).ok());
            if let Some(slot) = slot.and_then(|number| teams.get_mut(number)) {
                *slot = change_of_team.or(&every);
            }
        }
        let arrivals = fields.child("arrivals").and_then(|arrivals| {
            Some(MoreOrLess {
                percent: arrivals.number("percent")?,
                team: self.named(&arrivals, "team"),
            })
        });
        let gates = fields.list("approvals", |gate| Some(gate.clone()));
        let approvals: Vec<_> = gates
            .iter()
            .filter_map(|gate| self.approval(gate))
            .collect();
        let changes = ["arrivals", "every_team", "teams", "approvals"];
        if !changes.into_iter().any(|section| fields.has(section)) {
            let problem = self.problem(UNCLEAR, "the scenario changes nothing", "");
            "`arrivals`, `every_team`, `teams` or `approvals`".clone_into(&mut problem.expected);
        }
        Some(Plan {
            title: fields.text("title").unwrap_or_else(|| name.clone()),
            name,
            arrivals,
            teams,
            approvals,
            document,
        })
    }

    fn team_plan(&mut self, fields: &Fields<'_>) -> TeamPlan {
        let cases = fields.number("capacity").map(Capacity::Cases);
        let percent = fields.number("capacity_percent").map(Capacity::Percent);
        if cases.is_some() && percent.is_some() {
            let problem = self.problem(UNCLEAR, "the capacity is said twice", &fields.at());
            "`capacity` or `capacity_percent`".clone_into(&mut problem.expected);
            "both".clone_into(&mut problem.found);
        }
        TeamPlan {
            capacity: cases.or(percent),
            wip_limit: fields.number("wip_limit"),
            hours: fields.child("hours").and_then(|hours| self.hours(&hours)),
            returns_percent: fields.number("returns_percent"),
            retries: fields.child("retries").and_then(|retries| {
                Some(Retries {
                    after: seconds(&retries.text("after")?)?.max(1),
                    most: retries.number("most")?,
                })
            }),
            deadline: fields.text("deadline").and_then(|text| seconds(&text)),
        }
    }

    fn hours(&mut self, fields: &Fields<'_>) -> Option<Opening> {
        let zone = TimeZone::get(&fields.text("zone")?).ok()?;
        let start = Timestamp::from_second(self.known.start).ok()?;
        let offset = i64::from(zone.to_offset(start).seconds());
        let days = fields.texts("days", |word| {
            let day = Weekday::from_word(word)?;
            Weekday::WORDS
                .iter()
                .position(|known| known.0 == day.word())
        });
        let mut open = fields.texts("open", |text| Some(text.to_owned()));
        open.extend(fields.text("open"));
        let mut stretches = Vec::new();
        for text in &open {
            let Some((from, to)) = interval(text) else {
                let at = format!("{}/open", fields.at());
                let problem = self.problem(NO_HOURS, "the hours are none", &at);
                "an interval such as `09:00-17:00`".clone_into(&mut problem.expected);
                problem.found = format!("`{text}`");
                continue;
            };
            for day in &days {
                let midnight = i64::try_from(*day).unwrap_or(0) * DAY - offset;
                stretches.push((midnight + from, midnight + to));
            }
        }
        Opening::of(stretches)
    }

    fn approval(&mut self, fields: &Fields<'_>) -> Option<Approval> {
        let mut takes = fields.texts("takes", seconds);
        takes.extend(fields.text("takes").as_deref().and_then(seconds));
        Some(Approval {
            to: self.named(fields, "to"),
            percent: fields.number("percent").unwrap_or(100),
            approvers: fields.number("approvers")?,
            takes: Some(takes).filter(|takes| !takes.is_empty())?,
        })
    }

    /// Returns the team that a field names.
    fn named(&mut self, fields: &Fields<'_>, field: &str) -> Option<u32> {
        let name = fields.text(field)?;
        self.team(&name, &format!("{}/{field}", fields.at()))
    }

    fn team(&mut self, name: &str, at: &str) -> Option<u32> {
        let teams = self.known.teams;
        let place = teams.iter().position(|known| known == name);
        if place.is_none() {
            let names = teams.iter().map(String::as_str);
            let hint = match shape::closest(name, names) {
                Some(closest) => format!("did you mean `{closest}`?"),
                None => {
                    "`baton discover` lists the teams of a log; small ones are not named".to_owned()
                }
            };
            let problem = self.problem(UNKNOWN_TEAM, "the team is not simulated", at);
            "a team of the log that is large enough to be named".clone_into(&mut problem.expected);
            problem.found = format!("`{name}`");
            problem.hint = hint;
        }
        u32::try_from(place?).ok()
    }

    fn problem(&mut self, code: Code, message: &str, at: &str) -> &mut Diagnostic {
        let problem = Diagnostic::error(code, message).pointing_to(at).hint(HINT);
        self.problems.push_mut(problem)
    }
}

fn seconds(text: &str) -> Option<i64> {
    let elapsed: Elapsed = text.parse().ok()?;
    i64::try_from(elapsed.seconds()).ok()
}

/// Returns the seconds of the day between which an interval lies; the end may be on the next day.
fn interval(text: &str) -> Option<(i64, i64)> {
    let of_day = |time: &str| {
        let (hours, minutes) = time.split_once(':')?;
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        let at = hours * HOUR + minutes * 60;
        (minutes < 60 && at <= DAY).then_some(at)
    };
    let (from, to) = text.split_once('-')?;
    let (from, to) = (of_day(from)?, of_day(to)?);
    let to = if to < from { to + DAY } else { to };
    (to > from && from < DAY).then_some((from, to))
}
