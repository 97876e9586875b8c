//! The ball's history: who had to act, and since when.

use baton_contract::calendar::Holding;
use baton_contract::model::ClockOf;
use baton_terms::Instant;
use serde::{Deserialize, Serialize};

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// The sender.
    Sender,
    /// The receiver.
    Receiver,
    /// Neither party: approvers decide, oversight looks, or all is done. No party's clock runs.
    Neither,
}

/// The ball changes hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pass {
    /// When.
    pub at: Instant,
    /// Who holds it from then on.
    pub to: Holder,
}

/// The ball's history, oldest pass first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ball {
    // INVARIANT: in order of time; passes at the same instant are in the order they happened.
    passes: Vec<Pass>,
}

/// Passes that are not in the order they happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("follow the ball: pass {index} at `{at}` lies before the one ahead of it")]
pub struct BallError {
    index: usize,
    at: Instant,
}

impl Ball {
    /// Returns the history of `passes`.
    ///
    /// # Errors
    /// When a pass lies before the one ahead of it.
    pub fn new(passes: Vec<Pass>) -> Result<Self, BallError> {
        let pairs = passes.iter().zip(passes.iter().skip(1));
        let reversed = pairs
            .enumerate()
            .find(|(_, (earlier, later))| later.at < earlier.at);
        match reversed {
            Some((index, (_, pass))) => Err(BallError {
                index: index.saturating_add(1),
                at: pass.at,
            }),
            None => Ok(Self { passes }),
        }
    }

    /// Returns who holds the ball at `at`; at the instant of a pass, its taker.
    pub fn holder(&self, at: Instant) -> Holder {
        let taken = self.passes.iter().rev().find(|pass| pass.at <= at);
        taken.map_or(Holder::Neither, |pass| pass.to)
    }

    /// Returns when `party` held the ball from `start` on, and not after `end`, in order.
    pub fn holdings(
        &self,
        party: ClockOf,
        (start, end): (Instant, Option<Instant>),
    ) -> Vec<Holding> {
        let holder = match party {
            ClockOf::Sender => Holder::Sender,
            ClockOf::Receiver => Holder::Receiver,
        };
        let nexts = self.passes.iter().skip(1).map(|pass| Some(pass.at));
        let stretches = self.passes.iter().zip(nexts.chain([None]));
        let held = stretches.filter(|(pass, _)| pass.to == holder);
        let clipped = held.filter_map(|(pass, passed_on)| {
            let from = pass.at.max(start);
            let to = match (passed_on, end) {
                (Some(passed_on), Some(end)) => Some(passed_on.min(end)),
                (passed_on, end) => passed_on.or(end),
            };
            let is_empty = to.is_some_and(|to| to <= from);
            (!is_empty).then_some(Holding {
                start: from,
                end: to,
            })
        });
        clipped.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        format!("2026-01-{text}:00Z").parse().unwrap()
    }

    fn ball(passes: &[(&str, Holder)]) -> Result<Ball, BallError> {
        let pass = |(text, to): &(&str, Holder)| Pass {
            at: at(text),
            to: *to,
        };
        Ball::new(passes.iter().map(pass).collect())
    }

    // spec: CLOCK-1
    #[test]
    fn a_partys_holdings_are_the_stretches_between_its_passes() {
        let ball = ball(&[
            ("12T08:00", Holder::Sender),
            ("12T09:00", Holder::Receiver),
            ("12T10:00", Holder::Neither),
            ("12T11:00", Holder::Receiver),
            ("12T11:00", Holder::Sender),
            ("13T08:00", Holder::Receiver),
        ])
        .unwrap();
        let held = |party, start, end: Option<&str>| -> Vec<(Instant, Option<Instant>)> {
            ball.holdings(party, (at(start), end.map(at)))
                .iter()
                .map(|holding| (holding.start, holding.end))
                .collect()
        };
        let full = [
            (at("12T09:00"), Some(at("12T10:00"))),
            (at("13T08:00"), None),
        ];
        assert_eq!(held(ClockOf::Receiver, "01T00:00", None), full);
        assert_eq!(
            held(ClockOf::Receiver, "12T09:30", Some("12T09:45")),
            [(at("12T09:30"), Some(at("12T09:45")))]
        );
        assert_eq!(
            held(ClockOf::Sender, "12T08:30", None),
            [
                (at("12T08:30"), Some(at("12T09:00"))),
                (at("12T11:00"), Some(at("13T08:00")))
            ]
        );
        for (text, holder) in [
            ("12T07:59", Holder::Neither),
            ("12T09:00", Holder::Receiver),
            ("12T11:00", Holder::Sender),
            ("20T00:00", Holder::Receiver),
        ] {
            assert_eq!(ball.holder(at(text)), holder, "{text}");
        }
    }

    // spec: CLOCK-1
    #[test]
    fn passes_out_of_order_are_refused_and_named() {
        let error = ball(&[
            ("12T08:00", Holder::Sender),
            ("12T09:00", Holder::Receiver),
            ("12T08:59", Holder::Sender),
        ])
        .unwrap_err();
        assert_eq!(error.index, 2);
        assert!(ball(&[]).is_ok());
    }
}
