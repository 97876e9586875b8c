//! What happened up to the landmark: activities, pairs of neighbors, repeats, first and last one.

use hashbrown::HashSet;

use super::attribute::category;
use super::{Sightings, Sink};
use crate::blameless::is_person;
use crate::cases::frame::Frame;
use crate::cases::landmark::Landmark;
use crate::cases::table::{Origin, Unit};
use crate::model::{Code, Log, MISSING};

/// Adds what happened in each case up to the landmark.
pub(in crate::cases) fn flow(frame: &Frame<'_>, sink: &mut Sink) {
    let activity = frame.log.activity();
    let mut present = Sightings::new();
    let mut pairs = Sightings::new();
    let mut repeated = Sightings::new();
    let (mut firsts, mut lasts) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (row, at) in frame.rows.iter().zip(0_u32..) {
        seen.clear();
        let mut before: Option<Code> = None;
        for event in row.events.clone() {
            let Some(code) = activity.code(event) else {
                continue;
            };
            present.see(code, at);
            // Work that comes back to a step it had left is done again.
            if !seen.insert(code) && before != Some(code) {
                repeated.see(code, at);
            }
            if let Some(before) = before.filter(|&before| before != code) {
                pairs.see((before, code), at);
            }
            before = Some(code);
        }
        firsts.push(activity.code(row.events.start).unwrap_or(MISSING));
        lasts.push(before.unwrap_or(MISSING));
    }
    let name = |code| shown(frame.log, code);
    sink.sightings(Origin::Flow, present, |code| {
        Some(format!("activity: {}", name(code)?))
    });
    sink.sightings(Origin::Flow, repeated, |code| {
        Some(format!("rework: {}", name(code)?))
    });
    sink.sightings(Origin::Flow, pairs, |(from, to)| {
        Some(format!("step: {} → {}", name(from)?, name(to)?))
    });
    sink.dense("first activity", Origin::Flow, category(&firsts, name));
    // At the start the first event is all there is.
    if frame.settings.landmark == Landmark::Start {
        return;
    }
    sink.dense("last activity", Origin::Flow, category(&lasts, name));
    let events = frame
        .rows
        .iter()
        .map(|row| i64::try_from(row.events.len()).ok());
    sink.numbers("events", Origin::Flow, (events.collect(), Unit::Count));
    let idle = frame.rows.iter().map(|row| {
        let last = row.events.end.checked_sub(1)?;
        let last = frame.log.times().get(last)?;
        Some((row.time - last).div_euclid(1_000_000))
    });
    sink.numbers(
        "time since last event",
        Origin::Flow,
        (idle.collect(), Unit::Seconds),
    );
}

/// Returns the text of an activity, unless it is the name of a person.
pub(super) fn shown(log: &Log, code: Code) -> Option<&str> {
    let text = log.activity().dictionary.text(code)?;
    Some(text).filter(|text| !is_person(log, text))
}
