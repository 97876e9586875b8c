//! Any bytes as a bundle, as JSON and wrapped into its page: a report, never a panic, and verified
//! only if it is the valid bundle of the corpus, byte for byte.

#![no_main]

use std::sync::LazyLock;

use baton_evidence::{
    bundle::{html, verify},
    keys::Keyring,
};

const VALID: &[u8] = include_bytes!("../../corpus/bundle/valid.json");

static KEYS: LazyLock<Keyring> = LazyLock::new(|| {
    let bytes = include_bytes!("../../corpus/bundle/keyring");
    Keyring::parse(bytes).expect("the corpus keyring is sound")
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let as_of = "2026-12-01T00:00:00Z".parse().expect("an instant");
    let page = html(bytes);
    let json = verify(bytes, Some(&KEYS), as_of);
    assert!(
        !json.is_verified() || bytes == VALID || bytes == html(VALID),
        "a forgery verifies"
    );
    let page = verify(&page, Some(&KEYS), as_of);
    assert!(
        !page.is_verified() || bytes == VALID,
        "a forgery verifies in a page"
    );
    verify(bytes, None, as_of);
    for finding in json.findings.iter().chain(&page.findings) {
        assert!(!finding.diagnostic().message.is_empty());
    }
});
