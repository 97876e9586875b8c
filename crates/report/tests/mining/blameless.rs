//! A report speaks of work and never of a person's merit, whatever it found.

use super::{empty, realistic, renderings};

/// Words that blame, or claim more than history can show. Compared as whole words, in any case.
const REFUSED: [&str; 23] = [
    "blame",
    "blames",
    "blamed",
    "fault",
    "faults",
    "guilty",
    "culprit",
    "culprits",
    "offender",
    "offenders",
    "careless",
    "lazy",
    "negligent",
    "negligence",
    "incompetent",
    "incompetence",
    "underperforming",
    "mistake",
    "mistakes",
    "because",
    "caused",
    "proves",
    "responsible",
];

fn check(document: &serde_json::Value) {
    for (name, shown) in renderings(document) {
        let lower = shown.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
        let found: Vec<_> = words.filter(|word| REFUSED.contains(word)).collect();
        assert!(found.is_empty(), "{name} says {found:?}");
    }
}

#[test]
fn no_rendering_blames_or_claims_a_proof() {
    check(&realistic());
    check(&empty());
    for strength in ["associated", "replicated", "adjusted"] {
        for confirmation in ["replicated", "weaker", "gone", "untested"] {
            for (simpson, confounded, heterogeneous) in [
                (true, true, true),
                (false, true, false),
                (false, false, true),
                (false, false, false),
            ] {
                let mut document = realistic();
                for cause in document["causes"].as_array_mut().unwrap() {
                    cause["strength"] = strength.into();
                    cause["confirmation"] = confirmation.into();
                    if let Some(adjustment) = cause["adjustment"].as_object_mut() {
                        adjustment["simpson"] = simpson.into();
                        adjustment["confounded"] = confounded.into();
                        adjustment["heterogeneous"] = heterogeneous.into();
                    }
                }
                check(&document);
            }
        }
    }
}
