//! What a command causes. A pure function: the same rollout, command and instant give the same events.
//!
//! Nobody can advance a rollout: only what its handoffs show can. Anybody entitled can freeze it or roll it back.

use baton_terms::{Digest, Instant};

use super::aftermath::Aftermath;
use super::analysis::{Analysis, Hold, MetricReading, Shadow, Verdict, shadow_verdict};
use super::plan::Observation;
use super::refusal::Refusal;
use super::state::{Phase, Rollout, Stay};
use super::wire::{Event, RollbackCause};
use crate::names::Principal;

/// What is asked of a rollout, or told to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Begin the first stage.
    Start {
        /// Who.
        by: Principal,
        /// The validation report: its digest, and that of the version it speaks of.
        validation: Option<(Digest, Digest)>,
    },
    /// Judge the present stage, or what became of it after promotion.
    Evaluate(Evaluated),
    /// Let nothing advance it.
    Freeze {
        /// Who.
        by: Principal,
        /// Why.
        reason: String,
    },
    /// Let it advance again.
    Thaw {
        /// Who.
        by: Principal,
        /// Why.
        reason: String,
    },
    /// Return to the stable version.
    RollBack {
        /// Why.
        cause: RollbackCause,
    },
}

/// What a stage is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evaluated {
    /// What was found; handoffs that finished up to the stage's `since` are left out.
    Found {
        /// Handoffs that have gone far enough to say how they went, in any order.
        observations: Vec<Observation>,
        /// What the new version did in shadow.
        shadow: Shadow,
    },
    /// It could not be read; nothing is concluded from that.
    Unreadable {
        /// What and why.
        reason: String,
    },
}

/// Returns what `command` causes at `now`; no event when nothing changes.
///
/// # Errors
/// When the command does not fit where the rollout stands.
pub fn decide(rollout: &Rollout, command: &Command, now: Instant) -> Result<Vec<Event>, Refusal> {
    if rollout.latest.is_some_and(|latest| now < latest) {
        return Err(Refusal::Early);
    }
    let illegal = || Refusal::IllegalTransition {
        phase: rollout.phase.word(),
        command: command.word(),
    };
    match (&rollout.phase, command) {
        (Phase::Drafted, Command::Start { by, validation }) => {
            if rollout.plan.stages.len() < 2 {
                return Err(illegal());
            }
            start(rollout, by, *validation)
        }
        (Phase::Running(stay), Command::Evaluate(evaluated)) => {
            Ok(evaluate(rollout, *stay, (evaluated, now)))
        }
        (Phase::Frozen { stay, reason }, Command::Evaluate(evaluated)) => {
            let events = evaluate(rollout, *stay, (evaluated, now));
            Ok(frozen(rollout, events, reason))
        }
        (Phase::Promoted, Command::Evaluate(evaluated)) => {
            Ok(look_after(rollout, (evaluated, now)))
        }
        (Phase::Running(_), Command::Freeze { by, reason }) => {
            let (by, reason) = (by.clone(), given(reason, command)?);
            Ok(vec![Event::Frozen { by, reason }])
        }
        (Phase::Frozen { .. }, Command::Thaw { by, reason }) => {
            let (by, reason) = (by.clone(), given(reason, command)?);
            Ok(vec![Event::Thawed { by, reason }])
        }
        (
            Phase::Running(_) | Phase::Frozen { .. } | Phase::Promoted,
            Command::RollBack { cause },
        ) => {
            if let RollbackCause::Asked { reason, .. } = cause {
                given(reason, command)?;
            }
            Ok(vec![Event::RolledBack {
                cause: cause.clone(),
                readings: Vec::new(),
            }])
        }
        _ => Err(illegal()),
    }
}

fn start(
    rollout: &Rollout,
    by: &Principal,
    validation: Option<(Digest, Digest)>,
) -> Result<Vec<Event>, Refusal> {
    let needed = rollout.plan.versions.canary;
    match validation {
        Some((report, version)) if version == needed => Ok(vec![Event::Started {
            by: by.clone(),
            validation: report,
        }]),
        other => Err(Refusal::NotValidated {
            needed,
            found: other.map(|(_, version)| version),
        }),
    }
}

fn evaluate(rollout: &Rollout, stay: Stay, (evaluated, now): (&Evaluated, Instant)) -> Vec<Event> {
    let (observations, shadow) = match evaluated {
        Evaluated::Unreadable { reason } => {
            let hold = Hold::Unreadable {
                reason: reason.clone(),
            };
            return hold_for(rollout, vec![hold], Vec::new());
        }
        Evaluated::Found {
            observations,
            shadow,
        } => (observations, *shadow),
    };
    let Some(stage) = rollout.plan.stage(stay.stage).copied() else {
        return Vec::new();
    };
    if !stage.is_judged() {
        let over = stay.entered.checked_add(stage.hold);
        let verdict = shadow_verdict(&rollout.plan, shadow, (over, now));
        return conclude(rollout, stay, (verdict, Vec::new()));
    }
    let counted: Vec<Observation> = (observations.iter())
        .filter(|observation| observation.at > stay.since && observation.at <= now)
        .cloned()
        .collect();
    let analysis = Analysis::of(&rollout.plan, stay.entered, &counted);
    let verdict = analysis.verdict(stage, (stay.since, now), rollout.plan.no_data);
    conclude(rollout, stay, (verdict, analysis.readings()))
}

/// Returns what handoffs after promotion cause: a rollback for harm, or nothing.
fn look_after(rollout: &Rollout, (evaluated, now): (&Evaluated, Instant)) -> Vec<Event> {
    let (Some((since, until)), Evaluated::Found { observations, .. }) =
        (rollout.watched(), evaluated)
    else {
        return Vec::new();
    };
    let aftermath = Aftermath::of(&rollout.plan, (since, until.min(now)), observations);
    let harmed = aftermath.harmed().map(|(metric, at)| Event::RolledBack {
        cause: RollbackCause::Harmed {
            metric: metric.word().to_owned(),
            shown: at,
        },
        readings: aftermath.readings(),
    });
    harmed.into_iter().collect()
}

fn conclude(
    rollout: &Rollout,
    stay: Stay,
    (verdict, readings): (Verdict, Vec<MetricReading>),
) -> Vec<Event> {
    let to = stay.stage.saturating_add(1);
    match verdict {
        Verdict::Advance { at } if to.saturating_add(1) == rollout.plan.stages.len() => {
            vec![Event::Promoted {
                shown: at,
                readings,
            }]
        }
        Verdict::Advance { at } => vec![Event::Advanced {
            to,
            shown: at,
            readings,
        }],
        Verdict::Harmed { metric, at } => vec![Event::RolledBack {
            cause: RollbackCause::Harmed {
                metric: metric.word().to_owned(),
                shown: at,
            },
            readings,
        }],
        Verdict::NoData { .. } => vec![Event::RolledBack {
            cause: RollbackCause::NoData,
            readings,
        }],
        Verdict::Hold(holds) => hold_for(rollout, holds, readings),
    }
}

/// Returns what a frozen rollout makes of a conclusion: harm ends it, nothing advances it.
fn frozen(rollout: &Rollout, events: Vec<Event>, reason: &str) -> Vec<Event> {
    if matches!(events.as_slice(), [Event::RolledBack { .. }]) {
        return events;
    }
    let hold = Hold::Frozen {
        reason: reason.to_owned(),
    };
    hold_for(rollout, vec![hold], Vec::new())
}

/// Returns the event of a hold, unless what holds is of the same kinds as before.
fn hold_for(rollout: &Rollout, holds: Vec<Hold>, readings: Vec<MetricReading>) -> Vec<Event> {
    let kinds = |holds: &[Hold]| -> Vec<std::mem::Discriminant<Hold>> {
        holds.iter().map(std::mem::discriminant).collect()
    };
    if kinds(&holds) == kinds(&rollout.held) {
        return Vec::new();
    }
    vec![Event::Held { holds, readings }]
}

fn given(reason: &str, command: &Command) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::NoReason {
            command: command.word(),
        });
    }
    Ok(reason.to_owned())
}

impl Command {
    fn word(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::Evaluate(_) => "evaluate",
            Self::Freeze { .. } => "freeze",
            Self::Thaw { .. } => "thaw",
            Self::RollBack { .. } => "rollback",
        }
    }
}
