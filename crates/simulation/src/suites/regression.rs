//! Regression: the scorecard of an example is the golden one, byte for byte.

use baton_scoring::CheckedContract;
use baton_terms::Digest;

use super::file::Case;
use super::report::CaseReport;
use super::run::{Files, Subject};
use super::scene::{Evidence, Scene};

/// Returns the digest of a case's scorecard.
///
/// # Errors
/// When the case can't be carried out, in words.
pub fn golden(
    contract: &CheckedContract,
    case: &Case,
    files: &dyn Files,
) -> Result<Digest, String> {
    let scene = Scene::set(contract, case, Evidence::Verified, files)?;
    let scorecard = scene.check(contract)?;
    scorecard.digest().map_err(|error| error.to_string())
}

pub(super) fn run(subject: &Subject<'_>, case: &Case, files: &dyn Files) -> CaseReport {
    let digest = golden(subject.contract, case, files);
    match (digest, case.scorecard) {
        (Ok(found), Some(expected)) if found == expected => {
            CaseReport::new(&case.name, 1, Vec::new())
        }
        (Ok(found), Some(expected)) => {
            let message = format!(
                "scorecard: expected {expected}, found {found}; if the change is meant, look at `baton check --format json` and run `baton test --bless`"
            );
            CaseReport::new(&case.name, 1, vec![message])
        }
        (Ok(found), None) => {
            let message = format!(
                "scorecard: expected a digest to compare with, found none; this one is {found}"
            );
            CaseReport::new(&case.name, 1, vec![message])
        }
        (Err(why), _) => CaseReport::new(&case.name, 0, vec![why]),
    }
}
