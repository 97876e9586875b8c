//! The teams of `baton.toml`, as routing knows them.

use baton_contract::calendar::{Calendar, CalendarDraft, DayHoursDraft, HolidayDraft};
use baton_engine::handoff::{Roster, Team};
use baton_terms::Id;

use super::file::{self, wrong};
use super::place::{Origin, Settings};
use crate::failure::Failure;

impl Settings {
    /// Returns what is known of teams; without any, they are what contracts say of them.
    pub(crate) fn roster(&self) -> Result<Roster, Failure> {
        let Some(teams) = &self.said().teams else {
            return Ok(Roster::default());
        };
        let mut known: Vec<(Id, Team)> = Vec::new();
        for said in teams {
            let refuse =
                |found: String| wrong(self.file_shown(), format!("team `{}`: {found}", said.name));
            if known.iter().any(|(team, _)| *team == said.name) {
                return Err(refuse("it is there twice".to_owned()));
            }
            let team = team(said).map_err(refuse)?;
            known.push((said.name.clone(), team));
        }
        Ok(Roster::of(known))
    }

    /// Returns where the teams come from.
    pub(crate) fn teams_from(&self) -> Origin {
        match self.said().teams {
            Some(_) => Origin::File,
            None => Origin::Default,
        }
    }

    /// Returns the teams in words, for people.
    pub(crate) fn teams_shown(&self) -> String {
        match &self.said().teams {
            None => "what contracts say of them".to_owned(),
            Some(teams) => {
                let names: Vec<&str> = teams.iter().map(|team| team.name.as_str()).collect();
                names.join(", ")
            }
        }
    }
}

fn team(said: &file::Team) -> Result<Team, String> {
    if said.capacity == 0 {
        return Err("`capacity` is 0; leave the team out".to_owned());
    }
    Ok(Team {
        roles: said.roles.iter().cloned().collect(),
        capabilities: said.capabilities.iter().cloned().collect(),
        capacity: said.capacity,
        limit: said.limit,
        hours: said
            .hours
            .as_ref()
            .map(|hours| calendar(&said.name, hours))
            .transpose()?,
    })
}

fn calendar(team: &Id, said: &file::Hours) -> Result<Calendar, String> {
    let days = said.days.iter().map(|(day, intervals)| DayHoursDraft {
        day: day.clone(),
        intervals: intervals.clone(),
    });
    let holidays = said.holidays.iter().map(|(date, name)| HolidayDraft {
        date: date.clone(),
        name: name.clone(),
    });
    let draft = CalendarDraft {
        id: team.to_string(),
        zone: said.zone.clone(),
        hours: days.collect(),
        holidays: holidays.collect(),
        covers: None,
        tzdb: None,
    };
    Calendar::new(&draft).map_err(|problems| {
        let first = problems.first();
        first.map_or_else(String::new, |problem| {
            format!(
                "`hours`{}: {}, found {}",
                problem.place.pointer, problem.message, problem.found
            )
        })
    })
}
