//! Random histories on a real store and on the store in memory: every answer is the same.

use baton_engine::port::{
    Claim, ClaimRequest, Job, JobKind, Page, Request, Settlement, Store, StoreError, Transition,
};
use baton_terms::Digest;
use baton_testkit::store::{job, plain, stream};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{cases::at, stores};

/// One thing that happens to a store. Small numbers, so that histories meet each other.
#[derive(Debug, Clone)]
enum Step {
    Append {
        stream: u8,
        behind: u8,
        request: Option<(u8, u8)>,
        timer: Option<(u8, u8)>,
        message: Option<u8>,
        clear: Option<u8>,
        under: Option<u8>,
    },
    Claim {
        is_timer: bool,
        limit: u8,
    },
    Settle {
        claim: u8,
        postpone: Option<u8>,
    },
    Renew {
        claim: u8,
    },
    Wait {
        seconds: u8,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let some = |max: u8| proptest::option::of(0..max);
    let append = (
        (0..3_u8, prop_oneof![4 => Just(0_u8), 1 => 1..3_u8]),
        proptest::option::of((0..4_u8, 0..2_u8)),
        proptest::option::of((0..2_u8, 0..60_u8)),
        some(3),
        some(2),
        some(4),
    )
        .prop_map(
            |((stream, behind), request, timer, message, clear, under)| Step::Append {
                stream,
                behind,
                request,
                timer,
                message,
                clear,
                under,
            },
        );
    prop_oneof![
        5 => append,
        2 => (any::<bool>(), 1..4_u8).prop_map(|(is_timer, limit)| Step::Claim { is_timer, limit }),
        2 => (0..4_u8, some(60)).prop_map(|(claim, postpone)| Step::Settle { claim, postpone }),
        1 => (0..4_u8).prop_map(|claim| Step::Renew { claim }),
        2 => (1..20_u8).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// A store, the clock of the history and the claims it was given.
struct Run<'a> {
    store: &'a dyn Store,
    now: u32,
    claims: Vec<Claim>,
}

impl Run<'_> {
    /// Performs a step and returns everything there is to see of it.
    fn perform(&mut self, step: &Step) -> String {
        match step {
            Step::Append { .. } => {
                let transition = self.transition(step);
                if transition.check().is_err() {
                    return String::new();
                }
                format!("{:?}", named(&self.store.append(transition)))
            }
            Step::Claim { is_timer, limit } => {
                let jobs = self.claim(
                    if *is_timer {
                        JobKind::Timer
                    } else {
                        JobKind::Message
                    },
                    *limit,
                );
                self.claims.extend(jobs.iter().map(|job| job.claim.clone()));
                format!("{jobs:?}")
            }
            Step::Settle { claim, postpone } => {
                let settlement = match postpone {
                    Some(seconds) => Settlement::Postponed {
                        due: at(self.now + u32::from(*seconds)),
                    },
                    None => Settlement::Done { at: at(self.now) },
                };
                self.with_claim(*claim, |store, claim| {
                    format!("{:?}", store.settle(claim, &settlement))
                })
            }
            Step::Renew { claim } => {
                let until = at(self.now + 30);
                self.with_claim(*claim, |store, claim| {
                    format!("{:?}", store.renew(claim, until))
                })
            }
            Step::Wait { seconds } => {
                self.now += u32::from(*seconds);
                String::new()
            }
        }
    }

    fn claim(&self, kind: JobKind, limit: u8) -> Vec<Job> {
        let request = ClaimRequest {
            node: "node-1".into(),
            kind,
            now: at(self.now),
            until: at(self.now + 30),
            limit: u32::from(limit),
        };
        self.store.claim(&request).unwrap()
    }

    fn with_claim(&self, back: u8, work: impl FnOnce(&dyn Store, &Claim) -> String) -> String {
        let claim = self.claims.iter().rev().nth(usize::from(back));
        claim.map_or_else(String::new, |claim| work(self.store, claim))
    }

    fn transition(&self, step: &Step) -> Transition {
        let Step::Append {
            stream: number,
            behind,
            request,
            timer,
            message,
            clear,
            under,
        } = step
        else {
            unreachable!("only appends are transitions");
        };
        let name = stream(&format!("handoff/{number}"));
        let entries = self
            .store
            .head(&name)
            .unwrap()
            .map_or(0, |head| head.entries);
        let expected = entries.saturating_sub(u64::from(*behind));
        let mut transition = plain(name, expected, "line", at(self.now));
        transition.request = request.map(|(key, asked)| Request {
            key: format!("key-{key}"),
            digest: Digest::of(&[asked]),
            answer: vec![asked],
        });
        transition.jobs.extend(timer.map(|(name, seconds)| {
            job(
                &format!("timer-{name}"),
                JobKind::Timer,
                at(self.now + u32::from(seconds)),
            )
        }));
        transition.jobs.extend(
            message.map(|name| job(&format!("mail-{name}"), JobKind::Message, at(self.now))),
        );
        transition
            .cleared
            .extend(clear.map(|name| job(&format!("timer-{name}"), JobKind::Timer, at(0)).id));
        transition.under =
            under.and_then(|back| self.claims.iter().rev().nth(usize::from(back)).cloned());
        transition
    }

    /// Everything a reader can see.
    fn picture(&self) -> String {
        let page = Page {
            prefix: String::new(),
            state: None,
            turn: None,
            after: None,
            limit: 100,
        };
        let heads = self.store.heads(&page).unwrap();
        let lines: Vec<_> = heads
            .iter()
            .map(|head| self.store.lines(&head.stream, 0, 1_000).unwrap())
            .collect();
        let requests: Vec<_> = (0..4)
            .map(|key| self.store.request(&format!("key-{key}")).unwrap())
            .collect();
        format!(
            "{heads:?} {lines:?} {requests:?} {:?}",
            self.store.next_due().unwrap()
        )
    }
}

/// Stores word the refusal of a name differently; what they refuse is the same.
fn named<T: std::fmt::Debug>(result: &Result<T, StoreError>) -> String {
    let text = format!("{result:?}");
    if text.contains("Malformed") {
        "Malformed".into()
    } else {
        text
    }
}

fn compare(cases: u32, make: impl Fn() -> Option<stores::Subject>) {
    let mut runner = TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..Default::default()
    });
    let histories = proptest::collection::vec(step(), 1..120);
    runner
        .run(&histories, |steps| {
            let Some(subject) = make() else { return Ok(()) };
            let oracle = stores::memory();
            let mut real = Run {
                store: subject.store.as_ref(),
                now: 0,
                claims: Vec::new(),
            };
            let mut model = Run {
                store: oracle.store.as_ref(),
                now: 0,
                claims: Vec::new(),
            };
            for step in &steps {
                prop_assert_eq!(real.perform(step), model.perform(step), "{:?}", step);
            }
            prop_assert_eq!(real.picture(), model.picture());
            Ok(())
        })
        .unwrap();
}

#[test]
fn sqlite_answers_as_the_model_does() {
    compare(40, || Some(stores::sqlite()));
}

#[test]
fn postgresql_answers_as_the_model_does() {
    if stores::postgres_url().is_some() {
        compare(12, stores::postgres);
    }
}
