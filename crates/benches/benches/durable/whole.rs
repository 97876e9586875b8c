//! Whole handoffs through the use cases: opened, submitted, checked, three approvals at two gates, offered, accepted, completed. Nothing
//! of it is acknowledged before it is on disk.

use baton_engine::{
    handoff::{
        Advance, Call, ContractForm, Desk, Failure, Opening, Sending, advance, ask, engine, open,
        submit,
    },
    port::Store,
};
use baton_mission::{
    authority::Actor,
    handoff::{Ask, Phase, StateName},
};
use baton_testkit::{
    clock::SetClock,
    organization::{CONTRACT, START, actor, form, package},
};

use crate::load::{Load, measure};
use crate::table::Measured;

/// Who shares what.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sharing {
    /// One desk, as in one process, and so many teams, each with room for all that it is offered; a client always hands to the same.
    Desk {
        /// How many.
        teams: u32,
    },
    /// A desk for each handoff, as in as many processes: nothing is shared but the store, and two teams with room for five each.
    Nothing,
}

impl Sharing {
    /// Returns the contracts that clients take in turn.
    fn contracts(self) -> Vec<String> {
        let Self::Desk { teams } = self else {
            return vec![CONTRACT.to_owned()];
        };
        let one = |number| {
            let text = CONTRACT.replace("[payments, search]", &format!("[team-{number}]"));
            let of_two = "[{team: payments}, {team: search}]";
            let text = text.replace(of_two, &format!("[{{team: team-{number}}}]"));
            text.replace("wip_limit: 5", "wip_limit: 1000")
        };
        (0..teams).map(one).collect()
    }
}

/// Measures handoffs, and returns the entries of one with it.
pub(crate) fn rate(store: &dyn Store, load: Load, sharing: Sharing) -> (Measured, u64) {
    let clock = SetClock::at(START.parse().unwrap());
    let contracts = sharing.contracts();
    let forms: Vec<ContractForm> = contracts.iter().map(|text| form(text)).collect();
    let shared = Desk::new(store, &clock);
    let rate = measure(load, |client, number| {
        let own = matches!(sharing, Sharing::Nothing).then(|| Desk::new(store, &clock));
        let desk = own.as_ref().unwrap_or(&shared);
        let life = Life::of(desk, format!("h-{client}-{number}"));
        let of_client = usize::try_from(client).unwrap() % forms.len();
        life.live(forms.get(of_client).unwrap());
    });
    let name = baton_testkit::store::stream("handoff/h-0-0");
    let entries = store.head(&name).unwrap().map_or(0, |head| head.entries);
    (rate, entries)
}

/// One handoff and the desk it is worked on.
pub(crate) struct Life<'a> {
    desk: &'a Desk<'a>,
    name: String,
}

impl<'a> Life<'a> {
    pub(crate) fn of(desk: &'a Desk<'a>, name: String) -> Self {
        Self { desk, name }
    }

    /// Opens it and submits a package.
    pub(crate) fn send(&self, form: &ContractForm) {
        let ada = actor("ada/person/design/designer/submit");
        let opening = Opening {
            work_item: self.name.clone(),
            contract: form,
            reopens: None,
        };
        open(self.desk, &self.call(&ada, "open"), &opening).unwrap();
        let package = package(&self.name, "Checkout", &serde_json::json!({}));
        let sending = Sending {
            package: &package,
            ..Sending::default()
        };
        submit(self.desk, &self.call(&ada, "submit"), &sending).unwrap();
    }

    fn live(&self, form: &ContractForm) {
        self.send(form);
        self.advance();
        for (card, gate) in [
            ("lea/person/product/product-lead/approve", "product"),
            ("max/person/safety/safety-lead/approve", "safety"),
            (
                "nia/person/safety/safety-lead+product-lead/approve",
                "safety",
            ),
        ] {
            let approve = Ask::Approve {
                gates: vec![gate.parse().unwrap()],
                package: self.digest(),
                reason: "it is sound".to_owned(),
            };
            self.ask(&actor(card), &approve);
        }
        self.advance();
        let receiver = self.receiver();
        let accept = Ask::Accept {
            package: self.digest(),
        };
        self.ask(&receiver, &accept);
        self.ask(&receiver, &Ask::Complete { outputs: None });
        let case = self.desk.load(&self.name.parse().unwrap()).unwrap();
        assert_eq!(case.handoff().state(), StateName::Completed);
    }

    fn call<'c>(&self, who: &'c Actor, key: &str) -> Call<'c> {
        Call {
            actor: who,
            handoff: self.name.parse().unwrap(),
            key: format!("{}-{key}", self.name).parse().unwrap(),
            expects: None,
            under: None,
        }
    }

    fn ask(&self, who: &Actor, question: &Ask) {
        let key = match question {
            Ask::Approve { .. } => format!("approve-{}", who.principal),
            Ask::Accept { .. } => "accept".to_owned(),
            _ => "complete".to_owned(),
        };
        again(|| ask(self.desk, &self.call(who, &key), question));
    }

    /// Lets Baton take its steps until it is somebody else's turn.
    pub(crate) fn advance(&self) {
        let engine = engine();
        while again(|| advance(self.desk, &self.call(&engine, "unused"))) != Advance::Idle {}
    }

    fn digest(&self) -> baton_terms::Digest {
        let case = self.desk.load(&self.name.parse().unwrap()).unwrap();
        case.handoff().phase().dossier().unwrap().package.digest
    }

    fn receiver(&self) -> Actor {
        let case = self.desk.load(&self.name.parse().unwrap()).unwrap();
        let team = match case.handoff().phase() {
            Phase::Offered(offer) => offer.team.to_string(),
            _ => "payments".to_owned(),
        };
        actor(&format!("bob/person/{team}/engineer/submit"))
    }
}

/// Asks until there is an answer, as callers do whom others were always a step ahead of.
fn again<T>(ask: impl Fn() -> Result<T, Failure>) -> T {
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(failure) => assert!(failure.is_transient(), "{failure}"),
        }
    }
}
