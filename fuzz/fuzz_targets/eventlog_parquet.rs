//! Any bytes as Parquet: records, refusals with a reason, or one reason to stop; never a panic of ours.
//!
//! A panic inside the `parquet` crate is caught by the reader and answered as a broken file, so here it
//! only must not end the process.

#![no_main]

use std::panic;

use baton_eventlog::formats::{Collected, parquet};
use baton_fuzz::check_records as check;

libfuzzer_sys::fuzz_target!(
    init: panic::set_hook(Box::new(|panic| {
        let file = panic.location().map_or("", panic::Location::file);
        if !file.contains("/parquet-") && !file.contains("/bytes-") {
            eprintln!("{panic}");
            std::process::abort();
        }
    })),
    |bytes: &[u8]| {
        let mut sink = Collected::up_to(10_000);
        let end = parquet::read(bytes, &mut sink);
        check(&sink, end);
    }
);
