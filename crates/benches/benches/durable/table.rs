//! Medians of what was measured, and of its ratios within a round, as a table.

/// What a contender did in one round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    /// Processor time of this process for one; none where another process does the work.
    pub(crate) micros: Option<f64>,
}

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

    /// Prints the rates and how they compare with the first contender's. The ratio of processor times is the one that a busy machine
    /// leaves as it is.
    pub(crate) fn print(&self) {
        println!(
            "\n{}:\n\n| way | per second | of the first | processor µs for one | the first's of it |\n|---|---:|---:|---:|---:|",
            self.title
        );
        let Some((_, first)) = self.rows.first() else {
            return;
        };
        for (name, rounds) in &self.rows {
            let rate = |one: &Measured| Some(one.per_second);
            println!(
                "| {name} | {:.0} | {:.2} | {} | {} |",
                median(rounds.iter().filter_map(rate)).unwrap_or(f64::NAN),
                ratio(rounds, first, rate).unwrap_or(f64::NAN),
                shown(median(rounds.iter().filter_map(|one| one.micros)), 1),
                shown(ratio(first, rounds, |one| one.micros), 2),
            );
        }
    }
}

fn ratio(
    of: &[Measured],
    by: &[Measured],
    value: impl Fn(&Measured) -> Option<f64>,
) -> Option<f64> {
    let rounds = of.iter().zip(by);
    median(rounds.filter_map(|(of, by)| Some(value(of)? / value(by)?)))
}

fn shown(value: Option<f64>, places: usize) -> String {
    value.map_or_else(String::new, |value| format!("{value:.places$}"))
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
