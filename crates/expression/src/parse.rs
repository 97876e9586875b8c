//! Precedence-climbing parser for the CEL grammar (cel-spec, "Syntax"), with two bounds checked on
//! the way: recursion of the parser itself, and height of the tree it builds.
//!
//! Why not the parser of the `cel` crate: see `docs/adr/0003-own-expression-parser.md`.

use baton_terms::{Diagnostic, Span, limits};

use super::ast::{Ast, Call, Kind, Literal, Operator};
use super::codes;
use super::lexer::{Token, TokenKind, tokens};

/// Returns the syntax tree of `text`.
///
/// # Errors
/// All lexical problems, or else the first problem of the grammar.
pub(super) fn parse(text: &str) -> Result<Ast, Vec<Diagnostic>> {
    if text.len() > limits::EXPRESSION_BYTES_MAX {
        let found = format!("{} bytes", text.len());
        return Err(vec![
            Diagnostic::error(codes::TOO_LONG, "expression is too long")
                .at(Span::new(0, text.len()))
                .expected(format!("at most {} bytes", limits::EXPRESSION_BYTES_MAX))
                .found(found)
                .hint("split the expression over several clauses"),
        ]);
    }
    let (tokens, diagnostics) = tokens(text);
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
    };
    let tree = parser.expression().and_then(|tree| {
        if parser.peek() == &TokenKind::End {
            Ok(tree)
        } else {
            Err(parser.unexpected("an operator or the end of the expression"))
        }
    });
    tree.map_err(|problem| vec![*problem])
}

/// Reserved by the grammar (cel-spec, `RESERVED`), except `package`, which is Baton's variable.
const RESERVED: [&str; 16] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Never names (cel-spec, `KEYWORD`).
const KEYWORDS: [&str; 4] = ["false", "in", "null", "true"];

type Parsed<T> = Result<T, Box<Diagnostic>>;

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at).or(self.tokens.last())
    }

    fn peek(&self) -> &TokenKind {
        self.token().map_or(&TokenKind::End, |token| &token.kind)
    }

    fn span(&self) -> Span {
        self.token().map_or(Span::default(), |token| token.span)
    }

    fn is_at(&self, symbol: &str) -> bool {
        matches!(self.peek(), TokenKind::Symbol(found) if *found == symbol)
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.is_at(symbol);
        if found {
            self.at += 1;
        }
        found
    }

    /// End of the token before the current one.
    fn end(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|before| self.tokens.get(before))
            .map_or(0, |token| token.span.end)
    }

    fn require(&mut self, symbol: &str) -> Parsed<()> {
        if self.take(symbol) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{symbol}`")))
        }
    }

    fn unexpected(&self, expected: &str) -> Box<Diagnostic> {
        let (message, found) = match self.peek() {
            TokenKind::End => ("expression ends too early", "the end".to_owned()),
            TokenKind::Name(name) | TokenKind::QuotedName(name) => {
                ("unexpected name", format!("`{name}`"))
            }
            TokenKind::Symbol(symbol) => ("unexpected symbol", format!("`{symbol}`")),
            TokenKind::Text(_) => ("unexpected text", "a text literal".to_owned()),
            TokenKind::Int(_) | TokenKind::Double(_) => {
                ("unexpected number", "a number".to_owned())
            }
        };
        let hint = match self.peek() {
            TokenKind::Symbol("=") => "write `==` to compare",
            TokenKind::Name(name) if name == "and" => "write `&&`",
            TokenKind::Name(name) if name == "or" => "write `||`",
            TokenKind::Name(name) if name == "not" => "write `!`",
            _ => "",
        };
        Box::new(
            Diagnostic::error(codes::SYNTAX, message)
                .at(self.span())
                .expected(expected)
                .found(found)
                .hint(hint),
        )
    }

    fn unsupported(span: Span, what: &str) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(codes::UNSUPPORTED, format!("{what} not supported")).at(span))
    }

    fn too_deep(span: Span) -> Box<Diagnostic> {
        Box::new(
            Diagnostic::error(codes::TOO_DEEP, "expression nests too deep")
                .at(span)
                .expected(format!("at most {} levels", limits::EXPRESSION_DEPTH_MAX))
                .hint("split the expression over several clauses"),
        )
    }

    fn node(&self, start: usize, below: usize, kind: Kind) -> Parsed<Ast> {
        let node = Ast::over(Span::new(start, self.end()), below, kind);
        if node.height > limits::EXPRESSION_DEPTH_MAX {
            return Err(Self::too_deep(node.span));
        }
        Ok(node)
    }

    /// Runs `inner` one level deeper.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > limits::EXPRESSION_DEPTH_MAX {
            return Err(Self::too_deep(self.span()));
        }
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn expression(&mut self) -> Parsed<Ast> {
        self.nested(Self::ternary)
    }

    fn ternary(&mut self) -> Parsed<Ast> {
        let condition = self.chain("||")?;
        if !self.take("?") {
            return Ok(condition);
        }
        let then = self.nested(|parser| parser.chain("||"))?;
        self.require(":")?;
        let otherwise = self.expression()?;
        let below = condition.height.max(then.height).max(otherwise.height);
        let kind = Kind::Ternary {
            then: Box::new(then),
            otherwise: Box::new(otherwise),
            condition: Box::new(condition),
        };
        let start = match &kind {
            Kind::Ternary { condition, .. } => condition.span.start,
            _ => 0,
        };
        self.node(start, below, kind)
    }

    /// A flat chain of `||`, or of `&&` below it.
    fn chain(&mut self, symbol: &'static str) -> Parsed<Ast> {
        let is_or = symbol == "||";
        let mut operands = Vec::new();
        loop {
            let start = self.span().start;
            let operand = if is_or {
                self.chain("&&")?
            } else {
                self.binary(0)?
            };
            // Brackets around an operand belong to its span, so that spans nest.
            let span = Span::new(start, self.end());
            operands.push((span, operand));
            if !self.take(symbol) {
                break;
            }
        }
        if operands.len() == 1
            && let Some((_, only)) = operands.pop()
        {
            return Ok(only);
        }
        let start = operands.first().map_or(0, |(span, _)| span.start);
        let below = operands.iter().map(|(_, node)| node.height).max();
        let operands = operands.into_iter().map(|(_, node)| node).collect();
        let kind = if is_or {
            Kind::Or(operands)
        } else {
            Kind::And(operands)
        };
        self.node(start, below.unwrap_or(0), kind)
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        Some(match self.peek() {
            TokenKind::Symbol("==") => (Operator::Equal, 1),
            TokenKind::Symbol("!=") => (Operator::NotEqual, 1),
            TokenKind::Symbol("<") => (Operator::Less, 1),
            TokenKind::Symbol("<=") => (Operator::LessOrEqual, 1),
            TokenKind::Symbol(">") => (Operator::Greater, 1),
            TokenKind::Symbol(">=") => (Operator::GreaterOrEqual, 1),
            TokenKind::Name(name) if name == "in" => (Operator::In, 1),
            TokenKind::Symbol("+") => (Operator::Add, 2),
            TokenKind::Symbol("-") => (Operator::Subtract, 2),
            TokenKind::Symbol("*") => (Operator::Multiply, 3),
            TokenKind::Symbol("/") => (Operator::Divide, 3),
            TokenKind::Symbol("%") => (Operator::Remainder, 3),
            _ => return None,
        })
    }

    /// Left-associative binary operators that bind tighter than `loosest`; recursion is at most
    /// one call per precedence level.
    fn binary(&mut self, loosest: u8) -> Parsed<Ast> {
        let start = self.span().start;
        let mut left = self.unary()?;
        while let Some((operator, binding)) = self.operator() {
            if binding <= loosest {
                break;
            }
            self.at += 1;
            let right = self.binary(binding)?;
            let below = left.height.max(right.height);
            let kind = Kind::Binary {
                operator,
                left: Box::new(left),
                right: Box::new(right),
            };
            left = self.node(start, below, kind)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Ast> {
        let start = self.span().start;
        if self.take("!") {
            let operand = self.nested(Self::unary)?;
            return self.node(start, operand.height, Kind::Not(Box::new(operand)));
        }
        if !self.take("-") {
            return self.postfix();
        }
        // The sign belongs to an integer literal, or the smallest integer could not be written.
        if let TokenKind::Int(magnitude) = *self.peek() {
            self.at += 1;
            let value = 0_i64.checked_sub_unsigned(magnitude);
            let literal = self.integer(start, value)?;
            return self.suffixes(literal);
        }
        if let TokenKind::Double(value) = *self.peek() {
            self.at += 1;
            let literal = self.node(start, 0, Kind::Literal(Literal::Double(-value)))?;
            return self.suffixes(literal);
        }
        let operand = self.nested(Self::unary)?;
        self.node(start, operand.height, Kind::Negate(Box::new(operand)))
    }

    fn integer(&self, start: usize, value: Option<i64>) -> Parsed<Ast> {
        let Some(value) = value else {
            let span = Span::new(start, self.end());
            return Err(Box::new(
                Diagnostic::error(codes::SYNTAX, "integer is out of range")
                    .at(span)
                    .expected("-9223372036854775808 to 9223372036854775807"),
            ));
        };
        self.node(start, 0, Kind::Literal(Literal::Int(value)))
    }

    fn postfix(&mut self) -> Parsed<Ast> {
        let primary = self.primary()?;
        self.suffixes(primary)
    }

    fn suffixes(&mut self, mut operand: Ast) -> Parsed<Ast> {
        loop {
            let start = operand.span.start;
            let below = operand.height;
            if self.take(".") {
                operand = self.selection(operand)?;
            } else if self.take("[") {
                if self.is_at("?") {
                    return Err(Self::unsupported(self.span(), "optional indexes are"));
                }
                let index = self.expression()?;
                self.require("]")?;
                let below = below.max(index.height);
                let kind = Kind::Index {
                    operand: Box::new(operand),
                    index: Box::new(index),
                };
                operand = self.node(start, below, kind)?;
            } else if self.is_at("{") {
                return Err(Self::unsupported(self.span(), "messages are"));
            } else {
                return Ok(operand);
            }
        }
    }

    fn selection(&mut self, operand: Ast) -> Parsed<Ast> {
        let start = operand.span.start;
        let field_span = self.span();
        let (field, is_quoted) = match self.peek() {
            TokenKind::Symbol("?") => {
                return Err(Self::unsupported(field_span, "optional selections are"));
            }
            TokenKind::Name(name) if !KEYWORDS.contains(&name.as_str()) => (name.clone(), false),
            TokenKind::QuotedName(name) => (name.clone(), true),
            _ => return Err(self.unexpected("a field or function name")),
        };
        self.at += 1;
        if !is_quoted && self.take("(") {
            let arguments = self.items(")")?;
            let below = Self::highest(&arguments).max(operand.height);
            let call = Call {
                name: field,
                name_span: field_span,
                target: Some(operand),
                arguments,
            };
            return self.node(start, below, Kind::Call(Box::new(call)));
        }
        let below = operand.height;
        let kind = Kind::Select {
            operand: Box::new(operand),
            field,
            field_span,
        };
        self.node(start, below, kind)
    }

    fn highest(nodes: &[Ast]) -> usize {
        nodes.iter().map(|node| node.height).max().unwrap_or(0)
    }

    /// Comma-separated expressions up to `closing`; a comma before it is allowed.
    fn items(&mut self, closing: &str) -> Parsed<Vec<Ast>> {
        let mut items = Vec::new();
        while !self.take(closing) {
            if self.is_at("?") {
                return Err(Self::unsupported(self.span(), "optional elements are"));
            }
            items.push(self.expression()?);
            if !self.take(",") {
                self.require(closing)?;
                break;
            }
        }
        Ok(items)
    }

    fn primary(&mut self) -> Parsed<Ast> {
        let span = self.span();
        let start = span.start;
        let literal = match self.peek().clone() {
            TokenKind::Int(magnitude) => {
                self.at += 1;
                return self.integer(start, i64::try_from(magnitude).ok());
            }
            TokenKind::Double(value) => Literal::Double(value),
            TokenKind::Text(text) => Literal::Text(text),
            TokenKind::Name(name) => match name.as_str() {
                "true" => Literal::Bool(true),
                "false" => Literal::Bool(false),
                "null" => Literal::Null,
                _ => return self.name(name, span),
            },
            TokenKind::Symbol("(") => {
                self.at += 1;
                let mut inner = self.expression()?;
                self.require(")")?;
                inner.span = Span::new(start, self.end());
                return Ok(inner);
            }
            TokenKind::Symbol("[") => {
                self.at += 1;
                let items = self.items("]")?;
                return self.node(start, Self::highest(&items), Kind::List(items));
            }
            TokenKind::Symbol("{") => return self.map(),
            TokenKind::Symbol(".") => return Err(Self::unsupported(span, "absolute names are")),
            _ => return Err(self.unexpected("a value")),
        };
        self.at += 1;
        self.node(start, 0, Kind::Literal(literal))
    }

    fn name(&mut self, name: String, span: Span) -> Parsed<Ast> {
        if name == "in" || RESERVED.contains(&name.as_str()) {
            let mut problem = self.unexpected("a value");
            "reserved word".clone_into(&mut problem.message);
            return Err(problem);
        }
        self.at += 1;
        if !self.take("(") {
            return self.node(span.start, 0, Kind::Name(name));
        }
        let arguments = self.items(")")?;
        let below = Self::highest(&arguments);
        let call = Call {
            name,
            name_span: span,
            target: None,
            arguments,
        };
        self.node(span.start, below, Kind::Call(Box::new(call)))
    }

    fn map(&mut self) -> Parsed<Ast> {
        let start = self.span().start;
        self.at += 1;
        let mut entries = Vec::new();
        let mut below = 0;
        while !self.take("}") {
            if self.is_at("?") {
                return Err(Self::unsupported(self.span(), "optional entries are"));
            }
            let key = self.expression()?;
            self.require(":")?;
            let value = self.expression()?;
            below = below.max(key.height).max(value.height);
            entries.push((key, value));
            if !self.take(",") {
                self.require("}")?;
                break;
            }
        }
        self.node(start, below, Kind::Map(entries))
    }
}
