//! The limits one document is read under.

use baton_terms::limits;

/// Bounds of one document; going beyond any of them refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes_max: usize,
    /// Nesting of lists and maps; never above [`limits::DEPTH_MAX`] in effect.
    pub depth_max: usize,
    /// Values and keys.
    pub nodes_max: usize,
}

impl Limits {
    /// Limits of contracts, waivers and key files.
    pub const CONTRACT: Self = Self::of(limits::CONTRACT_BYTES_MAX, limits::CONTRACT_NODES_MAX);
    /// Limits of packages and history documents, whose nodes are bounded by their bytes.
    pub const PACKAGE: Self = Self::of(limits::PACKAGE_BYTES_MAX, limits::PACKAGE_BYTES_MAX);
    /// Limits of evidence artifacts, whose nodes are bounded by their bytes.
    pub const EVIDENCE: Self = Self::of(limits::EVIDENCE_BYTES_MAX, limits::EVIDENCE_BYTES_MAX);
    /// Limits of documents as a trace records them: canonical form writes `1e15` in full, and a
    /// contract with the schemas it names.
    pub const RECORDED: Self = Self::of(limits::RECORDED_BYTES_MAX, limits::RECORDED_BYTES_MAX);

    /// Returns limits with the common depth.
    pub const fn of(bytes_max: usize, nodes_max: usize) -> Self {
        Self {
            bytes_max,
            depth_max: limits::DEPTH_MAX,
            nodes_max,
        }
    }
}
