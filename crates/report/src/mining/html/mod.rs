//! Mining reports as one self-contained page: no script, no request, readable on a phone and on paper.

mod causes;
mod charts;
mod map;
mod page;
mod sections;

pub(crate) use causes::power as raised;
pub use page::html;
