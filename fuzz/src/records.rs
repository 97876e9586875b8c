//! What must hold of the records of any event log, whatever bytes they were read from.

use baton_eventlog::formats::{Broken, Collected};

/// Holds that each record has at most one value per column, and each refusal a code and words.
pub fn check_records(sink: &Collected, end: Result<(), Broken>) {
    for (_, values) in &sink.records {
        let mut fields: Vec<_> = values.iter().map(|(field, _)| *field).collect();
        fields.sort_unstable();
        fields.dedup();
        assert_eq!(fields.len(), values.len(), "two values in one column");
    }
    for refusal in &sink.refusals {
        assert!(
            !refusal.problem.message.is_empty(),
            "refused without a reason"
        );
    }
    if let Err(Broken::Format(problem)) = end {
        assert!(!problem.message.is_empty(), "broken without a reason");
    }
}
