//! `baton check --attest`: statements about a package that other tools can verify.

use std::num::NonZero;

use baton_evidence::attestation::{DECISION, Expectation, ExpectedSubject, SVR, verify};
use baton_evidence::canonical;
use baton_evidence::json::{self, Limits};
use baton_evidence::keys::Keyring;

use crate::world::{AS_OF, LATER, World};

#[test]
fn a_check_is_attested_about_the_package_by_its_key() {
    let world = World::new();
    let attest = [
        "--as-of",
        AS_OF,
        "--attest",
        "a.dsse",
        "--attest-svr",
        "svr.dsse",
    ];
    world.check(&attest).says(0, &["READY"]);
    let package = json::read(&world.read("package.json"), Limits::PACKAGE).unwrap();
    let digest = canonical::digest(&package);
    let keys = Keyring::parse(&world.read("keyring.json")).unwrap();
    for (name, predicate_type) in [("a.dsse", DECISION), ("svr.dsse", SVR)] {
        let expectation = Expectation {
            subjects: vec![ExpectedSubject { name: None, digest }],
            predicate_types: vec![predicate_type.to_owned()],
            threshold: NonZero::<usize>::MIN,
            signer: None,
        };
        let envelope = world.read(name);
        let verified = verify(&envelope, &keys, LATER.parse().unwrap(), &expectation);
        assert!(verified.is_ok(), "{name}: {verified:?}");
    }
}
