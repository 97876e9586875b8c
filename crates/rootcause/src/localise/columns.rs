//! Which column is what: named by the user, or guessed from the names people give such columns.

use baton_terms::Diagnostic;

use super::codes::AMBIGUOUS_COLUMNS;

/// What a column of numbers holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Failures, or whatever is counted.
    Value,
    /// What they are counted among.
    Total,
    /// The value before the jump.
    BeforeValue,
    /// The total before the jump.
    BeforeTotal,
    /// What is.
    Actual,
    /// What was forecast.
    Forecast,
}

impl Role {
    /// Every role, in the order they are looked for.
    pub const ALL: [Self; 6] = [
        Self::Value,
        Self::Total,
        Self::BeforeValue,
        Self::BeforeTotal,
        Self::Actual,
        Self::Forecast,
    ];

    /// Returns the word for the role, which is also the option that names its column.
    pub fn word(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Total => "total",
            Self::BeforeValue => "before-value",
            Self::BeforeTotal => "before-total",
            Self::Actual => "actual",
            Self::Forecast => "forecast",
        }
    }

    /// Names that columns of this role usually have, in lower case with `_` between words.
    fn usual_names(self) -> &'static [&'static str] {
        match self {
            Self::Value => &["value", "failures", "failed", "errors", "value_real"],
            Self::Total => &["total", "count", "cnt", "requests", "cases", "cnt_real"],
            Self::BeforeValue => &[
                "before_value",
                "before_failures",
                "failures_before",
                "value_predict",
                "baseline_value",
            ],
            Self::BeforeTotal => &[
                "before_total",
                "before_count",
                "before_requests",
                "before_cases",
                "requests_before",
                "total_before",
                "cnt_predict",
                "baseline_total",
            ],
            Self::Actual => &["actual", "real", "observed"],
            Self::Forecast => &["forecast", "predict", "predicted", "expected"],
        }
    }
}

/// Columns the user named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// The column of each role that was named.
    pub named: Vec<(Role, String)>,
    /// Columns that are no attributes.
    pub ignored: Vec<String>,
}

/// The places of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places {
    /// The columns of numbers in use.
    pub(super) numbers: Vec<(Role, usize)>,
    /// The attributes.
    pub(super) attributes: Vec<usize>,
    /// Columns set aside because the user said so.
    pub(super) ignored: Vec<usize>,
}

impl Places {
    /// Returns the place of a role.
    pub(super) fn of(&self, role: Role) -> Option<usize> {
        let found = self.numbers.iter().find(|(found, _)| *found == role);
        found.map(|(_, place)| *place)
    }
}

/// Returns which column is what.
pub(super) fn places(header: &[String], columns: &Columns) -> Result<Places, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut find = |name: &str| {
        let found = header.iter().position(|column| column == name);
        if found.is_none() {
            problems.push(unknown(name, header));
        }
        found
    };
    let ignored: Vec<usize> = columns
        .ignored
        .iter()
        .filter_map(|name| find(name))
        .collect();
    let mut numbers: Vec<(Role, usize)> = columns
        .named
        .iter()
        .filter_map(|(role, name)| Some((*role, find(name)?)))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let is_named = !numbers.is_empty();
    for role in Role::ALL {
        let is_new = numbers.iter().all(|(known, _)| *known != role);
        // A half-named pair is completed by the usual names; a named pair is all there is.
        if is_new && (!is_named || completes(&numbers, role)) {
            let taken: Vec<usize> = numbers.iter().map(|(_, place)| *place).collect();
            let free = |place: &usize| !taken.contains(place) && !ignored.contains(place);
            if let Some(place) = usual(header, role).filter(free) {
                numbers.push((role, place));
            }
        }
    }
    let has = |role| numbers.iter().any(|(known, _)| *known == role);
    let (is_share, is_forecast) = (
        has(Role::Value) && has(Role::Total),
        has(Role::Actual) && has(Role::Forecast),
    );
    let is_half = has(Role::BeforeValue) != has(Role::BeforeTotal);
    if is_share == is_forecast || is_half && is_share {
        return Err(vec![unclear(header, &numbers)]);
    }
    let used: &[Role] = if is_share {
        &[
            Role::Value,
            Role::Total,
            Role::BeforeValue,
            Role::BeforeTotal,
        ]
    } else {
        &[Role::Actual, Role::Forecast]
    };
    numbers.retain(|(role, _)| used.contains(role));
    let is_free = |place: &usize| {
        !ignored.contains(place) && numbers.iter().all(|(_, number)| number != place)
    };
    let attributes = (0..header.len()).filter(is_free).collect();
    Ok(Places {
        numbers,
        attributes,
        ignored,
    })
}

fn completes(named: &[(Role, usize)], role: Role) -> bool {
    let is_forecast = |role: Role| matches!(role, Role::Actual | Role::Forecast);
    let is_before = |role: Role| matches!(role, Role::BeforeValue | Role::BeforeTotal);
    let has_before = named.iter().any(|(known, _)| is_before(*known));
    named
        .iter()
        .any(|(known, _)| is_forecast(*known) == is_forecast(role))
        && (has_before || !is_before(role))
}

fn usual(header: &[String], role: Role) -> Option<usize> {
    let plain = |name: &String| name.to_lowercase().replace(['-', ' '], "_");
    role.usual_names()
        .iter()
        .find_map(|usual| header.iter().position(|name| plain(name) == *usual))
}

fn unknown(name: &str, header: &[String]) -> Diagnostic {
    Diagnostic::error(
        AMBIGUOUS_COLUMNS,
        format!("column `{name}` is not in the table"),
    )
    .expected("the name of a column")
    .found(shown(header))
    .hint("write the name as the first line of the table has it")
}

fn unclear(header: &[String], numbers: &[(Role, usize)]) -> Diagnostic {
    let known: Vec<String> = numbers
        .iter()
        .filter_map(|(role, place)| Some(format!("`{}` as {}", header.get(*place)?, role.word())))
        .collect();
    let found = if known.is_empty() {
        shown(header)
    } else {
        known.join(", ")
    };
    Diagnostic::error(AMBIGUOUS_COLUMNS, "the columns of numbers are not clear")
        .expected(
            "either a value and a total (with both before the jump, or neither), or an actual and a forecast",
        )
        .found(found)
        .hint("name them: `--value failures --total requests`, or `--actual sold --forecast expected`")
}

fn shown(header: &[String]) -> String {
    let names: Vec<String> = header
        .iter()
        .take(12)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = header.len().saturating_sub(names.len());
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", names.join(", "))
}
