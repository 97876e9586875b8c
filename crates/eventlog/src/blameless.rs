//! Which groups of people may be named: a group with too few people or cases points at single
//! persons, so its name is replaced by [`SMALL_GROUPS`] wherever groups reach an answer.
//!
//! People are counted as the distinct persons seen at the events of the group. A group of which no
//! person is known counts as small: unknown is never a pass. Folding goes on until what stands
//! behind [`SMALL_GROUPS`] is itself large enough, or a group of one would be known by elimination.

use hashbrown::HashSet;

use crate::model::{Code, Column, Dictionary, Log, MISSING};

/// The name that stands for all groups that are too small to be named.
pub const SMALL_GROUPS: &str = "(small groups)";
/// The value that stands for the name of a person found in a column of other things.
pub const PERSON: &str = "(person)";
/// Fewest people of a group that may be named.
pub const PEOPLE_MIN: u64 = 5;
/// Fewest cases of a group that may be named.
pub const CASES_MIN: u64 = 20;

/// Where the size of a group comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum People {
    /// The distinct persons of the log; a group without any known person is small.
    #[default]
    Counted,
    /// The mapping vouches that every group has enough people; only the cases are counted.
    Vouched,
}

/// The values of a column of groups as they may be shown.
#[derive(Debug, Clone)]
pub struct Groups {
    /// Shown code of each code of the column.
    shown: Vec<Code>,
    /// Texts that are shown, in the order of their bytes.
    pub dictionary: Dictionary,
    /// Groups that are not shown by name.
    pub folded: u64,
}

impl Groups {
    /// Returns the shown code of a code of the column, [`MISSING`] for a missing one.
    pub fn shown(&self, code: Code) -> Code {
        self.shown.get(place(code)).copied().unwrap_or(MISSING)
    }

    /// Returns the groups of a column of events, small ones folded.
    pub fn of(log: &Log, column: &Column, people: People) -> Self {
        Self::fold(log, (column, Per::Event), people)
    }

    /// Returns the groups of a column with one value per case, small ones folded; their people are
    /// those of all events of their cases.
    pub fn of_cases(log: &Log, column: &Column, people: People) -> Self {
        Self::fold(log, (column, Per::Case), people)
    }

    fn fold(log: &Log, (column, per): (&Column, Per), people: People) -> Self {
        let counted = Counts::of(log, column, per);
        let small = small(&counted, log, (column, per), people);
        let mut dictionary = Dictionary::new();
        for (text, &is_small) in column.dictionary.texts().zip(&small) {
            if !is_small {
                dictionary.intern(text);
            }
        }
        let folded = u64::try_from(small.iter().filter(|&&small| small).count()).unwrap_or(0);
        if folded > 0 {
            dictionary.intern(SMALL_GROUPS);
        }
        dictionary.sort();
        let stands_for_small = dictionary.code(SMALL_GROUPS).unwrap_or(MISSING);
        let shown = column
            .dictionary
            .texts()
            .zip(&small)
            .map(|(text, &small)| {
                if small {
                    stands_for_small
                } else {
                    dictionary.code(text).unwrap_or(MISSING)
                }
            })
            .collect();
        Self {
            shown,
            dictionary,
            folded,
        }
    }
}

/// Returns whether `text` is the name of a person of the log, in whichever column of persons.
pub(crate) fn is_person(log: &Log, text: &str) -> bool {
    let further = log.columns().iter().chain(log.case_columns());
    let further = further.filter(|column| column.person);
    let mut columns = std::iter::once(log.person()).chain(further);
    columns.any(|column| column.dictionary.code(text).is_some())
}

/// Returns the place of a code in what is kept per code.
pub(crate) fn place(code: Code) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}

/// What a column has a value for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Per {
    Event,
    Case,
}

impl Per {
    /// Returns the code of a column at an event.
    fn code(self, column: &Column, (case, event): (usize, usize)) -> Option<Code> {
        match self {
            Self::Event => column.code(event),
            Self::Case => column.code(case),
        }
    }
}

/// Cases of each group, and its (group, person) pairs in order.
struct Counts {
    cases: Vec<u64>,
    pairs: Vec<(Code, Code)>,
}

impl Counts {
    fn of(log: &Log, column: &Column, per: Per) -> Self {
        let mut cases = vec![0; column.dictionary.len()];
        let mut last = vec![usize::MAX; column.dictionary.len()];
        let mut pairs = HashSet::new();
        for case in 0..log.cases() {
            for event in log.events_of(case) {
                let Some(group) = per.code(column, (case, event)) else {
                    continue;
                };
                if let Some(person) = log.person().code(event) {
                    pairs.insert((group, person));
                }
                let last = last.get_mut(place(group));
                if let (Some(last), Some(cases)) = (last, cases.get_mut(place(group)))
                    && *last != case
                {
                    *last = case;
                    *cases += 1;
                }
            }
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable();
        Self { cases, pairs }
    }

    fn people(&self, groups: usize) -> Vec<u64> {
        let mut people = vec![0; groups];
        for (group, _) in &self.pairs {
            if let Some(people) = people.get_mut(place(*group)) {
                *people += 1;
            }
        }
        people
    }
}

/// Returns whether each group of the column is folded.
fn small(counted: &Counts, log: &Log, (column, per): (&Column, Per), vouched: People) -> Vec<bool> {
    let people = counted.people(column.dictionary.len());
    let has_people = |people: u64| vouched == People::Vouched || people >= PEOPLE_MIN;
    let mut small: Vec<bool> = column
        .dictionary
        .texts()
        .zip(people.iter().zip(&counted.cases))
        .map(|(text, (&people, &cases))| {
            // A reserved name or a person's own can't be a group's.
            let is_named = text != SMALL_GROUPS && !is_person(log, text);
            !(is_named && has_people(people) && cases >= CASES_MIN)
        })
        .collect();
    if !small.contains(&true) {
        return small;
    }
    let (people_behind, cases_behind) = behind(counted, log, (column, per), &small);
    if !has_people(people_behind) || cases_behind < CASES_MIN {
        // Every group that is left is large enough, so one more makes the whole large enough.
        let left = (0..small.len()).filter(|&at| small.get(at) == Some(&false));
        let next = left.min_by_key(|&at| (counted.cases.get(at), people.get(at), at));
        if let Some(small) = next.and_then(|next| small.get_mut(next)) {
            *small = true;
        }
    }
    small
}

/// Returns the distinct people and cases of all folded groups together.
fn behind(
    counted: &Counts,
    log: &Log,
    (column, per): (&Column, Per),
    small: &[bool],
) -> (u64, u64) {
    let is_small = |code: Code| small.get(place(code)) == Some(&true);
    let pairs = counted.pairs.iter().filter(|(group, _)| is_small(*group));
    let people: HashSet<Code> = pairs.map(|(_, person)| *person).collect();
    let cases = (0..log.cases()).filter(|&case| {
        let mut events = log.events_of(case);
        events.any(|event| per.code(column, (case, event)).is_some_and(is_small))
    });
    let cases = u64::try_from(cases.count()).unwrap_or(0);
    (u64::try_from(people.len()).unwrap_or(0), cases)
}
