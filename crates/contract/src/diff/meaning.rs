//! What a change of each field means for the parties: one table, complete by test.

use serde::Serialize;

/// The party that a change makes things harder for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Who hands over.
    Sender,
    /// Who takes over.
    Receiver,
}

/// Words before and after a change that asks less.
pub(super) type Easing = (&'static str, &'static str);

/// What a change of a field means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Words for readers.
    Cosmetic,
    /// Nobody has to do anything differently.
    Compatible,
    /// A larger value asks more of the side; none asks least.
    Raised(Side),
    /// A smaller value asks more of the side; none asks least.
    Lowered(Side),
    /// A larger value asks more of the side; none asks most.
    Capacity(Side),
    /// An entry more asks more of the side; an entry less asks less.
    Entry(Side),
    /// An entry more asks less of the side; an entry less asks more.
    Relief(Side),
    /// A shorter list of alternatives asks more of the side; having no list at all asks least.
    Alternatives(Side),
    /// A longer list of demands asks more of the side; having no list at all asks least.
    Demands(Side),
    /// Having it, or another one, asks more of the side; having none asks less.
    Limit(Side),
    /// An expression of when something is asked: having none asks more of the side, having one where
    /// there was none asks less, and another one may ask more.
    Condition(Side),
    /// An expression: any other one may ask more of the side.
    Expression(Side),
    /// One word of a few: the changes listed ask less of the side, all others more.
    Words(Side, &'static [Easing]),
    /// When evidence must be there: always, under a condition, or never.
    Presence(Side),
    /// Any change may ask more of the side.
    Any(Side),
    /// A JSON Schema the side must satisfy, compared by containment.
    Schema(Side),
    /// The identity of the contract; checked apart.
    Identity,
}

use Meaning::{
    Alternatives, Any, Capacity, Compatible, Condition, Cosmetic, Demands, Entry, Expression,
    Identity, Limit, Lowered, Presence, Raised, Relief, Schema, Words,
};
use Side::{Receiver, Sender};

const KINDS: &[Easing] = &[("human", "any"), ("agent", "any")];
const DECIDERS: &[Easing] = &[("people", "anyone")];
// Who is escalated to decides; the work is not sent back unseen.
const EXPIRY: &[Easing] = &[
    ("reject", "escalate"),
    ("roll-back", "escalate"),
    ("reject", "roll-back"),
];

/// Field patterns (`*` stands for one id or index) with their meaning; the first that matches counts.
pub(super) const TABLE: &[(&str, Meaning)] = &[
    ("/baton", Identity),
    ("/name", Identity),
    ("/version", Identity),
    ("/title", Cosmetic),
    ("/purpose", Cosmetic),
    ("/owner", Compatible),
    ("/domain", Compatible),
    ("/from/role", Any(Sender)),
    ("/from/teams", Alternatives(Sender)),
    ("/from/kind", Words(Sender, KINDS)),
    ("/to/role", Any(Receiver)),
    // A team that joins takes work on; when one leaves, its share falls to the others.
    ("/to/teams", Any(Receiver)),
    ("/to/kind", Words(Receiver, KINDS)),
    ("/outcomes/*", Compatible),
    ("/inputs/schema", Schema(Sender)),
    ("/inputs/evidence/*/title", Cosmetic),
    ("/inputs/evidence/*/media_types", Alternatives(Sender)),
    ("/inputs/evidence/*/predicate_types", Alternatives(Sender)),
    ("/inputs/evidence/*/max_age", Lowered(Sender)),
    ("/inputs/evidence/*/required", Presence(Sender)),
    ("/inputs/evidence/*/when", Presence(Sender)),
    ("/inputs/evidence/*/digest", Any(Sender)),
    ("/inputs/evidence/*/signer/*", Limit(Sender)),
    ("/inputs/evidence/*", Entry(Sender)),
    ("/outputs/schema", Schema(Receiver)),
    ("/outputs/evidence/*/title", Cosmetic),
    ("/outputs/evidence/*/media_types", Alternatives(Receiver)),
    (
        "/outputs/evidence/*/predicate_types",
        Alternatives(Receiver),
    ),
    ("/outputs/evidence/*/max_age", Lowered(Receiver)),
    ("/outputs/evidence/*/required", Presence(Receiver)),
    ("/outputs/evidence/*/when", Presence(Receiver)),
    ("/outputs/evidence/*/digest", Any(Receiver)),
    ("/outputs/evidence/*/signer/*", Limit(Receiver)),
    ("/outputs/evidence/*", Entry(Receiver)),
    ("/outputs", Entry(Receiver)),
    ("/dimensions/*/title", Cosmetic),
    // Weights are shares: what one gains, the others lose, and some package scores less.
    ("/dimensions/*/weight", Any(Sender)),
    ("/dimensions/*", Any(Sender)),
    ("/clauses/*/title", Cosmetic),
    ("/clauses/*/because", Cosmetic),
    ("/clauses/*/fix", Cosmetic),
    ("/clauses/*/effort", Cosmetic),
    ("/clauses/*/severity", Raised(Sender)),
    ("/clauses/*/weight", Any(Sender)),
    ("/clauses/*/dimension", Any(Sender)),
    ("/clauses/*/expect", Expression(Sender)),
    ("/clauses/*/graded", Expression(Sender)),
    ("/clauses/*/check", Any(Sender)),
    ("/clauses/*/when", Condition(Sender)),
    ("/clauses/*", Entry(Sender)),
    ("/thresholds/ready_min", Raised(Sender)),
    ("/thresholds/review_min", Raised(Sender)),
    ("/thresholds/review_risk", Lowered(Sender)),
    ("/thresholds/critical_risk", Lowered(Sender)),
    ("/gates/*/title", Cosmetic),
    ("/gates/*/because", Cosmetic),
    ("/gates/*/quorum", Raised(Sender)),
    ("/gates/*/of", Lowered(Sender)),
    ("/gates/*/approvers", Alternatives(Sender)),
    ("/gates/*/separation", Demands(Sender)),
    ("/gates/*/decided_by", Words(Sender, DECIDERS)),
    ("/gates/*/expires", Lowered(Sender)),
    ("/gates/*/on_expiry", Words(Sender, EXPIRY)),
    ("/gates/*/kind", Any(Sender)),
    ("/gates/*/when", Condition(Sender)),
    ("/gates/*/expect", Expression(Sender)),
    ("/gates/*", Entry(Sender)),
    // Deadlines are the receiver's, unless their clock is the sender's: see `judge`.
    ("/deadlines/*/within", Lowered(Receiver)),
    ("/deadlines/*/calendar", Any(Receiver)),
    ("/deadlines/*/clock", Any(Receiver)),
    ("/deadlines/*/on_expiry", Words(Sender, EXPIRY)),
    ("/deadlines/*", Entry(Receiver)),
    ("/calendar/*/zone", Any(Receiver)),
    ("/calendar/*/hours/*", Any(Receiver)),
    // A day off more moves due times back; one less moves them forward.
    ("/calendar/*/holidays/*/name", Cosmetic),
    ("/calendar/*/holidays/*", Relief(Receiver)),
    ("/calendar/*/covers", Compatible),
    ("/calendar/*/tzdb", Compatible),
    // On its own a calendar asks nothing; the deadline that names it does.
    ("/calendar/*", Compatible),
    ("/routing/wip_limit", Capacity(Receiver)),
    ("/routing/candidates", Any(Receiver)),
    ("/routing/capabilities", Demands(Receiver)),
    ("/routing/calendar", Any(Receiver)),
    ("/routing/escalation", Any(Receiver)),
    ("/routing/fallback", Limit(Receiver)),
    ("/routing/strategy", Compatible),
    ("/routing/fairness_min", Compatible),
    ("/routing", Any(Receiver)),
    ("/retries/*", Compatible),
    ("/rollback/on", Demands(Sender)),
    ("/rollback/failures", Lowered(Sender)),
    ("/rollback/to", Any(Sender)),
    ("/rollback", Entry(Sender)),
    ("/budget/time", Lowered(Receiver)),
    ("/budget/memory_mib", Lowered(Receiver)),
    ("/budget/rows", Lowered(Receiver)),
    ("/budget/attempts", Lowered(Receiver)),
    ("/budget/money_units", Lowered(Receiver)),
    ("/budget/open_work", Capacity(Receiver)),
    ("/budget/waivers", Lowered(Sender)),
    ("/budget/resource_pressure_cap", Lowered(Sender)),
    ("/validation", Compatible),
    ("/rollout", Compatible),
    ("/pending/*/until", Lowered(Sender)),
    ("/pending/*/until_first_met", Any(Sender)),
    ("/pending/*", Relief(Sender)),
    ("/links/*", Cosmetic),
];

/// Returns the meaning of the field at `pointer`.
pub(super) fn of(pointer: &str) -> Option<Meaning> {
    let row = TABLE
        .iter()
        .find(|(pattern, _)| matches(pattern, pointer))?;
    Some(row.1)
}

/// Returns whether the table has rows for what lies inside the value at `pointer`.
pub(super) fn looks_inside(pointer: &str) -> bool {
    let depth = pointer.split('/').count();
    TABLE.iter().any(|(pattern, _)| {
        let outer: Vec<_> = pattern.split('/').take(depth).collect();
        pattern.split('/').count() > depth && matches(&outer.join("/"), pointer)
    })
}

/// Returns whether `pattern` stands for exactly the place `pointer`.
pub(super) fn matches(pattern: &str, pointer: &str) -> bool {
    let mut steps = pointer.split('/');
    let fits = pattern.split('/').all(|expected| match steps.next() {
        Some(step) => expected == "*" || expected == step,
        None => false,
    });
    fits && steps.next().is_none()
}
