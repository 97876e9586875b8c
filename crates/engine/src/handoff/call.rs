//! A call: who asks, of which handoff, under which key; and what it led to.

use std::collections::BTreeSet;

use baton_evidence::canonical;
use baton_mission::authority::{Actor, ActorKind, Scope};
use baton_mission::handoff::Handoff;
use baton_mission::names::{HandoffId, Key, Revision};
use baton_terms::{Digest, Id};
use serde::{Deserialize, Serialize};

use super::effects;
use super::failure::Failure;
use crate::port::Claim;

/// Who asks for something.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// Who acts, as the credential says.
    pub actor: &'a Actor,
    /// The handoff.
    pub handoff: HandoffId,
    /// The request's own key: sent again, it is answered with what it led to first.
    pub key: Key,
    /// The revision it was made for; without one it is decided anew where somebody else was faster.
    pub expects: Option<Revision>,
    /// The claimed job whose work it is: settled in the transaction of what is decided.
    pub under: Option<Claim>,
}

/// What a call led to. Kept with it, and given to every repetition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The handoff.
    pub handoff: HandoffId,
    /// The revision it came to.
    pub revision: Revision,
    /// The state it came to.
    pub state: String,
    /// Whose turn it is then, when it is anyone's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<String>,
}

impl Outcome {
    pub(super) fn of(handoff: &Handoff) -> Result<Self, Failure> {
        let id = handoff.id().ok_or_else(|| Failure::Unrecordable {
            why: "the handoff has no name".to_owned(),
        })?;
        Ok(Self {
            handoff: id.clone(),
            revision: handoff.revision(),
            state: handoff.state().word().to_owned(),
            turn: effects::turn(handoff),
        })
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, Failure> {
        canonical::of(self).map_err(|_| Failure::Unrecordable {
            why: "its revision has no canonical form".to_owned(),
        })
    }
}

/// Returns Baton itself as the one who acts.
///
/// # Panics
/// Never: the names are valid.
#[expect(clippy::expect_used, reason = "INVARIANT: `baton` is a name and an id")]
pub fn engine() -> Actor {
    Actor {
        principal: "baton".parse().expect("a name"),
        kind: ActorKind::Engine,
        on_behalf_of: Vec::new(),
        team: "baton".parse::<Id>().expect("an id"),
        roles: BTreeSet::new(),
        scopes: BTreeSet::from([Scope::Operate]),
    }
}

impl<'a> Call<'a> {
    /// Returns a call by Baton itself; `what` names the step, once per step of this handoff.
    ///
    /// # Errors
    /// When `what` is longer than a key may be.
    pub fn own(actor: &'a Actor, handoff: &HandoffId, what: &str) -> Result<Self, Failure> {
        // Keys are the caller's own across handoffs, and a handoff's name may be as long as a key.
        let name = Digest::of(handoff.as_str().as_bytes()).hex();
        let key = format!("{what}:{name}").parse();
        Ok(Self {
            actor,
            handoff: handoff.clone(),
            key: key.map_err(|_| Failure::Unrecordable {
                why: format!("the step `{what}` has too long a name"),
            })?,
            expects: None,
            under: None,
        })
    }
}
