//! Evidence along a link: handed on, falling short, or the next sender's own duty.

use baton_terms::Elapsed;

use super::chain::{About, Answer, Check};
use crate::model::{EvidenceRequirement, Presence, Signer};

/// Checks each piece of evidence that the next contract may ask for.
pub(super) fn checks<'a>(
    offered: &'a [EvidenceRequirement],
    asked: &'a [EvidenceRequirement],
) -> impl Iterator<Item = Check> + 'a {
    let asked = asked
        .iter()
        .filter(|asked| asked.presence != Presence::Optional);
    asked.map(move |asked| {
        let offer = offered.iter().find(|offer| offer.id == asked.id);
        let (answer, because) = match offer {
            Some(offer) => handed_on(offer, asked),
            None => (
                Answer::OwnDuty,
                "not promised by the outputs: the next sender attaches it".to_owned(),
            ),
        };
        Check {
            about: About::Evidence(asked.id.clone()),
            answer,
            because,
            pointer: asked.at.clone(),
            counterexample: None,
        }
    })
}

fn handed_on(offer: &EvidenceRequirement, asked: &EvidenceRequirement) -> (Answer, String) {
    if let Some(reason) = falls_short(offer, asked) {
        return (Answer::No, reason);
    }
    match is_as_signed(offer.signer.as_ref(), asked.signer.as_ref()) {
        Answer::Yes => {}
        answer => {
            let because = "the outputs do not promise a signer that the next contract accepts";
            return (answer, because.to_owned());
        }
    }
    if offer.presence == Presence::Required || offer.presence == asked.presence {
        return (Answer::Yes, "handed on".to_owned());
    }
    let because = "promised for some packages only: otherwise the next sender attaches it";
    (Answer::OwnDuty, because.to_owned())
}

fn falls_short(offer: &EvidenceRequirement, asked: &EvidenceRequirement) -> Option<String> {
    let outside = |offered: &[String], accepted: &[String]| {
        let strange = offered.iter().find(|text| !accepted.contains(text))?;
        Some(strange.clone())
    };
    if let Some(media_type) = outside(&offer.media_types, &asked.media_types) {
        return Some(format!(
            "may be `{media_type}`, which the next contract refuses"
        ));
    }
    if !asked.predicate_types.is_empty() {
        if offer.predicate_types.is_empty() {
            return Some(
                "may be any file, where the next contract asks for a statement".to_owned(),
            );
        }
        if let Some(predicate) = outside(&offer.predicate_types, &asked.predicate_types) {
            return Some(format!(
                "may state `{predicate}`, which the next contract refuses"
            ));
        }
    }
    let limit = asked.max_age?;
    let is_fresh = offer.max_age.is_some_and(|age| age <= limit);
    (!is_fresh).then(|| {
        let age = offer.max_age.as_ref().map_or_else(
            || "of any age".to_owned(),
            |age: &Elapsed| format!("as old as {age}"),
        );
        format!("may be {age}, where the next contract takes at most {limit}")
    })
}

/// Whether every signer the outputs allow is one that the next contract accepts.
fn is_as_signed(offer: Option<&Signer>, asked: Option<&Signer>) -> Answer {
    let Some(asked) = asked else {
        return Answer::Yes;
    };
    let Some(offer) = offer else {
        return Answer::No;
    };
    let key = match (&offer.key, &asked.key) {
        (_, None) => Answer::Yes,
        (Some(offered), Some(asked)) if offered == asked => Answer::Yes,
        _ => Answer::No,
    };
    let identity = match (offer.identity.as_deref(), asked.identity.as_deref()) {
        (_, None) => Answer::Yes,
        (Some(offered), Some(asked)) => within(offered, asked),
        // The key may well belong to an accepted identity; only the keyring knows.
        (None, Some(_)) if offer.key.is_some() => Answer::Unknown,
        (None, Some(_)) => Answer::No,
    };
    key.max(identity)
}

/// Whether every identity that fits `narrow` fits `wide`; `*` stands for any run of characters.
fn within(narrow: &str, wide: &str) -> Answer {
    if narrow == wide {
        return Answer::Yes;
    }
    let pieces: Vec<_> = wide.split('*').collect();
    let [start, .., end] = pieces.as_slice() else {
        // The wide one is a single identity, and the narrow one is another or several.
        return Answer::No;
    };
    let fits_ends = narrow.len() >= start.len() + end.len()
        && narrow.starts_with(start)
        && narrow.ends_with(end);
    match (pieces.len(), narrow.contains('*')) {
        // `a*b` takes whatever starts and ends so; a `*` of the narrow one lies in between.
        (2, _) if fits_ends => Answer::Yes,
        (2, false) => Answer::No,
        _ => Answer::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: COMPOSE-9
    #[test]
    fn identities_lie_within_patterns() {
        for (narrow, wide, expected) in [
            ("research-*", "research-*", Answer::Yes),
            ("research-berlin", "research-*", Answer::Yes),
            ("research-b*", "research-*", Answer::Yes),
            ("*", "*", Answer::Yes),
            ("anybody", "*", Answer::Yes),
            ("qa", "research-*", Answer::No),
            ("ab", "ab*b", Answer::No),
            ("*-lead", "research-*", Answer::Unknown),
            ("research-*", "research-berlin", Answer::No),
            ("a-x-b", "a*x*b", Answer::Unknown),
        ] {
            assert_eq!(within(narrow, wide), expected, "{narrow} within {wide}");
        }
    }
}
