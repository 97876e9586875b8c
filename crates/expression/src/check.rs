//! Checks a syntax tree against a scope and compiles it, in one walk: every node gets a type, every
//! problem a diagnostic, and the walk goes on after each so that all are reported.

mod access;
mod calls;
mod guards;
mod macros;
mod operators;
mod suggest;

use std::collections::BTreeSet;

use baton_terms::{Code, Diagnostic, Level, Span};

use super::ast::{Ast, Kind, Literal};
use super::bindings::Bindings;
use super::evaluate::Machine;
use super::program::{Node, Operation, Reading, Ternary};
use super::scope::Scope;
use super::types::Type;
use super::value::Constant;
use super::{codes, cost};

/// A compiled node and the type of its value.
pub(super) struct Checked {
    pub(super) node: Node,
    pub(super) kind: Type,
}

/// Returns the compiled expression, if it has no error, and all diagnostics.
pub(super) fn check(tree: &Ast, scope: &Scope, expected: &Type) -> (Option<Node>, Vec<Diagnostic>) {
    let mut checker = Checker {
        scope,
        diagnostics: Vec::new(),
        elements: Vec::new(),
        guards: scope.established().clone(),
        warned: BTreeSet::new(),
    };
    let root = checker.check(tree);
    checker.check_whole(&root, expected);
    let mut diagnostics = checker.diagnostics;
    diagnostics.sort_by_key(|diagnostic| (diagnostic.place.span, diagnostic.code));
    diagnostics.dedup();
    let failed = diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error);
    ((!failed).then_some(root.node), diagnostics)
}

/// Returns the chains whose presence a true value of `tree` proves.
pub(super) fn established(tree: &Ast) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    guards::facts(tree, guards::Truth::Yes, &mut facts);
    facts
}

struct Checker<'s> {
    scope: &'s Scope,
    diagnostics: Vec<Diagnostic>,
    /// Name and type of the element of each enclosing loop.
    elements: Vec<(String, Type)>,
    guards: BTreeSet<String>,
    warned: BTreeSet<String>,
}

impl Checker<'_> {
    fn check(&mut self, tree: &Ast) -> Checked {
        let span = tree.span;
        match &tree.kind {
            Kind::Literal(literal) => literal_node(literal, span),
            Kind::Name(name) => self.name(name, span),
            Kind::Select {
                operand,
                field,
                field_span,
            } => self.select(tree, operand, (field, *field_span)),
            Kind::Index { operand, index } => self.index(tree, operand, index),
            Kind::Call(call) => self.call(call, span),
            Kind::List(items) => self.list(items, span),
            Kind::Map(entries) => self.map(entries, span),
            Kind::Not(operand) => {
                let operand = self.condition(operand);
                self.done(span, Operation::Not(Box::new(operand)), Type::Bool)
            }
            Kind::Negate(operand) => self.negate(operand, span),
            Kind::And(operands) => self.logic(operands, guards::Truth::Yes, span),
            Kind::Or(operands) => self.logic(operands, guards::Truth::No, span),
            Kind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, (left, right), span),
            Kind::Ternary {
                condition,
                then,
                otherwise,
            } => self.ternary(condition, (then, otherwise), span),
        }
    }

    /// What can only be said of the whole: its type, its cost, whether it depends on anything.
    fn check_whole(&mut self, checked: &Checked, expected: &Type) {
        let Checked { node, kind } = checked;
        if !kind.fits(expected) {
            self.error(codes::RESULT_TYPE, "wrong type of result", node.span)
                .expected_found(expected.to_string(), kind.to_string());
        }
        if self.has_errors() {
            return;
        }
        if cost::estimate(node) > baton_terms::limits::EXPRESSION_COST_MAX {
            let limit = baton_terms::limits::EXPRESSION_COST_MAX;
            let found = cost::estimate(node);
            self.error(codes::TOO_COSTLY, "expression costs too much", node.span)
                .expected_found(
                    format!("at most {limit} steps"),
                    format!("{found} steps when all lists are full"),
                )
                .hint("lower `maxItems` in the schema, or split nested loops");
        }
        if node.constant().is_some() {
            self.warn_constant(node);
        }
    }

    fn warn_constant(&mut self, node: &Node) {
        let value = match node.constant() {
            Some(Constant::Bool(value)) => format!("always {value}"),
            _ => "always the same".to_owned(),
        };
        self.diagnostics.push(
            Diagnostic::warning(codes::CONSTANT, format!("the value is {value}"))
                .at(node.span)
                .hint("read something from the data, or leave this part out"),
        );
    }

    fn condition(&mut self, tree: &Ast) -> Node {
        let checked = self.check(tree);
        if !checked.kind.fits(&Type::Bool) {
            self.error(codes::OPERATOR_TYPE, "not a condition", tree.span)
                .expected_found("bool".to_owned(), checked.kind.to_string());
        }
        checked.node
    }

    fn logic(&mut self, operands: &[Ast], truth: guards::Truth, span: Span) -> Checked {
        let nodes: Vec<Node> = operands
            .iter()
            .enumerate()
            .map(|(at, operand)| {
                // What the other operands prove may be relied on here: where they do not hold,
                // the value of this one does not matter.
                let others = operands
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != at);
                let mut facts = BTreeSet::new();
                others.for_each(|(_, other)| guards::facts(other, truth, &mut facts));
                let node = self.guarded(facts, |checker| checker.condition(operand));
                if node.constant().is_some() && !self.has_errors() {
                    self.warn_constant(&node);
                }
                node
            })
            .collect();
        let operation = match truth {
            guards::Truth::Yes => Operation::And(nodes.into()),
            guards::Truth::No => Operation::Or(nodes.into()),
        };
        self.done(span, operation, Type::Bool)
    }

    fn ternary(&mut self, tree: &Ast, (then, otherwise): (&Ast, &Ast), span: Span) -> Checked {
        let condition = self.condition(tree);
        let mut branch = |branch, truth| {
            let mut facts = BTreeSet::new();
            guards::facts(tree, truth, &mut facts);
            self.guarded(facts, |checker| checker.check(branch))
        };
        let then = branch(then, guards::Truth::Yes);
        let otherwise = branch(otherwise, guards::Truth::No);
        let kind = Type::union([then.kind, otherwise.kind]);
        let ternary = Ternary {
            condition,
            then: then.node,
            otherwise: otherwise.node,
        };
        self.done(span, Operation::Ternary(Box::new(ternary)), kind)
    }

    fn list(&mut self, items: &[Ast], span: Span) -> Checked {
        let items: Vec<Checked> = items.iter().map(|item| self.check(item)).collect();
        let item = Type::union(items.iter().map(|item| item.kind.clone()));
        let kind = Type::List {
            item: Box::new(item),
            items_max: u64::try_from(items.len()).ok(),
        };
        let nodes = items.into_iter().map(|item| item.node).collect();
        self.done(span, Operation::List(nodes), kind)
    }

    fn map(&mut self, entries: &[(Ast, Ast)], span: Span) -> Checked {
        let mut nodes = Vec::new();
        let mut kinds = Vec::new();
        let mut known: Vec<&str> = Vec::new();
        let mut has_text_keys = true;
        for (key, value) in entries {
            let key_span = key.span;
            if let Kind::Literal(Literal::Text(name)) = &key.kind {
                if known.contains(&name.as_str()) {
                    self.error(codes::DUPLICATE_KEY, "key is in the map twice", key_span)
                        .found(format!("`{name}`"));
                }
                known.push(name);
            }
            let key = self.check(key);
            if !key.kind.may(Type::is_text) {
                has_text_keys = false;
                self.error(codes::UNSUPPORTED, "map keys other than text", key_span)
                    .expected_found("text".to_owned(), key.kind.to_string());
            }
            let value = self.check(value);
            kinds.push(value.kind);
            nodes.push((key.node, value.node));
        }
        if !has_text_keys {
            return faulty(span);
        }
        let kind = Type::map(Type::union(kinds));
        self.done(span, Operation::Map(nodes.into()), kind)
    }

    /// Runs `inner` with further chains taken as present.
    fn guarded<T>(&mut self, facts: BTreeSet<String>, inner: impl FnOnce(&mut Self) -> T) -> T {
        if facts.is_empty() {
            return inner(self);
        }
        let before = self.guards.clone();
        self.guards.extend(facts);
        let result = inner(self);
        self.guards = before;
        result
    }

    fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.level == Level::Error)
    }

    fn error(&mut self, code: Code, message: impl Into<String>, span: Span) -> Draft<'_> {
        Draft {
            diagnostics: &mut self.diagnostics,
            draft: Some(Diagnostic::error(code, message).at(span)),
        }
    }

    /// Returns the node, folded when it depends on no data. Nothing is folded once there is an
    /// error, because the nodes of faulty parts are stand-ins.
    fn done(&mut self, span: Span, operation: Operation, kind: Type) -> Checked {
        let node = Node { span, operation };
        let below = node.below();
        let is_leaf = matches!(node.operation, Operation::Constant(_) | Operation::Path(_));
        let folds = !is_leaf && below.iter().all(|node| node.constant().is_some());
        if !folds || self.has_errors() {
            return Checked { node, kind };
        }
        let bindings = Bindings::new();
        let outcome = Machine::new(&bindings)
            .evaluate(&node)
            .map(|value| value.to_constant());
        match outcome {
            Ok(constant) => Checked {
                node: Node {
                    span,
                    operation: Operation::Constant(constant),
                },
                kind,
            },
            Err(failure) => {
                let message = format!("this part always fails: {}", failure.reason);
                self.error(codes::ALWAYS_FAILS, message, span);
                Checked { node, kind }
            }
        }
    }
}

/// A diagnostic that is reported when its details are said.
struct Draft<'d> {
    diagnostics: &'d mut Vec<Diagnostic>,
    draft: Option<Diagnostic>,
}

impl Draft<'_> {
    fn edit(mut self, change: impl FnOnce(Diagnostic) -> Diagnostic) -> Self {
        self.draft = self.draft.take().map(change);
        self
    }

    fn expected_found(self, expected: String, found: String) -> Self {
        self.edit(|draft| draft.expected(expected).found(found))
    }

    fn found(self, found: String) -> Self {
        self.edit(|draft| draft.found(found))
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        self.edit(|draft| draft.hint(hint))
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        self.diagnostics.extend(self.draft.take());
    }
}

/// Returns the stand-in for a part with an error; `any` keeps it from causing further ones.
fn faulty(span: Span) -> Checked {
    Checked {
        node: Node {
            span,
            operation: Operation::Constant(Constant::Null),
        },
        kind: Type::Any,
    }
}

fn literal_node(literal: &Literal, span: Span) -> Checked {
    let (constant, kind) = match literal {
        Literal::Null => (Constant::Null, Type::Null),
        Literal::Bool(value) => (Constant::Bool(*value), Type::Bool),
        Literal::Int(value) => (Constant::Int(*value), Type::Int),
        Literal::Double(value) => (Constant::Double(*value), Type::Double),
        Literal::Text(text) => (Constant::Text(text.as_str().into()), Type::Text),
    };
    Checked {
        node: Node {
            span,
            operation: Operation::Constant(constant),
        },
        kind,
    }
}

/// Returns how a value of this type is read where documents have text.
fn reading_of(kind: &Type) -> Reading {
    let members = kind.members();
    if members.contains(&Type::Timestamp) {
        Reading::Timestamp
    } else if members.contains(&Type::Duration) {
        Reading::Duration
    } else {
        Reading::Plain
    }
}
