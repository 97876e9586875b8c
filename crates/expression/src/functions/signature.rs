//! The table of functions: how each may be called, and what it returns.

use super::super::types::Type;

/// A built-in function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    LowerAscii,
    UpperAscii,
    Trim,
    Timestamp,
    Duration,
    Int,
    Double,
    Text,
    Part(Part),
}

/// A part of a time or duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    FullYear,
    Month,
    DayOfMonth,
    Date,
    DayOfWeek,
    DayOfYear,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `f(a, b)`
    Global,
    /// `a.f(b)`
    Method,
    /// Both.
    Either,
}

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accepts {
    Text,
    Sized,
    TimestampText,
    DurationText,
    Timestamp,
    Time,
    ToInt,
    ToDouble,
    ToText,
}

/// One way to call a function.
pub(crate) struct Signature {
    pub(crate) name: &'static str,
    pub(crate) function: Function,
    pub(crate) style: Style,
    pub(crate) parameters: &'static [Accepts],
    pub(crate) result: Type,
}

const fn signature(
    (name, style): (&'static str, Style),
    function: Function,
    parameters: &'static [Accepts],
    result: Type,
) -> Signature {
    Signature {
        name,
        function,
        style,
        parameters,
        result,
    }
}

const fn global(
    name: &'static str,
    function: Function,
    parameters: &'static [Accepts],
    result: Type,
) -> Signature {
    signature((name, Style::Global), function, parameters, result)
}

const fn method(
    name: &'static str,
    function: Function,
    parameters: &'static [Accepts],
    result: Type,
) -> Signature {
    signature((name, Style::Method), function, parameters, result)
}

const fn part(name: &'static str, part: Part) -> Signature {
    method(
        name,
        Function::Part(part),
        &[Accepts::Timestamp, Accepts::Text],
        Type::Int,
    )
}

const fn part_of_either(name: &'static str, part: Part) -> Signature {
    method(
        name,
        Function::Part(part),
        &[Accepts::Time, Accepts::Text],
        Type::Int,
    )
}

/// Every function. The zone argument of the parts of a time may be left out: it is UTC then.
pub(crate) static SIGNATURES: [Signature; 22] = [
    signature(
        ("size", Style::Either),
        Function::Size,
        &[Accepts::Sized],
        Type::Int,
    ),
    method(
        "contains",
        Function::Contains,
        &[Accepts::Text, Accepts::Text],
        Type::Bool,
    ),
    method(
        "startsWith",
        Function::StartsWith,
        &[Accepts::Text, Accepts::Text],
        Type::Bool,
    ),
    method(
        "endsWith",
        Function::EndsWith,
        &[Accepts::Text, Accepts::Text],
        Type::Bool,
    ),
    method(
        "lowerAscii",
        Function::LowerAscii,
        &[Accepts::Text],
        Type::Text,
    ),
    method(
        "upperAscii",
        Function::UpperAscii,
        &[Accepts::Text],
        Type::Text,
    ),
    method("trim", Function::Trim, &[Accepts::Text], Type::Text),
    global(
        "timestamp",
        Function::Timestamp,
        &[Accepts::TimestampText],
        Type::Timestamp,
    ),
    global(
        "duration",
        Function::Duration,
        &[Accepts::DurationText],
        Type::Duration,
    ),
    global("int", Function::Int, &[Accepts::ToInt], Type::Int),
    global(
        "double",
        Function::Double,
        &[Accepts::ToDouble],
        Type::Double,
    ),
    global("string", Function::Text, &[Accepts::ToText], Type::Text),
    part("getFullYear", Part::FullYear),
    part("getMonth", Part::Month),
    part("getDayOfMonth", Part::DayOfMonth),
    part("getDate", Part::Date),
    part("getDayOfWeek", Part::DayOfWeek),
    part("getDayOfYear", Part::DayOfYear),
    part_of_either("getHours", Part::Hours),
    part_of_either("getMinutes", Part::Minutes),
    part_of_either("getSeconds", Part::Seconds),
    part("getMilliseconds", Part::Milliseconds),
];

impl Signature {
    /// Returns the fewest arguments, the target of a method counted.
    pub(crate) fn arguments_min(&self) -> usize {
        match self.function {
            Function::Part(_) => 1,
            _ => self.parameters.len(),
        }
    }

    /// Returns whether the function can be called in this style.
    pub(crate) fn allows(&self, style: Style) -> bool {
        self.style == style || self.style == Style::Either
    }
}

impl Accepts {
    /// Returns whether an argument of type `kind` may be passed.
    pub(crate) fn accepts(self, kind: &Type) -> bool {
        kind.may(|kind| match self {
            Self::Text => kind.is_text(),
            Self::Sized => kind.is_text() || kind.is_map() || matches!(kind, Type::List { .. }),
            Self::TimestampText => kind.is_text() || matches!(kind, Type::Timestamp),
            Self::DurationText => kind.is_text() || matches!(kind, Type::Duration),
            Self::Timestamp => matches!(kind, Type::Timestamp),
            Self::Time => matches!(kind, Type::Timestamp | Type::Duration),
            Self::ToInt => kind.is_text() || kind.is_number() || matches!(kind, Type::Timestamp),
            Self::ToDouble => kind.is_text() || kind.is_number(),
            Self::ToText => {
                kind.is_text()
                    || matches!(
                        kind,
                        Type::Int | Type::Bool | Type::Timestamp | Type::Duration
                    )
            }
        })
    }

    /// Returns what may be passed, in words.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Sized => "text, a list or a map",
            Self::TimestampText => "RFC 3339 text or a timestamp",
            Self::DurationText => "text such as `36h` or a duration",
            Self::Timestamp => "a timestamp",
            Self::Time => "a timestamp or a duration",
            Self::ToInt => "a number, text or a timestamp",
            Self::ToDouble => "a number or text",
            Self::ToText => "an int, bool, text, timestamp or duration",
        }
    }
}
