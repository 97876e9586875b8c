//! Submitting a package with its evidence.

use std::collections::BTreeSet;

use baton_evidence::canonical;
use baton_evidence::json::{Limits, Tree};
use baton_mission::handoff::{Ask, PackageFacts};
use baton_scoring::package::Package;
use baton_terms::{Diagnostic, Digest};

use super::open::contract;
use crate::handoff::call::{Call, Outcome};
use crate::handoff::commit::{Gathered, commit};
use crate::handoff::desk::Desk;
use crate::handoff::failure::{Failure, codes};
use crate::handoff::shelf::ContractForm;
use crate::port::Blob;
use crate::rollout::Fault;

/// What is submitted.
#[derive(Debug, Clone, Default)]
pub struct Sending<'a> {
    /// The contract to be pinned to by the first submission; that of the opening when left out.
    pub contract: Option<&'a ContractForm>,
    /// The package (`package/v1`).
    pub package: &'a [u8],
    /// The artifacts it declares, as far as they are sent along.
    pub evidence: &'a [Vec<u8>],
}

/// Submits a package. From its first submission on a handoff holds to its contract.
///
/// # Errors
/// When the package or contract cannot be used, the lifecycle refuses, or the store fails.
pub fn submit(desk: &Desk<'_>, call: &Call<'_>, sending: &Sending<'_>) -> Result<Outcome, Failure> {
    let package = Tree::read(sending.package, Limits::PACKAGE).and_then(Package::read);
    let package = package.map_err(Failure::Package)?;
    let documents = documents(&package, sending)?;
    commit(desk, call, |case, _| {
        if let (Some(assignment), Some(form)) = (case.assignment(), sending.contract)
            && form.digest() != assignment.version
        {
            return Err(Fault::Given {
                rollout: assignment.rollout.clone(),
                given: assignment.version,
                found: form.digest(),
            }
            .into());
        }
        let pinned = match (case.handoff().phase().dossier(), sending.contract) {
            (None, Some(form)) if case.exists() => desk.shelf.given(form)?,
            _ => desk.contract_of(case)?,
        };
        let refused = pinned.contract.accept(&package);
        if !refused.is_empty() {
            return Err(Failure::Package(refused));
        }
        let ask = Ask::Submit {
            package: package.digest(),
        };
        let facts = PackageFacts::of(&package, &pinned.terms);
        let mut gathered = Gathered::plain(ask, pinned);
        gathered.package = Some(facts);
        gathered.blobs.clone_from(&documents);
        gathered.blobs.extend(sending.contract.map(contract));
        Ok(gathered)
    })
}

/// Returns the package and the artifacts it declares; a file that it does not declare is refused, not dropped.
fn documents(package: &Package, sending: &Sending<'_>) -> Result<Vec<Blob>, Failure> {
    let bytes = canonical::view_to_bytes(package.document());
    let mut documents = vec![Blob {
        digest: package.digest(),
        bytes,
    }];
    let declared: BTreeSet<Digest> = package.evidence().iter().map(|item| item.digest).collect();
    for bytes in sending.evidence {
        let digest = Digest::of(bytes);
        if !declared.contains(&digest) {
            let problem = Diagnostic::error(
                codes::UNDECLARED_FILE,
                "a file was sent along that the package does not declare",
            );
            let problem = problem
                .pointing_to("/evidence")
                .expected("files whose digests the package declares as evidence")
                .found(format!("`{digest}`"))
                .hint("declare it in the package, or leave it out");
            return Err(Failure::Package(vec![problem]));
        }
        documents.push(Blob {
            digest,
            bytes: bytes.clone(),
        });
    }
    Ok(documents)
}
