//! The compiled form: operations over access paths, constants and regexes, ready to evaluate.

use baton_terms::Span;

use super::ast::Operator;
use super::functions::Function;
use super::value::Constant;

/// One operation and the text it came from.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) operation: Operation,
}

/// What a node does.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Constant(Constant),
    Path(Path),
    /// A field or element of a computed value.
    Index {
        operand: Box<Node>,
        index: Box<Node>,
        reading: Reading,
    },
    /// Whether the field is there.
    Has {
        operand: Box<Node>,
        field: Box<str>,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Ternary(Box<Ternary>),
    Binary {
        operator: Operator,
        operands: Box<(Node, Node)>,
        /// How list elements are read for `in`.
        reading: Reading,
    },
    Call {
        function: Function,
        arguments: Box<[Node]>,
    },
    Matches {
        subject: Box<Node>,
        regex: Box<regex::Regex>,
    },
    List(Box<[Node]>),
    Map(Box<[(Node, Node)]>),
    Loop(Box<Loop>),
}

/// A condition and its two branches.
#[derive(Debug, Clone)]
pub(super) struct Ternary {
    pub(super) condition: Node,
    pub(super) then: Node,
    pub(super) otherwise: Node,
}

/// An access path from a variable or an element down through fields and indexes.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) root: Root,
    pub(super) steps: Vec<Step>,
    pub(super) reading: Reading,
}

/// Where a path starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Root {
    Variable(Box<str>),
    /// The element of the enclosing loop this many loops from the outside, from 0.
    Element(usize),
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Field(Box<str>),
    Item(usize),
}

/// How JSON text at the end of a path is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Plain,
    Timestamp,
    Duration,
}

/// The macros over lists and map keys (cel-spec, "Macros").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoopKind {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
}

/// A loop over the elements of a range.
#[derive(Debug, Clone)]
pub(super) struct Loop {
    pub(super) kind: LoopKind,
    pub(super) range: Node,
    /// Most elements the range can have, when bounded.
    pub(super) items_max: Option<u64>,
    /// The condition of the element, or for `map` the value made of it.
    pub(super) body: Node,
    /// For `map` with three arguments, the elements to keep.
    pub(super) filter: Option<Node>,
}

impl Node {
    /// Returns the constant of a folded node.
    pub(super) fn constant(&self) -> Option<&Constant> {
        match &self.operation {
            Operation::Constant(constant) => Some(constant),
            _ => None,
        }
    }

    /// Returns the nodes directly below, in the order of the text.
    pub(super) fn below(&self) -> Vec<&Self> {
        match &self.operation {
            Operation::Constant(_) | Operation::Path(_) => Vec::new(),
            Operation::Index { operand, index, .. } => vec![operand, index],
            Operation::Has { operand, .. }
            | Operation::Not(operand)
            | Operation::Negate(operand)
            | Operation::Matches {
                subject: operand, ..
            } => vec![operand],
            Operation::And(nodes) | Operation::Or(nodes) | Operation::List(nodes) => {
                nodes.iter().collect()
            }
            Operation::Call { arguments, .. } => arguments.iter().collect(),
            Operation::Ternary(ternary) => {
                vec![&ternary.condition, &ternary.then, &ternary.otherwise]
            }
            Operation::Binary { operands, .. } => vec![&operands.0, &operands.1],
            Operation::Map(entries) => entries.iter().flat_map(|(k, v)| [k, v]).collect(),
            Operation::Loop(each) => {
                let filter = each.filter.as_ref();
                [&each.range]
                    .into_iter()
                    .chain(filter)
                    .chain([&each.body])
                    .collect()
            }
        }
    }
}
