//! One organization at one desk.

use std::sync::OnceLock;

use baton_engine::handoff::{
    Advance, Call, ContractForm, Desk, Failure, Opening, Outcome, Sending, advance, ask, engine,
    open, submit,
};
use baton_engine::port::Store;
use baton_mission::authority::Actor;
use baton_mission::handoff::{Ask, Phase, StateName};
use baton_mission::names::Revision;
use baton_store::SqliteStore;
use baton_terms::Digest;
use baton_testkit::clock::SetClock;
use baton_testkit::organization::{CONTRACT, START, actor, form, package};
use baton_testkit::store::MemoryStore;
use serde_json::json;
use tempfile::TempDir;

pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) store: Box<dyn Store>,
    _folder: Option<TempDir>,
}

impl Place {
    pub(crate) fn new(name: &'static str, store: Box<dyn Store>) -> Self {
        Self {
            name,
            store,
            _folder: None,
        }
    }
}

pub(crate) fn sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("store.db")).unwrap();
    Place {
        _folder: Some(folder),
        ..Place::new("sqlite", Box::new(store))
    }
}

pub(crate) fn places() -> Vec<Place> {
    let memory = MemoryStore::new();
    vec![Place::new("memory", Box::new(memory)), sqlite()]
}

/// Read once: worlds are made anew as often as somebody's process dies.
static FORM: OnceLock<ContractForm> = OnceLock::new();

pub(crate) struct World<'a> {
    pub(crate) desk: Desk<'a>,
    pub(crate) form: ContractForm,
}

pub(crate) fn clock() -> SetClock {
    SetClock::at(START.parse().unwrap())
}

pub(crate) fn ada() -> Actor {
    actor("ada/person/design/designer/submit")
}
pub(crate) fn bob() -> Actor {
    actor("bob/person/payments/engineer/submit")
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
pub(crate) fn olga() -> Actor {
    actor("olga/person/delivery/engineering-manager/operate+admin")
}

pub(crate) fn call<'c>(who: &'c Actor, handoff: &str, key: &str) -> Call<'c> {
    Call {
        actor: who,
        handoff: handoff.parse().unwrap(),
        key: format!("{handoff}-{key}").parse().unwrap(),
        expects: None,
        under: None,
    }
}

impl<'a> World<'a> {
    pub(crate) fn new(store: &'a dyn Store, clock: &'a SetClock) -> Self {
        Self {
            desk: Desk::new(store, clock),
            form: FORM.get_or_init(|| form(CONTRACT)).clone(),
        }
    }

    pub(crate) fn open(&self, handoff: &str, item: &str) -> Result<Outcome, Failure> {
        let opening = Opening {
            work_item: item.to_owned(),
            contract: &self.form,
            reopens: None,
        };
        open(&self.desk, &call(&ada(), handoff, "open"), &opening)
    }

    pub(crate) fn submit(
        &self,
        handoff: &str,
        (item, title): (&str, &str),
    ) -> Result<Outcome, Failure> {
        let package = package(item, title, &json!({}));
        let submission = Sending {
            package: &package,
            ..Sending::default()
        };
        let key = format!("submit-{title}");
        submit(&self.desk, &call(&ada(), handoff, &key), &submission)
    }

    pub(crate) fn ask(
        &self,
        who: &Actor,
        handoff: &str,
        (key, question): (&str, Ask),
    ) -> Result<Outcome, Failure> {
        ask(&self.desk, &call(who, handoff, key), &question)
    }

    /// Lets Baton take its steps until it is somebody else's turn.
    pub(crate) fn advance(&self, handoff: &str) {
        let engine = engine();
        loop {
            let step = call(&engine, handoff, "unused");
            if advance(&self.desk, &step).unwrap() == Advance::Idle {
                return;
            }
        }
    }

    pub(crate) fn package(&self, handoff: &str) -> Digest {
        let case = self.desk.load(&handoff.parse().unwrap()).unwrap();
        let dossier = case.handoff().phase().dossier();
        dossier.unwrap().package.digest
    }

    pub(crate) fn state(&self, handoff: &str) -> StateName {
        let case = self.desk.load(&handoff.parse().unwrap()).unwrap();
        case.handoff().state()
    }

    pub(crate) fn revision(&self, handoff: &str) -> Revision {
        let case = self.desk.load(&handoff.parse().unwrap()).unwrap();
        case.handoff().revision()
    }

    pub(crate) fn approve(
        &self,
        who: &Actor,
        handoff: &str,
        gate: &str,
    ) -> Result<Outcome, Failure> {
        let question = Ask::Approve {
            gates: vec![gate.parse().unwrap()],
            package: self.package(handoff),
            reason: "it is sound".to_owned(),
        };
        let key = format!("approve-{gate}-{}", who.principal);
        self.ask(who, handoff, (&key, question))
    }

    /// Goes on to an offer.
    pub(crate) fn to_offer(&self, handoff: &str, item: &str) {
        self.open(handoff, item).unwrap();
        self.submit(handoff, (item, "Checkout")).unwrap();
        self.advance(handoff);
        for (who, gate) in [(lea(), "product"), (max(), "safety"), (nia(), "safety")] {
            self.approve(&who, handoff, gate).unwrap();
        }
        self.advance(handoff);
        assert_eq!(self.state(handoff), StateName::Offered);
    }

    pub(crate) fn receiver(&self, handoff: &str) -> Actor {
        let case = self.desk.load(&handoff.parse().unwrap()).unwrap();
        match case.handoff().phase() {
            Phase::Offered(offer) => actor(&format!("bob/person/{}/engineer/submit", offer.team)),
            _ => bob(),
        }
    }

    pub(crate) fn accept(&self, handoff: &str) -> Result<Outcome, Failure> {
        let question = Ask::Accept {
            package: self.package(handoff),
        };
        self.ask(&self.receiver(handoff), handoff, ("accept", question))
    }
}

pub(crate) fn code(failure: &Failure) -> u16 {
    failure.to_diagnostic().code.number()
}

pub(crate) fn other_form() -> ContractForm {
    form(&CONTRACT.replace("version: 1.0.0", "version: 1.1.0"))
}
