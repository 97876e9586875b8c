//! The words every other crate speaks: instants, elapsed times, identifiers, digests, fixed-point
//! scores, limits, and the diagnostic that carries a problem to a reader.
//!
//! Invariants:
//! - no I/O, clock, environment, randomness or async runtime;
//! - every value here is checked once, at construction, and trusted afterwards;
//! - no float.

mod basis_points;
mod diagnostic;
mod digest;
mod elapsed;
mod id;
mod instant;
pub mod limits;
pub mod lookalike;
mod source;

pub use basis_points::{BasisPoints, BasisPointsError};
pub use diagnostic::{Code, CodeError, Diagnostic, Level, Place};
pub use digest::{Digest, DigestError};
pub use elapsed::{Elapsed, ElapsedError};
pub use id::{Id, IdError};
pub use instant::{Instant, InstantError};
pub use source::{LineColumn, Source, Span};
