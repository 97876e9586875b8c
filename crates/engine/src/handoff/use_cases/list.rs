//! Lists of handoffs: whose turn it is, and what is where.

use baton_mission::authority::Actor;
use baton_mission::names::HandoffId;

use crate::handoff::desk::Desk;
use crate::handoff::effects::{self, APPROVERS};
use crate::handoff::failure::Failure;
use crate::port::{Head, Page, StreamId};

/// Which handoffs to list.
#[derive(Debug, Clone, Copy)]
pub enum Turn<'a> {
    /// All.
    Anyone,
    /// Those that wait for this actor: its team, one of its roles, or a gate it may decide.
    Of(&'a Actor),
}

/// Returns handoffs in the order of their names, `limit` at most, from after a name on.
///
/// # Errors
/// When the store cannot be read.
pub fn list(
    desk: &Desk<'_>,
    whose: Turn<'_>,
    (state, after, limit): (Option<&str>, Option<&HandoffId>, u32),
) -> Result<Vec<Head>, Failure> {
    let mut page = Page {
        state: state.map(str::to_owned),
        after: after.map(effects::stream_of).transpose()?,
        ..Page::under("handoff/")
    };
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut listed = Vec::new();
    loop {
        let heads = desk.store.heads(&page)?;
        let Some(last) = heads.last() else {
            return Ok(listed);
        };
        page.after = Some(last.stream.clone());
        for head in heads {
            let is_listed = match whose {
                Turn::Anyone => true,
                Turn::Of(actor) => is_turn_of(desk, actor, &head)?,
            };
            if is_listed {
                listed.push(head);
            }
            if listed.len() == wanted {
                return Ok(listed);
            }
        }
    }
}

fn is_turn_of(desk: &Desk<'_>, actor: &Actor, head: &Head) -> Result<bool, Failure> {
    let Some(turn) = &head.summary.turn else {
        return Ok(false);
    };
    if turn == APPROVERS {
        return may_decide(desk, actor, &head.stream);
    }
    let is_role = actor.roles.iter().any(|role| role.as_str() == turn);
    Ok(is_role || actor.team.as_str() == turn)
}

/// Several roles may decide: the handoff itself says which.
fn may_decide(desk: &Desk<'_>, actor: &Actor, stream: &StreamId) -> Result<bool, Failure> {
    let name = stream.as_str().strip_prefix("handoff/").unwrap_or_default();
    let Ok(handoff) = name.parse::<HandoffId>() else {
        return Ok(false);
    };
    let case = desk.load(&handoff)?;
    let pinned = desk.contract_of(&case)?;
    let roles = effects::deciding_roles(case.handoff(), &pinned.terms);
    Ok(roles.iter().any(|role| actor.roles.contains(role)))
}
