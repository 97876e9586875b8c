//! From the ball's history to due instants.
//!
//! A pure function: computed again after every pass, so that a clock that stood still moves its due
//! instant, and computed again in a replay, where it must give the same instants.

use baton_contract::calendar::{Allowance, Clock, Holding};
use baton_contract::model::{ClockOf, Deadline, DeadlineExpiry, Deadlines};
use baton_terms::{Elapsed, Instant};
use serde::{Deserialize, Serialize};

use super::ball::Ball;
use super::calendars::{Calendars, ClockError};

/// What a deadline is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The receiver says that it has seen the offer.
    Acknowledge,
    /// The receiver gives its verdict.
    Verdict,
    /// The accepted work is complete.
    Complete,
}

/// When a step began and, once it is done, when that was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// The step.
    pub step: Step,
    /// Since when its deadline counts.
    pub at: Instant,
    /// When the step was done.
    pub done: Option<Instant>,
}

/// Where a deadline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The party holds the ball; the time is used up at `at`.
    Running {
        /// When it is used up.
        at: Instant,
    },
    /// The party does not hold the ball and has time left.
    Standing,
    /// The step was done in time.
    Kept,
    /// The time was used up at `at`, before the step was done or the ball passed on.
    Missed {
        /// When it was used up.
        at: Instant,
    },
}

/// One deadline of a handoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// What it is for.
    pub step: Step,
    /// Whose clock it is.
    pub clock: ClockOf,
    /// Where it stands.
    pub standing: Standing,
    /// What happens when it passes. Approving is not among the words.
    pub on_expiry: DeadlineExpiry,
}

impl Due {
    /// Returns whether the deadline has passed at `now`; never before its instant.
    pub fn has_passed(&self, now: Instant) -> bool {
        match self.standing {
            Standing::Running { at } => now >= at,
            Standing::Missed { .. } => true,
            Standing::Standing | Standing::Kept => false,
        }
    }
}

/// Returns where each deadline stands for which a step has begun, in the order of `starts`.
///
/// # Errors
/// When a calendar is missing or cannot answer; then no deadline is guessed.
pub fn dues(
    deadlines: &Deadlines,
    calendars: &Calendars,
    (ball, starts): (&Ball, &[Start]),
) -> Result<Vec<Due>, ClockError> {
    let mut dues = Vec::new();
    for start in starts {
        let deadline = match start.step {
            Step::Acknowledge => &deadlines.acknowledge,
            Step::Verdict => &deadlines.verdict,
            Step::Complete => &deadlines.complete,
        };
        if let Some(deadline) = deadline {
            dues.push(Due {
                step: start.step,
                clock: deadline.clock,
                standing: standing(deadline, calendars, (ball, start))?,
                on_expiry: deadline.on_expiry,
            });
        }
    }
    Ok(dues)
}

/// Returns the earliest instant at which a running deadline passes, for one timer.
pub fn next_timer(dues: &[Due]) -> Option<Instant> {
    let running = |due: &Due| match due.standing {
        Standing::Running { at } => Some(at),
        _ => None,
    };
    dues.iter().filter_map(running).min()
}

fn standing(
    deadline: &Deadline,
    calendars: &Calendars,
    (ball, start): (&Ball, &Start),
) -> Result<Standing, ClockError> {
    let held = ball.holdings(deadline.clock, (start.at, start.done));
    let allowance: Allowance = deadline.within.parse()?;
    let calendar = deadline.calendar.as_ref().and_then(|id| calendars.get(id));
    let used_up = match (allowance, calendar) {
        (_, Some(calendar)) => Clock::new(calendar, &held)?.due(allowance)?,
        (Allowance::Elapsed(elapsed), None) if deadline.calendar.is_none() => {
            around_the_clock(elapsed, &held).map_err(|BeyondTime| ClockError::BeyondTime {
                within: deadline.within.clone(),
            })?
        }
        (_, None) => {
            return Err(ClockError::UnknownCalendar {
                within: deadline.within.clone(),
                calendar: deadline
                    .calendar
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            });
        }
    };
    let is_open = held.last().is_some_and(|holding| holding.end.is_none());
    Ok(match (used_up, start.done) {
        // Done at the very instant at which the time is used up is still in time.
        (Some(at), Some(done)) if at < done => Standing::Missed { at },
        (_, Some(_)) => Standing::Kept,
        (Some(at), None) if is_open && is_in_last(at, &held) => Standing::Running { at },
        (Some(at), None) => Standing::Missed { at },
        (None, None) => Standing::Standing,
    })
}

/// Returns whether `at` lies in the holding that is still open, and not in one before it.
fn is_in_last(at: Instant, held: &[Holding]) -> bool {
    held.last().is_some_and(|holding| at > holding.start)
}

/// The answer lies beyond the year 9999.
struct BeyondTime;

/// Counts elapsed time, each holding floored to whole seconds, so that nothing is due early.
fn around_the_clock(elapsed: Elapsed, held: &[Holding]) -> Result<Option<Instant>, BeyondTime> {
    let mut left = elapsed;
    for holding in held {
        let due = holding.start.checked_add(left).ok_or(BeyondTime)?;
        let Some(end) = holding.end else {
            return Ok(Some(due));
        };
        if due <= end {
            return Ok(Some(due));
        }
        let used = end.since(holding.start).unwrap_or_default().seconds();
        left = Elapsed::from_seconds(left.seconds().saturating_sub(used));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ball::{Holder, Pass};
    use super::super::calendars::tests::office;
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn deadline(within: &str, calendar: Option<&str>, clock: ClockOf) -> Deadlines {
        Deadlines {
            verdict: Some(Deadline {
                within: within.to_owned(),
                calendar: calendar.map(|id| id.parse().unwrap()),
                clock,
                on_expiry: DeadlineExpiry::Escalate,
                at: String::new(),
            }),
            ..Deadlines::default()
        }
    }

    fn ball(passes: &[(&str, Holder)]) -> Ball {
        let pass = |(text, to): &(&str, Holder)| Pass {
            at: at(text),
            to: *to,
        };
        Ball::new(passes.iter().map(pass).collect()).unwrap()
    }

    fn calendars() -> Calendars {
        Calendars::new(&[
            office("berlin", "Europe/Berlin"),
            office("new-york", "America/New_York"),
        ])
        .unwrap()
    }

    fn verdict(deadlines: &Deadlines, ball: &Ball, done: Option<&str>) -> Result<Due, ClockError> {
        let start = Start {
            step: Step::Verdict,
            at: at("2026-01-12T08:00:00Z"),
            done: done.map(at),
        };
        dues(deadlines, &calendars(), (ball, &[start])).map(|dues| dues[0])
    }

    // spec: CLOCK-2
    #[test]
    fn the_clock_of_a_party_stands_while_another_holds_the_ball() {
        let receiver = deadline("3bh", Some("berlin"), ClockOf::Receiver);
        let sender = deadline("3bh", Some("berlin"), ClockOf::Sender);
        let start = ("2026-01-12T08:00:00Z", Holder::Receiver);
        let passed = ("2026-01-12T10:00:00Z", Holder::Sender);
        let back = ("2026-01-13T08:00:00Z", Holder::Receiver);
        let gate = ("2026-01-13T08:30:00Z", Holder::Neither);
        let running = |text| Standing::Running { at: at(text) };
        for (deadlines, passes, expected) in [
            (&receiver, &[start][..], running("2026-01-12T11:00:00Z")),
            (&receiver, &[start, passed], Standing::Standing),
            (
                &receiver,
                &[start, passed, back],
                running("2026-01-13T09:00:00Z"),
            ),
            (&receiver, &[start, passed, back, gate], Standing::Standing),
            (&sender, &[start], Standing::Standing),
            (&sender, &[start, passed], running("2026-01-12T13:00:00Z")),
            (
                &sender,
                &[start, passed, back],
                Standing::Missed {
                    at: at("2026-01-12T13:00:00Z"),
                },
            ),
        ] {
            let due = verdict(deadlines, &ball(passes), None).unwrap();
            assert_eq!(due.standing, expected, "{passes:?}");
        }
    }

    // spec: CLOCK-3
    #[test]
    fn done_at_the_due_instant_is_in_time_and_one_nanosecond_later_is_not() {
        let deadlines = deadline("3bh", Some("berlin"), ClockOf::Receiver);
        let ball = ball(&[("2026-01-12T08:00:00Z", Holder::Receiver)]);
        let due = at("2026-01-12T11:00:00Z");
        for (done, expected) in [
            ("2026-01-12T11:00:00Z", Standing::Kept),
            (
                "2026-01-12T11:00:00.000000001Z",
                Standing::Missed { at: due },
            ),
        ] {
            let found = verdict(&deadlines, &ball, Some(done)).unwrap();
            assert_eq!(found.standing, expected, "{done}");
        }
        let running = verdict(&deadlines, &ball, None).unwrap();
        assert!(!running.has_passed(at("2026-01-12T10:59:59.999999999Z")));
        assert!(running.has_passed(due));
        assert_eq!(next_timer(&[running]), Some(due));
    }

    // spec: CLOCK-4
    #[test]
    fn nights_of_changing_clocks_count_working_time_once() {
        // Berlin skips 02:00 to 03:00 on 29 March and repeats it on 25 October; both are Sundays.
        for (within, calendar, start, expected) in [
            (
                "1bd",
                "berlin",
                "2026-03-27T15:00:00Z",
                "2026-03-30T15:00:00Z",
            ),
            (
                "2bh",
                "berlin",
                "2026-03-27T15:00:00Z",
                "2026-03-30T08:00:00Z",
            ),
            (
                "2bh",
                "berlin",
                "2026-10-23T14:00:00Z",
                "2026-10-26T09:00:00Z",
            ),
            (
                "2bh",
                "new-york",
                "2026-03-06T21:00:00Z",
                "2026-03-09T14:00:00Z",
            ),
            (
                "48h",
                "berlin",
                "2026-03-28T12:00:00Z",
                "2026-03-30T12:00:00Z",
            ),
        ] {
            let deadlines = deadline(within, Some(calendar), ClockOf::Receiver);
            let ball = ball(&[(start, Holder::Receiver)]);
            let due = verdict(&deadlines, &ball, None).unwrap();
            assert_eq!(
                due.standing,
                Standing::Running { at: at(expected) },
                "{within} {start}"
            );
        }
    }

    // spec: CLOCK-6
    #[test]
    fn what_cannot_be_counted_is_answered_and_never_guessed() {
        let in_2026 = "2026-01-12T08:00:00Z";
        for (within, calendar, start, code) in [
            ("3bh", None, in_2026, "E1350"),
            ("3bh", Some("lisbon"), in_2026, "E1350"),
            ("48h", Some("lisbon"), in_2026, "E1350"),
            ("3 hours", Some("berlin"), in_2026, "E0652"),
            ("3bh", Some("berlin"), "2027-01-12T08:00:00Z", "E0647"),
            ("5200w", None, "9990-01-12T08:00:00Z", "E1350"),
        ] {
            let deadlines = deadline(within, calendar, ClockOf::Receiver);
            let ball = ball(&[(start, Holder::Receiver)]);
            let error = verdict(&deadlines, &ball, None).unwrap_err();
            assert_eq!(
                error.code().to_string(),
                code,
                "{within} {calendar:?}: {error}"
            );
        }
    }

    #[test]
    fn time_around_the_clock_needs_no_calendar() {
        let deadlines = deadline("48h", None, ClockOf::Receiver);
        let ball = ball(&[
            ("2026-01-12T08:00:00Z", Holder::Receiver),
            ("2026-01-12T10:00:00.9Z", Holder::Sender),
            ("2026-01-17T08:00:00Z", Holder::Receiver),
        ]);
        let due = verdict(&deadlines, &ball, None).unwrap();
        let expected = at("2026-01-19T06:00:00Z");
        assert_eq!(due.standing, Standing::Running { at: expected });
    }

    #[test]
    fn a_deadline_whose_step_has_not_begun_is_not_listed() {
        let deadlines = deadline("48h", None, ClockOf::Receiver);
        let start = Start {
            step: Step::Complete,
            at: at("2026-01-12T08:00:00Z"),
            done: None,
        };
        let ball = ball(&[("2026-01-12T08:00:00Z", Holder::Receiver)]);
        for starts in [&[][..], &[start]] {
            assert_eq!(
                dues(&deadlines, &calendars(), (&ball, starts)),
                Ok(Vec::new())
            );
        }
    }

    proptest! {
        // spec: CLOCK-3
        #[test]
        fn passing_the_ball_never_makes_a_deadline_earlier(
            hours in proptest::collection::vec(1_u64..40, 1..6),
            allowed in 1_u32..30,
            is_business in any::<bool>(),
        ) {
            let calendar = is_business.then_some("berlin");
            let unit = if is_business { "bh" } else { "h" };
            let deadlines = deadline(&format!("{allowed}{unit}"), calendar, ClockOf::Receiver);
            let start = at("2026-01-12T08:00:00Z");
            let mut moment = start;
            let mut passes = vec![Pass { at: start, to: Holder::Receiver }];
            let whole = verdict(&deadlines, &Ball::new(passes.clone()).unwrap(), None).unwrap();
            for (index, hours) in hours.iter().enumerate() {
                moment = moment.checked_add(Elapsed::from_seconds(hours * 3_600)).unwrap();
                let to = if index % 2 == 0 { Holder::Sender } else { Holder::Receiver };
                passes.push(Pass { at: moment, to });
            }
            let due = verdict(&deadlines, &Ball::new(passes).unwrap(), None).unwrap();
            let Standing::Running { at: unbroken } = whole.standing else {
                panic!("the receiver holds the ball");
            };
            if let Standing::Running { at } | Standing::Missed { at } = due.standing {
                prop_assert!(at >= unbroken);
            }
        }
    }
}
