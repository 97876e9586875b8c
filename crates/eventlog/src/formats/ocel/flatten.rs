//! From objects and events to records of one case each.

use std::ops::ControlFlow;

use baton_terms::Diagnostic;
use hashbrown::HashMap;

use super::tables::{Event, Object, ObjectValue, Relation, Tables, pointer};
use crate::formats::codes;
use crate::formats::columns::Columns;
use crate::formats::sink::{Broken, Field, Hint, Refusal, Sink, shown};
use crate::model::Code;

/// What parts the ids of several objects of one type.
const JOINT: &str = "; ";

impl Tables {
    /// Hands over one record per event and object of the type `case_type`; without a choice, the
    /// log must have one type only.
    ///
    /// # Errors
    /// [`Broken`] when there is no such type, or none was chosen and there are several.
    pub fn flatten(mut self, case_type: Option<&str>, sink: &mut impl Sink) -> Result<(), Broken> {
        self.report(sink);
        let case_type = self.case_type(case_type)?;
        self.object_values.sort_unstable();
        self.object_values.dedup();
        self.event_values.sort_by_key(|value| value.event);
        self.event_relations.sort_unstable();
        self.event_relations.dedup();
        self.object_relations.sort_unstable();
        let mut columns = Columns::default();
        let fixed = Fixed::of(self.text(case_type), &mut columns, sink);
        let mut flattening = Flattening {
            tables: &self,
            columns,
            fixed,
            case_type,
            without_case: 0,
            arena: String::new(),
            spans: Vec::new(),
        };
        flattening.report_dangling_objects(sink);
        flattening.run(sink);
        Ok(())
    }

    fn case_type(&self, chosen: Option<&str>) -> Result<Code, Broken> {
        let types = self.types();
        let listed = || {
            let mut names: Vec<_> = types
                .iter()
                .take(12)
                .map(|kind| format!("`{}` ({} relations)", shown(&kind.name), kind.relations))
                .collect();
            if types.len() > names.len() {
                names.push(format!("and {} more", types.len() - names.len()));
            }
            names.join(", ")
        };
        let problem = match (chosen, types.as_slice()) {
            (Some(name), _) => {
                if let Some(found) = types.iter().find(|kind| *kind.name == *name) {
                    return Ok(self.texts.code(&found.name).unwrap_or_default());
                }
                Diagnostic::error(codes::OCEL_CASE_TYPE, "no object has the type of the case")
                    .expected(listed())
                    .found(format!("`{}`", shown(name)))
            }
            (None, [only]) => return Ok(self.texts.code(&only.name).unwrap_or_default()),
            (None, []) => Diagnostic::error(codes::OCEL_CASE_TYPE, "the log has no objects")
                .expected("objects"),
            (None, _) => Diagnostic::error(
                codes::OCEL_CASE_TYPE,
                "the log has several object types, and none was chosen as the case",
            )
            .expected(listed()),
        };
        Err(problem
            .hint("name the type whose objects are the cases: what is handed over and can fail")
            .into())
    }
}

/// Where the values that every record has go.
struct Fixed {
    case: Option<Field>,
    /// The same under the name of its type.
    case_by_type: Option<Field>,
    event: Option<Field>,
    activity: Option<Field>,
    time: Option<Field>,
    qualifier: Option<Field>,
}

impl Fixed {
    fn of(case_type: &str, columns: &mut Columns, sink: &mut impl Sink) -> Self {
        Self {
            case: sink.column("ocel:oid", Hint::Text),
            case_by_type: columns
                .get(&format!("object:{case_type}"), Hint::Text, sink)
                .field(),
            event: sink.column("ocel:eid", Hint::Text),
            activity: sink.column("ocel:activity", Hint::Text),
            time: sink.column("ocel:timestamp", Hint::Time),
            qualifier: sink.column("ocel:qualifier", Hint::Text),
        }
    }
}

/// An event with what belongs to it.
struct Happened<'e, 't> {
    event: &'e Event,
    relations: &'e [Relation],
    values: &'e [(Field, &'t str)],
}

struct Flattening<'t> {
    tables: &'t Tables,
    columns: Columns,
    fixed: Fixed,
    case_type: Code,
    without_case: u64,
    /// Joined ids of the current event.
    arena: String,
    spans: Vec<(Field, std::ops::Range<usize>)>,
}

impl<'t> Flattening<'t> {
    fn report_dangling_objects(&self, sink: &mut impl Sink) {
        for relation in &self.tables.object_relations {
            let from = Code::try_from(relation.from).unwrap_or(Code::MAX);
            for id in [from, relation.to] {
                if self.tables.object_of(id).is_none() {
                    let source = self.tables.text(from);
                    let problem = dangling("an object relates to", self.tables.text(id))
                        .pointing_to(pointer("objects", source));
                    sink.refuse(Refusal {
                        record: 1,
                        events: 0,
                        problem,
                    });
                }
            }
        }
        let mut unknown: Vec<Code> = self
            .tables
            .object_values
            .iter()
            .map(|value| value.object)
            .filter(|id| self.tables.object_of(*id).is_none())
            .collect();
        unknown.dedup();
        for id in unknown {
            let id = self.tables.text(id);
            let problem = dangling("values belong to", id).pointing_to(pointer("objects", id));
            sink.refuse(Refusal {
                record: 1,
                events: 0,
                problem,
            });
        }
    }

    fn run(&mut self, sink: &mut impl Sink) {
        let tables = self.tables;
        let mut relations = tables.event_relations.as_slice();
        let mut values = tables.event_values.as_slice();
        for (place, event) in tables.events.iter().enumerate() {
            let (own, rest) =
                relations.split_at(split(relations, |relation| relation.from == place));
            relations = rest;
            let (own_values, rest) = values.split_at(split(values, |value| value.event == place));
            values = rest;
            let mut shared: Vec<(Field, &str)> = Vec::new();
            for value in own_values {
                let hint = tables.hints.get(&value.name).copied().unwrap_or(Hint::Text);
                let column = self.columns.get(tables.text(value.name), hint, sink);
                if let Some(field) = column.field()
                    && shared.iter().all(|(other, _)| *other != field)
                {
                    shared.push((field, tables.text(value.text)));
                }
            }
            let happened = Happened {
                event,
                relations: own,
                values: &shared,
            };
            if self.event(&happened, sink).is_break() {
                return;
            }
        }
        if self.without_case > 0 {
            sink.note(
                Diagnostic::warning(
                    codes::OCEL_CASE_TYPE,
                    format!(
                        "{} events relate to no object of type `{}` and are in no case",
                        self.without_case,
                        shown(tables.text(self.case_type))
                    ),
                )
                .hint("expected where a log follows several kinds of objects"),
            );
        }
    }

    /// Hands over the records of one event.
    fn event(&mut self, happened: &Happened<'_, 't>, sink: &mut impl Sink) -> ControlFlow<()> {
        let tables = self.tables;
        let event = happened.event;
        let related = self.related(happened, sink);
        let mut cases: Vec<(Object, Code)> = related
            .iter()
            .filter(|(object, _)| object.kind == self.case_type)
            .copied()
            .collect();
        cases.sort_by_key(|(object, _)| tables.text(object.id));
        cases.dedup_by_key(|(object, _)| object.id);
        if cases.is_empty() {
            self.refuse_caseless(happened, related.len(), sink);
            return ControlFlow::Continue(());
        }
        let others = self.others(event, &related, sink);
        for (case, qualifier) in cases {
            let mut values: Vec<(Field, &str)> = happened.values.to_vec();
            for (field, text) in [
                (self.fixed.case, tables.text(case.id)),
                (self.fixed.case_by_type, tables.text(case.id)),
                (self.fixed.event, tables.text(event.id)),
                (self.fixed.activity, tables.text(event.kind)),
                (self.fixed.time, tables.text(event.time)),
                (self.fixed.qualifier, tables.text(qualifier)),
            ] {
                if let Some(field) = field {
                    set(&mut values, field, text);
                }
            }
            for (name, text) in standing(tables, case, event.at) {
                let column = format!("case:{}", tables.text(name));
                let hint = tables.hints.get(&name).copied().unwrap_or(Hint::Text);
                if let Some(field) = self.columns.get(&column, hint, sink).field() {
                    set(&mut values, field, tables.text(text));
                }
            }
            for (field, text) in &others {
                set(&mut values, *field, text);
            }
            for (field, span) in &self.spans {
                let ids = self.arena.get(span.clone()).unwrap_or_default();
                set(&mut values, *field, ids);
            }
            sink.record(event.number, &values)?;
        }
        ControlFlow::Continue(())
    }

    /// Returns the objects an event relates to, with the qualifiers; dangling ones are refused.
    fn related(&self, happened: &Happened<'_, 't>, sink: &mut impl Sink) -> Vec<(Object, Code)> {
        let tables = self.tables;
        let event = happened.event;
        let mut related = Vec::new();
        for relation in happened.relations {
            if let Some(object) = tables.object_of(relation.to) {
                related.push((*object, relation.qualifier));
                continue;
            }
            let problem = dangling("an event relates to", tables.text(relation.to))
                .pointing_to(pointer("events", tables.text(event.id)));
            sink.refuse(Refusal {
                record: event.number,
                events: 0,
                problem,
            });
        }
        related
    }

    /// Counts an event that concerns no case, or refuses it when its case may be missing.
    fn refuse_caseless(&mut self, happened: &Happened<'_, 't>, found: usize, sink: &mut impl Sink) {
        if found == happened.relations.len() {
            self.without_case += 1;
            return;
        }
        let event = happened.event;
        let problem = Diagnostic::error(
            codes::OCEL_DANGLING,
            "an event has no case: the objects it relates to aren't in the log",
        )
        .pointing_to(pointer("events", self.tables.text(event.id)));
        sink.refuse(Refusal {
            record: event.number,
            events: 1,
            problem,
        });
    }

    /// Returns what objects of other types say, with their joined ids in the arena.
    fn others(
        &mut self,
        event: &Event,
        related: &[(Object, Code)],
        sink: &mut impl Sink,
    ) -> Vec<(Field, &'t str)> {
        let tables = self.tables;
        self.arena.clear();
        self.spans.clear();
        let mut by_type: HashMap<Code, Vec<Object>> = HashMap::new();
        for (object, _) in related {
            if object.kind != self.case_type {
                by_type.entry(object.kind).or_default().push(*object);
            }
        }
        let mut types: Vec<_> = by_type.into_iter().collect();
        types.sort_by_key(|(kind, _)| tables.text(*kind));
        let mut values = Vec::new();
        for (kind, mut objects) in types {
            objects.sort_by_key(|object| tables.text(object.id));
            objects.dedup_by_key(|object| object.id);
            let name = format!("object:{}", tables.text(kind));
            if let Some(field) = self.columns.get(&name, Hint::Text, sink).field() {
                let start = self.arena.len();
                for (at, object) in objects.iter().enumerate() {
                    if at > 0 {
                        self.arena.push_str(JOINT);
                    }
                    self.arena.push_str(tables.text(object.id));
                }
                self.spans.push((field, start..self.arena.len()));
            }
            if let [only] = objects.as_slice() {
                for (attribute, text) in standing(tables, *only, event.at) {
                    let column = format!("{name}.{}", tables.text(attribute));
                    let hint = tables.hints.get(&attribute).copied().unwrap_or(Hint::Text);
                    if let Some(field) = self.columns.get(&column, hint, sink).field() {
                        set(&mut values, field, tables.text(text));
                    }
                }
            }
        }
        values
    }
}

/// Sets the value of a field unless it has one.
fn set<'v>(values: &mut Vec<(Field, &'v str)>, field: Field, text: &'v str) {
    if values.iter().all(|(other, _)| *other != field) {
        values.push((field, text));
    }
}

/// Returns how many of the first elements satisfy the test.
fn split<T>(values: &[T], mut test: impl FnMut(&T) -> bool) -> usize {
    values.iter().take_while(|value| test(value)).count()
}

/// Returns the values of an object as they stood at a time, by name: of each name the last one from
/// before or at that time, else none.
fn standing(tables: &Tables, object: Object, at: Option<i64>) -> Vec<(Code, Code)> {
    let at = at.unwrap_or(i64::MIN);
    let values = &tables.object_values;
    let start = values.partition_point(|value| value.object < object.id);
    let mut found: Vec<(Code, Code)> = Vec::new();
    for value in values.iter().skip(start) {
        if value.object != object.id {
            break;
        }
        let ObjectValue {
            name, from, text, ..
        } = *value;
        if from > at {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.0 == name => last.1 = text,
            _ => found.push((name, text)),
        }
    }
    found
}

fn dangling(what: &str, id: &str) -> Diagnostic {
    Diagnostic::error(
        codes::OCEL_DANGLING,
        format!("{what} an object that isn't in the log"),
    )
    .found(format!("`{}`", shown(id)))
    .expected("the id of an object of the log")
    .hint("the relation is left out; export the object too, or remove what names it")
}
