//! Takes events in any order and makes a log of them. Finishing sorts everything, so that a log is a
//! function of the set of its rows: dictionaries by bytes, cases by id, events by time (or by the
//! sequence the export numbers them with), then by the order columns, then by their content.

use super::column::{Column, Kind, is_marked, mark, rename, slot};
use super::dictionary::{Code, Dictionary, MISSING, NotText};
use super::log::{Log, LogError};

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

/// Most events of a log: their places are codes too.
const EVENTS_MAX: usize = 0xffff_fffe;

/// Texts of a column that have no number although its kind asks for one; they count as missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Name of the column.
    pub column: Box<str>,
    /// Rows with such a text.
    pub rows: u64,
    /// The first of these texts, in the order of their bytes.
    pub text: Box<str>,
}

/// Reads the texts of one column as numbers.
pub type NumberReader<'n> = Box<dyn FnMut(&str) -> Option<i64> + 'n>;

/// A log, and what came up while it was put in order.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The log.
    pub log: Log,
    /// Texts without a number, in the order of the columns.
    pub unread: Vec<Unread>,
    /// Events whose order among those of their case at the same time is not known.
    pub ties: u64,
    /// Events that were given before an earlier event of their case.
    pub disordered: u64,
    /// Events with an earlier time than the one before them, which only a sequence can bring about.
    pub backwards: u64,
}

/// Takes events in any order and makes a log of them.
#[derive(Debug, Clone)]
pub struct Builder {
    cases: Dictionary,
    case: Vec<Code>,
    times: Vec<i64>,
    /// Order values of all events, `order_width` of each.
    order: Vec<i64>,
    order_width: usize,
    /// Whether the order values come before the time.
    has_sequence: bool,
    activity: Column,
    party: Column,
    person: Column,
    columns: Vec<Column>,
    missing: Vec<Box<str>>,
    /// Whether a text may be in a dictionary without being in a row.
    has_leftovers: bool,
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
            order_width: 1,
            has_sequence: false,
            activity: Column::new("activity", Kind::Text),
            party: Column::new("party", Kind::Text),
            person,
            columns,
            missing: Vec::new(),
            has_leftovers: false,
        }
    }

    /// Returns the builder with texts that mean there is no value.
    #[must_use]
    pub fn with_missing(mut self, missing: &[Box<str>]) -> Self {
        self.missing = missing.to_vec();
        self
    }

    /// Returns the builder, which is still empty, with this many order values per event, which
    /// number the events of a case and so say more about their order than their times do.
    #[must_use]
    pub fn with_sequence(mut self, width: usize) -> Self {
        self.order_width = width;
        self.has_sequence = width > 0;
        self
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
        let order = [event.order];
        let order = order.into_iter().chain(std::iter::repeat(0));
        let head = Head {
            case: event.case.as_bytes(),
            time: event.time,
            activity: event.activity.as_bytes(),
            party: event.party.map(str::as_bytes).unwrap_or_default(),
            person: event.person.map(str::as_bytes).unwrap_or_default(),
        };
        let values = event.values.iter();
        let values = values.map(|value| value.map(str::as_bytes).unwrap_or_default());
        self.push_bytes(&head, order, values)
            .map_err(|_| LogError::Full)
    }

    /// Takes one event whose texts are still bytes; an empty text means there is no value. There
    /// must be as many values as columns.
    pub(crate) fn push_bytes<'v>(
        &mut self,
        head: &Head<'v>,
        order: impl Iterator<Item = i64>,
        values: impl Iterator<Item = &'v [u8]>,
    ) -> Result<(), Refused> {
        if self.times.len() >= EVENTS_MAX {
            return Err(Refused::Full);
        }
        let case = match self.cases.intern_bytes(head.case) {
            Ok(MISSING) => return Err(Refused::Full),
            Ok(case) => case,
            Err(NotText) => return Err(Refused::NotText { column: None }),
        };
        let mut taken = 0;
        let singles = [
            (&mut self.activity, head.activity),
            (&mut self.party, head.party),
            (&mut self.person, head.person),
        ];
        let columns = singles
            .into_iter()
            .chain(self.columns.iter_mut().zip(values));
        let refused =
            columns
                .into_iter()
                .find_map(|(column, bytes)| match column.push_bytes(bytes) {
                    Ok(()) => {
                        taken += 1;
                        None
                    }
                    Err(NotText) => Some(column.name.clone()),
                });
        if let Some(column) = refused {
            self.take_back(taken);
            return Err(Refused::NotText {
                column: Some(column),
            });
        }
        self.case.push(case);
        self.times.push(head.time);
        self.order.extend(order.take(self.order_width));
        Ok(())
    }

    fn take_back(&mut self, taken: usize) {
        self.has_leftovers = true;
        let singles = [&mut self.activity, &mut self.party, &mut self.person];
        for column in singles.into_iter().chain(&mut self.columns).take(taken) {
            column.codes.pop();
        }
    }

    /// Adds a column in which the events taken so far have no value; returns its place.
    pub(crate) fn add_column(&mut self, mut column: Column) -> usize {
        column.codes = vec![MISSING; self.events()];
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// Returns the number of events taken.
    pub fn events(&self) -> usize {
        self.times.len()
    }

    /// Returns the log, with all numbers read by `number` from the text and kind of a column;
    /// what has no number counts as missing and is returned per column name with its count.
    pub fn finish(self, number: impl Fn(&str, Kind) -> Option<i64>) -> (Log, Vec<(Box<str>, u64)>) {
        let finished = self.finish_with(|column| {
            let kind = column.kind;
            let number = &number;
            Box::new(move |text| number(text, kind))
        });
        let unread = finished.unread.into_iter();
        let unread = unread.map(|unread| (unread.column, unread.rows)).collect();
        (finished.log, unread)
    }

    /// Returns the log, with the numbers of each column read by what `reader` returns for it.
    pub fn finish_with<'n>(mut self, reader: impl Fn(&Column) -> NumberReader<'n>) -> Finished {
        let mut unread = Vec::new();
        let singles = [&mut self.activity, &mut self.party, &mut self.person];
        for column in singles.into_iter().chain(&mut self.columns) {
            column.sort(&self.missing, self.has_leftovers);
            let number = reader(column);
            unread.extend(column.read_numbers(number));
        }
        self.sort_cases();
        let Sorted {
            order,
            starts,
            times,
            disordered,
            ties: unordered,
        } = self.sorted_events();
        let is_in_order = order.iter().zip(0_u32..).all(|(&at, place)| at == place);
        let singles = [&mut self.activity, &mut self.party, &mut self.person];
        let mut spare = Vec::new();
        for column in singles.into_iter().chain(&mut self.columns) {
            if is_in_order {
                column.codes.shrink_to_fit();
            } else {
                put_in_order(&mut column.codes, &order, &mut spare);
            }
        }
        self.times = times;
        let disordered = (!is_in_order).then_some(disordered);
        let backwards = backwards(&self.times, &starts);
        let log = Log {
            cases: self.cases,
            starts,
            times: self.times,
            activity: self.activity,
            party: self.party,
            person: self.person,
            columns: self.columns,
            case_columns: Vec::new(),
        };
        Finished {
            log,
            unread,
            ties: unordered,
            disordered: disordered.unwrap_or_default(),
            backwards,
        }
    }

    fn sort_cases(&mut self) {
        let mut used = vec![!self.has_leftovers; self.cases.len()];
        if self.has_leftovers {
            for code in &self.case {
                mark(&mut used, *code);
            }
        }
        let renamed = self.cases.sort_and_keep(|code, _| is_marked(&used, code));
        for code in &mut self.case {
            *code = rename(&renamed, *code);
        }
    }

    /// Returns the events in the order of (case, time, order, content).
    fn sorted_events(&mut self) -> Sorted {
        // Counting by case first leaves only the few events of each case to compare.
        let mut starts = vec![0_usize; self.cases.len() + 1];
        for &case in &self.case {
            if let Some(count) = slot(&mut starts, case) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        let mut next = starts.clone();
        let mut order = vec![0_u32; self.case.len()];
        let mut times = vec![0_i64; self.case.len()];
        for ((event, &case), &time) in (0..).zip(&self.case).zip(&self.times) {
            if let Some(place) = slot(&mut next, case) {
                if let Some((to, at)) = order.get_mut(*place).zip(times.get_mut(*place)) {
                    (*to, *at) = (event, time);
                }
                *place += 1;
            }
        }
        starts.pop();
        let (mut disordered, mut unordered) = (0, 0);
        for (case, &start) in starts.iter().enumerate() {
            let end = starts.get(case + 1).copied().unwrap_or(order.len());
            let events = order.get_mut(start..end).zip(times.get_mut(start..end));
            if let Some((events, times)) = events
                && (self.has_sequence || !times.is_sorted_by(|one, other| one < other))
            {
                let (late, alike) = self.sort_case(events, times);
                disordered += late;
                unordered += alike;
            }
        }
        Sorted {
            order,
            starts,
            times,
            disordered,
            ties: unordered,
        }
    }

    /// Puts the events of one case in order; returns how many came before an earlier one, and how
    /// many are told from the one before them by nothing but their content.
    fn sort_case(&self, events: &mut [u32], times: &mut [i64]) -> (u64, u64) {
        let pairs = |events: &[u32], is: &dyn Fn(u32, u32) -> bool| -> u64 {
            let pairs = events.windows(2);
            let found = pairs.filter(|pair| matches!(pair, [a, b] if is(*a, *b)));
            u64::try_from(found.count()).unwrap_or(u64::MAX)
        };
        let late = pairs(events, &|a, b| self.key(a) > self.key(b));
        if !events.is_sorted_by(|&a, &b| self.compare(a, b).is_le()) {
            events.sort_unstable_by(|&a, &b| self.compare(a, b));
            for (time, event) in times.iter_mut().zip(&*events) {
                let event = usize::try_from(*event).unwrap_or(usize::MAX);
                *time = self.times.get(event).copied().unwrap_or_default();
            }
        }
        let alike = pairs(events, &|a, b| {
            self.key(a) == self.key(b) && self.compare(a, b).is_ne()
        });
        (late, alike)
    }

    #[inline]
    fn key(&self, event: u32) -> (&[i64], Option<i64>, &[i64]) {
        let event = usize::try_from(event).unwrap_or(usize::MAX);
        let start = event.saturating_mul(self.order_width);
        let order = self
            .order
            .get(start..start.saturating_add(self.order_width));
        let order = order.unwrap_or_default();
        let (before, after) = if self.has_sequence {
            (order, &[][..])
        } else {
            (&[][..], order)
        };
        (before, self.times.get(event).copied(), after)
    }

    #[inline]
    fn compare(&self, a: u32, b: u32) -> std::cmp::Ordering {
        self.key(a)
            .cmp(&self.key(b))
            .then_with(|| self.content(a).cmp(self.content(b)))
    }

    fn content(&self, event: u32) -> impl Iterator<Item = Option<Code>> {
        let event = usize::try_from(event).unwrap_or(usize::MAX);
        [&self.activity, &self.party, &self.person]
            .into_iter()
            .chain(&self.columns)
            .map(move |column| column.codes.get(event).copied())
    }
}

/// What every event has, still as bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'e> {
    pub(crate) case: &'e [u8],
    pub(crate) time: i64,
    pub(crate) activity: &'e [u8],
    pub(crate) party: &'e [u8],
    pub(crate) person: &'e [u8],
}

/// The events in order.
struct Sorted {
    /// The place each was at before.
    order: Vec<u32>,
    /// Where the events of each case start.
    starts: Vec<usize>,
    times: Vec<i64>,
    /// How many came before an earlier one of their case.
    disordered: u64,
    /// How many are told from the one before them by nothing but their content.
    ties: u64,
}

/// Why an event is not taken; the builder is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// A text is not UTF-8: the case, or that of a column.
    NotText {
        /// Name of the column; absent for the case.
        column: Option<Box<str>>,
    },
    /// There are more events or cases than codes.
    Full,
}

fn backwards(times: &[i64], starts: &[usize]) -> u64 {
    let ends = starts.iter().skip(1).copied().chain([times.len()]);
    let cases = starts.iter().zip(ends);
    let of_case = cases.map(|(&start, end)| times.get(start..end).unwrap_or_default());
    of_case
        .flat_map(|times| times.windows(2))
        .map(|pair| u64::from(pair.first() > pair.last()))
        .sum()
}

/// Puts the values in the order of these places, in exactly the memory they take; the memory they
/// were in is spare for the next ones.
fn put_in_order<T: Copy + Default>(values: &mut Vec<T>, order: &[u32], spare: &mut Vec<T>) {
    spare.clear();
    let at = |place: &u32| values.get(usize::try_from(*place).ok()?).copied();
    spare.extend(order.iter().map(|place| at(place).unwrap_or_default()));
    spare.shrink_to_fit();
    std::mem::swap(values, spare);
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
