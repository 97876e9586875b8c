//! `just sim SEEDS [FIRST]`: runs seeds, and prints what they went through and what was broken.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use baton_testkit::check::Counted;
use baton_testkit::simulation::{Severity, run};

#[expect(clippy::print_stdout, reason = "a command that prints its answer")]
fn main() -> ExitCode {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|number| number.parse::<u64>().ok());
    let (seeds, first) = (numbers.next().unwrap_or(200), numbers.next().unwrap_or(0));
    let mut counted = Counted::default();
    let mut injected: BTreeMap<String, u64> = BTreeMap::new();
    let mut states: BTreeSet<String> = BTreeSet::new();
    let (mut refused, mut failed) = (0, 0);
    for seed in first..first.saturating_add(seeds) {
        let outcome = run(seed, Severity::USUAL);
        for broken in &outcome.broken {
            println!("seed {seed}: {broken}");
        }
        failed += u64::from(!outcome.broken.is_empty());
        counted.add(&outcome.counted);
        states.extend(outcome.states);
        refused += outcome.refused;
        for (word, times) in outcome.injected {
            *injected.entry(word).or_default() += times;
        }
    }
    println!("seeds {seeds} from {first}, {failed} with a promise not kept");
    println!(
        "handoffs {}, events {}, acknowledged {}, refused {refused}, accepted {}, rolled back {}, escalated {}, timers fired {}",
        counted.handoffs,
        counted.events,
        counted.acknowledged,
        counted.accepted,
        counted.rolled_back,
        counted.escalated,
        counted.fired
    );
    println!(
        "states {}: {}",
        states.len(),
        states.into_iter().collect::<Vec<_>>().join(", ")
    );
    for (word, times) in injected {
        println!("injected {word}: {times}");
    }
    if failed == 0 {
        println!("lost 0, doubled 0");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
