//! A small organization around one contract: people, an agent, Baton itself, packages and time.

use std::collections::BTreeSet;

use baton_contract::document::Document;
use baton_evidence::canonical;
use baton_mission::authority::{Actor, ActorKind, Scope};
use baton_mission::handoff::{
    Ask, AttemptOutcome, Baseline, Change, CheckSummary, Command, CommandFormat, Event, Facts,
    Handoff, PackageFacts, Phase, Refusal, StateName, Step, Terms, TimerKind, Unmet, decide,
    replay,
};
use baton_mission::names::Revision;
use baton_scoring::evidence::EvidenceIndex;
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::Waivers;
use baton_scoring::{CheckedContract, Inputs};
use baton_terms::{Digest, Elapsed, Id, Instant, Source};
use serde_json::{Value, json};

pub(crate) const CONTRACT: &str = include_str!("contract.yaml");
/// A Monday morning.
pub(crate) const START: &str = "2026-11-23T09:00:00Z";

/// What does not change during a test.
pub(crate) struct Stage {
    pub(crate) contract: CheckedContract,
    pub(crate) terms: Terms,
    pub(crate) packages: Vec<Package>,
}

/// One handoff and what surrounds it.
#[derive(Clone)]
pub(crate) struct World<'s> {
    pub(crate) stage: &'s Stage,
    pub(crate) id: &'static str,
    pub(crate) handoff: Handoff,
    pub(crate) events: Vec<Event>,
    pub(crate) now: Instant,
    pub(crate) baseline: Option<Baseline>,
    pub(crate) places_taken: u64,
    pub(crate) requests: u64,
    pub(crate) sabotage: Option<fn(&mut CheckSummary)>,
}

pub(crate) fn id(text: &str) -> Id {
    text.parse().unwrap()
}

pub(crate) fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Returns an actor from `name/kind/team/roles/scopes`, lists separated by `+`.
pub(crate) fn actor(card: &str) -> Actor {
    let parts: Vec<&str> = card.split('/').collect();
    let list = |text: &str| -> Vec<String> {
        let items = text.split('+').filter(|item| !item.is_empty());
        items.map(str::to_owned).collect()
    };
    let names = list(parts[0]);
    let scopes = list(parts[4])
        .into_iter()
        .map(|scope| match scope.as_str() {
            "submit" => Scope::Submit,
            "approve" => Scope::Approve,
            "operate" => Scope::Operate,
            "admin" => Scope::Admin,
            _ => Scope::Read,
        });
    Actor {
        principal: names[0].parse().unwrap(),
        kind: match parts[1] {
            "agent" => ActorKind::Agent,
            "engine" => ActorKind::Engine,
            _ => ActorKind::Person,
        },
        on_behalf_of: names[1..]
            .iter()
            .map(|name| name.parse().unwrap())
            .collect(),
        team: id(parts[2]),
        roles: list(parts[3]).iter().map(|role| id(role)).collect(),
        scopes: scopes.collect(),
    }
}

pub(crate) fn ada() -> Actor {
    actor("ada/person/design/designer/submit")
}
pub(crate) fn bob() -> Actor {
    actor("bob/person/payments/engineer/submit")
}
pub(crate) fn cleo() -> Actor {
    actor("cleo/person/search/engineer/submit")
}
pub(crate) fn lea() -> Actor {
    actor("lea/person/product/product-lead/approve")
}
pub(crate) fn max() -> Actor {
    actor("max/person/safety/safety-lead/approve")
}
pub(crate) fn nia() -> Actor {
    actor("nia/person/safety/safety-lead+product-lead/approve")
}
pub(crate) fn baton() -> Actor {
    actor("baton/engine/platform//operate+admin")
}
pub(crate) fn olga() -> Actor {
    actor("olga/person/delivery/engineering-manager/operate+admin")
}
pub(crate) fn otto() -> Actor {
    actor("otto/person/product-operations/owner/approve")
}

pub(crate) fn payload(package: &str) -> Value {
    let three = json!(["empty", "full", "error"]);
    match package {
        "good" => json!({"title": "Checkout", "states": three}),
        "noted" => json!({"title": "Checkout", "states": three, "notes": "see below"}),
        "retitled" => json!({"title": "Basket", "states": three}),
        "harmful" => json!({"title": "Checkout", "states": three, "harm": "stress"}),
        "thin" => json!({"title": "Checkout", "states": []}),
        "untitled" => json!({"title": "", "states": three}),
        _ => panic!("no package {package}"),
    }
}

pub(crate) const PACKAGES: [&str; 6] = ["good", "noted", "retitled", "harmful", "thin", "untitled"];

pub(crate) fn package(payload: &Value, sender: &Value) -> Package {
    let document = json!({
        "baton": "package/v1",
        "contract": {"name": "design-to-build"},
        "work_item": "item-1",
        "sender": sender,
        "risk_tier": "low",
        "payload": payload,
    });
    Package::read(document).unwrap()
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::of(CONTRACT)
    }

    pub(crate) fn of(contract: &str) -> Self {
        let reading = Document::alone(Source::new("contract", contract)).read();
        let contract =
            CheckedContract::compile(&reading).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let sender = json!({"role": "designer", "team": "design", "kind": "human"});
        let packages = PACKAGES.map(|name| package(&payload(name), &sender));
        Self {
            terms: Terms::of(&contract).unwrap(),
            contract,
            packages: packages.into(),
        }
    }

    /// Returns the package called `name`.
    pub(crate) fn digest(&self, name: &str) -> Digest {
        let at = PACKAGES.iter().position(|known| *known == name).unwrap();
        self.packages[at].digest()
    }

    pub(crate) fn check(&self, package: &Package, as_of: Instant) -> CheckSummary {
        let inputs = Inputs {
            package,
            evidence: &EvidenceIndex::new([]),
            waivers: &Waivers::default(),
            history: &History::default(),
            context: &Context::at(as_of),
        };
        CheckSummary::of(&self.contract.check(&inputs).unwrap()).unwrap()
    }
}

impl<'s> World<'s> {
    pub(crate) fn new(stage: &'s Stage) -> Self {
        Self {
            stage,
            id: "h-1",
            handoff: Handoff::default(),
            events: Vec::new(),
            now: instant(START),
            baseline: None,
            places_taken: 0,
            requests: 0,
            sabotage: None,
        }
    }

    pub(crate) fn command(&self, ask: Ask) -> Command {
        Command {
            baton: CommandFormat::V1,
            handoff: self.id.parse().unwrap(),
            key: format!("{}-{}", self.id, self.requests).parse().unwrap(),
            expects: self.handoff.revision(),
            ask,
        }
    }

    /// Decides with everything known that the command needs.
    pub(crate) fn decide(&self, who: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        let find = |digest: Digest| {
            let mut packages = self.stage.packages.iter();
            packages.find(|package| package.digest() == digest)
        };
        let package = match &command.ask {
            Ask::Submit { package } => find(*package),
            _ => None,
        };
        let package = package.map(|package| PackageFacts::of(package, &self.stage.terms));
        let check = self.check_for(&command.ask);
        let mut command = command.clone();
        if let (Ask::Check { scorecard }, Some(check)) = (&mut command.ask, &check) {
            *scorecard = check.scorecard;
        }
        let facts = Facts {
            package: package.as_ref(),
            check: check.as_ref(),
            baseline: self.baseline.as_ref(),
            places_taken: self.places_taken,
            ..Facts::at(self.now, who, &self.stage.terms)
        };
        decide(&self.handoff, &command, &facts)
    }

    /// Returns what a check of the current package finds, where one is asked for.
    pub(crate) fn check_for(&self, ask: &Ask) -> Option<CheckSummary> {
        let (Ask::Check { .. }, Some(dossier)) = (ask, self.handoff.phase().dossier()) else {
            return None;
        };
        let mut packages = self.stage.packages.iter();
        let package = packages.find(|package| package.digest() == dossier.package.digest)?;
        let mut check = self.stage.check(package, instant(START));
        if let Some(sabotage) = self.sabotage {
            sabotage(&mut check);
        }
        Some(check)
    }

    /// Asks for something and takes what it leads to.
    pub(crate) fn ask(&mut self, who: &Actor, ask: Ask) -> Result<Vec<Event>, Refusal> {
        self.requests += 1;
        let command = self.command(ask);
        let events = self.decide(who, &command)?;
        self.take(&events);
        Ok(events)
    }

    pub(crate) fn take(&mut self, events: &[Event]) {
        for event in events {
            self.handoff =
                baton_mission::handoff::apply(std::mem::take(&mut self.handoff), event).unwrap();
            match &event.change {
                Change::Accepted { baseline, .. } => {
                    self.places_taken = self.places_taken.max(baseline.number);
                    self.baseline = Some(baseline.clone());
                }
                Change::RolledBack { to, .. } => self.baseline = Some(to.clone()),
                _ => {}
            }
        }
        self.events.extend_from_slice(events);
    }

    /// Asks for something that has to go well.
    #[track_caller]
    pub(crate) fn must(&mut self, who: &Actor, ask: Ask) -> Vec<Event> {
        let name = ask.name();
        let state = self.handoff.state();
        self.ask(who, ask)
            .unwrap_or_else(|refusal| panic!("{name} by {} when {state}: {refusal}", who.principal))
    }

    /// Asks for something that has to be refused with a code.
    #[track_caller]
    pub(crate) fn must_not(&mut self, who: &Actor, ask: Ask, code: u16) -> Refusal {
        let before = self.handoff.clone();
        let name = ask.name();
        match self.ask(who, ask) {
            Ok(events) => panic!("{name} went well: {events:?}"),
            Err(refusal) => {
                assert_eq!(refusal.code().number(), code, "{name}: {refusal}");
                assert_eq!(self.handoff, before);
                refusal
            }
        }
    }

    pub(crate) fn wait(&mut self, span: &str) {
        self.now = self
            .now
            .checked_add(span.parse::<Elapsed>().unwrap())
            .unwrap();
    }

    pub(crate) fn state(&self) -> StateName {
        self.handoff.state()
    }

    pub(crate) fn current(&self) -> Digest {
        let dossier = self.handoff.phase().dossier();
        dossier.map_or(Digest::of(b"none"), |dossier| dossier.package.digest)
    }

    pub(crate) fn timer(&self, kind: &TimerKind) -> Option<(Revision, Instant)> {
        let mut timers = self.handoff.timers().iter();
        let timer = timers.find(|timer| timer.kind == *kind)?;
        Some((timer.number, timer.due))
    }

    /// Lets a timer run out.
    #[track_caller]
    pub(crate) fn run_out(&mut self, kind: &TimerKind) -> Vec<Event> {
        let (number, due) = self
            .timer(kind)
            .unwrap_or_else(|| panic!("{kind:?} is not set"));
        self.now = due;
        self.must(&baton(), Ask::Fire { timer: number })
    }

    pub(crate) fn open() -> Ask {
        Ask::Open {
            work_item: "item-1".to_owned(),
            contract: id("design-to-build"),
            reopens: None,
        }
    }

    pub(crate) fn submit(&self, name: &str) -> Ask {
        Ask::Submit {
            package: self.stage.digest(name),
        }
    }

    /// Says that a delivery went well; `undone_by` says what undoes it.
    pub(crate) fn delivered(undone_by: Option<&str>) -> Ask {
        Ask::Report {
            step: Step::Delivery,
            result: AttemptOutcome::Done,
            compensation: undone_by.map(id),
        }
    }

    /// Says that a step failed in a way that may pass.
    pub(crate) fn failed(step: Step) -> Ask {
        Ask::Report {
            step,
            result: AttemptOutcome::Transient {
                why: "connection reset".to_owned(),
            },
            compensation: None,
        }
    }

    pub(crate) fn compensated(effect: &str) -> Ask {
        Ask::Compensate {
            effect: id(effect),
            result: AttemptOutcome::Done,
        }
    }

    pub(crate) fn not_compensated(effect: &str, is_lasting: bool) -> Ask {
        let why = "connection reset".to_owned();
        Ask::Compensate {
            effect: id(effect),
            result: if is_lasting {
                AttemptOutcome::Lasting { why }
            } else {
                AttemptOutcome::Transient { why }
            },
        }
    }

    pub(crate) fn leave(effect: &str) -> Ask {
        Ask::Leave {
            effect: id(effect),
            reason: "they were called".to_owned(),
        }
    }

    pub(crate) fn retry(effect: &str) -> Ask {
        Ask::Retry {
            effect: id(effect),
            reason: "it is up again".to_owned(),
        }
    }

    /// A second handoff of a work item whose first one was accepted.
    pub(crate) fn second(stage: &'s Stage) -> Self {
        let first = World::new(stage).reach(StateName::Accepted);
        let mut world = World::new(stage);
        world.baseline.clone_from(&first.baseline);
        world.places_taken = first.places_taken;
        world.id = "h-2";
        world
    }

    pub(crate) fn check() -> Ask {
        Ask::Check {
            scorecard: Digest::of(b"whatever the world finds"),
        }
    }

    pub(crate) fn approve(&self, gates: &[&str]) -> Ask {
        Ask::Approve {
            gates: gates.iter().map(|gate| id(gate)).collect(),
            package: self.current(),
            reason: "it is sound".to_owned(),
        }
    }

    pub(crate) fn reject(&self, gate: &str) -> Ask {
        Ask::Reject {
            gate: id(gate),
            package: self.current(),
            reason: "it may hurt people".to_owned(),
        }
    }

    pub(crate) fn offer(team: &str) -> Ask {
        Ask::Offer {
            team: id(team),
            reason: "least loaded".to_owned(),
        }
    }

    pub(crate) fn accept(&self) -> Ask {
        Ask::Accept {
            package: self.current(),
        }
    }

    pub(crate) fn need_input(&self, what: &str) -> Ask {
        Ask::NeedInput {
            package: self.current(),
            unmet: vec![Unmet {
                subject: None,
                what: what.to_owned(),
            }],
        }
    }

    pub(crate) fn decline(&self) -> Ask {
        Ask::Decline {
            package: self.current(),
            reason: "not ours".to_owned(),
        }
    }

    /// Goes on to a state by the plain way.
    #[track_caller]
    pub(crate) fn reach(mut self, state: StateName) -> Self {
        if state == StateName::Unopened {
            return self;
        }
        self.must(&ada(), Self::open());
        if state == StateName::Drafted {
            return self;
        }
        self.must(&ada(), self.submit("good"));
        if state == StateName::Submitted {
            return self;
        }
        self.must(&baton(), Self::check());
        if state == StateName::Gated {
            return self;
        }
        self.pass_gates();
        self.must(&baton(), Self::offer("payments"));
        match state {
            StateName::Accepted | StateName::Completed => {
                self.must(&bob(), self.accept());
            }
            StateName::NeedsInput => {
                self.must(&bob(), self.need_input("the error text"));
            }
            StateName::Declined => {
                self.must(&bob(), self.decline());
            }
            _ => {}
        }
        if state == StateName::Completed {
            self.must(&bob(), Ask::Complete { outputs: None });
        }
        self
    }

    pub(crate) fn pass_gates(&mut self) {
        self.must(&lea(), self.approve(&["product"]));
        self.must(&max(), self.approve(&["safety"]));
        self.must(&nia(), self.approve(&["safety"]));
    }

    /// Returns the changes of some events, by word.
    pub(crate) fn words(events: &[Event]) -> Vec<&'static str> {
        events.iter().map(|event| event.change.word()).collect()
    }

    pub(crate) fn escalated_for(&self) -> Option<&baton_mission::handoff::IncidentCause> {
        match self.handoff.phase() {
            Phase::Escalated(parked) => Some(&parked.incident.why),
            _ => None,
        }
    }

    /// Replays every event, also through its written form, and compares bytes.
    #[track_caller]
    pub(crate) fn assert_replays(&self) {
        assert_eq!(replay(&self.events).unwrap(), self.handoff);
        let written: Vec<Vec<u8>> = self
            .events
            .iter()
            .map(|e| canonical::of(e).unwrap())
            .collect();
        let read: Vec<Event> = written
            .iter()
            .map(|bytes| serde_json::from_slice(bytes).unwrap())
            .collect();
        let again = replay(&read).unwrap();
        assert_eq!(
            canonical::of(&again).unwrap(),
            canonical::of(&self.handoff).unwrap()
        );
        let numbers: BTreeSet<_> = self.events.iter().map(|event| event.revision).collect();
        assert_eq!(numbers.len(), self.events.len());
    }
}
