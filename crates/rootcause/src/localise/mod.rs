//! Where a number jumped: from a table of a key performance indicator to the few combinations of
//! attribute values that explain the jump.
//!
//! A table has one row per leaf, the finest combination of attributes, and either a value and a
//! total (failures and requests, perhaps with the same two before the jump) or what is and what was
//! forecast. The answer is the set of combinations, of up to three conditions each, that makes the
//! observed leaves most likely for its length: a log-linear model of scan statistics.

mod answer;
mod candidates;
mod codes;
mod columns;
mod fit;
mod leaves;
mod limits;
mod localisation;
mod noise;
mod numbers;
mod read;
mod search;
mod table;

pub use answer::localise;
pub use codes::{
    ABOVE_TOTAL, AMBIGUOUS_COLUMNS, BAD_HEADER, BAD_NUMBER, NOT_CSV, NOTHING_TO_LOCALISE, TOO_MUCH,
};
pub use columns::{Columns, Role};
pub use limits::{
    ATTRIBUTES_MAX, CAUSES_MAX, CELLS_MAX, CONDITIONS_MAX, KPI_TABLE_BYTES_MAX, KPI_TABLE_ROWS_MAX,
};
pub use localisation::{
    Alternative, Amount, AttributeRead, Localisation, Located, Noise, Overall, SetAside, TableRead,
};
pub use read::read;
pub use search::{Direction, Settings};
pub use table::{Measure, Table};

#[cfg(test)]
mod tests;
