//! From issues, pull requests and timeline events to records.

use std::collections::BTreeSet;
use std::io::BufRead;
use std::ops::ControlFlow;

use baton_terms::Diagnostic;
use hashbrown::HashSet;
use serde_json::Value;

use super::timeline::{Case, activity, case, is_issue, labels, reverts, text, time};
use crate::formats::codes;
use crate::formats::columns::Row;
use crate::formats::json::each;
use crate::formats::sink::{Broken, Field, Hint, Refusal, Sink, shown};
use crate::formats::time::microseconds;

/// The columns of every record; facts of an issue stand on the events of its own object.
const COLUMNS: [(&str, Hint); 19] = [
    ("case", Hint::Text),
    ("time", Hint::Time),
    ("order", Hint::Integer),
    ("activity", Hint::Text),
    ("actor", Hint::Text),
    ("team", Hint::Text),
    ("assignee", Hint::Text),
    ("label", Hint::Text),
    ("repository", Hint::Text),
    ("kind", Hint::Text),
    ("labels", Hint::Text),
    ("milestone", Hint::Text),
    ("author", Hint::Text),
    ("author_association", Hint::Text),
    ("base", Hint::Text),
    ("draft", Hint::Boolean),
    ("additions", Hint::Integer),
    ("deletions", Hint::Integer),
    ("changed_files", Hint::Integer),
];

/// Where the facts of an issue are, by column.
const FACTS: [(&str, &[&str]); 8] = [
    ("milestone", &["/milestone/title", "/milestone"]),
    ("author", &["/user/login"]),
    ("author_association", &["/author_association"]),
    ("base", &["/base/ref"]),
    ("draft", &["/draft"]),
    ("additions", &["/additions"]),
    ("deletions", &["/deletions"]),
    ("changed_files", &["/changed_files"]),
];

/// Where the facts of a timeline event are, by column.
const EVENT_FACTS: [(&str, &[&str]); 6] = [
    (
        "actor",
        &[
            "/actor/login",
            "/user/login",
            "/author/login",
            "/committer/email",
            "/author/email",
        ],
    ),
    ("team", &["/requested_team/slug", "/requested_team/name"]),
    (
        "assignee",
        &["/assignee/login", "/requested_reviewer/login"],
    ),
    ("label", &["/label/name"]),
    ("milestone", &["/milestone/title"]),
    ("author_association", &["/author_association"]),
];

/// Reads issues, pull requests and timeline events, and hands their events to the sink.
///
/// # Errors
/// [`Broken`] when the rest of the file can't be read.
pub fn read(input: impl BufRead, sink: &mut impl Sink) -> Result<(), Broken> {
    let fields = COLUMNS.map(|(name, hint)| (name, sink.column(name, hint)));
    let mut reading = Reading {
        sink,
        fields,
        row: Row::default(),
        seen: HashSet::new(),
    };
    each(input, &["items"], |item| {
        let flow = match item.value {
            Ok(value) => reading.object(item.number, &value),
            Err(problem) => Err(problem),
        };
        flow.unwrap_or_else(|problem| {
            reading.refuse(item.number, *problem);
            ControlFlow::Continue(())
        })
    })
}

struct Reading<'s, S> {
    sink: &'s mut S,
    fields: [(&'static str, Option<Field>); 19],
    row: Row,
    /// Openings, closings and merges handed over: an issue and its timeline both tell them.
    seen: HashSet<Box<str>>,
}

/// What an issue's own object says happened, and where it says when.
const OPENED: (&str, &[&str]) = ("opened", &["/created_at"]);
const ENDED: [(&str, &[&str]); 2] = [
    ("merged", &["/merged_at", "/pull_request/merged_at"]),
    ("closed", &["/closed_at"]),
];

/// One event before its facts are added.
struct Happening<'v> {
    key: (i64, usize),
    time: &'v str,
    activity: String,
    from: &'v Value,
}

impl<S: Sink> Reading<'_, S> {
    fn refuse(&mut self, number: u64, problem: Diagnostic) {
        self.sink.refuse(Refusal {
            record: number,
            events: 1,
            problem,
        });
    }

    fn object(&mut self, number: u64, value: &Value) -> Result<ControlFlow<()>, Box<Diagnostic>> {
        let case = case(value).ok_or_else(|| {
            Diagnostic::error(
                codes::RECORD_SHAPE,
                "an object names no issue or pull request",
            )
            .expected("`number`, `issue`, `issue_url` or `pull_request_url`")
            .found(shown(&value.to_string()))
            .hint(
                "timeline events don't say whose they are: put them into their issue as `timeline`",
            )
        })?;
        if is_issue(value) {
            return self.issue(number, &case, value);
        }
        let happening = happening(value, 0).ok_or_else(|| unknown(value))?;
        self.happen(&case, 0, &happening);
        if !self.is_new(&case, &happening) {
            return Ok(ControlFlow::Continue(()));
        }
        Ok(self.row.hand_over(number, self.sink))
    }

    fn issue(
        &mut self,
        number: u64,
        case: &Case,
        issue: &Value,
    ) -> Result<ControlFlow<()>, Box<Diagnostic>> {
        let mut happenings = Vec::new();
        summary(issue, &[OPENED], &mut happenings)?;
        for name in ["timeline", "timeline_items", "events", "reviews"] {
            let list = issue.get(name).and_then(Value::as_array);
            for event in list.into_iter().flatten() {
                match happening(event, happenings.len()) {
                    Some(happening) => happenings.push(happening),
                    None => self.refuse(number, unknown(event)),
                }
            }
        }
        // After the timeline, which tells the same things and who did them.
        summary(issue, &ENDED, &mut happenings)?;
        happenings.sort_by_key(|happening| happening.key);
        let mut standing = labels_at_start(issue, &happenings);
        for (order, happening) in happenings.iter().enumerate() {
            relabel(&mut standing, happening);
            if !self.is_new(case, happening) {
                continue;
            }
            self.happen(case, order, happening);
            self.facts(issue, happening);
            let joined: Vec<&str> = standing.iter().map(String::as_str).collect();
            if !joined.is_empty() {
                self.row.set(self.field("labels"), &joined.join("; "));
            }
            if self.row.hand_over(number, self.sink).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(self.reverted(number, case, issue))
    }

    /// Hands over that the pull request which this one reverts was reverted.
    fn reverted(&mut self, number: u64, case: &Case, issue: &Value) -> ControlFlow<()> {
        let merged = text(issue, &["/merged_at", "/pull_request/merged_at"]);
        if let (Some(time), Some(target)) = (merged, reverts(issue, case))
            && target != *case
            && let Some(at) = microseconds(time)
        {
            let happening = Happening {
                key: (at, 0),
                time,
                activity: "reverted".to_owned(),
                from: &Value::Null,
            };
            self.happen(&target, 0, &happening);
            return self.row.hand_over(number, self.sink);
        }
        ControlFlow::Continue(())
    }

    fn field(&self, name: &str) -> Option<Field> {
        self.fields
            .iter()
            .find(|(known, _)| *known == name)
            .and_then(|(_, field)| *field)
    }

    /// Starts the record of an event.
    fn happen(&mut self, case: &Case, order: usize, happening: &Happening<'_>) {
        self.row.clear();
        self.row.set(self.field("case"), &case.to_string());
        self.row.set(self.field("time"), happening.time);
        self.row.set(self.field("order"), &order.to_string());
        self.row.set(self.field("activity"), &happening.activity);
        if let Some(repository) = &case.repository {
            self.row.set(self.field("repository"), repository);
        }
        for (name, places) in EVENT_FACTS {
            if let Some(found) = text(happening.from, places) {
                self.row.set(self.field(name), found);
            }
        }
    }

    /// Adds the facts of the issue that an event belongs to.
    fn facts(&mut self, issue: &Value, happening: &Happening<'_>) {
        if happening.activity == "opened"
            && let Some(author) = text(issue, &["/user/login"])
        {
            self.row.set(self.field("actor"), author);
        }
        let is_pull_request = issue.get("pull_request").is_some() || issue.get("base").is_some();
        let kind = if is_pull_request {
            "pull request"
        } else {
            "issue"
        };
        self.row.set(self.field("kind"), kind);
        for (name, places) in FACTS {
            let found = places.iter().find_map(|place| match issue.pointer(place)? {
                Value::String(text) => Some(text.clone()),
                value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
                _ => None,
            });
            if let Some(found) = found {
                self.row.set(self.field(name), &found);
            }
        }
    }

    /// Returns whether an opening, closing or merge was not told before; others always are new.
    fn is_new(&mut self, case: &Case, happening: &Happening<'_>) -> bool {
        if !matches!(happening.activity.as_str(), "opened" | "closed" | "merged") {
            return true;
        }
        let key = format!("{case} {} {}", happening.activity, happening.key.0);
        self.seen.insert(key.into())
    }
}

/// Adds what the issue's own object says happened.
fn summary<'v>(
    issue: &'v Value,
    moments: &[(&str, &[&str])],
    happenings: &mut Vec<Happening<'v>>,
) -> Result<(), Box<Diagnostic>> {
    for (activity, places) in moments {
        let Some(time) = text(issue, places) else {
            continue;
        };
        let at = microseconds(time).ok_or_else(|| unread_time(time))?;
        happenings.push(Happening {
            key: (at, happenings.len()),
            time,
            activity: (*activity).to_owned(),
            from: &Value::Null,
        });
    }
    Ok(())
}

fn happening(event: &Value, place: usize) -> Option<Happening<'_>> {
    let time = time(event)?;
    Some(Happening {
        key: (microseconds(time)?, place),
        time,
        activity: activity(event)?,
        from: event,
    })
}

/// Returns the labels an issue had before its first event.
fn labels_at_start(issue: &Value, happenings: &[Happening<'_>]) -> BTreeSet<String> {
    let mut standing: BTreeSet<String> = labels(issue).into_iter().collect();
    for happening in happenings.iter().rev() {
        match (
            happening.activity.as_str(),
            text(happening.from, &["/label/name"]),
        ) {
            ("labeled", Some(label)) => {
                standing.remove(label);
            }
            ("unlabeled", Some(label)) => {
                standing.insert(label.to_owned());
            }
            _ => {}
        }
    }
    standing
}

fn relabel(standing: &mut BTreeSet<String>, happening: &Happening<'_>) {
    match (
        happening.activity.as_str(),
        text(happening.from, &["/label/name"]),
    ) {
        ("labeled", Some(label)) => {
            standing.insert(label.to_owned());
        }
        ("unlabeled", Some(label)) => {
            standing.remove(label);
        }
        _ => {}
    }
}

fn unknown(value: &Value) -> Diagnostic {
    Diagnostic::error(
        codes::RECORD_SHAPE,
        "an object is no issue, pull request or timeline event with a time",
    )
    .expected("`created_at`, and `title` or `event`")
    .found(shown(&value.to_string()))
}

fn unread_time(found: &str) -> Diagnostic {
    Diagnostic::error(codes::RECORD_SHAPE, "a time can't be read")
        .expected("an ISO 8601 time such as `2026-01-31T09:00:00Z`")
        .found(format!("`{}`", shown(found)))
}
