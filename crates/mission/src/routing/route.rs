//! Chooses a receiver: who could take the handoff, who of them should, and why not the others.
//!
//! Nobody is chosen over their limit or outside their hours, the fallback included; when that leaves
//! nobody, the handoff waits and the escalation ladder tells people about it.

use std::collections::BTreeSet;

use baton_contract::calendar::Calendar;
use baton_contract::model::{Candidate, Routing, Strategy};
use baton_terms::{BasisPoints, Code, Id, Instant};

use super::fairness::{Fairness, Load, jain_index};
use super::receiver::{Reason, Receiver, Rejected};

/// No candidate, and no fallback, can receive now.
pub const NOBODY_CAN_RECEIVE: Code = Code::new(1352);

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Role that receives; any when absent.
    pub role: Option<Id>,
    /// What the work needs.
    pub capabilities: BTreeSet<Id>,
    /// When.
    pub at: Instant,
}

/// How a contract routes, with what else bounds it.
#[derive(Debug, Clone)]
pub struct Settings<'a> {
    /// The contract's section.
    pub routing: &'a Routing,
    /// The calendar the section names, where it names one that exists.
    pub calendar: Option<&'a Calendar>,
    /// The budget's most open handoffs per receiver.
    pub open_work: Option<u64>,
    /// The team that received last under this contract, for taking turns.
    pub last: Option<Id>,
}

/// The answer, with what explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed {
    /// Who receives, or that nobody can.
    pub decision: Decision,
    /// Every candidate that does not receive, in the contract's order, the fallback last.
    pub rejected: Vec<Rejected>,
}

/// Who receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// This team.
    Assigned {
        /// The team.
        team: Id,
        /// How it was chosen.
        chosen: Chosen,
        /// What that does to fairness among those who could do the work.
        fairness: Fairness,
    },
    /// Nobody can now; the handoff waits, and the ladder runs.
    Waiting {
        /// The earliest instant at which the working hours of somebody begin, where known.
        opens: Option<Instant>,
    },
    /// Nobody can, and waiting changes nothing: the handoff escalates at once.
    Nobody,
}

/// How a receiver was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chosen {
    /// By the strategy.
    Strategy,
    /// The strategy's first choice would have broken the fairness floor.
    FairnessFloor,
    /// No candidate could receive.
    Fallback,
}

/// Returns who receives.
///
/// Equal choices go to the candidate that the contract names first. A team that `receivers` lists
/// twice is known by its first entry.
pub fn route(settings: &Settings<'_>, request: &Request, receivers: &[Receiver<'_>]) -> Routed {
    let routing = settings.routing;
    let known = |team: &Id| receivers.iter().find(|receiver| receiver.team == *team);
    let mut pool = Pool::default();
    let mut seen = BTreeSet::new();
    for candidate in &routing.candidates {
        // A team named twice is one team; its first entry says what it can do.
        if seen.insert(&candidate.team) {
            let receiver = known(&candidate.team);
            let reasons = reasons(settings, request, (candidate, receiver));
            pool.add(candidate, receiver, reasons);
        }
    }
    if let Some(routed) = pool.choose(settings) {
        return routed;
    }
    let mut rejected = pool.rejected;
    if let Some(team) = routing
        .fallback
        .as_ref()
        .filter(|team| !seen.contains(team))
    {
        let receiver = known(team);
        let reasons = fallback_reasons(settings, request, receiver);
        match receiver {
            Some(receiver) if reasons.is_empty() => {
                return Routed {
                    decision: to_fallback(receiver, routing.fairness_min),
                    rejected,
                };
            }
            _ => rejected.push(Rejected {
                team: team.clone(),
                reasons,
            }),
        }
    }
    Routed {
        decision: nobody(&rejected),
        rejected,
    }
}

/// Candidates that could do the work, and those that may take it now.
#[derive(Default)]
struct Pool {
    /// Loads of all who could do the work, now or later; fairness is measured among them.
    loads: Vec<Load>,
    /// Those who may take it now, in the contract's order, with their place among the loads.
    eligible: Vec<(Id, usize)>,
    rejected: Vec<Rejected>,
    /// The contract's order of all candidates.
    order: Vec<Id>,
}

impl Pool {
    fn add(
        &mut self,
        candidate: &Candidate,
        receiver: Option<&Receiver<'_>>,
        reasons: Vec<Reason>,
    ) {
        self.order.push(candidate.team.clone());
        let could = reasons.iter().all(Reason::is_about_the_moment);
        if let Some(receiver) = receiver.filter(|_| could) {
            if reasons.is_empty() {
                self.eligible
                    .push((candidate.team.clone(), self.loads.len()));
            }
            self.loads.push(receiver.load);
        }
        if !reasons.is_empty() {
            self.rejected.push(Rejected {
                team: candidate.team.clone(),
                reasons,
            });
        }
    }

    /// Returns the choice among those who may take the handoff, or nothing when there is none.
    fn choose(&mut self, settings: &Settings<'_>) -> Option<Routed> {
        let mut turns = self.eligible.clone();
        self.sort_by_strategy(&mut turns, settings);
        let index_after = |place: usize| {
            let loads = self.loads.iter().enumerate();
            jain_index(loads.map(|(at, load)| if at == place { load.plus_one() } else { *load }))
        };
        let after: Vec<BasisPoints> = turns.iter().map(|(_, place)| index_after(*place)).collect();
        let best = after.iter().copied().max()?;
        let floor = settings.routing.fairness_min;
        let is_fair = |index: &BasisPoints| floor.is_none_or(|floor| *index >= floor.min(best));
        let at = after.iter().position(is_fair)?;
        let (team, _) = turns.get(at)?;
        let fairness = Fairness {
            before: jain_index(self.loads.iter().copied()),
            after: *after.get(at)?,
            best,
            floor,
        };
        let passed_over = turns
            .iter()
            .zip(&after)
            .map(|((other, _), index)| Rejected {
                team: other.clone(),
                reasons: vec![if is_fair(index) {
                    Reason::NotItsTurn {
                        chosen: team.clone(),
                    }
                } else {
                    Reason::LessFair
                }],
            });
        let mut rejected = self.rejected.clone();
        rejected.extend(passed_over.filter(|other| other.team != *team));
        rejected.sort_by_key(|other| self.order.iter().position(|team| *team == other.team));
        Some(Routed {
            decision: Decision::Assigned {
                team: team.clone(),
                chosen: if at == 0 {
                    Chosen::Strategy
                } else {
                    Chosen::FairnessFloor
                },
                fairness,
            },
            rejected,
        })
    }

    /// Sorts by the strategy; what it leaves equal stays in the contract's order.
    fn sort_by_strategy(&self, turns: &mut [(Id, usize)], settings: &Settings<'_>) {
        match settings.routing.strategy {
            Strategy::Fixed => {}
            Strategy::LeastLoaded => turns.sort_by(|(_, left), (_, right)| {
                match (self.loads.get(*left), self.loads.get(*right)) {
                    (Some(left), Some(right)) => left.cmp_per_capacity(*right),
                    _ => std::cmp::Ordering::Equal,
                }
            }),
            Strategy::RoundRobin => {
                let place = |team: &Id| self.order.iter().position(|other| other == team);
                let last = settings.last.as_ref().and_then(place);
                // Those behind the last one come first; without a last one, the order stands.
                turns.sort_by_key(|(team, _)| last.is_some_and(|last| place(team) <= Some(last)));
            }
        }
    }
}

/// Returns every reason why `candidate` may not take the handoff now; none when it may.
fn reasons(
    settings: &Settings<'_>,
    request: &Request,
    (candidate, receiver): (&Candidate, Option<&Receiver<'_>>),
) -> Vec<Reason> {
    let Some(receiver) = receiver else {
        return vec![Reason::Unknown];
    };
    let mut reasons = Vec::new();
    if let Some(role) = request
        .role
        .as_ref()
        .filter(|role| !receiver.roles.contains(*role))
    {
        reasons.push(Reason::LacksRole { role: role.clone() });
    }
    let can =
        |need: &&Id| candidate.capabilities.contains(need) || receiver.capabilities.contains(*need);
    let missing: Vec<Id> = request
        .capabilities
        .iter()
        .filter(|need| !can(need))
        .cloned()
        .collect();
    if !missing.is_empty() {
        reasons.push(Reason::LacksCapabilities { missing });
    }
    reasons.extend(reasons_of_the_moment(settings, request, receiver));
    reasons
}

/// Returns why the fallback may not take the handoff now; what it can do is not asked.
fn fallback_reasons(
    settings: &Settings<'_>,
    request: &Request,
    receiver: Option<&Receiver<'_>>,
) -> Vec<Reason> {
    match receiver {
        Some(receiver) => reasons_of_the_moment(settings, request, receiver),
        None => vec![Reason::Unknown],
    }
}

fn reasons_of_the_moment(
    settings: &Settings<'_>,
    request: &Request,
    receiver: &Receiver<'_>,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if receiver.load.capacity == 0 {
        reasons.push(Reason::NoCapacity);
    }
    let budget = settings
        .open_work
        .map(|limit| u32::try_from(limit).unwrap_or(u32::MAX));
    let limits = [settings.routing.wip_limit, receiver.limit, budget];
    let open = receiver.load.open;
    if let Some(limit) = limits
        .into_iter()
        .flatten()
        .min()
        .filter(|limit| open >= *limit)
    {
        reasons.push(Reason::OverLimit { open, limit });
    }
    reasons.extend(outside_hours(settings, request, receiver));
    reasons
}

fn outside_hours(
    settings: &Settings<'_>,
    request: &Request,
    receiver: &Receiver<'_>,
) -> Option<Reason> {
    let calendar = match (
        receiver.hours,
        settings.calendar,
        &settings.routing.calendar,
    ) {
        (Some(calendar), _, _) | (None, Some(calendar), _) => calendar,
        (None, None, None) => return None,
        (None, None, Some(named)) => {
            return Some(Reason::HoursUnknown {
                answer: format!("calendar `{named}` is not in the contract"),
            });
        }
    };
    match calendar.is_open(request.at) {
        Ok(true) => None,
        Ok(false) => Some(Reason::OutsideHours {
            opens: calendar.next_open(request.at).ok(),
        }),
        Err(error) => Some(Reason::HoursUnknown {
            answer: error.to_string(),
        }),
    }
}

fn to_fallback(receiver: &Receiver<'_>, floor: Option<BasisPoints>) -> Decision {
    let after = jain_index([receiver.load.plus_one()]);
    Decision::Assigned {
        team: receiver.team.clone(),
        chosen: Chosen::Fallback,
        fairness: Fairness {
            before: jain_index([receiver.load]),
            after,
            best: after,
            floor,
        },
    }
}

/// Waiting helps when somebody is held back by nothing but the moment.
fn nobody(rejected: &[Rejected]) -> Decision {
    let waits = |other: &&Rejected| other.reasons.iter().all(Reason::passes_with_time);
    let mut waiting = rejected.iter().filter(waits).peekable();
    if waiting.peek().is_none() {
        return Decision::Nobody;
    }
    let opens = waiting.flat_map(|other| &other.reasons);
    let opens = opens.filter_map(|reason| match reason {
        Reason::OutsideHours { opens } => *opens,
        _ => None,
    });
    Decision::Waiting { opens: opens.min() }
}

#[cfg(test)]
mod tests;
