//! Reads a CSV of events by a mapping and says how much processor time and memory that took; used
//! by `benches/mining/import.sh`.
//!
//! Usage: `import_log EVENTS.csv MAPPING.yaml`
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program reads its files, prints, and stops at the first surprise"
)]

use baton_eventlog::import::{Format, import};
use baton_eventlog::mapping;
use baton_terms::Source;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (events, rules) = (arguments.next().unwrap(), arguments.next().unwrap());
    let text = std::fs::read_to_string(&rules).unwrap();
    let mapping = mapping::read(&Source::new(rules, text)).into_mapping();
    let file = std::fs::File::open(events).unwrap();
    let imported = import(file, Format::Csv, &mapping.unwrap(), &mut |_| ()).unwrap();
    let report = imported.report;
    println!(
        "{} events, {} cases, {} refused, log {} bytes",
        report.events,
        report.cases,
        report.rows_refused(),
        report.memory_bytes
    );
}
