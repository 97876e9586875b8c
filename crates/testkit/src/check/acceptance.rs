//! What an acceptance needs, and what acceptances and rollbacks of several handoffs leave in one slot.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::life::Landed;
use super::quorum::is_filled;
use super::read::{Event, text, words};
use super::remains::Broken;

/// What was decided about the package under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Ground {
    package: String,
    /// Whoever is behind a submission.
    senders: BTreeSet<String>,
    check: Value,
    approvals: Vec<Approved>,
    /// Approvals of the package before, until it is said which of them stay.
    under_review: Vec<Approved>,
}

#[derive(Debug, Clone)]
struct Approved {
    principals: Vec<String>,
    gates: Vec<String>,
}

impl Ground {
    /// Takes one event into account.
    pub(super) fn follow(&mut self, event: &Event) {
        let body = &event.body;
        match event.change.as_str() {
            "submitted" => {
                self.package = text(body.get("package").unwrap_or(&Value::Null), "digest");
                self.senders.extend(event.principals.iter().cloned());
                self.check = Value::Null;
                self.under_review = std::mem::take(&mut self.approvals);
            }
            "approvals-reviewed" => {
                let kept = words(body, "kept");
                let mut approvals = std::mem::take(&mut self.under_review);
                approvals.retain(|approval| approval.is_of(&kept));
                self.approvals = approvals;
            }
            "checked" => self.check = body.get("check").cloned().unwrap_or_default(),
            "approved" => {
                let approval = body.get("approval").unwrap_or(&Value::Null);
                // An approval of another package is none, whatever the record calls it.
                if text(approval, "package") == self.package {
                    self.approvals.push(Approved {
                        principals: event.principals.clone(),
                        gates: words(approval, "gates"),
                    });
                }
            }
            "rejected" => {
                let by = event.principals.clone();
                self.approvals.retain(|approval| !approval.is_of(&by));
            }
            "waived" | "released" => self.approvals.clear(),
            _ => {}
        }
    }

    /// Returns what an acceptance lacks.
    pub(super) fn lacks(
        &self,
        accepted: &Event,
        quorums: &BTreeMap<String, usize>,
    ) -> Option<String> {
        let receipt = accepted.body.get("receipt").unwrap_or(&Value::Null);
        if self.package.is_empty() || text(receipt, "package") != self.package {
            return Some("it is of another package than the one submitted last".to_owned());
        }
        let is_of_check = text(&self.check, "package") == self.package
            && text(&self.check, "scorecard") == text(receipt, "scorecard");
        if !is_of_check {
            return Some("its package was not checked, or not with that scorecard".to_owned());
        }
        if text(&self.check, "posture") == "critical"
            || self.check.get("nothing_checked") != Some(&Value::Bool(false))
        {
            return Some("its posture is critical, or nothing was checked".to_owned());
        }
        let list = |name: &str| self.check.get(name).and_then(Value::as_array).cloned();
        let is_unmet = |finding: &Value| {
            let state = text(finding, "state");
            text(finding, "severity") == "blocker" && (state == "failed" || state == "unknown")
        };
        if let Some(finding) = list("findings")
            .unwrap_or_default()
            .iter()
            .find(|finding| is_unmet(finding))
        {
            return Some(format!("blocker `{}` is unmet", text(finding, "clause")));
        }
        let gates = list("gates").unwrap_or_default();
        if let Some(gate) = gates.iter().find(|gate| text(gate, "state") == "failed") {
            return Some(format!("gate `{}` does not hold", text(gate, "gate")));
        }
        self.lacks_approval(&gates, quorums)
    }

    fn lacks_approval(&self, gates: &[Value], quorums: &BTreeMap<String, usize>) -> Option<String> {
        let mut places: Vec<String> = Vec::new();
        for gate in gates {
            let is_needed = text(gate, "kind") == "approval" && text(gate, "state") == "open";
            let name = text(gate, "gate");
            let Some(quorum) = quorums.get(&name).filter(|_| is_needed) else {
                if is_needed {
                    return Some(format!("gate `{name}` is not one of this world"));
                }
                continue;
            };
            places.extend(std::iter::repeat_n(name, *quorum));
        }
        // One person counts once, and nobody counts for what they sent themselves.
        let mut counted: BTreeSet<&String> = BTreeSet::new();
        let approvals: Vec<&Approved> = (self.approvals.iter())
            .filter(|approval| !approval.is_of(&self.senders))
            .filter(|approval| approval.principals.iter().all(|one| counted.insert(one)))
            .collect();
        let fits = |place: usize, approval: usize| {
            let approval = approvals.get(approval);
            places
                .get(place)
                .is_some_and(|gate| approval.is_some_and(|approval| approval.gates.contains(gate)))
        };
        (!is_filled(places.len(), approvals.len(), &fits))
            .then(|| format!("{} approvals do not fill {places:?}", approvals.len()))
    }
}

impl Approved {
    fn is_of<'p>(&self, people: impl IntoIterator<Item = &'p String>) -> bool {
        people
            .into_iter()
            .any(|person| self.principals.contains(person))
    }
}

/// Returns what handoffs of one slot did to each other.
pub(super) fn across(landed: &[Landed]) -> BTreeSet<Broken> {
    let mut broken = BTreeSet::new();
    let mut places: BTreeMap<(String, u64), &str> = BTreeMap::new();
    for landing in landed {
        let Landed::Accepted { baseline, handoff } = landing else {
            continue;
        };
        let slot = slot(baseline);
        let number = number(baseline);
        if text(baseline, "handoff") != *handoff {
            broken.insert(Broken::Landing(format!(
                "{handoff}: the baseline names another"
            )));
        }
        if let Some(other) = places.insert((slot.clone(), number), handoff) {
            let places = format!("{other} and {handoff} at {number} of {slot}");
            broken.insert(Broken::PlaceTakenTwice(places));
        }
    }
    for landing in landed {
        let Landed::RolledBack { to, handoff } = landing else {
            continue;
        };
        let is_there = landed.iter().any(|other| match other {
            Landed::Accepted { baseline, .. } => baseline == to,
            Landed::RolledBack { .. } => false,
        });
        if !is_there {
            broken.insert(Broken::Landing(format!("{handoff} landed on {to}")));
        }
    }
    broken
}

fn slot(baseline: &Value) -> String {
    baseline.get("slot").unwrap_or(&Value::Null).to_string()
}

fn number(baseline: &Value) -> u64 {
    let number = baseline.get("number").and_then(Value::as_u64);
    number.unwrap_or_default()
}
