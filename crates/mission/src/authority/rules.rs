//! The rules: scopes and delegation first, then roles, teams and kinds of the pinned contract.
//!
//! Nothing here looks at what an actor did before: to have accepted, approved or sent something
//! grants no authority.

use std::collections::BTreeSet;

use baton_contract::model::{DecidedBy, PartyKind};
use baton_terms::Id;

use super::actor::{Actor, ActorKind, DELEGATION_MAX, ROLES_MAX, Scope, Stamp};
use crate::handoff::{AskName, Forbidden, GateTerms, PartyTerms, Terms, is_separate};

/// Checks what holds for every command: the delegation is sound and the credential has the scope.
pub(crate) fn admit(actor: &Actor, ask: AskName) -> Result<(), Forbidden> {
    delegates_soundly(actor)?;
    let (scope, needed) = scope_of(ask);
    if actor.scopes.contains(&scope) {
        Ok(())
    } else {
        Err(Forbidden::Scope { needed })
    }
}

/// Checks that an actor may decide about a rollout of a contract that `owner` answers for: Baton itself, or a person who operates
/// and is of that team or administers the store.
///
/// # Errors
/// When it may not, with the reason.
pub fn may_decide_rollout(actor: &Actor, owner: &Id) -> Result<(), Forbidden> {
    delegates_soundly(actor)?;
    if !actor.scopes.contains(&Scope::Operate) {
        return Err(Forbidden::Scope { needed: "operate" });
    }
    as_operator(actor)?;
    let is_entitled = actor.kind == ActorKind::Engine
        || actor.team == *owner
        || actor.scopes.contains(&Scope::Admin);
    if is_entitled {
        Ok(())
    } else {
        Err(Forbidden::Team {
            needed: format!("`{owner}`, which answers for the contract"),
        })
    }
}

fn delegates_soundly(actor: &Actor) -> Result<(), Forbidden> {
    let chain: Vec<_> = std::iter::once(&actor.principal)
        .chain(&actor.on_behalf_of)
        .collect();
    if chain.len() > DELEGATION_MAX {
        return Err(Forbidden::TooDeep {
            length: chain.len(),
            max: DELEGATION_MAX,
        });
    }
    let repeated = chain.iter().enumerate().find(|(at, principal)| {
        let before = chain.iter().take(*at);
        before.into_iter().any(|other| principal.passes_for(other))
    });
    if let Some((_, repeated)) = repeated {
        return Err(Forbidden::Loop {
            principal: repeated.to_string(),
        });
    }
    if actor.kind == ActorKind::Agent && actor.on_behalf_of.is_empty() {
        return Err(Forbidden::NobodyBehind);
    }
    if actor.roles.len() > ROLES_MAX {
        return Err(Forbidden::TooDeep {
            length: actor.roles.len(),
            max: ROLES_MAX,
        });
    }
    Ok(())
}

const fn scope_of(ask: AskName) -> (Scope, &'static str) {
    match ask {
        AskName::Open
        | AskName::Submit
        | AskName::Withdraw
        | AskName::Acknowledge
        | AskName::Accept
        | AskName::NeedInput
        | AskName::Decline
        | AskName::Complete => (Scope::Submit, "submit"),
        AskName::Approve | AskName::Reject | AskName::Waive => (Scope::Approve, "approve"),
        AskName::Release => (Scope::Admin, "admin"),
        AskName::Check
        | AskName::Offer
        | AskName::Reassign
        | AskName::RollBack
        | AskName::Escalate
        | AskName::Resume
        | AskName::Quarantine
        | AskName::Fire
        | AskName::Report
        | AskName::Compensate
        | AskName::Retry
        | AskName::Leave => (Scope::Operate, "operate"),
    }
}

/// Checks that an actor may act for a party: its role, its kind, and one of the teams that may.
pub(crate) fn as_party(
    actor: &Actor,
    party: &PartyTerms,
    teams: &BTreeSet<Id>,
) -> Result<(), Forbidden> {
    let is_kind = match party.kind {
        PartyKind::Human => actor.kind == ActorKind::Person,
        PartyKind::Agent => actor.kind == ActorKind::Agent,
        PartyKind::Any => actor.kind != ActorKind::Engine,
    };
    if !is_kind {
        let needed = match party.kind {
            PartyKind::Human => "a person",
            PartyKind::Agent => "an agent",
            PartyKind::Any => "a person or an agent",
        };
        return Err(Forbidden::Kind { needed });
    }
    if !actor.roles.contains(&party.role) {
        return Err(Forbidden::Role {
            needed: format!("`{}`", party.role),
        });
    }
    if teams.is_empty() || teams.contains(&actor.team) {
        Ok(())
    } else {
        Err(Forbidden::Team {
            needed: listed(teams),
        })
    }
}

/// Checks that Baton itself acts: what a command of this kind reports is not for others to claim.
pub(crate) fn as_engine(actor: &Actor) -> Result<(), Forbidden> {
    match actor.kind {
        ActorKind::Engine => Ok(()),
        ActorKind::Person | ActorKind::Agent => Err(Forbidden::Kind {
            needed: "Baton itself",
        }),
    }
}

/// Checks that a person runs oversight, or Baton itself does.
pub(crate) fn as_operator(actor: &Actor) -> Result<(), Forbidden> {
    match actor.kind {
        ActorKind::Engine | ActorKind::Person => Ok(()),
        ActorKind::Agent => Err(Forbidden::ReservedForPeople),
    }
}

/// Checks that a person acts, for nobody else: what follows has their name on it.
pub(crate) fn as_named_person(actor: &Actor) -> Result<(), Forbidden> {
    if actor.kind == ActorKind::Person && actor.on_behalf_of.is_empty() {
        Ok(())
    } else {
        Err(Forbidden::ReservedForPeople)
    }
}

/// Checks that an actor may decide a gate: never on its own work, whatever its roles.
pub(crate) fn may_decide(
    actor: &Actor,
    gate: &GateTerms,
    senders: &[Stamp],
) -> Result<(), Forbidden> {
    let is_kind = match gate.decided_by {
        DecidedBy::People => actor.kind == ActorKind::Person && actor.on_behalf_of.is_empty(),
        DecidedBy::Anyone => actor.kind != ActorKind::Engine,
    };
    if !is_kind {
        return Err(Forbidden::ReservedForPeople);
    }
    if actor.roles.is_disjoint(&gate.approvers) {
        return Err(Forbidden::Role {
            needed: listed(&gate.approvers),
        });
    }
    if is_separate(gate, &actor.stamp(), senders) {
        Ok(())
    } else {
        Err(Forbidden::OwnWork)
    }
}

/// Checks that an actor may approve a waiver: a person who approves a gate of the contract, or of the
/// team that answers for it, and not the sender.
pub(crate) fn as_waiver_approver(
    actor: &Actor,
    terms: &Terms,
    senders: &[Stamp],
) -> Result<(), Forbidden> {
    if actor.kind != ActorKind::Person {
        return Err(Forbidden::ReservedForPeople);
    }
    let approves = |gate: &GateTerms| !actor.roles.is_disjoint(&gate.approvers);
    if actor.team != *terms.owner() && !terms.gates().iter().any(approves) {
        return Err(Forbidden::Team {
            needed: format!("`{}`, or an approver of the contract", terms.owner()),
        });
    }
    if acts_for(actor, senders) {
        return Err(Forbidden::OwnWork);
    }
    Ok(())
}

/// Returns whether an actor, or somebody it acts for, is among those behind `stamps`.
pub(crate) fn acts_for(actor: &Actor, stamps: &[Stamp]) -> bool {
    let own = actor.stamp();
    stamps.iter().any(|stamp| own.shares_principal_with(stamp))
}

fn listed(ids: &BTreeSet<Id>) -> String {
    let ids: Vec<_> = ids.iter().map(|id| format!("`{id}`")).collect();
    ids.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Id {
        text.parse().unwrap()
    }

    // spec: LIFECYCLE-9
    #[test]
    fn a_party_acts_as_its_contract_says_it_does() {
        use ActorKind::{Agent, Engine, Person};
        use PartyKind::{Any, Human};
        for (party, kind, team, role, expected) in [
            (Human, Person, "design", "designer", "may"),
            (Human, Agent, "design", "designer", "kind"),
            (Human, Engine, "design", "designer", "kind"),
            (PartyKind::Agent, Agent, "design", "designer", "may"),
            (PartyKind::Agent, Person, "design", "designer", "kind"),
            (PartyKind::Agent, Engine, "design", "designer", "kind"),
            (Any, Person, "design", "designer", "may"),
            (Any, Agent, "design", "designer", "may"),
            (Any, Engine, "design", "designer", "kind"),
            (Any, Person, "design", "engineer", "role"),
            (Any, Person, "build", "designer", "team"),
        ] {
            let actor = Actor {
                principal: "ada".parse().unwrap(),
                kind,
                on_behalf_of: Vec::new(),
                team: id(team),
                roles: BTreeSet::from([id(role)]),
                scopes: BTreeSet::new(),
            };
            let terms = PartyTerms {
                role: id("designer"),
                teams: BTreeSet::new(),
                kind: party,
            };
            let may = match as_party(&actor, &terms, &BTreeSet::from([id("design")])) {
                Ok(()) => "may",
                Err(Forbidden::Kind { .. }) => "kind",
                Err(Forbidden::Role { .. }) => "role",
                Err(Forbidden::Team { .. }) => "team",
                Err(other) => panic!("{other}"),
            };
            assert_eq!(may, expected, "{party:?} {kind:?} {team} {role}");
            // Without teams any may.
            let any_team = as_party(&actor, &terms, &BTreeSet::new()).is_ok();
            assert_eq!(any_team, matches!(expected, "may" | "team"));
        }
    }
}
