//! CSV (RFC 4180) with one row per event. A missing value is an empty field, and so is an empty text.

use std::io::{self, Write};

use super::plan::{Roles, case_columns, event_columns, text, time};
use crate::model::Log;

/// Writes a log.
pub(super) fn write(log: &Log, out: &mut impl Write) -> io::Result<()> {
    let roles = Roles::PLAIN;
    let events = event_columns(log, &roles);
    let cases = case_columns(log, &events);
    let mut line = String::new();
    for name in [
        roles.case,
        roles.order,
        roles.time,
        roles.activity,
        roles.party,
        roles.person,
    ]
    .into_iter()
    .chain(events.iter().chain(&cases).map(|planned| &*planned.name))
    {
        field(&mut line, name);
    }
    end(&mut line, out)?;
    for (case, id) in log.case_ids().enumerate() {
        for (order, row) in log.events_of(case).enumerate() {
            field(&mut line, id);
            field(&mut line, &order.to_string());
            field(&mut line, &time(log.times().get(row).copied().unwrap_or(0)));
            field(&mut line, log.activity().text(row).unwrap_or_default());
            field(&mut line, log.party().text(row).unwrap_or_default());
            field(&mut line, log.person().text(row).unwrap_or_default());
            for planned in &events {
                field(&mut line, &text(planned.column, row).unwrap_or_default());
            }
            for planned in &cases {
                field(&mut line, &text(planned.column, case).unwrap_or_default());
            }
            end(&mut line, out)?;
        }
    }
    Ok(())
}

fn field(line: &mut String, text: &str) {
    if text.contains(['"', ',', '\n', '\r']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
    line.push(',');
}

fn end(line: &mut String, out: &mut impl Write) -> io::Result<()> {
    line.pop();
    line.push_str("\r\n");
    out.write_all(line.as_bytes())?;
    line.clear();
    Ok(())
}
