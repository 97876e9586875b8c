//! What fuzz targets share: a key that signs what they were given, the keyring that knows it, and
//! what must hold of the records of any event log.

use std::sync::LazyLock;

use baton_eventlog::formats::{Broken, Collected};
use baton_evidence::keys::{Entry, Keyring, Kind, SigningKey};

/// The key that targets sign with.
pub static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_seed(&[7; 32]));

/// A keyring that holds [`KEY`] alone.
pub static KEYS: LazyLock<Keyring> = LazyLock::new(|| {
    Keyring::new([Entry {
        name: "fuzz".parse().expect("an id"),
        identity: "fuzz.example.com".to_owned(),
        public_key: KEY.public_key(),
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }])
});

/// Holds that each record has at most one value per column, and each refusal a code and words.
pub fn check_records(sink: &Collected, end: Result<(), Broken>) {
    for (_, values) in &sink.records {
        let mut fields: Vec<_> = values.iter().map(|(field, _)| *field).collect();
        fields.sort_unstable();
        fields.dedup();
        assert_eq!(fields.len(), values.len(), "two values in one column");
    }
    for refusal in &sink.refusals {
        assert!(
            !refusal.problem.message.is_empty(),
            "refused without a reason"
        );
    }
    if let Err(Broken::Format(problem)) = end {
        assert!(!problem.message.is_empty(), "broken without a reason");
    }
}
