//! Keys and keyrings from files.

use std::path::Path;

use baton_evidence::keys::{Keyring, SigningKey};
use baton_terms::limits;

use crate::failure::{Failure, UNREADABLE};
use crate::files;

/// Reads a keyring, naming everything that is wrong with it.
pub(crate) fn read_keyring(path: &Path) -> Result<Keyring, Failure> {
    let bytes = files::read(path, limits::CONTRACT_BYTES_MAX)?;
    Keyring::parse(&bytes).map_err(|problems| Failure::of_document(path, &problems))
}

/// Reads a secret signing key in PEM.
pub(crate) fn read_signing_key(path: &Path) -> Result<SigningKey, Failure> {
    let source = files::read_source(path, limits::CONTRACT_BYTES_MAX)?;
    SigningKey::from_pem(source.text()).map_err(|error| {
        Failure::new(
            UNREADABLE,
            format!("read the secret key `{}`", path.display()),
        )
        .expected("an ed25519 secret key in PKCS#8 PEM")
        .found(error.to_string())
        .hint("make one with `baton keys generate`")
    })
}
