//! Messages on their way out: offers, what undoes them, and news.
//!
//! What an attempt at an offer led to is decided by the lifecycle, which sets the next attempt or parks the handoff. News has no
//! state of its own: it is tried again under its job, and after the contract's attempts the handoff is parked, while the news
//! goes on being tried, since it was promised.

use baton_evidence::canonical;
use baton_mission::handoff::{Ask, AttemptOutcome, Phase, Refusal, Step};
use baton_mission::names::HandoffId;
use baton_mission::retry::Policy;
use baton_terms::Id;
use serde_json::Value;

use super::turn::{Node, Worked, later, unreadable};
use crate::handoff::{Attempt, Call, Case, Failure, Parcel, ask, report, shortened};
use crate::port::{Delivered, Job, MESSAGE_BYTES_MAX, Message, MessageKind};

/// Longest delay between two attempts at news, in milliseconds.
pub const NOTICE_DELAY_MS_MAX: u64 = 3_600_000;
/// What undoes a delivery: the receiver is told that it no longer counts.
const RETRACT: &str = "retract";

/// What a message is about.
enum About {
    Offer,
    Undo(Id),
    News,
}

impl Node<'_> {
    pub(super) fn message(&self, handoff: &HandoffId, job: &Job) -> Result<Worked, Failure> {
        let parcel: Parcel = serde_json::from_slice(&job.body).map_err(|_| unreadable(job))?;
        let case = self.desk.load(handoff)?;
        let about = match (&parcel.undo, parcel.about.as_str()) {
            (Some(effect), _) => About::Undo(effect.id.clone()),
            (None, "offer") => About::Offer,
            _ => About::News,
        };
        if !is_wanted(&case, (&about, &parcel)) {
            return Ok(Worked::Done);
        }
        let delivered = self
            .courier
            .deliver(&self.packed(&case, (&about, &parcel), job)?);
        match about {
            About::News => self.told(handoff, &case, (job, delivered)),
            About::Offer => self.offered(handoff, (job, delivered)),
            About::Undo(effect) => self.undone(handoff, effect, (job, delivered)),
        }
    }

    fn packed(
        &self,
        case: &Case,
        (about, parcel): (&About, &Parcel),
        job: &Job,
    ) -> Result<Message, Failure> {
        let mut to = parcel
            .to
            .iter()
            .cloned()
            .collect::<std::collections::BTreeSet<_>>();
        if to.is_empty() {
            let pinned = self.desk.contract_of(case)?;
            to.insert(pinned.terms.owner().clone());
        }
        let kind = match about {
            About::Offer | About::Undo(_) => MessageKind::Delivery,
            About::News => MessageKind::Notification,
        };
        let body = match (about, parcel.package) {
            (About::Offer, Some(package)) => match self.desk.store().blob(&package)? {
                Some(document) => with_document(&job.body, &document),
                None => None,
            },
            _ => None,
        };
        Ok(Message {
            id: parcel.id.clone(),
            kind,
            to,
            body: body.unwrap_or_else(|| job.body.clone()),
        })
    }

    fn offered(
        &self,
        handoff: &HandoffId,
        (job, delivered): (&Job, Delivered),
    ) -> Result<Worked, Failure> {
        let is_done = delivered == Delivered::Done;
        let attempt = Attempt {
            step: Step::Delivery,
            result: outcome(delivered),
            compensation: is_done.then(|| RETRACT.parse().ok()).flatten(),
        };
        reported(report(self.desk, &self.call(handoff, job)?, &attempt))
    }

    fn undone(
        &self,
        handoff: &HandoffId,
        effect: Id,
        (job, delivered): (&Job, Delivered),
    ) -> Result<Worked, Failure> {
        let result = outcome(delivered);
        let question = Ask::Compensate { effect, result };
        reported(ask(self.desk, &self.call(handoff, job)?, &question))
    }

    fn call(&self, handoff: &HandoffId, job: &Job) -> Result<Call<'_>, Failure> {
        // Each claim is another attempt, with another outcome.
        let what = format!("sent:{}:{}", job.claim.job, job.claim.fence.0);
        Ok(Call {
            under: Some(job.claim.clone()),
            ..Call::own(&self.baton, handoff, &what)?
        })
    }

    fn told(
        &self,
        handoff: &HandoffId,
        case: &Case,
        (job, delivered): (&Job, Delivered),
    ) -> Result<Worked, Failure> {
        let (why, is_lasting) = match delivered {
            Delivered::Done => return Ok(Worked::Done),
            Delivered::Transient { why } => (why, false),
            Delivered::Lasting { why } => (why, true),
        };
        let pinned = self.desk.contract_of(case)?;
        let policy = Policy::new(pinned.terms.retries());
        let attempt = job.attempt.saturating_add(1);
        let last = if is_lasting { 1 } else { policy.attempts() };
        if attempt == last {
            let what = format!("untold:{}", job.claim.job);
            let spent = Attempt {
                step: Step::Notification,
                result: AttemptOutcome::Lasting {
                    why: shortened(&why),
                },
                compensation: None,
            };
            let call = Call::own(&self.baton, handoff, &what)?;
            // Where it is over or parked already, oversight knows all there is to know.
            reported(report(self.desk, &call, &spent))?;
        }
        let delay = if attempt < last {
            policy.delay_ms(&format!("{handoff}/{}", job.claim.job), attempt)
        } else {
            NOTICE_DELAY_MS_MAX
        };
        Ok(Worked::Later(later(self.desk.now(), delay)))
    }
}

/// An offer that was taken back or went elsewhere is not delivered any more; news always is.
fn is_wanted(case: &Case, (about, parcel): (&About, &Parcel)) -> bool {
    match (about, case.handoff().phase()) {
        (About::Offer, Phase::Offered(_) | Phase::Accepted(_)) => {
            case.offer_name().as_ref() == Some(&parcel.id)
        }
        (About::News, _) | (About::Undo(_), Phase::RollingBack(_)) => true,
        _ => false,
    }
}

/// What was reported too late to mean anything is settled all the same.
fn reported<T>(result: Result<T, Failure>) -> Result<Worked, Failure> {
    match result {
        Ok(_) => Ok(Worked::Settled),
        Err(Failure::Refused(refusal))
            if matches!(
                *refusal,
                Refusal::IllegalTransition { .. } | Refusal::UnfitFact { .. }
            ) =>
        {
            Ok(Worked::Done)
        }
        Err(failure) => Err(failure),
    }
}

fn outcome(delivered: Delivered) -> AttemptOutcome {
    match delivered {
        Delivered::Done => AttemptOutcome::Done,
        Delivered::Transient { why } => AttemptOutcome::Transient {
            why: shortened(&why),
        },
        Delivered::Lasting { why } => AttemptOutcome::Lasting {
            why: shortened(&why),
        },
    }
}

/// Returns the message with the document offered, where it fits; else its receiver fetches it by its digest.
fn with_document(body: &[u8], document: &[u8]) -> Option<Vec<u8>> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    let document: Value = serde_json::from_slice(document).ok()?;
    body.as_object_mut()?
        .insert("document".to_owned(), document);
    let bytes = canonical::to_bytes(&body);
    (bytes.len() <= MESSAGE_BYTES_MAX).then_some(bytes)
}
