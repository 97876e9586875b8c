//! Scorecards to draw: checks of every shipped contract with its examples, and one written by hand
//! that holds every state.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use baton_contract::document::Document;
use baton_contract::model::{Severity, Thresholds};
use baton_evidence::json::{self, Limits};
use baton_evidence::keys::Keyring;
use baton_report::scorecard::{Model, Since, Start};
use baton_scoring::evidence::{Artifact, Available, EvidenceIndex};
use baton_scoring::explain::{Fix, Path as Way, changes, shortest_path};
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::Waivers;
use baton_scoring::wire::Scorecard;
use baton_scoring::{CheckedContract, Inputs};
use baton_terms::Source;
use serde::Deserialize as _;
use serde_json::Value;

const AS_OF: &str = "2026-11-20T09:00:00Z";
const MIXED: &str = include_str!("../scorecards/mixed.json");

/// A contract and one package, read.
pub(crate) struct Checked {
    pub(crate) name: String,
    contract: CheckedContract,
    package: Package,
    evidence: EvidenceIndex,
    waivers: Waivers,
    history: History,
    context: Context,
}

impl Checked {
    pub(crate) fn scorecard(&self) -> Scorecard<'_> {
        let inputs = Inputs {
            package: &self.package,
            evidence: &self.evidence,
            waivers: &self.waivers,
            history: &self.history,
            context: &self.context,
        };
        self.contract.check(&inputs).unwrap()
    }

    pub(crate) fn model<'a>(&'a self, scorecard: &'a Scorecard<'a>) -> Model<'a> {
        let contract = self.contract.contract();
        let mut model = Model::new(scorecard, contract.thresholds);
        model.contract_title = Some(&contract.title);
        model.package = Some(&self.name);
        model.path = Some(shortest_path(scorecard, &self.contract));
        model
    }
}

/// Returns every shipped contract with each of its examples.
pub(crate) fn shipped() -> Vec<Checked> {
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let mut checked = Vec::new();
    for folder in sorted(&contracts).into_iter().filter(|path| path.is_dir()) {
        for package in sorted(&folder.join("examples")) {
            if package
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                checked.extend(check(&folder, &package));
            }
        }
    }
    assert!(checked.len() >= 20, "only {} examples", checked.len());
    checked
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn check(folder: &Path, package: &Path) -> Option<Checked> {
    let main = Source::new(
        "contract.yaml",
        fs::read_to_string(folder.join("contract.yaml")).unwrap(),
    );
    let beside = Document::files_named_in(&main).into_iter().map(|name| {
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        (name.clone(), Source::new(name, text))
    });
    let files: BTreeMap<_, _> = beside.collect();
    let contract = CheckedContract::compile(&Document { main, files }.read()).unwrap();
    let document = json::read(&fs::read(package).unwrap(), Limits::PACKAGE).unwrap();
    let read = Package::read(document).ok()?;
    let artifacts = read.evidence().iter().map(|item| {
        let path = item
            .path
            .as_ref()
            .map(|path| package.parent().unwrap().join(path));
        let artifact = match path.map(fs::read) {
            Some(Ok(bytes)) => Artifact::Bytes(bytes),
            _ => Artifact::Unreadable("it is not there".to_owned()),
        };
        (item.id.to_string(), artifact)
    });
    let artifacts: BTreeMap<_, _> = artifacts.collect();
    let context = Context::at(AS_OF.parse().unwrap());
    let keyring = folder.join("../demo-keyring.json");
    let keyring = Keyring::parse(&fs::read(keyring).unwrap()).unwrap();
    let available = Available {
        artifacts: &artifacts,
        keyring: &keyring,
        as_of: context.as_of,
    };
    let evidence = contract.evidence_index(&read, &context, &available);
    let name = package.file_name().unwrap().to_str().unwrap();
    Some(Checked {
        name: format!("{}/{name}", folder.file_name().unwrap().to_str().unwrap()),
        contract,
        package: read,
        evidence,
        waivers: Waivers::default(),
        history: History::default(),
        context,
    })
}

/// Returns the scorecard that holds every state.
pub(crate) fn mixed() -> Scorecard<'static> {
    Scorecard::deserialize(serde_json::from_str::<Value>(MIXED).unwrap()).unwrap()
}

/// Returns the same with `text` in place of every text that a contract or package chooses.
pub(crate) fn hostile(text: &str) -> Scorecard<'static> {
    let mut document: Value = serde_json::from_str(MIXED).unwrap();
    document["package"]["work_item"] = text.into();
    for list in ["dimensions", "findings", "gates"] {
        for item in document[list].as_array_mut().unwrap() {
            for name in [
                "title", "because", "fix", "expected", "found", "waiver", "clause",
            ] {
                replace(item, name, text);
            }
            replace(item, "gate", text);
            let details = item.get_mut("details").and_then(Value::as_array_mut);
            for detail in details.into_iter().flatten() {
                for name in ["where", "expected", "found"] {
                    replace(detail, name, text);
                }
            }
            if let Some(places) = item.get_mut("where").and_then(Value::as_array_mut) {
                for place in places {
                    *place = format!("/{text}").into();
                }
            }
            if let Some(roles) = item.get_mut("approvers").and_then(Value::as_array_mut) {
                for role in roles {
                    *role = text.into();
                }
            }
        }
    }
    for refused in document["waivers_refused"].as_array_mut().unwrap() {
        replace(refused, "waiver", text);
        replace(refused, "clause", text);
    }
    Scorecard::deserialize(document).unwrap()
}

fn replace(object: &mut Value, name: &str, text: &str) {
    if let Some(value) = object.get_mut(name) {
        *value = text.into();
    }
}

/// Returns a model of a scorecard like [`mixed`] with everything that helps to read it.
pub(crate) fn helped<'a>(scorecard: &'a Scorecard<'a>, previous: &'a Scorecard<'a>) -> Model<'a> {
    let fix = |clause: usize| Fix {
        clause: scorecard.findings[clause].clause.to_string(),
        title: scorecard.findings[clause].title.to_string(),
        severity: Severity::Major,
        effort: scorecard.findings[clause].effort,
        fix: String::new(),
    };
    let mut model = Model::new(scorecard, Thresholds::default());
    model.contract_title = Some("Requirements to engineering");
    model.package = Some("package.json");
    model.path = Some(Way::Fixes {
        fixes: vec![fix(2), fix(1)],
        effort: 3,
        approvals: vec!["human-impact".to_owned()],
        rechecks: Vec::new(),
    });
    model.starts = [(
        "languages-listed".to_owned(),
        Start::At("2027-01-01T00:00:00Z".parse().unwrap()),
    )]
    .into();
    model.waivers = [(
        "pilot-without-test".to_owned(),
        "2026-12-31T00:00:00Z".parse().unwrap(),
    )]
    .into();
    model.regions = [("/payload/outcome".to_owned(), [3, 5, 4, 1])].into();
    model.since = Some(Since {
        previous,
        changes: changes(previous, scorecard),
    });
    model
}

/// Returns an earlier scorecard of the same work item.
pub(crate) fn earlier() -> Scorecard<'static> {
    let mut document: Value = serde_json::from_str(MIXED).unwrap();
    document["as_of"] = "2026-11-19T09:00:00Z".into();
    document["posture"] = "critical".into();
    document["score"] = 4000.into();
    document["risk"] = 10_000.into();
    document["findings"][0]["state"] = "failed".into();
    document["findings"][0]["value"] = 0.into();
    Scorecard::deserialize(document).unwrap()
}
