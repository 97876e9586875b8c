//! What fuzz targets share: a key that signs what they were given, the keyring that knows it, and
//! what must hold of the records of any event log.

mod records;

use std::sync::LazyLock;

use baton_evidence::keys::{Entry, Keyring, Kind, SigningKey};

pub use records::check_records;

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
