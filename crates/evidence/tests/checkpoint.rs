//! Checkpoints and signed notes against the specifications' own examples and published ones.

use baton_evidence::checkpoint::{
    Checkpoint, CheckpointError, NoteSigner, SignatureState, SignedNote,
};
use baton_evidence::keys::{SigningKey, VerifierKey};
use baton_evidence::merkle::leaf_hash;
use proptest::prelude::*;

/// The example of C2SP tlog-checkpoint.
const SOFA: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
/// A note of the Go documentation, with its public key.
const NEUMANN: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const NEUMANN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// A checkpoint of the Go checksum database (January 2023), with a witness's signature on it.
const GOSUM: &str = "go.sum database tree\n15067302\ngJyioq6dwR9n+NjEWORfYmH+ubeYm3kH42BBQ0bTpYI=\n\n\u{2014} sum.golang.org Az3grp1rvWOs5NKlr/xR4GLN/CDyzzakmt1o61uSxYKpK1SerqOP2ClbX/peKUZjYnyomH5Xz7GZG3TpB7OeKn4E2ww=\n\u{2014} test.example.com qTGhC/xIPQ0AXKHK6Y+9ypRfuvMZWPjRXM8NiOg5M1WREn07VQXyuIXM3NRNav3ieVFLUqDRK77PWDmL6w8w84UqeAw=\n";
const GOSUM_KEY: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

// spec: EVIDENCE-52
#[test]
fn reads_and_writes_the_specification_example() {
    let (checkpoint, note) = Checkpoint::parse(SOFA.as_bytes()).unwrap();
    assert_eq!(checkpoint.origin(), "example.com/behind-the-sofa");
    assert_eq!(checkpoint.size(), 20_852_163);
    assert!(checkpoint.extensions().is_empty());
    assert_eq!(note.to_string(), SOFA);
}

// spec: EVIDENCE-53
#[test]
fn verifies_published_notes_and_ignores_unknown_signatures() {
    let known: VerifierKey = NEUMANN_KEY.parse().unwrap();
    assert_eq!(known.to_string(), NEUMANN_KEY);
    let note = SignedNote::parse(NEUMANN.as_bytes()).unwrap();
    assert_eq!(
        note.states(std::slice::from_ref(&known)),
        [SignatureState::Verified]
    );
    let changed = NEUMANN.replace("cryptography", "cryptographY");
    let note = SignedNote::parse(changed.as_bytes()).unwrap();
    assert_eq!(note.states(&[known]), [SignatureState::Wrong]);

    let (_, note) = Checkpoint::parse(GOSUM.as_bytes()).unwrap();
    let states = note.states(&[GOSUM_KEY.parse().unwrap()]);
    assert_eq!(states, [SignatureState::Verified, SignatureState::Unknown]);
    assert_eq!(note.states(&[]), [SignatureState::Unknown; 2]);
}

/// Notes with `R` for a good root and `S` for a good signature block, and what is wrong with each.
const REFUSED: &[(&str, &str)] = &[
    ("o\n01\nR\nS", "leading zero"),
    ("o\n+1\nR\nS", "sign"),
    ("o\n-1\nR\nS", "negative"),
    ("o\n 1\nR\nS", "space"),
    ("o\n0x1\nR\nS", "hex"),
    ("o\n\nR\nS", "empty size"),
    ("o\n18446744073709551616\nR\nS", "over 64 bits"),
    ("\n1\nR\nS", "empty origin"),
    ("o\n1\nS", "no root"),
    ("o\n1\nAAAA\nS", "short root"),
    (
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\nS",
        "no padding",
    ),
    (
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\nS",
        "loose bits",
    ),
    (
        "o\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\nS",
        "url alphabet",
    ),
    ("o\n1\nR\n\next\nS", "empty extension line"),
    ("o\r\n1\nR\nS", "carriage return"),
    ("o\t\n1\nR\nS", "tab"),
    ("o\u{7f}\n1\nR\nS", "delete character"),
    ("o\n1\nR\n", "no signature block"),
    ("o\n1\nR\n\n", "no signature"),
    ("o\n1\nR\n\n\u{2014} a AAAAAAA=", "no last newline"),
    ("o\n1\nR\n\n- a AAAAAAA=\n", "hyphen for dash"),
    ("o\n1\nR\n\n\u{2014}  AAAAAAA=\n", "empty name"),
    ("o\n1\nR\n\n\u{2014} a+b AAAAAAA=\n", "plus in name"),
    ("o\n1\nR\n\n\u{2014} a\u{a0}b AAAAAAA=\n", "space in name"),
    ("o\n1\nR\n\n\u{2014} a AAAA\n", "no key id"),
    ("o\n1\nR\n\n\u{2014} a AAAAAA==\n", "key id alone"),
    ("o\n1\nR\n\n\u{2014} a AAAAAAA= \n", "trailing space"),
    ("o\n1\nR\nStrailing\n", "line after signatures"),
    ("o\n1\nR\nSS", "second blank line"),
    ("", "nothing"),
];

// spec: EVIDENCE-52
#[test]
fn refuses_everything_the_specifications_refuse() {
    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let check = |template: &str| {
        let note = template
            .replace('S', "\n\u{2014} a AAAAAAA=\n")
            .replace('R', ROOT);
        Checkpoint::parse(note.as_bytes()).map(|_| ())
    };
    assert_eq!(check("o\n1\nR\nS"), Ok(()));
    assert_eq!(check("o\n0\nR\nextra\nS"), Ok(()));
    for (template, why) in REFUSED {
        assert!(check(template).is_err(), "{why}");
    }
    let signature = "\u{2014} a AAAAAAA=\n";
    assert_eq!(
        check(&format!("o\n1\nR\n\n{}", signature.repeat(64))),
        Ok(())
    );
    assert!(check(&format!("o\n1\nR\n\n{}", signature.repeat(65))).is_err());
    assert!(check(&format!("{}\n1\nR\nS", "o".repeat(70_000))).is_err());
    assert!(Checkpoint::parse(b"o\n1\n\xff\n\n\xe2\x80\x94 a AAAAAAA=\n").is_err());
    for origin in ["", "two\nlines", "tab\t"] {
        let refused = Checkpoint::new(origin, 1, leaf_hash(b""));
        assert!(matches!(refused, Err(CheckpointError::Origin { .. })));
    }
}

proptest! {
    // spec: EVIDENCE-53
    #[test]
    fn what_is_signed_reads_back_and_verifies_for_its_signers_only(
        origin in "[a-z./ +\u{e9}]{1,20}",
        size: u64,
        seeds in proptest::collection::vec(any::<[u8; 32]>(), 1..4),
    ) {
        let root = leaf_hash(origin.as_bytes());
        let keys: Vec<SigningKey> = seeds.iter().map(SigningKey::from_seed).collect();
        let signers: Vec<NoteSigner<'_>> = keys
            .iter()
            .map(|key| NoteSigner::new("example.com/log", key).unwrap())
            .collect();
        let checkpoint = Checkpoint::new(&origin, size, root).unwrap();
        let bytes = checkpoint.sign(&signers);
        let (read, note) = Checkpoint::parse(&bytes).unwrap();
        prop_assert_eq!(&read, &checkpoint);
        prop_assert_eq!(note.to_string().into_bytes(), bytes);
        let known: Vec<VerifierKey> = signers.iter().map(|signer| signer.public().clone()).collect();
        let states = note.states(&known);
        prop_assert!(states.iter().all(|state| *state == SignatureState::Verified));
        prop_assert_eq!(note.states(&known[..1])[0], SignatureState::Verified);
    }
}
