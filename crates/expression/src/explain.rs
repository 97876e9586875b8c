//! Why a condition is not true: its smallest failing parts, with the values the data has there.

use baton_evidence::json::tree::Kind;
use baton_terms::{Span, limits};
use serde_json::Value as Json;

use super::bindings::{Bindings, Document};
use super::evaluate::{Element, Machine, Reason};
use super::program::{Loop, LoopKind, Node, Operation, Path, Root, Step};
use super::reads::extended;

/// Failing elements shown for one `all`.
const ELEMENTS_SHOWN_MAX: usize = 5;
/// Steps one explanation may take: an evaluation for every level of nesting.
const STEPS_MAX: u64 = limits::EXPRESSION_COST_MAX * 32;
/// Parts shown for one expression.
const OBSERVATIONS_MAX: usize = 20;

/// One part of a condition that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Where the part stands in the expression.
    pub span: Span,
    /// The part itself: what is expected to hold.
    pub expected: String,
    /// How it came out.
    pub outcome: Outcome,
    /// What the data has at the places the part reads, in the order of the text.
    pub found: Vec<Found>,
}

/// How a part came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is false.
    False,
    /// It has no value.
    Unknown(Reason),
}

/// What the data has at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Name of the variable.
    pub variable: String,
    /// JSON Pointer (RFC 6901) into it, with the index of the element concerned.
    pub pointer: String,
    /// The value as JSON, shortened, or nothing when the place is absent.
    pub value: Option<String>,
}

/// Returns the observations on `root`; none when it is true.
pub(super) fn explain<'a>(root: &'a Node, text: &str, bindings: &Bindings<'a>) -> Vec<Observation> {
    let mut explainer = Explainer {
        text,
        bindings,
        places: Vec::new(),
        observations: Vec::new(),
    };
    // A condition that ends at the limit of one evaluation is unknown for that reason alone;
    // looking into its parts takes more steps than evaluating it did, but not without a bound.
    match Machine::new(bindings).condition(root) {
        Err(failure) if failure.reason == Reason::Cost => {
            explainer.observe(root, Outcome::Unknown(Reason::Cost));
        }
        _ => explainer.visit(root, &mut Machine::with_steps(bindings, STEPS_MAX)),
    }
    explainer.observations
}

/// A place in the data: a variable and a pointer into it.
#[derive(Debug, Clone)]
struct Place {
    variable: String,
    pointer: String,
}

struct Explainer<'t, 'a, 'b> {
    text: &'t str,
    bindings: &'b Bindings<'a>,
    /// Where the element of each enclosing loop stands, when that is a place in the data.
    places: Vec<Option<Place>>,
    observations: Vec<Observation>,
}

impl<'a> Explainer<'_, 'a, '_> {
    /// Adds the observations on one part, if it is not true.
    fn visit(&mut self, node: &'a Node, machine: &mut Machine<'a, '_>) {
        let outcome = match machine.condition(node) {
            Ok(true) => return,
            Ok(false) => Outcome::False,
            // The steps are used up: what is known by now has to do.
            Err(failure) if failure.reason == Reason::Cost && !self.observations.is_empty() => {
                return;
            }
            Err(failure) => Outcome::Unknown(failure.reason),
        };
        match &node.operation {
            Operation::And(operands) => {
                operands
                    .iter()
                    .for_each(|operand| self.visit(operand, machine));
            }
            Operation::Or(operands) => {
                // `!has(x) || condition`: the condition is what fails.
                let mut open = operands.iter().filter(|operand| !is_absence(operand));
                match (open.next(), open.next()) {
                    (Some(only), None) => self.visit(only, machine),
                    _ => self.observe(node, outcome),
                }
            }
            Operation::Ternary(ternary) => match machine.condition(&ternary.condition) {
                Ok(true) => self.visit(&ternary.then, machine),
                Ok(false) => self.visit(&ternary.otherwise, machine),
                Err(_) => self.visit(&ternary.condition, machine),
            },
            Operation::Loop(each) if each.kind == LoopKind::All => {
                let before = self.observations.len();
                self.visit_elements(each, machine);
                if self.observations.len() == before {
                    self.observe(node, outcome);
                }
            }
            _ => self.observe(node, outcome),
        }
    }

    fn visit_elements(&mut self, each: &'a Loop, machine: &mut Machine<'a, '_>) {
        let Ok(elements) = machine.elements_of(each) else {
            return;
        };
        let range = self.place_of(&each.range);
        let mut shown = 0;
        for (at, element) in elements.enumerate() {
            let step = match &element {
                Element::Document(_) => Some(Step::Item(at)),
                Element::Value(_) => None,
            };
            let place = range.clone().zip(step).map(|(range, step)| Place {
                pointer: extended(&range.pointer, &[step]),
                ..range
            });
            let before = self.observations.len();
            self.places.push(place);
            machine.with_element(element, |machine| self.visit(&each.body, machine));
            self.places.pop();
            shown += usize::from(self.observations.len() > before);
            if shown == ELEMENTS_SHOWN_MAX {
                return;
            }
        }
    }

    fn observe(&mut self, node: &'a Node, outcome: Outcome) {
        if self.observations.len() == OBSERVATIONS_MAX {
            return;
        }
        let mut found = Vec::new();
        self.collect(node, &mut found);
        self.observations.push(Observation {
            span: node.span,
            expected: self
                .text
                .get(node.span.start..node.span.end)
                .unwrap_or_default()
                .to_owned(),
            outcome,
            found,
        });
    }

    /// Adds what the data has at every place `node` reads.
    fn collect(&self, node: &Node, found: &mut Vec<Found>) {
        let extra = match &node.operation {
            Operation::Has { field, .. } => Some(Step::Field(field.clone())),
            Operation::Path(_) => None,
            Operation::Loop(each) => {
                // The elements have no place of their own here: the range stands for them.
                return self.collect(&each.range, found);
            }
            _ => {
                node.below()
                    .into_iter()
                    .for_each(|node| self.collect(node, found));
                return;
            }
        };
        let holder = match &node.operation {
            Operation::Has { operand, .. } => operand,
            _ => node,
        };
        let Some(place) = self.place_of(holder) else {
            if !std::ptr::eq(holder, node) {
                self.collect(holder, found);
            }
            return;
        };
        let steps: Vec<Step> = extra.into_iter().collect();
        let place = Place {
            pointer: extended(&place.pointer, &steps),
            ..place
        };
        let value = self
            .bindings
            .get(&place.variable)
            .and_then(|document| shown_at(document, &place.pointer));
        let observed = Found {
            variable: place.variable,
            pointer: place.pointer,
            value,
        };
        if !found.contains(&observed) {
            found.push(observed);
        }
    }

    fn place_of(&self, node: &Node) -> Option<Place> {
        let Operation::Path(Path { root, steps, .. }) = &node.operation else {
            return None;
        };
        let base = match root {
            Root::Variable(name) => Place {
                variable: name.to_string(),
                pointer: String::new(),
            },
            Root::Element(depth) => self.places.get(*depth)?.clone()?,
        };
        Some(Place {
            pointer: extended(&base.pointer, steps),
            ..base
        })
    }
}

/// Whether a part only asks that something is absent.
fn is_absence(node: &Node) -> bool {
    matches!(&node.operation, Operation::Not(inner) if matches!(inner.operation, Operation::Has { .. }))
}

/// Returns what stands at a place of a document, as it is shown.
fn shown_at(document: Document<'_>, pointer: &str) -> Option<String> {
    let view = match document {
        Document::Json(json) => return json.pointer(pointer).map(rendered),
        Document::Tree(view) => view.pointer(pointer)?,
    };
    Some(match view.kind() {
        // Not copied only to be named by size.
        Kind::List(items) if items.len() > limits::FOUND_BYTES_MAX => a_list_of(items.len()),
        Kind::Map(entries) if entries.len() > limits::FOUND_BYTES_MAX => a_map_of(entries.len()),
        _ => rendered(&view.to_value()),
    })
}

fn a_list_of(items: usize) -> String {
    format!("a list of {items} items")
}

fn a_map_of(fields: usize) -> String {
    format!("an object of {fields} fields")
}

/// Returns a value as JSON of at most `FOUND_BYTES_MAX` bytes. Large containers are named by size
/// instead of being written out only to be cut.
fn rendered(value: &Json) -> String {
    let text = match value {
        Json::Array(items) if items.len() > limits::FOUND_BYTES_MAX => {
            return a_list_of(items.len());
        }
        Json::Object(fields) if fields.len() > limits::FOUND_BYTES_MAX => {
            return a_map_of(fields.len());
        }
        Json::String(text) => {
            let start: String = text.chars().take(limits::FOUND_BYTES_MAX + 1).collect();
            Json::String(start).to_string()
        }
        other => other.to_string(),
    };
    if text.len() <= limits::FOUND_BYTES_MAX {
        return text;
    }
    let room = limits::FOUND_BYTES_MAX - '…'.len_utf8();
    let end = text.floor_char_boundary(room);
    format!("{}…", text.get(..end).unwrap_or_default())
}
