//! Any bytes as an attestation: nothing unsigned verifies. Any bytes as what was signed: signed here
//! with a known key, so that everything behind the signature is reached as well.

#![no_main]

use std::num::NonZero;

use baton_evidence::attestation::{
    Expectation, ExpectedSubject, PAYLOAD_TYPE, Predicate, Statement, countersign, sign, verify,
};
use baton_fuzz::{KEY, KEYS};
use baton_terms::{Digest, Instant};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let as_of: Instant = "2026-11-16T09:00:00Z".parse().expect("an instant");
    let expectation = |digest: Digest, kind: &str| Expectation {
        subjects: vec![ExpectedSubject { name: None, digest }],
        predicate_types: vec![kind.to_owned()],
        threshold: NonZero::<usize>::MIN,
        signer: None,
    };
    let any = expectation(Digest::of(b""), PAYLOAD_TYPE);
    assert!(
        verify(bytes, &KEYS, as_of, &any).is_err(),
        "verified without a signature"
    );
    let _ = countersign(bytes, &KEY);
    let Ok(statement) = Statement::parse(bytes) else {
        return;
    };
    let _ = Predicate::parse(&statement);
    let envelope = sign(&statement, &KEY);
    if let Some(digest) = statement
        .subjects
        .first()
        .and_then(|subject| subject.digest())
    {
        let asked = expectation(digest, &statement.predicate_type);
        let result = verify(&envelope, &KEYS, as_of, &asked);
        assert!(result.is_ok(), "{result:?}");
    }
});
