//! Columns of the log as they stand at the landmark.

use crate::blameless::{Groups, PERSON, is_person, place};
use crate::cases::frame::{Frame, Row};
use crate::cases::landmark::Landmark;
use crate::cases::outcome::Outcomes;
use crate::cases::settings::{Known, LATER_MILLIONTHS, Role, Rule};
use crate::cases::table::{Feature, Origin, Unit, Values, Why};
use crate::model::{Code, Column, Dictionary, Kind, Log, MISSING};

use super::Sink;

/// Adds every column that may be mined, and names the others.
pub(in crate::cases) fn attributes(frame: &Frame<'_>, outcomes: &Outcomes<'_>, sink: &mut Sink) {
    let (log, settings) = (frame.log, frame.settings);
    for column in log.columns() {
        let rule = settings.rule(&column.name);
        let source = Source {
            column,
            rule: &rule,
            is_per_case: false,
        };
        attribute(frame, outcomes, &source, sink);
    }
    for column in log.case_columns() {
        let rule = settings.case_rule(&column.name);
        let source = Source {
            column,
            rule: &rule,
            is_per_case: true,
        };
        attribute(frame, outcomes, &source, sink);
    }
    for name in &settings.set_aside {
        sink.exclude(name, Why::Chosen);
    }
    if !log.party().dictionary.is_empty() {
        let rule = Rule {
            role: Role::Group,
            modifiable: true,
            ..Rule::default()
        };
        let party = Source {
            column: log.party(),
            rule: &rule,
            is_per_case: false,
        };
        group(frame, &party, &party.codes(frame), sink);
    }
    if !log.person().dictionary.is_empty() {
        sink.exclude(&log.person().name, Why::Person);
    }
}

/// A column and what is said about it.
struct Source<'c> {
    column: &'c Column,
    rule: &'c Rule,
    /// Whether it has one value per case instead of one per event.
    is_per_case: bool,
}

fn attribute(frame: &Frame<'_>, outcomes: &Outcomes<'_>, source: &Source<'_>, sink: &mut Sink) {
    let column = source.column;
    if let Some(why) = source.set_aside(frame, outcomes) {
        sink.exclude(&column.name, why);
        return;
    }
    let codes = source.codes(frame);
    if codes.iter().all(|&code| code == MISSING) && depends(&source.rule.known) {
        sink.exclude(&column.name, Why::KnownLater);
        return;
    }
    match column.kind {
        Kind::Text if source.rule.role == Role::Group => group(frame, source, &codes, sink),
        Kind::Text => text(frame.log, source, &codes, sink),
        Kind::Boolean => source.add(boolean(column, &codes), sink),
        Kind::Number { scale } => {
            let unit = match scale {
                0 => Unit::Count,
                scale => Unit::Decimal(scale),
            };
            let values = codes.iter().map(|&code| number(column, code)).collect();
            source.add(Values::Number { values, unit }, sink);
        }
        Kind::Time => time(frame, source, &codes, sink),
    }
}

impl Source<'_> {
    fn set_aside(&self, frame: &Frame<'_>, outcomes: &Outcomes<'_>) -> Option<Why> {
        let (column, rule) = (self.column, self.rule);
        let is_end = frame.settings.landmark == Landmark::End;
        let is_person = column.person || rule.role == Role::Person;
        if is_person || names_persons(frame.log, column) {
            Some(Why::Person)
        } else if rule.role == Role::SetAside {
            Some(Why::Chosen)
        } else if outcomes.reads(&column.name) {
            Some(Why::InOutcome)
        } else if rule.known == Known::End && !is_end {
            Some(Why::KnownLater)
        } else {
            None
        }
    }

    /// Returns the code of every row as it is known at the landmark.
    fn codes(&self, frame: &Frame<'_>) -> Vec<Code> {
        let activity = frame.log.activity();
        let last = |row: &Row| row.events.end.checked_sub(1);
        let at_landmark = |row: &Row| {
            let place = if self.is_per_case {
                row.case
            } else {
                last(row)?
            };
            self.column.code(place)
        };
        let code = |row: &Row| match &self.rule.known {
            Known::Start if !self.is_per_case => {
                let mut events = frame.all_events(row);
                events.find_map(|event| self.column.code(event))
            }
            Known::Start | Known::Event | Known::End => at_landmark(row),
            Known::Activity(name) => {
                let code = Some(activity.dictionary.code(name)?);
                let mut events = row.events.clone();
                let happened = events.any(|event| activity.code(event) == code);
                at_landmark(row).filter(|_| happened)
            }
            Known::Column(name) => {
                let of_case = frame.log.case_column(name).filter(|_| self.is_per_case);
                let time = match of_case {
                    Some(times) => times.number(row.case)?,
                    None => frame.log.column(name)?.number(last(row)?)?,
                };
                at_landmark(row).filter(|_| time <= row.time)
            }
        };
        let codes = frame.rows.iter().map(|row| code(row).unwrap_or(MISSING));
        codes.collect()
    }

    fn add(&self, values: Values, sink: &mut Sink) {
        sink.features.push(Feature {
            name: self.column.name.clone(),
            origin: Origin::Attribute,
            modifiable: self.rule.modifiable,
            group: self.rule.role == Role::Group,
            values,
        });
    }
}

/// Returns whether half of a text column's values are names of persons of the log: such a column
/// names people, whatever the mapping says.
fn names_persons(log: &Log, column: &Column) -> bool {
    if column.kind != Kind::Text {
        return false;
    }
    let named = column
        .dictionary
        .texts()
        .filter(|text| is_person(log, text));
    let named = named.count();
    named > 0 && named * 2 >= column.dictionary.len()
}

/// Returns whether a value can be missing only because the landmark comes first.
fn depends(known: &Known) -> bool {
    matches!(known, Known::Activity(_) | Known::Column(_))
}

fn number(column: &Column, code: Code) -> Option<i64> {
    if code == MISSING {
        return None;
    }
    column.numbers.get(place(code)).copied()
}

/// Adds a column of groups, small ones folded.
fn group(frame: &Frame<'_>, source: &Source<'_>, codes: &[Code], sink: &mut Sink) {
    let people = frame.settings.people;
    let groups = if source.is_per_case {
        Groups::of_cases(frame.log, source.column, people)
    } else {
        Groups::of(frame.log, source.column, people)
    };
    let codes: Vec<_> = codes.iter().map(|&code| groups.shown(code)).collect();
    source.add(category(&codes, |code| groups.dictionary.text(code)), sink);
}

/// Adds a column of text; a value that is the name of a person is not shown.
fn text(log: &Log, source: &Source<'_>, codes: &[Code], sink: &mut Sink) {
    let values = category(codes, |code| {
        let text = source.column.dictionary.text(code)?;
        Some(if is_person(log, text) { PERSON } else { text })
    });
    source.add(values, sink);
}

fn boolean(column: &Column, codes: &[Code]) -> Values {
    category(codes, |code| match number(column, code)? {
        0 => Some("false"),
        _ => Some("true"),
    })
}

/// Returns categories with a dictionary of no more than what is used.
pub(in crate::cases) fn category<'t>(
    codes: &[Code],
    text: impl Fn(Code) -> Option<&'t str>,
) -> Values {
    let mut used: Vec<Code> = codes.to_vec();
    used.sort_unstable();
    used.dedup();
    let mut dictionary = Dictionary::new();
    for &code in &used {
        if let Some(text) = text(code) {
            dictionary.intern(text);
        }
    }
    dictionary.sort();
    let renamed: Vec<Code> = used
        .iter()
        .map(|&code| {
            text(code)
                .and_then(|text| dictionary.code(text))
                .unwrap_or(MISSING)
        })
        .collect();
    let codes = codes.iter().map(|code| {
        let at = used.binary_search(code).ok();
        at.and_then(|at| renamed.get(at))
            .copied()
            .unwrap_or(MISSING)
    });
    Values::Category {
        codes: codes.collect(),
        dictionary,
    }
}

/// Adds a time as seconds after the start, unless it lies after the landmark.
fn time(frame: &Frame<'_>, source: &Source<'_>, codes: &[Code], sink: &mut Sink) {
    let (column, rule) = (source.column, source.rule);
    let times = || {
        codes
            .iter()
            .map(|&code| number(column, code))
            .zip(&frame.rows)
    };
    let (mut known, mut later) = (0_u64, 0_u64);
    for (time, row) in times() {
        known += u64::from(time.is_some());
        later += u64::from(time.is_some_and(|time| time > row.time));
    }
    // A due date lies ahead and is known all the same, but only a mapping can say so.
    let is_later = later * 1_000_000 > known * LATER_MILLIONTHS;
    if is_later && rule.known != Known::Start && frame.settings.landmark != Landmark::End {
        sink.exclude(&column.name, Why::KnownLater);
        return;
    }
    let values = times()
        .map(|(time, row)| Some(time?.checked_sub(row.start)?.div_euclid(1_000_000)))
        .collect();
    let unit = Unit::Seconds;
    source.add(Values::Number { values, unit }, sink);
}
