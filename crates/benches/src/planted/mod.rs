//! Case tables of invented but lifelike work, with causes of failure planted in them: what the
//! accuracy of mining is measured on, and what its tests run on.

mod case;
mod shape;
mod table;

pub use shape::{Force, Shape};
pub use table::{Planted, planted};
