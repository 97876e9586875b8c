//! Creating, using, listing and revoking tokens.

use baton_evidence::merkle::leaf_hash;
use baton_evidence::trace::{Draft, Entry, EntryError, genesis};
use baton_mission::authority::{Actor, Scope};
use baton_terms::{Diagnostic, Digest, Elapsed, Instant};
use serde_json::{Map, Value};

use super::grant::{Grant, GrantError, TOKEN_DAYS_MAX};
use super::text::{Entropy, NotAToken, TokenId, TokenText};
use crate::port::{Head, Ledger, Page, StoreError, StreamId, Summary, Transition};

/// Codes of access.
pub mod codes {
    use baton_terms::Code;

    /// A token that does not say who acts: unknown, wrong, expired or revoked.
    pub const TOKEN_REFUSED: Code = Code::new(1340);
    /// A token that may not be made.
    pub const TOKEN_UNSOUND: Code = Code::new(1341);
    /// There is no such token.
    pub const NO_SUCH_TOKEN: Code = Code::new(1342);
    /// Tokens are given and revoked by administrators.
    pub const NOT_AN_ADMINISTRATOR: Code = Code::new(1343);
    /// The store failed.
    pub const STORE_FAILED: Code = Code::new(1344);
}

/// Tokens in one list.
pub const TOKENS_LISTED_MAX: u32 = 1_000;
/// Streams of tokens begin so.
const STREAMS: &str = "token/";
/// Entries of a token's stream: made, and revoked.
const ENTRIES_MAX: u32 = 2;
const CREATED: &str = "token-created";
const REVOKED: &str = "token-revoked";
const ACTIVE: &str = "active";

/// What a new token is to be.
#[derive(Debug, Clone)]
pub struct Issuing<'a> {
    /// Who holds it, and what for.
    pub grant: Grant,
    /// Until when it counts.
    pub expires: Instant,
    /// Who gives it: an administrator, or nobody where access to the store is the authority.
    pub by: Option<&'a Actor>,
    /// The present.
    pub now: Instant,
}

/// A new token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its text: told once, kept nowhere.
    pub text: TokenText,
    /// What the store keeps of it.
    pub token: Token,
}

/// What the store keeps of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Who holds it, and what for.
    pub grant: Grant,
    /// When it was made.
    pub created: Instant,
    /// Until when it counts.
    pub expires: Instant,
    /// When it was revoked, if it was.
    pub revoked: Option<Instant>,
}

/// Who acts, as a token says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The token.
    pub token: TokenId,
    /// The one who acts.
    pub actor: Actor,
    /// Until when that counts.
    pub expires: Instant,
}

/// Why there is no token, or none that counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessFailure {
    /// The text is no token.
    #[error(transparent)]
    NotAToken(#[from] NotAToken),
    /// No token with that secret was ever made here.
    #[error("use the token: it is not known here")]
    Unknown,
    /// It ran out.
    #[error("use the token `{token}`: it expired at {expired}")]
    Expired {
        /// The token.
        token: TokenId,
        /// When.
        expired: Instant,
    },
    /// It was revoked.
    #[error("use the token `{token}`: it was revoked at {revoked}")]
    Revoked {
        /// The token.
        token: TokenId,
        /// When.
        revoked: Instant,
    },
    /// It may not be made.
    #[error(transparent)]
    Unsound(#[from] GrantError),
    /// There is no token of that id.
    #[error("find the token `{token}`")]
    NoSuchToken {
        /// The id.
        token: TokenId,
    },
    /// The one who asks is no administrator.
    #[error("give or revoke a token as `{principal}`: its own has no scope `admin`")]
    NotAnAdministrator {
        /// Who asked.
        principal: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AccessFailure {
    /// Returns the failure as its user sees it.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let (code, hint) = match self {
            Self::NotAToken(_) | Self::Unknown | Self::Expired { .. } | Self::Revoked { .. } => (
                codes::TOKEN_REFUSED,
                "whoever runs the store makes a new one: `baton token create`",
            ),
            Self::Unsound(_) => (codes::TOKEN_UNSOUND, "see `baton help E1341`"),
            Self::NoSuchToken { .. } => (codes::NO_SUCH_TOKEN, "list them: `baton token list`"),
            Self::NotAnAdministrator { .. } => (
                codes::NOT_AN_ADMINISTRATOR,
                "ask an administrator, or act without a token where the store is yours",
            ),
            Self::Store(_) => (codes::STORE_FAILED, "run `baton doctor` on the store"),
        };
        Diagnostic::error(code, self.to_string()).hint(hint)
    }
}

/// Makes a token.
///
/// # Errors
/// When the grant is none that could be used, it would live too long, or the store fails.
pub fn create_token(
    store: &(impl Ledger + ?Sized),
    issuing: Issuing<'_>,
    entropy: &Entropy,
) -> Result<Issued, AccessFailure> {
    require_admin(issuing.by)?;
    issuing.grant.check()?;
    check_life(issuing.now, issuing.expires)?;
    let text = TokenText::draw(entropy);
    let mut detail = Map::new();
    detail.insert("expires".into(), issuing.expires.to_string().into());
    detail.insert("grant".into(), grant_value(&issuing.grant));
    // Not among the digests: those name documents that an auditor may ask for.
    detail.insert("secret".into(), text.digest().to_string().into());
    let stream = stream_of(text.id())?;
    let draft = draft(CREATED, &stream, (issuing.by, issuing.now), detail)?;
    let summary = summary(ACTIVE, Some(issuing.expires));
    append(store, (0, genesis()), draft, summary)?;
    let token = Token {
        id: text.id().clone(),
        grant: issuing.grant,
        created: issuing.now,
        expires: issuing.expires,
        revoked: None,
    };
    Ok(Issued { text, token })
}

/// Returns who acts with a token.
///
/// # Errors
/// When the token does not count now, or the store cannot be read.
pub fn credential_of(
    store: &(impl Ledger + ?Sized),
    text: &str,
    now: Instant,
) -> Result<Credential, AccessFailure> {
    let text: TokenText = text.parse()?;
    let stream = stream_of(text.id())?;
    let Some(kept) = read(store, &stream)? else {
        return Err(AccessFailure::Unknown);
    };
    // Nothing about a token is told to one who does not hold it.
    if !is_same(&kept.secret, &text.digest()) {
        return Err(AccessFailure::Unknown);
    }
    let token = kept.token;
    if let Some(revoked) = token.revoked {
        let token = token.id;
        return Err(AccessFailure::Revoked { token, revoked });
    }
    if now >= token.expires {
        return Err(AccessFailure::Expired {
            token: token.id,
            expired: token.expires,
        });
    }
    Ok(Credential {
        actor: token.grant.actor(),
        token: token.id,
        expires: token.expires,
    })
}

/// Returns tokens in the order of their ids, [`TOKENS_LISTED_MAX`] at most.
///
/// # Errors
/// When the store cannot be read.
pub fn list_tokens(
    store: &(impl Ledger + ?Sized),
    after: Option<&TokenId>,
) -> Result<Vec<Token>, AccessFailure> {
    let page = Page {
        prefix: STREAMS.to_owned(),
        state: None,
        turn: None,
        after: after.map(stream_of).transpose()?,
        limit: TOKENS_LISTED_MAX,
    };
    let heads: Vec<Head> = store.heads(&page)?;
    let mut tokens = Vec::new();
    for head in heads {
        if let Some(kept) = read(store, &head.stream)? {
            tokens.push(kept.token);
        }
    }
    Ok(tokens)
}

/// Revokes a token; one that is revoked already stays so.
///
/// # Errors
/// When there is no such token, who asks is no administrator, or the store fails.
pub fn revoke_token(
    store: &(impl Ledger + ?Sized),
    id: &TokenId,
    by: Option<&Actor>,
    now: Instant,
) -> Result<Token, AccessFailure> {
    require_admin(by)?;
    let stream = stream_of(id)?;
    let missing = || AccessFailure::NoSuchToken { token: id.clone() };
    let kept = read(store, &stream)?.ok_or_else(missing)?;
    let mut token = kept.token;
    if token.revoked.is_some() {
        return Ok(token);
    }
    // A clock that went back may not make the record's times go back.
    let at = now.max(token.created);
    let draft = draft(REVOKED, &stream, (by, at), Map::new())?;
    append(store, kept.end, draft, summary("revoked", None))?;
    token.revoked = Some(at);
    Ok(token)
}

/// A token with what only this module needs.
struct Kept {
    token: Token,
    secret: Digest,
    /// Entries of its stream, and the leaf hash of the last one.
    end: (u64, Digest),
}

fn read(store: &(impl Ledger + ?Sized), stream: &StreamId) -> Result<Option<Kept>, AccessFailure> {
    let damaged = || StoreError::Damaged {
        why: format!("`{stream}` is not what Baton writes of a token"),
    };
    let mut end = (0, genesis());
    let mut kept: Option<Kept> = None;
    for line in store.lines(stream, 0, ENTRIES_MAX + 1)? {
        let entry = Entry::parse(&line.bytes).map_err(|_| damaged())?;
        if (entry.sequence(), entry.previous()) != end {
            return Err(damaged().into());
        }
        end = (end.0 + 1, leaf_hash(&line.bytes));
        let draft = entry.draft();
        match (draft.kind.as_str(), &mut kept) {
            (CREATED, None) => kept = Some(created(stream, draft).ok_or_else(damaged)?),
            (REVOKED, Some(kept)) if kept.token.revoked.is_none() => {
                kept.token.revoked = Some(draft.time);
            }
            _ => return Err(damaged().into()),
        }
    }
    Ok(kept.map(|kept| Kept { end, ..kept }))
}

fn created(stream: &StreamId, draft: &Draft) -> Option<Kept> {
    let text = |name: &str| draft.detail.get(name).and_then(Value::as_str);
    let grant = draft.detail.get("grant")?.clone();
    let token = Token {
        id: stream.as_str().strip_prefix(STREAMS)?.parse().ok()?,
        grant: serde_json::from_value(grant).ok()?,
        created: draft.time,
        expires: text("expires")?.parse().ok()?,
        revoked: None,
    };
    Some(Kept {
        token,
        secret: text("secret")?.parse().ok()?,
        end: (0, genesis()),
    })
}

fn append(
    store: &(impl Ledger + ?Sized),
    (entries, leaf): (u64, Digest),
    draft: Draft,
    summary: Summary,
) -> Result<(), AccessFailure> {
    let at = draft.time;
    let stream = named(&draft.subject)?;
    let line = Entry::new(draft, entries, leaf)
        .map_err(|error| unsound(&error))?
        .to_line();
    let transition = Transition {
        stream,
        expected: entries,
        at,
        leaf: leaf_hash(&line),
        lines: vec![line],
        summary,
        request: None,
        blobs: Vec::new(),
        jobs: Vec::new(),
        cleared: Vec::new(),
        under: None,
    };
    store.append(transition)?;
    Ok(())
}

fn draft(
    kind: &str,
    stream: &StreamId,
    (by, time): (Option<&Actor>, Instant),
    detail: Map<String, Value>,
) -> Result<Draft, AccessFailure> {
    Ok(Draft {
        time,
        kind: kind
            .parse()
            .map_err(|_| GrantError::new("its kind is no id"))?,
        subject: stream.to_string(),
        actor: by.map(|actor| actor.principal.to_string()),
        digests: std::collections::BTreeMap::new(),
        detail,
    })
}

fn require_admin(by: Option<&Actor>) -> Result<(), AccessFailure> {
    match by {
        Some(actor) if !actor.scopes.contains(&Scope::Admin) => {
            Err(AccessFailure::NotAnAdministrator {
                principal: actor.principal.to_string(),
            })
        }
        _ => Ok(()),
    }
}

fn check_life(now: Instant, expires: Instant) -> Result<(), GrantError> {
    let last = now.checked_add(Elapsed::from_seconds(u64::from(TOKEN_DAYS_MAX) * 86_400));
    if expires <= now {
        return Err(GrantError::new("it would have expired before it was made"));
    }
    if last.is_some_and(|last| expires > last) {
        return Err(GrantError::new(format!(
            "it would live longer than {TOKEN_DAYS_MAX} days"
        )));
    }
    Ok(())
}

fn stream_of(id: &TokenId) -> Result<StreamId, StoreError> {
    named(&format!("{STREAMS}{id}"))
}

fn named(stream: &str) -> Result<StreamId, StoreError> {
    StreamId::new(stream).map_err(|error| StoreError::Damaged {
        why: error.to_string(),
    })
}

fn summary(state: &str, due: Option<Instant>) -> Summary {
    Summary {
        state: state.to_owned(),
        turn: None,
        due,
    }
}

/// A grant of names, words and lists always has a value.
fn grant_value(grant: &Grant) -> Value {
    serde_json::to_value(grant).unwrap_or_default()
}

fn unsound(error: &EntryError) -> GrantError {
    GrantError::new(error.to_string())
}

/// Compares without stopping at the first difference.
fn is_same(left: &Digest, right: &Digest) -> bool {
    let pairs = left.as_bytes().iter().zip(right.as_bytes());
    let difference = pairs.fold(0_u8, |sum, (left, right)| {
        std::hint::black_box(sum | (left ^ right))
    });
    difference == 0
}
