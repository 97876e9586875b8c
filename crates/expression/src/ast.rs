//! The syntax tree of an expression, every node with its byte span and its height.
//!
//! Chains of `&&` and `||` are flat lists: they are the common long shape, they need no depth, and
//! `explain` reports their operands one by one.

use baton_terms::Span;

/// One node of the syntax tree.
#[derive(Debug, Clone)]
pub(super) struct Ast {
    pub(super) span: Span,
    /// Levels of nodes from here down, 1 for a leaf; the parser bounds it.
    pub(super) height: usize,
    pub(super) kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Literal(Literal),
    Name(String),
    Select {
        operand: Box<Ast>,
        field: String,
        field_span: Span,
    },
    Index {
        operand: Box<Ast>,
        index: Box<Ast>,
    },
    Call(Box<Call>),
    List(Vec<Ast>),
    Map(Vec<(Ast, Ast)>),
    Not(Box<Ast>),
    Negate(Box<Ast>),
    And(Vec<Ast>),
    Or(Vec<Ast>),
    Binary {
        operator: Operator,
        left: Box<Ast>,
        right: Box<Ast>,
    },
    Ternary {
        condition: Box<Ast>,
        then: Box<Ast>,
        otherwise: Box<Ast>,
    },
}

/// A call of a function or macro.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) name_span: Span,
    /// What stands before the dot.
    pub(super) target: Option<Ast>,
    pub(super) arguments: Vec<Ast>,
}

/// A literal value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
}

/// A binary operator other than `&&` and `||`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Operator {
    /// Returns whether it compares its operands, so that its value is a truth value.
    pub(super) fn is_relation(self) -> bool {
        !matches!(
            self,
            Self::Add | Self::Subtract | Self::Multiply | Self::Divide | Self::Remainder
        )
    }

    /// Returns the operator as it is written.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

impl Call {
    /// Returns the target, if there is one, and the arguments.
    pub(super) fn operands(&self) -> Vec<&Ast> {
        self.target.iter().chain(&self.arguments).collect()
    }
}

impl Ast {
    /// Returns a node one level above the highest of `below`.
    pub(super) fn over(span: Span, below: usize, kind: Kind) -> Self {
        Self {
            span,
            height: below + 1,
            kind,
        }
    }

    /// Returns the chain of names this node spells, such as `package`, `stories`, when it spells
    /// one: a name with field selections or literal text indexes on it.
    pub(super) fn chain(&self) -> Option<Vec<&str>> {
        let mut names = Vec::new();
        let mut node = self;
        loop {
            match &node.kind {
                Kind::Name(name) => {
                    names.push(name.as_str());
                    names.reverse();
                    return Some(names);
                }
                Kind::Select { operand, field, .. } => {
                    names.push(field);
                    node = operand;
                }
                Kind::Index { operand, index } => {
                    let Kind::Literal(Literal::Text(key)) = &index.kind else {
                        return None;
                    };
                    names.push(key);
                    node = operand;
                }
                _ => return None,
            }
        }
    }
}
