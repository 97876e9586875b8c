//! The check of a submitted package, recorded as every check is.

use std::collections::BTreeMap;

use baton_evidence::json::{Limits, Tree};
use baton_mission::handoff::{Ask, CheckSummary, Dossier, Handoff};
use baton_scoring::evidence::{Artifact, Available};
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::{Waiver, Waivers};
use baton_scoring::wire::Posture;
use baton_scoring::{Inputs, decision};
use baton_terms::{Diagnostic, Digest, Instant};

use crate::handoff::call::{Call, Outcome};
use crate::handoff::case::Case;
use crate::handoff::commit::{Gathered, commit};
use crate::handoff::desk::Desk;
use crate::handoff::entry::{self, Beside};
use crate::handoff::failure::Failure;
use crate::handoff::reason::shortened;
use crate::handoff::shelf::Pinned;
use crate::port::{Blob, StoreError};

/// Checks the package that a handoff holds, and records what was found.
///
/// # Errors
/// When there is no package, the lifecycle refuses, or the store fails.
pub fn check(desk: &Desk<'_>, call: &Call<'_>) -> Result<Outcome, Failure> {
    commit(desk, call, |case, at| {
        let pinned = desk.contract_of(case)?;
        let Some(dossier) = case.handoff().phase().dossier() else {
            // The lifecycle says what is wrong with asking.
            let scorecard = Digest::of(b"");
            return Ok(Gathered::plain(Ask::Check { scorecard }, pinned));
        };
        Examined {
            desk,
            case,
            dossier,
        }
        .gather(pinned, at)
    })
}

struct Examined<'e, 'd> {
    desk: &'e Desk<'d>,
    case: &'e Case,
    dossier: &'e Dossier,
}

impl Examined<'_, '_> {
    fn gather(&self, pinned: std::sync::Arc<Pinned>, at: Instant) -> Result<Gathered, Failure> {
        let dossier = self.dossier;
        // A check is never older than the one before it, whatever the clock says.
        let as_of = dossier.check.as_ref().map_or(at, |last| last.as_of.max(at));
        let package = self.package(dossier.package.digest)?;
        let mut context = Context::at(as_of);
        // Approvals that stand were held against this package when it was submitted.
        context.approved_package =
            (!dossier.approvals.is_empty()).then_some(dossier.package.digest);
        let artifacts = self.artifacts(&package, &pinned)?;
        let available = Available {
            artifacts: &artifacts,
            keyring: &self.desk.keyring,
            as_of,
        };
        let evidence = (pinned.contract).evidence_index(&package, &context, &available);
        let waivers = waivers(self.case.handoff(), dossier);
        let inputs = Inputs {
            package: &package,
            evidence: &evidence,
            waivers: &waivers,
            history: &History::default(),
            context: &context,
        };
        let scorecard = (pinned.contract).check(&inputs).map_err(Failure::Package)?;
        let unwritable = |_| Failure::Unrecordable {
            why: "the scorecard has no canonical form".to_owned(),
        };
        let summary = CheckSummary::of(&scorecard).map_err(unwritable)?;
        let form = pinned.form.bytes();
        let record = decision::record(form, &inputs, &scorecard).map_err(unwritable)?;
        let subject = self.case.name();
        let draft = record.to_draft(as_of.min(at), &subject, Some("baton"));
        let beside = self.beside((&package, &artifacts), &context)?;
        let ask = Ask::Check {
            scorecard: summary.scorecard,
        };
        drop(scorecard);
        let mut gathered = Gathered::plain(ask, pinned);
        gathered.check = Some(summary);
        gathered.before.push(draft);
        if let Some(beside) = &beside {
            let package = dossier.package.digest;
            let draft = entry::beside(beside, (subject, package, as_of.min(at)))?;
            gathered.before.push(draft);
        }
        let blobs = record.blobs.into_iter();
        gathered.blobs = blobs
            .map(|(digest, bytes)| Blob { digest, bytes })
            .collect();
        Ok(gathered)
    }

    /// Assesses the package under the other version of the rollout that gave this one, without effect.
    fn beside(
        &self,
        (package, artifacts): (&Package, &BTreeMap<String, Artifact>),
        context: &Context,
    ) -> Result<Option<Beside>, Failure> {
        let Some(assignment) = self.case.assignment() else {
            return Ok(None);
        };
        let Some(version) = assignment.beside else {
            return Ok(None);
        };
        let other = self.desk.shelf.kept(self.desk.store, version)?;
        let refused = other.contract.accept(package);
        let assessed = if refused.is_empty() {
            self.assess(&other, (package, artifacts), context)
        } else {
            Err(refused)
        };
        let (posture, problem) = match assessed {
            Ok(posture) => (Some(posture), None),
            Err(problems) => (
                None,
                problems.first().map(|first| shortened(&first.message)),
            ),
        };
        Ok(Some(Beside {
            rollout: assignment.rollout.clone(),
            version,
            posture,
            problem,
        }))
    }

    fn assess(
        &self,
        pinned: &Pinned,
        (package, artifacts): (&Package, &BTreeMap<String, Artifact>),
        context: &Context,
    ) -> Result<Posture, Vec<Diagnostic>> {
        let available = Available {
            artifacts,
            keyring: &self.desk.keyring,
            as_of: context.as_of,
        };
        let evidence = pinned.contract.evidence_index(package, context, &available);
        let inputs = Inputs {
            package,
            evidence: &evidence,
            waivers: &waivers(self.case.handoff(), self.dossier),
            history: &History::default(),
            context,
        };
        let scorecard = pinned.contract.check(&inputs)?;
        Ok(scorecard.posture)
    }

    fn package(&self, digest: Digest) -> Result<Package, Failure> {
        let bytes = self.desk.store.blob(&digest)?;
        let bytes = bytes.ok_or(Failure::DocumentMissing {
            what: "package",
            digest,
        })?;
        let read = Tree::read(&bytes, Limits::RECORDED).and_then(Package::read);
        read.map_err(|_| {
            let why = format!("the package `{digest}` cannot be read again");
            StoreError::Damaged { why }.into()
        })
    }

    /// What was not sent along is no failure: the evidence is then unverifiable, with the reason.
    fn artifacts(
        &self,
        package: &Package,
        pinned: &Pinned,
    ) -> Result<BTreeMap<String, Artifact>, Failure> {
        let mut artifacts = BTreeMap::new();
        for item in package.evidence() {
            let artifact = match self.desk.store.blob(&item.digest)? {
                None => Artifact::Unreadable("it was not sent along".to_owned()),
                Some(bytes) if pinned.contract.verifies(&item.id) => Artifact::Bytes(bytes),
                Some(_) => Artifact::Digest(item.digest),
            };
            artifacts.insert(item.id.to_string(), artifact);
        }
        Ok(artifacts)
    }
}

/// Returns the waivers of a handoff as a check reads them.
fn waivers(handoff: &Handoff, dossier: &Dossier) -> Waivers {
    let granted = handoff.waivers().iter().map(|waiver| Waiver {
        id: waiver.id.clone(),
        contract: dossier.pin.name.clone(),
        clause: waiver.clause.clone(),
        work_item: Some(dossier.draft.slot.work_item.clone()),
        team: None,
        reason: waiver.reason.clone(),
        owner: waiver.owner.to_string(),
        approver: waiver.approver.answerable().to_string(),
        expires: waiver.expires,
    });
    Waivers::granted(granted)
}
