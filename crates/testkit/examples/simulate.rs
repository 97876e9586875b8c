//! `just sim SEEDS [FIRST]`: runs seeds, and prints what they went through and what was broken.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use baton_contract::model::Condition;
use baton_testkit::check::Counted;
use baton_testkit::simulation::{Scene, Severity, run};

#[expect(clippy::print_stdout, reason = "a command that prints its answer")]
fn main() -> ExitCode {
    let asked = match Asked::read(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(why) => {
            println!("{why}\nusage: simulate [SEEDS [FIRST]] [--condition NAME]");
            return ExitCode::from(2);
        }
    };
    let Asked { seeds, first, .. } = asked;
    let mut counted = Counted::default();
    let mut injected: BTreeMap<String, u64> = BTreeMap::new();
    let mut states: BTreeSet<String> = BTreeSet::new();
    let (mut refused, mut failed) = (0, 0);
    for seed in first..first.saturating_add(seeds) {
        let outcome = match asked.scene(seed) {
            Ok(scene) => run(seed, &scene, Severity::USUAL),
            Err(why) => {
                println!("{why}");
                return ExitCode::FAILURE;
            }
        };
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

/// What is to be run.
struct Asked {
    seeds: u64,
    first: u64,
    condition: Option<Condition>,
}

impl Asked {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut numbers = Vec::new();
        let mut condition = None;
        while let Some(argument) = arguments.next() {
            if argument == "--condition" {
                let name = arguments.next().unwrap_or_default();
                let known = Condition::from_word(&name);
                condition = Some(known.ok_or_else(|| format!("`{name}` is no condition"))?);
            } else {
                let number = argument.parse::<u64>();
                numbers.push(number.map_err(|_| format!("`{argument}` is no number"))?);
            }
        }
        Ok(Self {
            seeds: numbers.first().copied().unwrap_or(200),
            first: numbers.get(1).copied().unwrap_or(0),
            condition,
        })
    }

    /// Returns what a seed is run under: the condition asked for, or the usual and each condition in turn.
    fn scene(&self, seed: u64) -> Result<Scene, String> {
        match self.condition {
            Some(condition) => Scene::of(condition),
            None => Scene::of_seed(seed),
        }
    }
}
