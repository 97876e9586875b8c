//! The incident packet: what oversight receives when a mission is blocked.

use baton_mission::budget::{Cap, Reached};
use baton_mission::run::{
    Guardrail, Mission, Packet, Phase, RollbackCause, Why, packet as packet_of,
};
use baton_report::mission::{Escalation, IncidentPacket, PACKET_FORMAT, TraceMark, UsedLine};

use super::run::Run;

/// Returns the packet of a mission that is blocked, or nothing while it is not.
pub fn incident_packet(run: &Run, mission: &Mission) -> Option<IncidentPacket> {
    let packet = packet_of(mission)?;
    let escalation = escalation_of(mission, &packet);
    let is_stopped_by = |cap: Cap| escalation.caps.iter().any(|name| name == cap.field());
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    Some(IncidentPacket {
        baton: PACKET_FORMAT.to_owned(),
        run: run.id.to_string(),
        trace: format!("{}{}", run.streams(), run.id),
        phase: packet.phase.to_owned(),
        posture: packet.posture,
        steps: (count(packet.steps.0), count(packet.steps.1)),
        budget: packet
            .budget
            .iter()
            // How long it ran differs from run to run, and matters only when it is what stopped it.
            .filter(|used| used.cap != Cap::Time || is_stopped_by(Cap::Time))
            .map(|used| UsedLine {
                cap: used.cap.field().to_owned(),
                limit: used.limit,
                used: used.used,
            })
            .collect(),
        baseline: packet.baseline,
        entries_left_out: packet.events_left_out,
        escalation,
    })
}

/// Returns why a mission is blocked, or nothing while it is not.
pub(super) fn escalation(mission: &Mission) -> Option<Escalation> {
    let packet = packet_of(mission)?;
    Some(escalation_of(mission, &packet))
}

fn escalation_of(mission: &Mission, packet: &Packet) -> Escalation {
    let why = match (&packet.why, &packet.failed) {
        (Some(why), _) => words(why),
        (None, Some(failed)) => format!(
            "The change of step `{}` could not be undone: {}.",
            failed.effect, failed.reason
        ),
        (None, None) => match mission.phase() {
            Phase::Quarantined { step } => format!(
                "Doing step `{step}` again gave other bytes: its determinism is broken, and nothing rests on it."
            ),
            _ => "It is blocked.".to_owned(),
        },
    };
    let caps = match &packet.why {
        Some(Why::CapReached { caps }) => {
            caps.iter().map(|cap| cap.cap.field().to_owned()).collect()
        }
        _ => Vec::new(),
    };
    Escalation {
        why,
        owner: packet.owner.clone(),
        caps,
        // A mission counts its events from 1, a trace its entries from 0.
        entries: packet
            .events
            .iter()
            .map(|mark| TraceMark {
                entry: mark.sequence.saturating_sub(1),
                kind: mark.word.to_owned(),
            })
            .collect(),
        choices: packet
            .choices
            .iter()
            .map(|&choice| choice.to_owned())
            .collect(),
    }
}

fn words(why: &Why) -> String {
    match why {
        Why::CapReached { caps } => {
            let caps: Vec<String> = caps.iter().map(cap).collect();
            format!("It stopped at its budget: {}.", caps.join("; "))
        }
        Why::StepFailed { step, reason } => {
            format!("Step `{step}` failed and has no attempt left: {reason}.")
        }
        Why::CriticalPosture => "Its posture is critical.".to_owned(),
        Why::FailedGuardrail { guardrail } => {
            format!("The {} guardrail failed.", guardrail_word(*guardrail))
        }
        Why::NoBaseline { cause } => {
            let cause = match cause {
                RollbackCause::CriticalPosture => "its posture is critical".to_owned(),
                RollbackCause::RepeatedFailures { failures } => {
                    format!("its steps failed {failures} times over")
                }
                RollbackCause::FailedGuardrail { guardrail } => {
                    format!("the {} guardrail failed", guardrail_word(*guardrail))
                }
                RollbackCause::Asked { principal, .. } => format!("{principal} asked for it"),
            };
            format!(
                "It is to be rolled back ({cause}), and no run of it was ever completed to return to."
            )
        }
    }
}

fn cap(reached: &Reached) -> String {
    let Reached {
        cap,
        limit,
        used,
        asked,
    } = reached;
    format!(
        "`{}` is capped at {limit}, {used} used and {asked} more asked for",
        cap.field()
    )
}

fn guardrail_word(guardrail: Guardrail) -> &'static str {
    match guardrail {
        Guardrail::Quality => "quality",
        Guardrail::Reliability => "reliability",
        Guardrail::Cost => "cost",
    }
}
