//! Splits expression text into tokens (cel-spec, "Syntax" and "String and Bytes Values").
//!
//! Every byte is looked at a bounded number of times, and every lexical problem is reported.

use baton_terms::{Diagnostic, Span};

use super::codes;

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) span: Span,
    pub(super) kind: TokenKind,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A name or keyword.
    Name(String),
    /// A field name in backquotes, allowed after a dot only.
    QuotedName(String),
    /// The magnitude of an integer literal: its sign is another token.
    Int(u64),
    Double(f64),
    Text(String),
    /// An operator or bracket.
    Symbol(&'static str),
    End,
}

/// Longest first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 26] = [
    "&&", "||", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "<", ">",
    "+", "-", "*", "/", "%", "!", "=", ";",
];

/// Returns the tokens of `text`, the last one always `End`, and all lexical problems.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        diagnostics: Vec::new(),
    };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank();
        let start = lexer.at;
        if start >= text.len() {
            break;
        }
        if let Some(kind) = lexer.token() {
            tokens.push(Token {
                span: Span::new(start, lexer.at),
                kind,
            });
        }
    }
    tokens.push(Token {
        span: Span::new(text.len(), text.len()),
        kind: TokenKind::End,
    });
    (tokens, lexer.diagnostics)
}

/// Returns whether two texts are the same expression, apart from spaces, line breaks and comments.
pub fn says_the_same(a: &str, b: &str) -> bool {
    let kinds = |text: &str| {
        let (tokens, problems) = tokens(text);
        let kinds: Vec<_> = tokens.into_iter().map(|token| token.kind).collect();
        problems.is_empty().then_some(kinds)
    };
    kinds(a).is_some_and(|a| Some(a) == kinds(b))
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn problem(&mut self, start: usize, message: &str, expected: &str) {
        let found = self.text.get(start..self.at).unwrap_or_default();
        let found: String = found.chars().take(40).collect();
        self.diagnostics.push(
            Diagnostic::error(codes::SYNTAX, message)
                .at(Span::new(start, self.at))
                .expected(expected)
                .found(format!("`{}`", found.escape_debug())),
        );
    }

    fn skip_blank(&mut self) {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}'));
            if !self.rest().starts_with("//") {
                return;
            }
            self.take_while(|c| c != '\n');
        }
    }

    fn token(&mut self) -> Option<TokenKind> {
        let start = self.at;
        let first = self.peek()?;
        let second = self.rest().chars().nth(1);
        if matches!(first, '"' | '\'') {
            return self.text_literal(start, Escapes::Read);
        }
        if matches!(first, 'r' | 'R') && matches!(second, Some('"' | '\'')) {
            self.bump();
            return self.text_literal(start, Escapes::Keep);
        }
        if matches!(first, 'b' | 'B') && self.starts_bytes() {
            self.take_while(|c| c.is_ascii_alphabetic());
            self.text_literal(start, Escapes::Keep);
            return self.unsupported(start, "bytes literals");
        }
        if first.is_ascii_digit() || (first == '.' && second.is_some_and(|c| c.is_ascii_digit())) {
            return self.number(start);
        }
        if first == '_' || first.is_ascii_alphabetic() {
            let name = self.take_while(|c| c == '_' || c.is_ascii_alphanumeric());
            return Some(TokenKind::Name(name.to_owned()));
        }
        if first == '`' {
            return self.quoted_name(start);
        }
        let symbol = SYMBOLS
            .into_iter()
            .find(|symbol| self.rest().starts_with(symbol));
        if let Some(symbol) = symbol {
            self.at += symbol.len();
            return Some(TokenKind::Symbol(symbol));
        }
        self.bump();
        self.problem(start, "character that starts no token", "an expression");
        None
    }

    /// Whether a `b` starts a bytes literal: `b"`, `br"`, `bR'` and so on.
    fn starts_bytes(&self) -> bool {
        let mut following = self.rest().chars().skip(1);
        match following.next() {
            Some('"' | '\'') => true,
            Some('r' | 'R') => matches!(following.next(), Some('"' | '\'')),
            _ => false,
        }
    }

    fn unsupported(&mut self, start: usize, what: &str) -> Option<TokenKind> {
        self.diagnostics.push(
            Diagnostic::error(codes::UNSUPPORTED, format!("{what} are not supported"))
                .at(Span::new(start, self.at)),
        );
        None
    }

    fn quoted_name(&mut self, start: usize) -> Option<TokenKind> {
        self.bump();
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || "_.-/ ".contains(c));
        if self.peek() == Some('`') && !name.is_empty() {
            self.bump();
            return Some(TokenKind::QuotedName(name.to_owned()));
        }
        self.bump();
        self.problem(start, "quoted field name that does not end", "a closing `");
        None
    }

    fn number(&mut self, start: usize) -> Option<TokenKind> {
        if self.rest().starts_with("0x") || self.rest().starts_with("0X") {
            self.at += 2;
            let digits = self.take_while(|c| c.is_ascii_hexdigit());
            let magnitude = u64::from_str_radix(digits, 16).ok();
            return self.integer(start, magnitude);
        }
        self.take_while(|c| c.is_ascii_digit());
        let mut is_double = false;
        if self.peek() == Some('.')
            && self
                .rest()
                .chars()
                .nth(1)
                .is_some_and(|c| c.is_ascii_digit())
        {
            is_double = true;
            self.bump();
            self.take_while(|c| c.is_ascii_digit());
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            is_double = true;
            self.bump();
            if matches!(self.peek(), Some('+' | '-')) {
                self.bump();
            }
            self.take_while(|c| c.is_ascii_digit());
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        if !is_double {
            return self.integer(start, digits.parse().ok());
        }
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() && !self.follows_name() => {
                Some(TokenKind::Double(value))
            }
            _ => {
                self.take_while(|c| c == '_' || c.is_ascii_alphanumeric());
                self.problem(start, "malformed number", "a finite decimal number");
                None
            }
        }
    }

    fn follows_name(&self) -> bool {
        self.peek()
            .is_some_and(|c| c == '_' || c.is_ascii_alphanumeric())
    }

    fn integer(&mut self, start: usize, magnitude: Option<u64>) -> Option<TokenKind> {
        if matches!(self.peek(), Some('u' | 'U')) {
            self.bump();
            return self.unsupported(start, "unsigned integers");
        }
        match magnitude.filter(|_| !self.follows_name()) {
            Some(magnitude) => Some(TokenKind::Int(magnitude)),
            None => {
                self.take_while(|c| c == '_' || c.is_ascii_alphanumeric());
                self.problem(start, "malformed number", "an integer of at most 64 bits");
                None
            }
        }
    }

    fn text_literal(&mut self, start: usize, escapes: Escapes) -> Option<TokenKind> {
        let quote = self.bump()?;
        let triple: String = [quote; 3].iter().collect();
        let single = quote.to_string();
        let closing = if self
            .text
            .get(self.at - 1..)
            .is_some_and(|rest| rest.starts_with(&triple))
        {
            self.at += 2;
            triple
        } else {
            single
        };
        let mut value = String::new();
        loop {
            if self.rest().starts_with(&closing) {
                self.at += closing.len();
                return Some(TokenKind::Text(value));
            }
            let ends_line = closing.len() == 1 && matches!(self.peek(), Some('\n' | '\r'));
            if self.peek().is_none() || ends_line {
                self.problem(
                    start,
                    "text that does not end",
                    &format!("a closing {closing}"),
                );
                return None;
            }
            let at = self.at;
            match self.bump() {
                Some('\\') if matches!(escapes, Escapes::Read) => match self.escape() {
                    Some(character) => value.push(character),
                    None => self.problem(at, "unknown escape", "an escape of the CEL syntax"),
                },
                Some(character) => value.push(character),
                None => {}
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let simple = match self.bump()? {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            same @ ('\\' | '?' | '"' | '\'' | '`') => same,
            'x' | 'X' => return self.code_point(2, 16),
            'u' => return self.code_point(4, 16),
            'U' => return self.code_point(8, 16),
            '0'..='3' => {
                self.at -= 1;
                return self.code_point(3, 8);
            }
            _ => return None,
        };
        Some(simple)
    }

    fn code_point(&mut self, digits: usize, radix: u32) -> Option<char> {
        let text = self.rest().get(..digits)?;
        if !text.chars().all(|c| c.is_digit(radix)) {
            return None;
        }
        self.at += digits;
        u32::from_str_radix(text, radix)
            .ok()
            .and_then(char::from_u32)
    }
}

#[derive(Clone, Copy)]
enum Escapes {
    Read,
    Keep,
}
