//! A sink that keeps everything as it is, for looking at a file without a mapping.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use baton_terms::Diagnostic;

use super::sink::{Field, Hint, Refusal, Sink};

/// A record: its number and the values it has.
pub type Record = (u64, Vec<(Field, Box<str>)>);

/// Records, refusals and notes of one input, up to a number of records.
#[derive(Debug, Default)]
pub struct Collected {
    /// Names of the columns in the order of their first appearance, with what the format says
    /// they are.
    pub columns: Vec<(Box<str>, Hint)>,
    /// The records: their numbers and the values they have.
    pub records: Vec<Record>,
    /// What was refused.
    pub refusals: Vec<Refusal>,
    /// What else is to be known.
    pub notes: Vec<Diagnostic>,
    /// Records after which no more are wanted; 0 for all.
    pub wanted: usize,
}

impl Collected {
    /// Returns a collector that wants no more than this many records.
    pub fn up_to(wanted: usize) -> Self {
        Self {
            wanted,
            ..Self::default()
        }
    }

    /// Returns the values of a record by the name of their column.
    pub fn named(&self, place: usize) -> BTreeMap<&str, &str> {
        let values = self.records.get(place).map(|(_, values)| values.iter());
        values
            .into_iter()
            .flatten()
            .filter_map(|(field, text)| {
                let column = self.columns.get(usize::try_from(*field).ok()?)?;
                Some((&*column.0, &**text))
            })
            .collect()
    }
}

impl Sink for Collected {
    fn column(&mut self, name: &str, hint: Hint) -> Option<Field> {
        let place = self.columns.iter().position(|(known, _)| **known == *name);
        let place = place.unwrap_or_else(|| {
            self.columns.push((name.into(), hint));
            self.columns.len() - 1
        });
        Field::try_from(place).ok()
    }

    fn record(&mut self, number: u64, values: &[(Field, &str)]) -> ControlFlow<()> {
        let values = values.iter().map(|(field, text)| (*field, (*text).into()));
        self.records.push((number, values.collect()));
        if self.records.len() == self.wanted {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }

    fn note(&mut self, problem: Diagnostic) {
        self.notes.push(problem);
    }
}
