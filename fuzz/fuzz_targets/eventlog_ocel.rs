//! Any bytes as OCEL 2.0, as JSON and as XML: records, refusals with a reason, or one reason to stop;
//! never a panic.

#![no_main]

use baton_eventlog::formats::{Collected, ocel};
use baton_fuzz::check_records as check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for case_type in [None, Some("order")] {
        let mut sink = Collected::default();
        let end = ocel::read_json(bytes, case_type, &mut sink);
        check(&sink, end);
        let mut sink = Collected::default();
        let end = ocel::read_xml(bytes, case_type, &mut sink);
        check(&sink, end);
    }
});
