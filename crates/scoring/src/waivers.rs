//! Waivers: exceptions with a reason, an owner, an approver and an expiry, kept outside contracts.
//!
//! Format `waivers/v1`; the normative page is `docs/spec/package.md`.

use std::collections::BTreeMap;

use baton_contract::syntax;
use baton_evidence::canonical;
use baton_evidence::json::{Members, Tree, View};
use baton_terms::lookalike::Appearance;
use baton_terms::{Diagnostic, Digest, Id, Instant, Source};
use serde_json::{Value, json};

use crate::codes;
use crate::fields::{Fields, Place, Problems};
use crate::wire::WaiverRefusal;

/// The format's name.
pub const FORMAT: &str = "waivers/v1";
/// Waivers in one file.
pub const WAIVERS_MAX: usize = 10_000;

/// The waivers of one file, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waivers {
    // INVARIANT: sorted by id, ids unique.
    list: Vec<Waiver>,
}

/// One exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Id.
    pub id: Id,
    /// Contract it is for.
    pub contract: Id,
    /// Clause it excuses.
    pub clause: Id,
    /// Work item it is limited to.
    pub work_item: Option<String>,
    /// Sending team it is limited to.
    pub team: Option<Id>,
    /// Why; empty when nobody said.
    pub reason: String,
    /// Who answers for the exception.
    pub owner: String,
    /// Who approved it.
    pub approver: String,
    /// First instant at which it no longer counts.
    pub expires: Instant,
}

/// The handoff a waiver is held against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) contract: &'a Id,
    pub(crate) work_item: &'a str,
    pub(crate) team: &'a Id,
    /// The acting account, and whom it acts for.
    pub(crate) senders: [Option<&'a str>; 2],
    pub(crate) as_of: Instant,
}

impl Waivers {
    /// Reads a waiver file, YAML or JSON.
    ///
    /// # Errors
    /// With every problem found, each with its span and JSON Pointer.
    pub fn read(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let parsed = syntax::parse(source);
        let Some(node) = parsed.node.filter(|_| parsed.diagnostics.is_empty()) else {
            return Err(parsed.diagnostics);
        };
        Self::from_value(&node.to_json()).map_err(|problems| {
            let place = |problem: Diagnostic| {
                let span = node.nearest(&problem.place.pointer).span;
                problem.at(span)
            };
            problems.into_iter().map(place).collect()
        })
    }

    /// Reads a waiver document.
    ///
    /// # Errors
    /// With every problem found, each with its JSON Pointer.
    pub fn from_value(document: &Value) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Problems::default();
        let document = Tree::from(document);
        let list = problems
            .object(document.root(), "", &["baton", "waivers"])
            .map(|fields| {
                problems.format(&fields, FORMAT);
                problems.required(&fields, "waivers", "a list of waivers");
                let items = problems.optional_list(&fields, "waivers", WAIVERS_MAX);
                let list: Vec<_> = items
                    .into_iter()
                    .filter_map(|(item, place)| Waiver::read(item, place, &mut problems))
                    .collect();
                problems.unique(list.iter().map(|waiver| waiver.id.as_str()), "/waivers");
                list
            });
        let mut list = problems.or(list)?;
        list.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { list })
    }

    /// Returns waivers that were granted on a handoff; of two with one id the later one counts.
    pub fn granted(waivers: impl IntoIterator<Item = Waiver>) -> Self {
        let by_id: BTreeMap<Id, Waiver> = waivers
            .into_iter()
            .map(|waiver| (waiver.id.clone(), waiver))
            .collect();
        Self {
            list: by_id.into_values().collect(),
        }
    }

    /// Returns the waivers by id.
    pub fn list(&self) -> &[Waiver] {
        &self.list
    }

    /// Returns the document of these waivers, in the order of their ids.
    pub fn to_value(&self) -> Value {
        let waivers: Vec<Value> = self.list.iter().map(Waiver::to_value).collect();
        json!({"baton": FORMAT, "waivers": waivers})
    }

    /// Returns the digest of the document; the order written does not matter.
    pub fn digest(&self) -> Digest {
        canonical::digest_of(|fields| {
            fields.text("baton", FORMAT);
            fields.maps("waivers", &self.list, |fields, waiver| {
                waiver.members(fields);
            });
        })
    }
}

impl Waiver {
    fn read(item: View<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Self> {
        let known = [
            "id", "contract", "clause", "scope", "reason", "owner", "approver", "expires",
        ];
        let fields = problems.object(item, place, &known)?;
        let expected = "an id: lower-case words joined by hyphens";
        let id = problems.parsed(&fields, "id", expected);
        let contract = problems.parsed(&fields, "contract", expected);
        let clause = problems.parsed(&fields, "clause", expected);
        let scope = read_scope(&fields, problems);
        problems.required(&fields, "owner", "a name");
        let owner = problems.party(&fields, "owner");
        problems.required(&fields, "approver", "a name");
        let approver = problems.party(&fields, "approver");
        let expires = problems.parsed(&fields, "expires", "a time such as `2026-12-31T00:00:00Z`");
        // A missing reason does not stop the file: the waiver is listed as refused.
        let reason = match fields.get("reason") {
            None => String::new(),
            Some(reason) => match reason.as_str() {
                Some(text) => text.trim().to_owned(),
                None => {
                    problems.wrong_kind(fields.at("reason"), "text", reason);
                    String::new()
                }
            },
        };
        let (work_item, team) = scope?;
        Some(Self {
            id: id?,
            contract: contract?,
            clause: clause?,
            work_item,
            team,
            reason,
            owner: owner?,
            approver: approver?,
            expires: expires?,
        })
    }

    fn to_value(&self) -> Value {
        let mut scope = serde_json::Map::new();
        if let Some(work_item) = &self.work_item {
            scope.insert("work_item".to_owned(), work_item.as_str().into());
        }
        if let Some(team) = &self.team {
            scope.insert("team".to_owned(), team.as_str().into());
        }
        json!({
            "id": self.id.as_str(),
            "contract": self.contract.as_str(),
            "clause": self.clause.as_str(),
            "scope": scope,
            "reason": self.reason,
            "owner": self.owner,
            "approver": self.approver,
            "expires": self.expires.to_string(),
        })
    }

    /// Gives the members of [`Self::to_value`] in canonical order.
    fn members(&self, fields: &mut impl Members) {
        fields.text("approver", &self.approver);
        fields.text("clause", self.clause.as_str());
        fields.text("contract", self.contract.as_str());
        fields.text("expires", &self.expires.to_string());
        fields.text("id", self.id.as_str());
        fields.text("owner", &self.owner);
        fields.text("reason", &self.reason);
        fields.map("scope", |scope| {
            if let Some(team) = &self.team {
                scope.text("team", team.as_str());
            }
            if let Some(work_item) = &self.work_item {
                scope.text("work_item", work_item);
            }
        });
    }

    /// Whether the waiver speaks of this contract and this work.
    pub(crate) fn is_about(&self, subject: &Subject<'_>) -> bool {
        self.contract == *subject.contract
            && self
                .work_item
                .as_deref()
                .is_none_or(|item| item == subject.work_item)
            && self.team.as_ref().is_none_or(|team| team == subject.team)
    }

    /// Returns why a waiver about this work does not count, apart from the budget.
    pub(crate) fn refusal(&self, subject: &Subject<'_>) -> Option<WaiverRefusal> {
        // Names are compared as a reader sees them: neither case nor a letter of another script
        // makes one person two.
        let (approver, owner) = (Appearance::of(&self.approver), Appearance::of(&self.owner));
        let senders = subject.senders.iter().flatten();
        let senders: Vec<_> = senders.map(|name| Appearance::of(name)).collect();
        if self.reason.is_empty() {
            Some(WaiverRefusal::ReasonMissing)
        } else if self.expires <= subject.as_of {
            Some(WaiverRefusal::Expired)
        } else if approver.is_same(&owner) {
            Some(WaiverRefusal::ApproverIsOwner)
        } else if senders.iter().any(|sender| approver.is_same(sender)) {
            Some(WaiverRefusal::ApproverIsSender)
        } else if approver.looks_like(&owner)
            || senders.iter().any(|sender| approver.looks_like(sender))
        {
            Some(WaiverRefusal::ApproverLookAlike)
        } else if senders.is_empty() {
            Some(WaiverRefusal::SenderUnnamed)
        } else {
            None
        }
    }
}

fn read_scope(
    fields: &Fields<'_, '_>,
    problems: &mut Problems,
) -> Option<(Option<String>, Option<Id>)> {
    let scope = problems.child(fields, "scope", &["work_item", "team"])?;
    let work_item = problems.optional_text(&scope, "work_item");
    let team = problems.optional_parsed(&scope, "team", "a team id");
    if scope.get("work_item").is_none() && scope.get("team").is_none() {
        problems.add(
            Diagnostic::error(codes::SCOPE_EMPTY, "waiver has no scope")
                .pointing_to(fields.at("scope"))
                .expected("`work_item`, `team` or both")
                .found("neither")
                .hint(
                    "say for which work the exception holds; a waiver for all is a contract change",
                ),
        );
    }
    Some((work_item, team))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "baton: waivers/v1
waivers:
  - id: w-2
    contract: design-to-build
    clause: owner-named
    scope: {team: design}
    reason: The team is being formed.
    owner: ana
    approver: Bo
    expires: 2026-12-01T00:00:00Z
  - {id: w-1, contract: design-to-build, clause: valid, scope: {work_item: PAY-7}, owner: ana, approver: bo, expires: 2026-12-01T00:00:00Z}
";

    fn read(text: &str) -> Result<Waivers, Vec<Diagnostic>> {
        Waivers::read(&Source::new("waivers.yaml", text))
    }

    // spec: PACKAGE-10
    #[test]
    fn the_order_written_does_not_reach_the_digest() {
        let waivers = read(FILE).unwrap();
        let ids: Vec<_> = waivers.list().iter().map(|w| w.id.as_str()).collect();
        assert_eq!(ids, ["w-1", "w-2"]);
        let mut document = waivers.to_value();
        assert_eq!(waivers.digest(), canonical::digest(&document));
        document["waivers"].as_array_mut().unwrap().reverse();
        assert_eq!(
            Waivers::from_value(&document).unwrap().digest(),
            waivers.digest()
        );
    }

    // spec: PACKAGE-13
    #[test]
    fn names_are_what_they_look_like() {
        let (lines, name) = ("approver: Bo\n", "owner: ana\n");
        for (from, to, at) in [
            (lines, "approver: Bо\n", "/waivers/0/approver"),
            (lines, "approver: \"B\\u200Bo\"\n", "/waivers/0/approver"),
            (name, "owner: ａna\n", "/waivers/0/owner"),
        ] {
            let problems = read(&FILE.replace(from, to)).unwrap_err();
            let found: Vec<_> = problems
                .iter()
                .map(|p| (p.code, p.place.pointer.as_str()))
                .collect();
            assert_eq!(found, [(codes::NAME_DISGUISED, at)], "{to}");
        }
    }

    // spec: PACKAGE-11
    #[test]
    fn problems_keep_their_spans() {
        let text = FILE
            .replace("{team: design}", "{}")
            .replace("owner: ana\n", "ownr: ana\n");
        let problems = read(&text).unwrap_err();
        let found: Vec<_> = problems
            .iter()
            .map(|p| {
                (
                    p.code.to_string(),
                    p.place.pointer.as_str(),
                    p.place.span.is_some(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("E0503".to_owned(), "/waivers/0/ownr", true),
                ("E0510".to_owned(), "/waivers/0/scope", true),
                ("E0502".to_owned(), "/waivers/0/owner", true),
            ]
        );
    }

    // spec: PACKAGE-12
    #[test]
    fn refusals_are_told_apart() {
        let waivers = read(FILE).unwrap();
        let (contract, team) = (
            "design-to-build".parse().unwrap(),
            "design".parse().unwrap(),
        );
        let other = "other".parse().unwrap();
        let subject = Subject {
            contract: &contract,
            work_item: "PAY-8",
            team: &team,
            senders: [Some("cleo"), None],
            as_of: "2026-11-30T23:59:59Z".parse().unwrap(),
        };
        let [w1, w2] = waivers.list() else {
            unreachable!()
        };
        assert!(!w1.is_about(&subject) && w2.is_about(&subject));
        assert!(!w2.is_about(&Subject {
            contract: &other,
            ..subject
        }));
        assert!(!w2.is_about(&Subject {
            team: &other,
            ..subject
        }));
        assert_eq!(w1.refusal(&subject), Some(WaiverRefusal::ReasonMissing));
        assert_eq!(w2.refusal(&subject), None);
        let late = Subject {
            as_of: w2.expires,
            ..subject
        };
        assert_eq!(w2.refusal(&late), Some(WaiverRefusal::Expired));
        let own = Subject {
            senders: [None, Some("bO ")],
            ..subject
        };
        assert_eq!(w2.refusal(&own), Some(WaiverRefusal::ApproverIsSender));
        for (approver, owner, sender) in [
            ("bо", "ana", "bo"),
            ("аnа", "ana", "cleo"),
            ("b0", "bo", "cleo"),
        ] {
            let waiver = Waiver {
                approver: approver.to_owned(),
                owner: owner.to_owned(),
                ..w2.clone()
            };
            let senders = [Some(sender), None];
            let refusal = waiver.refusal(&Subject { senders, ..subject });
            assert_eq!(
                refusal,
                Some(WaiverRefusal::ApproverLookAlike),
                "{approver}"
            );
        }
        let alone = Waiver {
            approver: "ANA".to_owned(),
            ..w2.clone()
        };
        assert_eq!(
            alone.refusal(&subject),
            Some(WaiverRefusal::ApproverIsOwner)
        );
    }
}
