//! What missions are driven with on this machine: files, clock, gauges, and a claim that is kept while a step takes its time.

mod attendance;
mod files;
mod gauges;
mod time;

pub(crate) use attendance::Attended;
pub(crate) use files::{Here, MissionFiles};
pub(crate) use gauges::{MachineGauges, threads};
pub(crate) use time::WallTime;
