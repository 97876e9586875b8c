//! Whether a document is valid.

use baton_evidence::json::View;
use baton_evidence::json::tree::{Entries, Items, Kind};

use super::super::instance::Instance;
use super::{
    At, Bounds, Direct, Here, MapRules, NumberRules, Others, Rules, Subschema, TextRules, Types,
};

impl Direct {
    /// Returns whether `instance` is valid.
    pub(in super::super) fn is_valid(&self, instance: View<'_>) -> bool {
        self.fits(0, instance)
    }

    fn fits(&self, at: At, value: View<'_>) -> bool {
        match self.subschemas.get(at) {
            Some(Subschema::Rules(rules)) => self.keeps(rules, value),
            Some(Subschema::Other(validator)) => validator.is_valid(Instance::Value(value)),
            Some(Subschema::Never) | None => false,
        }
    }

    fn keeps(&self, rules: &Rules, value: View<'_>) -> bool {
        let fits = match value.kind() {
            Kind::Text(text) => {
                rules.types.has(Types::TEXT) && rules.text.fit(text) && rules.offers(text)
            }
            Kind::Map(entries) => {
                rules.types.has(Types::MAP)
                    && rules.options.is_none()
                    && self.map_fits(&rules.map, entries)
            }
            Kind::List(items) => {
                rules.types.has(Types::LIST)
                    && rules.options.is_none()
                    && rules.list.count.allow(items.len())
                    && rules.list.items.is_none_or(|at| self.items_fit(at, items))
            }
            Kind::Integer(number) => {
                (rules.types.has(Types::INTEGER) || rules.types.has(Types::NUMBER))
                    && rules.options.is_none()
                    && rules.number.fit(number)
            }
            Kind::Float(number) => {
                let is_whole = number.fract() == 0.0;
                (rules.types.has(Types::NUMBER) || is_whole && rules.types.has(Types::INTEGER))
                    && rules.options.is_none()
                    && rules.number.fit_double(number)
            }
            Kind::Bool(_) => rules.types.has(Types::BOOL) && rules.options.is_none(),
            Kind::Null => rules.types.has(Types::NULL) && rules.options.is_none(),
        };
        fits && rules.here.iter().all(|here| self.applies(here, value))
    }

    fn items_fit(&self, at: At, items: Items<'_>) -> bool {
        items.iter().all(|item| self.fits(at, item))
    }

    /// Walks the fields that are there and the described ones together: both are in byte order.
    fn map_fits(&self, rules: &MapRules, entries: Entries<'_>) -> bool {
        if !rules.count.allow(entries.len()) {
            return false;
        }
        let mut fields = rules.fields.iter().peekable();
        for (key, value) in entries.iter() {
            let mut described = None;
            while let Some(field) = fields.peek() {
                if *field.name == *key {
                    described = field.described;
                    fields.next();
                    break;
                }
                if *field.name > *key {
                    break;
                }
                if field.is_required {
                    return false;
                }
                fields.next();
            }
            let fits = match (described, rules.others) {
                (Some(at), _) | (None, Others::Like(at)) => self.fits(at, value),
                (None, Others::Any) => true,
                (None, Others::None) => false,
            };
            if !fits {
                return false;
            }
        }
        !fields.any(|field| field.is_required)
    }

    fn applies(&self, here: &Here, value: View<'_>) -> bool {
        let fits = |at: &At| self.fits(*at, value);
        match here {
            Here::All(list) => list.iter().all(fits),
            Here::Any(list) => list.iter().any(fits),
            Here::One(list) => list.iter().filter(|at| fits(at)).take(2).count() == 1,
            Here::Not(at) => !fits(at),
            Here::If(test, then, otherwise) => {
                let branch = if fits(test) { then } else { otherwise };
                branch.as_ref().is_none_or(fits)
            }
        }
    }
}

impl Rules {
    fn offers(&self, text: &str) -> bool {
        self.options
            .as_ref()
            .is_none_or(|options| options.iter().any(|option| **option == *text))
    }
}

impl TextRules {
    fn fit(&self, text: &str) -> bool {
        self.characters.allow_characters(text)
            && self
                .pattern
                .as_ref()
                .is_none_or(|regex| regex.is_match(text))
    }
}

impl Bounds {
    /// Whether a text has as many characters, each of which takes one to four bytes.
    fn allow_characters(self, text: &str) -> bool {
        let is_surely_enough = text.len() >= self.least.saturating_mul(4);
        (is_surely_enough && text.len() <= self.most) || self.allow(text.chars().count())
    }
}

impl NumberRules {
    fn fit(&self, number: i64) -> bool {
        self.least.is_none_or(|least| number >= least)
            && self.most.is_none_or(|most| number <= most)
            && self.above.is_none_or(|above| number > above)
            && self.below.is_none_or(|below| number < below)
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "limits are within 2^53, where doubles are exact"
    )]
    fn fit_double(&self, number: f64) -> bool {
        self.least.is_none_or(|least| number >= least as f64)
            && self.most.is_none_or(|most| number <= most as f64)
            && self.above.is_none_or(|above| number > above as f64)
            && self.below.is_none_or(|below| number < below as f64)
    }
}
