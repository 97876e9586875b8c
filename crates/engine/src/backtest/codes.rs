//! Why there is no backtest.

use baton_terms::Code;

/// The two contracts, or the packages, do not belong together.
pub const OTHER_NAME: Code = Code::new(1410);
/// There is no package to hold against the versions.
pub const NO_PACKAGES: Code = Code::new(1411);
