//! Judges what was found: measures the goals, fills the scorecard, and queues what is left to do.

use baton_contract::model::Direction;
use baton_mission::run::{FollowUp, FollowUpKind, Measure};
use baton_report::mission::{Dimension, HandoffFindings};
use baton_scoring::wire::Posture;

use super::file::{GoalLine, Measured, MissionFile};
use super::findings::{Found, Gathered, Judged, Mined};

/// Share of rows taken from which data are good, in basis points.
const DATA_READY: u64 = 9_900;
/// Share of rows taken below which nothing may rest on the data.
const DATA_REVIEW: u64 = 9_000;
/// Share of findings that could be decided from which they say something.
const DECIDED_READY: u64 = 9_500;
/// Share of resamples in which the least stable cause should be found again.
const STABLE: u64 = 5_000;
/// Clauses or causes of which a follow-up is queued.
const FOLLOW_UPS_MAX: usize = 10;
const ALL: u64 = 10_000;

/// A judgement.
pub(super) struct Judgement {
    pub document: Judged,
    pub posture: Posture,
    pub measured: Vec<Measure>,
    pub open: Vec<FollowUp>,
}

/// A value with the cases it was measured on.
type Sampled = Option<(i64, u64)>;

/// Judges a mission by what its steps found.
pub(super) fn judge(file: &MissionFile, gathered: &Gathered, found: &Found) -> Judgement {
    let mut measured = Vec::new();
    let mut baselines = Vec::new();
    let mut reached = 0_u64;
    for goal in &file.goals {
        let (now, before) = measure(goal, found);
        if let Some((value, sample)) = now {
            measured.push(Measure {
                outcome: goal.id.clone(),
                value,
                sample,
            });
        }
        if goal.baseline.is_none()
            && let Some((value, _)) = before
        {
            baselines.push((goal.id.to_string(), value));
        }
        reached = reached.saturating_add(u64::from(is_reached(goal, now)));
    }
    let mut scorecard = vec![data(gathered)];
    match found {
        Found::Handoffs(findings) => scorecard.push(decided(findings)),
        Found::Causes(mined) => scorecard.extend(of_causes(mined)),
    }
    scorecard.push(goals(reached, count(file.goals.len())));
    let posture = scorecard.iter().map(|dimension| dimension.posture).max();
    Judgement {
        posture: posture.unwrap_or(Posture::Review),
        document: Judged {
            scorecard,
            baselines,
        },
        measured,
        open: match found {
            Found::Handoffs(findings) => clauses_to_mend(file, findings),
            Found::Causes(mined) => causes_to_act_on(file, mined),
        },
    }
}

/// Returns the posture that reading the inputs leads to.
pub(super) fn data(gathered: &Gathered) -> Dimension {
    let value = share(gathered.taken, gathered.rows).unwrap_or(0);
    let posture = if gathered.rows == 0 || value < DATA_REVIEW {
        Posture::Critical
    } else if value < DATA_READY {
        Posture::Review
    } else {
        Posture::Ready
    };
    Dimension {
        id: "data".to_owned(),
        title: "Data".to_owned(),
        value,
        posture,
        why: format!(
            "{} of {} rows or packages could be read",
            gathered.taken, gathered.rows
        ),
    }
}

fn decided(findings: &HandoffFindings) -> Dimension {
    let (mut applies, mut unknown) = (0_u64, 0_u64);
    for clause in &findings.clauses {
        for counts in [clause.now, clause.before] {
            applies = applies.saturating_add(counts.applies());
            unknown = unknown.saturating_add(counts.unknown);
        }
    }
    let value = share(applies.saturating_sub(unknown), applies).unwrap_or(0);
    let posture = if findings.now.checked == 0 || applies == 0 {
        Posture::Critical
    } else if value < DECIDED_READY {
        Posture::Review
    } else {
        Posture::Ready
    };
    Dimension {
        id: "evidence".to_owned(),
        title: "Evidence".to_owned(),
        value,
        posture,
        why: match applies {
            0 => "no clause applied to any handoff, and nothing checked is never met".to_owned(),
            _ => format!("{unknown} of {applies} findings could not be decided"),
        },
    }
}

fn of_causes(mined: &Mined) -> Vec<Dimension> {
    let findings = &mined.findings;
    let sound = findings
        .causes
        .iter()
        .filter(|cause| is_sound(&cause.later));
    let (sound, all) = (count(sound.count()), count(findings.causes.len()));
    let evidence = Dimension {
        id: "evidence".to_owned(),
        title: "Evidence".to_owned(),
        value: share(sound, all).unwrap_or(0),
        posture: match (findings.cases, sound) {
            (0, _) => Posture::Critical,
            (_, 0) => Posture::Review,
            _ => Posture::Ready,
        },
        why: format!("{sound} of {all} causes were seen again in later cases"),
    };
    let stability = Dimension {
        id: "stability".to_owned(),
        title: "Stability".to_owned(),
        value: mined.stability.unwrap_or(0),
        posture: match mined.stability {
            Some(least) if least >= STABLE => Posture::Ready,
            _ => Posture::Review,
        },
        why: match mined.stability {
            Some(least) => format!(
                "the least stable cause is found again in {}.{}% of resamples",
                least / 100,
                least % 100 / 10
            ),
            None => "it was not measured".to_owned(),
        },
    };
    let leakage = Dimension {
        id: "leakage".to_owned(),
        title: "Leakage".to_owned(),
        value: if mined.is_hindsight { 0 } else { ALL },
        posture: if mined.is_hindsight {
            Posture::Review
        } else {
            Posture::Ready
        },
        why: if mined.is_hindsight {
            "cases are looked at to their end, when what failed shows".to_owned()
        } else {
            "only what was known early is used".to_owned()
        },
    };
    vec![evidence, stability, leakage]
}

fn goals(reached: u64, all: u64) -> Dimension {
    Dimension {
        id: "goals".to_owned(),
        title: "Goals".to_owned(),
        value: share(reached, all).unwrap_or(0),
        posture: if reached == all {
            Posture::Ready
        } else {
            Posture::Review
        },
        why: format!("{reached} of {all} targets are met"),
    }
}

fn is_reached(goal: &GoalLine, now: Sampled) -> bool {
    now.is_some_and(|(value, sample)| {
        sample >= goal.minimum_sample.max(1)
            && match goal.direction {
                Direction::Lower => value <= goal.target,
                Direction::Higher => value >= goal.target,
            }
    })
}

/// Returns what a goal measures now, and what it measured before.
fn measure(goal: &GoalLine, found: &Found) -> (Sampled, Sampled) {
    match (found, goal.measure) {
        (Found::Handoffs(found), Measured::ShareMet) => (
            ratio(found.now.met, found.now.checked),
            ratio(found.before.met, found.before.checked),
        ),
        (Found::Handoffs(found), Measured::ShareReady) => (
            ratio(found.now.ready, found.now.checked),
            ratio(found.before.ready, found.before.checked),
        ),
        (Found::Handoffs(found), Measured::ClauseMet) => {
            let named = goal.clause.as_ref().map(baton_terms::Id::as_str);
            let clause = found.clauses.iter().find(|c| Some(c.id.as_str()) == named);
            clause.map_or((None, None), |clause| {
                (
                    ratio(clause.now.met, clause.now.applies()),
                    ratio(clause.before.met, clause.before.applies()),
                )
            })
        }
        (Found::Causes(mined), Measured::FailureRate) => (
            ratio(mined.now.1, mined.now.0),
            ratio(mined.before.1, mined.before.0),
        ),
        (Found::Causes(mined), Measured::ExplainedShare) => {
            let findings = &mined.findings;
            (ratio(findings.covered, findings.failures), None)
        }
        (Found::Causes(mined), Measured::SoundCauses) => {
            let causes = mined.findings.causes.iter();
            let sound = causes.filter(|cause| is_sound(&cause.later)).count();
            let value = i64::try_from(sound).ok();
            (value.map(|value| (value, mined.findings.cases)), None)
        }
        _ => (None, None),
    }
}

fn is_sound(later: &str) -> bool {
    later == "replicated"
}

fn clauses_to_mend(file: &MissionFile, findings: &HandoffFindings) -> Vec<FollowUp> {
    let mut clauses: Vec<_> = findings.clauses.iter().collect();
    clauses.sort_by_key(|clause| {
        std::cmp::Reverse(clause.now.failed.saturating_add(clause.now.unknown))
    });
    let mut open = Vec::new();
    for clause in clauses.into_iter().take(FOLLOW_UPS_MAX) {
        let (failed, unknown) = (clause.now.failed, clause.now.unknown);
        let all = clause.now.applies();
        if failed > 0 {
            open.push(FollowUp {
                kind: FollowUpKind::Optimization,
                task: format!(
                    "clause `{}` is missed by {failed} of {all} handoffs: {}",
                    clause.id, clause.fix
                ),
                owner: file.oversight.clone(),
            });
        }
        if unknown > 0 {
            open.push(FollowUp {
                kind: FollowUpKind::Risk,
                task: format!(
                    "clause `{}` could not be decided for {unknown} of {all} handoffs",
                    clause.id
                ),
                owner: file.oversight.clone(),
            });
        }
    }
    open
}

fn causes_to_act_on(file: &MissionFile, mined: &Mined) -> Vec<FollowUp> {
    let causes = mined.findings.causes.iter().take(FOLLOW_UPS_MAX);
    causes
        .map(|cause| {
            let is_act = cause.is_modifiable && is_sound(&cause.later);
            let (kind, verb) = if is_act {
                (FollowUpKind::Optimization, "act on")
            } else {
                (FollowUpKind::Risk, "look into")
            };
            FollowUp {
                kind,
                task: format!(
                    "{verb} `{}`: {} ({} failures that no other cause explains)",
                    cause.id, cause.title, cause.explains
                ),
                owner: file.oversight.clone(),
            }
        })
        .collect()
}

fn ratio(part: u64, all: u64) -> Sampled {
    let points = share(part, all)?;
    Some((i64::try_from(points).ok()?, all))
}

/// Returns a share in basis points, floored; nothing of nothing.
fn share(part: u64, all: u64) -> Option<u64> {
    let whole = u128::from(Some(all).filter(|all| *all > 0)?);
    u64::try_from(u128::from(part) * u128::from(ALL) / whole).ok()
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: MISSION-28
    #[test]
    fn data_that_could_not_be_read_say_so_in_the_posture() {
        for (taken, rows, expected) in [
            (0, 0, Posture::Critical),
            (899, 1_000, Posture::Critical),
            (900, 1_000, Posture::Review),
            (989, 1_000, Posture::Review),
            (990, 1_000, Posture::Ready),
        ] {
            let gathered = Gathered {
                rows,
                taken,
                memory_mib: 0,
                detail: serde_json::Value::Null,
            };
            assert_eq!(data(&gathered).posture, expected, "{taken} of {rows}");
        }
        assert_eq!(goals(1, 2).posture, Posture::Review);
        assert_eq!(goals(2, 2).posture, Posture::Ready);
    }
}
