//! Any bytes as issues of Jira: records, refusals with a reason, or one reason to stop; never a panic.

#![no_main]

use baton_eventlog::formats::{Collected, jira};
use baton_fuzz::check_records as check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut sink = Collected::default();
    let end = jira::read(bytes, &mut sink);
    check(&sink, end);
});
