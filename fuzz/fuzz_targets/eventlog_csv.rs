//! CSV of events, plain or packed: never a panic, and every row is either an event or refused.
#![no_main]

use baton_eventlog::import::{Format, import};
use baton_eventlog::mapping;
use baton_terms::Source;
use libfuzzer_sys::fuzz_target;

const MAPPING: &str = include_str!("../../corpus/eventlogs/mapping.yaml");

fuzz_target!(|bytes: &[u8]| {
    let mapping = mapping::read(&Source::new("mapping.yaml", MAPPING)).into_mapping();
    let mapping = mapping.expect("the mapping of the corpus is sound");
    if let Ok(imported) = import(bytes, Format::Csv, &mapping, &mut |_| ()) {
        let report = &imported.report;
        let rows: u64 = report.files.iter().map(|file| file.rows).sum();
        assert_eq!(rows, report.events + report.rows_refused());
        assert!(imported.log.cases() <= imported.log.events());
    }
});
