//! When the case started: weekday and hour in the zone of the mapping.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Sink;
use super::attribute::category;
use crate::cases::frame::Frame;
use crate::cases::table::{Origin, Unit};

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Adds weekday and hour of the start.
pub(in crate::cases) fn calendar(frame: &Frame<'_>, sink: &mut Sink) {
    let zone = frame.settings.zone.clone().unwrap_or(TimeZone::UTC);
    let mut days = Vec::with_capacity(frame.rows.len());
    let mut hours = Vec::with_capacity(frame.rows.len());
    for row in &frame.rows {
        let start = Timestamp::from_microsecond(row.start).ok();
        let local = start.map(|start| zone.to_datetime(start));
        let day = local.map(|local| local.date().weekday().to_monday_zero_offset());
        let day = day.and_then(|day| u32::try_from(day).ok());
        days.push(day.unwrap_or(u32::MAX));
        hours.push(local.map(|local| i64::from(local.hour())));
    }
    let weekday = |code: u32| {
        let place = usize::try_from(code).ok()?;
        WEEKDAYS.get(place).copied()
    };
    sink.dense("start weekday", Origin::Calendar, category(&days, weekday));
    sink.numbers("start hour", Origin::Calendar, (hours, Unit::Count));
}
