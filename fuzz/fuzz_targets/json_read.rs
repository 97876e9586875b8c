//! Any bytes: the strict JSON reader returns a value or diagnostics, never a panic; and what it
//! accepts has a canonical form that reads back as the same value (RFC 8785).

#![no_main]

use baton_evidence::canonical;
use baton_evidence::json::{Limits, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match read(bytes, Limits::CONTRACT) {
        Ok(value) => {
            let written = canonical::to_bytes(&value);
            let again = read(&written, Limits::of(usize::MAX, usize::MAX));
            assert_eq!(
                again.as_ref(),
                Ok(&value),
                "the canonical form reads as another value"
            );
            assert_eq!(
                canonical::to_bytes(&value),
                written,
                "the canonical form changes"
            );
        }
        Err(problems) => assert!(!problems.is_empty(), "refused without a reason"),
    }
});
