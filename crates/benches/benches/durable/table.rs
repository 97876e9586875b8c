//! Medians of rates, and of their ratios within a round, as a table.

/// Rates of several contenders, one per round each.
pub(crate) struct Table {
    title: String,
    rows: Vec<(String, Vec<f64>)>,
}

impl Table {
    pub(crate) fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, name: &str, rate: f64) {
        match self.rows.iter_mut().find(|(known, _)| known == name) {
            Some((_, rates)) => rates.push(rate),
            None => self.rows.push((name.to_owned(), vec![rate])),
        }
    }

    /// Prints the rates and how they compare with the first contender's.
    pub(crate) fn print(&self) {
        println!(
            "\n{}:\n\n| way | per second | of the first |\n|---|---:|---:|",
            self.title
        );
        let Some((_, first)) = self.rows.first() else {
            return;
        };
        for (name, rates) in &self.rows {
            let ratios = rates
                .iter()
                .zip(first)
                .map(|(rate, first)| rate / first)
                .collect();
            println!(
                "| {name} | {:.0} | {:.2} |",
                median(rates.clone()),
                median(ratios)
            );
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
