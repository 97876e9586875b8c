//! Chance by place: each number is named by seed, replication, source, case, visit and what it is for.
//!
//! Scenarios of one run share these names, so a case that both know meets the same luck in both
//! (common random numbers), and what differs between them is the scenario.

use baton_rootcause::statistics::philox;

/// Where a case comes from; part of the name of its chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// It was open when the simulated weeks began.
    Backlog,
    /// It arrives as the fitted weeks say.
    Arrival,
    /// It arrives because a scenario has more arrivals.
    MoreArrivals,
}

/// What a number is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Which fitted weeks stand for the simulated ones.
    Weeks,
    /// How many cases arrive in an hour, and when.
    Count,
    /// What a new case begins with.
    Start,
    /// Whether a case arrives at all.
    Keep,
    /// How a team treats a case.
    Stay,
    /// A gate that a scenario adds.
    Approval,
}

/// The chance of one replication.
#[derive(Debug, Clone, Copy)]
pub struct Chance {
    key: [u32; 2],
    replication: u32,
}

impl Chance {
    /// Returns the chance of a replication under a seed.
    pub fn new(seed: u64, replication: u32) -> Self {
        let [b0, b1, b2, b3, b4, b5, b6, b7] = seed.to_le_bytes();
        Self {
            key: [
                u32::from_le_bytes([b0, b1, b2, b3]),
                u32::from_le_bytes([b4, b5, b6, b7]),
            ],
            // The upper byte names the source.
            replication: replication & 0x00ff_ffff,
        }
    }

    /// Returns the numbers for one purpose at one visit of one case.
    pub fn draws(self, purpose: Purpose, source: Source, (number, visit): (u32, u32)) -> Draws {
        let purpose = match purpose {
            Purpose::Weeks => 0,
            Purpose::Count => 1,
            Purpose::Start => 2,
            Purpose::Keep => 3,
            Purpose::Stay => 4,
            Purpose::Approval => 5,
        };
        let source = match source {
            Source::Backlog => 0,
            Source::Arrival => 1,
            Source::MoreArrivals => 2,
        };
        Draws {
            key: self.key,
            name: [
                (purpose << 24) | (visit & 0x00ff_ffff),
                number,
                (source << 24) | self.replication,
            ],
            block: 0,
            ready: [0; 4],
            used: 4,
        }
    }
}

/// Numbers in a row, all of one name.
#[derive(Debug, Clone)]
pub struct Draws {
    key: [u32; 2],
    name: [u32; 3],
    block: u32,
    ready: [u32; 4],
    used: usize,
}

impl Draws {
    /// Returns the next 32 bits.
    pub fn bits(&mut self) -> u32 {
        if let Some(&bits) = self.ready.get(self.used) {
            self.used += 1;
            return bits;
        }
        let [first, second, third] = self.name;
        self.ready = philox([self.block, first, second, third], self.key);
        self.block = self.block.wrapping_add(1);
        self.used = 1;
        let [bits, ..] = self.ready;
        bits
    }

    /// Returns a number below `end`, 0 for an end of 0. Each is equally likely up to one part in 2^32.
    pub fn below(&mut self, end: u32) -> u32 {
        let product = u64::from(self.bits()) * u64::from(end);
        u32::try_from(product >> 32).unwrap_or(0)
    }

    /// Returns a place in a list of this length, below 2^32 items.
    pub fn place(&mut self, length: usize) -> usize {
        let end = u32::try_from(length).unwrap_or(u32::MAX);
        usize::try_from(self.below(end)).unwrap_or(0)
    }

    /// Returns whether something that happens `percent` times in a hundred happens now.
    pub fn happens(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// Returns a number above 0 and below 1.
    pub fn unit(&mut self) -> f64 {
        (f64::from(self.bits()) + 0.5) / 4_294_967_296.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_depends_on_its_name_alone() {
        let draw = |seed, replication, purpose, source, place| {
            let chance = Chance::new(seed, replication);
            let mut draws = chance.draws(purpose, source, place);
            [
                draws.bits(),
                draws.bits(),
                draws.bits(),
                draws.bits(),
                draws.bits(),
            ]
        };
        let one = draw(7, 1, Purpose::Stay, Source::Arrival, (3, 2));
        assert_eq!(one, draw(7, 1, Purpose::Stay, Source::Arrival, (3, 2)));
        for other in [
            draw(8, 1, Purpose::Stay, Source::Arrival, (3, 2)),
            draw(7, 2, Purpose::Stay, Source::Arrival, (3, 2)),
            draw(7, 1, Purpose::Keep, Source::Arrival, (3, 2)),
            draw(7, 1, Purpose::Stay, Source::Backlog, (3, 2)),
            draw(7, 1, Purpose::Stay, Source::Arrival, (4, 2)),
            draw(7, 1, Purpose::Stay, Source::Arrival, (3, 3)),
        ] {
            assert_ne!(one, other);
        }
        let mut draws = Chance::new(1, 1).draws(Purpose::Weeks, Source::Backlog, (0, 0));
        assert!((0..1_000).all(|_| draws.below(7) < 7 && draws.place(0) == 0));
    }
}
