//! From a case table to small integers: what the search reads instead of texts and times.
//!
//! Every feature becomes an attribute with a code per row; numbers become ordered bins; values too
//! rare to matter share one code; features that say the same are searched once.
//!
//! Invariants:
//! - codes depend on the set of rows, not on their order;
//! - no outcome is read: nothing here can favor a hypothesis;
//! - a value is folded away only where no pattern with it could be reported.

mod alias;
mod attribute;
mod bins;
mod bitmap;
mod category;
mod item;
mod table;

pub use attribute::{Attribute, Codes, Kind};
pub use bitmap::Bitmap;
pub(crate) use bitmap::count_both;
pub use item::Item;
pub use table::{ATTRIBUTES_MAX, BINS_MAX, Encoded, Error, ROWS_MAX, Settings, VALUES_MAX};
