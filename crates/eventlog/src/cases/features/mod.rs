//! Features of cases, each known at the landmark: one file per origin.

mod attribute;
mod calendar;
mod flow;
mod handover;
mod order;
mod sink;
mod workload;

pub(super) use attribute::attributes;
pub(super) use calendar::calendar;
pub(super) use flow::flow;
pub(super) use handover::handovers;
pub(super) use order::order;
pub(super) use sink::{Sightings, Sink};
pub(super) use workload::workload;
