//! A deadline in business time never ends outside working hours, whenever work arrives.

use baton_contract::calendar::{Allowance, Calendar};
use baton_terms::Instant;

use super::Invariant;
use crate::conditions::{Parameters, Trial};
use crate::suites::{Scene, Subject};

const NAME: &str = "deadlines-end-in-working-hours";

pub(super) const INVARIANT: Invariant = Invariant {
    name: NAME,
    try_out,
};

fn try_out(parameters: &Parameters, subject: &Subject<'_>, _: &Scene, trial: &mut Trial) {
    let contract = subject.contract.contract();
    for (name, deadline) in contract.deadlines.iter() {
        let Ok(allowance) = deadline.within.parse::<Allowance>() else {
            trial.fails(NAME, &format!("the {name} deadline can't be read"));
            continue;
        };
        if matches!(allowance, Allowance::Elapsed(_)) {
            continue; // Around the clock, as its author chose.
        }
        let section = contract
            .calendars
            .iter()
            .find(|calendar| deadline.calendar.as_ref() == Some(&calendar.id));
        let Some(calendar) = section.and_then(|section| Calendar::new(&section.draft()).ok())
        else {
            trial.fails(NAME, &format!("the {name} deadline has no usable calendar"));
            continue;
        };
        for moment in &parameters.moments {
            let is_humane = ends_in_hours(&calendar, *moment, allowance);
            trial.holds(NAME, is_humane == Ok(true), || {
                let found = match is_humane {
                    Err(why) => why,
                    Ok(_) => "a time outside them".to_owned(),
                };
                format!("expected the {name} deadline from {moment} to end in working hours, found {found}")
            });
        }
    }
}

fn ends_in_hours(calendar: &Calendar, from: Instant, allowance: Allowance) -> Result<bool, String> {
    let due = calendar
        .add(from, allowance)
        .map_err(|error| error.to_string())?;
    // A deadline at closing time is in working hours; the second before it is what must be open.
    let second = second_before(due);
    calendar.is_open(second).map_err(|error| error.to_string())
}

fn second_before(instant: Instant) -> Instant {
    let timestamp = instant.timestamp();
    let before = timestamp
        .checked_sub(jiff::SignedDuration::from_secs(1))
        .unwrap_or(timestamp);
    Instant::from_timestamp(before)
}
