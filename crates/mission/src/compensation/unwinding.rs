//! Undoes performed effects one by one, the last one first.
//!
//! A compensation that fails, and an effect that cannot be undone at all, stop the unwinding in a
//! state of its own: earlier effects are not touched until somebody has it tried again or answers
//! for leaving it. So what is undone is always the tail of what was done.

use baton_terms::Id;
use serde::{Deserialize, Serialize};

use crate::names::Principal;

/// A performed effect and what undoes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// What was done.
    pub id: Id,
    /// What undoes it; nothing when it cannot be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compensation: Option<Id>,
}

/// An unwinding in progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unwinding {
    // INVARIANT: `undone` and `left`, the latter reversed, together are what was performed.
    undone: Vec<Undone>,
    left: Vec<Effect>,
    failed: Option<Failed>,
    /// How often the compensation that is next has failed.
    attempts: u32,
}

/// An effect that no longer stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undone {
    /// The effect.
    pub effect: Id,
    /// Who answers for leaving it as it is; nothing when it was compensated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_by: Option<Answer>,
}

/// Who leaves an effect in place, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The person.
    pub principal: Principal,
    /// The reason given.
    pub reason: String,
}

/// A compensation that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failed {
    /// The effect that still stands.
    pub effect: Id,
    /// Why it does.
    pub reason: String,
    /// How often its compensation was tried.
    pub attempts: u32,
}

/// Where an unwinding stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress<'a> {
    /// This effect is compensated next.
    Next(&'a Effect),
    /// The compensation of an effect failed, or it has none: a person decides.
    Blocked(&'a Failed),
    /// Every effect was compensated.
    Clean,
    /// Nothing is left to undo, and these effects were left in place.
    Left(Vec<&'a Undone>),
}

/// What an unwinding is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The compensation of an effect succeeded.
    Compensated {
        /// The effect.
        effect: Id,
    },
    /// The compensation of an effect failed, after its retries.
    Fail {
        /// The effect.
        effect: Id,
        /// Why.
        reason: String,
    },
    /// The failed compensation is tried again.
    TryAgain,
    /// The effect that could not be undone is left in place.
    Leave {
        /// The person who answers for it.
        principal: Principal,
        /// Why.
        reason: String,
    },
}

/// What happened in an unwinding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Event {
    /// An effect was compensated.
    Compensated {
        /// The effect.
        effect: Id,
    },
    /// A compensation failed.
    CompensationFailed {
        /// The effect.
        effect: Id,
        /// Why.
        reason: String,
    },
    /// A failed compensation is tried again.
    CompensationRetried {
        /// The effect.
        effect: Id,
    },
    /// An effect is left in place.
    EffectLeft {
        /// The effect.
        effect: Id,
        /// Who answers for it.
        principal: Principal,
        /// Why.
        reason: String,
    },
}

/// A command that an unwinding does not take where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unwind effects: {0}")]
pub struct NotAllowed(Refusal);

/// Why a command is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another effect is next.
    #[error("`{effect}` is not the effect to undo now")]
    OutOfOrder {
        /// The effect named.
        effect: Id,
    },
    /// A failed compensation has to be settled first.
    #[error("the compensation of `{effect}` failed and has to be settled first")]
    Blocked {
        /// The effect that still stands.
        effect: Id,
    },
    /// No compensation has failed.
    #[error("no compensation has failed")]
    NothingFailed,
    /// The effect has no compensation that could be tried.
    #[error("`{effect}` has no compensation that could be tried")]
    CannotBeUndone {
        /// The effect.
        effect: Id,
    },
    /// Leaving an effect in place needs a reason.
    #[error("leaving an effect in place needs a reason")]
    NoReason,
}

impl NotAllowed {
    /// Returns why.
    pub fn refusal(&self) -> &Refusal {
        &self.0
    }
}

impl Unwinding {
    /// Starts to undo `performed`, which lists effects in the order in which they were done.
    pub fn of(performed: Vec<Effect>) -> Self {
        Self {
            undone: Vec::new(),
            left: performed,
            failed: None,
            attempts: 0,
        }
        .blocked_by_the_irreversible()
    }

    /// Returns where it stands.
    pub fn progress(&self) -> Progress<'_> {
        if let Some(failed) = &self.failed {
            return Progress::Blocked(failed);
        }
        if let Some(next) = self.left.last() {
            return Progress::Next(next);
        }
        let left: Vec<&Undone> = self
            .undone
            .iter()
            .filter(|undone| undone.left_by.is_some())
            .collect();
        if left.is_empty() {
            Progress::Clean
        } else {
            Progress::Left(left)
        }
    }

    /// Returns what no longer stands in the way, in the order in which it was settled.
    pub fn undone(&self) -> &[Undone] {
        &self.undone
    }

    /// An effect without a compensation blocks as soon as it is next.
    fn blocked_by_the_irreversible(mut self) -> Self {
        if let Some(next) = self.left.last().filter(|next| next.compensation.is_none()) {
            self.failed = Some(Failed {
                effect: next.id.clone(),
                reason: "it has no compensation".to_owned(),
                attempts: 0,
            });
        }
        self
    }

    fn settle(mut self, left_by: Option<Answer>) -> Self {
        if let Some(effect) = self.left.pop() {
            self.undone.push(Undone {
                effect: effect.id,
                left_by,
            });
        }
        self.failed = None;
        self.attempts = 0;
        self.blocked_by_the_irreversible()
    }
}

/// Returns what `command` causes; nothing when it tells again what is already known.
///
/// # Errors
/// When the unwinding does not take the command where it stands.
pub fn decide(unwinding: &Unwinding, command: &Command) -> Result<Option<Event>, NotAllowed> {
    match command {
        Command::Compensated { effect } if unwinding.is_settled(effect) => Ok(None),
        Command::Compensated { effect } => {
            unwinding.require_next(effect)?;
            Ok(Some(Event::Compensated {
                effect: effect.clone(),
            }))
        }
        Command::Fail { effect, reason } => {
            unwinding.require_next(effect)?;
            Ok(Some(Event::CompensationFailed {
                effect: effect.clone(),
                reason: reason.clone(),
            }))
        }
        Command::TryAgain => {
            let failed = unwinding.require_failed()?;
            if unwinding
                .left
                .last()
                .is_some_and(|next| next.compensation.is_none())
            {
                return Err(NotAllowed(Refusal::CannotBeUndone {
                    effect: failed.effect.clone(),
                }));
            }
            Ok(Some(Event::CompensationRetried {
                effect: failed.effect.clone(),
            }))
        }
        Command::Leave { principal, reason } => {
            let failed = unwinding.require_failed()?;
            if reason.trim().is_empty() {
                return Err(NotAllowed(Refusal::NoReason));
            }
            Ok(Some(Event::EffectLeft {
                effect: failed.effect.clone(),
                principal: principal.clone(),
                reason: reason.clone(),
            }))
        }
    }
}

/// Returns the unwinding after `event`.
///
/// # Errors
/// When the event cannot follow, as in a record that was cut or reordered.
pub fn apply(unwinding: Unwinding, event: &Event) -> Result<Unwinding, NotAllowed> {
    match event {
        Event::Compensated { effect } => {
            unwinding.require_next(effect)?;
            Ok(unwinding.settle(None))
        }
        Event::CompensationFailed { effect, reason } => {
            unwinding.require_next(effect)?;
            let failed = Failed {
                effect: effect.clone(),
                reason: reason.clone(),
                attempts: unwinding.attempts.saturating_add(1),
            };
            Ok(Unwinding {
                attempts: failed.attempts,
                failed: Some(failed),
                ..unwinding
            })
        }
        Event::CompensationRetried { effect } => {
            unwinding.require_failed_is(effect)?;
            Ok(Unwinding {
                failed: None,
                ..unwinding
            })
        }
        Event::EffectLeft {
            effect,
            principal,
            reason,
        } => {
            unwinding.require_failed_is(effect)?;
            Ok(unwinding.settle(Some(Answer {
                principal: principal.clone(),
                reason: reason.clone(),
            })))
        }
    }
}

impl Unwinding {
    fn is_settled(&self, effect: &Id) -> bool {
        let compensated = |undone: &Undone| undone.effect == *effect && undone.left_by.is_none();
        self.undone.iter().any(compensated)
    }

    fn require_next(&self, effect: &Id) -> Result<(), NotAllowed> {
        if let Some(failed) = &self.failed {
            return Err(NotAllowed(Refusal::Blocked {
                effect: failed.effect.clone(),
            }));
        }
        match self.left.last() {
            Some(next) if next.id == *effect => Ok(()),
            _ => Err(NotAllowed(Refusal::OutOfOrder {
                effect: effect.clone(),
            })),
        }
    }

    fn require_failed(&self) -> Result<&Failed, NotAllowed> {
        self.failed
            .as_ref()
            .ok_or(NotAllowed(Refusal::NothingFailed))
    }

    fn require_failed_is(&self, effect: &Id) -> Result<(), NotAllowed> {
        if self.require_failed()?.effect == *effect {
            return Ok(());
        }
        Err(NotAllowed(Refusal::OutOfOrder {
            effect: effect.clone(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(text: &str) -> Id {
        text.parse().unwrap()
    }

    /// Effects by name; a name that ends in `-forever` cannot be undone.
    fn performed(names: &[&str]) -> Vec<Effect> {
        let effect = |name: &&str| Effect {
            id: id(name),
            compensation: (!name.ends_with("-forever")).then(|| id("undo")),
        };
        names.iter().map(effect).collect()
    }

    fn command(text: &str) -> Command {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        match verb {
            "done" => Command::Compensated { effect: id(rest) },
            "fail" => Command::Fail {
                effect: id(rest),
                reason: "refused".to_owned(),
            },
            "again" => Command::TryAgain,
            _ => Command::Leave {
                principal: "ines".parse().unwrap(),
                reason: rest.to_owned(),
            },
        }
    }

    fn run(unwinding: Unwinding, text: &str) -> Result<Unwinding, String> {
        match decide(&unwinding, &command(text)) {
            Ok(Some(event)) => apply(unwinding, &event).map_err(|error| error.to_string()),
            Ok(None) => Ok(unwinding),
            Err(error) => Err(error.to_string()),
        }
    }

    fn shown(unwinding: &Unwinding) -> String {
        match unwinding.progress() {
            Progress::Next(effect) => format!("next {}", effect.id),
            Progress::Blocked(failed) => format!("blocked {} {}", failed.effect, failed.attempts),
            Progress::Clean => "clean".to_owned(),
            Progress::Left(left) => format!("left {}", left.len()),
        }
    }

    #[track_caller]
    fn check(names: &[&str], commands: &[&str], expected: &str) {
        let mut unwinding = Unwinding::of(performed(names));
        for command in commands {
            unwinding = run(unwinding, command).unwrap();
        }
        assert_eq!(shown(&unwinding), expected, "{names:?} {commands:?}");
    }

    // spec: ROLLBACK-2
    #[test]
    fn effects_are_undone_in_reverse_order() {
        check(&[], &[], "clean");
        check(&["a", "b", "c"], &[], "next c");
        check(&["a", "b", "c"], &["done c"], "next b");
        check(&["a", "b", "c"], &["done c", "done b", "done a"], "clean");
        check(&["a", "b"], &["done b", "done b"], "next a");
    }

    // spec: ROLLBACK-3
    #[test]
    fn a_failed_compensation_is_a_state_that_a_person_settles() {
        check(&["a", "b"], &["fail b"], "blocked b 1");
        check(&["a", "b"], &["fail b", "again"], "next b");
        check(&["a", "b"], &["fail b", "again", "fail b"], "blocked b 2");
        check(&["a", "b"], &["fail b", "again", "done b"], "next a");
        check(
            &["a", "b"],
            &["fail b", "leave seen by the owner"],
            "next a",
        );
        check(&["a", "b"], &["fail b", "leave seen", "done a"], "left 1");
        check(
            &["a", "b"],
            &["done b", "fail a", "again", "done a"],
            "clean",
        );
    }

    // spec: ROLLBACK-3
    #[test]
    fn an_effect_that_cannot_be_undone_blocks_until_somebody_answers_for_it() {
        check(&["mail-forever"], &[], "blocked mail-forever 0");
        check(
            &["mail-forever", "b"],
            &["done b"],
            "blocked mail-forever 0",
        );
        check(&["a", "mail-forever"], &["leave told them"], "next a");
        check(&["mail-forever"], &["leave told them"], "left 1");
    }

    // spec: ROLLBACK-2
    #[test]
    fn commands_that_do_not_fit_are_refused_with_the_reason() {
        for (names, before, text, expected) in [
            (&["a", "b"][..], &[][..], "done a", "`a` is not the effect"),
            (&["a"], &[], "done zebra", "`zebra` is not the effect"),
            (&["a", "b"], &["fail b"], "done b", "`b` failed"),
            (&["a", "b"], &["fail b"], "done a", "`b` failed"),
            (&["a"], &[], "again", "no compensation has failed"),
            (&["a"], &[], "leave it", "no compensation has failed"),
            (&["a"], &["fail a"], "leave  ", "needs a reason"),
            (&["a-forever"], &[], "again", "has no compensation"),
            (&["a-forever"], &[], "done a-forever", "failed"),
        ] {
            let mut unwinding = Unwinding::of(performed(names));
            for command in before {
                unwinding = run(unwinding, command).unwrap();
            }
            let error = run(unwinding, text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn events_that_cannot_follow_are_refused() {
        let unwinding = Unwinding::of(performed(&["a", "b"]));
        let cut = Event::Compensated { effect: id("a") };
        assert!(apply(unwinding.clone(), &cut).is_err());
        let early = Event::CompensationRetried { effect: id("b") };
        assert!(apply(unwinding, &early).is_err());
    }

    proptest! {
        // spec: ROLLBACK-2
        #[test]
        fn what_is_undone_is_always_the_tail_of_what_was_done(
            count in 0_usize..6,
            verbs in proptest::collection::vec((0_usize..4, 0_usize..6), 0..30),
        ) {
            let names = ["a", "b", "c-forever", "d", "e", "f"];
            let done = performed(&names[..count]);
            let mut unwinding = Unwinding::of(done.clone());
            for (verb, effect) in verbs {
                let text = match verb {
                    0 => format!("done {}", names[effect]),
                    1 => format!("fail {}", names[effect]),
                    2 => "again".to_owned(),
                    _ => "leave because".to_owned(),
                };
                if let Ok(next) = run(unwinding.clone(), &text) {
                    unwinding = next;
                }
                let undone = unwinding.undone().iter().map(|undone| &undone.effect);
                let tail = done.iter().rev().map(|effect| &effect.id);
                prop_assert!(undone.zip(tail).all(|(left, right)| left == right));
            }
        }
    }
}
