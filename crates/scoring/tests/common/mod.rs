//! Generated contracts, packages and circumstances, and both ways of checking them.
#![allow(dead_code, reason = "each test file uses its own part")]

use baton_contract::document::Document;
use baton_reference as reference;
use baton_scoring::evidence::{EvidenceIndex, Item, Requirement, State};
use baton_scoring::explain::{Path, shortest_path};
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::Waivers;
use baton_scoring::wire::Scorecard;
use baton_scoring::{CheckedContract, Inputs};
use baton_terms::Source;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Time of every generated check.
pub(crate) const AS_OF: &str = "2026-11-20T09:00:00Z";
const BEFORE: &str = "2026-11-20T08:59:59Z";
const AFTER: &str = "2026-11-20T09:00:01Z";
const EVIDENCE: [&str; 3] = ["doc", "report", "scan"];

/// One generated check, all of it plain JSON.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) contract: Value,
    pub(crate) package: Value,
    pub(crate) evidence: Value,
    pub(crate) waivers: Value,
    pub(crate) history: Value,
    pub(crate) context: Value,
}

/// The parts of a case that the check reads, parsed.
pub(crate) struct Parsed {
    pub(crate) contract: CheckedContract,
    pub(crate) package: Package,
    pub(crate) evidence: EvidenceIndex,
    pub(crate) waivers: Waivers,
    pub(crate) history: History,
    pub(crate) context: Context,
}

impl Case {
    pub(crate) fn parse(&self) -> Parsed {
        let contract = compile(&self.contract.to_string());
        let package = Package::read(self.package.clone()).unwrap();
        Parsed {
            contract,
            evidence: index(&self.evidence),
            waivers: Waivers::from_value(&self.waivers).unwrap(),
            history: History::read(&self.history).unwrap(),
            context: Context::read(&self.context(&package)).unwrap(),
            package,
        }
    }

    /// The context, with `same` for the approved package replaced by the package's digest.
    fn context(&self, package: &Package) -> Value {
        let mut context = self.context.clone();
        if context.get("approved_package") == Some(&json!("same")) {
            context["approved_package"] = json!(package.digest().to_string());
        }
        context
    }

    pub(crate) fn by_reference(&self) -> reference::Verdict {
        let package = Package::read(self.package.clone()).unwrap();
        reference::check(&reference::Inputs {
            contract: self.contract.clone(),
            package: self.package.clone(),
            package_digest: package.digest().to_string(),
            evidence: self.evidence.clone(),
            waivers: self.waivers.clone(),
            history: self.history.clone(),
            context: self.context(&package),
        })
    }
}

impl Parsed {
    pub(crate) fn inputs(&self) -> Inputs<'_> {
        Inputs {
            package: &self.package,
            evidence: &self.evidence,
            waivers: &self.waivers,
            history: &self.history,
            context: &self.context,
        }
    }

    pub(crate) fn check(&self) -> Scorecard<'_> {
        self.contract.check(&self.inputs()).unwrap()
    }
}

/// Compiles a contract written as YAML or JSON.
pub(crate) fn compile(text: &str) -> CheckedContract {
    let reading = Document::alone(Source::new("contract", text)).read();
    CheckedContract::compile(&reading).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"))
}

/// The outcome in the words of the reference.
pub(crate) fn verdict(scorecard: &Scorecard<'_>, contract: &CheckedContract) -> reference::Verdict {
    let path = match shortest_path(scorecard, contract) {
        Path::None { .. } => None,
        Path::Fixes { fixes, .. } => {
            let is_fixed = |clause: &str| fixes.iter().any(|fix| fix.clause == clause);
            let findings = scorecard
                .findings
                .iter()
                .map(|finding| finding.clause.to_string());
            Some(findings.filter(|clause| is_fixed(clause)).collect())
        }
    };
    let word = |value: Value| value.as_str().unwrap().to_owned();
    let finding = |f: &baton_scoring::wire::Finding<'_>| reference::Finding {
        clause: f.clause.to_string(),
        state: f.state.word().to_owned(),
        value: f.value.get(),
        would_be: f.would_be.map(|state| state.word().to_owned()),
        waiver: f.waiver.clone(),
    };
    let refused = |r: &baton_scoring::wire::WaiverRefused| {
        (
            r.waiver.clone(),
            word(serde_json::to_value(r.reason).unwrap()),
        )
    };
    reference::Verdict {
        findings: scorecard.findings.iter().map(finding).collect(),
        dimensions: scorecard
            .dimensions
            .iter()
            .map(|d| (d.id.to_string(), d.score.map(baton_terms::BasisPoints::get)))
            .collect(),
        score: scorecard.score.map(baton_terms::BasisPoints::get),
        risk: scorecard.risk.get(),
        posture: scorecard.posture.word().to_owned(),
        gates: scorecard
            .gates
            .iter()
            .map(|g| {
                (
                    g.gate.to_string(),
                    word(serde_json::to_value(g.state).unwrap()),
                )
            })
            .collect(),
        waivers_refused: scorecard.waivers_refused.iter().map(refused).collect(),
        path,
    }
}

fn index(evidence: &Value) -> EvidenceIndex {
    let item = |(id, entry): (&String, &Value)| {
        let requirement: Requirement =
            serde_json::from_value(entry["requirement"].clone()).unwrap();
        let state: State = serde_json::from_value(entry["state"].clone()).unwrap();
        Item::new(id, requirement, state)
    };
    EvidenceIndex::new(evidence.as_object().unwrap().iter().map(item))
}

/// A contract with everything that must be there, and these clauses.
pub(crate) fn contract(clauses: &Value) -> Value {
    json!({
        "baton": "contract/v1", "name": "generated", "version": "1.2.0", "title": "Generated",
        "purpose": "To be checked.", "owner": {"team": "owners"},
        "from": {"role": "sender"}, "to": {"role": "receiver"},
        "outcomes": [],
        "inputs": {
            "schema": {
                "type": "object",
                "required": ["n", "flag", "list"],
                "properties": {
                    "n": {"type": "integer", "minimum": -1000, "maximum": 1000},
                    "flag": {"type": "boolean"},
                    "list": {"type": "array", "maxItems": 20, "items": {"type": "integer"}},
                    "short": {"type": "string", "maxLength": 3},
                },
            },
            "evidence": [
                {"id": "doc", "title": "Document", "media_types": ["text/plain"], "required": true},
                {"id": "report", "title": "Report", "media_types": ["text/plain"], "required": false},
                {"id": "scan", "title": "Scan", "media_types": ["text/plain"], "when": "package.flag"},
            ],
        },
        "dimensions": [{"id": "one", "weight": 30}, {"id": "two", "weight": 70}],
        "clauses": clauses,
    })
}

/// A package for that contract.
pub(crate) fn package(payload: &Value) -> Value {
    json!({
        "baton": "package/v1", "contract": {"name": "generated"}, "work_item": "W-1",
        "sender": {"role": "sender", "team": "makers", "actor": "ana"},
        "risk_tier": "low", "payload": payload,
    })
}

/// A clause with these parts over the defaults.
pub(crate) fn clause(id: &str, parts: &Value) -> Value {
    let mut clause = json!({
        "id": id, "dimension": "one", "weight": 10, "severity": "minor",
        "because": "It matters.", "fix": "Mend it.", "effort": 1,
    });
    for (key, value) in parts.as_object().unwrap() {
        clause[key] = value.clone();
    }
    clause
}

/// A case in which nothing but contract and payload is special.
pub(crate) fn plain(contract: Value, payload: &Value) -> Case {
    Case {
        contract,
        package: package(payload),
        evidence: json!({
            "doc": {"requirement": "required", "state": "present", "present": true},
            "report": {"requirement": "not-required", "state": "not-required", "present": false},
            "scan": {"requirement": "not-required", "state": "not-required", "present": false},
        }),
        waivers: json!({"baton": "waivers/v1", "waivers": []}),
        history: json!({"baton": "history/v1", "handoffs": 0}),
        context: json!({"baton": "context/v1", "as_of": AS_OF, "receiver_pressure": 0}),
    }
}

fn condition() -> impl Strategy<Value = String> {
    let k = -2_i64..6;
    prop_oneof![
        4 => Just("true".to_owned()),
        1 => k.clone().prop_map(|k| format!("package.n > {k}")),
        1 => Just("package.flag".to_owned()),
        1 => Just("!package.flag".to_owned()),
        1 => k.clone().prop_map(|k| format!("package.list.size() >= {k}")),
        1 => (0_i64..6).prop_map(|k| format!("package.list[{k}] > 0")),
        1 => k.clone().prop_map(|k| format!("10 / package.n == {k}")),
        1 => k.clone().prop_map(|k| format!("package.list.all(x, x > {k})")),
        1 => k.clone().prop_map(|k| format!("package.list.exists(x, 6 / x == {k})")),
        1 => Just("package.flag || 10 / package.n > 1".to_owned()),
        1 => Just("package.flag && package.list[3] > 0".to_owned()),
        1 => Just("context.risk_tier == \"high\"".to_owned()),
        1 => k.clone().prop_map(|k| format!("context.receiver_pressure > {k}000")),
        1 => k.prop_map(|k| format!("history.handoffs >= {k}")),
        1 => Just("evidence.doc.present".to_owned()),
    ]
}

fn grade() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_i64..3000).prop_map(|k| format!("package.n * {k}")),
        (0_i64..=10_000).prop_map(|k| format!("package.flag ? 10000 : {k}")),
        Just("10000 / package.n".to_owned()),
        Just("package.list.size() * 2500".to_owned()),
    ]
}

fn check() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => condition().prop_map(|text| json!({"expect": text})),
        2 => grade().prop_map(|text| json!({"graded": text})),
        1 => proptest::sample::select(vec!["schema", "evidence", "unchanged-since-approval"])
            .prop_map(|word| json!({"check": word})),
    ]
}

/// Clauses `c0`, `c1` and so on, in random order of importance.
fn clauses() -> impl Strategy<Value = Vec<Value>> {
    let severity = proptest::sample::select(vec!["blocker", "major", "minor", "minor", "note"]);
    let weight = prop_oneof![1_u64..=100, Just(10_u64), Just(20_u64)];
    let dimension = proptest::sample::select(vec!["one", "two"]);
    let when = proptest::option::weighted(0.2, condition());
    let one = (check(), severity, weight, dimension, when, 1_u64..=5);
    proptest::collection::vec(one, 0..9).prop_map(|list| {
        let made = list.into_iter().enumerate().map(
            |(at, (mut parts, severity, weight, dimension, when, effort))| {
                parts["severity"] = json!(severity);
                parts["weight"] = json!(weight);
                parts["dimension"] = json!(dimension);
                parts["effort"] = json!(effort);
                if let Some(when) = when {
                    parts["when"] = json!(when);
                }
                clause(&format!("c{at}"), &parts)
            },
        );
        made.collect()
    })
}

fn gates() -> impl Strategy<Value = Vec<Value>> {
    let over_findings = Just("findings[\"c0\"] == \"passed\"".to_owned());
    let expect = prop_oneof![condition(), over_findings];
    let when = proptest::option::weighted(0.3, condition());
    let one = (any::<bool>(), expect, when);
    let one = one.boxed();
    let none = Just(Vec::new());
    let list = prop_oneof![3 => none, 2 => proptest::collection::vec(one, 1..4)];
    list.prop_map(|list| {
        let made = list
            .into_iter()
            .enumerate()
            .map(|(at, (is_policy, expect, when))| {
                let mut gate = json!({"id": format!("g{at}"), "because": "It matters."});
                if is_policy {
                    gate["kind"] = json!("policy");
                    gate["expect"] = json!(expect);
                } else {
                    gate["kind"] = json!("approval");
                    gate["approvers"] = json!(["lead"]);
                    gate["quorum"] = json!(1);
                }
                if let Some(when) = when {
                    gate["when"] = json!(when);
                }
                gate
            });
        made.collect()
    })
}

fn waivers() -> impl Strategy<Value = Value> {
    let clause = (0_usize..9).prop_map(|at| format!("c{at}"));
    let scope = proptest::sample::select(vec![
        json!({"work_item": "W-1"}),
        json!({"team": "makers"}),
        json!({"team": "others"}),
        json!({"work_item": "W-1", "team": "makers"}),
    ]);
    let contract = prop_oneof![9 => Just("generated"), 1 => Just("other")];
    let reason = prop_oneof![9 => Just("Agreed."), 1 => Just(" ")];
    let approver = prop_oneof![7 => Just("bo"), 1 => Just("cleo"), 1 => Just("Ana"), 1 => Just("CLEO "), 1 => Just("c1eo"), 1 => Just("с1ео"), 1 => Just("b0")];
    let expires = prop_oneof![6 => Just(AFTER), 1 => Just(AS_OF), 1 => Just(BEFORE)];
    let one = (clause, scope, contract, reason, approver, expires);
    proptest::collection::vec(one, 0..5).prop_map(|list| {
        let waiver = |(at, (clause, scope, contract, reason, approver, expires))| {
            json!({
                "id": format!("w{}", 9 - at), "contract": contract, "clause": clause, "scope": scope,
                "reason": reason, "owner": "cleo", "approver": approver, "expires": expires,
            })
        };
        let waivers: Vec<Value> = list.into_iter().enumerate().map(waiver).collect();
        json!({"baton": "waivers/v1", "waivers": waivers})
    })
}

fn payload() -> impl Strategy<Value = Value> {
    let list = proptest::collection::vec(-1_i64..4, 0..6);
    (
        -2_i64..6,
        any::<bool>(),
        list,
        proptest::option::weighted(0.2, Just("long text")),
    )
        .prop_map(|(n, flag, list, short)| {
            let mut payload = json!({"n": n, "flag": flag, "list": list});
            if let Some(short) = short {
                payload["short"] = json!(short);
            }
            payload
        })
}

fn evidence() -> impl Strategy<Value = Value> {
    let states = [
        "present",
        "present",
        "missing",
        "stale",
        "mismatched",
        "unverifiable",
    ];
    let state = proptest::sample::select(states.to_vec());
    let requirement = proptest::sample::select(vec!["required", "not-required", "unknown"]);
    let entry = proptest::option::weighted(0.9, (state, requirement));
    (entry.clone(), entry.clone(), entry).prop_map(|(doc, report, scan)| {
        let mut evidence = serde_json::Map::new();
        for (id, entry) in EVIDENCE.into_iter().zip([doc, report, scan]) {
            if let Some((state, requirement)) = entry {
                let is_present = state == "present";
                let entry =
                    json!({"requirement": requirement, "state": state, "present": is_present});
                evidence.insert(id.to_owned(), entry);
            }
        }
        Value::Object(evidence)
    })
}

fn thresholds() -> impl Strategy<Value = Option<Value>> {
    let points = || 0_u64..=10_000;
    let some =
        (points(), points(), points(), points()).prop_map(|(ready, review, risk, critical)| {
            json!({
                "ready_min": ready, "review_min": review,
                "review_risk": risk, "critical_risk": critical,
            })
        });
    proptest::option::weighted(0.4, some)
}

fn pending() -> impl Strategy<Value = Vec<Value>> {
    let until = proptest::sample::select(vec![
        json!({"until_first_met": true}),
        json!({"until": AS_OF}),
        json!({"until": AFTER}),
    ]);
    proptest::collection::btree_map(0_usize..9, until, 0..3).prop_map(|entries| {
        let entry = |(at, mut until): (usize, Value)| {
            until["clause"] = json!(format!("c{at}"));
            until
        };
        entries.into_iter().map(entry).collect()
    })
}

/// Any check.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let budget = (
        proptest::option::of(0_u64..4),
        proptest::option::of(0_u64..=10_000),
    );
    let met = proptest::collection::vec((0_usize..9).prop_map(|at| format!("c{at}")), 0..3);
    let context = (
        0_u64..=10_000,
        proptest::sample::select(vec!["none", "same", "other"]),
    );
    let tier = prop_oneof![3 => Just("low"), 1 => Just("medium"), 1 => Just("high")];
    let made = (clauses(), gates(), thresholds(), pending(), budget);
    let given = (
        payload(),
        evidence(),
        waivers(),
        (0_u64..5, met),
        context,
        tier,
    );
    (made, given).prop_map(
        |((clauses, mut gates, thresholds, mut pending, budget), given)| {
            let (payload, evidence, waivers, (handoffs, met), (pressure, approved), tier) = given;
            let count = clauses.len();
            pending.retain(|entry| clauses.iter().any(|clause| clause["id"] == entry["clause"]));
            if count == 0 {
                gates.retain(|gate| !gate.to_string().contains("findings"));
            }
            let mut case = plain(contract(&json!(clauses)), &payload);
            case.contract["gates"] = json!(gates);
            case.contract["pending"] = json!(pending);
            if let Some(thresholds) = thresholds {
                case.contract["thresholds"] = thresholds;
            }
            case.contract["budget"] = json!({});
            if let Some(waivers) = budget.0 {
                case.contract["budget"]["waivers"] = json!(waivers);
            }
            if let Some(cap) = budget.1 {
                case.contract["budget"]["resource_pressure_cap"] = json!(cap);
            }
            case.package["risk_tier"] = json!(tier);
            case.evidence = evidence;
            case.waivers = waivers;
            case.history = json!({"baton": "history/v1"});
            // The last number stands for a history that does not say.
            if handoffs < 4 {
                case.history["handoffs"] = json!(handoffs);
            }
            if handoffs != 3 {
                case.history["met"] = json!(met);
            }
            case.context["receiver_pressure"] = json!(pressure);
            match approved {
                "same" => case.context["approved_package"] = json!("same"),
                "other" => {
                    let digest = baton_terms::Digest::of(b"other").to_string();
                    case.context["approved_package"] = json!(digest);
                }
                _ => {}
            }
            case
        },
    )
}
