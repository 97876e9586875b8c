//! A log and its builder. Finishing a builder sorts everything, so that a log is a function of the
//! set of its rows: dictionaries by bytes, cases by id, events by time, then by the order columns,
//! then by their content.

use std::ops::Range;

use super::column::{Column, Kind};
use super::dictionary::{Code, Dictionary, MISSING};

/// Why a log can't take an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The event has another number of values than the log has columns.
    #[error("take an event of {found} values: the log has {expected} columns")]
    Width {
        /// Columns of the log.
        expected: usize,
        /// Values of the event.
        found: usize,
    },
    /// There are more events, cases or texts than codes.
    #[error("take one more event: the log is full")]
    Full,
}

/// One event on its way into a log.
#[derive(Debug, Clone, Copy)]
pub struct Event<'e> {
    /// Case it belongs to.
    pub case: &'e str,
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub time: i64,
    /// Place among the events of its case at the same time.
    pub order: i64,
    /// What happened.
    pub activity: &'e str,
    /// The team that holds the case from this event on.
    pub party: Option<&'e str>,
    /// The person the case is assigned to, for counting only.
    pub person: Option<&'e str>,
    /// One value per column of the log.
    pub values: &'e [Option<&'e str>],
}

/// Events of cases, sorted and coded.
#[derive(Debug, Clone)]
pub struct Log {
    cases: Dictionary,
    starts: Vec<usize>,
    times: Vec<i64>,
    activity: Column,
    party: Column,
    person: Column,
    columns: Vec<Column>,
}

impl Log {
    /// Returns the number of cases.
    pub fn cases(&self) -> usize {
        self.cases.len()
    }

    /// Returns the number of events.
    pub fn events(&self) -> usize {
        self.times.len()
    }

    /// Returns the ids of all cases, in the order of their bytes.
    pub fn case_ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.cases.texts()
    }

    /// Returns the places of the events of a case, in their order.
    pub fn events_of(&self, case: usize) -> Range<usize> {
        let start = self.starts.get(case).copied().unwrap_or(self.events());
        let end = self.starts.get(case + 1).copied().unwrap_or(self.events());
        start..end
    }

    /// Returns the times of all events, microseconds since 1970-01-01T00:00:00Z.
    pub fn times(&self) -> &[i64] {
        &self.times
    }

    /// Returns what happened in each event.
    pub fn activity(&self) -> &Column {
        &self.activity
    }

    /// Returns the party that holds the case from each event on.
    pub fn party(&self) -> &Column {
        &self.party
    }

    /// Returns the person assigned at each event, for counting only.
    pub fn person(&self) -> &Column {
        &self.person
    }

    /// Returns the further columns, as the mapping orders them.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the further column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| &*column.name == name)
    }
}

/// Takes events in any order and makes a log of them.
#[derive(Debug, Clone)]
pub struct Builder {
    cases: Dictionary,
    case: Vec<Code>,
    times: Vec<i64>,
    order: Vec<i64>,
    activity: Column,
    party: Column,
    person: Column,
    columns: Vec<Column>,
}

impl Builder {
    /// Returns a builder of logs with these further columns, which are still empty.
    pub fn new(columns: Vec<Column>) -> Self {
        let person = Column {
            person: true,
            ..Column::new("person", Kind::Text)
        };
        Self {
            cases: Dictionary::new(),
            case: Vec::new(),
            times: Vec::new(),
            order: Vec::new(),
            activity: Column::new("activity", Kind::Text),
            party: Column::new("party", Kind::Text),
            person,
            columns,
        }
    }

    /// Takes one event.
    ///
    /// # Errors
    /// [`LogError`] when the event does not fit; the builder is as it was.
    pub fn push(&mut self, event: &Event<'_>) -> Result<(), LogError> {
        if event.values.len() != self.columns.len() {
            return Err(LogError::Width {
                expected: self.columns.len(),
                found: event.values.len(),
            });
        }
        let case = self.cases.intern(event.case);
        if case == MISSING {
            return Err(LogError::Full);
        }
        self.case.push(case);
        self.times.push(event.time);
        self.order.push(event.order);
        push(&mut self.activity, Some(event.activity));
        push(&mut self.party, event.party);
        push(&mut self.person, event.person);
        for (column, value) in self.columns.iter_mut().zip(event.values) {
            push(column, *value);
        }
        Ok(())
    }

    /// Returns the number of events taken.
    pub fn events(&self) -> usize {
        self.times.len()
    }

    /// Returns the log, with all numbers read by `number` from the text and kind of a column;
    /// what has no number counts as missing and is returned per column name with its count.
    pub fn finish(
        mut self,
        number: impl Fn(&str, Kind) -> Option<i64>,
    ) -> (Log, Vec<(Box<str>, u64)>) {
        let mut unread = Vec::new();
        for column in
            self.columns
                .iter_mut()
                .chain([&mut self.activity, &mut self.party, &mut self.person])
        {
            sort(column);
            if column.kind != Kind::Text {
                let lost = read_numbers(column, &number);
                if lost > 0 {
                    unread.push((column.name.clone(), lost));
                }
            }
        }
        let renamed = self.cases.sort();
        for code in &mut self.case {
            *code = rename(&renamed, *code);
        }
        let order = self.sorted_events();
        let mut starts = vec![0; self.cases.len()];
        let mut before = None;
        for (place, &event) in order.iter().enumerate() {
            let case = self.case.get(event).copied();
            if case != before {
                if let Some(start) = case
                    .and_then(|case| usize::try_from(case).ok())
                    .and_then(|case| starts.get_mut(case))
                {
                    *start = place;
                }
                before = case;
            }
        }
        for column in
            self.columns
                .iter_mut()
                .chain([&mut self.activity, &mut self.party, &mut self.person])
        {
            column.codes = pick(&column.codes, &order);
        }
        let log = Log {
            cases: self.cases,
            starts,
            times: pick(&self.times, &order),
            activity: self.activity,
            party: self.party,
            person: self.person,
            columns: self.columns,
        };
        (log, unread)
    }

    /// Returns the places of the events in the order of (case, time, order, content).
    fn sorted_events(&self) -> Vec<usize> {
        let key = |event: usize| {
            (
                self.case.get(event).copied(),
                self.times.get(event).copied(),
                self.order.get(event).copied(),
            )
        };
        let content = |event: usize| {
            [&self.activity, &self.party, &self.person]
                .into_iter()
                .chain(&self.columns)
                .map(move |column| column.codes.get(event).copied())
        };
        let mut order: Vec<usize> = (0..self.times.len()).collect();
        order.sort_unstable_by(|&a, &b| {
            key(a).cmp(&key(b)).then_with(|| content(a).cmp(content(b)))
        });
        order
    }
}

fn push(column: &mut Column, value: Option<&str>) {
    let code = match (value, column.codes.last()) {
        (None, _) => MISSING,
        // Neighboring rows mostly repeat a value; comparing beats hashing.
        (Some(text), Some(&last)) if column.dictionary.text(last) == Some(text) => last,
        (Some(text), _) => column.dictionary.intern(text),
    };
    column.codes.push(code);
}

fn sort(column: &mut Column) {
    let renamed = column.dictionary.sort();
    for code in &mut column.codes {
        *code = rename(&renamed, *code);
    }
}

fn rename(renamed: &[Code], code: Code) -> Code {
    usize::try_from(code)
        .ok()
        .and_then(|code| renamed.get(code).copied())
        .unwrap_or(MISSING)
}

/// Reads the numbers of a column; rows whose text has none become missing. Returns their count.
fn read_numbers(column: &mut Column, number: &impl Fn(&str, Kind) -> Option<i64>) -> u64 {
    let kind = column.kind;
    let read: Vec<_> = column
        .dictionary
        .texts()
        .map(|text| number(text, kind))
        .collect();
    let mut lost = 0;
    for code in &mut column.codes {
        let place = usize::try_from(*code).ok();
        if place.and_then(|place| read.get(place)) == Some(&None) {
            *code = MISSING;
            lost += 1;
        }
    }
    column.numbers = read.into_iter().map(Option::unwrap_or_default).collect();
    lost
}

fn pick<T: Copy>(values: &[T], order: &[usize]) -> Vec<T> {
    order
        .iter()
        .filter_map(|&place| values.get(place).copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event<'e>(case: &'e str, time: i64, values: &'e [Option<&'e str>]) -> Event<'e> {
        Event {
            case,
            time,
            order: 0,
            activity: "updated",
            party: None,
            person: None,
            values,
        }
    }

    fn log(events: &[Event<'_>]) -> Log {
        let mut builder = Builder::new(vec![Column::new("size", Kind::Number { scale: 0 })]);
        for event in events {
            builder.push(event).unwrap();
        }
        builder.finish(|text, _| text.parse().ok()).0
    }

    #[test]
    fn the_order_of_rows_carries_no_meaning() {
        let events = [
            event("b", 5, &[Some("10")]),
            event("a", 7, &[Some("2")]),
            event("a", 7, &[Some("1")]),
            event("a", 3, &[None]),
        ];
        let mut reversed = events;
        reversed.reverse();
        for log in [log(&events), log(&reversed)] {
            assert!(log.case_ids().eq(["a", "b"]));
            assert_eq!(log.events_of(0), 0..3);
            assert_eq!(log.events_of(1), 3..4);
            assert_eq!(log.times(), [3, 7, 7, 5]);
            let size = log.column("size").unwrap();
            let sizes: Vec<_> = (0..4).map(|row| size.number(row)).collect();
            assert_eq!(sizes, [None, Some(1), Some(2), Some(10)]);
        }
    }

    #[test]
    fn text_without_a_number_is_missing_and_counted() {
        let mut builder = Builder::new(vec![Column::new("size", Kind::Number { scale: 0 })]);
        for text in ["1", "many", "many"] {
            builder.push(&event("a", 0, &[Some(text)])).unwrap();
        }
        let (log, unread) = builder.finish(|text, _| text.parse().ok());
        assert_eq!(unread, [("size".into(), 2)]);
        assert_eq!(log.column("size").unwrap().number(2), None);
    }

    #[test]
    fn an_event_of_another_width_is_refused() {
        let mut builder = Builder::new(Vec::new());
        let refused = builder.push(&event("a", 0, &[None]));
        assert_eq!(
            refused,
            Err(LogError::Width {
                expected: 0,
                found: 1
            })
        );
        assert_eq!(builder.events(), 0);
    }
}
