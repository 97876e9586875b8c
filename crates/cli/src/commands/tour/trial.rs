//! One version of the contract, rolled out to requests that are still to come. Time is simulated; the store,
//! the rollout and every decision are real.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use baton_contract::model::Metric;
use baton_engine::handoff::{
    Advance, Call as Handing, ContractForm, Desk, Opening, Sending, advance, ask, engine, open,
    submit,
};
use baton_engine::port::Clock;
use baton_engine::rollout::{Call, Flags, Starting, View, Watch, look, start, status};
use baton_mission::authority::{Actor, ActorKind, Scope};
use baton_mission::handoff::{Ask, Phase, Unmet};
use baton_mission::rollout::Arm;
use baton_report::tour::{Reading, Trial, Turn};
use baton_simulation::sample::{Request, Requests, Seed};
use baton_store::SqliteStore;
use baton_terms::{Digest, Elapsed, Id, Instant};
use serde_json::json;

use crate::denial::of_handoff;
use crate::failure::{Failure, TOUR_STEP};
use crate::{contract_files, gather};

/// When the simulated time begins.
const BEGINS: &str = "2026-06-01T08:00:00Z";
/// Minutes from one request to the next.
const MINUTES_BETWEEN: u64 = 60;
/// Requests between two looks.
const LOOK_EVERY: u64 = 24;
/// Most requests of one rollout; one that is still undecided then is told as such.
const REQUESTS_MAX: u64 = 3_000;
/// Most minutes that product holds a request.
const MINUTES_HELD_MAX: u64 = 3_000;
/// Minutes after which a request that came back is handed over anew.
const MENDED_AFTER_MINUTES: u64 = 1_440;
/// Minutes within which a hasty version wants it handed on.
const HASTE_MINUTES: u64 = 1_440;
/// How a package is handed over: as it was first, or mended.
const FIRST: &str = "first";
/// The same, once what was missing is there.
const ANEW: &str = "anew";
/// The rollout's name.
const ROLLOUT: &str = "tour";
/// The flag is on.
const FLAGS: &str = r#"{"flags":{"request-to-engineering":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on"}}}"#;

/// How senders answer the new version in the made-up world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behavior {
    /// They write criteria where the version asks for them.
    WriteCriteria,
    /// They hand on in time, with criteria left for later and over the channel that is quickest.
    Hurry,
}

impl Behavior {
    /// Returns it as readers are told.
    fn said(self) -> &'static str {
        match self {
            Self::WriteCriteria => {
                "In the made-up world senders who are asked for criteria write them before they hand over."
            }
            Self::Hurry => {
                "In the made-up world senders who are pressed for time leave criteria for later, and most file over the quickest channel."
            }
        }
    }

    /// Returns for how long a request is held under the new version.
    fn held(self, minutes: u64) -> u64 {
        match self {
            Self::WriteCriteria => minutes,
            Self::Hurry => minutes.min(HASTE_MINUTES),
        }
    }

    /// Returns a request as it is handed over under the new version.
    fn answered(self, request: Request, requests: &mut Requests) -> Request {
        let (area, channel) = requests.planted();
        match self {
            Self::WriteCriteria => Request {
                has_criteria: request.has_criteria || request.area == area,
                ..request
            },
            Self::Hurry => Request {
                has_criteria: false,
                channel: if requests.happens(60) {
                    channel
                } else {
                    request.channel
                },
                ..request
            },
        }
    }
}

/// A version that is to be rolled out.
#[derive(Debug)]
pub(super) struct Staged {
    pub(super) name: &'static str,
    pub(super) title: String,
    pub(super) idea: String,
    pub(super) behavior: Behavior,
    pub(super) seed: u64,
    /// How much came back in the past, in basis points: what the contract says to measure first.
    pub(super) bounced: i64,
}

/// A clock that goes only when it is told to.
struct Simulated(Mutex<Instant>);

impl Clock for Simulated {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Simulated {
    fn forward(&self, minutes: u64) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = after(*now, minutes);
    }
}

/// The flag file of the made-up world.
struct On;

impl Flags for On {
    fn read(&self) -> Result<Vec<u8>, String> {
        Ok(FLAGS.as_bytes().to_vec())
    }
}

/// Rolls a version out until it is promoted or rolled back.
pub(super) fn rolled_out(
    (stable, canary): (&Path, &PathBuf),
    (store, validation): (&Path, &[u8]),
    staged: &Staged,
) -> anyhow::Result<Trial> {
    let store = SqliteStore::open(store)?;
    let clock = Simulated(Mutex::new(BEGINS.parse()?));
    let mut world = World {
        desk: Desk::new(&store, &clock).with_flags(&On),
        clock: &clock,
        watch: Watch::default(),
        stable: form(stable)?,
        requests: Requests::to_come(Seed(staged.seed), staged.name),
        sender: actor(
            "sender",
            "payments-product",
            "product-manager",
            Scope::Submit,
        )?,
        receiver: actor("receiver", "payments", "engineer", Scope::Submit)?,
        behavior: staged.behavior,
        came_back: VecDeque::new(),
    };
    let canary = form(canary)?;
    let rollout: Id = ROLLOUT.parse()?;
    let starting = Starting {
        stable: &world.stable,
        canary: &canary,
        validation,
        measured: BTreeMap::from([(Metric::BounceRate, staged.bounced)]),
    };
    let owner = actor("owner", "product-operations", "owner", Scope::Operate)?;
    let call = Call {
        actor: &owner,
        rollout: rollout.clone(),
        key: "start".parse()?,
        expects: None,
    };
    start(&world.desk, &call, &starting).map_err(of_handoff)?;
    let mut widest = 0;
    let mut handoffs = 0;
    while handoffs < REQUESTS_MAX {
        handoffs += 1;
        world.hand_over(handoffs)?;
        if handoffs % LOOK_EVERY == 0 {
            let outcome =
                look(&world.desk, &world.watch, (&engine(), &rollout, None)).map_err(of_handoff)?;
            widest = widest.max(outcome.percent);
            if outcome.stage.is_none() {
                break;
            }
        }
    }
    let view = status(&world.desk, &world.watch, &rollout).map_err(of_handoff)?;
    Ok(told(&view, staged, (widest, handoffs)))
}

/// What handoffs of the made-up world are made with.
struct World<'w> {
    desk: Desk<'w>,
    clock: &'w Simulated,
    watch: Watch,
    stable: ContractForm,
    requests: Requests,
    sender: Actor,
    receiver: Actor,
    behavior: Behavior,
    /// Requests that came back, those that are due first in front.
    came_back: VecDeque<CameBack>,
}

/// A request that came back, until it is handed over anew.
struct CameBack {
    number: u64,
    due: Instant,
    mended: Request,
    held: u64,
}

/// A package that lies with a receiver.
struct Offered {
    package: Digest,
    receiver: Actor,
}

impl World<'_> {
    /// One handoff from opening to its first answer, after those that came back and are due anew.
    fn hand_over(&mut self, number: u64) -> anyhow::Result<()> {
        self.clock.forward(MINUTES_BETWEEN);
        self.hand_over_anew()?;
        let request = self.requests.next_request();
        let work_item = work_item(number);
        let opening = Opening {
            work_item: work_item.clone(),
            contract: &self.stable,
            reopens: None,
        };
        let call = handing(&self.sender, (number, "open"))?;
        let opened = open(&self.desk, &call, &opening).map_err(of_handoff)?;
        let case = self.desk.load(&opened.handoff).map_err(of_handoff)?;
        let is_new = case
            .assignment()
            .is_some_and(|given| given.arm == Arm::Canary && given.percent > 0);
        let held = 60 + self.requests.below(MINUTES_HELD_MAX);
        let (request, held) = if is_new {
            let answered = self.behavior.answered(request, &mut self.requests);
            (answered, self.behavior.held(held))
        } else {
            (request, held)
        };
        let package = package(&work_item, &request, held);
        let offer = self.submit((number, FIRST), &package)?;
        if !self.requests.comes_back(&request) {
            return self.take_over((number, FIRST), offer);
        }
        let unmet = Unmet {
            subject: None,
            what: "what it should do when it is done".to_owned(),
        };
        let need = Ask::NeedInput {
            package: offer.package,
            unmet: vec![unmet],
        };
        self.came_back.push_back(CameBack {
            number,
            due: after(self.clock.now(), MENDED_AFTER_MINUTES),
            mended: Request {
                has_criteria: true,
                ..request
            },
            held: held + MENDED_AFTER_MINUTES,
        });
        self.ask(&offer.receiver, (number, "answer"), &need)
    }

    /// Hands over what came back long enough ago; it is taken over then.
    fn hand_over_anew(&mut self) -> anyhow::Result<()> {
        let now = self.clock.now();
        while let Some(back) = self.came_back.pop_front_if(|back| back.due <= now) {
            let package = package(&work_item(back.number), &back.mended, back.held);
            let offer = self.submit((back.number, ANEW), &package)?;
            self.take_over((back.number, ANEW), offer)?;
        }
        Ok(())
    }

    /// Submits a package, and returns the offer that Baton makes of it.
    fn submit(&self, (number, round): (u64, &str), package: &[u8]) -> anyhow::Result<Offered> {
        let sending = Sending {
            package,
            ..Sending::default()
        };
        let call = handing(&self.sender, (number, &format!("submit-{round}")))?;
        let handoff = call.handoff.clone();
        submit(&self.desk, &call, &sending).map_err(of_handoff)?;
        let baton = engine();
        let call = handing(&baton, (number, &format!("advance-{round}")))?;
        while advance(&self.desk, &call).map_err(of_handoff)? != Advance::Idle {}
        let case = self.desk.load(&handoff).map_err(of_handoff)?;
        let Phase::Offered(offer) = case.handoff().phase() else {
            return Err(
                Failure::new(TOUR_STEP, "hand a request over in simulated time")
                    .expected("a package that is offered to a team")
                    .found(case.handoff().state().word())
                    .hint("look at it with `baton handoff show` in the tour's store")
                    .into(),
            );
        };
        Ok(Offered {
            package: offer.dossier.package.digest,
            receiver: Actor {
                team: offer.team.clone(),
                ..self.receiver.clone()
            },
        })
    }

    /// The receiver takes the work over and does it.
    fn take_over(&self, (number, round): (u64, &str), offer: Offered) -> anyhow::Result<()> {
        let Offered { package, receiver } = offer;
        let accept = Ask::Accept { package };
        self.ask(&receiver, (number, &format!("accept-{round}")), &accept)?;
        let done = Ask::Complete { outputs: None };
        self.ask(&receiver, (number, &format!("complete-{round}")), &done)
    }

    fn ask(&self, who: &Actor, (number, step): (u64, &str), asked: &Ask) -> anyhow::Result<()> {
        ask(&self.desk, &handing(who, (number, step))?, asked).map_err(of_handoff)?;
        Ok(())
    }
}

fn work_item(number: u64) -> String {
    format!("MADE-UP-{}", 10_000 + number)
}

fn after(instant: Instant, minutes: u64) -> Instant {
    let elapsed = Elapsed::from_seconds(minutes.saturating_mul(60));
    instant.checked_add(elapsed).unwrap_or(instant)
}

fn handing<'a>(actor: &'a Actor, (number, step): (u64, &str)) -> anyhow::Result<Handing<'a>> {
    Ok(Handing {
        actor,
        handoff: format!("h-{number}").parse()?,
        key: format!("{step}-{number}").parse()?,
        expects: None,
        under: None,
    })
}

fn package(work_item: &str, request: &Request, minutes_held: u64) -> Vec<u8> {
    let mut payload = json!({
        "area": request.area,
        "channel": request.channel,
        "urgency": if request.is_urgent { "urgent" } else { "usual" },
        "minutes_held": minutes_held,
    });
    if let Some(payload) = payload.as_object_mut().filter(|_| request.has_criteria) {
        payload.insert("criteria".to_owned(), "written".into());
    }
    let document = json!({
        "baton": "package/v1",
        "contract": {"name": "request-to-engineering"},
        "work_item": work_item,
        "sender": {"role": "product-manager", "team": "payments-product", "kind": "human"},
        "risk_tier": "low",
        "payload": payload,
    });
    document.to_string().into_bytes()
}

fn form(path: &Path) -> anyhow::Result<ContractForm> {
    let (_, form) = gather::compile(&contract_files::load(path)?)?;
    Ok(ContractForm::of(&form))
}

fn actor(name: &str, team: &str, role: &str, scope: Scope) -> anyhow::Result<Actor> {
    Ok(Actor {
        principal: name.parse()?,
        kind: ActorKind::Person,
        on_behalf_of: Vec::new(),
        team: team.parse()?,
        roles: [role.parse()?].into(),
        scopes: [scope].into(),
    })
}

fn told(view: &View, staged: &Staged, (widest, handoffs): (u32, u64)) -> Trial {
    let turns = view.decisions.iter().map(|decision| Turn {
        at: decision.at.to_string(),
        what: decision.what.to_owned(),
        why: decision.why.join("; "),
    });
    let readings = view.metrics.iter().map(|metric| Reading {
        metric: metric.metric.clone(),
        stable: (metric.stable, metric.stable_share),
        canary: (metric.canary, metric.canary_share),
    });
    Trial {
        title: staged.title.clone(),
        idea: staged.idea.clone(),
        behavior: staged.behavior.said().to_owned(),
        version: view.canary.to_string().chars().take(19).collect(),
        is_promoted: view.phase == "promoted",
        widest,
        handoffs,
        turns: turns.collect(),
        readings: readings.collect(),
    }
}
