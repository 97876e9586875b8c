//! Deadlines in business time, with one clock per party that runs only while that party holds the ball.

mod ball;
mod calendars;
mod due;

pub use ball::{Ball, BallError, Holder, Pass};
pub use calendars::{CALENDAR_UNKNOWN, Calendars, ClockError, Pins, TZDB_CHANGED};
pub use due::{Due, Standing, Start, Step, dues, next_timer};

#[cfg(test)]
pub(crate) use calendars::tests::office;
