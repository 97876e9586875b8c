//! Checks of 4 KB packages against a contract of 25 clauses, beside parsing plus bare schema
//! validation, the plain use of the `cel` crate, and peers in other languages.
//!
//! `cargo bench -p baton-benches --bench check_throughput -- [--rounds N] [--stages] [--only WORDS] [--peer NAME=COMMAND …]`;
//! `benches/check/run.sh` starts it with the Python peers.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a measuring program stops at the first surprise and reads its own files"
)]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use baton_benches::sample::{self, Quality};
use baton_benches::{Peer, Race, Unit};
use baton_contract::document::Document;
use baton_contract::model::{Check, Clause};
use baton_evidence::json::{Limits, Tree};
use baton_evidence::keys::Keyring;
use baton_scoring::evidence::{Artifact, Available, EvidenceIndex};
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::Waivers;
use baton_scoring::wire::Posture;
use baton_scoring::{CheckedContract, Inputs};
use baton_terms::{Digest, Source};
use serde_json::{Value, json};

const SEED: u64 = 2;
const PACKAGES: usize = 64;
const AS_OF: &str = "2026-11-20T09:00:00Z";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str| {
        arguments
            .iter()
            .position(|a| a == flag)
            .map(|at| &arguments[at + 1])
    };
    let rounds = after("--rounds").map_or(200, |rounds| rounds.parse().unwrap());
    let only = after("--only").map_or("", String::as_str);
    let has_stages = arguments.iter().any(|argument| argument == "--stages");
    let peers: Vec<&String> = (arguments.iter().zip(arguments.iter().skip(1)))
        .filter(|(flag, _)| *flag == "--peer")
        .map(|(_, peer)| peer)
        .collect();
    let bench = Bench::load();
    for (quality, title) in [
        (Quality::Sound, "Every clause holds"),
        (
            Quality::Unfinished,
            "The schema is kept, seven clauses do not hold",
        ),
    ] {
        let packages = sample::packages(SEED, PACKAGES, quality);
        let bytes: usize = packages.iter().map(Vec::len).sum();
        let title = format!(
            "{title}: {PACKAGES} packages of {} bytes on average",
            bytes / PACKAGES
        );
        bench.assert_agreement(&packages, quality);
        let folder = bench.write_for_peers(&packages, quality);
        let peers = peers.iter().map(|peer| Peer::start(peer, &folder).unwrap());
        bench.whole(&packages, peers).only(only).run(&title, rounds);
        if has_stages {
            bench
                .stages(&packages)
                .only(only)
                .run(&format!("{title}: stages, each alone"), rounds);
        }
    }
}

/// Everything that is made once.
struct Bench {
    schema: Value,
    contract: CheckedContract,
    context: Context,
    history: History,
    waivers: Waivers,
    keyring: Keyring,
    artifacts: BTreeMap<String, Artifact>,
    validator: jsonschema::Validator,
    /// Text for `cel`, by clause.
    conditions: Vec<Condition>,
}

/// A clause's condition as other implementations of the language read it.
struct Condition {
    when: Option<String>,
    text: String,
    is_graded: bool,
}

struct Compiled {
    when: Option<cel::Program>,
    program: cel::Program,
    is_graded: bool,
}

impl Bench {
    fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/check");
        let read = |name: &str| {
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            Source::new(name, text)
        };
        let schema = read("package.schema.json");
        let document = Document {
            main: read("contract.yaml"),
            files: BTreeMap::from([("package.schema.json".to_owned(), schema.clone())]),
        };
        let contract = CheckedContract::compile(&document.read()).unwrap();
        let schema: Value = serde_json::from_str(schema.text()).unwrap();
        Self {
            validator: jsonschema::validator_for(&schema).unwrap(),
            schema,
            conditions: contract.clauses().filter_map(Condition::of).collect(),
            contract,
            context: Context::at(AS_OF.parse().unwrap()),
            history: History {
                handoffs: Some(40),
                accepted: Some(33),
                needs_input: Some(4),
                declined: Some(3),
                ..History::default()
            },
            waivers: Waivers::default(),
            keyring: Keyring::default(),
            artifacts: BTreeMap::from([(
                "test-report".to_owned(),
                Artifact::Digest(Digest::of(b"")),
            )]),
        }
    }

    /// What a sender's work is read with: bytes in, package out.
    fn package(bytes: &[u8]) -> Package {
        Package::read(Tree::read(bytes, Limits::PACKAGE).unwrap()).unwrap()
    }

    fn index(&self, package: &Package) -> EvidenceIndex {
        let available = Available {
            artifacts: &self.artifacts,
            keyring: &self.keyring,
            as_of: self.context.as_of,
        };
        self.contract
            .evidence_index(package, &self.context, &available)
    }

    fn inputs<'a>(&'a self, package: &'a Package, evidence: &'a EvidenceIndex) -> Inputs<'a> {
        Inputs {
            package,
            evidence,
            waivers: &self.waivers,
            history: &self.history,
            context: &self.context,
        }
    }

    fn is_valid(&self, bytes: &[u8]) -> bool {
        let document: Value = serde_json::from_slice(bytes).unwrap();
        self.validator.is_valid(&document["payload"])
    }

    fn compile_for_cel(&self) -> Vec<Compiled> {
        let compile = |text: &String| cel::Program::compile(text).unwrap();
        let compiled = |condition: &Condition| Compiled {
            when: condition.when.as_ref().map(compile),
            program: compile(&condition.text),
            is_graded: condition.is_graded,
        };
        self.conditions.iter().map(compiled).collect()
    }

    /// Parses, validates, converts for `cel`, and returns how many conditions are fully met.
    fn met_by_cel(&self, bytes: &[u8], programs: &[Compiled], facts: &Value) -> usize {
        let document: Value = serde_json::from_slice(bytes).unwrap();
        assert!(self.validator.is_valid(&document["payload"]));
        let mut context = cel::Context::default();
        context.add_variable_from_value("packet", cel_value(&document["payload"]));
        for (name, value) in facts.as_object().unwrap() {
            context.add_variable_from_value(name.as_str(), cel_value(value));
        }
        let holds = |program: &cel::Program| program.execute(&context) == Ok(true.into());
        let is_met = |compiled: &&Compiled| {
            if compiled.when.as_ref().is_some_and(|when| !holds(when)) {
                return true;
            }
            if compiled.is_graded {
                compiled.program.execute(&context) == Ok(cel::Value::Int(10_000))
            } else {
                holds(&compiled.program)
            }
        };
        programs.iter().filter(is_met).count()
    }

    /// Returns what expressions see beside the package; for peers, the same for every package.
    fn facts() -> Value {
        json!({
            "evidence": {"test-report": {"state": "present", "present": true, "age": "345600s",
                "media_type": "application/json", "properties": []}},
            "context": {"as_of": AS_OF, "risk_tier": "low", "work_item": "PAY-1", "receiver_pressure": 0,
                "sender": {"role": "product-manager", "team": "payments", "kind": "human", "actor": "ada"}},
            "history": {"handoffs": 40, "accepted": 33, "needs_input": 4, "declined": 3, "reopened": 0, "met": []},
        })
    }

    /// What is timed must also be right: both evaluators agree on how much is met.
    fn assert_agreement(&self, packages: &[Vec<u8>], quality: Quality) {
        let programs = self.compile_for_cel();
        let facts = Self::facts();
        for bytes in packages {
            let package = Self::package(bytes);
            let index = self.index(&package);
            let card = self.contract.check(&self.inputs(&package, &index)).unwrap();
            let unmet = card.findings.iter().filter(|f| f.state.is_unmet()).count();
            assert_eq!(unmet, self::unmet(quality));
            assert_eq!(card.posture == Posture::Ready, quality == Quality::Sound);
            assert_eq!(
                self.met_by_cel(bytes, &programs, &facts),
                programs.len() - unmet
            );
            assert!(self.is_valid(bytes));
        }
    }

    /// Writes what the peers read: packages by line, schema, conditions and facts.
    fn write_for_peers(&self, packages: &[Vec<u8>], quality: Quality) -> PathBuf {
        let name = format!("bench-check-{quality:?}").to_lowercase();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let conditions: Vec<Value> = self.conditions.iter().map(Condition::to_value).collect();
        let files = [
            ("packages.jsonl", packages.join(&b'\n')),
            ("schema.json", self.schema.to_string().into_bytes()),
            (
                "conditions.json",
                Value::from(conditions).to_string().into_bytes(),
            ),
            ("facts.json", Self::facts().to_string().into_bytes()),
            (
                "expected.json",
                json!({"unmet": unmet(quality)}).to_string().into_bytes(),
            ),
        ];
        for (name, bytes) in files {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
        folder
    }

    fn race() -> Race<'static> {
        Race::new(Unit {
            word: "check",
            count: u32::try_from(PACKAGES).unwrap(),
        })
    }

    fn whole<'a>(&'a self, packages: &'a [Vec<u8>], peers: impl Iterator<Item = Peer>) -> Race<'a> {
        let indexes: Vec<EvidenceIndex> = packages
            .iter()
            .map(|bytes| self.index(&Self::package(bytes)))
            .collect();
        let indexes = std::rc::Rc::new(indexes);
        let programs = self.compile_for_cel();
        let facts = Self::facts();
        let assess_indexes = std::rc::Rc::clone(&indexes);
        let race = Self::race()
            .with("serde_json parse, bare `jsonschema` is_valid", move || {
                packages.iter().filter(|bytes| self.is_valid(bytes)).count()
            })
            .with("Baton: strict read, assess", move || {
                let assess = |(bytes, index): (&Vec<u8>, &EvidenceIndex)| {
                    let package = Self::package(bytes);
                    let assessment = self.contract.assess(&self.inputs(&package, index));
                    assessment.findings.len()
                };
                packages
                    .iter()
                    .zip(assess_indexes.iter())
                    .map(assess)
                    .sum::<usize>()
            })
            .with(
                "Baton: strict read, check (scorecard with its digests)",
                move || {
                    let check = |(bytes, index): (&Vec<u8>, &EvidenceIndex)| {
                        let package = Self::package(bytes);
                        let card = self.contract.check(&self.inputs(&package, index)).unwrap();
                        card.findings.len()
                    };
                    packages
                        .iter()
                        .zip(indexes.iter())
                        .map(check)
                        .sum::<usize>()
                },
            )
            .with(
                "Baton: the same with evidence index and scorecard bytes",
                move || {
                    let check = |bytes: &Vec<u8>| {
                        let package = Self::package(bytes);
                        let index = self.index(&package);
                        let card = self.contract.check(&self.inputs(&package, &index)).unwrap();
                        card.to_bytes().unwrap().len()
                    };
                    packages.iter().map(check).sum::<usize>()
                },
            )
            .with(
                "serde_json, bare `jsonschema`, `cel` crate used plainly",
                move || {
                    let met = |bytes: &Vec<u8>| self.met_by_cel(bytes, &programs, &facts);
                    packages.iter().map(met).sum::<usize>()
                },
            );
        peers.fold(race, Race::against)
    }

    /// What the parts cost, each on its own.
    fn stages<'a>(&'a self, packages: &'a [Vec<u8>]) -> Race<'a> {
        let read: Vec<Package> = packages.iter().map(|bytes| Self::package(bytes)).collect();
        let read = std::rc::Rc::new(read);
        let indexes: Vec<EvidenceIndex> = read.iter().map(|package| self.index(package)).collect();
        let indexes = std::rc::Rc::new(indexes);
        let stage = || (std::rc::Rc::clone(&read), std::rc::Rc::clone(&indexes));
        let [valid, digest, index, assess, check, card] = std::array::from_fn(|_| stage());
        let payloads = std::cell::OnceCell::new();
        Self::race()
            .with("serde_json parse", move || {
                let parse = |bytes: &Vec<u8>| serde_json::from_slice::<Value>(bytes).unwrap();
                packages.iter().map(parse).filter(Value::is_object).count()
            })
            .with("strict JSON read", move || {
                let parse = |bytes: &Vec<u8>| Tree::read(bytes, Limits::PACKAGE).unwrap();
                packages
                    .iter()
                    .map(parse)
                    .filter(|tree| tree.root().is_map())
                    .count()
            })
            .with("strict JSON read, package", move || {
                packages
                    .iter()
                    .map(|bytes| Self::package(bytes).evidence().len())
                    .sum::<usize>()
            })
            .with("bare `jsonschema` is_valid", move || {
                let payload = |package: &Package| package.payload().to_value();
                let is_valid = |payload: &&Value| self.validator.is_valid(payload);
                let payloads: &Vec<Value> =
                    payloads.get_or_init(|| valid.0.iter().map(payload).collect());
                payloads.iter().filter(is_valid).count()
            })
            .with("canonical form and digest of the package", move || {
                let of = |p: &Package| baton_evidence::canonical::view_digest(p.document());
                digest.0.iter().map(of).collect::<Vec<_>>()
            })
            .with("evidence index", move || {
                index
                    .0
                    .iter()
                    .map(|p| self.index(p).items().len())
                    .sum::<usize>()
            })
            .with("assessment of a read package", move || {
                let inputs = assess.0.iter().zip(assess.1.iter());
                let assess = |(p, i)| self.contract.assess(&self.inputs(p, i)).findings.len();
                inputs.map(assess).sum::<usize>()
            })
            .with("scorecard of a read package", move || {
                let inputs = check.0.iter().zip(check.1.iter());
                let check = |(p, i)| {
                    self.contract
                        .check(&self.inputs(p, i))
                        .unwrap()
                        .findings
                        .len()
                };
                inputs.map(check).sum::<usize>()
            })
            .with("scorecard of a read package and its bytes", move || {
                let inputs = card.0.iter().zip(card.1.iter());
                let bytes = |(p, i)| {
                    let card = self.contract.check(&self.inputs(p, i)).unwrap();
                    card.to_bytes().unwrap().len()
                };
                inputs.map(bytes).sum::<usize>()
            })
    }
}

impl Condition {
    fn of(clause: &Clause) -> Option<Self> {
        let (text, is_graded) = match &clause.check {
            Check::Expect(text) => (text, false),
            Check::Graded(text) => (text, true),
            Check::BuiltIn(_) => return None,
        };
        Some(Self {
            when: clause.when.as_deref().map(for_others),
            text: for_others(text),
            is_graded,
        })
    }

    fn to_value(&self) -> Value {
        json!({"when": self.when, "text": self.text, "graded": self.is_graded})
    }
}

/// Returns how many clauses of each package do not hold.
fn unmet(quality: Quality) -> usize {
    match quality {
        Quality::Sound => 0,
        Quality::Unfinished => 7,
    }
}

/// Others reserve the word `package` and do not type times by schema.
fn for_others(text: &str) -> String {
    text.replace("package", "packet")
        .replace("packet.due", "timestamp(packet.due)")
        .replace("context.as_of", "timestamp(context.as_of)")
        .replace(
            "evidence[\"test-report\"].age <",
            "duration(evidence[\"test-report\"].age) <",
        )
}

/// Converts a document for `cel`: its own conversion makes whole numbers unsigned, which then do
/// not multiply with the literals of an expression.
fn cel_value(json: &Value) -> cel::Value {
    match json {
        Value::Null => cel::Value::Null,
        Value::Bool(value) => cel::Value::Bool(*value),
        Value::Number(number) => cel::Value::Int(number.as_i64().unwrap()),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(cel_value).collect::<Vec<_>>().into(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.as_str(), cel_value(value)))
            .collect::<HashMap<_, _>>()
            .into(),
    }
}
