//! Mappings of formats whose columns have a known meaning: nothing is guessed but which of several
//! columns is there, and which kind of object is the case.

use std::io::{BufReader, Read};

use baton_terms::Diagnostic;

use super::ROWS_MAX;
use crate::formats::ocel::{
    Tables, no_database, tables_from_database, tables_from_json, tables_from_xml,
};
use crate::formats::{Broken, Collected, git, github, jira, xes};
use crate::import::{Format, Input, ReadTables};

/// The columns that have a role in a format; of several, the first that is there.
struct Known {
    case: &'static str,
    time: &'static str,
    order: &'static [&'static str],
    activity: &'static str,
    party: &'static [&'static str],
    person: &'static [&'static str],
}

const XES: Known = Known {
    case: "case:concept:name",
    time: "time:timestamp",
    order: &["xes:position"],
    activity: "concept:name",
    party: &["org:group", "org:role"],
    person: &["org:resource"],
};

const JIRA: Known = Known {
    case: "issue",
    time: "time",
    order: &["order"],
    activity: "activity",
    party: &["components", "project"],
    person: &["assignee", "author"],
};

const GITHUB: Known = Known {
    case: "case",
    time: "time",
    // Events beside their issue are not numbered with it.
    order: &[],
    activity: "activity",
    party: &["team"],
    person: &["actor"],
};

const GIT: Known = Known {
    case: "commit",
    time: "time",
    order: &["order"],
    activity: "activity",
    party: &["party"],
    person: &["person"],
};

const OCEL: Known = Known {
    case: "ocel:oid",
    time: "ocel:timestamp",
    order: &["order"],
    activity: "ocel:activity",
    party: &["object:team", "object:group", "object:department", "party"],
    person: &["object:employee", "object:person", "person"],
};

/// Returns a mapping as YAML with comments.
///
/// # Errors
/// When the file can't be read.
pub(super) fn guess(
    mut input: Input<'_>,
    format: Format,
    name: &str,
) -> Result<String, Vec<Diagnostic>> {
    let mut sink = Collected::up_to(ROWS_MAX);
    let reader = BufReader::new(&mut input);
    let mut types = None;
    let (known, end) = match format {
        Format::Jira => (JIRA, jira::read(reader, &mut sink)),
        Format::GitHub => (GITHUB, github::read(reader, &mut sink)),
        Format::Git => (GIT, git::read(reader, &mut sink)),
        Format::OcelJson => (
            OCEL,
            flatten(tables_from_json(reader), &mut types, &mut sink),
        ),
        Format::OcelXml => (
            OCEL,
            flatten(tables_from_xml(reader), &mut types, &mut sink),
        ),
        Format::OcelSqlite => (OCEL, Err(no_database())),
        _ => (XES, xes::read(reader, &mut sink)),
    };
    whole(end, &input)?;
    Ok(yaml(&known, &sink, types, name))
}

/// Returns a mapping of an OCEL log that is a database, whose tables are filled by `read`.
///
/// # Errors
/// When the file can't be read.
pub fn guess_database<'r>(
    reader: impl Read + 'r,
    read: ReadTables<'_>,
    name: &str,
) -> Result<String, Vec<Diagnostic>> {
    let mut input = Input::new(reader)?;
    let mut sink = Collected::up_to(ROWS_MAX);
    let mut types = None;
    let tables = tables_from_database(&mut input, read);
    whole(flatten(tables, &mut types, &mut sink), &input)?;
    Ok(yaml(&OCEL, &sink, types, name))
}

fn whole(end: Result<(), Broken>, input: &Input<'_>) -> Result<(), Vec<Diagnostic>> {
    match end {
        Ok(()) => Ok(()),
        Err(Broken::Format(problem)) => Err(vec![*problem]),
        Err(Broken::Read(error)) => Err(input.problem(&error)),
    }
}

/// The kind of object that is the case, and the kinds it was chosen from.
struct Types {
    chosen: String,
    all: String,
}

fn flatten(
    tables: Result<Tables, Broken>,
    types: &mut Option<Types>,
    sink: &mut Collected,
) -> Result<(), Broken> {
    let tables = tables?;
    let counts = tables.types();
    let chosen = counts.first().map(|kind| kind.name.to_string());
    if let Some(chosen) = &chosen {
        let all: Vec<_> = counts
            .iter()
            .take(12)
            .map(|kind| format!("{} ({} relations)", kind.name, kind.relations))
            .collect();
        *types = Some(Types {
            chosen: chosen.clone(),
            all: all.join(", "),
        });
    }
    tables.flatten(chosen.as_deref(), sink)
}

fn yaml(known: &Known, sink: &Collected, types: Option<Types>, name: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    // A comment ends with its line, whatever a file is called.
    let plain = |text: &str| text.replace(char::is_control, " ");
    let first = |names: &[&'static str]| {
        names
            .iter()
            .find(|name| sink.columns.iter().any(|(known, _)| **known == ***name))
            .copied()
    };
    let mut lines = vec![
        format!(
            "# Proposed for {} from its format; read it before you use it.",
            plain(name)
        ),
        "baton: mapping/v1".to_owned(),
    ];
    let case = match types {
        Some(types) => {
            lines.push(format!(
                "# The kind of object most events relate to, of: {}.",
                plain(&types.all)
            ));
            format!("object:{}", types.chosen)
        }
        None => known.case.to_owned(),
    };
    lines.push(format!("case: {}", quoted(&case)));
    lines.push(format!(
        "time: {{column: {}, format: rfc3339}}",
        quoted(known.time)
    ));
    if let Some(order) = first(known.order) {
        lines.push(format!("order: [{}]", quoted(order)));
    }
    lines.push(format!("activity: {}", quoted(known.activity)));
    match first(known.party) {
        Some(party) => lines.push(format!("party: {}", quoted(party))),
        None => lines.push("# party: the column that names the team, if there is one.".to_owned()),
    }
    if let Some(person) = first(known.person) {
        lines.push("# Names single people: counted, never mined.".to_owned());
        lines.push(format!("person: {}", quoted(person)));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_terms::Source;

    #[test]
    fn a_known_format_is_read_by_its_proposal() {
        for (format, text) in [
            (
                Format::Xes,
                "<log><trace><string key=\"concept:name\" value=\"1\"/><event><string key=\"concept:name\" value=\"a\"/>\
                 <date key=\"time:timestamp\" value=\"2026-01-05T09:00:00Z\"/></event></trace></log>",
            ),
            (
                Format::OcelJson,
                "{\"objectTypes\":[],\"eventTypes\":[],\"objects\":[{\"id\":\"1\",\"type\":\"x\"},{\"id\":\"2\",\"type\":\"y\"}],\
                 \"events\":[{\"id\":\"e\",\"type\":\"a\",\"time\":\"2026-01-05T09:00:00Z\",\"relationships\":[{\"objectId\":\"2\"}]}]}",
            ),
            (
                Format::Jira,
                "{\"key\":\"A-1\",\"fields\":{\"created\":\"2026-01-05T09:00:00.000+0100\"}}",
            ),
            (
                Format::GitHub,
                "[{\"number\":1,\"title\":\"t\",\"created_at\":\"2026-01-05T09:00:00Z\"}]",
            ),
            (
                Format::Git,
                "aaaaaaaaaa\0\x002026-01-05T09:00:00Z\0a@b\x002026-01-05T09:00:00Z\0a@b\0m\0",
            ),
        ] {
            let input = Input::new(text.as_bytes()).unwrap();
            let guessed = guess(input, format, "a\nlog").unwrap();
            let mapping = crate::mapping::read(&Source::new("m.yaml", guessed.clone()));
            let mapping = mapping.into_mapping().unwrap();
            let imported = crate::import::import(text.as_bytes(), format, &mapping, &mut |_| ());
            let imported =
                imported.unwrap_or_else(|problems| panic!("{problems:#?} by\n{guessed}"));
            assert_eq!(imported.report.rows_refused(), 0, "{guessed}");
            assert_eq!(imported.log.cases(), 1, "{guessed}");
        }
    }
}
