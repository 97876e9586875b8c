//! Packages of about 4 KB, made from a seed: a set of requirements such as a product manager hands
//! to engineers. They fit `benches/check/package.schema.json` and `benches/check/contract.yaml`.

use serde_json::{Value, json};

/// Whether the clauses of the contract hold for a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// All of them do.
    Sound,
    /// The schema is kept, but seven clauses do not hold.
    Unfinished,
}

/// Digest of the artifact `test-report` that every package declares: of no bytes.
pub const ARTIFACT: &str =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const NAMES: [&str; 8] = ["ada", "ben", "cleo", "dana", "emil", "fay", "gil", "hana"];
const SUBJECTS: [&str; 8] = [
    "saved cards",
    "split payments",
    "gift vouchers",
    "shared baskets",
    "late refunds",
    "monthly invoices",
    "tax receipts",
    "partial orders",
];

/// Returns the bytes of `count` packages, without spaces, each with its newline left out.
pub fn packages(seed: u64, count: usize, quality: Quality) -> Vec<Vec<u8>> {
    let mut random = Random(seed);
    let package = |_| package(&mut random, quality).to_string().into_bytes();
    (0..count).map(package).collect()
}

/// The splitmix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick(&mut self, words: &[&'static str; 8]) -> &'static str {
        let at = usize::try_from(self.below(8)).unwrap_or_default();
        words.get(at).copied().unwrap_or_default()
    }
}

fn package(random: &mut Random, quality: Quality) -> Value {
    json!({
        "baton": "package/v1",
        "contract": {"name": "bench-requirements", "version": "1.0.0"},
        "work_item": format!("PAY-{}", random.below(10_000)),
        "sender": {"role": "product-manager", "team": "payments", "kind": "human", "actor": "ada"},
        "risk_tier": "low",
        "payload": payload(random, quality),
        "evidence": [{
            "id": "test-report", "media_type": "application/json", "digest": ARTIFACT,
            "created_at": format!("2026-11-{:02}T09:00:00Z", 10 + random.below(8)),
            "path": "artifacts/test-report.json",
        }],
    })
}

fn payload(random: &mut Random, quality: Quality) -> Value {
    let is_sound = quality == Quality::Sound;
    let subject = random.pick(&SUBJECTS);
    let owner = random.pick(&NAMES);
    // Somebody else's name when sound: no name ends like this one.
    let reviewer = if is_sound { "ines" } else { owner };
    json!({
        "title": format!("Checkout: {subject}"),
        "summary": format!("Buyers who come back use {subject} in one step and see what happened. ").repeat(3),
        "status": if is_sound { "ready" } else { "draft" },
        "points": 5 + random.below(30),
        "currency": "EUR",
        "budget_cents": 100_000 + random.below(300_000),
        "due": format!("2026-12-{:02}T09:00:00Z", 1 + random.below(28)),
        "owner": person(owner),
        "reviewer": person(reviewer),
        "risk": {"tier": "medium", "mitigation": if is_sound { "behind a flag, five percent first" } else { "" }},
        "rollback": {"tested": is_sound, "minutes": 1 + random.below(30)},
        "labels": ["payments", "web", if is_sound { "q4" } else { "blocked" }],
        "stories": (0..10).map(|at| story(random, at, quality)).collect::<Vec<_>>(),
        "safeguards": (0..4).map(|at| safeguard(random, at, quality)).collect::<Vec<_>>(),
    })
}

fn person(name: &str) -> Value {
    json!({"name": name, "email": format!("{name}@example.com")})
}

fn story(random: &mut Random, at: u64, quality: Quality) -> Value {
    let subject = random.pick(&SUBJECTS);
    let estimate = if quality == Quality::Unfinished && at == 7 {
        13
    } else {
        1 + random.below(8)
    };
    json!({
        "id": format!("S-{at}"),
        "title": format!("As a buyer I can use {subject} and see the receipt"),
        "estimate": estimate,
        "priority": if at.is_multiple_of(3) { "must" } else { "should" },
        "criteria": [
            format!("the amount of {subject} is shown before paying"),
            "a refused payment says why",
            "a receipt is sent within a minute",
        ],
    })
}

fn safeguard(random: &mut Random, at: u64, quality: Quality) -> Value {
    let subject = random.pick(&SUBJECTS);
    json!({
        "risk": format!("{subject} are charged twice"),
        "measure": "an idempotency key on every charge",
        "in_place": quality == Quality::Sound || at > 0,
    })
}
