#!/usr/bin/env python3
"""Checks that Baton's attestations and those of other implementations understand each other.

Needs: pip install "securesystemslib[crypto]" in-toto-attestation

    verify_attestations.py [all]      verify, then check and mine
    verify_attestations.py verify     Baton signs, securesystemslib verifies, in-toto-attestation parses
    verify_attestations.py check      the same of what `$BATON check --attest` and `--attest-svr` write
    verify_attestations.py mine       the same of what `$BATON mine --attest` writes
    verify_attestations.py fixture    securesystemslib signs the fixture that Baton's tests verify
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "crates" / "evidence" / "tests" / "fixtures"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
DECISION = "https://baton.dev/attestation/decision/v1"
MINING_RUN = "https://baton.dev/attestation/mining-run/v1"
SVR = "https://in-toto.io/attestation/svr/v0.1"
SEED = bytes(range(32))


def verify() -> None:
    command = ["cargo", "run", "-q", "-p", "baton-evidence", "--example", "sign_statement", "--", SEED.hex()]
    made = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    public = load_pem_public_key(made["public_key_pem"].encode())
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert made["key_id"] == "sha256:" + hashlib.sha256(spki).hexdigest(), "the key id is the digest of the SPKI"
    key = SSlibKey.from_crypto(public, keyid=made["key_id"])

    envelope = Envelope.from_dict(json.loads(made["envelope"]))
    assert envelope.payload_type == PAYLOAD_TYPE
    assert list(envelope.verify([key], 1)) == [made["key_id"]]
    assert made["payload_digest"] == "sha256:" + hashlib.sha256(envelope.payload).hexdigest()

    statement = Statement.copy_from_pb(json_format.Parse(envelope.payload, statement_pb2.Statement()))
    statement.validate()
    assert statement.pb.predicate_type == TEST_RESULT
    assert statement.pb.subject[0].digest["sha256"] == hashlib.sha256(b"the artifact").hexdigest()
    predicate = json_format.MessageToJson(statement.pb.predicate)
    result = json_format.Parse(predicate, test_result_pb2.TestResult())
    assert result.result == "PASSED" and list(result.passed_tests) == ["unit", "integration"]

    for at in range(0, len(envelope.payload), 7):
        changed = bytearray(envelope.payload)
        changed[at] ^= 1
        try:
            Envelope(bytes(changed), envelope.payload_type, envelope.signatures).verify([key], 1)
        except VerificationError:
            continue
        raise AssertionError(f"a changed byte at {at} still verifies")
    print("ok: securesystemslib verifies and in-toto-attestation parses what Baton signed")


def check() -> None:
    """What `baton check --attest` writes, by the binary that $BATON names."""
    baton = os.environ.get("BATON", str(ROOT / "target" / "debug" / "baton"))
    contract = ROOT / "contracts" / "design-to-engineering"
    package = contract / "examples" / "complete.json"
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder)
        subprocess.run([baton, "keys", "generate", "--name", "interop", "--out", folder], check=True, capture_output=True)
        command = [baton, "check", "--contract", contract, "--package", package, "--as-of", "2026-11-20T09:00:00Z"]
        command += ["--key", made / "interop.secret.pem", "--attest", made / "decision", "--attest-svr", made / "svr"]
        answer = subprocess.run(command, capture_output=True, text=True)
        # The answer may be ready, review or critical; each is attested.
        assert answer.returncode in (0, 10, 20), answer.stderr
        public = load_pem_public_key((made / "interop.public.pem").read_bytes())
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        key = SSlibKey.from_crypto(public, keyid="sha256:" + hashlib.sha256(spki).hexdigest())
        # The example has no floats and no key beyond ASCII, so this is its canonical form (RFC 8785).
        document = json.loads(package.read_text())
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        posture = None
        for name, predicate_type in (("decision", DECISION), ("svr", SVR)):
            envelope = Envelope.from_dict(json.loads((made / name).read_text()))
            assert envelope.payload_type == PAYLOAD_TYPE
            assert list(envelope.verify([key], 1)) == [key.keyid]
            statement = Statement.copy_from_pb(json_format.Parse(envelope.payload, statement_pb2.Statement()))
            statement.validate()
            assert statement.pb.predicate_type == predicate_type
            assert statement.pb.subject[0].digest["sha256"] == hashlib.sha256(canonical).hexdigest()
            predicate = json.loads(json_format.MessageToJson(statement.pb.predicate))
            if predicate_type == DECISION:
                posture = predicate["posture"]
                assert predicate["contract"]["name"] == "design-to-engineering"
            else:
                assert predicate["timeCreated"] == "2026-11-20T09:00:00Z" and predicate["verifier"]["id"]
                assert f"BATON_POSTURE_{posture.upper()}" in predicate["properties"]
    print("ok: both attestations of `baton check` verify with securesystemslib")


def mine() -> None:
    """What `baton mine --attest` writes: its subject is the report, byte for byte."""
    baton = os.environ.get("BATON", str(ROOT / "target" / "debug" / "baton"))
    requests = ROOT / "examples" / "requests"
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder)
        subprocess.run([baton, "keys", "generate", "--name", "interop", "--out", folder], check=True, capture_output=True)
        command = [baton, "mine", requests / "requests.csv", "--mapping", requests / "requests.yaml", "--at", "event=built"]
        command += ["--depth", "1", "--resamples", "0", "--format", "json", "--out", made / "report.json"]
        command += ["--key", made / "interop.secret.pem", "--attest", made / "run"]
        subprocess.run(command, check=True, capture_output=True)
        public = load_pem_public_key((made / "interop.public.pem").read_bytes())
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        key = SSlibKey.from_crypto(public, keyid="sha256:" + hashlib.sha256(spki).hexdigest())
        envelope = Envelope.from_dict(json.loads((made / "run").read_text()))
        assert envelope.payload_type == PAYLOAD_TYPE
        assert list(envelope.verify([key], 1)) == [key.keyid]
        statement = Statement.copy_from_pb(json_format.Parse(envelope.payload, statement_pb2.Statement()))
        statement.validate()
        assert statement.pb.predicate_type == MINING_RUN
        written = (made / "report.json").read_bytes()
        assert statement.pb.subject[0].digest["sha256"] == hashlib.sha256(written).hexdigest()
        predicate, report = json.loads(json_format.MessageToJson(statement.pb.predicate)), json.loads(written)
        log = hashlib.sha256((requests / "requests.csv").read_bytes()).hexdigest()
        assert predicate["log"]["digests"] == report["input"]["digests"] == ["sha256:" + log]
        assert predicate["causes"] == [cause["id"] for cause in report["causes"]] != []
        assert predicate["failures"] == report["overview"]["failures"]
        for at in range(0, len(envelope.payload), 97):
            changed = bytearray(envelope.payload)
            changed[at] ^= 1
            try:
                Envelope(bytes(changed), envelope.payload_type, envelope.signatures).verify([key], 1)
            except VerificationError:
                continue
            raise AssertionError(f"a changed byte at {at} still verifies")
    print("ok: the attestation of `baton mine` verifies with securesystemslib and names the report and the log")


def fixture() -> None:
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"fixture of the interop test").digest())
    public = private.public_key()
    subject = {"name": "app.tar", "digest": {"sha256": hashlib.sha256(b"the artifact").hexdigest()}}
    predicate = {"result": "PASSED", "configuration": [{"name": "ci.yaml"}], "passedTests": ["unit"]}
    pb = json_format.ParseDict(
        {"_type": "https://in-toto.io/Statement/v1", "subject": [subject], "predicateType": TEST_RESULT, "predicate": predicate},
        statement_pb2.Statement(),
    )
    Statement.copy_from_pb(pb).validate()
    envelope = Envelope(json_format.MessageToJson(pb).encode(), PAYLOAD_TYPE, {})
    envelope.sign(CryptoSigner(private, SSlibKey.from_crypto(public)))
    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / "securesystemslib.envelope.json").write_text(json.dumps(envelope.to_dict(), indent=2) + "\n")
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (FIXTURES / "securesystemslib.public.pem").write_bytes(pem)
    print(f"ok: wrote the fixture to {FIXTURES}")


if __name__ == "__main__":
    commands = {"verify": [verify], "check": [check], "fixture": [fixture], "mine": [mine], "all": [verify, check, mine]}
    arguments = sys.argv[1:] or ["all"]
    if len(arguments) != 1 or arguments[0] not in commands:
        sys.exit(__doc__)
    for command in commands[arguments[0]]:
        command()
