//! Everything that speaks against a request, by the number of its page under `docs/errors`.

use std::collections::BTreeSet;

use super::handoff::Handoff;
use super::terms::{Account, Ask, Check, Contract, Kind, Outcome, Package, Party, Request};

/// Objections to the credential alone.
pub(super) fn to_credential(by: &Account, word: &str) -> BTreeSet<u16> {
    let mut against = BTreeSet::new();
    let people = by.people();
    let once: BTreeSet<&String> = people.iter().collect();
    if people.len() > 4
        || once.len() < people.len()
        || (by.kind == Kind::Agent && by.behind.is_empty())
    {
        against.insert(1307);
    }
    let needed = match word {
        "open" | "submit" | "withdraw" | "acknowledge" | "accept" | "needs-input" | "decline"
        | "complete" => "submit",
        "approve" | "reject" | "waive" => "approve",
        "release" => "admin",
        _ => "operate",
    };
    if !by.scopes.contains(needed) {
        against.insert(1304);
    }
    against
}

/// Objections to what is asked, in the state it is asked of.
pub(super) fn to_ask(handoff: &Handoff, contract: &Contract, request: &Request) -> BTreeSet<u16> {
    let mut against = BTreeSet::new();
    let mut object = |applies: bool, code: u16| {
        if applies {
            against.insert(code);
        }
    };
    let by = &request.by;
    let ask = &request.ask;
    let reason = request.reason.as_ref();
    object(reason.is_some_and(|reason| reason.trim().is_empty()), 1315);
    let is_reported = matches!(
        ask.word(),
        "check" | "offer" | "quarantine" | "fire" | "report" | "compensate"
    );
    object(is_reported && by.kind != Kind::Engine, 1304);
    let is_oversight = matches!(
        ask.word(),
        "reassign" | "rollback" | "escalate" | "resume" | "release" | "retry"
    );
    object(is_oversight && by.kind == Kind::Agent, 1306);
    let current = handoff.package.as_ref().map(|package| &package.digest);
    let named = request.package.as_ref();
    object(named.is_some() && named != current, 1308);
    against.extend(match ask {
        Ask::Open => to_party(by, &contract.from, None),
        Ask::Submit { package } => to_submission(handoff, contract, (by, package.as_ref())),
        Ask::Withdraw => to_withdrawal(handoff, contract, by),
        Ask::Check { check } => to_check(handoff, check.as_ref()),
        Ask::Approve { gates } => to_decision(handoff, contract, (request, gates, true)),
        Ask::Reject { gate } => to_decision(
            handoff,
            contract,
            (request, std::slice::from_ref(gate), false),
        ),
        Ask::Offer { team } => {
            let mut against = not_cleared(handoff, contract);
            against.extend((!contract.to.teams.contains(team)).then_some(1310));
            against
        }
        Ask::Reassign { team } => (!contract.to.teams.contains(team))
            .then_some(1310)
            .into_iter()
            .collect(),
        Ask::Acknowledge => {
            let mut against = to_receiver(handoff, contract, by);
            against.extend(handoff.acknowledged.then_some(1317));
            against
        }
        Ask::Accept => {
            let mut against = to_receiver(handoff, contract, by);
            against.extend(not_cleared(handoff, contract));
            against
        }
        Ask::NeedInput { unmet } => {
            let mut against = to_receiver(handoff, contract, by);
            let is_blank = unmet.is_empty() || unmet.iter().any(|what| what.trim().is_empty());
            against.extend(is_blank.then_some(1315));
            against
        }
        Ask::Decline | Ask::Complete => to_receiver(handoff, contract, by),
        Ask::Waive { .. } => to_waiver(handoff, contract, request),
        _ => to_oversight(handoff, request),
    });
    against
}

/// A party acts in its role, kind and team.
fn to_party(by: &Account, party: &Party, team: Option<&String>) -> BTreeSet<u16> {
    let is_of_team = team.map_or(party.teams.contains(&by.team), |team| *team == by.team);
    let may = party.kinds.contains(&by.kind) && by.roles.contains(&party.role) && is_of_team;
    (!may).then_some(1304).into_iter().collect()
}

fn to_receiver(handoff: &Handoff, contract: &Contract, by: &Account) -> BTreeSet<u16> {
    let mut against = to_party(by, &contract.to, handoff.team.as_ref());
    let is_own = handoff.senders.iter().any(|sender| sender.shares_with(by));
    against.extend(is_own.then_some(1305));
    against
}

fn to_withdrawal(handoff: &Handoff, contract: &Contract, by: &Account) -> BTreeSet<u16> {
    let mut against = to_party(
        by,
        &contract.from,
        handoff.opener.as_ref().map(|opener| &opener.team),
    );
    against.extend(handoff.accepted_at.is_some().then_some(1301));
    against
}

fn to_submission(
    handoff: &Handoff,
    contract: &Contract,
    (by, package): (&Account, Option<&Package>),
) -> BTreeSet<u16> {
    let mut against = to_party(by, &contract.from, None);
    let Some(package) = package else {
        against.insert(1310);
        return against;
    };
    let is_borne_out =
        by.roles.contains(&package.role) && package.team == by.team && package.kind == by.kind;
    against.extend((!is_borne_out).then_some(1319));
    // What a person sent back does not come again unchanged.
    let is_same = handoff.package.as_ref() == Some(package);
    let by_people = handoff.is("needs-input declined") && handoff.asked_by != "check";
    against.extend((is_same && by_people).then_some(1310));
    against
}

fn to_check(handoff: &Handoff, check: Option<&Check>) -> BTreeSet<u16> {
    let is_of_it = check.is_some_and(|check| {
        let package = handoff.package.as_ref().map(|package| &package.digest);
        let last = handoff.check.as_ref().map_or(i64::MIN, |last| last.as_of);
        package == Some(&check.package) && check.as_of >= last
    });
    (!is_of_it).then_some(1310).into_iter().collect()
}

fn to_decision(
    handoff: &Handoff,
    contract: &Contract,
    (request, gates, is_approval): (&Request, &[String], bool),
) -> BTreeSet<u16> {
    let by = &request.by;
    let now = request.now.max(handoff.last_at.unwrap_or(i64::MIN));
    let mut against = BTreeSet::new();
    against.extend((gates.is_empty() || gates.len() > 50).then_some(1315));
    for id in gates {
        let gate = contract.gates.iter().find(|gate| gate.id == *id);
        let Some((gate, opened)) = gate.zip(handoff.open_gates.get(id)) else {
            against.insert(1318);
            continue;
        };
        let is_late = gate.expires.is_some_and(|within| now >= opened + within);
        against.extend(is_late.then_some(1318));
        let is_person = by.kind == Kind::Person && by.behind.is_empty();
        let may = if gate.people_only {
            is_person
        } else {
            by.kind != Kind::Engine
        };
        against.extend((!may).then_some(1306));
        against.extend(by.roles.is_disjoint(&gate.roles).then_some(1304));
        against.extend((!handoff.is_apart(contract, id, by)).then_some(1305));
    }
    let mut decided = handoff.refusals.iter().any(|no| no.by.shares_with(by));
    decided |= is_approval && handoff.approvals.iter().any(|yes| yes.by.shares_with(by));
    against.extend(decided.then_some(1317));
    against
}

/// A check of the current package with nothing unmet, no critical posture, every gate with its quorum.
fn not_cleared(handoff: &Handoff, contract: &Contract) -> BTreeSet<u16> {
    let package = handoff.package.as_ref().map(|package| &package.digest);
    let is_clear = handoff.check.as_ref().is_some_and(|check| {
        Some(&check.package) == package
            && !check.nothing
            && check.unmet().is_empty()
            && check.posture != "critical"
            && check
                .open_gates()
                .iter()
                .all(|gate| handoff.open_gates.contains_key(gate))
    });
    (!is_clear || !handoff.all_met(contract))
        .then_some(1311)
        .into_iter()
        .collect()
}

fn to_waiver(handoff: &Handoff, contract: &Contract, request: &Request) -> BTreeSet<u16> {
    let Ask::Waive {
        clause,
        owner,
        expires,
        ..
    } = &request.ask
    else {
        return BTreeSet::new();
    };
    let by = &request.by;
    let now = request.now.max(handoff.last_at.unwrap_or(i64::MIN));
    let mut against = BTreeSet::new();
    against.extend((by.kind != Kind::Person).then_some(1306));
    let approves = contract
        .gates
        .iter()
        .any(|gate| !by.roles.is_disjoint(&gate.roles));
    against.extend((!approves && by.team != contract.owner).then_some(1304));
    against.extend(
        handoff
            .senders
            .iter()
            .any(|sender| sender.shares_with(by))
            .then_some(1305),
    );
    let in_force = handoff.waivers.iter().filter(|(_, until)| *until > now);
    let waived: BTreeSet<&String> = in_force.map(|(clause, _)| clause).collect();
    let is_refused = (handoff.is("needs-input") && handoff.asked_by != "check")
        || !contract.clauses.contains(clause)
        || by.people().contains(&owner.to_lowercase())
        || *expires <= now
        || waived.contains(clause)
        || waived.len() >= contract.waivers;
    against.extend(is_refused.then_some(1314));
    against
}

fn to_oversight(handoff: &Handoff, request: &Request) -> BTreeSet<u16> {
    let mut against = BTreeSet::new();
    let mut object = |applies: bool, code: u16| {
        if applies {
            against.insert(code);
        }
    };
    let next = handoff.next_effect();
    let can_be_undone = next.and_then(|next| handoff.effects.get(next)).copied();
    match &request.ask {
        Ask::RollBack => object(handoff.target(request.baseline).is_none(), 1313),
        Ask::Quarantine { differs } => object(!differs, 1310),
        Ask::Fire { timer } => {
            let due = timer.as_ref().and_then(|timer| handoff.timers.get(timer));
            object(due.is_none_or(|due| request.now < *due), 1312);
        }
        Ask::Report {
            step,
            outcome,
            compensation,
        } => {
            let is_delivered = *step == "delivery" && *outcome == Outcome::Done;
            object(
                *step == "compensation" || (*compensation && !is_delivered),
                1310,
            );
        }
        Ask::Compensate { effect, .. } => object(effect.is_none() || *effect != next, 1310),
        Ask::Retry { effect } => {
            object(
                effect.is_none() || *effect != next || can_be_undone != Some(true),
                1310,
            );
        }
        Ask::Leave { effect } => {
            object(effect.is_none() || *effect != next, 1310);
            object(
                request.by.kind != Kind::Person || !request.by.behind.is_empty(),
                1306,
            );
        }
        _ => {}
    }
    against
}
