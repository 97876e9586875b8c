//! Reads a mission file: every problem in one run, each with its place.

use std::collections::{BTreeMap, BTreeSet};

use baton_contract::model::{Budget, Direction, Retries, RollbackTrigger};
use baton_document::shape::{self, Fields, Kind};
use baton_document::syntax::Node;
use baton_mission::run::{Autonomy, Capability};
use baton_terms::{Code, Diagnostic, Id, Source};

use super::model::{
    ApprovalNeed, CHECK, Charges, FlagNeed, GATHER, GoalLine, InputName, JUDGE, MINE, Measured,
    MissionFile, Question,
};
use super::shape::{FORMAT, MISSION};

/// Parts of a mission that do not fit each other.
pub const MISFIT: Code = Code::new(1358);
/// Characters of a mission's id; a run appends its digest to it.
const ID_CHARACTERS_MAX: usize = 40;
const KIND: Kind = Kind {
    object: &MISSION,
    format: FORMAT,
    hint: "see `baton schema mission` for every field",
};

/// Reads a mission file, YAML or JSON.
///
/// # Errors
/// Every problem, in the order of their places.
pub fn read(source: &Source) -> Result<MissionFile, Vec<Diagnostic>> {
    let (mission, problems) = shape::read(source, &KIND, |root, problems| {
        let mission = read_fields(root)?;
        let misfits = misfits(&mission).into_iter();
        problems.extend(
            misfits.map(|(at, problem)| problem.at(root.nearest(&at).span).pointing_to(at)),
        );
        Some(mission)
    });
    mission.ok_or(problems)
}

fn read_fields(root: &Node) -> Option<MissionFile> {
    let fields = Fields::root(root);
    let needs = fields.child("needs");
    let needs = needs.as_ref();
    let is_needed = |name| needs.and_then(|needs| needs.boolean(name)).unwrap_or(false);
    let rollback = fields.child("rollback");
    let rollback = rollback.as_ref();
    let section = |name| fields.child(name);
    Some(MissionFile {
        id: fields.parse("id")?,
        title: fields.text("title")?,
        capability: fields.word("capability", capability)?,
        scope: fields.text("scope")?,
        autonomy: match fields.text("autonomy").as_deref() {
            Some("guided") => Autonomy::Guided,
            _ => Autonomy::Autonomous,
        },
        oversight: fields.parse("oversight")?,
        flag: fields.parse("flag").map(|key| FlagNeed { key }),
        inputs: inputs(&fields),
        question: section("question").map(|question| Question {
            outcome: question.text("outcome"),
            at: question.text("at"),
            depth: question.number("depth"),
            causes: question.number("causes"),
        }),
        compare_from: fields.parse("compare_from"),
        as_of: fields.parse("as_of"),
        needs_key: is_needed("key"),
        needs_validation: is_needed("validation"),
        approvals: needs
            .map(|needs| needs.list("approvals", approval))
            .unwrap_or_default(),
        budget: section("budget")
            .map(|budget| Budget::read(&budget))
            .unwrap_or_default(),
        charges: section("charges")
            .map(|charges| Charges {
                money_units: charges.number("money_units"),
                steps: costs(charges.child("steps").as_ref()),
            })
            .unwrap_or_default(),
        retries: section("retries")
            .map(|retries| Retries::read(&retries))
            .unwrap_or_default(),
        roll_back_on: rollback
            .map(|rollback| rollback.texts("on", RollbackTrigger::from_word))
            .unwrap_or_default(),
        failures: rollback
            .and_then(|rollback| rollback.number("failures"))
            .unwrap_or(3),
        baseline: rollback.and_then(|rollback| rollback.parse("baseline")),
        goals: fields.list("goals", goal),
        links: fields
            .entries("links")
            .into_iter()
            .filter_map(|(name, _)| {
                let template = fields.child("links")?.text(name)?;
                Some((name.to_owned(), template))
            })
            .collect(),
        json: root.to_json(),
    })
}

fn capability(word: &str) -> Option<Capability> {
    match word {
        "handoff-contracting" => Some(Capability::HandoffContracting),
        "failure-root-cause-mining" => Some(Capability::FailureRootCauseMining),
        _ => None,
    }
}

fn inputs(fields: &Fields<'_>) -> BTreeMap<InputName, String> {
    let Some(inputs) = fields.child("inputs") else {
        return BTreeMap::new();
    };
    let names = InputName::WORDS.iter();
    names
        .filter_map(|(word, _)| Some((InputName::from_word(word)?, inputs.text(word)?)))
        .collect()
}

fn costs(steps: Option<&Fields<'_>>) -> BTreeMap<String, u64> {
    let cost = |name: &str| Some((name.to_owned(), steps?.number(name)?));
    let names = [GATHER, CHECK, MINE, JUDGE];
    names.into_iter().filter_map(cost).collect()
}

fn approval(fields: &Fields<'_>) -> Option<ApprovalNeed> {
    Some(ApprovalNeed {
        role: fields.parse("role")?,
        signer: fields.text("signer")?,
    })
}

fn goal(fields: &Fields<'_>) -> Option<GoalLine> {
    Some(GoalLine {
        id: fields.parse("id")?,
        title: fields.text("title")?,
        measure: fields.word("measure", Measured::from_word)?,
        clause: fields.parse("clause"),
        direction: fields.word("direction", Direction::from_word)?,
        baseline: fields.integer("baseline"),
        target: fields.integer("target")?,
        minimum_sample: fields.number("minimum_sample").unwrap_or(20),
    })
}

/// Returns what does not fit together, with where.
fn misfits(mission: &MissionFile) -> Vec<(String, Diagnostic)> {
    let mut found = Vec::new();
    let mut report = |at: String, texts: (&str, String, &str)| {
        let (expected, was, hint) = texts;
        let problem = Diagnostic::error(MISFIT, "parts of the mission do not fit each other")
            .expected(expected)
            .found(was)
            .hint(hint);
        found.push((at, problem));
    };
    if mission.id.as_str().len() > ID_CHARACTERS_MAX {
        let texts = (
            "at most 40 characters",
            format!("{}", mission.id.as_str().len()),
            "a run appends its digest to the id; choose a shorter one",
        );
        report("/id".to_owned(), texts);
    }
    let is_mining = mission.capability == Capability::FailureRootCauseMining;
    for name in mission.inputs.keys().filter(|_| is_mining) {
        if matches!(
            name,
            InputName::Contract | InputName::Fields | InputName::Packages
        ) {
            let texts = (
                "inputs of a mining mission: log, mapping, cases, keyring, flags",
                format!("`{name}`"),
                "remove it, or set `capability: handoff-contracting`",
            );
            report(format!("/inputs/{name}"), texts);
        }
    }
    let has = |name| mission.inputs.contains_key(&name);
    if has(InputName::Packages) && has(InputName::Log) {
        let texts = (
            "either a log or a folder of packages",
            "both".to_owned(),
            "make two missions of it",
        );
        report("/inputs/packages".to_owned(), texts);
    }
    if mission.question.is_some() && !is_mining {
        let texts = (
            "`question` only in a mining mission",
            "`capability: handoff-contracting`".to_owned(),
            "remove the question",
        );
        report("/question".to_owned(), texts);
    }
    if mission.needs_validation && is_mining {
        let texts = (
            "`validation` only where a contract is used",
            "a mining mission".to_owned(),
            "remove it",
        );
        report("/needs/validation".to_owned(), texts);
    }
    costs_that_fit(mission, &mut report);
    goals(mission, &mut report);
    found
}

/// Reports a misfit: its place, and what was expected, was found and helps.
type Report<'r> = dyn FnMut(String, (&str, String, &str)) + 'r;

fn costs_that_fit(mission: &MissionFile, report: &mut Report<'_>) {
    if mission.budget.open_work.is_some()
        && mission.capability == Capability::FailureRootCauseMining
    {
        let texts = (
            "`open_work` only where a contract names who receives",
            "a mining mission".to_owned(),
            "remove it",
        );
        report("/budget/open_work".to_owned(), texts);
    }
    let steps = mission.steps();
    let costs = mission.charges.steps.keys();
    for step in costs.filter(|step| !steps.contains(&step.as_str())) {
        let texts = (
            "steps of this capability",
            format!("`{step}`"),
            "see `docs/spec/missions.md` for the steps of each capability",
        );
        report(format!("/charges/steps/{step}"), texts);
    }
}

fn goals(mission: &MissionFile, report: &mut Report<'_>) {
    let mut ids: BTreeSet<&Id> = BTreeSet::new();
    for (goal, place) in mission.goals.iter().zip(0..) {
        if !ids.insert(&goal.id) {
            let texts = (
                "each goal once",
                format!("`{}` again", goal.id),
                "give it an id of its own",
            );
            report(format!("/goals/{place}/id"), texts);
        }
        if goal.measure.capability() != mission.capability {
            let texts = (
                "a measure of this capability",
                format!("`{}`", goal.measure),
                "see `baton schema mission` for the measures of each capability",
            );
            report(format!("/goals/{place}/measure"), texts);
        }
        if goal.clause.is_some() != (goal.measure == Measured::ClauseMet) {
            let texts = (
                "`clause` with `measure: clause-met`, and only with it",
                format!("`measure: {}`", goal.measure),
                "name the clause, or remove it",
            );
            report(format!("/goals/{place}"), texts);
        }
    }
}
