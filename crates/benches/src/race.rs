//! Timing several ways of doing the same work alternately, and printing medians and ratios.

#![expect(
    clippy::print_stdout,
    reason = "a measuring program prints what it measured"
)]

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::Peer;

/// What one pass over a batch is counted in.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// Singular word, such as `check`.
    pub word: &'static str,
    /// How many of them one pass does.
    pub count: u32,
}

/// Ways of doing the same work; the first is what the others are compared with.
pub struct Race<'a> {
    unit: Unit,
    contenders: Vec<Contender<'a>>,
}

struct Contender<'a> {
    name: String,
    runner: Runner<'a>,
    times: Vec<Duration>,
}

enum Runner<'a> {
    Here(Box<dyn FnMut() + 'a>),
    Elsewhere(Peer),
}

impl<'a> Race<'a> {
    /// Returns a race without contenders.
    pub fn new(unit: Unit) -> Self {
        Self {
            unit,
            contenders: Vec::new(),
        }
    }

    /// Adds a way of doing one pass in this process.
    #[must_use]
    pub fn with<T>(self, name: &str, mut pass: impl FnMut() -> T + 'a) -> Self {
        let runner = Runner::Here(Box::new(move || {
            black_box(pass());
        }));
        self.entering(name.to_owned(), runner)
    }

    /// Adds a way of doing one pass in another process, timed by that process.
    #[must_use]
    pub fn against(self, peer: Peer) -> Self {
        let name = peer.name().to_owned();
        self.entering(name, Runner::Elsewhere(peer))
    }

    fn entering(mut self, name: String, runner: Runner<'a>) -> Self {
        self.contenders.push(Contender {
            name,
            runner,
            times: Vec::new(),
        });
        self
    }

    /// Leaves out contenders whose names do not contain `words`, for looking at one with a profiler.
    #[must_use]
    pub fn only(mut self, words: &str) -> Self {
        self.contenders
            .retain(|contender| contender.name.contains(words));
        self
    }

    /// Times one pass of each in turn, `rounds` times after a tenth of that as warm-up, and prints
    /// a table: the median time, and the median and spread of the ratios within a round.
    pub fn run(mut self, title: &str, rounds: usize) {
        for round in 0..=rounds + rounds / 10 {
            // Each round starts elsewhere, so that nobody always runs behind the same neighbor.
            let shift = round % self.contenders.len().max(1);
            self.contenders.rotate_left(shift);
            for contender in &mut self.contenders {
                let time = contender.pass();
                if round > rounds / 10 {
                    contender.times.push(time);
                }
            }
            self.contenders.rotate_right(shift);
        }
        self.print(title);
    }

    fn print(&self, title: &str) {
        let Some(base) = self.contenders.first() else {
            return;
        };
        let word = self.unit.word;
        println!("\n{title}\n");
        println!("| way | µs per {word} | {word} per second | ratio | 10% to 90% of rounds |");
        println!("|---|---:|---:|---:|---:|");
        for contender in &self.contenders {
            let each = median(contender.times.iter().map(Duration::as_secs_f64))
                / f64::from(self.unit.count);
            let ratios = contender.times.iter().zip(&base.times);
            let mut ratios: Vec<f64> = ratios
                .map(|(time, base)| time.as_secs_f64() / base.as_secs_f64())
                .collect();
            ratios.sort_by(f64::total_cmp);
            let at = |tenths: usize| ratios.get(ratios.len() * tenths / 10).copied();
            let [low, middle, high] = [1, 5, 9].map(|tenths| at(tenths).unwrap_or_default());
            println!(
                "| {} | {:.2} | {:.0} | {middle:.2} | {low:.2} to {high:.2} |",
                contender.name,
                each * 1e6,
                1.0 / each,
            );
        }
    }
}

impl Contender<'_> {
    fn pass(&mut self) -> Duration {
        match &mut self.runner {
            Runner::Here(pass) => {
                let start = processor_time();
                pass();
                processor_time().saturating_sub(start)
            }
            Runner::Elsewhere(peer) => peer.pass(),
        }
    }
}

/// Returns the time this thread has spent on a processor so far. Waiting for one does not count,
/// so other work on the machine disturbs less than it would a wall clock.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or_default();
    Duration::new(seconds, nanoseconds)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
