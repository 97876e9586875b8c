//! The macros over lists and map keys: the element gets a name and a type for the body.

use baton_terms::Span;

use super::super::ast::{Ast, Kind};
use super::super::codes;
use super::super::program::{Loop, LoopKind, Node, Operation};
use super::super::types::Type;
use super::{Checked, Checker, faulty};

impl Checker<'_> {
    pub(super) fn check_loop(
        &mut self,
        kind: LoopKind,
        (range, arguments): (&Ast, &[Ast]),
        span: Span,
    ) -> Checked {
        let range_span = range.span;
        let range = self.check(range);
        let (name, filter, body) = match (kind, arguments) {
            (_, [name, body]) => (name, None, body),
            (LoopKind::Map, [name, filter, body]) => (name, Some(filter), body),
            _ => {
                self.error(codes::UNKNOWN_FUNCTION, "wrong number of arguments", span)
                    .expected_found(
                        "a name and an expression".to_owned(),
                        arguments.len().to_string(),
                    );
                return faulty(span);
            }
        };
        let Kind::Name(name) = &name.kind else {
            self.error(codes::SYNTAX, "the element needs a name", name.span)
                .expected_found("a name, such as `item`".to_owned(), String::new());
            return faulty(span);
        };
        let Some((element, items_max)) = element_of(&range.kind) else {
            self.error(
                codes::ARGUMENT_TYPE,
                "there are no elements to go over",
                range_span,
            )
            .expected_found("a list or a map".to_owned(), range.kind.to_string());
            return faulty(span);
        };
        self.elements.push((name.clone(), element.clone()));
        let filter = filter.map(|filter| self.condition(filter));
        let (body, made) = self.body(kind, body);
        self.elements.pop();
        let result = match kind {
            LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne => Type::Bool,
            LoopKind::Filter => Type::List {
                item: Box::new(element),
                items_max,
            },
            LoopKind::Map => Type::List {
                item: Box::new(made),
                items_max,
            },
        };
        let each = Loop {
            kind,
            range: range.node,
            items_max,
            body,
            filter,
        };
        self.done(span, Operation::Loop(Box::new(each)), result)
    }

    fn body(&mut self, kind: LoopKind, body: &Ast) -> (Node, Type) {
        if kind == LoopKind::Map {
            let checked = self.check(body);
            return (checked.node, checked.kind);
        }
        (self.condition(body), Type::Bool)
    }
}

/// Returns the type of the elements of a range, and how many there can be.
fn element_of(range: &Type) -> Option<(Type, Option<u64>)> {
    let mut kinds = Vec::new();
    let mut items_max = Some(0);
    for member in range.members() {
        match member {
            Type::Any => return Some((Type::Any, None)),
            Type::List {
                item,
                items_max: max,
            } => {
                kinds.push(item.as_ref().clone());
                items_max = items_max.zip(*max).map(|(left, right)| left.max(right));
            }
            Type::Map(_) | Type::Object(_) => {
                kinds.push(Type::Text);
                items_max = None;
            }
            _ => {}
        }
    }
    (!kinds.is_empty()).then(|| (Type::union(kinds), items_max))
}
