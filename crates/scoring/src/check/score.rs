//! From findings to a posture, and the scorecard that records all of it.

use std::borrow::Cow;

use baton_contract::expression::Bindings;
use baton_contract::model::Presence;
use baton_evidence::json::Tree;
use baton_terms::{BasisPoints, Diagnostic, Id};
use semver::{Comparator, Op};

use super::compile::{CheckedContract, CheckedEvidence};
use super::{clause, gates, waive};
use crate::arithmetic::{self, Standing, Weighted};
use crate::codes;
use crate::evidence::{self, Available, EvidenceIndex, Needed, Requirement};
use crate::facts::{Context, History};
use crate::package::{Evidence, Package};
use crate::waivers::Waivers;
use crate::wire::{
    Cause, ContractRef, DimensionScore, Finding, Format, GateFinding, InputDigests, PackageRef,
    Posture, RiskSource, RiskTerm, Rule, Scorecard, Semantics, WaiverRefused,
};

/// Everything a check reads beside the contract.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The package.
    pub package: &'a Package,
    /// What can be said of its evidence.
    pub evidence: &'a EvidenceIndex,
    /// Waivers.
    pub waivers: &'a Waivers,
    /// Earlier handoffs.
    pub history: &'a History,
    /// Circumstances.
    pub context: &'a Context,
}

/// The outcome of a check, without the digests that a scorecard records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment<'a> {
    /// Posture.
    pub posture: Posture,
    /// Overall score; absent when no dimension is known.
    pub score: Option<BasisPoints>,
    /// Risk.
    pub risk: BasisPoints,
    /// What the risk is made of.
    pub risk_terms: Vec<RiskTerm<'a>>,
    /// Dimensions.
    pub dimensions: Vec<DimensionScore<'a>>,
    /// Findings in canonical clause order.
    pub findings: Vec<Finding<'a>>,
    /// Gates by id.
    pub gates: Vec<GateFinding<'a>>,
    /// Waivers that do not count.
    pub waivers_refused: Vec<WaiverRefused>,
    /// Every rule that keeps the posture from being `ready`.
    pub causes: Vec<Cause<'a>>,
}

impl CheckedContract {
    /// Returns what keeps a package from being checked with this contract at all.
    pub fn accept(&self, package: &Package) -> Vec<Diagnostic> {
        let problem = |pointer: &str, expected: String, found: String| {
            Diagnostic::error(codes::OTHER_CONTRACT, "package is for another contract")
                .pointing_to(pointer)
                .expected(expected)
                .found(found)
                .hint("check it with the contract it names, or prepare it for this one")
        };
        let mut problems = Vec::new();
        let (name, version) = (&self.contract.name, &self.contract.version);
        if package.contract() != name {
            let found = format!("`{}`", package.contract());
            problems.push(problem("/contract/name", format!("`{name}`"), found));
        }
        if let Some(made_for) = package.contract_version() {
            let compatible = Comparator {
                op: Op::Caret,
                major: made_for.major,
                minor: Some(made_for.minor),
                patch: Some(made_for.patch),
                pre: made_for.pre.clone(),
            };
            if !compatible.matches(version) {
                let expected = format!("a version that {version} is compatible with");
                problems.push(problem(
                    "/contract/version",
                    expected,
                    format!("`{made_for}`"),
                ));
            }
        }
        problems
    }

    /// Returns whether the artifact of an id is verified as an attestation, for which its bytes are
    /// needed; of any other its digest will do.
    pub fn verifies(&self, id: &Id) -> bool {
        let mut asked = self.evidence.iter().map(|checked| &checked.asked);
        asked.any(|asked| asked.id == *id && evidence::is_demanded(asked))
    }

    /// Returns what can be said of each artifact the contract asks for or the package declares.
    pub fn evidence_index(
        &self,
        package: &Package,
        context: &Context,
        available: &Available<'_>,
    ) -> EvidenceIndex {
        let facts = context.facts(package);
        let history = Tree::null();
        let bindings = self.bindings(package, &facts, &history);
        let declared = |id: &str| {
            package
                .evidence()
                .iter()
                .find(|item| item.id.as_str() == id)
        };
        let is_asked = |id: &str| self.evidence.iter().any(|e| e.asked.id.as_str() == id);
        let may_be_subject = |item: &&Evidence| is_asked(item.id.as_str()) && available.holds(item);
        let subjects: Vec<_> = package.evidence().iter().filter(may_be_subject).collect();
        let asked = self.evidence.iter().map(|checked| Needed {
            asked: Some(&checked.asked),
            requirement: requirement(checked, &bindings),
            declared: declared(checked.asked.id.as_str()),
            subjects: &subjects,
        });
        let extra = package
            .evidence()
            .iter()
            .filter(|item| !is_asked(item.id.as_str()));
        let extra = extra.map(|declared| Needed {
            asked: None,
            requirement: Requirement::NotRequired,
            declared: Some(declared),
            subjects: &[],
        });
        let items = asked.chain(extra);
        EvidenceIndex::new(items.map(|needed| evidence::item(&needed, package, available)))
            .verified_with(available.keyring)
    }

    /// Holds a package against the contract.
    ///
    /// # Errors
    /// When the package is for another contract.
    pub fn check<'a>(&'a self, inputs: &Inputs<'a>) -> Result<Scorecard<'a>, Vec<Diagnostic>> {
        let problems = self.accept(inputs.package);
        if !problems.is_empty() {
            return Err(problems);
        }
        let assessment = self.assess(inputs);
        Ok(Scorecard {
            baton: Format::V1,
            semantics: Semantics::One,
            contract: ContractRef {
                name: Cow::Borrowed(self.contract.name.as_str()),
                version: Cow::Borrowed(&self.version),
                digest: self.digest,
            },
            package: PackageRef {
                digest: inputs.package.digest(),
                work_item: Cow::Borrowed(inputs.package.work_item()),
            },
            inputs: InputDigests {
                evidence: inputs.evidence.digest(),
                waivers: inputs.waivers.digest(),
                history: inputs.history.digest(),
                context: inputs.context.digest(),
                keyring: inputs.evidence.keyring(),
            },
            as_of: inputs.context.as_of,
            posture: assessment.posture,
            score: assessment.score,
            risk: assessment.risk,
            risk_terms: assessment.risk_terms,
            dimensions: assessment.dimensions,
            findings: assessment.findings,
            gates: assessment.gates,
            waivers_refused: assessment.waivers_refused,
            causes: assessment.causes,
        })
    }

    /// Returns findings, score, risk and posture without recording digests. The package is taken
    /// to be for this contract; [`Self::check`] makes sure of it.
    pub fn assess<'a>(&'a self, inputs: &Inputs<'a>) -> Assessment<'a> {
        let context = self.fact("context", || inputs.context.facts(inputs.package));
        let history = self.fact("history", || inputs.history.facts());
        let evidence = self.fact("evidence", || inputs.evidence.facts());
        let bindings = self
            .bindings(inputs.package, &context, &history)
            .with("evidence", evidence.root());
        let mut findings: Vec<Finding<'a>> = self
            .clauses
            .iter()
            .map(|checked| clause::finding(self, checked, inputs, &bindings))
            .collect();
        let waivers_refused = waive::apply(self, inputs, &mut findings);
        let states = self.fact("findings", || self.states(&findings));
        let actor = self.fact("actor", || inputs.context.actor_facts(inputs.package));
        let bindings = bindings
            .with("findings", states.root())
            .with("actor", actor.root());
        let gates: Vec<_> = self
            .gates
            .iter()
            .map(|gate| gates::finding(gate, inputs, &bindings))
            .collect();
        let dimensions = self.dimension_scores(&findings);
        let risk_terms = self.risk_terms(&findings, inputs);
        let standing = Standing {
            score: overall(&dimensions),
            risk: arithmetic::risk(risk_terms.iter().map(|term| term.points)),
            dimensions_unknown: dimensions.iter().filter(|d| d.score.is_none()).count(),
            gates_open: gates.iter().filter(|gate| gate.state.is_open()).count(),
        };
        Assessment {
            posture: arithmetic::posture(&standing, &self.contract.thresholds),
            score: standing.score,
            risk: standing.risk,
            causes: self.causes(&standing, &dimensions, &gates),
            risk_terms,
            dimensions,
            findings,
            gates,
            waivers_refused,
        }
    }

    /// Returns a variable's value when any expression reads it.
    fn fact(&self, variable: &str, value: impl FnOnce() -> Tree) -> Tree {
        if self.reads.contains(variable) {
            value()
        } else {
            Tree::null()
        }
    }

    /// Returns what gates see as `findings`: the states of those clauses that any of them reads.
    fn states(&self, findings: &[Finding<'_>]) -> Tree {
        let read = self.findings_read.iter().filter_map(|at| findings.get(*at));
        Tree::of(|states| {
            for finding in read {
                states.text(&finding.clause, finding.state.word());
            }
        })
    }

    fn bindings<'b>(
        &'b self,
        package: &'b Package,
        context: &'b Tree,
        history: &'b Tree,
    ) -> Bindings<'b> {
        Bindings::new()
            .with("package", package.payload())
            .with("contract", &self.facts)
            .with("context", context.root())
            .with("history", history.root())
    }

    fn dimension_scores(&self, findings: &[Finding<'_>]) -> Vec<DimensionScore<'_>> {
        let score = |index: usize| {
            let parts = self.clauses.iter().zip(findings);
            let counted = parts.filter(|(checked, finding)| {
                checked.dimension == index && finding.state.is_applicable()
            });
            arithmetic::weighted_mean(counted.map(|(_, finding)| Weighted {
                weight: u64::from(finding.weight),
                value: finding.value,
            }))
        };
        let scored = self
            .dimensions
            .iter()
            .enumerate()
            .map(|(index, dimension)| DimensionScore {
                id: Cow::Borrowed(dimension.id.as_str()),
                title: Cow::Borrowed(dimension.title.as_str()),
                weight: dimension.weight,
                score: score(index),
            });
        scored.collect()
    }

    fn risk_terms<'a>(&self, findings: &[Finding<'a>], inputs: &Inputs<'_>) -> Vec<RiskTerm<'a>> {
        let unmet = findings.iter().filter(|finding| finding.state.is_unmet());
        let of_clause = |finding: &Finding<'a>| RiskTerm {
            source: RiskSource::Clause,
            clause: Some(finding.clause.clone()),
            points: finding.severity.points(),
        };
        let cap = self.contract.budget.resource_pressure_cap;
        let pressure = cap.map_or(0, |cap| {
            inputs
                .context
                .receiver_pressure
                .get()
                .saturating_sub(cap.get())
        });
        let tier = inputs.package.risk_tier().points();
        let others = [
            (RiskSource::RiskTier, tier),
            (RiskSource::ReceiverPressure, pressure),
        ];
        let others = others.into_iter().map(|(source, points)| RiskTerm {
            source,
            clause: None,
            points,
        });
        unmet
            .map(of_clause)
            .chain(others)
            .filter(|term| term.points > 0)
            .collect()
    }

    fn causes<'a>(
        &self,
        standing: &Standing,
        dimensions: &[DimensionScore<'a>],
        gates: &[GateFinding<'a>],
    ) -> Vec<Cause<'a>> {
        let plain = |rule| Cause {
            rule,
            subject: None,
            found: None,
            limit: None,
        };
        let numbers = arithmetic::rules_broken(standing, &self.contract.thresholds);
        let numbers = numbers.into_iter().map(|(rule, found, limit)| Cause {
            found: Some(found),
            limit: Some(limit),
            ..plain(rule)
        });
        let nothing = standing
            .score
            .is_none()
            .then(|| plain(Rule::NothingChecked));
        let about = |rule, subject: &Cow<'a, str>| Cause {
            subject: Some(subject.clone()),
            ..plain(rule)
        };
        let unknown = dimensions
            .iter()
            .filter(|dimension| dimension.score.is_none());
        let unknown = unknown.map(|dimension| about(Rule::DimensionUnknown, &dimension.id));
        let open = gates.iter().filter(|gate| gate.state.is_open());
        let open = open.map(|gate| about(Rule::GateOpen, &gate.gate));
        numbers.chain(nothing).chain(unknown).chain(open).collect()
    }
}

/// Whether an artifact must be there; a condition that can't be evaluated counts as asking for it.
fn requirement(checked: &CheckedEvidence, bindings: &Bindings<'_>) -> Requirement {
    match (&checked.asked.presence, &checked.when) {
        (Presence::Required, _) => Requirement::Required,
        (Presence::Optional, _) => Requirement::NotRequired,
        (Presence::When(_), Some(when)) => match clause::condition(when, bindings) {
            Some(true) => Requirement::Required,
            Some(false) => Requirement::NotRequired,
            None => Requirement::Unknown,
        },
        (Presence::When(_), None) => Requirement::Unknown,
    }
}

fn overall(dimensions: &[DimensionScore<'_>]) -> Option<BasisPoints> {
    let known = |dimension: &DimensionScore<'_>| {
        let weight = u64::from(dimension.weight);
        dimension.score.map(|value| Weighted { weight, value })
    };
    arithmetic::weighted_mean(dimensions.iter().filter_map(known))
}
