//! The codes of failures with trace folders and bundles; each has a page in `docs/errors`.

use baton_terms::Code;

/// A folder that holds no trace.
pub(crate) const NOT_A_TRACE: Code = Code::new(910);
/// The trace does not verify, so nothing is added to it.
pub(crate) const TRACE_REFUSED: Code = Code::new(912);
/// An origin that is not the trace's, or can't be one.
pub(crate) const WRONG_ORIGIN: Code = Code::new(913);
/// A decision that can't become an entry.
pub(crate) const NOT_APPENDED: Code = Code::new(914);
/// What can't be exported as a bundle.
pub(crate) const NOT_EXPORTED: Code = Code::new(915);
