//! Reads a mapping file: every problem in one run, each with its place.

use baton_document::shape::{self, Fields, Kind};
use baton_document::syntax::{self, Node, Value};
use baton_terms::{Diagnostic, Source};

use super::codes::{RULE, TIME_FORMAT, TWICE};
use super::model::{
    CaseKey, CasesTable, ColumnRule, Delimiter, Header, Known, Mapping, Outcome, Quote, Table,
    TimeColumn, ValueKind,
};
use super::shape::{FORMAT, MAPPING};
use super::time::{TimeFormat, Zone};
use crate::blameless::People;

const KIND: Kind = Kind {
    object: &MAPPING,
    format: FORMAT,
    hint: "see `baton schema mapping` for every field, or let `baton import FILE --guess` propose a mapping",
};

/// What a mapping file says, and every problem met in reading it.
#[derive(Debug)]
pub struct Reading {
    mapping: Option<Mapping>,
    diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// Returns the mapping when nothing is wrong with it.
    pub fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    /// Returns the mapping, or every problem.
    ///
    /// # Errors
    /// Every problem, in the order of their places.
    pub fn into_mapping(self) -> Result<Mapping, Vec<Diagnostic>> {
        self.mapping.ok_or(self.diagnostics)
    }

    /// Returns every problem, in the order of their places.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// Reads a mapping file, YAML or JSON.
pub fn read(source: &Source) -> Reading {
    let (mapping, mut diagnostics) = shape::read(source, &KIND, |root, diagnostics| {
        Reader { root, diagnostics }.mapping()
    });
    for diagnostic in &mut diagnostics {
        if diagnostic.code == syntax::TOO_LARGE {
            "remove what the mapping does not need".clone_into(&mut diagnostic.hint);
        }
    }
    Reading {
        mapping,
        diagnostics,
    }
}

struct Reader<'a> {
    root: &'a Node,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn mapping(&mut self) -> Option<Mapping> {
        let root = self.root;
        let fields = Fields::root(root);
        let time = self.time(&fields);
        let columns = self.columns(&fields, &Known::Event);
        let cases = fields
            .child("cases")
            .map(|cases| self.cases(&cases, &fields));
        let outcomes = fields.entries("outcomes").into_iter();
        let mut outcomes: Vec<_> = outcomes
            .filter_map(|(id, outcome)| read_outcome(id, &outcome))
            .collect();
        outcomes.sort_by(|left, right| left.id.cmp(&right.id));
        let mapping = Mapping {
            table: table(&fields),
            case: case_key(&fields),
            time: time?,
            order: one_or_list(&fields, "order"),
            activity: name(&fields, "activity")?,
            closing: names(&fields, "closing"),
            party: name(&fields, "party"),
            person: name(&fields, "person"),
            people: match fields.text("people").as_deref() {
                Some("vouched") => People::Vouched,
                _ => People::Counted,
            },
            cluster: name(&fields, "cluster"),
            missing: names(&fields, "missing"),
            columns,
            is_open: fields.text("others").as_deref() != Some("skip"),
            outcomes,
            cases: cases.flatten(),
            json: root.to_json(),
        };
        self.check_roles(&mapping);
        self.check_known(&mapping);
        Some(mapping).filter(|mapping| !mapping.case.columns.is_empty())
    }

    fn time(&mut self, fields: &Fields<'_>) -> Option<TimeColumn> {
        let time = fields.child("time")?;
        let format = match time.text("format") {
            Some(_) => self.time_format(&time)?,
            None => TimeFormat::Rfc3339,
        };
        let zone = time.text("zone").and_then(|zone| Zone::named(&zone));
        let zone = zone.or((!format.has_zone()).then_some(Zone::Utc));
        Some(TimeColumn {
            column: name(&time, "column")?,
            format,
            zone,
        })
    }

    fn time_format(&mut self, fields: &Fields<'_>) -> Option<TimeFormat> {
        let text = fields.text("format")?;
        match text.parse() {
            Ok(format) => Some(format),
            Err(error) => {
                let problem = Diagnostic::error(TIME_FORMAT, "time format can't be read")
                    .expected("`rfc3339`, `unix`, `unix-ms`, `unix-us` or a strftime pattern with year, month and day")
                    .found(format!("`{text}`: {error}"))
                    .hint("day, month, year with slashes and a clock is `%d/%m/%Y %H:%M`");
                self.report(problem, &format!("{}/format", fields.at()));
                None
            }
        }
    }

    fn columns(&mut self, fields: &Fields<'_>, known: &Known) -> Vec<ColumnRule> {
        let entries = fields.entries("columns").into_iter();
        let mut rules: Vec<_> = entries
            .map(|(column, rule)| self.rule(column, &rule, known))
            .collect();
        // Entries of a map: their order carries no meaning and is lost in the recorded mapping.
        rules.sort_by(|left, right| left.name.cmp(&right.name));
        rules
    }

    fn rule(&mut self, column: &str, fields: &Fields<'_>, known: &Known) -> ColumnRule {
        let kind = fields.text("kind");
        let kind = match kind.as_deref() {
            Some("boolean") => ValueKind::Boolean,
            Some("number") => ValueKind::Number {
                scale: fields.number("scale").unwrap_or(0),
            },
            Some("time") => ValueKind::Time {
                format: self.time_format(fields),
            },
            _ => ValueKind::Text,
        };
        for (field, is_apt) in [
            ("scale", matches!(kind, ValueKind::Number { .. })),
            ("format", matches!(kind, ValueKind::Time { .. })),
        ] {
            if fields.has(field) && !is_apt {
                let wanted = if field == "scale" { "number" } else { "time" };
                let problem = Diagnostic::error(RULE, "fields of the rule don't fit each other")
                    .expected(format!("`{field}` only with `kind: {wanted}`"))
                    .found(format!("`{field}` for a column of another kind"))
                    .hint(format!("add `kind: {wanted}`, or remove `{field}`"));
                self.report(problem, &format!("{}/{field}", fields.at()));
            }
        }
        ColumnRule {
            name: column.into(),
            kind,
            known: self.known(fields).unwrap_or_else(|| known.clone()),
            person: fields.boolean("person").unwrap_or_default(),
            group: fields.boolean("group").unwrap_or_default(),
            modifiable: fields.boolean("modifiable").unwrap_or_default(),
            exclude: name(fields, "exclude"),
        }
    }

    fn known(&mut self, fields: &Fields<'_>) -> Option<Known> {
        match fields.text("known").as_deref() {
            Some("start") => return Some(Known::Start),
            Some("event") => return Some(Known::Event),
            Some("end") => return Some(Known::End),
            _ => {}
        }
        let known = fields.child("known")?;
        match (name(&known, "activity"), name(&known, "column")) {
            (Some(activity), None) => Some(Known::Activity(activity)),
            (None, Some(column)) => Some(Known::Column(column)),
            (activity, _) => {
                let found = if activity.is_some() {
                    "both"
                } else {
                    "neither"
                };
                let problem = Diagnostic::error(RULE, "fields of the rule don't fit each other")
                    .expected("either `activity` or `column`")
                    .found(found)
                    .hint(
                        "say from which activity, or from which time column on, the value is known",
                    );
                self.report(problem, &known.at());
                None
            }
        }
    }

    fn cases(&mut self, fields: &Fields<'_>, events: &Fields<'_>) -> Option<CasesTable> {
        let missing = if fields.has("missing") {
            fields
        } else {
            events
        };
        let table = CasesTable {
            table: table(fields),
            case: case_key(fields),
            missing: names(missing, "missing"),
            columns: self.columns(fields, &Known::Start),
            is_open: fields.text("others").as_deref() != Some("skip"),
        };
        Some(table).filter(|table| !table.case.columns.is_empty())
    }

    /// A column is one thing: case, time, activity, party or person.
    fn check_roles(&mut self, mapping: &Mapping) {
        let cases = mapping
            .case
            .columns
            .iter()
            .map(|column| ("/case", &**column));
        let rest = [
            ("/time/column", Some(&mapping.time.column)),
            ("/activity", Some(&mapping.activity)),
            ("/party", mapping.party.as_ref()),
            ("/person", mapping.person.as_ref()),
        ];
        let rest = rest
            .into_iter()
            .filter_map(|(at, column)| Some((at, &**column?)));
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for (at, column) in cases.chain(rest) {
            if let Some((earlier, _)) = seen.iter().find(|(_, known)| *known == column) {
                let problem = Diagnostic::error(TWICE, "column has two meanings")
                    .expected("a column of its own for each")
                    .found(format!(
                        "`{column}`, which is `{}` already",
                        earlier.trim_start_matches('/')
                    ))
                    .hint("name another column, or leave the field out");
                self.report(problem, at);
            }
            seen.push((at, column));
        }
    }

    /// A value known from a time column on needs that column to be a time.
    fn check_known(&mut self, mapping: &Mapping) {
        let case_rules = mapping.cases.iter().flat_map(|cases| &cases.columns);
        let rules = mapping.columns.iter().map(|rule| ("", rule));
        let rules = rules.chain(case_rules.map(|rule| ("/cases", rule)));
        for (table, rule) in rules {
            let Known::Column(column) = &rule.known else {
                continue;
            };
            let is_time = |known: Option<&ColumnRule>| {
                known.is_some_and(|known| matches!(known.kind, ValueKind::Time { .. }))
            };
            if *column != mapping.time.column
                && !is_time(mapping.column(column))
                && !is_time(mapping.case_column(column))
            {
                let problem = Diagnostic::error(RULE, "fields of the rule don't fit each other")
                    .expected("a column of `kind: time`")
                    .found(format!("`{column}`, which has no such rule"))
                    .hint(format!("add `{column}: {{kind: time}}` under `columns`"));
                let at = format!("{table}/columns/{}/known/column", shape::escape(&rule.name));
                self.report(problem, &at);
            }
        }
    }

    fn report(&mut self, problem: Diagnostic, pointer: &str) {
        let span = self.root.nearest(pointer).span;
        self.diagnostics.push(problem.at(span).pointing_to(pointer));
    }
}

fn table(fields: &Fields<'_>) -> Table {
    let fields = fields.child("table");
    let names = fields
        .as_ref()
        .map(|fields| names(fields, "header"))
        .unwrap_or_default();
    let word = |name| fields.as_ref().and_then(|fields| fields.text(name));
    Table {
        delimiter: word("delimiter").and_then(|word| Delimiter::from_word(&word)),
        quote: word("quote")
            .and_then(|word| Quote::from_word(&word))
            .unwrap_or(Quote::Double),
        header: if names.is_empty() {
            Header::FirstRow
        } else {
            Header::Names(names)
        },
    }
}

fn case_key(fields: &Fields<'_>) -> CaseKey {
    CaseKey {
        columns: one_or_list(fields, "case"),
        join: name(fields, "join").unwrap_or_else(|| "/".into()),
    }
}

fn read_outcome(id: &str, fields: &Fields<'_>) -> Option<Outcome> {
    Some(Outcome {
        id: id.parse().ok()?,
        title: name(fields, "title")?,
        failed: name(fields, "failed")?,
        decided: name(fields, "decided"),
        cost: name(fields, "cost"),
        cost_unit: name(fields, "cost_unit"),
        at: fields.at(),
    })
}

fn name(fields: &Fields<'_>, field: &str) -> Option<Box<str>> {
    fields.text(field).map(Into::into)
}

fn names(fields: &Fields<'_>, field: &str) -> Vec<Box<str>> {
    fields.texts(field, |text| Some(text.into()))
}

fn one_or_list(fields: &Fields<'_>, field: &str) -> Vec<Box<str>> {
    match fields.node(field).map(|node| &node.value) {
        Some(Value::Text(text)) => vec![text.as_str().into()],
        _ => names(fields, field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "\
baton: mapping/v1
case: [repo, pr]
join: \"#\"
time: {column: updated, format: \"%d/%m/%Y %H:%M\", zone: Europe/Berlin}
order: seq
activity: state
party: team
missing: [\"?\"]
columns:
  made_sla: {kind: boolean}
  closed: {kind: time, known: end}
  code: {known: {column: closed}, group: true}
  hours: {kind: number, scale: 2, modifiable: true, exclude: too coarse}
outcomes:
  late: {title: Late, failed: last(made_sla) == false, cost: hours, cost_unit: hours}
cases:
  case: id
  columns:
    size: {kind: number}
";

    #[test]
    fn a_mapping_is_read_whole() {
        let mapping = read(&Source::new("m.yaml", SOUND)).into_mapping().unwrap();
        assert_eq!(mapping.case.columns, ["repo".into(), "pr".into()]);
        assert_eq!(&*mapping.case.join, "#");
        assert_eq!(mapping.time.format.text(), "%d/%m/%Y %H:%M");
        assert_eq!(mapping.order, ["seq".into()]);
        assert_eq!(
            mapping.column("code").unwrap().known,
            Known::Column("closed".into())
        );
        let hours = mapping.column("hours").unwrap();
        assert_eq!(hours.kind, ValueKind::Number { scale: 2 });
        assert_eq!(hours.exclude.as_deref(), Some("too coarse"));
        assert!(mapping.is_open && hours.modifiable);
        assert_eq!(
            &*mapping.outcome("late").unwrap().failed,
            "last(made_sla) == false"
        );
        assert_eq!(mapping.case_column("size").unwrap().known, Known::Start);
        assert_eq!(mapping.cases.unwrap().missing, ["?".into()]);
    }

    #[test]
    fn json_is_a_mapping_too() {
        let json = r#"{"baton": "mapping/v1", "case": "id", "time": {"column": "at"}, "activity": "what"}"#;
        let mapping = read(&Source::new("m.json", json)).into_mapping().unwrap();
        assert_eq!(mapping.time.format, TimeFormat::Rfc3339);
        assert_eq!(mapping.time.zone, None);
    }

    /// Each line: code and the text it points at.
    fn check(text: &str, expected: &[&str]) {
        let source = Source::new("m.yaml", text);
        let reading = read(&source);
        let found: Vec<_> = reading
            .diagnostics()
            .iter()
            .map(|problem| {
                let span = problem.place.span.unwrap_or_default();
                format!("{} {}", problem.code, source.slice(span))
            })
            .collect();
        assert_eq!(found, expected, "{:#?}", reading.diagnostics());
        assert!(reading.mapping().is_none());
    }

    #[test]
    fn every_problem_is_reported_with_its_place() {
        check(
            "baton: mapping/v1\ncase: id\ntime: {column: at, format: DD.MM.YYYY, zone: Mars}\n\
             activity: id\nparti: team\ncolumns:\n  a: {scale: 2}\n  b: {known: {column: c}}\n  \
             c: {kind: nmber}\n  d: {known: {}}\n",
            &[
                "E1030 DD.MM.YYYY",
                "E0205 Mars",
                "E0201 parti",
                "E1031 2",
                "E0206 nmber",
                "E1031 {}",
            ],
        );
        check(
            "baton: mapping/v1\ncase: id\ntime: {column: at}\nactivity: id\ncolumns:\n  b: {known: {column: c}}\n",
            &["E1032 id", "E1031 c"],
        );
        check("", &["E0140 "]);
        check(
            "baton: contract/v1\n",
            &[
                "E0202 baton",
                "E0202 baton",
                "E0202 baton",
                "E0206 contract/v1",
            ],
        );
    }

    #[test]
    fn the_schema_accepts_what_the_reader_accepts() {
        let schema = super::super::json_schema().to_string();
        for word in ["mapping/v1", "unix-ms", "first-row", "cost_unit"] {
            assert!(schema.contains(word), "{word}");
        }
    }
}
