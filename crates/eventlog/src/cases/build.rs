//! From a log to its case table, step by step.

use baton_terms::Diagnostic;

use super::features::{Sink, attributes, calendar, flow, handovers, order, workload};
use super::frame::Frame;
use super::guard::guard;
use super::outcome::Outcomes;
use super::settings::Settings;
use super::table::CaseTable;
use crate::blameless::place;
use crate::model::{Code, Log};

use super::codes;

/// Returns the cases of a log with what was known of each at the landmark, and how it ended.
///
/// # Errors
/// All problems of the outcome's expressions, or that of the landmark, or that no case is left.
pub fn build(log: &Log, settings: &Settings) -> Result<CaseTable, Vec<Diagnostic>> {
    let mut outcomes = Outcomes::compile(log, &settings.outcome)?;
    let frame = Frame::of(log, settings, &mut outcomes)?;
    let cluster = cluster(&frame)?;
    let mut sink = Sink::new(frame.rows.len());
    attributes(&frame, &outcomes, &mut sink);
    calendar(&frame, &mut sink);
    flow(&frame, &mut sink);
    order(&frame, &mut sink);
    handovers(&frame, &mut sink);
    workload(&frame, &mut sink);
    let rows = &frame.rows;
    let has_cost = settings.outcome.cost.is_some();
    let mut table = CaseTable {
        ids: rows
            .iter()
            .map(|row| log.case_id(row.case).unwrap_or_default().into())
            .collect(),
        start: rows.iter().map(|row| row.start).collect(),
        failed: rows.iter().map(|row| row.failed).collect(),
        cost: has_cost.then(|| rows.iter().map(|row| row.cost).collect()),
        cost_unit: settings.outcome.cost_unit.clone().filter(|_| has_cost),
        cluster,
        left_out: frame.left_out,
        ..sink.finish()
    };
    guard(&mut table);
    Ok(table)
}

/// Returns the cluster of each row; a case without one is one of its own.
fn cluster(frame: &Frame<'_>) -> Result<Option<Vec<Code>>, Vec<Diagnostic>> {
    let Some(name) = &frame.settings.cluster else {
        return Ok(None);
    };
    let Some(column) = frame.log.column(name) else {
        let listed: Vec<_> = frame
            .log
            .columns()
            .iter()
            .map(|column| &*column.name)
            .collect();
        return Err(vec![
            Diagnostic::error(codes::NOT_IN_LOG, "the cluster is not a column of the log")
                .expected(format!("one of: {}", listed.join(", ")))
                .found(format!("`{name}`"))
                .hint("name a column that the mapping keeps"),
        ]);
    };
    let mut renamed: Vec<Option<Code>> = vec![None; column.dictionary.len()];
    let mut next: Code = 0;
    let mut new = || {
        let code = next;
        next = next.saturating_add(1);
        code
    };
    let clusters = frame.rows.iter().map(|row| {
        let mut events = frame.all_events(row);
        let code = events.find_map(|event| column.code(event));
        match code.and_then(|code| renamed.get_mut(place(code))) {
            Some(known) => *known.get_or_insert_with(&mut new),
            None => new(),
        }
    });
    Ok(Some(clusters.collect()))
}
