//! From issues to records.

use std::io::BufRead;
use std::ops::ControlFlow;

use baton_terms::Diagnostic;
use serde_json::Value;

use super::history::{Change, Fields};
use crate::formats::codes;
use crate::formats::columns::{Columns, Row};
use crate::formats::json::each;
use crate::formats::limits::COLUMNS_MAX;
use crate::formats::sink::{Broken, Field, Hint, Refusal, Sink, shown};
use crate::formats::time::{microseconds, rfc3339};

/// Fields whose texts are for people to read, not to be compared.
const PROSE: [&str; 4] = ["summary", "description", "environment", "comment"];

/// Fields that have no changelog of their own and are known only when the issue is exported; they
/// stand on its last event alone.
const AT_EXPORT: [&str; 13] = [
    "aggregateprogress",
    "aggregatetimeestimate",
    "aggregatetimespent",
    "lastViewed",
    "progress",
    "resolutiondate",
    "statuscategorychangedate",
    "timeestimate",
    "timespent",
    "updated",
    "votes",
    "watches",
    "workratio",
];

/// Changelog names of fields that the issue has under another name (before `fieldId` came).
const RENAMED: [(&str, &str); 5] = [
    ("Component", "components"),
    ("Fix Version", "fixVersions"),
    ("Version", "versions"),
    ("Parent", "parent"),
    ("Sprint", "sprint"),
];

/// Reads issues and hands their events to the sink.
///
/// # Errors
/// [`Broken`] when the rest of the file can't be read.
pub fn read(input: impl BufRead, sink: &mut impl Sink) -> Result<(), Broken> {
    let mut reading = Reading::new(sink);
    each(input, &["issues"], |item| {
        let flow = match item.value {
            Ok(value) => reading.issue(item.number, &value),
            Err(problem) => Err(problem),
        };
        flow.unwrap_or_else(|problem| {
            reading.refuse(item.number, 1, *problem);
            ControlFlow::Continue(())
        })
    })
}

/// One thing that happened to an issue.
struct Happening<'v> {
    /// For sorting: microseconds, then the place in the export.
    key: (i64, usize),
    time: &'v str,
    author: Option<&'v str>,
    what: What<'v>,
}

#[derive(Clone, Copy)]
enum What<'v> {
    Created,
    Changed(Change<'v>),
    Commented,
}

struct Reading<'s, S> {
    sink: &'s mut S,
    columns: Columns,
    row: Row,
    fixed: [Option<Field>; 7],
}

/// The columns that every record may have, in the order of `fixed`.
const FIXED: [(&str, Hint); 7] = [
    ("issue", Hint::Text),
    ("time", Hint::Time),
    ("order", Hint::Integer),
    ("activity", Hint::Text),
    ("author", Hint::Text),
    ("from", Hint::Text),
    ("to", Hint::Text),
];

impl<'s, S: Sink> Reading<'s, S> {
    fn new(sink: &'s mut S) -> Self {
        let fixed = FIXED.map(|(name, hint)| sink.column(name, hint));
        Self {
            sink,
            columns: Columns::default(),
            row: Row::default(),
            fixed,
        }
    }

    fn refuse(&mut self, number: u64, events: u64, problem: Diagnostic) {
        self.sink.refuse(Refusal {
            record: number,
            events,
            problem,
        });
    }

    fn issue(&mut self, number: u64, issue: &Value) -> Result<ControlFlow<()>, Box<Diagnostic>> {
        let key = issue
            .get("key")
            .and_then(Value::as_str)
            .ok_or_else(|| lacks(issue, "/key", "the key of the issue"))?;
        let fields = issue
            .get("fields")
            .filter(|fields| fields.is_object())
            .ok_or_else(|| lacks(issue, "/fields", "the fields of the issue"))?;
        let created = fields
            .get("created")
            .and_then(Value::as_str)
            .ok_or_else(|| lacks(issue, "/fields/created", "when the issue was created"))?;
        let mut happenings = self.happenings(number, issue)?;
        let start = microseconds(created).ok_or_else(|| unread_time(key, created))?;
        happenings.push(Happening {
            key: (start, 0),
            time: created,
            author: ["creator", "reporter"]
                .iter()
                .find_map(|name| person(fields.get(*name)?)),
            what: What::Created,
        });
        // What the export says happened before the creation happened right after it.
        for happening in &mut happenings {
            if !matches!(happening.what, What::Created) {
                happening.key = (happening.key.0.max(start), happening.key.1 + 1);
            }
        }
        happenings.sort_by_key(|happening| happening.key);
        let mut state = Fields::exported(fields);
        for happening in happenings.iter().rev() {
            if let What::Changed(change) = happening.what {
                state.undo(change);
            }
        }
        for (order, happening) in happenings.iter().enumerate() {
            if let What::Changed(change) = happening.what {
                state.make(change);
            }
            self.write(key, order, happening);
            for (name, text) in state.values() {
                let early = AT_EXPORT.contains(&name) && order + 1 < happenings.len();
                if !PROSE.contains(&name) && !early {
                    let column = self.columns.get(name, Hint::Text, self.sink);
                    if column == crate::formats::columns::Column::Beyond {
                        return Err(Diagnostic::error(
                            codes::TOO_LARGE,
                            "the export has too many fields",
                        )
                        .expected(format!("at most {COLUMNS_MAX} names"))
                        .into());
                    }
                    self.row.set(column.field(), &text);
                }
            }
            if self.row.hand_over(number, self.sink).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn write(&mut self, key: &str, order: usize, happening: &Happening<'_>) {
        let (activity, from, to) = match happening.what {
            What::Created => ("created".to_owned(), None, None),
            What::Commented => ("commented".to_owned(), None, None),
            What::Changed(change) => {
                let activity = match (change.field, change.to) {
                    ("status" | "resolution", Some(to)) => format!("{}: {to}", change.field),
                    ("resolution", None) => "reopened".to_owned(),
                    (field, _) => format!("changed {field}"),
                };
                (activity, change.from, change.to)
            }
        };
        self.row.clear();
        let values = [
            Some(key),
            Some(&*rfc3339(happening.time)),
            Some(&*order.to_string()),
            Some(&*activity),
            happening.author,
            from,
            to,
        ]
        .map(|value| value.map(ToOwned::to_owned));
        for (field, value) in self.fixed.into_iter().zip(values) {
            if let Some(value) = value {
                self.row.set(field, &value);
            }
        }
    }

    /// Returns what happened to an issue after its creation; changes and comments that can't be
    /// read are refused one by one.
    fn happenings<'v>(
        &mut self,
        number: u64,
        issue: &'v Value,
    ) -> Result<Vec<Happening<'v>>, Box<Diagnostic>> {
        let key = issue.get("key").and_then(Value::as_str).unwrap_or("?");
        let mut found = Vec::new();
        let log = issue.get("changelog");
        let histories = match log.map(|log| log.get("histories").or_else(|| log.get("values"))) {
            None => &[],
            Some(Some(Value::Array(histories))) => histories.as_slice(),
            Some(_) => {
                return Err(lacks(issue, "/changelog/histories", "a list of changes").into());
            }
        };
        let total = log.and_then(|log| log.get("total")?.as_u64()).unwrap_or(0);
        let there = u64::try_from(histories.len()).unwrap_or(u64::MAX);
        if total > there {
            let problem = Diagnostic::error(
                codes::CHANGELOG_CUT,
                "the export holds only a part of an issue's changelog",
            )
            .pointing_to(format!("/{key}/changelog"))
            .expected(format!("{total} changes"))
            .found(format!("{there} changes"))
            .hint(
                "fetch the rest from `/rest/api/3/issue/KEY/changelog` and put it in `histories`",
            );
            self.refuse(number, total - there, problem);
        }
        for history in histories {
            let Some((at, time)) = timed(history) else {
                let found = shown(&history.to_string());
                self.refuse(number, 1, unread_time(key, &found));
                continue;
            };
            let items = history.get("items").and_then(Value::as_array);
            for item in items.into_iter().flatten() {
                let Some(change) = change(item) else {
                    let problem = lacks(item, "/field", "the name of the changed field")
                        .pointing_to(format!("/{key}/changelog/histories"));
                    self.refuse(number, 1, problem);
                    continue;
                };
                found.push(Happening {
                    key: (at, found.len()),
                    time,
                    author: history.get("author").and_then(person),
                    what: What::Changed(change),
                });
            }
        }
        let comments = issue.pointer("/fields/comment/comments");
        for comment in comments.and_then(Value::as_array).into_iter().flatten() {
            match timed(comment) {
                Some((at, time)) => found.push(Happening {
                    key: (at, found.len()),
                    time,
                    author: comment.get("author").and_then(person),
                    what: What::Commented,
                }),
                None => self.refuse(number, 1, unread_time(key, "a comment")),
            }
        }
        Ok(found)
    }
}

fn timed(value: &Value) -> Option<(i64, &str)> {
    let time = value.get("created")?.as_str()?;
    Some((microseconds(time)?, time))
}

fn person(value: &Value) -> Option<&str> {
    ["accountId", "name", "key", "displayName"]
        .iter()
        .find_map(|name| value.get(*name)?.as_str())
}

fn change(item: &Value) -> Option<Change<'_>> {
    let text = |names: [&str; 2]| {
        names
            .iter()
            .find_map(|name| item.get(*name)?.as_str())
            .filter(|text| !text.is_empty())
    };
    let field = text(["fieldId", "field"])?;
    let field = RENAMED
        .iter()
        .find(|(old, _)| *old == field)
        .map_or(field, |(_, new)| *new);
    Some(Change {
        field,
        from: text(["fromString", "from"]),
        to: text(["toString", "to"]),
    })
}

fn lacks(value: &Value, place: &str, what: &str) -> Diagnostic {
    Diagnostic::error(codes::RECORD_SHAPE, "an issue lacks what is needed")
        .pointing_to(place)
        .expected(what)
        .found(shown(&value.to_string()))
        .hint("export with `expand=changelog` and all fields")
}

fn unread_time(key: &str, found: &str) -> Diagnostic {
    Diagnostic::error(codes::RECORD_SHAPE, "a time can't be read")
        .pointing_to(format!("/{key}"))
        .expected("an ISO 8601 time such as `2026-01-31T09:00:00.000+0100`")
        .found(format!("`{}`", shown(found)))
}
