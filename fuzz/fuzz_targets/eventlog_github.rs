//! Any bytes as objects of GitHub: records, refusals with a reason, or one reason to stop; never a panic.

#![no_main]

use baton_eventlog::formats::{Collected, github};
use baton_fuzz::check_records as check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut sink = Collected::default();
    let end = github::read(bytes, &mut sink);
    check(&sink, end);
});
