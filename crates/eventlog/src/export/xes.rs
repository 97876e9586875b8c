//! XES (IEEE 1849). Columns called `case:NAME` whose value is the same throughout a case become
//! attributes of its trace; everything else stands on the events.

use std::io::{self, Write};

use super::plan::{Planned, Roles, case_columns, event_columns, text, time};
use super::xml_text::push;
use crate::model::{Kind, Log};

/// The names that the standard extensions give.
pub(super) const ROLES: Roles = Roles {
    case: "case:concept:name",
    order: "xes:position",
    time: "time:timestamp",
    activity: "concept:name",
    party: "org:group",
    person: "org:resource",
};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Activity" scope="event" keys="concept:name"/>
"#;

/// Writes a log; returns the number of characters that XML can't carry.
pub(super) fn write(log: &Log, out: &mut impl Write) -> io::Result<u64> {
    out.write_all(HEAD.as_bytes())?;
    let events = event_columns(log, &ROLES);
    let cases = case_columns(log, &events);
    let mut replaced = 0;
    let mut page = String::new();
    for (case, id) in log.case_ids().enumerate() {
        let rows = log.events_of(case);
        page.clear();
        page.push_str("<trace>\n");
        replaced += attribute(&mut page, "string", "concept:name", id);
        for planned in &cases {
            replaced += value(&mut page, planned, planned.name.get(5..), case);
        }
        let mut of_trace = Vec::with_capacity(events.len());
        for planned in &events {
            let key = planned
                .name
                .strip_prefix("case:")
                .filter(|key| *key != "concept:name" && is_constant(planned, rows.clone()));
            if key.is_some() {
                replaced += value(&mut page, planned, key, rows.start);
            }
            of_trace.push(key.is_some());
        }
        for row in rows {
            page.push_str("<event>\n");
            let activity = log.activity().text(row).unwrap_or_default();
            replaced += attribute(&mut page, "string", "concept:name", activity);
            let at = time(log.times().get(row).copied().unwrap_or(0));
            replaced += attribute(&mut page, "date", "time:timestamp", &at);
            for (key, column) in [("org:group", log.party()), ("org:resource", log.person())] {
                if let Some(text) = column.text(row) {
                    replaced += attribute(&mut page, "string", key, text);
                }
            }
            for (planned, of_trace) in events.iter().zip(&of_trace) {
                if !of_trace {
                    replaced += value(&mut page, planned, Some(&planned.name), row);
                }
            }
            page.push_str("</event>\n");
        }
        page.push_str("</trace>\n");
        out.write_all(page.as_bytes())?;
    }
    out.write_all(b"</log>\n")?;
    Ok(replaced)
}

fn is_constant(planned: &Planned<'_>, mut rows: std::ops::Range<usize>) -> bool {
    let first = planned.column.code(rows.start);
    first.is_some() && rows.all(|row| planned.column.code(row) == first)
}

fn value(page: &mut String, planned: &Planned<'_>, key: Option<&str>, row: usize) -> u64 {
    let (Some(key), Some(text)) = (key, text(planned.column, row)) else {
        return 0;
    };
    let tag = match planned.column.kind {
        Kind::Text => "string",
        Kind::Boolean => "boolean",
        Kind::Number { scale: 0 } => "int",
        Kind::Number { .. } => "float",
        Kind::Time => "date",
    };
    attribute(page, tag, key, &text)
}

fn attribute(page: &mut String, tag: &str, key: &str, text: &str) -> u64 {
    page.push('<');
    page.push_str(tag);
    page.push_str(" key=\"");
    let of_key = push(page, key);
    page.push_str("\" value=\"");
    let of_text = push(page, text);
    page.push_str("\"/>\n");
    of_key + of_text
}
