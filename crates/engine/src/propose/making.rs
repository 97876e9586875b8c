//! Which clauses are made, of what, in which order, and which are not.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use baton_contract::document::Document;
use baton_contract::lint::lint;
use baton_contract::model::Contract;
use baton_report::proposals::{Candidate, Evidence, FORMAT, Proposals, Refused, in_words};
use baton_rootcause::wire::{
    Cause, Condition, Confirmation, Fixed, MiningReport, Strength, Suspect,
};
use baton_terms::{Code, Diagnostic, Level, Source};
use serde_json::Value;

use super::codes::{DRIFTS, NAMES_PEOPLE, NO_PLACE, NOT_ACCEPTED, NOT_SEEN_AGAIN, SUSPECT};
use super::edit::{Edited, Written, add};
use super::saying::{Said, Saying, Unsaid};
use crate::past::Recipe;

/// Most bytes of a clause's id that come from its conditions.
const ID_BYTES: usize = 40;
/// Most characters of a clause's title.
const TITLE_CHARS: usize = 100;

/// What clauses are proposed from, and for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The causes.
    pub report: &'a MiningReport,
    /// Which field of a package comes from where in the log.
    pub recipe: &'a Recipe,
    /// The contract, with the files it names.
    pub document: &'a Document,
}

/// Returns the clauses that would have flagged the failing work of each cause.
///
/// # Errors
/// When the contract is for other packages, is refused itself, or has no place for a clause.
pub fn propose(asked: &Asked<'_>) -> Result<Proposals, Vec<Diagnostic>> {
    let linted = lint(asked.document);
    let accepted = linted.reading.contract().filter(|_| linted.is_accepted());
    let Some(contract) = accepted else {
        let mut problems = linted.diagnostics;
        problems.retain(|problem| problem.level == Level::Error);
        return Err(problems);
    };
    if contract.name != asked.recipe.contract {
        return Err(vec![
            Diagnostic::error(NOT_ACCEPTED, "fields and contract do not belong together")
                .expected(format!("fields of packages for `{}`", contract.name))
                .found(format!("fields for `{}`", asked.recipe.contract))
                .hint("name the file of fields that was written for this contract"),
        ]);
    }
    let mut making = Making::new(asked, contract);
    let mut candidates = Vec::new();
    let mut refused = Vec::new();
    for cause in &asked.report.causes {
        match making.candidate(cause) {
            Ok(candidate) => candidates.push(candidate),
            Err(Kept::Out(why)) => refused.push(refusal(Some(&cause.id), &cause.conditions, why)),
            Err(Kept::NoPlace) => return Err(vec![no_place()]),
        }
    }
    candidates.sort_by(|one, other| {
        better(&one.evidence, &other.evidence).then_with(|| one.cause.cmp(&other.cause))
    });
    for (rank, candidate) in (1..).zip(&mut candidates) {
        candidate.rank = rank;
    }
    refused.extend(asked.report.suspects.iter().map(suspected));
    Ok(Proposals {
        format: FORMAT,
        outcome: asked.report.input.outcome_name.clone(),
        landmark: asked.report.input.landmark.clone(),
        log: asked.report.input.digests.clone(),
        contract: contract.name.to_string(),
        version: contract.version.to_string(),
        candidates,
        refused,
    })
}

/// Why there is no clause.
enum Kept {
    Out(Unsaid),
    NoPlace,
}

impl From<Unsaid> for Kept {
    fn from(why: Unsaid) -> Self {
        Self::Out(why)
    }
}

struct Making<'a> {
    asked: &'a Asked<'a>,
    contract: &'a Contract,
    saying: Saying<'a>,
    /// Ids of clauses that are taken.
    taken: BTreeSet<String>,
}

impl<'a> Making<'a> {
    fn new(asked: &'a Asked<'a>, contract: &'a Contract) -> Self {
        let schema = contract.inputs.schema.as_ref().map(|schema| &schema.value);
        let required = schema.and_then(|schema| schema.get("required"));
        let required = required.and_then(Value::as_array).into_iter().flatten();
        Self {
            asked,
            contract,
            saying: Saying {
                recipe: asked.recipe,
                mapping: &asked.report.input.mapping,
                excluded: &asked.report.excluded,
                required: required
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            },
            taken: contract
                .clauses
                .iter()
                .map(|clause| clause.id.to_string())
                .collect(),
        }
    }

    fn candidate(&mut self, cause: &Cause) -> Result<Candidate, Kept> {
        self.trusted(cause)?;
        let said = cause
            .conditions
            .iter()
            .map(|condition| self.saying.say(condition));
        let said = said.collect::<Result<Vec<Said>, Unsaid>>()?;
        let demand = demand(&cause.conditions, &said);
        let (title, fix) = wording(&cause.conditions, &demand);
        let severity = if demand.wanted.is_some() {
            "major"
        } else {
            "minor"
        };
        let id = self.id(&cause.conditions);
        let dimension = self
            .contract
            .dimensions
            .first()
            .map(|dimension| dimension.id.to_string());
        let written = Written {
            id: &id,
            title: &title,
            dimension: &dimension.unwrap_or_default(),
            severity,
            when: demand.when.as_deref(),
            expect: &demand.expect,
            because: &because(self.asked.report, cause),
            fix: &fix,
        };
        let main = &self.asked.document.main;
        let edited = add(main.text(), main.name(), &written).ok_or(Kept::NoPlace)?;
        self.accepted(&edited)?;
        let candidate = Candidate {
            rank: 0,
            clause: id.clone(),
            cause: cause.id.clone(),
            conditions: cause.conditions.clone(),
            when: demand.when,
            expect: demand.expect,
            severity,
            evidence: evidence(cause),
            diff: edited.diff,
        };
        self.taken.insert(id);
        Ok(candidate)
    }

    /// Refuses a cause that should not bind anybody.
    fn trusted(&self, cause: &Cause) -> Result<(), Unsaid> {
        let refuse = |code: Code, reason: &str, hint: &str| {
            Err(Unsaid {
                code,
                reason: reason.to_owned(),
                hint: hint.to_owned(),
            })
        };
        if cause.effect.cases < baton_eventlog::blameless::CASES_MIN {
            return refuse(
                NAMES_PEOPLE,
                "it is about too few cases",
                "mine a longer stretch of time",
            );
        }
        if cause.confirmation != Confirmation::Replicated || cause.strength == Strength::Associated
        {
            return refuse(
                NOT_SEEN_AGAIN,
                "later cases do not show it again",
                "mine again when more cases have ended",
            );
        }
        let adjustment = cause.adjustment.as_ref();
        if adjustment.is_some_and(|adjustment| adjustment.simpson) {
            return refuse(
                DRIFTS,
                "it turns round once other drivers are adjusted for",
                "look at the strata in the mining report",
            );
        }
        let drifts = |name: &str| {
            let mut known = self.asked.report.drift.iter();
            known.any(|drift| drift.feature == name)
        };
        if cause.conditions.iter().map(feature).any(drifts) {
            return refuse(
                DRIFTS,
                "it changes over time as the failure rate does, and says when rather than why",
                "mine a stretch of time in which it is steady",
            );
        }
        Ok(())
    }

    /// Refuses a clause that the contract does not accept.
    fn accepted(&self, edited: &Edited) -> Result<(), Unsaid> {
        let document = Document {
            main: Source::new(self.asked.document.main.name(), edited.text.as_str()),
            files: self.asked.document.files.clone(),
        };
        let linted = lint(&document);
        let mut errors = linted
            .diagnostics
            .iter()
            .filter(|problem| problem.level == Level::Error);
        match errors.next() {
            None => Ok(()),
            Some(problem) => Err(Unsaid {
                code: NOT_ACCEPTED,
                reason: format!(
                    "the contract does not accept the clause: {} ({})",
                    problem.message, problem.code
                ),
                hint: "give the schema of the contract the fields that the packages have"
                    .to_owned(),
            }),
        }
    }

    /// Returns an id made of the conditions that no clause has yet.
    fn id(&self, conditions: &[Condition]) -> String {
        let words = in_words(conditions).to_ascii_lowercase();
        let mut id = String::new();
        for c in words.chars() {
            if c.is_ascii_alphanumeric() {
                id.push(c);
            } else if !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        }
        let cut: String = id.chars().take(ID_BYTES).collect();
        let cut = match cut.rsplit_once('-') {
            Some((whole, _)) if cut.len() < id.trim_end_matches('-').len() => whole,
            _ => cut.trim_end_matches('-'),
        };
        let base = if cut.starts_with(|c: char| c.is_ascii_lowercase()) {
            cut.to_owned()
        } else {
            format!("seen-{cut}")
        };
        let numbered = (2..).map(|nth| format!("{base}-{nth}"));
        let mut free = std::iter::once(base.clone()).chain(numbered);
        free.find(|id| !self.taken.contains(id)).unwrap_or(base)
    }
}

/// What a clause asks for so that the conditions do not all hold.
struct Demand {
    /// Where it applies; everywhere without.
    when: Option<String>,
    /// What it expects there.
    expect: String,
    /// The field that the sender can give, when that is all there is to it, and the conditions beside it.
    wanted: Option<(String, Vec<Condition>)>,
}

/// Returns the place of the condition that is to be otherwise: the only one that a sender can give, or the only one there is.
fn asked_for(said: &[Said]) -> Option<usize> {
    let givable = said.iter().enumerate();
    let mut givable = givable.filter(|(_, one)| one.wanted.is_some());
    match (givable.next(), givable.next()) {
        (Some((only, _)), None) => Some(only),
        _ => (said.len() == 1).then_some(0),
    }
}

fn demand(conditions: &[Condition], said: &[Said]) -> Demand {
    let one = asked_for(said).and_then(|at| Some((at, said.get(at)?)));
    if let Some((at, one)) = one
        && let Some(fails) = &one.fails
    {
        let others = || {
            let all = conditions.iter().zip(said).enumerate();
            all.filter(|(other, _)| *other != at).map(|(_, both)| both)
        };
        let when: Vec<&str> = others().map(|(_, other)| other.holds.as_str()).collect();
        let others = others().map(|(condition, _)| condition.clone()).collect();
        return Demand {
            when: Some(when.join(" && ")).filter(|when| !when.is_empty()),
            expect: fails.clone(),
            wanted: one.wanted.clone().map(|field| (field, others)),
        };
    }
    let all: Vec<&str> = said.iter().map(|said| said.holds.as_str()).collect();
    Demand {
        when: None,
        expect: format!("!({})", all.join(" && ")),
        wanted: None,
    }
}

fn wording(conditions: &[Condition], demand: &Demand) -> (String, String) {
    match &demand.wanted {
        Some((field, others)) => {
            let given = match others.as_slice() {
                [] => format!("`{field}` is given"),
                others => format!("`{field}` is given where {}", in_words(others)),
            };
            (
                short(&given),
                format!("Give `{field}` before handing over, or say why it can't be known."),
            )
        }
        None => (
            short(&format!("Looked at again: {}", in_words(conditions))),
            "Look at this work once more before it is handed over, and say what makes it ready."
                .to_owned(),
        ),
    }
}

/// Returns a title that fits on a line.
fn short(text: &str) -> String {
    if text.chars().count() <= TITLE_CHARS {
        return text.to_owned();
    }
    let start: String = text.chars().take(TITLE_CHARS - 1).collect();
    format!("{start}…")
}

fn because(report: &MiningReport, cause: &Cause) -> String {
    let effect = &cause.effect;
    format!(
        "{}: {} of {} such cases, against {} of {} others. An association, not proof.",
        report.input.outcome_name,
        effect.failures,
        effect.cases,
        report.overview.failures.saturating_sub(effect.failures),
        report.overview.cases.saturating_sub(effect.cases),
    )
}

fn evidence(cause: &Cause) -> Evidence {
    let effect = &cause.effect;
    let good = effect.cases.saturating_sub(effect.failures);
    Evidence {
        cases: effect.cases,
        failures_caught: effect.failures,
        good_blocked: good,
        caught_per_blocked: per(effect.failures, good),
        rate: effect.rate,
        other_rate: effect.other_rate,
        share_of_failures: effect.share_of_failures,
        risk_ratio: effect.risk_ratio,
        adjusted_risk_ratio: cause
            .adjustment
            .as_ref()
            .map(|adjustment| adjustment.risk_ratio),
        later: cause
            .later
            .as_ref()
            .map(|later| (later.cases, later.failures)),
        strength: cause.strength,
    }
}

/// Returns failures per good case, rounded to millionths, halves up.
fn per(failures: u64, good: u64) -> Option<Fixed> {
    let millionths = u128::from(failures) * 1_000_000 + u128::from(good) / 2;
    let millionths = millionths.checked_div(u128::from(good))?;
    i64::try_from(millionths).ok().map(Fixed::from_millionths)
}

/// Orders by failures caught for each good case held up, then by failures caught.
fn better(one: &Evidence, other: &Evidence) -> Ordering {
    let times = |a: u64, b: u64| u128::from(a) * u128::from(b);
    times(other.failures_caught, one.good_blocked)
        .cmp(&times(one.failures_caught, other.good_blocked))
        .then_with(|| other.failures_caught.cmp(&one.failures_caught))
}

fn feature(condition: &Condition) -> &str {
    match condition {
        Condition::Is { feature, .. }
        | Condition::In { feature, .. }
        | Condition::Missing { feature }
        | Condition::Present { feature }
        | Condition::Absent { feature }
        | Condition::Between { feature, .. } => feature,
    }
}

fn refusal(cause: Option<&str>, conditions: &[Condition], why: Unsaid) -> Refused {
    Refused {
        cause: cause.map(str::to_owned),
        conditions: conditions.to_vec(),
        code: why.code.to_string(),
        reason: why.reason,
        hint: why.hint,
    }
}

fn suspected(suspect: &Suspect) -> Refused {
    let why = Unsaid {
        code: SUSPECT,
        reason: "it is a suspect, which the report does not claim".to_owned(),
        hint: "mine again with more cases".to_owned(),
    };
    refusal(None, &suspect.conditions, why)
}

fn no_place() -> Diagnostic {
    Diagnostic::error(NO_PLACE, "contract has no place for another clause")
        .expected("YAML with `clauses:` on a line of its own and one clause per item below it")
        .found("clauses written in another way")
        .hint("write the contract as YAML with one clause per item")
}
