//! Named limits: everything that grows has one, and every refusal names it.

/// Bytes in a contract, waiver or key file.
pub const CONTRACT_BYTES_MAX: usize = 1 << 20;
/// Bytes in a package or history document.
pub const PACKAGE_BYTES_MAX: usize = 16 << 20;
/// Bytes in one evidence artifact.
pub const EVIDENCE_BYTES_MAX: usize = 64 << 20;
/// Bytes in all evidence artifacts of one package together.
pub const EVIDENCE_TOTAL_BYTES_MAX: usize = 1 << 31;
/// Bytes in all evidence artifacts of one package that are verified as attestations, together.
pub const ATTESTATIONS_BYTES_MAX: usize = 64 << 20;
/// Bytes in a document as a trace records it: canonical form may be longer than what people wrote.
pub const RECORDED_BYTES_MAX: usize = 64 << 20;
/// Bytes in the lines of a trace, and in all its blobs together.
pub const TRACE_BYTES_MAX: usize = 1 << 30;
/// Bytes in a bundle.
pub const BUNDLE_BYTES_MAX: usize = 1 << 30;
/// Nesting depth of any document.
pub const DEPTH_MAX: usize = 64;
/// Nodes (values and keys) in a contract document.
pub const CONTRACT_NODES_MAX: usize = 100_000;
/// Bytes in an identifier.
pub const ID_BYTES_MAX: usize = 64;
/// Clauses in a contract.
pub const CLAUSES_MAX: usize = 500;
/// Dimensions in a contract.
pub const DIMENSIONS_MAX: usize = 32;
/// Evidence requirements in one direction of a contract.
pub const EVIDENCE_REQUIREMENTS_MAX: usize = 100;
/// Diagnostics shown for one file; the number left out is stated.
pub const DIAGNOSTICS_MAX: usize = 1_000;
/// Bytes in one expression.
pub const EXPRESSION_BYTES_MAX: usize = 4_096;
/// Nesting depth of one expression.
pub const EXPRESSION_DEPTH_MAX: usize = 32;
/// Steps one evaluation of an expression may take.
pub const EXPRESSION_COST_MAX: u64 = 100_000;
/// Bytes that may be shown from a found value in a finding.
pub const FOUND_BYTES_MAX: usize = 240;
/// Signatures on one attestation.
pub const SIGNATURES_MAX: usize = 100;
