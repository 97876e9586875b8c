//! One process of a run: a desk and two nodes, and the people who use it, until it dies.

use baton_engine::handoff::{
    Call, ContractForm, Desk, Failure, Opening, Outcome, Sending, ask, open, submit,
};
use baton_engine::node::Node;
use baton_mission::authority::Actor;
use baton_terms::{Digest, Elapsed};

use super::people::{act, payload, question, usual};
use super::scene::Scene;
use crate::check::Acknowledged;
use crate::clock::SetClock;
use crate::organization::package;
use crate::seed::Seed;

/// Handoffs of a run.
pub(super) const HANDOFFS: [&str; 6] = ["h-0", "h-1", "h-2", "h-3", "h-4", "h-5"];
/// Times a caller repeats a request whose answer it did not get.
const REPETITIONS: u32 = 3;

/// A request that may be repeated.
type Attempt<'s> = Box<dyn Fn(&Desk<'_>) -> Result<Outcome, Failure> + 's>;

/// What stays the same over all processes of a run.
pub(super) struct Stage<'a> {
    pub(super) seed: Seed,
    pub(super) clock: &'a SetClock,
    pub(super) cast: Vec<Actor>,
    pub(super) form: ContractForm,
    pub(super) scene: &'a Scene,
}

/// What was told to people so far.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) acknowledged: Vec<Acknowledged>,
    pub(super) refused: u64,
    /// Handoffs that oversight put back where they were.
    pub(super) resumed: u64,
    /// The same, and those it gave to a team by name.
    pub(super) placed: u64,
}

/// Returns the work item of a handoff: three compete for each.
fn item(handoff: &str) -> &'static str {
    match handoff {
        "h-0" | "h-1" | "h-2" => "item-1",
        _ => "item-2",
    }
}

impl Stage<'_> {
    /// Time goes on, sometimes far, sometimes back.
    pub(super) fn wait(&self) {
        let seconds = match self.seed.below(40) {
            0 => 3_600 * self.seed.below(10),
            1..=4 => 60 * self.seed.below(60),
            _ => self.seed.below(90),
        };
        if let Ok(span) = format!("{seconds}s").parse::<Elapsed>() {
            self.clock.wait(span);
        }
        if self.seed.happens(self.scene.clock_back_per_mille) {
            self.clock.back(300);
        }
    }

    /// One step: a node takes a turn, or somebody tries something.
    pub(super) fn step(
        &self,
        (desk, nodes): (&Desk<'_>, &[Node<'_>]),
        (number, told): (u64, &mut Told),
    ) {
        self.wait();
        if self.seed.happens(350) {
            if let Some(node) = self.seed.pick(nodes) {
                // What fails is tried again by somebody: that is what a run finds out.
                let _ = node.turn();
            }
            return;
        }
        let Some(handoff) = self.seed.pick(&HANDOFFS) else {
            return;
        };
        let Some((who, act)) = self.chosen(desk, handoff) else {
            return;
        };
        let (Ok(name), Ok(key)) = (handoff.parse(), format!("key-{number}").parse()) else {
            return;
        };
        let call = Call {
            actor: who,
            handoff: name,
            key,
            expects: None,
            under: None,
        };
        let attempt = self.attempt(desk, (&call, act));
        for _ in 0..REPETITIONS {
            match attempt(desk) {
                Ok(outcome) => {
                    told.resumed += u64::from(act == "resume");
                    told.placed += u64::from(matches!(act, "resume" | "reassign"));
                    told.acknowledged.push(Acknowledged {
                        handoff: (*handoff).to_owned(),
                        revision: outcome.revision.get(),
                        key: call.key.to_string(),
                    });
                    // Sometimes the answer is lost on the way to the caller, who asks again.
                    if !self.seed.happens(200) {
                        return;
                    }
                }
                Err(failure) if failure.is_transient() => {}
                Err(_) => {
                    told.refused += 1;
                    return;
                }
            }
        }
    }

    /// Chooses who does what: mostly what the state calls for, sometimes anything by anybody.
    fn chosen(&self, desk: &Desk<'_>, handoff: &str) -> Option<(&Actor, &'static str)> {
        let case = desk.load(&handoff.parse().ok()?).ok()?;
        let handoff = case.handoff();
        let team = handoff.phase().offer().map(|offer| offer.team.to_string());
        let is_usual = self.seed.happens(700);
        let usual = usual(
            handoff.state().word(),
            team.as_deref().unwrap_or(""),
            &self.seed,
        );
        match usual.filter(|_| is_usual) {
            Some((who, act)) => Some((self.cast.get(who)?, act)),
            None => Some((self.seed.pick(&self.cast)?, act(&self.seed))),
        }
    }

    /// Decides what is asked, once; what is returned asks it, as often as it is called.
    fn attempt<'s>(&'s self, desk: &Desk<'_>, (call, act): (&'s Call<'s>, &str)) -> Attempt<'s> {
        let handoff = call.handoff.to_string();
        let case = desk.load(&call.handoff).ok();
        let is_open = case.as_ref().is_some_and(|case| case.entries() > 0);
        if !is_open {
            return Box::new(move |desk| {
                let opening = Opening {
                    work_item: item(&handoff).to_owned(),
                    contract: &self.form,
                    reopens: None,
                };
                open(desk, call, &opening)
            });
        }
        let dossier = case
            .as_ref()
            .and_then(|case| case.handoff().phase().dossier());
        let current = dossier.map(|dossier| dossier.package.digest);
        let current = current.filter(|_| !self.seed.happens(30));
        let current = current.unwrap_or_else(|| Digest::of(b"another package"));
        let asked = question((act, &self.seed), (current, desk.now()));
        let (title, changes) = payload(&self.seed, self.scene);
        Box::new(move |desk| match &asked {
            Some(asked) => ask(desk, call, asked),
            None => {
                let bytes = package(item(&handoff), &title, &changes);
                let sending = Sending {
                    package: &bytes,
                    ..Sending::default()
                };
                submit(desk, call, &sending)
            }
        })
    }
}
