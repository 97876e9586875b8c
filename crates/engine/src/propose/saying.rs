//! What a condition on cases says of a package, in CEL.

use std::collections::BTreeSet;

use baton_eventlog::blameless::{PERSON, SMALL_GROUPS};
use baton_rootcause::wire::{Condition, Fixed};
use baton_terms::Code;
use serde_json::Value;

use super::codes::{KNOWS_LATER, NAMES_PEOPLE, NOT_SAYABLE};
use crate::past::{Fact, Origin, Recipe};

/// Millionths in one.
const ONE: i64 = 1_000_000;
/// What a feature's name starts with when it is about a field that was empty at a handover.
const MISSING_AT: &str = "missing at handover: ";
/// The same for a handover between two teams.
const HANDOVER: &str = "handover: ";
/// What stands between the two.
const ARROW: &str = " → ";

/// A condition said of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// CEL that is true where the condition holds.
    pub(super) holds: String,
    /// CEL that is true where it does not, when it can be said plainly.
    pub(super) fails: Option<String>,
    /// The field that the sender would have to fill in.
    pub(super) wanted: Option<String>,
}

/// Why a condition can't be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unsaid {
    pub(super) code: Code,
    pub(super) reason: String,
    pub(super) hint: String,
}

/// What is needed to say conditions.
pub(super) struct Saying<'a> {
    pub(super) recipe: &'a Recipe,
    /// The mapping of the log, as the report has it.
    pub(super) mapping: &'a Value,
    /// Columns set aside by the miner, with the reason.
    pub(super) excluded: &'a [baton_rootcause::wire::Column],
    /// Fields that every package of the contract has.
    pub(super) required: BTreeSet<String>,
}

impl Saying<'_> {
    /// Returns what a condition says of a package.
    pub(super) fn say(&self, condition: &Condition) -> Result<Said, Unsaid> {
        match condition {
            Condition::Is { feature, value } => self.value(feature, std::slice::from_ref(value)),
            Condition::In { feature, values } => self.value(feature, values),
            Condition::Missing { feature } => self.missing(feature, feature),
            Condition::Present { feature } => self.present(feature),
            Condition::Absent { feature } => {
                let said = self.present(feature)?;
                let holds = said.fails.unwrap_or_else(|| format!("!({})", said.holds));
                Ok(Said {
                    holds,
                    fails: Some(said.holds),
                    wanted: None,
                })
            }
            Condition::Between {
                feature, low, high, ..
            } => self.between(feature, *low, *high),
        }
    }

    fn present(&self, feature: &str) -> Result<Said, Unsaid> {
        if let Some(column) = feature.strip_prefix(MISSING_AT) {
            return self.missing(feature, column);
        }
        if let Some(pair) = feature.strip_prefix(HANDOVER) {
            return self.pair(feature, pair);
        }
        let fact = match feature {
            "handover without a person" => return self.without_person(feature),
            "ping-pong" => Fact::IsReturn,
            "back to an earlier party" => Fact::WasHere,
            _ => return Err(self.unsayable(feature)),
        };
        let field = self.field(feature, |origin| *origin == Origin::Fact(fact))?;
        let holds = self.place(&field);
        let fails = self.required.contains(&field).then(|| format!("!{holds}"));
        Ok(Said {
            holds,
            fails,
            wanted: None,
        })
    }

    /// Says that a handover goes from one team to another.
    fn pair(&self, feature: &str, pair: &str) -> Result<Said, Unsaid> {
        let mut teams = pair.split(ARROW);
        // A team whose name has an arrow in it can't be told from two.
        let (Some(from), Some(to), None) = (teams.next(), teams.next(), teams.next()) else {
            return Err(self.unsayable(feature));
        };
        let from = self.fact_is(Fact::From, feature, &[from.to_owned()])?;
        let to = self.fact_is(Fact::To, feature, &[to.to_owned()])?;
        Ok(plain(format!("{from} && {to}")))
    }

    fn without_person(&self, feature: &str) -> Result<Said, Unsaid> {
        let person = self.mapping.get("person").and_then(Value::as_str);
        let is_it = |origin: &Origin| match origin {
            Origin::Present(column) => Some(&**column) == person,
            _ => false,
        };
        let field = self.field(feature, is_it)?;
        let fails = self.place(&field);
        let holds = if self.required.contains(&field) {
            format!("!{fails}")
        } else {
            format!("!({fails})")
        };
        Ok(Said {
            holds,
            fails: Some(fails),
            wanted: Some(field),
        })
    }

    fn missing(&self, feature: &str, column: &str) -> Result<Said, Unsaid> {
        self.allowed(column)?;
        let field = self.column(feature, column)?;
        if self.required.contains(&field) {
            return Err(Unsaid {
                code: NOT_SAYABLE,
                reason: format!("the contract demands `{field}` already"),
                hint: "see in the traces whether it is kept".to_owned(),
            });
        }
        Ok(Said {
            holds: format!("!has(package.{field})"),
            fails: Some(format!("has(package.{field})")),
            wanted: Some(field),
        })
    }

    fn value(&self, feature: &str, values: &[String]) -> Result<Said, Unsaid> {
        let fact = match feature {
            "first handed over by" => Some(Fact::From),
            "first handed over to" => Some(Fact::To),
            "last activity" => Some(Fact::Activity),
            _ => None,
        };
        if let Some(fact) = fact {
            let is = self.fact_is(fact, feature, values)?;
            let first = self.named(|origin| *origin == Origin::Fact(Fact::HandoversBefore));
            return Ok(plain(match first.filter(|_| fact != Fact::Activity) {
                Some(before) => format!("{is} && {} == 0", self.place(&before)),
                None => is,
            }));
        }
        named_groups(values)?;
        self.allowed(feature)?;
        let field = self.column(feature, feature)?;
        let guard = self.guard(&field);
        let place = format!("package.{field}");
        let is = match self.kind(feature) {
            "boolean" => match values {
                [value] if value == "true" => place,
                [value] if value == "false" => format!("!{place}"),
                _ => return Err(self.unsayable(feature)),
            },
            "number" if self.scale(feature) == 0 => {
                let whole = values.iter().all(|value| value.parse::<i64>().is_ok());
                if !whole {
                    return Err(self.unsayable(feature));
                }
                one_of(&place, values)
            }
            "time" => return Err(self.unsayable(feature)),
            _ => one_of(&place, &quoted(values)),
        };
        Ok(plain(format!("{guard}{is}")))
    }

    fn between(
        &self,
        feature: &str,
        low: Option<Fixed>,
        high: Option<Fixed>,
    ) -> Result<Said, Unsaid> {
        self.allowed(feature)?;
        if self.kind(feature) != "number" || self.scale(feature) != 0 {
            return Err(self.unsayable(feature));
        }
        let field = self.column(feature, feature)?;
        // A whole number is at least 2.5 when it is at least 3, and below 2.5 when it is below 3.
        let whole = |limit: Fixed| {
            let millionths = limit.millionths();
            millionths.div_euclid(ONE) + i64::from(millionths.rem_euclid(ONE) > 0)
        };
        let low = low.map(|low| format!("package.{field} >= {}", whole(low)));
        let high = high.map(|high| format!("package.{field} < {}", whole(high)));
        let limits: Vec<String> = low.into_iter().chain(high).collect();
        if limits.is_empty() {
            return Err(self.unsayable(feature));
        }
        Ok(plain(format!(
            "{}{}",
            self.guard(&field),
            limits.join(" && ")
        )))
    }

    /// Says that a fact of the handover has one of these values.
    fn fact_is(&self, fact: Fact, feature: &str, values: &[String]) -> Result<String, Unsaid> {
        named_groups(values)?;
        if fact != Fact::Activity
            && let Some(party) = self.mapping.get("party").and_then(Value::as_str)
        {
            self.allowed(party)?;
        }
        let field = self.field(feature, |origin| *origin == Origin::Fact(fact))?;
        Ok(one_of(&self.place(&field), &quoted(values)))
    }

    /// Refuses columns that name people, and those whose values were known only later.
    fn allowed(&self, column: &str) -> Result<(), Unsaid> {
        let rule = self
            .mapping
            .get("columns")
            .and_then(|rules| rules.get(column));
        let says = |key: &str| rule.and_then(|rule| rule.get(key));
        let why = self.excluded.iter().find(|known| known.name == column);
        let why = why.map(|known| known.why.as_str());
        let is_person = says("person").and_then(Value::as_bool) == Some(true)
            || self.mapping.get("person").and_then(Value::as_str) == Some(column)
            || why == Some("person");
        if is_person {
            return Err(Unsaid {
                code: NAMES_PEOPLE,
                reason: format!("`{column}` names people"),
                hint: "replace it by a role or a team in the mapping".to_owned(),
            });
        }
        let is_late = says("known").and_then(Value::as_str) == Some("end")
            || matches!(why, Some("known-later" | "restates-outcome" | "in-outcome"));
        if is_late {
            return Err(Unsaid {
                code: KNOWS_LATER,
                reason: format!("`{column}` knows how the work ended"),
                hint: "no package can hold it when the work is handed over".to_owned(),
            });
        }
        Ok(())
    }

    fn column(&self, feature: &str, column: &str) -> Result<String, Unsaid> {
        self.field(feature, |origin| match origin {
            Origin::Column(name) | Origin::Latest(name) => **name == *column,
            _ => false,
        })
    }

    fn field(&self, feature: &str, wanted: impl Fn(&Origin) -> bool) -> Result<String, Unsaid> {
        self.named(wanted).ok_or_else(|| self.unsayable(feature))
    }

    /// Returns the first field of such an origin whose name CEL can say.
    fn named(&self, wanted: impl Fn(&Origin) -> bool) -> Option<String> {
        let fields = self.recipe.fields.iter();
        let mut fields = fields.filter(|field| wanted(&field.origin) && is_name(&field.name));
        fields.next().map(|field| field.name.to_string())
    }

    /// Returns CEL for a field, behind a test that the package has it where it may be absent.
    fn place(&self, field: &str) -> String {
        format!("{}package.{field}", self.guard(field))
    }

    fn guard(&self, field: &str) -> String {
        if self.required.contains(field) {
            String::new()
        } else {
            format!("has(package.{field}) && ")
        }
    }

    fn rule(&self, column: &str, key: &str) -> Option<&Value> {
        self.mapping.get("columns")?.get(column)?.get(key)
    }

    fn kind(&self, column: &str) -> &str {
        let kind = self.rule(column, "kind").and_then(Value::as_str);
        kind.unwrap_or("text")
    }

    fn scale(&self, column: &str) -> u64 {
        self.rule(column, "scale")
            .and_then(Value::as_u64)
            .unwrap_or(0)
    }

    fn unsayable(&self, feature: &str) -> Unsaid {
        Unsaid {
            code: NOT_SAYABLE,
            reason: format!("no field of {} says `{feature}`", self.recipe.contract),
            hint: "give the packages a field for it: a column, or a fact of the handover"
                .to_owned(),
        }
    }
}

/// Refuses values that stand for groups too small to be named.
fn named_groups(values: &[String]) -> Result<(), Unsaid> {
    let is_small = |value: &String| value == SMALL_GROUPS || value == PERSON;
    if !values.iter().any(is_small) {
        return Ok(());
    }
    Err(Unsaid {
        code: NAMES_PEOPLE,
        reason: "it is about groups too small to be named".to_owned(),
        hint: "a clause for so few people would be a verdict on them".to_owned(),
    })
}

fn plain(holds: String) -> Said {
    Said {
        holds,
        fails: None,
        wanted: None,
    }
}

/// Returns CEL for a place that has one of these values, which are CEL already.
fn one_of(place: &str, values: &[String]) -> String {
    match values {
        [value] => format!("{place} == {value}"),
        values => format!("{place} in [{}]", values.join(", ")),
    }
}

fn quoted(values: &[String]) -> Vec<String> {
    let quote = |value: &String| Value::from(value.as_str()).to_string();
    values.iter().map(quote).collect()
}

/// Returns whether CEL reads a field's name after a point.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
