//! What a rollout is shown of one handoff, once it has gone far enough. A handoff that comes to no answer within its window counts
//! then, without a value.

use baton_contract::calendar::Calendar;
use baton_contract::model::Unit;
use baton_terms::{Elapsed, Instant};

use super::bucket::Arm;
use super::plan::{Observation, Plan};
use crate::course::Course;

/// How values are counted.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'a> {
    /// What is measured.
    pub plan: &'a Plan,
    /// Unit of each metric of the plan, in its order.
    pub units: &'a [Unit],
    /// The calendar of business time, where there is one.
    pub calendar: Option<&'a Calendar>,
    /// How long a handoff may go without a value before it counts as having none.
    pub window: Elapsed,
}

impl Measure<'_> {
    /// Returns what a handoff shows by `now`, once it shows everything that it will.
    pub fn observation(&self, course: &Course, (arm, now): (Arm, Instant)) -> Option<Observation> {
        let opened = course.opened()?;
        let limit = opened.checked_add(self.window);
        let mut at = opened;
        let mut values = Vec::new();
        for (judged, unit) in self.plan.metrics.iter().zip(self.units) {
            let known = course.value(judged.metric, (*unit, self.calendar));
            let known = known.filter(|(known, _)| limit.is_none_or(|limit| *known <= limit));
            let (known, value) = match (known, limit) {
                (Some(known), _) => known,
                (None, Some(limit)) => (limit, None),
                (None, None) => return None,
            };
            at = at.max(known);
            values.push(value);
        }
        if at > now {
            return None;
        }
        Some(Observation {
            handoff: course.handoff().cloned()?,
            at,
            arm,
            values,
        })
    }
}
