//! From a log and a recipe to packages.

use baton_eventlog::handover::seams_into;
use baton_eventlog::mapping::{Known, Mapping};
use baton_eventlog::model::{Code, Column, Kind, Log};
use baton_scoring::package::Package;
use baton_terms::{Diagnostic, Instant};
use serde_json::{Map, Value, json};

use super::recipe::{FIELD, Fact, Origin, Recipe};

/// Microseconds in a minute.
const MINUTE: i64 = 60_000_000;

/// One handover of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastHandover {
    /// Place of its case in the log.
    pub case: usize,
    /// Place of the first event of the receiver.
    pub event: usize,
    /// Which handover of the case it is, from 1.
    pub number: usize,
    /// When.
    pub at: Instant,
    /// Who handed over.
    pub from: Code,
    /// Who received.
    pub to: Code,
    /// Whether the receiver is who the sender had the case from.
    pub is_return: bool,
    /// Whether the receiver held the case at any time before.
    pub was_here: bool,
    /// Minutes since the first event of the case.
    pub minutes_open: u64,
    /// Minutes since the sender got the case.
    pub minutes_held: u64,
}

/// The handovers of a log, and how each becomes a package.
#[derive(Debug)]
pub struct Past<'l> {
    log: &'l Log,
    recipe: &'l Recipe,
    fields: Vec<(&'l str, Bound<'l>)>,
    /// By the code of a party, the id under which it stands in a package.
    teams: Vec<String>,
    handovers: Vec<PastHandover>,
}

/// Where the value of a field is found in this log.
#[derive(Debug, Clone, Copy)]
enum Bound<'l> {
    Event(&'l Column, Since<'l>),
    Latest(&'l Column, Since<'l>),
    Case(&'l Column),
    Present(&'l Column),
    Fact(Fact),
    Text(&'l str),
}

/// From when on a value may be known.
#[derive(Debug, Clone, Copy)]
enum Since<'l> {
    Always,
    Activity(Option<Code>),
    Column(&'l Column),
}

impl<'l> Past<'l> {
    /// Returns the handovers of a log, in the order of cases and then of time.
    ///
    /// # Errors
    /// With each field of the recipe that the log cannot give, or may not.
    pub fn of(
        log: &'l Log,
        mapping: &'l Mapping,
        recipe: &'l Recipe,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut fields = Vec::new();
        let (activities, mut problems) = chosen(log, recipe);
        for field in &recipe.fields {
            match bind(log, mapping, &field.origin) {
                Ok(bound) => fields.push((&*field.name, bound)),
                Err((expected, found)) => problems.push(
                    Diagnostic::error(FIELD, "a field cannot be taken from the log")
                        .pointing_to(format!(
                            "/payload/{}",
                            baton_document::shape::escape(&field.name)
                        ))
                        .expected(expected)
                        .found(found)
                        .hint(
                            "name a column that is known at the handover, or leave the field out",
                        ),
                ),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            log,
            recipe,
            fields,
            teams: log.party().dictionary.texts().map(team).collect(),
            handovers: handovers(log, &activities),
        })
    }

    /// Returns the handovers.
    pub fn handovers(&self) -> &[PastHandover] {
        &self.handovers
    }

    /// Returns the package that a handover would have been.
    ///
    /// # Errors
    /// With every problem, when what the log says makes no package.
    pub fn package(&self, handover: &PastHandover) -> Result<Package, Vec<Diagnostic>> {
        let mut payload = Map::new();
        for (name, bound) in &self.fields {
            if let Some(value) = self.value(*bound, handover) {
                payload.insert((*name).to_owned(), value);
            }
        }
        let team = usize::try_from(handover.from)
            .ok()
            .and_then(|from| self.teams.get(from));
        Package::read(json!({
            "baton": baton_scoring::package::FORMAT,
            "contract": {"name": self.recipe.contract},
            "work_item": self.work_item(handover),
            "sender": {"role": self.recipe.role, "team": team},
            "risk_tier": self.recipe.risk_tier,
            "payload": payload,
        }))
    }

    /// Returns the name under which a handover is spoken of.
    pub fn work_item(&self, handover: &PastHandover) -> String {
        let case = self.log.case_id(handover.case).unwrap_or("case");
        format!("{case}/{}", handover.number)
    }

    fn value(&self, bound: Bound<'_>, handover: &PastHandover) -> Option<Value> {
        match bound {
            Bound::Event(column, since) => self
                .is_known(since, handover)
                .then(|| of_column(column, handover.event))?,
            Bound::Latest(column, since) => {
                let events = self.log.events_of(handover.case).start..=handover.event;
                let row = events.rev().find(|&row| column.code(row).is_some())?;
                self.is_known(since, handover)
                    .then(|| of_column(column, row))?
            }
            Bound::Case(column) => of_column(column, handover.case),
            Bound::Present(column) => Some(column.code(handover.event).is_some().into()),
            Bound::Fact(fact) => self.fact(fact, handover),
            Bound::Text(text) => Some(text.into()),
        }
    }

    fn is_known(&self, since: Since<'_>, handover: &PastHandover) -> bool {
        match since {
            Since::Always => true,
            Since::Activity(None) => false,
            Since::Activity(code) => {
                let mut events = self.log.events_of(handover.case).start..=handover.event;
                events.any(|event| self.log.activity().code(event) == code)
            }
            Since::Column(column) => {
                let now = self.log.times().get(handover.event);
                let known = column.number(handover.event);
                known.zip(now).is_some_and(|(known, now)| known <= *now)
            }
        }
    }

    fn fact(&self, fact: Fact, handover: &PastHandover) -> Option<Value> {
        let party = |code| self.log.party().dictionary.text(code).map(Value::from);
        Some(match fact {
            Fact::Activity => return self.log.activity().text(handover.event).map(Value::from),
            Fact::From => return party(handover.from),
            Fact::To => return party(handover.to),
            Fact::At => handover.at.to_string().into(),
            Fact::HandoversBefore => handover.number.saturating_sub(1).into(),
            Fact::IsReturn => handover.is_return.into(),
            Fact::WasHere => handover.was_here.into(),
            Fact::MinutesOpen => handover.minutes_open.into(),
            Fact::MinutesHeld => handover.minutes_held.into(),
        })
    }
}

/// Returns the activities that handovers are chosen by, and those the log does not have.
fn chosen(log: &Log, recipe: &Recipe) -> (Vec<Code>, Vec<Diagnostic>) {
    let known = &log.activity().dictionary;
    let mut listed: Vec<_> = known.texts().collect();
    listed.sort_unstable();
    listed.truncate(10);
    let (mut activities, mut problems) = (Vec::new(), Vec::new());
    for (name, at) in recipe.activities.iter().zip(0_usize..) {
        match known.code(name) {
            Some(code) => activities.push(code),
            None => problems.push(
                Diagnostic::error(
                    FIELD,
                    "handovers are chosen by an activity the log does not have",
                )
                .pointing_to(format!("/activities/{at}"))
                .expected(format!("one of: {}", listed.join(", ")))
                .found(format!("`{name}`"))
                .hint("activities are spelled as in the log, upper and lower case apart"),
            ),
        }
    }
    (activities, problems)
}

/// Returns every handover of a log at which one of these activities happened, or every one.
fn handovers(log: &Log, activities: &[Code]) -> Vec<PastHandover> {
    let is_chosen = |event: usize| {
        let activity = log.activity().code(event);
        activities.is_empty() || activity.is_some_and(|activity| activities.contains(&activity))
    };
    let mut found = Vec::new();
    let mut seams = Vec::new();
    let time = |event: usize| log.times().get(event).copied();
    for case in 0..log.cases() {
        let events = log.events_of(case);
        seams_into(log, events.clone(), &mut seams);
        let first = events
            .clone()
            .find(|&event| log.party().code(event).is_some());
        let mut held_since = first.and_then(time);
        let mut holders: Vec<Code> = Vec::new();
        for (seam, number) in seams.iter().zip(1..) {
            let now = time(seam.event);
            // What crosses a time of nobody is no handover between two teams who met.
            if let Some(at) = now
                .and_then(instant)
                .filter(|_| seam.is_direct && is_chosen(seam.event))
            {
                found.push(PastHandover {
                    case,
                    event: seam.event,
                    number,
                    at,
                    from: seam.from,
                    to: seam.to,
                    is_return: seam.is_return,
                    was_here: holders.contains(&seam.to),
                    minutes_open: minutes(time(events.start), now),
                    minutes_held: minutes(held_since, now),
                });
            }
            holders.push(seam.from);
            held_since = now;
        }
    }
    found
}

/// Returns whole minutes between two times, none when they are out of order.
fn minutes(from: Option<i64>, to: Option<i64>) -> u64 {
    let between = from.zip(to).and_then(|(from, to)| to.checked_sub(from));
    u64::try_from(between.unwrap_or(0) / MINUTE).unwrap_or(0)
}

fn instant(micros: i64) -> Option<Instant> {
    let timestamp = jiff::Timestamp::from_microsecond(micros).ok()?;
    Some(Instant::from_timestamp(timestamp))
}

fn of_column(column: &Column, row: usize) -> Option<Value> {
    match column.kind {
        Kind::Boolean => column.number(row).map(|number| (number != 0).into()),
        Kind::Number { scale: 0 } => column.number(row).map(Value::from),
        // Digits after the point stay digits: no float reaches a package.
        Kind::Text | Kind::Number { .. } => column.text(row).map(Value::from),
        Kind::Time => Some(instant(column.number(row)?)?.to_string().into()),
    }
}

fn bind<'l>(
    log: &'l Log,
    mapping: &'l Mapping,
    origin: &'l Origin,
) -> Result<Bound<'l>, (String, String)> {
    match origin {
        Origin::Fact(fact) => Ok(Bound::Fact(*fact)),
        Origin::Text(text) => Ok(Bound::Text(text)),
        Origin::Present(name) => {
            let is = |own: &Option<Box<str>>| own.as_ref() == Some(name);
            let found = if is(&mapping.person) {
                Some(log.person())
            } else if is(&mapping.party) {
                Some(log.party())
            } else {
                log.column(name)
            };
            found.map(Bound::Present).ok_or_else(|| absent(log, name))
        }
        Origin::Column(name) | Origin::Latest(name) => {
            let rule = mapping.column(name).or_else(|| mapping.case_column(name));
            if let Some(rule) = rule {
                if rule.person {
                    let expected = "a column that names no person, or `present` in place of it";
                    return Err((expected.to_owned(), format!("`{name}`, which names people")));
                }
                if rule.known == Known::End {
                    let expected = "a value that is known at the handover".to_owned();
                    return Err((expected, format!("`{name}`, known only at the end")));
                }
            }
            if let Some(column) = log.case_column(name) {
                return match rule.map(|rule| &rule.known) {
                    None | Some(Known::Start) => Ok(Bound::Case(column)),
                    _ => Err((
                        "a value that is known at the handover".to_owned(),
                        format!("`{name}`, whose table has no time for it"),
                    )),
                };
            }
            let column = log.column(name).ok_or_else(|| absent(log, name))?;
            let since = match rule.map(|rule| &rule.known) {
                Some(Known::Activity(activity)) => {
                    Since::Activity(log.activity().dictionary.code(activity))
                }
                Some(Known::Column(time)) => {
                    Since::Column(log.column(time).ok_or_else(|| absent(log, time))?)
                }
                _ => Since::Always,
            };
            Ok(match origin {
                Origin::Latest(_) => Bound::Latest(column, since),
                _ => Bound::Event(column, since),
            })
        }
    }
}

fn absent(log: &Log, name: &str) -> (String, String) {
    let columns = log.columns().iter().chain(log.case_columns());
    let mut names: Vec<&str> = columns
        .filter(|column| !column.person)
        .map(|column| &*column.name)
        .collect();
    names.sort_unstable();
    let near = baton_document::shape::closest(name, names.iter().copied());
    let expected = match near {
        Some(near) => format!("a column that the log keeps, such as `{near}`"),
        None => "a column that the log keeps".to_owned(),
    };
    (expected, format!("`{name}`"))
}

/// Returns the id under which a team's name can stand in a package.
fn team(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars().take(50) {
        if c.is_ascii_alphanumeric() {
            text.push(c.to_ascii_lowercase());
        } else if !text.is_empty() && !text.ends_with('-') {
            text.push('-');
        }
    }
    let text = text.trim_end_matches('-');
    if text.starts_with(|first: char| first.is_ascii_lowercase()) {
        return text.to_owned();
    }
    format!("team-{text}").trim_end_matches('-').to_owned()
}
