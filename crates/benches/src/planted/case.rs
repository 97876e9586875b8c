//! One invented case: attributes that hang together as they do in real trackers.

use crate::random::Random;

pub(super) const PRIORITIES: [&str; 4] = ["low", "normal", "high", "urgent"];
pub(super) const PRODUCTS: [&str; 8] = [
    "basket", "billing", "catalog", "checkout", "mobile", "partner", "search", "support",
];
pub(super) const REGIONS: [&str; 6] = ["center", "east", "islands", "north", "south", "west"];
pub(super) const CHANNELS: [&str; 5] = ["chat", "mail", "partner", "phone", "web"];
pub(super) const TIERS: [&str; 3] = ["basic", "free", "premium"];
pub(super) const KINDS: [&str; 6] = [
    "access",
    "change",
    "defect",
    "migration",
    "question",
    "report",
];
pub(super) const LANGUAGES: [&str; 8] = ["cs", "de", "en", "es", "fr", "it", "nl", "pl"];
pub(super) const TEAMS: [&str; 9] = [
    "accounts", "backend", "data", "frontend", "identity", "intake", "network", "payments",
    "quality",
];
pub(super) const OFFICES: [&str; 5] = ["aarhus", "brno", "cadiz", "delft", "essen"];

/// The attributes of one case, as places in the tables above.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) priority: usize,
    pub(super) product: usize,
    pub(super) component: usize,
    pub(super) region: usize,
    pub(super) channel: usize,
    pub(super) tier: usize,
    pub(super) kind: usize,
    pub(super) language: usize,
    /// Office of the owning team: follows `path` but not always, so that it can stand in for it.
    pub(super) office: usize,
    /// Teams in the order they held the case.
    pub(super) path: Vec<usize>,
    pub(super) points: i64,
    pub(super) waiting_seconds: i64,
    pub(super) open_work: i64,
    pub(super) assignee_missing: bool,
    /// Whether the case took the short way; rarely taken for migrations.
    pub(super) fast_track: bool,
    pub(super) weekday: usize,
}

impl Case {
    /// Draws a case that starts on this day.
    pub(super) fn draw(random: &mut Random, day: i64) -> Self {
        let product = random.weighted(&[15, 12, 14, 18, 9, 6, 18, 8]);
        let region = random.weighted(&[30, 18, 4, 20, 14, 14]);
        let kind = random.weighted(&[14, 22, 26, 20, 10, 8]);
        let first = Self::owner(random, product);
        let path = Self::path(random, first);
        let long_tail = random.below(40) * random.below(40) * random.below(40);
        let migration = KINDS.get(kind) == Some(&"migration");
        Self {
            priority: random.weighted(&[25, 45, 22, 8]),
            product,
            component: product * 5 + random.weighted(&[40, 25, 15, 12, 8]),
            region,
            channel: random.weighted(&[18, 26, 9, 20, 27]),
            tier: random.weighted(&[35, 45, 20]),
            kind,
            language: match random.below(10) {
                0..7 => region,
                _ => random.weighted(&[1; 8]),
            },
            office: match random.below(100) {
                0..85 => first % OFFICES.len(),
                _ => random.weighted(&[1; 5]),
            },
            path,
            points: i64::try_from(1 + random.below(5) * random.below(8)).unwrap_or(1),
            waiting_seconds: i64::try_from(60 + long_tail * 4).unwrap_or(60),
            open_work: i64::try_from(random.below(60) + random.below(60)).unwrap_or(0),
            assignee_missing: random.happens(2_000),
            fast_track: random.happens(if migration { 800 } else { 6_000 }),
            weekday: usize::try_from(day.rem_euclid(7)).unwrap_or_default(),
        }
    }

    /// Most products have a team of their own; some of their work lands elsewhere.
    fn owner(random: &mut Random, product: usize) -> usize {
        match random.below(10) {
            0..6 => product % TEAMS.len(),
            _ => random.weighted(&[10, 14, 8, 12, 8, 18, 10, 12, 8]),
        }
    }

    fn path(random: &mut Random, first: usize) -> Vec<usize> {
        let mut path = vec![first];
        while path.len() < 5 && random.happens(3_800) {
            let before = path
                .len()
                .checked_sub(2)
                .and_then(|at| path.get(at))
                .copied();
            let next = match before {
                Some(team) if random.happens(2_500) => team,
                _ => random.weighted(&[6, 18, 10, 14, 8, 6, 14, 14, 10]),
            };
            if path.last() != Some(&next) {
                path.push(next);
            }
        }
        path
    }

    /// Returns whether the case came back to the team that had it two hands before.
    pub(super) fn bounced(&self) -> bool {
        let back = self.path.iter().skip(2);
        self.path.iter().zip(back).any(|(one, other)| one == other)
    }

    /// Returns whether one team handed the case directly to the other.
    pub(super) fn handed(&self, from: usize, to: usize) -> bool {
        let next = self.path.iter().skip(1);
        self.path.iter().zip(next).any(|pair| pair == (&from, &to))
    }
}
