//! Who may do what: decided here and nowhere else, from the credential and the pinned contract.

mod actor;
mod rules;

pub use actor::{Actor, ActorKind, DELEGATION_MAX, ROLES_MAX, Scope, Stamp};
pub use rules::may_decide_rollout;
pub(crate) use rules::{
    acts_for, admit, as_engine, as_named_person, as_operator, as_party, as_waiver_approver,
    may_decide,
};
