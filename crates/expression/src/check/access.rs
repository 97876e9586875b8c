//! Names, fields and indexes: what the data declares, and the access paths that come of it.

use baton_terms::{Diagnostic, Span};

use super::super::ast::{Ast, Kind, Literal};
use super::super::codes;
use super::super::program::{Node, Operation, Path, Root, Step};
use super::super::types::Type;
use super::super::value::Constant;
use super::{Checked, Checker, faulty, guards, reading_of, suggest};

/// What is known of a field.
struct Found {
    kind: Type,
    required: bool,
}

impl Checker<'_> {
    pub(super) fn name(&mut self, name: &str, span: Span) -> Checked {
        let element = self
            .elements
            .iter()
            .enumerate()
            .rev()
            .find(|(_, (known, _))| known == name);
        let (root, kind) = match (element, self.scope.variable(name)) {
            (Some((depth, (_, kind))), _) => (Root::Element(depth), kind.clone()),
            (None, Some(kind)) => (Root::Variable(name.into()), kind.clone()),
            (None, None) => {
                let elements = self.elements.iter().map(|(name, _)| name.as_str());
                let names: Vec<_> = self.scope.names().chain(elements).collect();
                let expected = suggest::listed(names.iter().copied());
                let hint = suggest::hint(name, names.iter().copied());
                self.error(codes::UNKNOWN_VARIABLE, "unknown variable", span)
                    .expected_found(expected, format!("`{name}`"))
                    .hint(hint);
                return faulty(span);
            }
        };
        let path = Path {
            root,
            steps: Vec::new(),
            reading: reading_of(&kind),
        };
        Checked {
            node: Node {
                span,
                operation: Operation::Path(path),
            },
            kind,
        }
    }

    pub(super) fn select(
        &mut self,
        tree: &Ast,
        operand: &Ast,
        (field, field_span): (&str, Span),
    ) -> Checked {
        let operand = self.check(operand);
        let Some(found) = self.field(&operand.kind, field, field_span) else {
            return faulty(tree.span);
        };
        self.warn_unguarded(tree, found.required);
        self.step(
            operand.node,
            (Step::Field(field.into()), found.kind),
            tree.span,
        )
    }

    /// `has(a.b)`: the field has to be declared, and that it is optional is the point.
    pub(super) fn has(&mut self, argument: Option<&Ast>, span: Span) -> Checked {
        let Some(Kind::Select {
            operand,
            field,
            field_span,
        }) = argument.map(|argument| &argument.kind)
        else {
            self.error(codes::ARGUMENT_TYPE, "has() asks for a field", span)
                .expected_found("a field such as `package.owner`".to_owned(), String::new())
                .hint("for a key that is no name write `\"key\" in map`");
            return faulty(span);
        };
        let operand = self.check(operand);
        if self.field(&operand.kind, field, *field_span).is_none() {
            return faulty(span);
        }
        let operation = Operation::Has {
            operand: Box::new(operand.node),
            field: field.as_str().into(),
        };
        self.done(span, operation, Type::Bool)
    }

    pub(super) fn index(&mut self, tree: &Ast, operand: &Ast, index: &Ast) -> Checked {
        let operand = self.check(operand);
        if let Kind::Literal(Literal::Text(key)) = &index.kind {
            let Some(found) = self.field(&operand.kind, key, index.span) else {
                return faulty(tree.span);
            };
            self.warn_unguarded(tree, found.required);
            let step = Step::Field(key.as_str().into());
            return self.step(operand.node, (step, found.kind), tree.span);
        }
        let index_span = index.span;
        let index = self.check(index);
        let Some(kind) = self.element(&operand.kind, &index.kind, (tree.span, index_span)) else {
            return faulty(tree.span);
        };
        let position = match index.node.constant() {
            Some(Constant::Int(at)) => usize::try_from(*at).ok(),
            _ => None,
        };
        if let Some(at) = position
            && matches!(operand.node.operation, Operation::Path(_))
        {
            return self.step(operand.node, (Step::Item(at), kind), tree.span);
        }
        let operation = Operation::Index {
            operand: Box::new(operand.node),
            index: Box::new(index.node),
            reading: reading_of(&kind),
        };
        self.done(tree.span, operation, kind)
    }

    /// Returns the type of an element found by a computed index.
    fn element(&mut self, operand: &Type, index: &Type, spans: (Span, Span)) -> Option<Type> {
        let mut kinds = Vec::new();
        let mut wanted = None;
        for member in operand.members() {
            let (kind, key) = match member {
                Type::Any => (Type::Any, Type::Any),
                Type::List { item, .. } => (item.as_ref().clone(), Type::Int),
                Type::Map(value) => (value.as_ref().clone(), Type::Text),
                Type::Object(_) => (Type::Any, Type::Text),
                _ => continue,
            };
            if index.fits(&key) {
                kinds.push(kind);
            } else {
                wanted = Some(key);
            }
        }
        if !kinds.is_empty() {
            return Some(Type::union(kinds));
        }
        match wanted {
            Some(key) => self
                .error(codes::OPERATOR_TYPE, "wrong type of index", spans.1)
                .expected_found(key.to_string(), index.to_string()),
            None => self
                .error(codes::OPERATOR_TYPE, "value has no elements", spans.0)
                .expected_found("a list or a map".to_owned(), operand.to_string()),
        };
        None
    }

    /// Returns what is declared of `field`, or reports that nothing is.
    fn field(&mut self, kind: &Type, field: &str, span: Span) -> Option<Found> {
        let mut kinds = Vec::new();
        let mut required = true;
        let mut has_fields = false;
        let mut names: Vec<&str> = Vec::new();
        for member in kind.members() {
            match member {
                Type::Any => kinds.push(Type::Any),
                Type::Map(value) => kinds.push(value.as_ref().clone()),
                Type::Object(object) => {
                    has_fields = true;
                    names.extend(object.fields.keys().map(String::as_str));
                    match object.fields.get(field) {
                        Some(found) => {
                            kinds.push(found.kind.clone());
                            required &= found.required;
                        }
                        None => required = false,
                    }
                }
                _ => {}
            }
        }
        if !kinds.is_empty() {
            let kind = Type::union(kinds);
            return Some(Found { kind, required });
        }
        if has_fields {
            let expected = suggest::listed(names.iter().copied());
            let hint = suggest::hint(field, names.iter().copied());
            self.error(codes::UNKNOWN_FIELD, "unknown field", span)
                .expected_found(expected, format!("`{field}`"))
                .hint(hint);
        } else {
            self.error(codes::OPERATOR_TYPE, "value has no fields", span)
                .expected_found("a map".to_owned(), kind.to_string());
        }
        None
    }

    fn warn_unguarded(&mut self, tree: &Ast, required: bool) {
        let Some(chain) = tree.chain().filter(|_| !required) else {
            return;
        };
        let key = guards::key(&chain);
        if self.guards.contains(&key) || !self.warned.insert(key) {
            return;
        }
        let name = chain.last().copied().unwrap_or_default();
        self.diagnostics.push(
            Diagnostic::warning(codes::UNGUARDED, format!("`{name}` may be absent"))
                .at(tree.span)
                .found("a field that is not required")
                .hint(format!(
                    "without it the result is unknown; require it in the schema, or ask first: `has({}) && …`",
                    spelled(&chain)
                )),
        );
    }

    /// Returns `operand` with one more step, as a path where it is one.
    fn step(&mut self, operand: Node, (step, kind): (Step, Type), span: Span) -> Checked {
        let reading = reading_of(&kind);
        let operation = match operand.operation {
            Operation::Path(mut path) => {
                path.steps.push(step);
                path.reading = reading;
                Operation::Path(path)
            }
            _ => {
                let key = match step {
                    Step::Field(name) => Constant::Text(name),
                    Step::Item(at) => Constant::Int(i64::try_from(at).unwrap_or(i64::MAX)),
                };
                let index = Node {
                    span,
                    operation: Operation::Constant(key),
                };
                Operation::Index {
                    operand: Box::new(operand),
                    index: Box::new(index),
                    reading,
                }
            }
        };
        self.done(span, operation, kind)
    }
}

/// Spells a path as an expression reads it: a step that is no name stands in brackets.
fn spelled(chain: &[&str]) -> String {
    let is_name = |step: &str| {
        !step.starts_with(|c: char| c.is_ascii_digit())
            && step.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut text = String::new();
    for (at, step) in chain.iter().enumerate() {
        if !is_name(step) {
            let quoted = step.replace('\\', "\\\\").replace('"', "\\\"");
            text.extend(["[\"", &quoted, "\"]"]);
            continue;
        }
        if at > 0 {
            text.push('.');
        }
        text.push_str(step);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_spelled_so_that_they_can_be_copied() {
        for (chain, expected) in [
            (vec!["package", "owner"], "package.owner"),
            (
                vec!["evidence", "usability-test", "result"],
                "evidence[\"usability-test\"].result",
            ),
            (vec!["package", "2nd"], "package[\"2nd\"]"),
        ] {
            assert_eq!(spelled(&chain), expected);
        }
    }
}
