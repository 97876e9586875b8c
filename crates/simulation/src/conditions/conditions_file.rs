//! Condition files, format `condition/v1`.

use baton_contract::model::Condition;
use baton_contract::shape::{self, Fields, Object, Shape, TextKind, optional, required};
use baton_contract::syntax;
use baton_terms::{Instant, Source};

use super::invariants::{self, Invariant};
use super::simulated_run::{SIMULATION, SimulatedRun};
use super::trial::Trial;
use crate::suites::{Scene, Subject};

/// The conditions shipped with Baton, each with the text of its file.
pub const ALL: &[(Condition, &str)] = &[
    (
        Condition::ProHumanityImpact,
        include_str!("../../../../conditions/pro-humanity-impact.yaml"),
    ),
    (
        Condition::ProfessionalMastery,
        include_str!("../../../../conditions/professional-mastery.yaml"),
    ),
];

/// What a condition tries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameters {
    /// Shares of the receiver's capacity that are taken, in basis points.
    pub receiver_pressures: Vec<i64>,
    /// Moments at which work is handed over.
    pub moments: Vec<Instant>,
    /// Orders tried, beside the one written.
    pub permutations: usize,
    /// Numbers of threads.
    pub threads: Vec<usize>,
    /// Minutes by which a clock is behind.
    pub clock_skews_minutes: Vec<u64>,
    /// Texts that try to be something else.
    pub hostile_texts: Vec<String>,
}

/// A condition: parameters, and the invariants that must hold.
#[derive(Debug)]
pub struct Conditions {
    parameters: Parameters,
    invariants: Vec<&'static Invariant>,
    simulated_run: SimulatedRun,
}

static PARAMETERS: Object = Object {
    name: "parameters",
    doc: "What the condition tries.",
    fields: &[
        optional(
            "receiver_pressures",
            Shape::List {
                item: &Shape::Integer {
                    min: 0,
                    max: 10_000,
                },
                min: 1,
                max: 20,
            },
            "Shares of the receiver's capacity that are taken, in basis points.",
        ),
        optional(
            "moments",
            Shape::List {
                item: &Shape::Text(TextKind::Instant),
                min: 1,
                max: 20,
            },
            "Moments at which work is handed over.",
        ),
        optional(
            "permutations",
            Shape::Integer { min: 1, max: 100 },
            "Orders tried.",
        ),
        optional(
            "threads",
            Shape::List {
                item: &Shape::Integer { min: 1, max: 64 },
                min: 1,
                max: 10,
            },
            "Numbers of threads.",
        ),
        optional(
            "clock_skews_minutes",
            Shape::List {
                item: &Shape::Integer {
                    min: 1,
                    max: 100_000,
                },
                min: 1,
                max: 10,
            },
            "Minutes by which a clock is behind.",
        ),
        optional(
            "hostile_texts",
            Shape::List {
                item: &Shape::Any,
                min: 1,
                max: 100,
            },
            "Texts that try to be something else.",
        ),
    ],
};

static CONDITION: Object = Object {
    name: "condition",
    doc: "A named condition under which suites run.",
    fields: &[
        required(
            "baton",
            Shape::Choice(&[("condition/v1", "This format.")]),
            "Format of this file.",
        ),
        required("name", Shape::Choice(Condition::WORDS), "Its name."),
        required("title", Shape::Text(TextKind::Line), "Its title."),
        required("purpose", Shape::Text(TextKind::Prose), "What it is for."),
        required("parameters", Shape::Object(&PARAMETERS), "What it tries."),
        required(
            "simulation",
            Shape::Object(&SIMULATION),
            "Runs of the whole engine under it.",
        ),
        required(
            "invariants",
            Shape::List {
                item: &Shape::Text(TextKind::Id),
                min: 1,
                max: 50,
            },
            "What must hold.",
        ),
    ],
};

impl Conditions {
    /// Returns a shipped condition.
    ///
    /// # Errors
    /// When its file is not sound, in words.
    pub fn of(condition: Condition) -> Result<Self, String> {
        let shipped = ALL.iter().find(|(name, _)| *name == condition);
        let (_, text) = shipped.ok_or_else(|| format!("condition {condition} is not known"))?;
        Self::read(&Source::new(format!("{condition}.yaml"), *text))
    }

    fn read(source: &Source) -> Result<Self, String> {
        let parsed = syntax::parse(source);
        let mut problems = parsed.diagnostics;
        let root = parsed
            .node
            .ok_or_else(|| format!("{} can't be read", source.name()))?;
        shape::check(&root, &Shape::Object(&CONDITION), "", &mut problems);
        if let Some(problem) = problems.first() {
            return Err(format!(
                "{}: {} {}",
                source.name(),
                problem.code,
                problem.message
            ));
        }
        let fields = Fields::root(&root);
        let names = fields.texts("invariants", |name| Some(name.to_owned()));
        let invariants: Result<Vec<_>, _> = names
            .iter()
            .map(|name| {
                let found = invariants::ALL
                    .iter()
                    .find(|invariant| invariant.name == name);
                found
                    .copied()
                    .ok_or_else(|| format!("invariant {name} is not known"))
            })
            .collect();
        let parameters = fields
            .child("parameters")
            .map(|fields| Parameters::read(&fields));
        let simulated_run = fields
            .child("simulation")
            .and_then(|fields| SimulatedRun::read(&fields))
            .ok_or_else(|| format!("{}: `simulation` can't be read", source.name()))?;
        Ok(Self {
            parameters: parameters.unwrap_or_default(),
            invariants: invariants?,
            simulated_run,
        })
    }

    /// Returns what it tries.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Returns what it sets for runs of the whole engine.
    pub fn simulated_run(&self) -> &SimulatedRun {
        &self.simulated_run
    }

    /// Lives one scene through everything the condition tries.
    pub(crate) fn try_out(&self, subject: &Subject<'_>, scene: &Scene) -> Trial {
        let mut trial = Trial::default();
        for invariant in &self.invariants {
            (invariant.try_out)(&self.parameters, subject, scene, &mut trial);
        }
        trial
    }
}

impl Parameters {
    fn read(fields: &Fields<'_>) -> Self {
        let integers = |name: &str| {
            let items = fields
                .node(name)
                .map(syntax::Node::items)
                .unwrap_or_default();
            items
                .iter()
                .filter_map(syntax::Node::integer)
                .collect::<Vec<_>>()
        };
        Self {
            receiver_pressures: integers("receiver_pressures"),
            moments: fields.texts("moments", |moment| moment.parse().ok()),
            permutations: fields.number("permutations").unwrap_or(0),
            threads: integers("threads")
                .into_iter()
                .filter_map(|n| n.try_into().ok())
                .collect(),
            clock_skews_minutes: integers("clock_skews_minutes")
                .into_iter()
                .filter_map(|n| n.try_into().ok())
                .collect(),
            hostile_texts: fields.texts("hostile_texts", |text| Some(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_conditions_are_sound_and_use_every_invariant() {
        let mut used: Vec<_> = ALL
            .iter()
            .flat_map(|(condition, _)| Conditions::of(*condition).unwrap().invariants)
            .map(|invariant| invariant.name)
            .collect();
        used.sort_unstable();
        let mut known: Vec<_> = invariants::ALL
            .iter()
            .map(|invariant| invariant.name)
            .collect();
        known.sort_unstable();
        assert_eq!(used, known);
    }

    #[test]
    fn an_unknown_invariant_is_refused() {
        let text = ALL[0]
            .1
            .replace("overload-never-helps", "overload-always-helps");
        let refused = Conditions::read(&Source::new("x.yaml", text)).unwrap_err();
        assert_eq!(refused, "invariant overload-always-helps is not known");
    }
}
