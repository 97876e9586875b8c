//! The codes of problems with attestations; each has a page in `docs/errors`.

use baton_terms::Code;

/// The attestation is not JSON.
pub const NOT_JSON: Code = Code::new(710);
/// The attestation is no DSSE envelope.
pub const ENVELOPE_SHAPE: Code = Code::new(711);
/// The envelope carries another type of payload.
pub const PAYLOAD_TYPE: Code = Code::new(712);
/// The payload or a signature is not base64.
pub const BASE64: Code = Code::new(713);
/// The payload is not JSON.
pub const PAYLOAD_NOT_JSON: Code = Code::new(714);
/// The payload is no in-toto statement.
pub const STATEMENT_SHAPE: Code = Code::new(715);
/// The statement has another version.
pub const STATEMENT_TYPE: Code = Code::new(716);
/// The predicate type is not accepted here.
pub const PREDICATE_TYPE: Code = Code::new(717);
/// The predicate does not fit its type.
pub const PREDICATE_SHAPE: Code = Code::new(718);
/// No subject has a digest of a supported algorithm.
pub const DIGEST_ALGORITHM: Code = Code::new(719);
/// The statement is about something else.
pub const WRONG_SUBJECT: Code = Code::new(720);
/// No key of the keyring made the signature.
pub const UNKNOWN_SIGNER: Code = Code::new(721);
/// The signature is not the one of the key it names.
pub const INVALID_SIGNATURE: Code = Code::new(722);
/// The key was revoked.
pub const REVOKED_KEY: Code = Code::new(723);
/// The key has expired.
pub const EXPIRED_KEY: Code = Code::new(724);
/// The key is not valid yet.
pub const KEY_NOT_YET_VALID: Code = Code::new(725);
/// The signer is not one that may sign this.
pub const SIGNER_NOT_ALLOWED: Code = Code::new(726);
/// There are too few signers.
pub const QUORUM_SHORT: Code = Code::new(727);
/// There are enough signatures, but one signer made several.
pub const SAME_SIGNER: Code = Code::new(728);
/// The digest is right, but under another name.
pub const SUBJECT_NAME: Code = Code::new(729);
