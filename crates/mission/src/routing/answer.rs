//! The answer to a sender when nobody can receive: every candidate with its reasons.

use baton_terms::Diagnostic;

use super::receiver::Rejected;
use super::route::{Decision, NOBODY_CAN_RECEIVE, Routed};

impl Routed {
    /// Returns the problem at `pointer` when nobody receives; a warning when waiting helps.
    pub fn diagnostic(&self, pointer: &str) -> Option<Diagnostic> {
        let (problem, hint) = match &self.decision {
            Decision::Assigned { .. } => return None,
            Decision::Waiting { opens } => (
                Diagnostic::warning(NOBODY_CAN_RECEIVE, "nobody can receive now"),
                match opens {
                    Some(opens) => format!("the handoff waits; the next team opens at {opens}"),
                    None => "the handoff waits until a team is under its limit".to_owned(),
                },
            ),
            Decision::Nobody => (
                Diagnostic::error(NOBODY_CAN_RECEIVE, "nobody can receive"),
                "add a team that can do the work to the candidates, or name a fallback".to_owned(),
            ),
        };
        let found: Vec<String> = self.rejected.iter().map(in_words).collect();
        Some(
            problem
                .pointing_to(pointer)
                .expected(
                    "a team with the role and capabilities, under its limit and within its hours",
                )
                .found(found.join("; "))
                .hint(hint),
        )
    }
}

fn in_words(rejected: &Rejected) -> String {
    let reasons: Vec<String> = rejected.reasons.iter().map(ToString::to_string).collect();
    format!("`{}`: {}", rejected.team, reasons.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::receiver::Reason;
    use super::*;

    // spec: ROUTING-9
    #[test]
    fn nobody_is_an_error_with_every_reason_and_waiting_a_warning() {
        let rejected = vec![Rejected {
            team: "design".parse().unwrap(),
            reasons: vec![Reason::NoCapacity, Reason::OverLimit { open: 3, limit: 2 }],
        }];
        for (decision, expected) in [
            (Decision::Nobody, "Error name a fallback"),
            (Decision::Waiting { opens: None }, "Warning under its limit"),
            (
                Decision::Waiting {
                    opens: Some("2026-01-12T08:00:00Z".parse().unwrap()),
                },
                "Warning 2026-01-12T08:00:00Z",
            ),
        ] {
            let routed = Routed {
                decision,
                rejected: rejected.clone(),
            };
            let problem = routed.diagnostic("/routing").unwrap();
            let (level, ending) = expected.split_once(' ').unwrap();
            assert_eq!(format!("{:?}", problem.level), level);
            assert_eq!(problem.code.to_string(), "E1352");
            assert!(problem.hint.ends_with(ending), "{}", problem.hint);
            assert_eq!(
                problem.found,
                "`design`: it has no capacity, it has 3 open handoffs of at most 2"
            );
        }
    }
}
