//! Types of operators. A comparison that cannot come out both ways is a mistake, not a condition.

use baton_terms::Span;

use super::super::ast::{Ast, Operator};
use super::super::codes;
use super::super::program::{Node, Operation, Reading};
use super::super::types::Type;
use super::super::value::Constant;
use super::{Checked, Checker, faulty, reading_of, suggest};

impl Checker<'_> {
    pub(super) fn negate(&mut self, operand: &Ast, span: Span) -> Checked {
        let operand = self.check(operand);
        if !operand.kind.may(|kind| matches!(kind, Type::Int)) {
            self.refuse_operands("-", (&operand.kind, None), span);
            return faulty(span);
        }
        self.done(span, Operation::Negate(Box::new(operand.node)), Type::Int)
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        (left, right): (&Ast, &Ast),
        span: Span,
    ) -> Checked {
        let left = self.check(left);
        let right = self.check(right);
        let mut reading = Reading::Plain;
        let kind = match operator {
            Operator::Equal | Operator::NotEqual => self.equality(operator, (&left, &right), span),
            Operator::In => {
                reading = element_reading(&right.kind);
                self.membership(&left, &right, span)
            }
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => self.ordering(operator, (&left.kind, &right.kind), span),
            _ => self.arithmetic(operator, (&left, &right), span),
        };
        let Some(kind) = kind else {
            return faulty(span);
        };
        let operation = Operation::Binary {
            operator,
            operands: Box::new((left.node, right.node)),
            reading,
        };
        self.done(span, operation, kind)
    }

    fn equality(
        &mut self,
        operator: Operator,
        (left, right): (&Checked, &Checked),
        span: Span,
    ) -> Option<Type> {
        let outcome = if operator == Operator::Equal {
            "never true"
        } else {
            "always true"
        };
        if !left.kind.can_equal(&right.kind) {
            let message = format!("this comparison is {outcome}");
            self.error(codes::NEVER_EQUAL, message, span)
                .expected_found(left.kind.to_string(), right.kind.to_string())
                .hint("compare values of one type");
            return None;
        }
        if left.kind.holds_times() || right.kind.holds_times() {
            self.error(
                codes::UNSUPPORTED,
                "containers with times cannot be compared",
                span,
            )
            .hint("compare the times one by one");
            return None;
        }
        let mistaken = self.refuse_value(&left.kind, &right.node, span)
            || self.refuse_value(&right.kind, &left.node, span);
        (!mistaken).then_some(Type::Bool)
    }

    /// Reports literal text that a value with listed values can never be.
    fn refuse_value(&mut self, kind: &Type, literal: &Node, span: Span) -> bool {
        let Some(Constant::Text(text)) = literal.constant() else {
            return false;
        };
        let mut allowed: Vec<&str> = Vec::new();
        for member in kind.members() {
            match member {
                Type::TextOf(values) => allowed.extend(values.iter().map(String::as_str)),
                Type::Any | Type::Text => return false,
                _ => {}
            }
        }
        if allowed.is_empty() || allowed.contains(&text.as_ref()) {
            return false;
        }
        let span = if literal.span.is_empty() {
            span
        } else {
            literal.span
        };
        self.error(codes::NEVER_EQUAL, "the value can never be this text", span)
            .expected_found(
                suggest::listed(allowed.iter().copied()),
                format!("`{text}`"),
            )
            .hint(suggest::hint(text, allowed.iter().copied()));
        true
    }

    fn membership(&mut self, left: &Checked, right: &Checked, span: Span) -> Option<Type> {
        let mut is_container = false;
        let mut can_hold = false;
        for member in right.kind.members() {
            match member {
                Type::Any => return Some(Type::Bool),
                Type::List { item, .. } => {
                    is_container = true;
                    can_hold |= left.kind.can_equal(item);
                }
                Type::Map(_) => {
                    is_container = true;
                    can_hold |= left.kind.may(Type::is_text);
                }
                Type::Object(object) => {
                    is_container = true;
                    can_hold |= left.kind.may(Type::is_text);
                    if let Some(Constant::Text(key)) = left.node.constant()
                        && !object.fields.contains_key(key.as_ref())
                    {
                        let names = || object.fields.keys().map(String::as_str);
                        let expected = suggest::listed(names());
                        let hint = suggest::hint(key, names());
                        self.error(codes::UNKNOWN_FIELD, "unknown field", left.node.span)
                            .expected_found(expected, format!("`{key}`"))
                            .hint(hint);
                        return None;
                    }
                }
                _ => {}
            }
        }
        if !is_container {
            self.error(
                codes::OPERATOR_TYPE,
                "`in` needs something to look in",
                span,
            )
            .expected_found("a list or a map".to_owned(), right.kind.to_string());
            return None;
        }
        if !can_hold {
            self.error(codes::NEVER_EQUAL, "this comparison is never true", span)
                .expected_found(left.kind.to_string(), right.kind.to_string());
            return None;
        }
        Some(Type::Bool).filter(|_| !self.refuse_items(left, right, span))
    }

    /// Reports each literal of a list that the value looked for can never be.
    fn refuse_items(&mut self, left: &Checked, right: &Checked, span: Span) -> bool {
        let Some(Constant::List(items)) = right.node.constant() else {
            return false;
        };
        let items: Vec<Constant> = items.to_vec();
        let mut refused = false;
        for item in items {
            let literal = Node {
                span: Span::default(),
                operation: Operation::Constant(item),
            };
            refused |= self.refuse_value(&left.kind, &literal, span);
        }
        refused
    }

    fn ordering(
        &mut self,
        operator: Operator,
        (left, right): (&Type, &Type),
        span: Span,
    ) -> Option<Type> {
        let ordered = |left: &Type, right: &Type| match (left, right) {
            (Type::Any, other) | (other, Type::Any) => !matches!(
                other,
                Type::Null | Type::List { .. } | Type::Map(_) | Type::Object(_)
            ),
            (Type::Bool, Type::Bool)
            | (Type::Timestamp, Type::Timestamp)
            | (Type::Duration, Type::Duration) => true,
            (left, right) => {
                (left.is_number() && right.is_number()) || (left.is_text() && right.is_text())
            }
        };
        let fits = left
            .members()
            .iter()
            .any(|left| right.members().iter().any(|right| ordered(left, right)));
        if !fits {
            self.refuse_operands(operator.symbol(), (left, Some(right)), span);
        }
        fits.then_some(Type::Bool)
    }

    fn arithmetic(
        &mut self,
        operator: Operator,
        (left, right): (&Checked, &Checked),
        span: Span,
    ) -> Option<Type> {
        let kinds: Vec<Type> = left
            .kind
            .members()
            .iter()
            .flat_map(|left| {
                let members = right.kind.members().iter();
                members.filter_map(move |right| result(operator, left, right))
            })
            .collect();
        if kinds.is_empty() {
            let kinds = (&left.kind, Some(&right.kind));
            self.refuse_operands(operator.symbol(), kinds, span);
            return None;
        }
        let divides = matches!(operator, Operator::Divide | Operator::Remainder);
        if divides && matches!(right.node.constant(), Some(Constant::Int(0))) {
            self.error(codes::ALWAYS_FAILS, "division by zero", right.node.span);
            return None;
        }
        Some(Type::union(kinds))
    }

    fn refuse_operands(&mut self, symbol: &str, kinds: (&Type, Option<&Type>), span: Span) {
        let (left, right) = kinds;
        let has_double = |kind: &Type| {
            kind.members()
                .iter()
                .any(|kind| matches!(kind, Type::Double))
        };
        let is_arithmetic = matches!(symbol, "+" | "-" | "*" | "/" | "%");
        if is_arithmetic && (has_double(left) || right.is_some_and(has_double)) {
            self.error(codes::FLOAT_ARITHMETIC, "arithmetic on a double", span)
                .expected_found("whole numbers".to_owned(), "double".to_owned())
                .hint("declare the field as `integer` in a small unit, such as cents or basis points; comparing doubles is exact and allowed");
            return;
        }
        let found = match right {
            Some(right) => format!("{left} {symbol} {right}"),
            None => format!("{symbol}{left}"),
        };
        let message = format!("`{symbol}` does not take these types");
        self.error(codes::OPERATOR_TYPE, message, span).found(found);
    }
}

/// Returns the type of an arithmetic operation on two single types, if it has one.
fn result(operator: Operator, left: &Type, right: &Type) -> Option<Type> {
    use Operator::{Add, Subtract};
    let computable = |kind: &Type| {
        kind.is_text()
            || matches!(
                kind,
                Type::Any | Type::Int | Type::Timestamp | Type::Duration | Type::List { .. }
            )
    };
    match (operator, left, right) {
        (_, Type::Int, Type::Int) => Some(Type::Int),
        (_, Type::Any, other) | (_, other, Type::Any) => computable(other).then_some(Type::Any),
        (Add, left, right) if left.is_text() && right.is_text() => Some(Type::Text),
        (Add, Type::List { item: left, .. }, Type::List { item: right, .. }) => {
            Some(Type::list(Type::union([
                left.as_ref().clone(),
                right.as_ref().clone(),
            ])))
        }
        (Add | Subtract, Type::Timestamp, Type::Duration)
        | (Add, Type::Duration, Type::Timestamp) => Some(Type::Timestamp),
        (Add | Subtract, Type::Duration, Type::Duration)
        | (Subtract, Type::Timestamp, Type::Timestamp) => Some(Type::Duration),
        _ => None,
    }
}

fn element_reading(kind: &Type) -> Reading {
    let mut items = kind.members().iter().filter_map(|member| match member {
        Type::List { item, .. } => Some(reading_of(item)),
        _ => None,
    });
    items.next().unwrap_or(Reading::Plain)
}
