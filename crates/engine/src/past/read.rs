//! Reads a recipe: every problem in one run, each with its place.

use baton_contract::model::RiskTier;
use baton_document::shape::{self, Fields, Kind};
use baton_document::syntax::Node;
use baton_terms::{Diagnostic, Source};

use super::recipe::{FIELD, FORMAT, Fact, Field, Origin, RECIPE, Recipe};

const HINT: &str = "see `baton schema package-fields` for every field";
const KIND: Kind = Kind {
    object: &RECIPE,
    format: FORMAT,
    hint: HINT,
};
/// The ways to say where a value comes from.
const ORIGINS: [&str; 5] = ["column", "latest", "present", "fact", "text"];

/// Reads a recipe, YAML or JSON.
///
/// # Errors
/// Every problem, in the order of their places.
pub fn read(source: &Source) -> Result<Recipe, Vec<Diagnostic>> {
    let (recipe, problems) = shape::read(source, &KIND, recipe);
    recipe.ok_or(problems)
}

fn recipe(root: &Node, problems: &mut Vec<Diagnostic>) -> Option<Recipe> {
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
    fields
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
        })
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
