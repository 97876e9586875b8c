//! What the expressions of an outcome say about every case.

use std::ops::Range;

use baton_expression::{Expression, Type, Value};
use baton_terms::Diagnostic;
use hashbrown::HashMap;

use super::data::Data;
use super::scope::{CASE, FIRST, LAST, scope};
use crate::cases::settings::Outcome;
use crate::model::Log;

/// What an outcome says about one case; `None` is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Whether the outcome is decided.
    pub decided: Option<bool>,
    /// Whether the case failed.
    pub failed: Option<bool>,
    /// Its cost in thousandths.
    pub cost: Option<i64>,
}

/// Answers that are kept to be given again: most outcomes read few distinct values.
const ANSWERS_MAX: usize = 1 << 16;
const HOUR_MICROSECONDS: i128 = 3_600_000_000;

/// An outcome ready to be asked about the cases of a log.
pub struct Outcomes<'l> {
    log: &'l Log,
    failed: Expression,
    decided: Option<Expression>,
    cost: Option<Expression>,
    data: Data<'l>,
    answers: HashMap<Box<[i64]>, Verdict>,
    reads_id: bool,
}

impl<'l> Outcomes<'l> {
    /// Compiles the expressions of an outcome.
    ///
    /// # Errors
    /// All problems of all expressions, each pointing to where it stands in the mapping.
    pub fn compile(log: &'l Log, outcome: &Outcome) -> Result<Self, Vec<Diagnostic>> {
        let scope = scope(log);
        let cost_type = Type::union([Type::Int, Type::Double, Type::Duration]);
        let mut problems = Vec::new();
        let mut compile = |text: &str, field: &str, kind: &Type| {
            let compiled = Expression::compile(text, &scope, kind);
            compiled
                .map_err(|found| {
                    let pointer = format!("{}/{field}", outcome.at);
                    let found = found.into_iter().map(|mut problem| {
                        // Spans count from the start of the expression, not of the mapping.
                        problem.place.span = None;
                        problem.place.pointer.clone_from(&pointer);
                        problem
                    });
                    problems.extend(found);
                })
                .ok()
        };
        let failed = compile(&outcome.failed, "failed", &Type::Bool);
        let decided = outcome.decided.as_deref();
        let decided = decided.and_then(|text| compile(text, "decided", &Type::Bool));
        let cost = outcome.cost.as_deref();
        let cost = cost.and_then(|text| compile(text, "cost", &cost_type));
        let Some(failed) = failed.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        let all = [Some(&failed), decided.as_ref(), cost.as_ref()];
        let paths = all.into_iter().flatten().flat_map(Expression::reads);
        let reads_id = paths.clone().any(|path| path.variable == "id");
        let data = Data::new(log, paths);
        Ok(Self {
            log,
            data,
            failed,
            decided,
            cost,
            answers: HashMap::new(),
            reads_id,
        })
    }

    /// Returns whether an expression reads the column of this name.
    pub fn reads(&self, column: &str) -> bool {
        let all = [
            Some(&self.failed),
            self.decided.as_ref(),
            self.cost.as_ref(),
        ];
        let mut paths = all.into_iter().flatten().flat_map(Expression::reads);
        paths.any(|path| {
            let is_record = [FIRST, LAST, CASE].contains(&path.variable.as_str());
            let escaped = column.replace('~', "~0").replace('/', "~1");
            is_record && (path.pointer.is_empty() || path.pointer == format!("/{escaped}"))
        })
    }

    /// Returns whether failing can come with an event: a fact of the case as a whole, such as a
    /// column of the table of cases, is the same whatever events are known.
    pub fn follows_events(&self) -> bool {
        let mut paths = self.failed.reads().iter();
        paths.any(|path| ![CASE, "id"].contains(&path.variable.as_str()))
    }

    /// Returns what the outcome says about a case of which only `events` are known.
    pub fn verdict(&mut self, case: usize, events: Range<usize>) -> Verdict {
        let raw = self.data.read(case, events);
        if let Some(known) = self.answers.get(raw) {
            return *known;
        }
        let key: Box<[i64]> = raw.into();
        let id = if self.reads_id {
            self.log.case_id(case).unwrap_or_default()
        } else {
            ""
        };
        let bindings = self.data.bindings(id);
        let truth = |expression: &Expression| match expression.evaluate(&bindings) {
            Ok(Value::Bool(truth)) => Some(truth),
            _ => None,
        };
        let cost = self.cost.as_ref().map(|cost| cost.evaluate(&bindings));
        let verdict = Verdict {
            decided: self.decided.as_ref().map_or(Some(true), truth),
            failed: truth(&self.failed),
            cost: cost.and_then(|cost| thousandths(&cost.ok()?)),
        };
        if self.answers.len() < ANSWERS_MAX {
            self.answers.insert(key, verdict);
        }
        verdict
    }
}

/// Returns whether each case of a log failed; `None` where that is not decided or unknown.
///
/// # Errors
/// All problems of the expressions.
pub fn decide(log: &Log, outcome: &Outcome) -> Result<Vec<Option<bool>>, Vec<Diagnostic>> {
    let mut outcomes = Outcomes::compile(log, outcome)?;
    let verdicts = (0..log.cases()).map(|case| {
        let verdict = outcomes.verdict(case, log.events_of(case));
        verdict.failed.filter(|_| verdict.decided == Some(true))
    });
    Ok(verdicts.collect())
}

/// Returns a cost in thousandths, durations in hours; halves go away from zero.
fn thousandths(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(whole) => whole.checked_mul(1_000),
        Value::Double(number) => {
            // The shortest text of a double is the decimal its author wrote.
            let number: serde_json::Number = serde_json::from_str(&number.to_string()).ok()?;
            decimal_thousandths(&number.to_string())
        }
        Value::Duration(duration) => {
            let microseconds = duration.as_micros().checked_mul(1_000)?;
            let half = HOUR_MICROSECONDS / 2 * microseconds.signum();
            i64::try_from((microseconds + half) / HOUR_MICROSECONDS).ok()
        }
        _ => None,
    }
}

/// Returns plain decimal text in thousandths, further digits rounded.
fn decimal_thousandths(text: &str) -> Option<i64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = fraction.chars().chain("0000".chars()).take(4).collect();
    let whole: i64 = whole.parse().ok()?;
    let ten_thousandths = whole
        .checked_mul(10_000)?
        .checked_add(digits.parse().ok()?)?;
    Some(sign * ((ten_thousandths + 5) / 10))
}
