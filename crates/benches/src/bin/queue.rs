//! Cases per CPU second that the engine of events takes through M/M/8 at 85% load, and their mean
//! wait in mean services: `queue`. `benches/loop/queue.sh` runs it beside Python's simulators.
#![expect(clippy::print_stdout, reason = "a measurement prints what it measured")]

use baton_network::chance::{Chance, Purpose, Source};
use baton_network::events::{Arrival, Case, Next, Phase, Station, Stay, World, run};
use rustix::time::{ClockId, clock_gettime};

const CASES: u32 = 2_000_000;
const SERVERS: u32 = 8;
const BUSY: f64 = 0.85;
/// Ticks of a mean service.
const SERVICE: f64 = 1_000_000.0;
/// Runs; the fastest one counts.
const RUNS: u32 = 3;

struct Textbook {
    chance: Chance,
    arrived: u32,
    clock: i64,
    waits: Vec<i64>,
}

impl Textbook {
    fn exponential(&self, purpose: Purpose, number: u32, mean: f64) -> i64 {
        let mut draws = self.chance.draws(purpose, Source::Arrival, (number, 0));
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "far below 2^63"
        )]
        let ticks = (-mean * libm::log(draws.unit())) as i64;
        ticks
    }
}

impl World for Textbook {
    fn next_arrival(&mut self) -> Option<Arrival> {
        let number = self.arrived;
        if number == CASES {
            return None;
        }
        self.arrived += 1;
        self.clock += self.exponential(
            Purpose::Count,
            number,
            SERVICE / (f64::from(SERVERS) * BUSY),
        );
        Some(Arrival {
            at: self.clock,
            case: Case {
                source: Source::Arrival,
                number,
                visit: 0,
                from: None,
                station: 0,
                target: 0,
                tag: 0,
                since: self.clock,
                arrived: self.clock,
            },
            stay: None,
            phase: Phase::Waiting,
        })
    }

    fn stay(&mut self, case: &Case, _: i64) -> Stay {
        Stay {
            is_touched: true,
            delay: 0,
            work: self.exponential(Purpose::Stay, case.number, SERVICE),
            rest: 0,
            next: Next::Leave,
        }
    }

    fn started(&mut self, case: &Case, now: i64) {
        self.waits.push(now - case.since);
    }

    fn untouched(&mut self, _: &Case) {}
    fn handed_over(&mut self, _: &Case) {}
    fn left(&mut self, _: &Case, _: i64) {}
    fn is_over(&self, _: i64) -> bool {
        false
    }
}

fn main() {
    let (mut least, mut mean) = (f64::INFINITY, 0.0);
    for replication in 0..RUNS {
        let before = cpu();
        let mut world = Textbook {
            chance: Chance::new(1, replication),
            arrived: 0,
            clock: 0,
            waits: Vec::new(),
        };
        let station = Station {
            servers: Some(SERVERS),
            ..Station::default()
        };
        run(&[station], &mut world);
        least = least.min(cpu() - before);
        let sum: i64 = world.waits.iter().sum();
        let whole = u32::try_from(sum / i64::from(CASES)).unwrap_or(u32::MAX);
        mean += f64::from(whole) / SERVICE / f64::from(RUNS);
    }
    println!("{:.0} {mean:.4}", f64::from(CASES) / least);
}

fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    std::time::Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
    .as_secs_f64()
}
