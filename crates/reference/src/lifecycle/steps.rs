//! What a request leads to once nothing speaks against it.

use std::collections::{BTreeMap, BTreeSet};

use super::handoff::{Decision, Handoff};
use super::objections;
use super::terms::{Ask, Check, Contract, Outcome, Request};
use super::timers;

/// Carries out a request: what happened, in words, or everything that speaks against it.
///
/// # Errors
/// When the request is refused; nothing has happened then.
pub fn ask(
    handoff: &mut Handoff,
    contract: &Contract,
    request: &Request,
) -> Result<Vec<String>, BTreeSet<u16>> {
    let against = objections::to_credential(&request.by, request.ask.word());
    if !against.is_empty() {
        return Err(against);
    }
    let key = (request.by.name.clone(), request.key.clone());
    match handoff.answers.get(&key) {
        Some(body) if *body == request.body => return Ok(Vec::new()),
        Some(_) => return Err(BTreeSet::from([1303])),
        None => {}
    }
    if !request.is_current {
        return Err(BTreeSet::from([1302]));
    }
    if !handoff.knows(request.ask.word()) {
        return Err(BTreeSet::from([1301]));
    }
    let against = objections::to_ask(handoff, contract, request);
    if !against.is_empty() {
        return Err(against);
    }
    let now = request.now.max(handoff.last_at.unwrap_or(i64::MIN));
    let mut step = Step {
        handoff,
        contract,
        request,
        now,
        told: Vec::new(),
    };
    step.carry_out();
    let told = step.told;
    handoff.last_at = Some(now);
    handoff.answers.insert(key, request.body.clone());
    handoff.timers = timers::wanted(handoff, contract);
    Ok(told)
}

struct Step<'a> {
    handoff: &'a mut Handoff,
    contract: &'a Contract,
    request: &'a Request,
    now: i64,
    told: Vec<String>,
}

impl Step<'_> {
    fn carry_out(&mut self) {
        let by = self.request.by.clone();
        match self.request.ask.clone() {
            Ask::Open => {
                self.handoff.opener = Some(by);
                self.go("opened".to_owned(), "drafted");
            }
            Ask::Submit { package } => self.submit(package),
            Ask::Check { check } => {
                if let Some(check) = check {
                    self.check(&check);
                }
            }
            Ask::Approve { gates } => {
                let gates: BTreeSet<String> = gates.into_iter().collect();
                let gates = gates.into_iter().collect();
                self.handoff.approvals.push(Decision { by, gates });
                self.tell("approved");
                self.pass_if_met();
            }
            Ask::Reject { gate } => self.reject(&gate),
            Ask::Offer { team } => {
                self.offer_to(team.clone());
                self.go(format!("offered {team}"), "offered");
            }
            Ask::Acknowledge => {
                self.handoff.acknowledged = true;
                self.tell("acknowledged");
            }
            Ask::Accept => self.accept(),
            Ask::NeedInput { .. } => {
                self.send_back(
                    "receiver",
                    "input-needed receiver".to_owned(),
                    "needs-input",
                );
            }
            Ask::Decline => self.send_back("receiver", "declined".to_owned(), "declined"),
            Ask::Complete => self.go("completed".to_owned(), "completed"),
            Ask::Withdraw => self.go("withdrawn".to_owned(), "withdrawn"),
            Ask::Reassign { team } => {
                self.offer_to(team.clone());
                self.tell(&format!("reassigned {team}"));
                self.moved();
            }
            Ask::Waive {
                clause, expires, ..
            } => {
                self.handoff.waivers.push((clause.clone(), expires));
                self.forget_decisions();
                self.go(format!("waived {clause}"), "submitted");
            }
            _ => self.oversee(),
        }
    }

    fn oversee(&mut self) {
        match self.request.ask.clone() {
            Ask::RollBack => self.roll_back("asked"),
            Ask::Escalate => self.park("escalated", "asked"),
            Ask::Quarantine { .. } => self.park("quarantined", "diverged"),
            Ask::Resume => {
                self.reset_attempts();
                self.handoff.lapsed.clear();
                self.handoff.clocks_from = Some(self.now);
                let to = self.handoff.below.pop().unwrap_or_default();
                if to == "gated" {
                    let now = self.now;
                    self.handoff
                        .open_gates
                        .values_mut()
                        .for_each(|opened| *opened = now);
                }
                self.go("resumed".to_owned(), &to);
            }
            Ask::Release => {
                let below = self.handoff.below.pop().unwrap_or_default();
                if self.handoff.accepted_at.is_some() {
                    self.go("released".to_owned(), &below);
                } else {
                    self.handoff.below.clear();
                    self.forget_decisions();
                    self.go("released".to_owned(), "submitted");
                }
            }
            Ask::Fire { timer } => self.fire(&timer.unwrap_or_default()),
            Ask::Report {
                step,
                outcome,
                compensation,
            } => self.report(step, outcome, compensation),
            Ask::Compensate {
                outcome: Outcome::Done,
                ..
            } => self.settle(None, "compensated"),
            Ask::Compensate { outcome, .. } => self.fail_compensation(outcome),
            Ask::Retry { .. } => {
                self.reset("compensation");
                self.go("compensation-retried".to_owned(), "rolling-back");
            }
            Ask::Leave { .. } => {
                let name = self.request.by.name.clone();
                self.settle(Some(name), "effect-left");
            }
            _ => {}
        }
    }

    fn tell(&mut self, what: &str) {
        self.told.push(what.to_owned());
    }

    /// Moves on; whoever has to act or to know is told once.
    fn go(&mut self, what: String, to: &str) {
        self.told.push(what);
        let is_moved = self.handoff.state != to;
        to.clone_into(&mut self.handoff.state);
        if is_moved {
            self.moved();
        }
    }

    fn moved(&mut self) {
        let now = self.now;
        self.handoff.moved_at = now;
        self.handoff
            .lapsed
            .retain(|name| name == "verdict" || name == "complete");
        let holder = match self.handoff.state.as_str() {
            "drafted" | "needs-input" | "declined" => "sender",
            "offered" | "accepted" => "receiver",
            _ => "neither",
        };
        let last = self
            .handoff
            .passes
            .last()
            .map_or("neither", |(_, holder)| *holder);
        if holder != last {
            self.handoff.passes.push((now, holder));
        }
        if self.handoff.is("submitted checked drafted") {
            return;
        }
        let state = self.handoff.state.clone();
        let told: Vec<String> = self.whom(&state).into_iter().collect();
        self.told
            .push(format!("noticed {state}: {}", told.join(" ")));
    }

    fn whom(&self, state: &str) -> BTreeSet<String> {
        let opener = self.handoff.opener.iter();
        let sender = self.handoff.senders.last().into_iter().chain(opener).next();
        let sender = sender.map(|account| account.team.clone());
        match state {
            "gated" => {
                let gates = self.contract.gates.iter();
                let open = gates.filter(|gate| self.handoff.open_gates.contains_key(&gate.id));
                open.flat_map(|gate| gate.roles.clone()).collect()
            }
            "offered" => self.handoff.team.iter().cloned().collect(),
            "escalated" | "quarantined" | "rollback-blocked" => BTreeSet::from([self.owner()]),
            "rolling-back" | "rolled-back" | "withdrawn" | "expired" => sender
                .into_iter()
                .chain(self.handoff.team.clone())
                .collect(),
            _ => sender.into_iter().collect(),
        }
    }

    fn owner(&self) -> String {
        let lowest = self.contract.ladder.first().map(|(_, role)| role.clone());
        lowest.unwrap_or_else(|| self.contract.owner.clone())
    }

    fn reset(&mut self, step: &'static str) {
        self.handoff.attempts.remove(step);
        self.handoff.retries.remove(step);
    }

    fn reset_attempts(&mut self) {
        self.handoff.attempts.clear();
        self.handoff.retries.clear();
        self.handoff.failures = 0;
    }

    fn forget_decisions(&mut self) {
        self.handoff.open_gates.clear();
        self.handoff.approvals.clear();
        self.handoff.refusals.clear();
        self.handoff.passed = false;
        self.handoff.team = None;
    }

    fn submit(&mut self, package: Option<super::Package>) {
        let by = self.request.by.clone();
        let handoff = &mut *self.handoff;
        let before = std::mem::replace(&mut handoff.package, package);
        handoff.first_submitted.get_or_insert(self.now);
        handoff
            .senders
            .retain(|sender| sender.people() != by.people() || sender.team != by.team);
        handoff.senders.push(by);
        handoff.submissions += 1;
        handoff.open_gates.clear();
        handoff.refusals.clear();
        handoff.passed = false;
        self.reset_attempts();
        self.go("submitted".to_owned(), "submitted");
        if self.handoff.approvals.is_empty() {
            return;
        }
        let places = |package: &Option<super::Package>| {
            package
                .as_ref()
                .map(|package| package.places.clone())
                .unwrap_or_default()
        };
        let (old, new): (BTreeMap<_, _>, BTreeMap<_, _>) =
            (places(&before), places(&self.handoff.package));
        let approvals = std::mem::take(&mut self.handoff.approvals);
        let (kept, voided): (Vec<_>, Vec<_>) = approvals.into_iter().partition(|approval| {
            approval.gates.iter().all(|id| {
                let gate = self.contract.gates.iter().find(|gate| gate.id == *id);
                let is_unchanged = gate.is_some_and(|gate| {
                    let mut places = gate.places.iter();
                    places.all(|place| old.contains_key(place) && old.get(place) == new.get(place))
                });
                is_unchanged && self.handoff.is_apart(self.contract, id, &approval.by)
            })
        });
        let names = |list: &[Decision]| {
            let names: Vec<&str> = list.iter().map(|one| one.by.name.as_str()).collect();
            names.join(" ")
        };
        let told = format!(
            "approvals-reviewed kept {} voided {}",
            names(&kept),
            names(&voided)
        );
        self.tell(&told);
        self.handoff.approvals = kept;
    }

    fn check(&mut self, check: &Check) {
        let earlier = self.handoff.check.replace(check.clone());
        let to = if self.handoff.is("submitted") {
            "checked"
        } else {
            self.handoff.state.as_str()
        };
        let to = to.to_owned();
        self.go(format!("checked {}", check.posture), &to);
        if let Some(earlier) = earlier.filter(|earlier| earlier.posture != check.posture) {
            self.tell(&format!(
                "posture-moved {} {}",
                earlier.posture, check.posture
            ));
        }
        let is_accepted = self.handoff.is("accepted");
        if check.posture == "critical" && self.handoff.is("offered accepted") {
            if self.contract.rolls_back_on.contains("critical-posture") {
                return self.roll_back("critical-posture");
            }
            if is_accepted {
                return self.park("escalated", "critical-posture");
            }
        }
        if is_accepted {
            return;
        }
        if check.nothing {
            return self.park("escalated", "nothing-checked");
        }
        if check.posture == "critical" || !check.unmet().is_empty() {
            return self.send_back("check", "input-needed check".to_owned(), "needs-input");
        }
        let open = check.open_gates();
        let opens_another = open
            .iter()
            .any(|gate| !self.handoff.open_gates.contains_key(gate));
        let closes_one = self
            .handoff
            .open_gates
            .keys()
            .any(|gate| !open.contains(gate));
        if opens_another
            || (closes_one && self.handoff.is("gated"))
            || (self.handoff.is("checked") && !open.is_empty())
        {
            let now = self.now;
            let opened = |gate: &String| {
                (
                    gate.clone(),
                    self.handoff.open_gates.get(gate).copied().unwrap_or(now),
                )
            };
            self.handoff.open_gates = open.iter().map(opened).collect();
            self.handoff.passed = false;
            self.handoff.team = None;
            self.go(format!("gates-opened {}", open.join(" ")), "gated");
        }
        self.pass_if_met();
    }

    fn pass_if_met(&mut self) {
        if self.handoff.is("gated") && !self.handoff.passed && self.handoff.all_met(self.contract) {
            self.handoff.passed = true;
            self.tell("gates-passed");
        }
    }

    fn reject(&mut self, gate: &str) {
        let by = self.request.by.clone();
        self.handoff
            .approvals
            .retain(|yes| !yes.by.shares_with(&by));
        let gates = vec![gate.to_owned()];
        self.handoff.refusals.push(Decision { by, gates });
        self.handoff.passed = false;
        self.tell(&format!("rejected {gate}"));
        let mut open = self.handoff.open_gates.keys();
        if open.any(|gate| self.handoff.is_refused(self.contract, gate)) {
            self.send_back("gate", "input-needed gate".to_owned(), "needs-input");
        } else {
            self.pass_if_met();
        }
    }

    fn send_back(&mut self, asked_by: &'static str, what: String, to: &str) {
        self.handoff.asked_by = asked_by;
        self.handoff.team = None;
        self.go(what, to);
        if self.handoff.submissions >= self.contract.submissions {
            self.park("escalated", "submissions-spent");
        }
    }

    fn offer_to(&mut self, team: String) {
        self.handoff.team = Some(team);
        self.handoff.offered_at = self.now;
        self.handoff.acknowledged = false;
    }

    fn accept(&mut self) {
        let (baseline, taken) = (self.request.baseline, self.request.places_taken);
        self.handoff.accepted_at = Some(self.now);
        self.handoff.place = taken.max(baseline.unwrap_or(0)) + 1;
        self.handoff.follows = baseline;
        self.go(
            format!("accepted {} after {baseline:?}", self.handoff.place),
            "accepted",
        );
        let findings = self
            .handoff
            .check
            .iter()
            .flat_map(|check| check.findings.clone());
        for finding in findings.collect::<Vec<_>>() {
            let kind = match finding.state.as_str() {
                "failed" | "unknown" => "unresolved-risk",
                "pending" => "pending-clause",
                "waived" => "waiver-debt",
                _ => continue,
            };
            self.tell(&format!("follow-up-queued {kind} {}", finding.clause));
        }
    }

    fn park(&mut self, to: &str, cause: &str) {
        let from = self.handoff.state.clone();
        self.handoff.below.push(from);
        self.go(format!("{to} {cause}"), to);
    }

    fn roll_back(&mut self, cause: &str) {
        let Some(target) = self.handoff.target(self.request.baseline) else {
            return self.park("escalated", "no-baseline");
        };
        self.reset_attempts();
        let state = if self.handoff.effects.is_empty() {
            "rolled-back"
        } else {
            "rolling-back"
        };
        self.go(format!("rolled-back {cause} to {target}"), state);
        self.block_if_stuck();
    }

    fn settle(&mut self, left_by: Option<String>, what: &str) {
        self.reset("compensation");
        self.handoff.settled.push(left_by);
        let state = if self.handoff.next_effect().is_some() {
            "rolling-back"
        } else {
            "rolled-back"
        };
        self.go(what.to_owned(), state);
        self.block_if_stuck();
    }

    fn fail_compensation(&mut self, outcome: Outcome) {
        let what = "rollback-blocked effect-stands".to_owned();
        if self.failed("compensation", outcome) {
            self.reset("compensation");
            self.tell("compensation-failed");
            self.go(what, "rollback-blocked");
        }
    }

    fn block_if_stuck(&mut self) {
        let next = self
            .handoff
            .next_effect()
            .and_then(|next| self.handoff.effects.get(next));
        if next == Some(&false) {
            self.go(
                "rollback-blocked effect-stands".to_owned(),
                "rollback-blocked",
            );
        }
    }

    fn fire(&mut self, timer: &str) {
        self.tell(&format!("timer-fired {timer}"));
        let mut words = timer.split(' ');
        let (kind, which) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        if kind == "retry" {
            self.handoff.retries.retain(|step, _| *step != which);
            return;
        }
        self.handoff.lapsed.insert(timer.to_owned());
        if kind == "rung" {
            let at = which.parse().unwrap_or(usize::MAX);
            if let Some((_, role)) = self.contract.ladder.get(at) {
                self.told.push(format!("rung-reached {role}"));
                self.told.push(format!("noticed reminder: {role}"));
            }
            return;
        }
        let gate = self.contract.gates.iter().find(|gate| gate.id == which);
        let on_expiry = match (kind, gate) {
            ("gate", _) if self.handoff.is_met(self.contract, which) => return,
            ("gate", gate) => gate.map_or("escalate", |gate| gate.on_expiry),
            (deadline, _) => self
                .contract
                .deadlines
                .get(deadline)
                .map_or("escalate", |one| one.on_expiry),
        };
        match on_expiry {
            "reject" => self.go(format!("expired {timer}"), "expired"),
            "roll-back" => self.roll_back("overdue"),
            _ => self.park("escalated", "overdue"),
        }
    }

    /// Counts a failed attempt; returns whether it was the last one.
    fn failed(&mut self, step: &'static str, outcome: Outcome) -> bool {
        let attempt = self.handoff.attempts.get(step).copied().unwrap_or(0) + 1;
        self.handoff.attempts.insert(step, attempt);
        self.handoff.failures += 1;
        self.handoff.retries.remove(step);
        self.tell(&format!("attempt-failed {step} {attempt}"));
        let is_last = outcome == Outcome::Lasting || attempt >= self.contract.attempts;
        if !is_last {
            let delay = self.contract.base_delay * 2_i64.pow(attempt - 1);
            self.handoff
                .retries
                .insert(step, self.now + delay.min(3_600_000));
        }
        is_last
    }

    fn report(&mut self, step: &'static str, outcome: Outcome, compensation: bool) {
        if outcome == Outcome::Done {
            self.reset(step);
            if step == "delivery" {
                self.handoff.effects.push(compensation);
            }
            return self.tell(&format!("attempt-done {step}"));
        }
        let is_last = self.failed(step, outcome);
        let is_repeated = self
            .contract
            .failures
            .is_some_and(|most| self.handoff.failures >= most)
            && self.contract.rolls_back_on.contains("repeated-failures");
        if self.handoff.is("offered accepted") && is_repeated {
            self.roll_back("repeated-failures");
        } else if is_last {
            self.park("escalated", "attempts-spent");
        }
    }
}
