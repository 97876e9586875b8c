//! What a check is told beside contract and package: the history of the sender's handoffs and the
//! circumstances of this check. Both are recorded by digest.

use baton_evidence::canonical;
use baton_evidence::json::{Members, Tree, View};
use baton_terms::{BasisPoints, Diagnostic, Digest, Id, Instant, limits};
use serde_json::Value;

use crate::fields::Problems;
use crate::package::{Package, SenderKind};

/// The history format's name.
pub const HISTORY_FORMAT: &str = "history/v1";
/// The context format's name.
pub const CONTEXT_FORMAT: &str = "context/v1";
/// Largest count in a history.
const COUNT_MAX: u64 = 1_000_000_000;

/// Facts about earlier handoffs of this sender under this contract. What is absent is unknown, never
/// zero or empty: an expression that reads it has no value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Handoffs submitted.
    pub handoffs: Option<u64>,
    /// Handoffs accepted.
    pub accepted: Option<u64>,
    /// Handoffs answered with needs-input.
    pub needs_input: Option<u64>,
    /// Handoffs declined.
    pub declined: Option<u64>,
    /// Handoffs reopened after acceptance.
    pub reopened: Option<u64>,
    /// Clauses the sender has met before.
    pub met: Option<Vec<Id>>,
}

/// The circumstances of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Time of the check.
    pub as_of: Instant,
    /// Share of the receiver's capacity that is taken.
    pub receiver_pressure: BasisPoints,
    /// Digest of the package that was approved, when one was.
    pub approved_package: Option<Digest>,
    /// Who acts; the sender when absent.
    pub actor: Option<Actor>,
}

/// Who acts, as a policy gate sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Role.
    pub role: Id,
    /// Team.
    pub team: Id,
    /// Person or agent.
    pub kind: SenderKind,
}

impl History {
    /// Reads a history document.
    ///
    /// # Errors
    /// With every problem found, each with its JSON Pointer.
    pub fn read(document: &Value) -> Result<Self, Vec<Diagnostic>> {
        let counts = [
            "handoffs",
            "accepted",
            "needs_input",
            "declined",
            "reopened",
        ];
        let mut known = vec!["baton", "met"];
        known.extend(counts);
        let mut problems = Problems::default();
        let document = Tree::from(document);
        let history = problems.object(document.root(), "", &known).map(|fields| {
            problems.format(&fields, HISTORY_FORMAT);
            let [handoffs, accepted, needs_input, declined, reopened] =
                counts.map(|key| problems.optional_count(&fields, key, COUNT_MAX));
            let mut met = Vec::new();
            for (item, place) in problems.optional_list(&fields, "met", limits::CLAUSES_MAX) {
                match item.as_str().map(str::parse) {
                    Some(Ok(id)) => met.push(id),
                    _ => problems.wrong_kind(place.to_string(), "a clause id", item),
                }
            }
            met.sort();
            met.dedup();
            Self {
                handoffs,
                accepted,
                needs_input,
                declined,
                reopened,
                met: fields.get("met").map(|_| met),
            }
        });
        problems.or(history)
    }

    /// Returns the document of these facts.
    pub fn to_value(&self) -> Value {
        self.document().root().to_value()
    }

    /// Returns what expressions see as `history`.
    pub(crate) fn facts(&self) -> Tree {
        Tree::of(|facts| self.fill(facts, None))
    }

    /// Returns the digest of the document.
    pub fn digest(&self) -> Digest {
        canonical::digest_of(|fields| self.fill(fields, Some(HISTORY_FORMAT)))
    }

    fn document(&self) -> Tree {
        Tree::of(|fields| self.fill(fields, Some(HISTORY_FORMAT)))
    }

    fn fill<M: Members>(&self, fields: &mut M, format: Option<&str>) {
        let count = |fields: &mut M, name, count: Option<u64>| {
            if let Some(count) = count {
                fields.count(name, count);
            }
        };
        count(fields, "accepted", self.accepted);
        if let Some(format) = format {
            fields.text("baton", format);
        }
        count(fields, "declined", self.declined);
        count(fields, "handoffs", self.handoffs);
        if let Some(met) = &self.met {
            fields.texts("met", met.iter().map(Id::as_str));
        }
        count(fields, "needs_input", self.needs_input);
        count(fields, "reopened", self.reopened);
    }

    /// Returns whether the sender has met a clause before.
    pub fn has_met(&self, clause: &str) -> bool {
        let mut met = self.met.iter().flatten();
        met.any(|met| met.as_str() == clause)
    }
}

impl Context {
    /// Returns the circumstances of a check at an instant, with nothing else known.
    pub fn at(as_of: Instant) -> Self {
        Self {
            as_of,
            receiver_pressure: BasisPoints::ZERO,
            approved_package: None,
            actor: None,
        }
    }

    /// Reads the document that records a check's circumstances, for replay.
    ///
    /// # Errors
    /// With every problem found, each with its JSON Pointer.
    pub fn read(document: &Value) -> Result<Self, Vec<Diagnostic>> {
        let known = [
            "baton",
            "as_of",
            "receiver_pressure",
            "approved_package",
            "actor",
        ];
        let mut problems = Problems::default();
        let document = Tree::from(document);
        let context = problems
            .object(document.root(), "", &known)
            .and_then(|fields| {
                problems.format(&fields, CONTEXT_FORMAT);
                let as_of = problems.parsed(&fields, "as_of", "a time in UTC");
                let pressure = problems.optional_count(&fields, "receiver_pressure", 10_000);
                let approved_package =
                    problems.optional_parsed(&fields, "approved_package", "a digest");
                let actor = fields
                    .get("actor")
                    .and_then(|actor| read_actor(actor, &mut problems));
                Some(Self {
                    as_of: as_of?,
                    receiver_pressure: BasisPoints::saturating(pressure.unwrap_or(0)),
                    approved_package,
                    actor,
                })
            });
        problems.or(context)
    }

    /// Returns the document that records these circumstances; what is not known is left out.
    pub fn to_value(&self) -> Value {
        self.document().root().to_value()
    }

    fn document(&self) -> Tree {
        Tree::of(|fields| self.fill(fields))
    }

    fn fill(&self, fields: &mut impl Members) {
        if let Some(actor) = &self.actor {
            fields.map("actor", |fields| actor.fill(fields));
        }
        if let Some(digest) = self.approved_package {
            fields.text("approved_package", &digest.to_string());
        }
        fields.text("as_of", &self.as_of.to_string());
        fields.text("baton", CONTEXT_FORMAT);
        fields.count("receiver_pressure", self.receiver_pressure.get());
    }

    /// Returns what expressions see as `context`.
    pub(crate) fn facts(&self, package: &Package) -> Tree {
        let sender = package.sender();
        Tree::of(|facts| {
            facts.text("as_of", &self.as_of.to_string());
            facts.count("receiver_pressure", self.receiver_pressure.get());
            facts.text("risk_tier", package.risk_tier().word());
            facts.map("sender", |from| {
                if let Some(actor) = &sender.actor {
                    from.text("actor", actor);
                }
                fill_actor(from, (&sender.role, &sender.team, sender.kind));
            });
            facts.text("work_item", package.work_item());
        })
    }

    /// Returns what expressions see as `actor`.
    pub(crate) fn actor_facts(&self, package: &Package) -> Tree {
        let sender = package.sender();
        Tree::of(|facts| match &self.actor {
            Some(actor) => actor.fill(facts),
            None => fill_actor(facts, (&sender.role, &sender.team, sender.kind)),
        })
    }

    /// Returns the digest of the document.
    pub fn digest(&self) -> Digest {
        canonical::digest_of(|fields| self.fill(fields))
    }
}

impl Actor {
    fn fill(&self, fields: &mut impl Members) {
        fill_actor(fields, (&self.role, &self.team, self.kind));
    }
}

fn fill_actor(fields: &mut impl Members, actor: (&Id, &Id, SenderKind)) {
    let (role, team, kind) = actor;
    fields.text("kind", kind.word());
    fields.text("role", role.as_str());
    fields.text("team", team.as_str());
}

fn read_actor(value: View<'_>, problems: &mut Problems) -> Option<Actor> {
    let fields = problems.object(value, "/actor", &["role", "team", "kind"])?;
    let role = problems.parsed(&fields, "role", "a role id");
    let team = problems.parsed(&fields, "team", "a team id");
    let kind = problems.parsed(&fields, "kind", "`human` or `agent`");
    Some(Actor {
        role: role?,
        team: team?,
        kind: kind?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // spec: PACKAGE-20
    #[test]
    fn what_a_history_leaves_out_is_unknown_and_stays_so() {
        let history = History::read(&json!({"baton": "history/v1"})).unwrap();
        assert_eq!(history, History::default());
        assert_eq!(history.to_value(), json!({"baton": "history/v1"}));
        let zero = json!({"baton": "history/v1", "reopened": 0, "met": []});
        assert_eq!(History::read(&zero).unwrap().to_value(), zero);
        let full = History {
            handoffs: Some(3),
            met: Some(vec!["b".parse().unwrap()]),
            ..history
        };
        assert_eq!(full.digest(), canonical::digest(&full.to_value()));
        assert_eq!(History::read(&full.to_value()), Ok(full));
    }

    // spec: PACKAGE-21
    #[test]
    fn contexts_round_trip() {
        let plain = Context::at("2026-11-20T09:00:00Z".parse().unwrap());
        let actor = Actor {
            role: "designer".parse().unwrap(),
            team: "design".parse().unwrap(),
            kind: SenderKind::Agent,
        };
        let full = Context {
            receiver_pressure: BasisPoints::FULL,
            approved_package: Some(Digest::of(b"")),
            actor: Some(actor),
            ..plain.clone()
        };
        for context in [plain, full] {
            assert_eq!(context.digest(), canonical::digest(&context.to_value()));
            assert_eq!(Context::read(&context.to_value()), Ok(context));
        }
        assert!(Context::read(&json!({"baton": "context/v1"})).is_err());
    }

    // spec: PACKAGE-20
    #[test]
    fn wrong_histories_are_refused_with_pointers() {
        for (document, expected) in [
            (json!({"baton": "history/v1", "handoffs": -1}), "/handoffs"),
            (json!({"baton": "history/v1", "handoffs": 1.5}), "/handoffs"),
            (json!({"baton": "history/v1", "met": ["A"]}), "/met/0"),
            (json!({"baton": "history/v1", "bounced": 1}), "/bounced"),
            (json!({"baton": "history/v2"}), "/baton"),
        ] {
            let problems = History::read(&document).unwrap_err();
            assert_eq!(problems[0].place.pointer, expected);
        }
    }
}
