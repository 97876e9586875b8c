//! A log: events of cases, sorted and coded, and what is said about whole cases.

use std::ops::Range;

use super::column::Column;
use super::dictionary::{Code, Dictionary};

/// Why a log can't take an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// There are more or fewer values than there is room for.
    #[error("take {found} values: the log has room for {expected}")]
    Width {
        /// Columns of the log, or cases for a column of cases.
        expected: usize,
        /// Values given.
        found: usize,
    },
    /// There are more events, cases or texts than codes.
    #[error("take one more event: the log is full")]
    Full,
}

/// Events of cases, sorted and coded.
#[derive(Debug, Clone)]
pub struct Log {
    pub(super) cases: Dictionary,
    pub(super) starts: Vec<usize>,
    pub(super) times: Vec<i64>,
    pub(super) activity: Column,
    pub(super) party: Column,
    pub(super) person: Column,
    pub(super) columns: Vec<Column>,
    pub(super) case_columns: Vec<Column>,
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

    /// Returns the id of a case.
    pub fn case_id(&self, case: usize) -> Option<&str> {
        self.cases.text(Code::try_from(case).ok()?)
    }

    /// Returns the places of the events of a case, in their order: by time, unless the mapping names
    /// columns that number them. So a time may be earlier than the one before, where the two disagree.
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

    /// Returns the columns with one value per case, in the order of the cases.
    pub fn case_columns(&self) -> &[Column] {
        &self.case_columns
    }

    /// Returns the column of this name with one value per case.
    pub fn case_column(&self, name: &str) -> Option<&Column> {
        self.case_columns
            .iter()
            .find(|column| &*column.name == name)
    }

    /// Returns the place of the case with this id.
    pub fn case(&self, id: &str) -> Option<usize> {
        usize::try_from(self.cases.code(id)?).ok()
    }

    /// Returns the log with these columns of one value per case.
    ///
    /// # Errors
    /// [`LogError::Width`] when a column has another number of values than there are cases.
    pub fn with_case_columns(mut self, columns: Vec<Column>) -> Result<Self, LogError> {
        let odd = columns
            .iter()
            .find(|column| column.codes.len() != self.cases());
        if let Some(odd) = odd {
            return Err(LogError::Width {
                expected: self.cases(),
                found: odd.codes.len(),
            });
        }
        self.case_columns = columns;
        Ok(self)
    }

    /// Returns the bytes of memory it takes.
    pub fn memory_bytes(&self) -> usize {
        let single = [&self.activity, &self.party, &self.person];
        let columns = single
            .into_iter()
            .chain(&self.columns)
            .chain(&self.case_columns);
        self.cases.memory_bytes()
            + self.starts.capacity() * size_of::<usize>()
            + self.times.capacity() * size_of::<i64>()
            + columns.map(Column::memory_bytes).sum::<usize>()
    }
}
