//! Evaluates a compiled expression on borrowed JSON, with CEL's rules for errors (cel-spec,
//! "Evaluation"): an error is absorbed by `&&`, `||`, `all` and `exists` where the rest decides.
//!
//! Every step and every compared stretch of bytes is counted; at the limit the evaluation ends with
//! an error that nothing absorbs.

mod equality;
mod error;
mod loops;
mod operators;
mod path;

use error::Failure;
pub use error::{EvaluationError, Reason};

use std::borrow::Cow;

use baton_terms::{Span, limits};

use super::bindings::{Bindings, Document};
use super::functions::{self, Function, parse_duration, parse_timestamp};
use super::program::{Node, Operation, Reading};
use super::value::{List, Map, Value};

/// Result of evaluating one node.
pub(super) type Evaluated<'a> = Result<Value<'a>, Failure>;

/// Counts what an evaluation costs.
#[derive(Debug)]
pub(super) struct Meter {
    left: u64,
}

impl Meter {
    /// Counts `steps`.
    pub(super) fn charge(&mut self, steps: u64) -> Result<(), Reason> {
        let left = self.left.checked_sub(steps);
        // Nothing is left after a refusal, so that every later step is refused too.
        self.left = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Reason::Cost)
    }

    /// Counts a step for each of `length` elements.
    pub(super) fn charge_length(&mut self, length: usize) -> Result<(), Reason> {
        self.charge(u64::try_from(length).unwrap_or(u64::MAX))
    }

    /// Counts looking at `bytes`, one step for every 16.
    pub(super) fn charge_bytes(&mut self, bytes: usize) -> Result<(), Reason> {
        self.charge_length(bytes / 16)
    }
}

/// An element of the range of a loop.
#[derive(Debug, Clone)]
pub(super) enum Element<'a> {
    Document(Document<'a>),
    Value(Value<'a>),
}

/// One evaluation under way.
pub(super) struct Machine<'a, 'b> {
    bindings: &'b Bindings<'a>,
    elements: Elements<'a>,
    meter: Meter,
}

/// The elements of the enclosing loops; most conditions have one loop, which takes no allocation.
#[derive(Default)]
struct Elements<'a> {
    outermost: Option<Element<'a>>,
    inner: Vec<Element<'a>>,
}

impl<'a> Elements<'a> {
    #[inline]
    fn push(&mut self, element: Element<'a>) {
        match self.outermost {
            None => self.outermost = Some(element),
            Some(_) => self.inner.push(element),
        }
    }

    #[inline]
    fn pop(&mut self) {
        if self.inner.pop().is_none() {
            self.outermost = None;
        }
    }

    /// Returns the element of the loop this many loops from the outside.
    #[inline]
    fn get(&self, depth: usize) -> Option<&Element<'a>> {
        match depth.checked_sub(1) {
            None => self.outermost.as_ref(),
            Some(depth) => self.inner.get(depth),
        }
    }
}

impl<'a, 'b> Machine<'a, 'b> {
    /// Returns a machine for one evaluation.
    pub(super) fn new(bindings: &'b Bindings<'a>) -> Self {
        Self::with_steps(bindings, limits::EXPRESSION_COST_MAX)
    }

    /// Returns a machine that may take this many steps.
    pub(super) fn with_steps(bindings: &'b Bindings<'a>, steps: u64) -> Self {
        Self {
            bindings,
            elements: Elements::default(),
            meter: Meter { left: steps },
        }
    }

    /// Runs `inner` with `element` as the element of a further loop.
    pub(super) fn with_element<T>(
        &mut self,
        element: Element<'a>,
        inner: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.elements.push(element);
        let result = inner(self);
        self.elements.pop();
        result
    }

    /// Returns the value of `node`.
    pub(super) fn evaluate(&mut self, node: &'a Node) -> Evaluated<'a> {
        self.step(node)?;
        self.carry_out(node)
    }

    /// Returns the truth value of `node`.
    pub(super) fn condition(&mut self, node: &'a Node) -> Result<bool, Failure> {
        self.step(node)?;
        self.decide(node)
    }

    /// Counts the step of carrying out `node`.
    fn step(&mut self, node: &Node) -> Result<(), Failure> {
        self.meter.charge(1).map_err(|reason| reason.at(node.span))
    }

    fn carry_out(&mut self, node: &'a Node) -> Evaluated<'a> {
        match &node.operation {
            Operation::Path(path) => self.path(path, node.span),
            Operation::Constant(constant) => Ok(Value::from_constant(constant)),
            Operation::Index {
                operand,
                index,
                reading,
            } => {
                let operand = self.evaluate(operand)?;
                let index = self.evaluate(index)?;
                element_at(&operand, &index)
                    .and_then(|value| read(value, *reading))
                    .map_err(|reason| reason.at(node.span))
            }
            Operation::Has { operand, field } => self.has(operand, field),
            Operation::Negate(operand) => {
                let value = self.evaluate(operand)?;
                operators::negate(&value).map_err(|reason| reason.at(node.span))
            }
            Operation::Ternary(ternary) => {
                if self.condition(&ternary.condition)? {
                    self.evaluate(&ternary.then)
                } else {
                    self.evaluate(&ternary.otherwise)
                }
            }
            Operation::Binary { operator, .. } if operator.is_relation() => {
                self.decide(node).map(Value::Bool)
            }
            Operation::Binary {
                operator, operands, ..
            } => {
                let left = self.evaluate(&operands.0)?;
                let right = self.evaluate(&operands.1)?;
                operators::arithmetic(*operator, left, right, &mut self.meter)
                    .map_err(|reason| reason.at(node.span))
            }
            Operation::Call {
                function,
                arguments,
            } => self.call(*function, arguments, node.span),
            Operation::Matches { subject, regex } => self.matches(subject, regex),
            Operation::List(items) => {
                let items: Result<Vec<_>, _> =
                    items.iter().map(|item| self.evaluate(item)).collect();
                Ok(Value::List(List::Built(items?.into())))
            }
            Operation::Map(entries) => self.map(entries),
            Operation::Loop(each) => self.run_loop(each),
            Operation::Not(_) | Operation::And(_) | Operation::Or(_) => {
                self.decide(node).map(Value::Bool)
            }
        }
    }

    /// Carries out what gives a truth value by itself, so that conditions inside conditions are
    /// passed up as plain booleans.
    fn decide(&mut self, node: &'a Node) -> Result<bool, Failure> {
        match &node.operation {
            Operation::Not(operand) => self.condition(operand).map(|value| !value),
            Operation::And(operands) => self.logic(operands, false),
            Operation::Or(operands) => self.logic(operands, true),
            Operation::Binary {
                operator,
                operands,
                reading,
            } if operator.is_relation() => {
                let (left, right) = match self.beside_constant(operands)? {
                    Some((document, constant)) => {
                        let decided =
                            operators::at_once(*operator, (document, constant), &mut self.meter);
                        if let Some(decided) = decided.map_err(|reason| reason.at(node.span))? {
                            return Ok(decided);
                        }
                        (
                            Value::from_document(document),
                            Value::from_constant(constant),
                        )
                    }
                    None => (self.evaluate(&operands.0)?, self.evaluate(&operands.1)?),
                };
                operators::relation(*operator, &left, &right, (*reading, &mut self.meter))
                    .map_err(|reason| reason.at(node.span))
            }
            _ => match self.carry_out(node)? {
                Value::Bool(value) => Ok(value),
                other => Err(Reason::mismatch("bool", &other).at(node.span)),
            },
        }
    }

    /// `&&` and `||`: the first operand equal to `decisive` decides, whatever fails beside it.
    fn logic(&mut self, operands: &'a [Node], decisive: bool) -> Result<bool, Failure> {
        let mut error = None;
        for operand in operands {
            match self.condition(operand) {
                Ok(value) if value == decisive => return Ok(decisive),
                Ok(_) => {}
                Err(failure) if failure.reason == Reason::Cost => return Err(failure),
                Err(failure) => error = error.or(Some(failure)),
            }
        }
        error.map_or(Ok(!decisive), Err)
    }

    fn call(&mut self, function: Function, arguments: &'a [Node], span: Span) -> Evaluated<'a> {
        if let Some(count) = self.count_of_filter(function, arguments)? {
            return Ok(count);
        }
        let mut values = arguments.iter();
        let first = values
            .next()
            .map_or(Ok(Value::Null), |argument| self.evaluate(argument))?;
        let second = values
            .next()
            .map(|argument| self.evaluate(argument))
            .transpose()?;
        functions::call(function, first, second, &mut self.meter).map_err(|reason| reason.at(span))
    }

    fn matches(&mut self, subject: &'a Node, regex: &regex::Regex) -> Evaluated<'a> {
        let value = self.evaluate(subject)?;
        let text = functions::text_of(&value).map_err(|reason| reason.at(subject.span))?;
        // Linear in the text, at worst with the pattern's size as a factor.
        let factor = 1 + regex.as_str().len() / 16;
        self.meter
            .charge_bytes(text.len().saturating_mul(factor))
            .map_err(|reason| reason.at(subject.span))?;
        Ok(Value::Bool(regex.is_match(text)))
    }

    fn map(&mut self, entries: &'a [(Node, Node)]) -> Evaluated<'a> {
        let mut built: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
        for (key, value) in entries {
            let name = self.evaluate(key)?;
            let name = functions::text_of(&name).map_err(|reason| reason.at(key.span))?;
            if built.iter().any(|(known, _)| known == name) {
                let reason = Reason::malformed("a key that is not in the map yet", name);
                return Err(reason.at(key.span));
            }
            let value = self.evaluate(value)?;
            built.push((name.clone(), value));
        }
        Ok(Value::Map(Map::Built(built.into())))
    }

    fn has(&mut self, operand: &'a Node, field: &str) -> Evaluated<'a> {
        // The usual case looks the field up without making a value of the operand.
        let value = self.evaluate(operand)?;
        match &value {
            Value::Map(map) => Ok(Value::Bool(map.get(field).is_some())),
            other => Err(Reason::mismatch("map", other).at(operand.span)),
        }
    }
}

fn element_at<'a>(operand: &Value<'a>, index: &Value<'a>) -> Result<Value<'a>, Reason> {
    match (operand, index) {
        (Value::Map(map), Value::Text(key)) => map.get(key).ok_or_else(|| Reason::Missing {
            path: key.to_string(),
        }),
        (Value::List(list), Value::Int(at)) => usize::try_from(*at)
            .ok()
            .and_then(|at| list.get(at))
            .ok_or(Reason::OutOfRange { index: *at }),
        (Value::Map(_), other) => Err(Reason::mismatch("text", other)),
        (Value::List(_), other) => Err(Reason::mismatch("int", other)),
        (other, _) => Err(Reason::mismatch("a list or a map", other)),
    }
}

/// Returns `value` with text taken as the time it spells, where the type says so.
pub(super) fn read(value: Value<'_>, reading: Reading) -> Result<Value<'_>, Reason> {
    match (reading, value) {
        (Reading::Timestamp, Value::Text(text)) => parse_timestamp(&text).map(Value::Timestamp),
        (Reading::Duration, Value::Text(text)) => parse_duration(&text).map(Value::Duration),
        (_, value) => Ok(value),
    }
}
