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
    /// Work in this area fails when its criteria are missing.
    area: &'static str,
    /// Work that comes in this way fails.
    channel: &'static str,
    rows: String,
}

/// What is known of one work item from the start, and whether it comes back.
struct Item {
    area: &'static str,
    channel: &'static str,
    has_criteria: bool,
    is_urgent: bool,
    comes_back: bool,
}

impl History {
    pub(super) fn draw(seed: Seed, organization: &Organization) -> Self {
        let mut draws = Draws::of(seed.0, "history");
        let mut history = Self {
            area: draws.one_of(&AREAS).copied().unwrap_or("search"),
            channel: draws.one_of(&CHANNELS).copied().unwrap_or("form"),
            rows: String::new(),
        };
        for number in 0..ITEMS {
            let item = history.item(&mut draws);
            let minute = FIRST_MINUTE + number * MINUTES_BETWEEN + draws.below(MINUTES_BETWEEN);
            history.write((number, minute), &item, (organization, &mut draws));
        }
        history
    }

    /// Draws an item; the planted causes are here and nowhere else.
    fn item(&self, draws: &mut Draws) -> Item {
        let area = draws.one_of(&AREAS).copied().unwrap_or("search");
        let channel = draws.one_of(&CHANNELS).copied().unwrap_or("form");
        let has_criteria = draws.happens(60);
        // Goes along with the channel and causes nothing.
        let is_urgent = draws.happens(if channel == self.channel { 70 } else { 20 });
        let mut chance = 5;
        if area == self.area && !has_criteria {
            chance += 65;
        }
        if channel == self.channel {
            chance += 30;
        }
        Item {
            area,
            channel,
            has_criteria,
            is_urgent,
            comes_back: draws.happens(chance),
        }
    }

    fn write(
        &mut self,
        (number, minute): (u64, u64),
        item: &Item,
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
        if item.comes_back {
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
            format!("area is “{}” and criteria is missing", self.area),
            format!("channel is “{}”", self.channel),
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
