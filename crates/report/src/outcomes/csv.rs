//! Outcomes for a spreadsheet: a row per outcome and stretch of time.

use super::model::{Line, Outcomes, Reading};
use crate::spreadsheet::row;

/// What stands for all contracts together.
const ALL: &str = "(all contracts)";

/// Returns the report as CSV (RFC 4180). Numbers are in the unit of their row.
pub fn csv(outcomes: &Outcomes) -> String {
    let mut table = row([
        "contract", "outcome", "metric", "unit", "of", "value", "low", "high", "sample", "target",
        "stands",
    ]);
    for line in &outcomes.network.outcomes {
        rows(&mut table, outcomes, (ALL, line));
    }
    for contract in &outcomes.contracts {
        for line in &contract.outcomes {
            rows(&mut table, outcomes, (&contract.name, line));
        }
    }
    table
}

fn rows(table: &mut String, outcomes: &Outcomes, (contract, line): (&str, &Line)) {
    let mut push = |of: &str, reading: &Reading, stands: &str| {
        let number =
            |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
        table.push_str(&row([
            contract,
            &line.id,
            &line.metric,
            &line.unit,
            of,
            &number(reading.value),
            &number(reading.low),
            &number(reading.high),
            &reading.sample.to_string(),
            &number(line.target),
            stands,
        ]));
    };
    if let Some(baseline) = &line.baseline {
        push("baseline", &baseline.reading, "");
    }
    push("now", &line.now, line.status.word());
    for (week, reading) in outcomes.weeks.iter().zip(&line.weeks) {
        push(&week.name, reading, "");
    }
}
