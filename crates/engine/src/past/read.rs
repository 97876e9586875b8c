//! Reads a recipe: every problem in one run, each with its place.

use baton_contract::model::RiskTier;
use baton_document::shape::{self, Fields, Shape};
use baton_document::syntax;
use baton_terms::{Diagnostic, Level, Source};

use super::recipe::{FIELD, FORMAT, Fact, Field, Origin, RECIPE, Recipe};

const HINT: &str = "see `baton schema package-fields` for every field";
/// The ways to say where a value comes from.
const ORIGINS: [&str; 5] = ["column", "latest", "present", "fact", "text"];

/// Reads a recipe, YAML or JSON.
///
/// # Errors
/// Every problem, in the order of their places.
pub fn read(source: &Source) -> Result<Recipe, Vec<Diagnostic>> {
    let parsed = syntax::parse(source);
    let mut problems = parsed.diagnostics;
    let mut recipe = None;
    if let Some(root) = &parsed.node {
        let mut departures = Vec::new();
        shape::check(root, &Shape::Object(&RECIPE), "", &mut departures);
        departures.retain(|problem| {
            let is_same = |known: &Diagnostic| known.place.span == problem.place.span;
            !problems.iter().any(is_same)
        });
        problems.extend(departures);
        let fields = Fields::root(root);
        let mut payload: Vec<Field> = Vec::new();
        for (name, origin) in fields.entries("payload") {
            match origin_of(&origin) {
                Some(origin) => payload.push(Field {
                    name: name.into(),
                    origin,
                }),
                None => problems.push(
                    unclear(&origin)
                        .at(root.nearest(&origin.at()).span)
                        .pointing_to(origin.at()),
                ),
            }
        }
        payload.sort_by(|left, right| left.name.cmp(&right.name));
        recipe = fields
            .parse("contract")
            .zip(fields.parse("role"))
            .map(|(contract, role)| Recipe {
                contract,
                role,
                risk_tier: fields
                    .word("risk_tier", RiskTier::from_word)
                    .unwrap_or(RiskTier::Low),
                activities: fields.texts("activities", |text| Some(text.into())),
                fields: payload,
                json: root.to_json(),
            });
    }
    for problem in &mut problems {
        reword(problem);
    }
    problems.sort_by_key(|problem| problem.place.span);
    let is_sound = !problems.iter().any(|problem| problem.level == Level::Error);
    recipe.filter(|_| is_sound).ok_or(problems)
}

/// The tree's reader speaks of contracts, which most of its readers write.
fn reword(problem: &mut Diagnostic) {
    if problem.hint.contains("baton schema contract") {
        HINT.clone_into(&mut problem.hint);
    }
    if problem.code == syntax::EMPTY {
        problem.expected = format!("a mapping with `baton: {FORMAT}`");
        HINT.clone_into(&mut problem.hint);
    }
}

/// Returns where a field comes from when it says exactly one way.
fn origin_of(fields: &Fields<'_>) -> Option<Origin> {
    let said = ORIGINS.into_iter().filter(|name| fields.has(name)).count();
    if said != 1 {
        return None;
    }
    let text = |name: &str| fields.text(name).map(String::into_boxed_str);
    let fact = fields.word("fact", Fact::from_word).map(Origin::Fact);
    text("column")
        .map(Origin::Column)
        .or_else(|| text("latest").map(Origin::Latest))
        .or_else(|| text("present").map(Origin::Present))
        .or(fact)
        .or_else(|| text("text").map(Origin::Text))
}

fn unclear(fields: &Fields<'_>) -> Diagnostic {
    let said: Vec<&str> = ORIGINS
        .into_iter()
        .filter(|name| fields.has(name))
        .collect();
    let found = match said.as_slice() {
        [] => "none of them".to_owned(),
        [one] => format!("`{one}` with a value that cannot be read"),
        several => format!("`{}`", several.join("`, `")),
    };
    Diagnostic::error(FIELD, "it is not clear where the field comes from")
        .expected("exactly one of `column`, `latest`, `present`, `fact` and `text`")
        .found(found)
        .hint(HINT)
}
