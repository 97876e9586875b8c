//! Access: tokens say who acts. A token is a stream of its own, so that whoever got one, and who took it back, is part of the
//! sealed record like everything else.
//!
//! The store keeps the digest of a token's secret and never the secret. The secret is 32 random bytes: no list of likely
//! ones exists, so one round of SHA-256 is enough.

mod grant;
mod text;
mod use_cases;

pub use grant::{Grant, GrantError, ROLES_GRANTED_MAX, TOKEN_DAYS_MAX};
pub use text::{Entropy, TokenId, TokenText};
pub use use_cases::{
    AccessFailure, Credential, Issued, Issuing, TOKENS_LISTED_MAX, Token, codes, create_token,
    credential_of, list_tokens, revoke_token,
};
