//! Simulation: one example lived through every scenario of a named condition.

use super::file::Case;
use super::report::CaseReport;
use super::run::{Files, Subject};
use super::scene::{Evidence, Scene};
use crate::conditions::{Conditions, Trial};

pub(super) fn run(subject: &Subject<'_>, case: &Case, files: &dyn Files) -> CaseReport {
    match attempt(subject, case, files) {
        Ok(trial) => {
            let report = CaseReport::new(&case.name, trial.checks, trial.messages);
            CaseReport {
                condition: case.condition,
                ..report
            }
        }
        Err(why) => CaseReport {
            condition: case.condition,
            ..CaseReport::new(&case.name, 0, vec![why])
        },
    }
}

fn attempt(subject: &Subject<'_>, case: &Case, files: &dyn Files) -> Result<Trial, String> {
    let condition = case
        .condition
        .ok_or_else(|| "no condition is named".to_owned())?;
    let conditions = Conditions::of(condition)?;
    let scene = Scene::set(subject.contract, case, Evidence::Given, files)?;
    Ok(conditions.try_out(subject, &scene))
}
