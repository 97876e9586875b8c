//! The engine against closed forms: M/M/1 and M/M/c in steady state, within what chance allows, and
//! small networks whose every step is known.

use super::{Arrival, Case, Next, Phase, Station, Stay, World, run};
use crate::chance::{Chance, Purpose, Source};

/// Ticks of a mean service: enough for whole ticks not to matter.
const SERVICE: f64 = 100_000.0;

/// Poisson arrivals, exponential work, one station.
struct Textbook {
    chance: Chance,
    /// Mean time between arrivals.
    between: f64,
    arrived: u32,
    arrivals_max: u32,
    clock: i64,
    waits: Vec<i64>,
}

fn exponential(mean: f64, unit: f64) -> i64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "a test's own numbers"
    )]
    let ticks = (-mean * libm::log(unit)).round() as i64;
    ticks
}

fn case(number: u32, at: i64) -> Case {
    Case {
        source: Source::Arrival,
        number,
        visit: 0,
        from: None,
        station: 0,
        target: 0,
        tag: 0,
        since: at,
        arrived: at,
    }
}

impl World for Textbook {
    fn next_arrival(&mut self) -> Option<Arrival> {
        let number = self.arrived;
        if number == self.arrivals_max {
            return None;
        }
        self.arrived += 1;
        let mut draws = self
            .chance
            .draws(Purpose::Count, Source::Arrival, (number, 0));
        self.clock += exponential(self.between, draws.unit());
        Some(Arrival {
            at: self.clock,
            case: case(number, self.clock),
            stay: None,
            phase: Phase::Waiting,
        })
    }

    fn stay(&mut self, case: &Case, _: i64) -> Stay {
        let mut draws = self
            .chance
            .draws(Purpose::Stay, Source::Arrival, (case.number, 0));
        Stay {
            is_touched: true,
            delay: 0,
            work: exponential(SERVICE, draws.unit()),
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

/// The probability that an arrival waits in M/M/c with offered load `load` (Erlang 1917), by the
/// recursion of the loss formula.
fn erlang_c(servers: u32, load: f64) -> f64 {
    let mut loss = 1.0;
    for server in 1..=servers {
        loss = load * loss / (f64::from(server) + load * loss);
    }
    let busy = load / f64::from(servers);
    loss / (1.0 - busy * (1.0 - loss))
}

/// Holds the mean wait and the share that waits against the closed form, in standard errors of
/// batch means.
fn check(servers: u32, busy: f64, seed: u64) {
    const CASES: u32 = 44_000;
    const BATCHES: usize = 20;
    let load = busy * f64::from(servers);
    let mut world = Textbook {
        chance: Chance::new(seed, 0),
        between: SERVICE / load,
        arrived: 0,
        arrivals_max: CASES,
        clock: 0,
        waits: Vec::new(),
    };
    let station = Station {
        servers: Some(servers),
        ..Station::default()
    };
    let totals = run(&[station], &mut world);
    assert_eq!(totals.events, 3 * u64::from(CASES));
    assert_eq!(totals.peaks, [servers]);
    // The first ones find an empty station.
    let waits = world.waits.get(4_000..).unwrap();
    let waiting = erlang_c(servers, load);
    let mean = waiting * SERVICE / (f64::from(servers) * (1.0 - busy));
    let identity: fn(f64) -> f64 = |wait| wait;
    for (name, expected, measure) in [
        ("mean wait", mean, identity),
        ("share that waits", waiting, |wait| {
            f64::from(u8::from(wait > 0.0))
        }),
    ] {
        let batches: Vec<f64> = waits
            .chunks(waits.len() / BATCHES)
            .map(|batch| {
                #[expect(
                    clippy::as_conversions,
                    clippy::cast_precision_loss,
                    reason = "a test's own numbers"
                )]
                let sum = batch.iter().map(|&wait| measure(wait as f64)).sum::<f64>();
                sum / f64::from(u32::try_from(batch.len()).unwrap())
            })
            .collect();
        let found = batches.iter().sum::<f64>() / 20.0;
        let variance = batches
            .iter()
            .map(|batch| (batch - found).powi(2))
            .sum::<f64>()
            / 19.0;
        let error = (variance / 20.0).sqrt();
        assert!(
            (found - expected).abs() < 4.0 * error && error < 0.2 * expected,
            "{servers} servers, {busy} busy, {name}: {found} ± {error}, expected {expected}"
        );
    }
}

#[test]
fn one_server_waits_as_the_formula_says() {
    check(1, 0.5, 1);
    check(1, 0.8, 2);
}

#[test]
fn several_servers_wait_as_erlang_says() {
    check(3, 0.7, 3);
    check(8, 0.85, 4);
}

/// Cases with a script: each visit as listed, every time known.
struct Script {
    arrivals: Vec<Arrival>,
    stays: Vec<Stay>,
    said: Vec<(u32, usize, i64, i64)>,
    left: Vec<(u32, i64)>,
}

impl World for Script {
    fn next_arrival(&mut self) -> Option<Arrival> {
        (!self.arrivals.is_empty()).then(|| self.arrivals.remove(0))
    }
    fn stay(&mut self, case: &Case, _: i64) -> Stay {
        self.stays[usize::try_from(case.visit).unwrap()]
    }
    fn started(&mut self, case: &Case, now: i64) {
        self.said.push((case.number, case.station, case.since, now));
    }
    fn untouched(&mut self, case: &Case) {
        self.said.push((case.number, case.station, case.since, -1));
    }
    fn handed_over(&mut self, _: &Case) {}
    fn left(&mut self, case: &Case, now: i64) {
        self.left.push((case.number, now));
    }
    fn is_over(&self, _: i64) -> bool {
        false
    }
}

fn new_work(number: u32, at: i64) -> Arrival {
    Arrival {
        at,
        case: case(number, at),
        stay: None,
        phase: Phase::Waiting,
    }
}

fn stay(delay: i64, work: i64, next: Next) -> Stay {
    Stay {
        is_touched: true,
        delay,
        work,
        rest: 0,
        next,
    }
}

#[test]
fn servers_doors_and_gates_hold_cases_back() {
    let go = |station, through| Next::Go {
        station,
        tag: 0,
        through,
    };
    let servers = |servers| Station {
        servers: Some(servers),
        ..Station::default()
    };
    let mut world = Script {
        arrivals: vec![new_work(0, 0), new_work(1, 0)],
        stays: vec![stay(5, 10, go(1, Some(2))), stay(0, 20, Next::Leave)],
        said: Vec::new(),
        left: Vec::new(),
    };
    // The gate asks the script too: the visit is the second, so it takes 20 for each, one at a time.
    let gate = Station {
        is_gate: true,
        ..servers(1)
    };
    run(&[servers(2), servers(2), gate], &mut world);
    assert_eq!(
        world.said,
        [(0, 0, 0, 5), (1, 0, 0, 5), (0, 1, 15, 35), (1, 1, 15, 55)]
    );
    assert_eq!(world.left, [(0, 55), (1, 75)]);

    // With room for one, the second waits before the door until the first has left.
    let mut world = Script {
        arrivals: vec![new_work(0, 0), new_work(1, 1)],
        stays: vec![stay(5, 10, Next::Leave)],
        said: Vec::new(),
        left: Vec::new(),
    };
    let narrow = Station {
        room: Some(1),
        ..Station::default()
    };
    run(&[narrow], &mut world);
    assert_eq!(world.said, [(0, 0, 0, 5), (1, 0, 1, 20)]);
}

#[test]
fn a_case_under_way_keeps_its_server_and_an_untouched_one_takes_none() {
    let under_way = Arrival {
        stay: Some(stay(0, 30, Next::Leave)),
        phase: Phase::InWork,
        ..new_work(0, 0)
    };
    let mut world = Script {
        arrivals: vec![under_way, new_work(1, 1)],
        stays: vec![stay(0, 10, Next::Leave)],
        said: Vec::new(),
        left: Vec::new(),
    };
    let one = Station {
        servers: Some(1),
        ..Station::default()
    };
    run(&[one], &mut world);
    assert_eq!(world.said, [(1, 0, 1, 30)]);

    let untouched = Stay {
        is_touched: false,
        ..stay(9, 9, Next::Leave)
    };
    let mut world = Script {
        arrivals: vec![new_work(0, 3)],
        stays: vec![untouched],
        said: Vec::new(),
        left: Vec::new(),
    };
    run(&[one], &mut world);
    assert_eq!(
        (world.said, world.left),
        (vec![(0, 0, 3, -1)], vec![(0, 3)])
    );
}
