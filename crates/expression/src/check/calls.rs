//! Function calls: names, numbers of arguments and their types; literal patterns are compiled here.

use baton_terms::Span;

use super::super::ast::{Ast, Call, Kind, Literal};
use super::super::codes;
use super::super::functions::{Function, SIGNATURES, Signature, Style, parse_offset};
use super::super::program::{LoopKind, Operation};
use super::super::types::Type;
use super::super::value::Constant;
use super::{Checked, Checker, faulty, suggest};

/// Bytes a compiled pattern may take; more is a pattern nobody can read.
const REGEX_BYTES_MAX: usize = 1 << 18;
/// Nesting a pattern may have.
const REGEX_DEPTH_MAX: u32 = 32;

/// Functions of CEL that Baton leaves out, and what to do instead.
const LEFT_OUT: [(&str, &str); 8] = [
    ("bytes", "compare text"),
    ("uint", "use int"),
    ("bool", "compare with \"true\""),
    ("type", "declare the type in the schema"),
    ("dyn", "declare the type in the schema"),
    ("now", "use `context.as_of`: the time of the check"),
    ("format", "join text with `+`"),
    ("split", "declare a list in the schema"),
];

impl Checker<'_> {
    pub(super) fn call(&mut self, call: &Call, span: Span) -> Checked {
        let name = call.name.as_str();
        if let Some((kind, range)) = loop_kind(name).zip(call.target.as_ref()) {
            return self.check_loop(kind, (range, &call.arguments), span);
        }
        match (name, &call.target) {
            ("has", None) if call.arguments.len() == 1 => {
                return self.has(call.arguments.first(), span);
            }
            ("matches", _) => return self.matches(call, span),
            _ => {}
        }
        let style = if call.target.is_some() {
            Style::Method
        } else {
            Style::Global
        };
        let known = SIGNATURES.iter().find(|known| known.name == name);
        let Some(signature) = known.filter(|known| known.allows(style)) else {
            self.unknown_function(name, call.name_span, style);
            // The arguments are still checked, for their own problems.
            for argument in call.operands() {
                self.check(argument);
            }
            return faulty(span);
        };
        self.apply(signature, &call.operands(), span)
    }

    fn apply(&mut self, signature: &Signature, arguments: &[&Ast], span: Span) -> Checked {
        let most = signature.parameters.len();
        let problems = self.diagnostics.len();
        if arguments.len() < signature.arguments_min() || arguments.len() > most {
            let hidden = usize::from(signature.style == Style::Method);
            let expected = format!("{} arguments", most - hidden);
            let found = format!("{}", arguments.len().saturating_sub(hidden));
            let message = format!("wrong number of arguments for `{}`", signature.name);
            self.error(codes::UNKNOWN_FUNCTION, message, span)
                .expected_found(expected, found);
        }
        let mut nodes = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            let checked = self.check(argument);
            if let Some(parameter) = signature.parameters.get(at)
                && !parameter.accepts(&checked.kind)
            {
                let message = format!("`{}` does not take this", signature.name);
                self.error(codes::ARGUMENT_TYPE, message, argument.span)
                    .expected_found(parameter.describe().to_owned(), checked.kind.to_string());
            }
            if let (Function::Part(_), 1, Some(Constant::Text(zone))) =
                (signature.function, at, checked.node.constant())
                && let Err(reason) = parse_offset(zone)
            {
                self.error(codes::ARGUMENT_TYPE, reason.to_string(), argument.span)
                    .hint("named zones change over the years; use a fixed offset");
            }
            nodes.push(checked.node);
        }
        let is_new = |checker: &Self| checker.diagnostics.len() > problems;
        if is_new(self) && self.has_errors() {
            return Checked {
                kind: signature.result.clone(),
                ..faulty(span)
            };
        }
        let operation = Operation::Call {
            function: signature.function,
            arguments: nodes.into(),
        };
        self.done(span, operation, signature.result.clone())
    }

    fn unknown_function(&mut self, name: &str, span: Span, style: Style) {
        if let Some((_, instead)) = LEFT_OUT.iter().find(|(left_out, _)| *left_out == name) {
            let message = format!("`{name}()` is not supported");
            self.error(codes::UNSUPPORTED, message, span).hint(*instead);
            return;
        }
        let same_name = SIGNATURES.iter().any(|known| known.name == name)
            || loop_kind(name).is_some()
            || name == "has";
        let hint = match style {
            Style::Global if same_name && name != "has" => format!("write `value.{name}(…)`"),
            _ if same_name => format!("write `{name}(…)`"),
            _ => {
                let macros = [
                    "has",
                    "all",
                    "exists",
                    "exists_one",
                    "map",
                    "filter",
                    "matches",
                ];
                let names = SIGNATURES.iter().map(|known| known.name).chain(macros);
                suggest::hint(name, names)
            }
        };
        self.error(codes::UNKNOWN_FUNCTION, "unknown function", span)
            .found(format!("`{name}`"))
            .hint(hint);
    }

    /// `matches` takes literal patterns only, so that they are compiled once and known to be valid.
    fn matches(&mut self, call: &Call, span: Span) -> Checked {
        let operands = call.operands();
        let [subject, pattern] = operands.as_slice() else {
            let message = "wrong number of arguments for `matches`";
            self.error(codes::UNKNOWN_FUNCTION, message, call.name_span)
                .expected_found(
                    "a text and a pattern".to_owned(),
                    operands.len().to_string(),
                );
            return faulty(span);
        };
        let checked = self.check(subject);
        if !checked.kind.may(Type::is_text) {
            self.error(
                codes::ARGUMENT_TYPE,
                "`matches` does not take this",
                subject.span,
            )
            .expected_found("text".to_owned(), checked.kind.to_string());
        }
        let Kind::Literal(Literal::Text(text)) = &pattern.kind else {
            self.error(codes::REGEX, "pattern is not a literal", pattern.span)
                .expected_found("text in quotes".to_owned(), String::new());
            return faulty(span);
        };
        let built = regex::RegexBuilder::new(text)
            .size_limit(REGEX_BYTES_MAX)
            .dfa_size_limit(REGEX_BYTES_MAX)
            .nest_limit(REGEX_DEPTH_MAX)
            .build();
        match built {
            Ok(regex) => {
                let operation = Operation::Matches {
                    subject: Box::new(checked.node),
                    regex: Box::new(regex),
                };
                self.done(span, operation, Type::Bool)
            }
            Err(problem) => {
                let message = match problem {
                    regex::Error::CompiledTooBig(_) => "pattern is too large".to_owned(),
                    other => syntax_message(&other.to_string()),
                };
                self.error(codes::REGEX, message, pattern.span)
                    .hint("linear-time syntax: no look-around, no back-references");
                Checked {
                    kind: Type::Bool,
                    ..faulty(span)
                }
            }
        }
    }
}

/// Returns the last line of a multi-line report, which names the problem.
fn syntax_message(report: &str) -> String {
    let last = report.lines().last().unwrap_or_default();
    let last = last.trim().trim_start_matches("error: ");
    format!("invalid pattern: {last}")
}

fn loop_kind(name: &str) -> Option<LoopKind> {
    Some(match name {
        "all" => LoopKind::All,
        "exists" => LoopKind::Exists,
        "exists_one" | "existsOne" => LoopKind::ExistsOne,
        "map" => LoopKind::Map,
        "filter" => LoopKind::Filter,
        _ => return None,
    })
}
