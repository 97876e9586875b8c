//! Chains as JSON, format `composition/v1`.

use baton_contract::compose::{About, Answer, Check, Link, Member, answer};
use serde_json::{Value, json as value};

/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("composition-v1.schema.json");

/// Returns the answers as a `composition/v1` document.
pub fn json(chain: &[Link]) -> Value {
    value!({
        "baton": "composition/v1",
        "answer": answer(chain),
        "links": chain.iter().map(link).collect::<Vec<_>>(),
    })
}

fn link(link: &Link) -> Value {
    let member = |member: &Member| {
        value!({
            "name": member.name.as_str(),
            "version": member.version.to_string(),
        })
    };
    value!({
        "from": member(&link.from),
        "to": member(&link.to),
        "answer": link.answer(),
        "checks": link.checks.iter().map(check).collect::<Vec<_>>(),
    })
}

fn check(check: &Check) -> Value {
    let mut shown = value!({
        "about": match check.about {
            About::Parties => "parties",
            About::Payload => "payload",
            About::Evidence(_) => "evidence",
        },
        "answer": check.answer,
        "because": check.because,
        "pointer": check.pointer,
    });
    let Some(fields) = shown.as_object_mut() else {
        return shown;
    };
    if let About::Evidence(id) = &check.about {
        fields.insert("evidence".to_owned(), id.as_str().into());
    }
    if let (Answer::No, Some(example)) = (check.answer, &check.counterexample) {
        fields.insert("counterexample".to_owned(), example.clone());
    }
    shown
}
