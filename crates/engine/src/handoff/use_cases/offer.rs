//! Offering: the routing policy of the contract chooses a team, and the team's place is taken with the offer.

use std::collections::BTreeSet;

use baton_contract::model::{Candidate, Routing, Strategy};
use baton_mission::handoff::Ask;
use baton_mission::routing::{self, Chosen, Decision, Load, Receiver, Routed, Settings};
use baton_terms::{Id, Instant};
use serde::{Deserialize, Serialize};

use crate::handoff::call::{Call, Outcome};
use crate::handoff::commit::{Gathered, commit};
use crate::handoff::desk::Desk;
use crate::handoff::entry;
use crate::handoff::failure::{Failure, Waits};
use crate::handoff::numbered::Tip;
use crate::handoff::open_work::open_work;
use crate::handoff::roster::Team;
use crate::handoff::shelf::Pinned;

/// What is kept of a place at a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    baton: String,
    handoff: String,
    at: Instant,
}

/// The format of a place.
const FORMAT: &str = "team-place/v1";

/// Offers a handoff to the team that the contract's routing chooses.
///
/// # Errors
/// [`Failure::NobodyReceives`] when no team may receive now; else when the lifecycle refuses or the store fails.
pub fn offer(desk: &Desk<'_>, call: &Call<'_>) -> Result<Outcome, Failure> {
    // Which places are competed for follows from the contract, so that any earlier state of the handoff tells.
    let seen = desk.glance(&call.handoff)?;
    let pinned = desk.contract_of(&seen)?;
    let routing = routing_of(&pinned);
    let mut competed_for = BTreeSet::new();
    if is_bounded(desk, &routing, &pinned) {
        competed_for.extend(teams_of(&routing).iter().map(sequence));
    }
    desk.turns.take(&competed_for, || offered(desk, call))
}

fn offered(desk: &Desk<'_>, call: &Call<'_>) -> Result<Outcome, Failure> {
    commit(desk, call, |case, at| {
        let pinned = desk.contract_of(case)?;
        let routing = routing_of(&pinned);
        let field = Field::read(desk, &pinned, &routing)?;
        let routed = field.route(&pinned, (&routing, at));
        let Decision::Assigned { team, chosen, .. } = &routed.decision else {
            return Err(nobody(&routed));
        };
        let reason = match chosen {
            Chosen::Strategy => format!("chosen by the strategy `{}`", word(routing.strategy)),
            Chosen::FairnessFloor => "chosen to hold the fairness floor".to_owned(),
            Chosen::Fallback => "the fallback: no candidate can receive".to_owned(),
        };
        let ask = Ask::Offer {
            team: team.clone(),
            reason,
        };
        let place = field.place(team, (&case.name(), at))?;
        let mut gathered = Gathered::plain(ask, pinned);
        gathered.place = place.filter(|_| is_bounded(desk, &routing, &gathered.pinned));
        Ok(gathered)
    })
}

/// Whether two offers made at the same time could break a bound together.
fn is_bounded(desk: &Desk<'_>, routing: &Routing, pinned: &Pinned) -> bool {
    let has_limit = |team: &Id| {
        let known = desk.roster.get(team, &pinned.terms.to().role);
        known.is_some_and(|known| known.limit.is_some())
    };
    routing.wip_limit.is_some()
        || routing.fairness_min.is_some()
        || routing.strategy == Strategy::RoundRobin
        || pinned.contract.contract().budget.open_work.is_some()
        || teams_of(routing).iter().any(has_limit)
}

fn word(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::LeastLoaded => "least-loaded",
        Strategy::RoundRobin => "round-robin",
        Strategy::Fixed => "fixed",
    }
}

/// Returns how a contract routes; without a section, to the teams of its receiver.
fn routing_of(pinned: &Pinned) -> Routing {
    let contract = pinned.contract.contract();
    if let Some(routing) = &contract.routing {
        return routing.clone();
    }
    let teams = pinned.terms.to().teams.iter();
    Routing {
        candidates: teams
            .map(|team| Candidate {
                team: team.clone(),
                capabilities: Vec::new(),
                at: String::new(),
            })
            .collect(),
        capabilities: Vec::new(),
        strategy: Strategy::LeastLoaded,
        wip_limit: None,
        calendar: None,
        fairness_min: None,
        fallback: None,
        escalation: Vec::new(),
        at: String::new(),
    }
}

/// Returns the teams that may be chosen.
fn teams_of(routing: &Routing) -> BTreeSet<Id> {
    let candidates = routing.candidates.iter().map(|candidate| &candidate.team);
    candidates.chain(&routing.fallback).cloned().collect()
}

/// What is known of one team that may receive.
struct Known {
    id: Id,
    team: Team,
    tip: Tip,
    open: u32,
    last: Option<Instant>,
}

/// The teams that may receive.
struct Field {
    teams: Vec<Known>,
}

impl Field {
    /// Reads what is known of each team. Its places are read before its work is counted, so that an offer that is not
    /// counted is one that takes the place this one would take.
    fn read(desk: &Desk<'_>, pinned: &Pinned, routing: &Routing) -> Result<Self, Failure> {
        let mut teams = Vec::new();
        for id in &teams_of(routing) {
            let Some(team) = desk.roster.get(id, &pinned.terms.to().role) else {
                continue;
            };
            let tip = desk.hints.tip(desk.store, &sequence(id))?;
            let last = serde_json::from_slice::<Place>(&tip.says).ok();
            teams.push(Known {
                open: u32::try_from(open_work(desk.store, id)?).unwrap_or(u32::MAX),
                id: id.clone(),
                team,
                last: last.map(|place| place.at),
                tip,
            });
        }
        Ok(Self { teams })
    }

    fn route(&self, pinned: &Pinned, (routing, at): (&Routing, Instant)) -> Routed {
        let contract = pinned.contract.contract();
        let calendar = (routing.calendar.as_ref()).and_then(|id| pinned.terms.calendars().get(id));
        let candidates = self.teams.iter().filter(|known| {
            let mut candidates = routing.candidates.iter();
            candidates.any(|candidate| candidate.team == known.id)
        });
        let last = candidates
            .filter(|known| known.last.is_some())
            .max_by_key(|known| (known.last, &known.id));
        let settings = Settings {
            routing,
            calendar,
            open_work: contract.budget.open_work,
            last: last.map(|known| known.id.clone()),
        };
        let request = routing::Request {
            role: Some(pinned.terms.to().role.clone()),
            capabilities: routing.capabilities.iter().cloned().collect(),
            at,
        };
        let receivers: Vec<Receiver<'_>> = self.teams.iter().map(Known::receiver).collect();
        routing::route(&settings, &request, &receivers)
    }

    fn place(
        &self,
        team: &Id,
        (handoff, at): (&str, Instant),
    ) -> Result<Option<(String, Vec<u8>)>, Failure> {
        let Some(known) = self.teams.iter().find(|known| known.id == *team) else {
            return Ok(None);
        };
        let place = Place {
            baton: FORMAT.to_owned(),
            handoff: handoff.to_owned(),
            at,
        };
        let bytes = entry::document(&place)?.bytes;
        Ok(Some((known.tip.next_key(&sequence(team)), bytes)))
    }
}

impl Known {
    fn receiver(&self) -> Receiver<'_> {
        Receiver {
            team: self.id.clone(),
            roles: self.team.roles.clone(),
            capabilities: self.team.capabilities.clone(),
            load: Load {
                open: self.open,
                capacity: self.team.capacity,
            },
            limit: self.team.limit,
            hours: self.team.hours.as_ref(),
        }
    }
}

fn sequence(team: &Id) -> String {
    format!("team/{team}")
}

fn nobody(routed: &Routed) -> Failure {
    let why = match routed.diagnostic("/routing") {
        Some(problem) if !problem.found.is_empty() => problem.found,
        _ => "the contract names no team that receives".to_owned(),
    };
    Failure::NobodyReceives {
        why,
        helps: match routed.decision {
            Decision::Waiting { opens } => Waits::Until(opens),
            _ => Waits::InVain,
        },
    }
}
