//! An organization under one contract whose next version is rolled out.

use baton_engine::handoff::{
    Advance, Call as Handing, ContractForm, Desk, Failure, Opening, Outcome as Handed, Sending,
    advance, ask, engine, open, submit,
};
use baton_engine::port::Store;
use baton_engine::rollout::{Call, Flags, Outcome, Starting, View, Watch, look, start, status};
use baton_mission::authority::Actor;
use baton_mission::handoff::{Ask, Unmet};
use baton_mission::rollout::Arm;
use baton_terms::Digest;
use baton_testkit::clock::SetClock;
use baton_testkit::organization::{actor, form, package};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

/// The version in force.
pub(super) const STABLE: &str = r#"
baton: contract/v1
name: design-to-build
version: 1.0.0
title: Design to build
purpose: Hand a finished design to the team that builds it.
owner: {team: product-operations}
from: {role: designer, teams: [design], kind: any}
to: {role: engineer, teams: [build], kind: any}
outcomes:
  - {id: bounces, metric: bounce-rate, unit: basis-points, direction: lower, baseline: 5000, target: 900, window: 7d}
inputs:
  schema:
    type: object
    required: [title, states]
    properties:
      title: {type: string}
      states: {type: array, items: {type: string}}
dimensions:
  - {id: readiness, title: Readiness, weight: 100}
clauses:
  - {id: titled, title: It has a title, dimension: readiness, weight: 8, severity: major, expect: 'package.title != ""', because: Nobody builds what has no name., fix: Give it a title., effort: 1}
rollback: {to: last-stable-baseline, on: [repeated-failures], failures: 3}
rollout:
  flag: design-to-build-v2
  stages: [{percent: 0}, {percent: 50}, {percent: 100}]
  bucketing: {unit: work-item, algorithm: sha256-modulo-v1}
  analysis:
    - {metric: bounce-rate, bound: not-worse-by, margin: 500, minimum_sample: 3}
"#;
pub(super) const ON: &str = r#"{"flags":{"design-to-build-v2":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on"}}}"#;

pub(super) fn canary_text() -> String {
    let clause = "  - {id: complete, title: Every state is drawn, dimension: readiness, weight: 1, severity: major, expect: package.states.size() >= 3, because: Empty states get guessed., fix: Add them., effort: 2}\nrollback:";
    let next = STABLE.replace("version: 1.0.0", "version: 1.1.0");
    next.replace("rollback:", clause)
}

pub(super) fn report(canary: &ContractForm) -> Vec<u8> {
    let suites: Vec<Value> = ["unit", "integration", "simulation", "regression"]
        .map(|suite| json!({"suite": suite, "cases": [{}]}))
        .into();
    json!({"contract": {"digest": canary.digest()}, "is_passed": true, "suites": suites})
        .to_string()
        .into_bytes()
}

/// A file of flags that a test changes.
pub(super) struct File(Mutex<Result<Vec<u8>, String>>);

impl File {
    pub(super) fn on() -> Self {
        Self(Mutex::new(Ok(ON.into())))
    }

    pub(super) fn set(&self, text: Result<&str, &str>) {
        let text = text.map(|text| text.as_bytes().to_vec());
        *self.0.lock().unwrap() = text.map_err(str::to_owned);
    }
}

impl Flags for File {
    fn read(&self) -> Result<Vec<u8>, String> {
        self.0.lock().unwrap().clone()
    }
}

pub(super) fn olga() -> Actor {
    actor("olga/person/product-operations/owner/operate")
}

/// One organization under one contract whose next version is rolled out.
pub(super) struct Org<'a> {
    pub(super) desk: Desk<'a>,
    clock: &'a SetClock,
    pub(super) watch: Watch,
    pub(super) stable: ContractForm,
    pub(super) canary: ContractForm,
}

impl<'a> Org<'a> {
    pub(super) fn new(store: &'a dyn Store, (clock, flags): (&'a SetClock, &'a File)) -> Self {
        // Read once: desks are made anew as often as somebody's process dies.
        static FORMS: OnceLock<(ContractForm, ContractForm)> = OnceLock::new();
        let (stable, canary) = FORMS.get_or_init(|| (form(STABLE), form(&canary_text())));
        Self {
            desk: Desk::new(store, clock).with_flags(flags),
            clock,
            watch: Watch::default(),
            stable: stable.clone(),
            canary: canary.clone(),
        }
    }

    pub(super) fn start(&self) -> Result<Outcome, Failure> {
        self.start_as(&olga(), ("r-1", "start"), &report(&self.canary))
    }

    pub(super) fn start_as(
        &self,
        who: &Actor,
        (rollout, key): (&str, &str),
        validation: &[u8],
    ) -> Result<Outcome, Failure> {
        let starting = Starting {
            stable: &self.stable,
            canary: &self.canary,
            validation,
            measured: BTreeMap::new(),
        };
        start(&self.desk, &deciding(who, (rollout, key)), &starting)
    }

    pub(super) fn look(&self) -> Result<Outcome, Failure> {
        self.clock.forward(1);
        look(
            &self.desk,
            &self.watch,
            (&engine(), &"r-1".parse().unwrap(), None),
        )
    }

    pub(super) fn status(&self) -> View {
        status(&self.desk, &self.watch, &"r-1".parse().unwrap()).unwrap()
    }

    pub(super) fn open(&self, handoff: &str, form: &ContractForm) -> Result<Handed, Failure> {
        let opening = Opening {
            work_item: format!("item-{handoff}"),
            contract: form,
            reopens: None,
        };
        let ada = actor("ada/person/design/designer/submit");
        open(&self.desk, &handing(&ada, (handoff, "open")), &opening)
    }

    pub(super) fn arm(&self, handoff: &str) -> Option<Arm> {
        let case = self.desk.load(&handoff.parse().unwrap()).unwrap();
        case.assignment().map(|assignment| assignment.arm)
    }

    pub(super) fn version(&self, handoff: &str) -> Digest {
        let case = self.desk.load(&handoff.parse().unwrap()).unwrap();
        self.desk.contract_of(&case).unwrap().form.digest()
    }

    pub(super) fn send(&self, handoff: &str) -> Result<(), Failure> {
        let sender = actor("ada/person/design/designer/submit");
        let item = format!("item-{handoff}");
        let package = package(&item, "Checkout", &json!({}));
        let sending = Sending {
            package: &package,
            ..Sending::default()
        };
        submit(&self.desk, &handing(&sender, (handoff, "submit")), &sending)?;
        let baton = engine();
        while advance(&self.desk, &handing(&baton, (handoff, "unused")))? != Advance::Idle {}
        Ok(())
    }

    pub(super) fn answer(&self, handoff: &str, is_bounced: bool) -> Result<(), Failure> {
        let receiver = actor("bob/person/build/engineer/submit");
        let case = self.desk.load(&handoff.parse().unwrap())?;
        let package = case.handoff().phase().dossier().unwrap().package.digest;
        let answer = if is_bounced {
            Ask::NeedInput {
                package,
                unmet: vec![Unmet {
                    subject: None,
                    what: "the loading state".to_owned(),
                }],
            }
        } else {
            Ask::Accept { package }
        };
        ask(
            &self.desk,
            &handing(&receiver, (handoff, "answer")),
            &answer,
        )?;
        Ok(())
    }

    /// One handoff from opening to the receiver's answer; `is_bounced` says what that is, by arm.
    pub(super) fn hand_over(&self, handoff: &str, is_bounced: impl Fn(Arm) -> bool) {
        self.clock.forward(60);
        self.open(handoff, &self.stable).unwrap();
        let arm = self.arm(handoff).unwrap_or(Arm::Stable);
        self.send(handoff).unwrap();
        self.answer(handoff, is_bounced(arm)).unwrap();
    }

    /// Through shadow into the stage where half of the buckets are exposed.
    pub(super) fn to_canary(&self) {
        self.start().unwrap();
        for number in 0..3 {
            self.hand_over(&format!("shadow-{number}"), |_| false);
        }
        assert_eq!(self.look().unwrap().percent, 50);
    }
}

pub(super) fn deciding<'c>(who: &'c Actor, (rollout, key): (&str, &str)) -> Call<'c> {
    Call {
        actor: who,
        rollout: rollout.parse().unwrap(),
        key: key.parse().unwrap(),
        expects: None,
    }
}

pub(super) fn handing<'c>(who: &'c Actor, (handoff, key): (&str, &str)) -> Handing<'c> {
    Handing {
        actor: who,
        handoff: handoff.parse().unwrap(),
        key: format!("{handoff}-{key}").parse().unwrap(),
        expects: None,
        under: None,
    }
}

/// Half of the stable version's handoffs bounce; those of the canary as `canary` says.
pub(super) fn bounces(number: u32, canary: bool) -> impl Fn(Arm) -> bool {
    move |arm| match arm {
        Arm::Stable => number.is_multiple_of(2),
        Arm::Canary => canary,
    }
}

/// What holds the rollout after a look.
pub(super) fn holds(org: &Org<'_>) -> String {
    org.look().unwrap();
    org.status().holds.join("; ")
}
