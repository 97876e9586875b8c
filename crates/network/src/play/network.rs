//! The fitted model as a world for the engine: teams as stations, a scenario's gates behind them.

use super::arrive::{Weeks, arrivals};
use crate::chance::{Chance, Draws, Purpose};
use crate::events::{Arrival, Case, Next, Station, Stay, World};
use crate::fit::{Drawn, Fitted, Period, Situation};
use crate::history::{Exit, WEEK};
use crate::limits::VISITS_MAX;
use crate::scenario::{Capacity, Plan, TeamPlan};

/// Weeks after the held-out ones for a wait to end.
const WEEKS_TO_END: i64 = 52;
/// Tries to find a way on that is no return.
const TRIES: u32 = 32;

/// One wait that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Waited {
    pub(super) to: u32,
    pub(super) from: u32,
    pub(super) wait: i64,
}

/// One replication.
pub(super) struct Network<'p> {
    fitted: &'p Fitted,
    plan: Option<&'p Plan>,
    chance: Chance,
    weeks: Weeks,
    coming: std::vec::IntoIter<Arrival>,
    /// Handovers of the held-out weeks that nobody has touched yet.
    pub(super) untouched: u64,
    pub(super) waits: Vec<Waited>,
    /// Times from arrival to end of the cases that ended in the held-out weeks.
    pub(super) leads: Vec<i64>,
    /// Cases in the network when the held-out weeks ended.
    pub(super) open: i64,
    /// Cases that left because of [`VISITS_MAX`].
    pub(super) cut_cases: u64,
}

impl<'p> Network<'p> {
    pub(super) fn new(fitted: &'p Fitted, plan: Option<&'p Plan>, chance: Chance) -> Self {
        let weeks = Weeks::draw(fitted, chance);
        let coming = arrivals(fitted, plan, (chance, &weeks));
        let end = fitted.split.held_out.end_second();
        let in_time = coming.iter().filter(|arrival| arrival.at < end).count();
        Self {
            fitted,
            plan,
            chance,
            weeks,
            coming: coming.into_iter(),
            untouched: 0,
            waits: Vec::new(),
            leads: Vec::new(),
            open: i64::try_from(in_time).unwrap_or(i64::MAX),
            cut_cases: 0,
        }
    }

    /// Returns the stations: every team, then every gate.
    pub(super) fn stations(fitted: &Fitted, plan: Option<&Plan>) -> Vec<Station> {
        let usual = TeamPlan::default();
        let numbered = fitted.seen.iter().enumerate();
        let teams = numbered.map(|(team, seen)| {
            let change = plan.and_then(|plan| plan.teams.get(team));
            let change = change.unwrap_or(&usual);
            let most = seen.in_work_most.max(1);
            Station {
                servers: Some(match change.capacity {
                    None => most,
                    Some(Capacity::Cases(cases)) => cases,
                    Some(Capacity::Percent(percent)) => {
                        let servers = (u64::from(most) * u64::from(percent)).div_ceil(100);
                        u32::try_from(servers).unwrap_or(u32::MAX)
                    }
                }),
                room: change.wip_limit,
                is_gate: false,
            }
        });
        let gates = plan.into_iter().flat_map(|plan| &plan.approvals);
        let gates = gates.map(|gate| Station {
            servers: Some(gate.approvers),
            room: None,
            is_gate: true,
        });
        teams.chain(gates).collect()
    }

    fn is_measured(&self, case: &Case) -> bool {
        case.from.is_some() && self.fitted.split.held_out.holds(case.since)
    }

    /// Returns how a gate treats a case.
    fn approve(&self, case: &Case) -> Stay {
        let gate = case.station.checked_sub(self.fitted.seen.len());
        let approvals = self.plan.map(|plan| plan.approvals.as_slice());
        let approval = approvals
            .zip(gate)
            .and_then(|(gates, gate)| gates.get(gate));
        let place = (case.number, case.visit);
        let mut draws = self.chance.draws(Purpose::Approval, case.source, place);
        // The first number decided that it comes here.
        draws.bits();
        let takes = approval.and_then(|approval| {
            let place = draws.place(approval.takes.len());
            approval.takes.get(place)
        });
        Stay {
            is_touched: true,
            delay: 0,
            work: takes.copied().unwrap_or(0),
            rest: 0,
            next: Next::Leave,
        }
    }

    /// Changes what was drawn as the scenario has it.
    fn under_plan(
        &self,
        situation: &Situation,
        now: i64,
        (mut course, draws): (Drawn, &mut Draws),
    ) -> Drawn {
        let team = usize::try_from(situation.team).ok();
        let Some((team, change)) = self
            .plan
            .zip(team)
            .and_then(|(plan, team)| Some((team, plan.teams.get(team)?)))
        else {
            return course;
        };
        let pools = &self.fitted.pools;
        if let (Some(percent), Exit::Return { .. }) = (change.returns_percent, course.exit)
            && !draws.happens(percent)
        {
            let mut others = (0..TRIES).filter_map(|_| pools.draw(situation, draws));
            let other = others.find(|other| !matches!(other.exit, Exit::Return { .. }));
            course = other.unwrap_or(Drawn {
                exit: Exit::Leave,
                ..course
            });
        }
        if let (Some(retries), Some(wait)) = (change.retries, &mut course.wait) {
            for retry in 1..=retries.most {
                let offered = retries.after.saturating_mul(i64::from(retry));
                if *wait <= offered {
                    break;
                }
                let again = pools.times(situation, course.exit, draws);
                if let Some(again) = again.and_then(|again| again.wait) {
                    *wait = (*wait).min(offered.saturating_add(again));
                }
            }
        }
        if let (Some(new), Some(seen)) = (&change.hours, self.fitted.seen.get(team)) {
            let moved = |start: i64, time: i64| {
                let open = seen.opening.between(start, start.saturating_add(time));
                new.after(start, open) - start
            };
            let wait = course.wait.map(|wait| moved(now, wait));
            course.work = moved(now.saturating_add(wait.unwrap_or(0)), course.work);
            course.wait = wait;
        }
        course
    }

    /// Puts the first gate that applies before a handover.
    fn gated(&self, case: &Case, next: Next) -> Next {
        let (Next::Go { station, tag, .. }, Some(plan)) = (next, self.plan) else {
            return next;
        };
        let gates = (self.fitted.seen.len()..).zip(&plan.approvals);
        let is_to = |to: Option<u32>| to.is_none_or(|to| usize::try_from(to) == Ok(station));
        let first = gates
            .filter(|(_, approval)| is_to(approval.to))
            .find(|(_, approval)| {
                let place = (case.number, case.visit + 1);
                let mut draws = self.chance.draws(Purpose::Approval, case.source, place);
                draws.happens(approval.percent)
            });
        Next::Go {
            station,
            tag,
            through: first.map(|(gate, _)| gate),
        }
    }
}

/// Returns where a visit goes on; a return goes to who handed it over.
pub(super) fn next_of(course: &Drawn, from: Option<u32>) -> Next {
    let (team, activity) = match course.exit {
        Exit::Leave => return Next::Leave,
        Exit::Return { team, activity } => (from.unwrap_or(team), activity),
        Exit::Pass { team, activity } => (team, activity),
    };
    Next::Go {
        station: usize::try_from(team).unwrap_or(usize::MAX),
        tag: activity,
        through: None,
    }
}

impl World for Network<'_> {
    fn next_arrival(&mut self) -> Option<Arrival> {
        let mut arrival = self.coming.next()?;
        if let Some(stay) = &mut arrival.stay {
            stay.next = self.gated(&arrival.case, stay.next);
        }
        Some(arrival)
    }

    fn stay(&mut self, case: &Case, now: i64) -> Stay {
        let team = u32::try_from(case.station).unwrap_or(u32::MAX);
        if case.station >= self.fitted.seen.len() {
            return self.approve(case);
        }
        let from = case.from.and_then(|from| u32::try_from(from).ok());
        let situation = Situation {
            from,
            team,
            activity: case.tag,
            period: Period::of(now),
            week: Some(self.weeks.at(now)),
        };
        let place = (case.number, case.visit);
        let mut draws = self.chance.draws(Purpose::Stay, case.source, place);
        let course = self.fitted.pools.draw(&situation, &mut draws);
        let Some(course) = course.filter(|_| case.visit < VISITS_MAX) else {
            self.cut_cases += 1;
            return Stay {
                is_touched: false,
                delay: 0,
                work: 0,
                rest: 0,
                next: Next::Leave,
            };
        };
        let course = self.under_plan(&situation, now, (course, &mut draws));
        Stay {
            is_touched: course.wait.is_some(),
            delay: course.wait.unwrap_or(0),
            work: course.work,
            rest: course.rest,
            next: self.gated(case, next_of(&course, from)),
        }
    }

    fn started(&mut self, case: &Case, now: i64) {
        if self.is_measured(case) {
            self.untouched = self.untouched.saturating_sub(1);
            let number = |station| u32::try_from(station).unwrap_or(u32::MAX);
            self.waits.push(Waited {
                to: number(case.station),
                from: number(case.from.unwrap_or(usize::MAX)),
                wait: now - case.since,
            });
        }
    }

    fn untouched(&mut self, case: &Case) {
        if self.is_measured(case) {
            self.untouched = self.untouched.saturating_sub(1);
        }
    }

    fn handed_over(&mut self, case: &Case) {
        self.untouched += u64::from(self.is_measured(case));
    }

    fn left(&mut self, case: &Case, now: i64) {
        if self.fitted.split.held_out.holds(now) {
            self.open -= 1;
            self.leads.push(now - case.arrived);
        }
    }

    fn is_over(&self, now: i64) -> bool {
        let end = self.fitted.split.held_out.end_second();
        now >= end && (self.untouched == 0 || now >= end + WEEKS_TO_END * WEEK)
    }
}
