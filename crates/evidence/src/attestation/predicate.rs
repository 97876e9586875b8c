//! The predicates Baton reads. Unknown fields are ignored, as in-toto's parsing rules demand.

use baton_terms::{Diagnostic, Instant};
use serde_json::{Map, Value};

use super::{Statement, codes, statement::ROOT};
use crate::shape::{Object, Shape};

/// in-toto Test Result v0.1.
pub const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";
/// SLSA build provenance v1.
pub const SLSA_PROVENANCE: &str = "https://slsa.dev/provenance/v1";
/// in-toto Simple Verification Result v0.1.
pub const SVR: &str = "https://in-toto.io/attestation/svr/v0.1";
/// Baton's decision about a package.
pub const DECISION: &str = "https://baton.dev/attestation/decision/v1";
/// Baton's report of why work fails, mined from an event log.
pub const MINING_RUN: &str = "https://baton.dev/attestation/mining-run/v1";

/// Fields in which a predicate whose specification has no time may say when it was made, as other
/// predicates of in-toto name them; of several the earliest counts.
const TIMES: [&str; 3] = ["finishedOn", "timeCreated", "timestamp"];

/// What a statement says, by its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// Tests ran.
    TestResult(TestResult),
    /// An artifact was built.
    Provenance(Provenance),
    /// A verifier checked properties.
    Verification(VerificationResult),
    /// Baton decided; the decision's own readers know its fields.
    Decision(Map<String, Value>),
    /// Another type that the caller accepts and reads itself.
    Other(Map<String, Value>),
}

/// The overall result of a test run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestOutcome {
    /// All required tests passed.
    Passed,
    /// They passed, with warnings.
    Warned,
    /// Some failed.
    Failed,
}

/// The result of a test run.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// The overall result.
    pub outcome: TestOutcome,
    /// Resource descriptors of the configuration used.
    pub configuration: Vec<Value>,
    /// Where the run can be seen.
    pub url: Option<String>,
    /// Names of the tests that passed.
    pub passed: Vec<String>,
    /// Names of the tests that passed with warnings.
    pub warned: Vec<String>,
    /// Names of the tests that failed.
    pub failed: Vec<String>,
    /// When they ran, where the statement says so.
    pub made_at: Option<Instant>,
}

/// How an artifact was built.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// How to read the parameters.
    pub build_type: String,
    /// What the build's user chose.
    pub external_parameters: Map<String, Value>,
    /// Resource descriptors of what the build needed.
    pub resolved_dependencies: Vec<Value>,
    /// The platform that built and vouches.
    pub builder_id: String,
    /// The build's own id.
    pub invocation_id: Option<String>,
    /// When the build started.
    pub started_on: Option<Instant>,
    /// When the build ended.
    pub finished_on: Option<Instant>,
}

/// Properties that a verifier found to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationResult {
    /// The verifier.
    pub verifier_id: String,
    /// When it verified.
    pub time_created: Instant,
    /// What holds.
    pub properties: Vec<String>,
}

impl Predicate {
    /// Reads the predicate of a statement.
    ///
    /// # Errors
    /// With every problem found, pointing below `/payload/predicate`.
    pub fn parse(statement: &Statement) -> Result<Self, Vec<Diagnostic>> {
        let map = &statement.predicate;
        let mut shape = Shape::new(codes::PREDICATE_SHAPE);
        let object = Object::new(map, format!("{ROOT}/predicate"));
        let predicate = match statement.predicate_type.as_str() {
            TEST_RESULT => test_result(&mut shape, &object).map(Self::TestResult),
            SLSA_PROVENANCE => provenance(&mut shape, &object).map(Self::Provenance),
            SVR => verification(&mut shape, &object).map(Self::Verification),
            DECISION => Some(Self::Decision(map.clone())),
            _ => Some(Self::Other(map.clone())),
        };
        match predicate {
            Some(predicate) if shape.problems.is_empty() => Ok(predicate),
            _ => Err(shape.problems),
        }
    }
}

impl Predicate {
    /// Returns when what was signed was made, as the signed statement itself says.
    pub fn made_at(&self) -> Option<Instant> {
        match self {
            Self::TestResult(result) => result.made_at,
            Self::Provenance(provenance) => provenance.finished_on.or(provenance.started_on),
            Self::Verification(verification) => Some(verification.time_created),
            Self::Decision(map) => map.get("asOf")?.as_str()?.parse().ok(),
            Self::Other(map) => {
                let times = TIMES.iter().filter_map(|key| map.get(*key)?.as_str());
                // A time that can't be read is none, and none is never good enough.
                let times: Result<Vec<Instant>, _> = times.map(str::parse).collect();
                times.ok()?.into_iter().min()
            }
        }
    }
}

fn test_result(shape: &mut Shape, object: &Object<'_>) -> Option<TestResult> {
    let outcome = match object.get("result").and_then(Value::as_str) {
        Some("PASSED") => Some(TestOutcome::Passed),
        Some("WARNED") => Some(TestOutcome::Warned),
        Some("FAILED") => Some(TestOutcome::Failed),
        _ => {
            let expected = "one of: PASSED, WARNED, FAILED";
            shape.wrong(object.at("result"), expected, object.get("result"));
            None
        }
    };
    let configuration = descriptors(shape, object, "configuration");
    let url = shape.optional_text(object, "url").map(str::to_owned);
    let passed = shape.optional_texts(object, "passedTests");
    let warned = shape.optional_texts(object, "warnedTests");
    let failed = shape.optional_texts(object, "failedTests");
    let times = TIMES.iter().filter_map(|key| time(shape, object, key));
    let made_at = times.min();
    if outcome.is_some_and(|outcome| outcome != TestOutcome::Failed) && !failed.is_empty() {
        // A run that names failed tests did not pass, whatever its headline says.
        let expected = "no failed tests in a run that is not FAILED";
        shape.wrong(
            object.at("failedTests"),
            expected,
            object.get("failedTests"),
        );
    }
    Some(TestResult {
        outcome: outcome?,
        configuration,
        url,
        passed,
        warned,
        failed,
        made_at,
    })
}

fn provenance(shape: &mut Shape, object: &Object<'_>) -> Option<Provenance> {
    let definition = shape.child(object, "buildDefinition");
    let details = shape.child(object, "runDetails");
    let (definition, details) = (definition?, details?);
    let build_type = shape.text(&definition, "buildType").map(str::to_owned);
    let external_parameters = shape.child(&definition, "externalParameters");
    let resolved_dependencies = match definition.get("resolvedDependencies") {
        None => Vec::new(),
        Some(_) => descriptors(shape, &definition, "resolvedDependencies"),
    };
    let builder = shape.child(&details, "builder");
    let builder_id = builder.and_then(|builder| shape.text(&builder, "id").map(str::to_owned));
    let metadata = match details.get("metadata") {
        None => None,
        Some(_) => shape.child(&details, "metadata"),
    };
    let metadata = metadata.as_ref();
    let mut time = |key: &str| metadata.and_then(|metadata| time(shape, metadata, key));
    let started_on = time("startedOn");
    let finished_on = time("finishedOn");
    let invocation_id = metadata.and_then(|metadata| shape.optional_text(metadata, "invocationId"));
    Some(Provenance {
        build_type: build_type?,
        external_parameters: external_parameters?.map().clone(),
        resolved_dependencies,
        builder_id: builder_id?,
        invocation_id: invocation_id.map(str::to_owned),
        started_on,
        finished_on,
    })
}

fn verification(shape: &mut Shape, object: &Object<'_>) -> Option<VerificationResult> {
    let verifier = shape.child(object, "verifier");
    let verifier_id = verifier.and_then(|verifier| shape.text(&verifier, "id").map(str::to_owned));
    let time_created = shape.parsed(object, "timeCreated", "an RFC 3339 time with an offset");
    if object.get("properties").is_none() {
        shape.wrong(object.at("properties"), "a list of texts", None);
    }
    let properties = shape.optional_texts(object, "properties");
    Some(VerificationResult {
        verifier_id: verifier_id?,
        time_created: time_created?,
        properties,
    })
}

/// Returns a required list of resource descriptors.
fn descriptors(shape: &mut Shape, object: &Object<'_>, key: &str) -> Vec<Value> {
    let mut descriptors = Vec::new();
    for (item, pointer) in shape.list(object, key) {
        if shape.object(item, &pointer).is_some() {
            descriptors.push(item.clone());
        }
    }
    descriptors
}

fn time(shape: &mut Shape, object: &Object<'_>, key: &str) -> Option<Instant> {
    object.get(key)?;
    shape.parsed(object, key, "an RFC 3339 time with an offset")
}
