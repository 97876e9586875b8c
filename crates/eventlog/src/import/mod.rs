//! Importers: one file per format, all of them on the same way from bytes to a log.
//!
//! [`import`] counts, hashes and unpacks the bytes, a format turns them into rows, and the
//! [`Intake`] looks up what the mapping says about each field. What can't be taken is counted with
//! its reason in the [`Report`]; only what makes the whole file unusable is an error.

mod cases;
mod clock;
pub mod codes;
mod foreign;
mod format;
mod input;
mod intake;
mod log;
mod number;
mod report;
mod table;

pub use cases::join_cases;
pub(crate) use clock::Clock;
pub use foreign::ReadTables;
pub use format::Format;
pub(crate) use input::Input;
pub use input::{Compression, UNPACKED_BYTES_FREE, UNPACKED_RATIO_MAX};
pub use intake::{Intake, Row};
pub use log::{Imported, Progress, import, import_database};
pub(crate) use number::{boolean, decimal};
pub use report::{Column, FORMAT, File, Refusal, Refused, Report, SCHEMA, Sample, Warning};
pub use table::{FIELDS_MAX, ROW_BYTES_MAX};
pub(crate) use table::{Next, Rows};
