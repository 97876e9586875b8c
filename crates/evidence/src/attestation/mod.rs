//! Attestations: who says what about which bytes.
//!
//! An in-toto Statement v1 (subject digests, a predicate type, a predicate) inside a DSSE v1
//! envelope signed with Ed25519. Verification is a pure function of the envelope, the keyring, the
//! instant and what the caller expects; nothing inside an unverified payload is looked at.

pub mod codes;
mod envelope;
mod expectation;
mod predicate;
mod signatures;
mod statement;
mod verify;

pub use envelope::{PAYLOAD_TYPE, countersign, pre_authentication_encoding, sign};
pub use expectation::{Expectation, ExpectedSubject, SignerPattern};
pub use predicate::{
    DECISION, MINING_RUN, Predicate, Provenance, SLSA_PROVENANCE, SVR, TEST_RESULT, TestOutcome,
    TestResult, VerificationResult,
};
pub use signatures::Signer;
pub use statement::{STATEMENT_TYPE, Statement, Subject};
pub use verify::{Verified, verify, verify_about_any};
