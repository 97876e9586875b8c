//! Which version of a contract a handoff holds to, and why: decided once, when it is opened, and recorded with that.
//!
//! Everybody whom a rollout compares takes a numbered place among its members, in the same transaction, so that a look finds them
//! without reading the store. Members are spread over shards by their bucket: handoffs opened at once rarely want the same place.

use std::sync::Arc;

use baton_contract::model::BucketingUnit;
use baton_mission::rollout::{Arm, Rollout, arm, bucket};
use baton_terms::{Digest, Id};
use serde::{Deserialize, Serialize};

use super::flags::withheld;
use super::line::{Line, Standing};
use crate::handoff::{Call, ContractForm, Desk, Failure, Pinned};
use crate::rollout::Fault;

/// Shards of a rollout's members.
pub(super) const SHARDS: u32 = 16;

/// Which version a handoff holds to, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The rollout that decided.
    pub rollout: Id,
    /// Its revision then.
    pub revision: u64,
    /// Share of buckets exposed then.
    pub percent: u32,
    /// The algorithm that gave the bucket.
    pub algorithm: Id,
    /// The bucket; none where nobody is put into one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<u32>,
    /// Which of the two versions.
    pub arm: Arm,
    /// Its digest.
    pub version: Digest,
    /// The version that is evaluated beside it, without effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Digest>,
    /// Why nobody is exposed, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

/// What a handoff is opened under.
pub(crate) struct Assigned {
    /// The version it holds to.
    pub(crate) pinned: Arc<Pinned>,
    /// Why that one, where a rollout had a say.
    pub(crate) assignment: Option<Assignment>,
    /// The place it takes among the rollout's members.
    pub(crate) place: Option<(String, Vec<u8>)>,
}

/// Decides which version a handoff is opened under that was given one.
pub(crate) fn assign(
    desk: &Desk<'_>,
    call: &Call<'_>,
    (work_item, form): (&str, &ContractForm),
) -> Result<Assigned, Failure> {
    let given = desk.shelf.given(form)?;
    let contract = &given.terms.pin().name;
    let alone = |pinned| Assigned {
        pinned,
        assignment: None,
        place: None,
    };
    let line = Line::read(desk, contract)?;
    let Some(tip) = line.tip() else {
        return Ok(alone(given));
    };
    let digest = form.digest();
    let is_at_stake = digest == tip.stable || digest == tip.canary;
    let stays = match tip.standing {
        Standing::Live if !is_at_stake => {
            return Err(Fault::OtherVersion {
                contract: contract.clone(),
                rollout: tip.rollout.clone(),
                found: digest,
            }
            .into());
        }
        Standing::Live => false,
        // What is over has a say about the version that lost, and for a while about the one that is looked at; about no other.
        Standing::Promoted => {
            let is_watched = tip.watched_until.is_some_and(|until| desk.now() < until);
            digest != tip.stable && !(is_watched && digest == tip.canary)
        }
        Standing::RolledBack => digest != tip.canary,
    };
    if stays {
        return Ok(alone(given));
    }
    let record = desk.rollout(&tip.rollout)?;
    let rollout = record.rollout()?;
    let choice = Choice {
        desk,
        call,
        rollout,
    };
    choice.make(work_item)
}

struct Choice<'c, 'd> {
    desk: &'c Desk<'d>,
    call: &'c Call<'c>,
    rollout: &'c Rollout,
}

impl Choice<'_, '_> {
    fn make(&self, work_item: &str) -> Result<Assigned, Failure> {
        let plan = &self.rollout.plan;
        let percent = self.rollout.percent();
        let is_live = self.rollout.stay().is_some();
        let now = self.desk.now();
        let watched = self.rollout.watched();
        let is_watched = watched.is_some_and(|(_, until)| now < until);
        let bucketed = bucket(&plan.algorithm, &plan.flag, &self.unit(work_item));
        let withheld = match &bucketed {
            _ if !is_live => None,
            Err(unknown) => Some(unknown.to_string()),
            Ok(_) => withheld(self.desk.flags(), &plan.flag),
        };
        let arm = match (&bucketed, &withheld) {
            _ if !is_live => arm(0, percent),
            (Ok(bucket), None) => arm(*bucket, percent),
            _ => Arm::Stable,
        };
        let (version, other) = match arm {
            Arm::Stable => (plan.versions.stable, plan.versions.canary),
            Arm::Canary => (plan.versions.canary, plan.versions.stable),
        };
        let is_compared = (is_live && withheld.is_none()) || is_watched;
        let assignment = Assignment {
            rollout: plan.id.clone(),
            revision: self.rollout.revision,
            percent,
            algorithm: plan.algorithm.clone(),
            bucket: bucketed.ok().filter(|_| is_live || is_watched),
            arm,
            version,
            beside: is_compared.then_some(other),
            withheld,
        };
        let shard = assignment.bucket.filter(|_| is_compared);
        let place = shard.map(|bucket| {
            let name = members(&plan.id, bucket % SHARDS);
            let tip = self.desk.hints.tip(self.desk.store(), &name)?;
            let handoff = self.call.handoff.as_str().as_bytes().to_vec();
            Ok::<_, Failure>((tip.next_key(&name), handoff))
        });
        Ok(Assigned {
            pinned: self.desk.shelf.kept(self.desk.store(), version)?,
            assignment: Some(assignment),
            place: place.transpose()?,
        })
    }

    fn unit(&self, work_item: &str) -> String {
        let actor = self.call.actor;
        match self.rollout.plan.unit {
            BucketingUnit::Team => actor.team.to_string(),
            BucketingUnit::Sender => actor.stamp().answerable().to_string(),
            BucketingUnit::WorkItem => work_item.to_owned(),
        }
    }
}

/// Returns the sequence in which a shard of a rollout's members take their places.
pub(super) fn members(rollout: &Id, shard: u32) -> String {
    format!("rollout-members/{rollout}/{shard}")
}
