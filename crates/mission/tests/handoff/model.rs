//! The small world, explored to its end: two parties, two gates, three submissions, everybody asking
//! everything. Breadth first over the very functions that run; states that differ in history alone
//! are one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use baton_mission::authority::Actor;
use baton_mission::compensation::Event as Unwound;
use baton_mission::handoff::{
    Ask, Baseline, Change, Divergence, Event, Phase, StateName, Step, is_legal,
};
use baton_mission::names::Revision;
use baton_scoring::wire::Posture;
use baton_terms::{Digest, Instant};

use crate::world::{
    CONTRACT, Stage, World, actor, ada, baton, bob, cleo, id, instant, lea, max, olga, otto,
};

/// States beyond which the world is no longer a small one.
const STATES_MAX: usize = 20_000;

fn small_world() -> Stage {
    let contract = CONTRACT
        .replace("quorum: 2, of: 3,", "quorum: 1, of: 2,")
        .replace(
            "approvers: [safety-lead],",
            "approvers: [safety-lead, product-lead],",
        )
        .replace(", {after: 120h, to: product-operations}", "")
        .replace("attempts: 4,", "attempts: 2,");
    Stage::of(&contract)
}

/// What is asked in an exploration beside the way from draft to completion. All of it at once would
/// not be a small world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    /// Every decision, by everybody.
    Decisions,
    /// Deliveries, rollbacks and compensations that fail.
    Effects,
    /// Quarantine and release, waivers, another team.
    Exceptions,
}

/// Everything that anybody may ask here; whether it is let, the state decides.
fn moves(world: &World<'_>, theme: Theme) -> Vec<(Actor, Ask)> {
    let mut moves = match theme {
        Theme::Decisions => decisions(world),
        Theme::Effects | Theme::Exceptions => plain(world),
    };
    match theme {
        Theme::Decisions => {}
        Theme::Effects => moves.extend(effects(world)),
        Theme::Exceptions => moves.extend(exceptions(world)),
    }
    let timers = world.handoff.timers().iter();
    moves.extend(timers.map(|timer| {
        (
            baton(),
            Ask::Fire {
                timer: timer.number,
            },
        )
    }));
    moves
}

/// The way from draft to completion, and the ways out of it.
fn plain(world: &World<'_>) -> Vec<(Actor, Ask)> {
    let reason = || "because".to_owned();
    vec![
        (ada(), World::open()),
        (ada(), world.submit("good")),
        (ada(), world.submit("noted")),
        (baton(), World::check()),
        (lea(), world.approve(&["product"])),
        (max(), world.approve(&["safety"])),
        (baton(), World::offer("payments")),
        (bob(), world.accept()),
        (bob(), world.need_input("more")),
        (bob(), Ask::Complete { outputs: None }),
        (ada(), Ask::Withdraw { reason: reason() }),
        (olga(), Ask::RollBack { reason: reason() }),
        (olga(), Ask::Escalate { reason: reason() }),
        (olga(), Ask::Resume { reason: reason() }),
    ]
}

fn effects(world: &World<'_>) -> Vec<(Actor, Ask)> {
    let mut moves = vec![(baton(), World::failed(Step::Delivery))];
    // One that can be undone and one that can't, in either order.
    let performed = world.handoff.effects();
    if performed.len() < 2 {
        let is_new = |undone_by: Option<&str>| {
            performed
                .iter()
                .all(|effect| effect.compensation.is_some() != undone_by.is_some())
        };
        let new = [None, Some("recall")]
            .into_iter()
            .filter(|undone_by| is_new(*undone_by));
        moves.extend(new.map(|undone_by| (baton(), World::delivered(undone_by))));
    }
    for effect in performed {
        let id = effect.id.as_str();
        moves.push((baton(), World::compensated(id)));
        moves.push((baton(), World::not_compensated(id, false)));
        moves.push((baton(), World::not_compensated(id, true)));
        moves.push((olga(), World::retry(id)));
        moves.push((olga(), World::leave(id)));
        moves.push((baton(), World::leave(id)));
    }
    moves
}

fn exceptions(world: &World<'_>) -> Vec<(Actor, Ask)> {
    let reason = || "because".to_owned();
    let waive = Ask::Waive {
        waiver: id("w-1"),
        clause: id("titled"),
        reason: reason(),
        owner: "ada".parse().unwrap(),
        expires: instant("2027-12-31T00:00:00Z"),
    };
    let divergence = Divergence {
        recorded: Digest::of(b"recorded"),
        replayed: Digest::of(b"replayed"),
    };
    let team = id("search");
    let reassign = Ask::Reassign {
        team,
        reason: reason(),
    };
    vec![
        (otto(), waive),
        (ada(), world.submit("untitled")),
        (baton(), Ask::Quarantine { divergence }),
        (olga(), Ask::Release { reason: reason() }),
        (olga(), reassign),
        (cleo(), world.accept()),
        (cleo(), Ask::Complete { outputs: None }),
    ]
}

/// Every decision, asked for by those who may and by some who may not.
fn decisions(world: &World<'_>) -> Vec<(Actor, Ask)> {
    let reason = || "because".to_owned();
    let gus = actor("gus/person/design/designer+product-lead/submit+approve");
    let both = ["product", "safety"];
    let mut moves = vec![
        (ada(), World::open()),
        (baton(), World::check()),
        (lea(), world.approve(&both)),
        (max(), world.approve(&["safety"])),
        (ada(), world.approve(&both)),
        (gus.clone(), world.approve(&["product"])),
        (lea(), world.reject("product")),
        (max(), world.reject("safety")),
        (baton(), World::offer("payments")),
        (bob(), Ask::Acknowledge {}),
        (bob(), world.accept()),
        (ada(), world.accept()),
        (bob(), world.need_input("more")),
        (bob(), world.decline()),
        (bob(), Ask::Complete { outputs: None }),
        (ada(), Ask::Withdraw { reason: reason() }),
        (olga(), Ask::RollBack { reason: reason() }),
        (olga(), Ask::Escalate { reason: reason() }),
        (olga(), Ask::Resume { reason: reason() }),
    ];
    for name in ["good", "noted", "untitled"] {
        moves.push((ada(), world.submit(name)));
    }
    moves.push((gus, world.submit("retitled")));
    moves
}

/// What the future depends on; revisions, keys and absolute times are left out, and so is how far the
/// submissions are beyond the budget of three: each further one is oversight's decision.
fn key(world: &World<'_>) -> String {
    let mut timers: Vec<_> = world.handoff.timers().iter().collect();
    timers.sort_by_key(|timer| timer.kind.clone());
    let timers: Vec<_> = timers
        .iter()
        .map(|timer| format!("{:?}", timer.kind))
        .collect();
    let mut parts = vec![path(world.handoff.phase()), timers.join(",")];
    if let Some(dossier) = world.handoff.phase().dossier() {
        let who = |stamps: Vec<&str>| stamps.join("+");
        let check = dossier
            .check
            .as_ref()
            .filter(|check| check.package == dossier.package.digest);
        let mut approvals: Vec<_> = dossier
            .approvals
            .iter()
            .map(|yes| yes.by.principal.as_str())
            .collect();
        approvals.sort_unstable();
        let mut rejections: Vec<_> = dossier
            .rejections
            .iter()
            .map(|no| no.by.principal.as_str())
            .collect();
        rejections.sort_unstable();
        let mut senders: Vec<_> = dossier
            .senders
            .iter()
            .map(|s| s.principal.as_str())
            .collect();
        senders.sort_unstable();
        parts.push(format!(
            "{} {} {:?} {} {} {} {}",
            dossier.package.digest,
            dossier.submissions.min(3),
            check.map(|check| check.posture),
            who(approvals),
            who(rejections),
            who(senders),
            dossier.assignment.is_some(),
        ));
    }
    let performed = world.handoff.effects().iter();
    let performed: Vec<_> = performed
        .map(|effect| effect.compensation.is_some())
        .collect();
    let undoing = world.handoff.phase().undoing();
    parts.push(format!(
        "{:?} {performed:?} {:?} {} {:?}",
        world.baseline.as_ref().map(|baseline| baseline.number),
        undoing.map(|undoing| undoing.unwinding.undone().len()),
        world.handoff.waivers().len(),
        [Step::Delivery, Step::Compensation].map(|step| world.handoff.failed_attempts(step)),
    ));
    parts.join("|")
}

fn path(phase: &Phase) -> String {
    let below = match phase {
        Phase::Escalated(parked) | Phase::Quarantined(parked) => path(&parked.from),
        Phase::Offered(offer) => format!("{}{}", offer.team, offer.acknowledged.is_some()),
        Phase::NeedsInput(returned) => format!("{:?}", returned.asked),
        Phase::Accepted(acceptance) => acceptance.offer.team.to_string(),
        _ => String::new(),
    };
    format!("{}/{below}", phase.name())
}

/// I2, I3, I8: what each step must hold to, told from events and the state before alone.
fn assert_safe(before: &World<'_>, event: &Event, known: Option<&Baseline>) {
    match &event.change {
        Change::Accepted { baseline, .. } => {
            assert!(
                before.handoff.phase().acceptance().is_none(),
                "I2: accepted twice"
            );
            assert!(
                known.is_none_or(|known| known.number < baseline.number),
                "I2"
            );
            let dossier = before.handoff.phase().dossier().unwrap();
            let check = dossier.check.as_ref().unwrap();
            assert_eq!(check.package, dossier.package.digest, "I3: another digest");
            assert!(
                check.posture != Posture::Critical && check.unmet().is_empty(),
                "I3, I9"
            );
            let approvers: Vec<_> = dossier
                .approvals
                .iter()
                .map(|yes| yes.by.principal.as_str())
                .collect();
            let sent = |name: &str| dossier.senders.iter().any(|s| s.principal.as_str() == name);
            let can = |name: &str| approvers.contains(&name) && !sent(name);
            // lea fits both gates and counts for one; max fits `safety`; gus, of the sender's team, `product`.
            let product = can("lea") || can("gus");
            let safety = can("lea") || can("max");
            let people = ["lea", "max", "gus"]
                .iter()
                .filter(|name| can(name))
                .count();
            assert!(product && safety && people >= 2, "I3: {approvers:?}");
        }
        Change::Unwound { event, .. } => {
            let unwinding = &before.handoff.phase().undoing().unwrap().unwinding;
            let settled = unwinding.undone().len() + 1;
            let last = before
                .handoff
                .effects()
                .iter()
                .rev()
                .nth(settled - 1)
                .unwrap();
            let (Unwound::Compensated { effect }
            | Unwound::CompensationFailed { effect, .. }
            | Unwound::CompensationRetried { effect }
            | Unwound::EffectLeft { effect, .. }) = event;
            assert_eq!(*effect, last.id, "not the last effect that stands");
            let is_left = matches!(event, Unwound::EffectLeft { .. });
            assert!(is_left || last.compensation.is_some());
        }
        Change::RolledBack { to, .. } => {
            assert_eq!(to.number, 1, "I8");
            assert_eq!(to.handoff.as_str(), "h-0", "I8");
        }
        _ => {}
    }
}

/// I10: where nobody is reminded, somebody owns it, or Baton itself has the next step.
fn assert_watched(world: &World<'_>) {
    let state = world.state();
    let is_watched = !world.handoff.timers().is_empty()
        || state.is_terminal()
        || matches!(state, StateName::Unopened | StateName::Drafted)
        || world
            .events
            .iter()
            .any(|event| matches!(event.change, Change::RungReached { .. }));
    assert!(
        is_watched,
        "I10: nobody looks after a handoff that is {state}"
    );
}

/// What was performed is undone, or somebody answers for it, once the handoff is rolled back.
fn assert_settled(world: &World<'_>) {
    if let Phase::RolledBack(closing) = world.handoff.phase() {
        let performed = world.handoff.effects();
        assert_eq!(closing.undone.len(), performed.len());
        for (undone, effect) in closing.undone.iter().zip(performed.iter().rev()) {
            assert_eq!(undone.effect, effect.id);
            let by = undone.left_by.as_ref().map(|left| left.principal.as_str());
            assert!(by == Some("olga") || (by.is_none() && effect.compensation.is_some()));
        }
    }
}

fn explore(theme: Theme, first: World<'_>) -> (usize, usize, BTreeSet<&'static str>) {
    let mut reached = BTreeSet::new();
    let mut seen = BTreeMap::from([(key(&first), 0_usize)]);
    let mut leads_to: Vec<Vec<usize>> = vec![Vec::new()];
    let mut ends = vec![false];
    let mut queue = VecDeque::from([(0, first)]);
    let mut steps = 0;
    while let Some((at, world)) = queue.pop_front() {
        let mut world = world;
        world.requests += 1;
        let began = world.now;
        for (who, ask) in moves(&world, theme) {
            // That every other pair is refused is shown by `legality`.
            if !is_legal(world.state(), ask.name()) {
                continue;
            }
            let timers = world.handoff.timers().iter();
            let due = timers.filter(
                |timer| matches!(&ask, Ask::Fire { timer: fired } if *fired == timer.number),
            );
            world.now = due.map(|timer| timer.due).fold(began, Instant::max);
            let Ok(events) = world.decide(&who, &world.command(ask)) else {
                continue;
            };
            steps += 1;
            let mut next = world.clone();
            for event in events {
                assert_safe(&next, &event, next.baseline.clone().as_ref());
                next.take(&[event]);
            }
            assert_watched(&next);
            assert_settled(&next);
            reached.insert(next.state().word());
            // What matters of the past is in the state; only whether somebody was told is kept.
            next.events
                .retain(|event| matches!(event.change, Change::RungReached { .. }));
            let known = seen.len();
            let to = *seen.entry(key(&next)).or_insert(known);
            leads_to[at].push(to);
            if to == known {
                assert!(known < STATES_MAX, "the world is not small");
                leads_to.push(Vec::new());
                ends.push(next.state().is_terminal());
                queue.push_back((to, next));
            }
        }
    }
    assert_all_can_end(&leads_to, ends);
    (seen.len(), steps, reached)
}

/// From everywhere the handoff can still come to an end.
fn assert_all_can_end(leads_to: &[Vec<usize>], mut can_end: Vec<bool>) {
    loop {
        let before = can_end.iter().filter(|can| **can).count();
        for (from, to) in leads_to.iter().enumerate() {
            can_end[from] = can_end[from] || to.iter().any(|to| can_end[*to]);
        }
        if can_end.iter().filter(|can| **can).count() == before {
            break;
        }
    }
    assert!(
        can_end.iter().all(|can| *can),
        "a state from which nothing ends"
    );
}

// spec: LIFECYCLE-32
#[test]
fn the_small_world_is_safe_everywhere() {
    let stage = small_world();
    let mut reached = BTreeSet::new();
    let (mut all_states, mut all_steps) = (0, 0);
    for (theme, has_baseline) in [
        (Theme::Decisions, false),
        (Theme::Decisions, true),
        (Theme::Effects, true),
        (Theme::Exceptions, true),
    ] {
        let mut world = World::new(&stage);
        world.id = "h-1";
        if has_baseline {
            world.baseline = Some(Baseline {
                slot: baton_mission::handoff::Slot {
                    work_item: "item-1".to_owned(),
                    contract: id("design-to-build"),
                },
                number: 1,
                handoff: "h-0".parse().unwrap(),
                package: stage.digest("noted"),
            });
            world.places_taken = 1;
        }
        assert_eq!(world.handoff.revision(), Revision::new(0));
        let (states, steps, names) = explore(theme, world);
        println!("small world: {theme:?}, baseline {has_baseline}: {states} states, {steps} steps");
        assert!(states > 500, "{states} states");
        reached.extend(names);
        all_states += states;
        all_steps += steps;
    }
    println!("small world: {all_states} states, {all_steps} steps, no violation");
    let missed: Vec<_> = (StateName::ALL.iter().map(|state| state.word()))
        .filter(|word| !reached.contains(word))
        .collect();
    // Nothing comes to rest in `checked` while the contract has gates.
    assert_eq!(missed, ["unopened", "checked"]);
}
