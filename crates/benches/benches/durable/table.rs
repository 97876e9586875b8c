//! Medians of what was measured, and of Baton's ratio to each contender within a round, as a table.

/// What a contender did in one round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    /// Processor time of this process for one; none where another process does the work.
    pub(crate) micros: Option<f64>,
}

/// What the names of Baton's own contenders start with; the first of them is compared with all.
const OURS: &str = "Baton";

/// Contenders, measured once in each round.
pub(crate) struct Table {
    title: String,
    rows: Vec<(String, Vec<Measured>)>,
}

impl Table {
    pub(crate) fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, name: &str, measured: Measured) {
        match self.rows.iter_mut().find(|(known, _)| known == name) {
            Some((_, rounds)) => rounds.push(measured),
            None => self.rows.push((name.to_owned(), vec![measured])),
        }
    }

    /// Prints the rates and how Baton's compares with each. The ratio of processor times is the one that a busy machine leaves as
    /// it is.
    pub(crate) fn print(&self) {
        println!(
            "\n{}:\n\n| way | per second | Baton, times this | least to most | processor µs for one | of Baton's |",
            self.title
        );
        println!("|---|---:|---:|---:|---:|---:|");
        let ours = self.rows.iter().find(|(name, _)| name.starts_with(OURS));
        let Some((_, ours)) = ours else {
            return;
        };
        for (name, rounds) in &self.rows {
            let rate = |one: &Measured| Some(one.per_second);
            let times = ratios(ours, rounds, rate);
            let ends = times.first().zip(times.last());
            println!(
                "| {name} | {} | {} | {} | {} | {} |",
                shown(median(&sorted(rounds.iter().filter_map(rate))), 0),
                shown(median(&times), 2),
                ends.map_or_else(String::new, |(least, most)| format!(
                    "{least:.2} to {most:.2}"
                )),
                shown(
                    median(&sorted(rounds.iter().filter_map(|one| one.micros))),
                    1
                ),
                shown(median(&ratios(rounds, ours, |one| one.micros)), 2),
            );
        }
    }
}

/// Returns the ratio of each round, the least first.
fn ratios(of: &[Measured], by: &[Measured], value: impl Fn(&Measured) -> Option<f64>) -> Vec<f64> {
    let rounds = of.iter().zip(by);
    sorted(rounds.filter_map(|(of, by)| Some(value(of)? / value(by)?)))
}

fn shown(value: Option<f64>, places: usize) -> String {
    value.map_or_else(String::new, |value| format!("{value:.places$}"))
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> Option<f64> {
    sorted.get(sorted.len() / 2).copied()
}
