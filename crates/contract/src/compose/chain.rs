//! A chain of contracts, link by link: can whoever takes over in one hand over in the next?

use std::collections::BTreeSet;

use baton_terms::Id;
use semver::Version;
use serde::Serialize;
use serde_json::Value;

use super::containment::{Containment, contains};
use super::evidence;
use crate::model::{Contract, Party, PartyKind};

/// Whether something holds, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It holds.
    Yes,
    /// The next sender has to see to it; the contracts do not contradict each other.
    OwnDuty,
    /// It could neither be shown nor refuted.
    Unknown,
    /// It does not hold.
    No,
}

/// What a check of a link is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Who takes over here and hands over next.
    Parties,
    /// The schemas of what is handed over.
    Payload,
    /// One evidence requirement of the next contract.
    Evidence(Id),
}

/// One thing checked of a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What it is about.
    pub about: About,
    /// Whether it holds.
    pub answer: Answer,
    /// Why, as a lower-case fragment.
    pub because: String,
    /// JSON Pointer, in the next contract, of what decides it.
    pub pointer: String,
    /// A value that may be handed over and is refused next.
    pub counterexample: Option<Value>,
}

/// A contract of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: Id,
    /// Its version.
    pub version: Version,
}

/// Two neighbors of a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The contract whose outputs are handed on.
    pub from: Member,
    /// The contract whose inputs they become.
    pub to: Member,
    /// Everything checked.
    pub checks: Vec<Check>,
}

impl Link {
    /// Returns whether the link holds: yes, unknown or no.
    pub fn answer(&self) -> Answer {
        let answers = self.checks.iter().map(|check| match check.answer {
            Answer::OwnDuty => Answer::Yes,
            answer => answer,
        });
        // Nothing checked is never a pass.
        answers.max().unwrap_or(Answer::Unknown)
    }
}

impl Answer {
    /// Returns the answer in words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::OwnDuty => "own duty",
            Self::Unknown => "unknown",
            Self::No => "no",
        }
    }
}

/// Returns the worst answer of a chain: yes only when there are links and every one of them holds.
pub fn answer(links: &[Link]) -> Answer {
    let worst = links.iter().map(Link::answer).max();
    worst.unwrap_or(Answer::Unknown)
}

/// Returns the links between neighbors of a chain, in order.
pub fn compose(chain: &[&Contract]) -> Vec<Link> {
    let pairs = chain.iter().zip(chain.iter().skip(1));
    pairs.map(|(from, to)| link(from, to)).collect()
}

fn link(from: &Contract, to: &Contract) -> Link {
    let member = |contract: &Contract| Member {
        name: contract.name.clone(),
        version: contract.version.clone(),
    };
    let mut checks = vec![parties(from, to), payload(from, to)];
    let offered = from
        .outputs
        .as_ref()
        .map_or(&[][..], |outputs| &outputs.evidence);
    checks.extend(evidence::checks(offered, &to.inputs.evidence));
    Link {
        from: member(from),
        to: member(to),
        checks,
    }
}

fn parties(from: &Contract, to: &Contract) -> Check {
    let check = |answer, because, pointer: &str| Check {
        about: About::Parties,
        answer,
        because,
        pointer: pointer.to_owned(),
        counterexample: None,
    };
    let (Some(taker), Some(giver)) = (&from.to, &to.from) else {
        let because = "a contract does not name its parties".to_owned();
        return check(Answer::Unknown, because, "/from");
    };
    if taker.role != giver.role {
        let because = format!(
            "`{}` takes over, but `{}` hands over next",
            taker.role, giver.role
        );
        return check(Answer::No, because, "/from/role");
    }
    if !can_be_same_kind(taker.kind, giver.kind) {
        let because = format!(
            "{} takes over, but {} hands over next",
            taker.kind, giver.kind
        );
        return check(Answer::No, because, "/from/kind");
    }
    let team = |party: &Party| party.teams.iter().cloned().collect::<BTreeSet<_>>();
    let (takers, givers) = (team(taker), team(giver));
    if takers.is_empty() || givers.is_empty() || takers.is_subset(&givers) {
        let because = format!("`{}` takes over here and hands over next", taker.role);
        return check(Answer::Yes, because, "/from");
    }
    let strangers: Vec<_> = takers.difference(&givers).map(Id::as_str).collect();
    let strangers = strangers.join("`, `");
    if takers.is_disjoint(&givers) {
        let because = format!("no team can do both: `{strangers}` can't hand over next");
        return check(Answer::No, because, "/from/teams");
    }
    let because = format!("some teams can do both, but `{strangers}` can't hand over next");
    check(Answer::Yes, because, "/from/teams")
}

fn can_be_same_kind(taker: PartyKind, giver: PartyKind) -> bool {
    taker == giver || taker == PartyKind::Any || giver == PartyKind::Any
}

fn payload(from: &Contract, to: &Contract) -> Check {
    let check = |answer, because: &str, pointer: String| Check {
        about: About::Payload,
        answer,
        because: because.to_owned(),
        pointer,
        counterexample: None,
    };
    let schema = |pointer: &str| format!("/inputs/schema{pointer}");
    let Some(accepted) = &to.inputs.schema else {
        let because = "the next contract takes any payload";
        return check(Answer::Yes, because, "/inputs".to_owned());
    };
    let outputs = from.outputs.as_ref();
    let Some(offered) = outputs.and_then(|outputs| outputs.schema.as_ref()) else {
        let because = "the outputs have no schema, so nothing is known of what is handed over";
        return check(Answer::Unknown, because, schema(""));
    };
    match contains(&offered.value, &accepted.value) {
        Containment::Yes => {
            let because = "every output is an accepted input";
            check(Answer::Yes, because, schema(""))
        }
        Containment::No {
            counterexample,
            pointer,
            because,
        } => Check {
            counterexample: Some(counterexample),
            ..check(Answer::No, &because, schema(&pointer))
        },
        Containment::Unknown { because, pointer } => {
            check(Answer::Unknown, &because, schema(&pointer))
        }
    }
}
