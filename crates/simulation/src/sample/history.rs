//! The history of work: an event log in which two causes of failure are planted.
//!
//! A third attribute goes along with one of them and causes nothing, as in real logs; naming it as a
//! cause would be a mistake.

use std::fmt::Write as _;

use super::draw::Draws;
use super::files::Seed;
use super::organization::Organization;

/// Work items in the log.
const ITEMS: u64 = 1_000;
/// Minutes between two items on average.
const MINUTES_BETWEEN: u64 = 500;
/// 2025-06-02T08:00:00Z, a Monday, in minutes since 1970-01-01T00:00:00Z.
const FIRST_MINUTE: u64 = 29_147_520;

const AREAS: [&str; 5] = ["accounts", "checkout", "installments", "reports", "search"];
const CHANNELS: [&str; 4] = ["form", "hotline", "meeting", "message"];

/// How the log is read.
pub(super) const MAPPING: &str = "\
# How `events.csv` is read: which column is what. Made up by `baton sample`.
baton: mapping/v1
case: item
time: {column: at, format: \"%Y-%m-%d %H:%M\", zone: UTC}
activity: step
party: team
person: assignee # for counting only, so that no small group is ever shown
columns:
  area: {known: start}
  channel: {known: start, modifiable: true} # how the request came in
  criteria: {known: start, modifiable: true} # whether acceptance criteria were written
  urgency: {known: start}
outcomes:
  reopened:
    title: Reopened after release
    failed: count[\"reopened\"] > 0
";

/// A made-up history.
pub(super) struct History {
    planted: Planted,
    rows: String,
}

/// What makes work fail in the made-up organization.
#[derive(Debug, Clone, Copy)]
struct Planted {
    /// Work in this area fails when its criteria are missing.
    area: &'static str,
    /// Work that comes in this way fails.
    channel: &'static str,
}

/// One made-up request, as it is known from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// The part of the product it is about.
    pub area: &'static str,
    /// How it came in.
    pub channel: &'static str,
    /// Whether acceptance criteria were written.
    pub has_criteria: bool,
    /// Whether it is urgent.
    pub is_urgent: bool,
}

/// Requests that are still to come, in the organization of a seed: what makes work fail in its history
/// makes it fail here too.
#[derive(Debug)]
pub struct Requests {
    planted: Planted,
    draws: Draws,
}

impl Requests {
    /// Returns requests of the organization of `seed`, another row of them for each `name`.
    pub fn to_come(seed: Seed, name: &str) -> Self {
        Self {
            planted: Planted::draw(&mut Draws::of(seed.0, "history")),
            draws: Draws::of(seed.0, &format!("to come: {name}")),
        }
    }

    /// Returns the next request.
    pub fn next_request(&mut self) -> Request {
        self.planted.request(&mut self.draws)
    }

    /// Returns whether a request comes back once it is handed over like this.
    pub fn comes_back(&mut self, request: &Request) -> bool {
        let chance = self.planted.chance(request);
        self.draws.happens(chance)
    }

    /// Returns whether something happens that does in `percent` of cases.
    pub fn happens(&mut self, percent: u64) -> bool {
        self.draws.happens(percent)
    }

    /// Returns a number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.draws.below(limit)
    }

    /// Returns the area in which work fails when its criteria are missing, and the channel that is a cause.
    pub fn planted(&self) -> (&'static str, &'static str) {
        (self.planted.area, self.planted.channel)
    }
}

impl Planted {
    fn draw(draws: &mut Draws) -> Self {
        Self {
            area: draws.one_of(&AREAS).copied().unwrap_or("search"),
            channel: draws.one_of(&CHANNELS).copied().unwrap_or("form"),
        }
    }

    fn request(self, draws: &mut Draws) -> Request {
        let area = draws.one_of(&AREAS).copied().unwrap_or("search");
        let channel = draws.one_of(&CHANNELS).copied().unwrap_or("form");
        Request {
            area,
            channel,
            has_criteria: draws.happens(60),
            // Goes along with the channel and causes nothing.
            is_urgent: draws.happens(if channel == self.channel { 70 } else { 20 }),
        }
    }

    /// Returns in how many of a hundred cases a request comes back; the planted causes are here and
    /// nowhere else.
    fn chance(self, request: &Request) -> u64 {
        let mut chance = 5;
        if request.area == self.area && !request.has_criteria {
            chance += 65;
        }
        if request.channel == self.channel {
            chance += 30;
        }
        chance
    }
}

impl History {
    pub(super) fn draw(seed: Seed, organization: &Organization) -> Self {
        let mut draws = Draws::of(seed.0, "history");
        let mut history = Self {
            planted: Planted::draw(&mut draws),
            rows: String::new(),
        };
        for number in 0..ITEMS {
            let request = history.planted.request(&mut draws);
            let comes_back = draws.happens(history.planted.chance(&request));
            let minute = FIRST_MINUTE + number * MINUTES_BETWEEN + draws.below(MINUTES_BETWEEN);
            let item = (&request, comes_back);
            history.write((number, minute), item, (organization, &mut draws));
        }
        history
    }

    fn write(
        &mut self,
        (number, minute): (u64, u64),
        (item, comes_back): (&Request, bool),
        (organization, draws): (&Organization, &mut Draws),
    ) {
        let mut team = |role: &str| {
            let teams = organization.playing(role);
            draws.one_of(&teams).copied().unwrap_or("unnamed")
        };
        let (product, engineering) = (team("product-manager"), team("engineer"));
        let (testing, release) = (team("tester"), team("release-manager"));
        let mut steps = vec![
            ("requested", product),
            ("specified", product),
            ("built", engineering),
            ("tested", testing),
            ("released", release),
        ];
        if comes_back {
            steps.push(("reopened", engineering));
        }
        let mut minute = minute;
        for (place, (step, team)) in steps.into_iter().enumerate() {
            let person = organization.somebody(team, draws);
            let known = if place == 0 {
                format!(
                    "{},{},{},{}",
                    item.area,
                    item.channel,
                    if item.has_criteria { "written" } else { "" },
                    if item.is_urgent { "urgent" } else { "usual" }
                )
            } else {
                ",,,".to_owned()
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                self.rows,
                "MADE-UP-{},{},{step},{team},{person},{known}",
                1_000 + number,
                shown(minute)
            );
            minute += 90 + draws.below(2_400);
        }
    }

    pub(super) fn to_csv(&self) -> String {
        format!(
            "item,at,step,team,assignee,area,channel,criteria,urgency\n{}",
            self.rows
        )
    }

    pub(super) fn causes_in_words(&self) -> Vec<String> {
        vec![
            format!("area is “{}” and criteria is missing", self.planted.area),
            format!("channel is “{}”", self.planted.channel),
        ]
    }
}

/// Writes minutes since 1970-01-01T00:00:00Z as a time in UTC.
fn shown(minute: u64) -> String {
    let minutes = i64::try_from(minute).unwrap_or(i64::MAX / 60);
    jiff::Timestamp::from_second(minutes.saturating_mul(60))
        .map(|time| time.strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}
