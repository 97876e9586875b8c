//! What is asked, told and standing, put into the words of the naive reference.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use baton_mission::authority::{Actor, ActorKind, Scope};
use baton_mission::compensation::Event as Unwound;
use baton_mission::handoff::{
    Ask, AttemptOutcome, Change, CheckSummary, Event, PackageFacts, TimerKind,
};
use baton_reference::lifecycle as naive;
use baton_terms::Instant;
use serde_json::Value;

use crate::world::{CONTRACT, Stage, World, id};

const HOUR: i64 = 3_600_000;

/// A contract whose deadlines run in hours, in one of a few variants.
pub(crate) fn stage(variant: usize) -> (Stage, naive::Contract) {
    let (rolls_back, clock) = [(true, "to"), (false, "to"), (true, "from")][variant % 3];
    let on = if rolls_back {
        "critical-posture, repeated-failures"
    } else {
        "repeated-failures"
    };
    let contract = CONTRACT
        .replace(
            "verdict: {within: 2bd, calendar: office, clock: to,",
            &format!("verdict: {{within: 20h, clock: {clock},"),
        )
        .replace("critical-posture, repeated-failures", on)
        .replace("jitter: deterministic", "jitter: \"off\"");
    let stage = Stage::of(&contract);
    let contract = by_hand(&stage, rolls_back, clock);
    (stage, contract)
}

/// The same contract once more, written down by hand; the places are what approvals rest on.
fn by_hand(stage: &Stage, rolls_back: bool, clock: &str) -> naive::Contract {
    let set = |words: &str| words.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let party = |role: &str, teams: &str| naive::Party {
        role: role.to_owned(),
        teams: set(teams),
        kinds: vec![naive::Kind::Person, naive::Kind::Agent],
    };
    let gate = |name: &str, roles: &str, (quorum, of, hours): (usize, usize, i64)| naive::Gate {
        id: name.to_owned(),
        roles: set(roles),
        quorum,
        of,
        not_sender_team: name == "safety",
        people_only: true,
        expires: Some(hours * HOUR),
        on_expiry: if name == "safety" {
            "escalate"
        } else {
            "reject"
        },
        places: stage.terms.gate(&id(name)).unwrap().places.clone(),
    };
    let deadline = |hours: i64, clock, on_expiry| naive::Deadline {
        within: hours * HOUR,
        clock,
        on_expiry,
    };
    let of_sender = if clock == "from" {
        "sender"
    } else {
        "receiver"
    };
    let mut rolls_back_on = BTreeSet::from(["repeated-failures"]);
    rolls_back_on.extend(rolls_back.then_some("critical-posture"));
    naive::Contract {
        owner: "product-operations".to_owned(),
        from: party("designer", "design"),
        to: party("engineer", "payments search"),
        gates: vec![
            gate("product", "product-lead safety-lead", (1, 1, 24)),
            gate("safety", "safety-lead", (2, 3, 8)),
        ],
        deadlines: BTreeMap::from([
            ("acknowledge", deadline(4, "receiver", "escalate")),
            ("verdict", deadline(20, of_sender, "reject")),
            ("complete", deadline(240, "receiver", "roll-back")),
        ]),
        ladder: vec![
            (72 * HOUR, "engineering-manager".to_owned()),
            (120 * HOUR, "product-operations".to_owned()),
        ],
        attempts: 4,
        base_delay: 750,
        rolls_back_on,
        failures: Some(3),
        waivers: 1,
        submissions: 3,
        clauses: set("titled states-covered harm-looked-at"),
    }
}

pub(crate) fn millis(at: Instant) -> i64 {
    at.timestamp().as_millisecond()
}

pub(crate) fn account(actor: &Actor) -> naive::Account {
    let scope = |scope: &Scope| match scope {
        Scope::Read => "read",
        Scope::Submit => "submit",
        Scope::Approve => "approve",
        Scope::Operate => "operate",
        Scope::Admin => "admin",
    };
    naive::Account {
        name: actor.principal.to_string(),
        kind: kind(actor.kind),
        behind: actor.on_behalf_of.iter().map(ToString::to_string).collect(),
        team: actor.team.to_string(),
        roles: actor.roles.iter().map(ToString::to_string).collect(),
        scopes: actor
            .scopes
            .iter()
            .map(|one| scope(one).to_owned())
            .collect(),
    }
}

fn kind(kind: ActorKind) -> naive::Kind {
    match kind {
        ActorKind::Person => naive::Kind::Person,
        ActorKind::Agent => naive::Kind::Agent,
        ActorKind::Engine => naive::Kind::Engine,
    }
}

/// Returns the word a value is written with.
fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        Value::String(text) => text,
        Value::Object(fields) => {
            let tag = ["cause", "because", "for"]
                .iter()
                .find_map(|tag| fields.get(*tag));
            tag.and_then(Value::as_str).unwrap().to_owned()
        }
        other => panic!("{other}"),
    }
}

fn package(facts: &PackageFacts) -> naive::Package {
    let places = serde_json::to_value(&facts.places).unwrap();
    let places = places.as_object().unwrap().iter();
    naive::Package {
        digest: facts.digest.to_string(),
        role: facts.role.to_string(),
        team: facts.team.to_string(),
        kind: kind(facts.kind),
        places: places
            .map(|(place, is)| (place.clone(), is.to_string()))
            .collect(),
    }
}

fn check(check: &CheckSummary) -> naive::Check {
    let finding = |one: &baton_mission::handoff::FindingSummary| naive::Finding {
        clause: one.clause.to_string(),
        blocks: word(one.severity) == "blocker",
        state: word(one.state),
    };
    naive::Check {
        package: check.package.to_string(),
        as_of: millis(check.as_of),
        posture: word(check.posture),
        nothing: check.nothing_checked,
        findings: check.findings.iter().map(finding).collect(),
        gates: check
            .gates
            .iter()
            .map(|gate| (gate.gate.to_string(), gate.state.is_open()))
            .collect(),
    }
}

pub(crate) fn timer(kind: &TimerKind) -> String {
    match kind {
        TimerKind::Gate { gate } => format!("gate {gate}"),
        TimerKind::Retry { step } => format!("retry {}", word(step)),
        TimerKind::Rung { rung } => format!("rung {rung}"),
        other => word(other),
    }
}

fn step(step: baton_mission::handoff::Step) -> &'static str {
    use baton_mission::handoff::Step;
    match step {
        Step::Evidence => "evidence",
        Step::Delivery => "delivery",
        Step::Notification => "notification",
        Step::Compensation => "compensation",
    }
}

fn outcome(outcome: &AttemptOutcome) -> naive::Outcome {
    match outcome {
        AttemptOutcome::Done => naive::Outcome::Done,
        AttemptOutcome::Transient { .. } => naive::Outcome::Transient,
        AttemptOutcome::Lasting { .. } => naive::Outcome::Lasting,
    }
}

/// The same thing, asked of the reference.
pub(crate) fn asked(world: &World<'_>, ask: &Ask) -> naive::Ask {
    let text = |id: &baton_terms::Id| id.to_string();
    match ask.clone() {
        Ask::Open { .. } => naive::Ask::Open,
        Ask::Submit { package: digest } => {
            let mut packages = world.stage.packages.iter();
            let found = packages.find(|package| package.digest() == digest);
            let facts = found.map(|package| PackageFacts::of(package, &world.stage.terms));
            let package = facts.as_ref().map(package);
            naive::Ask::Submit { package }
        }
        Ask::Check { .. } => naive::Ask::Check {
            check: world.check_for(ask).as_ref().map(check),
        },
        Ask::Approve { gates, .. } => naive::Ask::Approve {
            gates: gates.iter().map(text).collect(),
        },
        Ask::Reject { gate, .. } => naive::Ask::Reject { gate: text(&gate) },
        Ask::Offer { team, .. } => naive::Ask::Offer { team: text(&team) },
        Ask::Acknowledge {} => naive::Ask::Acknowledge,
        Ask::Accept { .. } => naive::Ask::Accept,
        Ask::NeedInput { unmet, .. } => naive::Ask::NeedInput {
            unmet: unmet.into_iter().map(|unmet| unmet.what).collect(),
        },
        Ask::Decline { .. } => naive::Ask::Decline,
        Ask::Complete { .. } => naive::Ask::Complete,
        Ask::Withdraw { .. } => naive::Ask::Withdraw,
        Ask::Reassign { team, .. } => naive::Ask::Reassign { team: text(&team) },
        Ask::Waive {
            clause,
            owner,
            expires,
            ..
        } => naive::Ask::Waive {
            clause: text(&clause),
            owner: owner.to_string(),
            expires: millis(expires),
        },
        _ => overseen(world, ask),
    }
}

/// The rest of it: what Baton and oversight ask.
fn overseen(world: &World<'_>, ask: &Ask) -> naive::Ask {
    let at = |effect: &baton_terms::Id| {
        let mut effects = world.handoff.effects().iter();
        effects.position(|one| one.id == *effect)
    };
    match ask.clone() {
        Ask::RollBack { .. } => naive::Ask::RollBack,
        Ask::Escalate { .. } => naive::Ask::Escalate,
        Ask::Resume { .. } => naive::Ask::Resume,
        Ask::Quarantine { divergence } => naive::Ask::Quarantine {
            differs: divergence.recorded != divergence.replayed,
        },
        Ask::Release { .. } => naive::Ask::Release,
        Ask::Fire { timer: number } => {
            let mut timers = world.handoff.timers().iter();
            let found = timers.find(|timer| timer.number == number);
            let timer = found.map(|found| timer(&found.kind));
            naive::Ask::Fire { timer }
        }
        Ask::Report {
            step: which,
            result,
            compensation,
        } => naive::Ask::Report {
            step: step(which),
            outcome: outcome(&result),
            compensation: compensation.is_some(),
        },
        Ask::Compensate { effect, result } => naive::Ask::Compensate {
            effect: at(&effect),
            outcome: outcome(&result),
        },
        Ask::Retry { effect, .. } => naive::Ask::Retry {
            effect: at(&effect),
        },
        Ask::Leave { effect, .. } => naive::Ask::Leave {
            effect: at(&effect),
        },
        other => panic!("{other:?}"),
    }
}

/// Returns the text field of that name of what is asked.
pub(crate) fn field(ask: &Ask, name: &str) -> Option<String> {
    let value = serde_json::to_value(ask).unwrap();
    let is_submission = matches!(ask, Ask::Submit { .. });
    let field = value.get(name).filter(|_| !is_submission)?;
    field.as_str().map(str::to_owned)
}

fn names(names: &[impl ToString]) -> String {
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    names.join(" ")
}

/// What an event says, in the reference's words; timers are compared as they stand instead.
fn meaning(event: &Event) -> Option<String> {
    let told = event.change.word();
    Some(match &event.change {
        Change::TimerSet { .. } | Change::TimerCleared { .. } => return None,
        Change::ApprovalsReviewed { kept, voided } => {
            let voided: Vec<_> = voided.iter().map(|voided| &voided.approver).collect();
            format!("{told} kept {} voided {}", names(kept), names(&voided))
        }
        Change::Checked { check } => format!("{told} {}", word(check.posture)),
        Change::PostureMoved { from, to, .. } => format!("{told} {} {}", word(from), word(to)),
        Change::GatesOpened { gates } => format!("{told} {}", names(gates)),
        Change::Rejected { rejection } => format!("{told} {}", rejection.gate),
        Change::Offered { team, .. } | Change::Reassigned { team, .. } => format!("{told} {team}"),
        Change::Accepted {
            baseline, follows, ..
        } => {
            let follows = follows.as_ref().map(|follows| follows.number);
            format!("{told} {} after {follows:?}", baseline.number)
        }
        Change::InputNeeded { asked, .. } => format!("{told} {}", word(asked)),
        Change::Waived { waiver } => format!("{told} {}", waiver.clause),
        Change::Expired { timer: kind } => format!("{told} {}", timer(kind)),
        Change::Escalated { incident }
        | Change::Quarantined { incident }
        | Change::RollbackBlocked { incident } => format!("{told} {}", word(&incident.why)),
        Change::RolledBack { why, to, .. } => format!("{told} {} to {}", word(why), to.number),
        Change::Unwound { event, .. } => match event {
            Unwound::Compensated { .. } => "compensated",
            Unwound::CompensationFailed { .. } => "compensation-failed",
            Unwound::CompensationRetried { .. } => "compensation-retried",
            Unwound::EffectLeft { .. } => "effect-left",
        }
        .to_owned(),
        Change::AttemptFailed { step, attempt, .. } => format!("{told} {} {attempt}", word(step)),
        Change::AttemptDone { step, .. } => format!("{told} {}", word(step)),
        Change::RungReached { role, .. } => format!("{told} {role}"),
        Change::FollowUpQueued { follow_up } => {
            format!("{told} {} {}", word(follow_up.kind), follow_up.subject)
        }
        Change::Noticed { notice } => format!("{told} {}: {}", notice.about, names(&notice.to)),
        _ => told.to_owned(),
    })
}

/// What the events of one command say. Which of two assignments counts for gates that passed before
/// is left open by the page, and so is telling it again.
pub(crate) fn meanings(world: &World<'_>, events: &[Event]) -> Vec<String> {
    let mut handoff = world.handoff.clone();
    let mut told = Vec::new();
    for event in events {
        let dossier = handoff.phase().dossier();
        let had_passed = dossier.is_some_and(|dossier| dossier.assignment.is_some());
        let is_again = had_passed && matches!(event.change, Change::GatesPassed { .. });
        handoff = baton_mission::handoff::apply(handoff, event).unwrap();
        if let (Change::TimerFired { number }, false) = (&event.change, is_again) {
            let mut timers = world.handoff.timers().iter();
            let fired = timers.find(|timer| timer.number == *number).unwrap();
            told.push(format!("timer-fired {}", timer(&fired.kind)));
        } else if !is_again {
            told.extend(meaning(event));
        }
    }
    told
}

/// Where a handoff stands, in one text.
pub(crate) fn stands(world: &World<'_>) -> String {
    let handoff = &world.handoff;
    let mut text = format!("{} ", handoff.state());
    if let Some(dossier) = handoff.phase().dossier() {
        let open: BTreeMap<_, _> = dossier
            .open_gates
            .iter()
            .map(|(id, at)| (id.to_string(), millis(*at)))
            .collect();
        let yes: Vec<_> = dossier
            .approvals
            .iter()
            .map(|yes| (yes.by.principal.to_string(), names(&yes.gates)))
            .collect();
        let no: Vec<_> = dossier
            .rejections
            .iter()
            .map(|no| (no.by.principal.to_string(), no.gate.to_string()))
            .collect();
        let package = dossier.package.digest;
        let passed = dossier.assignment.is_some();
        write!(
            text,
            "{package} {} {open:?} {yes:?} {no:?} {passed} ",
            dossier.submissions
        )
        .unwrap();
    }
    let timers = handoff.timers().iter();
    let timers: BTreeMap<_, _> = timers
        .map(|one| (timer(&one.kind), millis(one.due)))
        .collect();
    let accepted = handoff.phase().acceptance();
    let place = accepted.map(|acceptance| acceptance.baseline.number);
    write!(
        text,
        "{timers:?} {place:?} {} {}",
        handoff.waivers().len(),
        handoff.effects().len()
    )
    .unwrap();
    text
}

pub(crate) fn naive_stands(handoff: &naive::Handoff) -> String {
    let mut text = format!("{} ", handoff.state);
    if let Some(package) = &handoff.package {
        let list = |decisions: &[naive::Decision]| -> Vec<_> {
            let pairs = decisions
                .iter()
                .map(|one| (one.by.name.clone(), one.gates.join(" ")));
            pairs.collect()
        };
        let (yes, no) = (list(&handoff.approvals), list(&handoff.refusals));
        let open = &handoff.open_gates;
        let (digest, passed) = (&package.digest, handoff.passed);
        write!(
            text,
            "{digest} {} {open:?} {yes:?} {no:?} {passed} ",
            handoff.submissions
        )
        .unwrap();
    }
    let place = handoff.accepted_at.map(|_| handoff.place);
    let (waivers, effects) = (handoff.waivers.len(), handoff.effects.len());
    write!(text, "{:?} {place:?} {waivers} {effects}", handoff.timers).unwrap();
    text
}
