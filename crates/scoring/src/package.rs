//! The package: what a sender submits. Format `package/v1`, read strictly, every problem at once.
//!
//! The normative page is `docs/spec/package.md`.

use std::sync::OnceLock;

use baton_contract::model::RiskTier;
use baton_evidence::canonical;
use baton_evidence::json::{Tree, View};
use baton_terms::{Diagnostic, Digest, Id, Instant, limits};
use semver::Version;

use crate::codes;
use crate::fields::{Fields, Problems};

/// The format's name.
pub const FORMAT: &str = "package/v1";
/// Entries of evidence in one package.
const EVIDENCE_MAX: usize = 2 * limits::EVIDENCE_REQUIREMENTS_MAX;

const ID: &str = "an id: lower-case words joined by hyphens, such as `problem-stated`";
const DIGEST: &str = "`sha256:` and 64 lower-case hex digits";
const TIME: &str = "a time with offset such as `2026-11-20T09:00:00Z`";

/// A payload with its evidence and who sends it, checked against the format.
#[derive(Debug, Clone)]
pub struct Package {
    document: Tree,
    /// Computed when first asked for: only what is recorded needs it.
    digest: OnceLock<Digest>,
    contract: Id,
    contract_version: Option<Version>,
    work_item: String,
    sender: Sender,
    risk_tier: RiskTier,
    evidence: Vec<Evidence>,
    traceparent: Option<String>,
}

/// Who sends a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Role.
    pub role: Id,
    /// Team.
    pub team: Id,
    /// Person or agent.
    pub kind: SenderKind,
    /// Name of the account that acts.
    pub actor: Option<String>,
    /// Whom an agent acts for.
    pub on_behalf_of: Option<String>,
}

/// Whether a person or an agent sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SenderKind {
    /// A person.
    Human,
    /// An AI agent.
    Agent,
}

/// A reference to an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Id under which the contract asks for it.
    pub id: Id,
    /// Media type.
    pub media_type: String,
    /// Digest of the artifact's bytes.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Instant,
    /// File beside the package that holds the bytes.
    pub path: Option<String>,
    /// Where the bytes can be had; never fetched by this crate.
    pub uri: Option<String>,
}

impl Package {
    /// Reads a package from a document, best one that [`Tree::read`] has accepted.
    ///
    /// # Errors
    /// With every problem found, each with its JSON Pointer.
    pub fn read(document: impl Into<Tree>) -> Result<Self, Vec<Diagnostic>> {
        let document = document.into();
        let mut problems = Problems::default();
        let parts = Parts::read(document.root(), &mut problems);
        let parts = problems.or(parts)?;
        Ok(Self {
            digest: OnceLock::new(),
            document,
            contract: parts.contract,
            contract_version: parts.contract_version,
            work_item: parts.work_item,
            sender: parts.sender,
            risk_tier: parts.risk_tier,
            evidence: parts.evidence,
            traceparent: parts.traceparent,
        })
    }

    /// Returns the whole document.
    pub fn document(&self) -> View<'_> {
        self.document.root()
    }

    /// Returns the digest of the document's canonical form.
    pub fn digest(&self) -> Digest {
        *self
            .digest
            .get_or_init(|| canonical::view_digest(self.document.root()))
    }

    /// Returns the payload, an object.
    pub fn payload(&self) -> View<'_> {
        // INVARIANT: reading refuses a document without it.
        let document = self.document.root();
        document.get("payload").unwrap_or(document)
    }

    /// Returns the digest of the payload's canonical form, which attestations name as subject.
    pub fn payload_digest(&self) -> Digest {
        canonical::view_digest(self.payload())
    }

    /// Returns the name of the contract it is for.
    pub fn contract(&self) -> &Id {
        &self.contract
    }

    /// Returns the contract version it was made for, when it says so.
    pub fn contract_version(&self) -> Option<&Version> {
        self.contract_version.as_ref()
    }

    /// Returns the work item.
    pub fn work_item(&self) -> &str {
        &self.work_item
    }

    /// Returns the sender.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Returns the declared risk tier.
    pub fn risk_tier(&self) -> RiskTier {
        self.risk_tier
    }

    /// Returns the evidence in the order written.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Returns the W3C trace context it arrived with.
    pub fn traceparent(&self) -> Option<&str> {
        self.traceparent.as_deref()
    }
}

impl PartialEq for Package {
    /// Everything else is read from the document.
    fn eq(&self, other: &Self) -> bool {
        self.document == other.document
    }
}

impl SenderKind {
    /// Returns the word people write.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Agent => "agent",
        }
    }
}

impl std::str::FromStr for SenderKind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "human" => Ok(Self::Human),
            "agent" => Ok(Self::Agent),
            _ => Err(()),
        }
    }
}

struct Parts {
    contract: Id,
    contract_version: Option<Version>,
    work_item: String,
    sender: Sender,
    risk_tier: RiskTier,
    evidence: Vec<Evidence>,
    traceparent: Option<String>,
}

impl Parts {
    fn read(document: View<'_>, problems: &mut Problems) -> Option<Self> {
        let known = [
            "baton",
            "contract",
            "work_item",
            "sender",
            "risk_tier",
            "payload",
            "evidence",
            "traceparent",
        ];
        let fields = problems.object(document, "", &known)?;
        problems.format(&fields, FORMAT);
        let contract = problems.child(&fields, "contract", &["name", "version"]);
        let name = contract
            .as_ref()
            .and_then(|c| problems.parsed(c, "name", ID));
        let version = contract.as_ref().and_then(|contract| {
            problems.optional_parsed(contract, "version", "a semantic version such as `1.2.0`")
        });
        let work_item = problems.text(&fields, "work_item");
        let sender = read_sender(&fields, problems);
        let risk_tier = read_risk_tier(&fields, problems);
        if let Some(payload) = problems.required(&fields, "payload", "an object")
            && !payload.is_map()
        {
            problems.wrong_kind("/payload".to_owned(), "an object", payload);
        }
        let evidence = read_evidence(&fields, problems);
        let traceparent = read_traceparent(&fields, problems);
        Some(Self {
            contract: name?,
            contract_version: version,
            work_item: work_item?,
            sender: sender?,
            risk_tier: risk_tier?,
            evidence,
            traceparent,
        })
    }
}

fn read_sender(fields: &Fields<'_, '_>, problems: &mut Problems) -> Option<Sender> {
    let known = ["role", "team", "kind", "actor", "on_behalf_of"];
    let sender = problems.child(fields, "sender", &known)?;
    let role = problems.parsed(&sender, "role", ID);
    let team = problems.parsed(&sender, "team", ID);
    let actor = problems.party(&sender, "actor");
    let on_behalf_of = problems.party(&sender, "on_behalf_of");
    let kind = problems
        .optional_parsed(&sender, "kind", "`human` or `agent`")
        .unwrap_or(SenderKind::Human);
    if kind == SenderKind::Agent && sender.get("on_behalf_of").is_none() {
        problems.add(
            Diagnostic::error(codes::PRINCIPAL_MISSING, "agent names nobody it acts for")
                .pointing_to(sender.at("on_behalf_of"))
                .expected("the person or team the agent acts for")
                .found("nothing")
                .hint("add `on_behalf_of`: somebody answers for what an agent sends"),
        );
    }
    Some(Sender {
        role: role?,
        team: team?,
        kind,
        actor,
        on_behalf_of,
    })
}

fn read_risk_tier(fields: &Fields<'_, '_>, problems: &mut Problems) -> Option<RiskTier> {
    let expected = "`low`, `medium` or `high`";
    let value = problems.required(fields, "risk_tier", expected)?;
    let tier = value.as_str().and_then(RiskTier::from_word);
    match (tier, value.as_str()) {
        (Some(_), _) => {}
        (None, Some(text)) => problems.wrong_form(fields.at("risk_tier"), expected, text),
        (None, None) => problems.wrong_kind(fields.at("risk_tier"), expected, value),
    }
    tier
}

fn read_evidence(fields: &Fields<'_, '_>, problems: &mut Problems) -> Vec<Evidence> {
    let known = ["id", "media_type", "digest", "created_at", "path", "uri"];
    let mut evidence = Vec::new();
    for (item, place) in problems.optional_list(fields, "evidence", EVIDENCE_MAX) {
        let Some(item) = problems.object(item, place, &known) else {
            continue;
        };
        let id = problems.parsed(&item, "id", ID);
        let media_type = problems.text(&item, "media_type");
        let digest = problems.parsed(&item, "digest", DIGEST);
        let created_at = problems.parsed(&item, "created_at", TIME);
        let path = problems.optional_text(&item, "path");
        if let Some(path) = path.as_deref().filter(|path| !is_beside(path)) {
            problems.coded_form(
                codes::PATH_ESCAPES,
                item.at("path"),
                (
                    "a relative path below the package's folder, with `/` and without `..`",
                    path,
                ),
            );
        }
        let uri = problems.optional_text(&item, "uri");
        if let (Some(id), Some(media_type), Some(digest), Some(created_at)) =
            (id, media_type, digest, created_at)
        {
            evidence.push(Evidence {
                id,
                media_type,
                digest,
                created_at,
                path,
                uri,
            });
        }
    }
    // Entries that could not be read are gone, so the pointer is the list's, not the entry's.
    problems.unique(evidence.iter().map(|item| item.id.as_str()), "/evidence");
    evidence
}

/// Whether a path stays below the folder of the package on every system.
fn is_beside(path: &str) -> bool {
    let is_part = |part: &str| !matches!(part, "" | "." | "..");
    let is_clean = |c: char| !matches!(c, '\\' | ':') && !c.is_control();
    path.len() <= 1024 && path.chars().all(is_clean) && path.split('/').all(is_part)
}

/// W3C Trace Context §3.2: version, 32 hex digits, 16 hex digits, flags; the ids not all zero.
fn read_traceparent(fields: &Fields<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = problems.optional_text(fields, "traceparent")?;
    let parts: Vec<&str> = text.split('-').collect();
    let is_hex = |part: &str, length: usize| {
        part.len() == length
            && part
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let is_zero = |part: &str| part.bytes().all(|byte| byte == b'0');
    let fits = matches!(parts.as_slice(), [version, trace, parent, flags]
        if *version == "00" && is_hex(trace, 32) && !is_zero(trace)
            && is_hex(parent, 16) && !is_zero(parent) && is_hex(flags, 2));
    if !fits {
        let expected = "a W3C traceparent such as `00-<32 hex digits>-<16 hex digits>-01`";
        problems.wrong_form(fields.at("traceparent"), expected, &text);
        return None;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn sound() -> Value {
        json!({
            "baton": "package/v1",
            "contract": {"name": "design-to-build", "version": "1.2.0"},
            "work_item": "PAY-7",
            "sender": {"role": "designer", "team": "design", "actor": "ana"},
            "risk_tier": "low",
            "payload": {"title": "Checkout"},
            "evidence": [{
                "id": "prototype", "media_type": "text/html",
                "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "created_at": "2026-11-01T00:00:00Z", "path": "files/prototype.html"
            }],
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        })
    }

    #[test]
    fn packages_are_equal_when_their_documents_are() {
        let package = Package::read(sound()).unwrap();
        assert_eq!(package, Package::read(sound()).unwrap());
        let mut other = sound();
        other["payload"]["title"] = json!("Basket");
        assert_ne!(package, Package::read(other).unwrap());
    }

    /// Sets (or removes, for null) the value at a pointer and returns codes with pointers.
    fn problems(pointer: &str, value: &Value) -> Vec<String> {
        let mut document = sound();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap();
        match parent {
            Value::Array(items) => items.push(value.clone()),
            Value::Object(map) if value.is_null() => {
                map.remove(key);
            }
            Value::Object(map) => {
                map.insert(key.to_owned(), value.clone());
            }
            _ => unreachable!(),
        }
        let found = Package::read(document).err().unwrap_or_default();
        found
            .iter()
            .map(|p| format!("{} {}", p.code, p.place.pointer))
            .collect()
    }

    // spec: PACKAGE-1
    // spec: PACKAGE-5
    #[test]
    fn a_sound_package_is_read_whole() {
        let package = Package::read(sound()).unwrap();
        assert_eq!(package.contract().as_str(), "design-to-build");
        assert_eq!(package.sender().kind, SenderKind::Human);
        assert_eq!(package.evidence().len(), 1);
        assert_eq!(package.payload().to_value(), json!({"title": "Checkout"}));
        assert_eq!(package.digest(), canonical::digest(&sound()));
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(package.traceparent(), Some(trace));
    }

    #[test]
    fn a_long_text_is_told_by_its_beginning() {
        for (length, told) in [(80, "x".repeat(80)), (81, format!("{}…", "x".repeat(80)))] {
            let mut document = sound();
            document["baton"] = json!("x".repeat(length));
            let problems = Package::read(document).unwrap_err();
            assert!(
                problems[0].found.contains(&format!("`{told}`")),
                "{problems:?}"
            );
        }
    }

    // spec: PACKAGE-2
    // spec: PACKAGE-3
    #[test]
    fn each_problem_has_its_code_and_pointer() {
        for (pointer, value, expected) in [
            ("/baton", json!("package/v2"), "E0508 /baton"),
            ("/baton", Value::Null, "E0502 /baton"),
            ("/extra", json!(1), "E0503 /extra"),
            ("/sender/actor", json!("аna"), "E0514 /sender/actor"),
            ("/sender/actor", json!("an\u{200b}a"), "E0514 /sender/actor"),
            (
                "/sender/on_behalf_of",
                json!("ａna"),
                "E0514 /sender/on_behalf_of",
            ),
            ("/contract/name", json!("Not An Id"), "E0504 /contract/name"),
            ("/contract/name", json!(1), "E0501 /contract/name"),
            ("/contract/version", json!("1"), "E0504 /contract/version"),
            ("/work_item", json!(""), "E0504 /work_item"),
            ("/work_item", Value::Null, "E0502 /work_item"),
            ("/risk_tier", Value::Null, "E0502 /risk_tier"),
            ("/risk_tier", json!("none"), "E0504 /risk_tier"),
            ("/risk_tier", json!(0), "E0501 /risk_tier"),
            ("/payload", json!([]), "E0501 /payload"),
            ("/payload", Value::Null, "E0502 /payload"),
            ("/sender/role", Value::Null, "E0502 /sender/role"),
            ("/sender/kind", json!("robot"), "E0504 /sender/kind"),
            ("/sender/kind", json!("agent"), "E0505 /sender/on_behalf_of"),
            (
                "/evidence/0/digest",
                json!("sha1:aa"),
                "E0504 /evidence/0/digest",
            ),
            (
                "/evidence/0/created_at",
                json!("today"),
                "E0504 /evidence/0/created_at",
            ),
            (
                "/evidence/0/path",
                json!("../secret"),
                "E0507 /evidence/0/path",
            ),
            (
                "/evidence/0/path",
                json!("/etc/passwd"),
                "E0507 /evidence/0/path",
            ),
            ("/evidence/0/path", json!("a\\b"), "E0507 /evidence/0/path"),
            ("/evidence/0/path", json!("c:x"), "E0507 /evidence/0/path"),
            ("/evidence/0/path", json!("a/./b"), "E0507 /evidence/0/path"),
            (
                "/evidence/-",
                sound()["evidence"][0].clone(),
                "E0506 /evidence/1/id",
            ),
            ("/traceparent", json!("00-0-0-01"), "E0504 /traceparent"),
        ] {
            assert_eq!(problems(pointer, &value), [expected], "{pointer} {value}");
        }
    }

    // spec: PACKAGE-2
    #[test]
    fn all_problems_are_reported_at_once() {
        let found = Package::read(json!({"baton": "package/v1", "payload": 1})).unwrap_err();
        let pointers: Vec<_> = found.iter().map(|p| p.place.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/contract",
                "/work_item",
                "/sender",
                "/risk_tier",
                "/payload"
            ]
        );
        assert!(Package::read(json!([])).is_err());
    }

    // spec: PACKAGE-4
    #[test]
    fn an_agent_names_whom_it_acts_for() {
        let mut document = sound();
        document["sender"]["kind"] = json!("agent");
        document["sender"]["on_behalf_of"] = json!("ana");
        assert_eq!(
            Package::read(document).unwrap().sender().kind,
            SenderKind::Agent
        );
    }
}
