//! Keywords of the wide schema about lists.

use serde_json::{Map, Value};

use super::cases::count;
use super::facts::{Facts, Kinds};
use super::judge::{Gap, Judge};
use crate::schema::join;

impl Judge<'_> {
    /// Proves a case against the keywords about items.
    pub(super) fn items_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        if !case.kinds.meets(Kinds::ARRAY) {
            return Ok(());
        }
        counts_within(case, schema, wide)?;
        self.each_item_within(case, schema, wide)?;
        self.contained_within(case, schema, wide)
    }

    fn each_item_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        let described = schema.get("prefixItems").and_then(Value::as_array);
        let described = described.map_or(0, Vec::len);
        let has_rest = schema.contains_key("items");
        // Past the last position either side describes, all items are alike.
        let positions = if has_rest {
            described.max(case.positions()) + 1
        } else {
            described
        };
        for position in 0..positions {
            let can_exist = case
                .items_max
                .is_none_or(|most| u64::try_from(position).is_ok_and(|position| position < most));
            if !can_exist {
                break;
            }
            let target = if position < described {
                format!("{wide}/prefixItems/{position}")
            } else {
                join(wide, "items")
            };
            self.members_within(case.members_of_item(position), &target)?;
        }
        Ok(())
    }

    fn contained_within(
        &mut self,
        case: &Facts,
        schema: &Map<String, Value>,
        wide: &str,
    ) -> Result<(), Gap> {
        if !schema.contains_key("contains") {
            return Ok(());
        }
        let target = join(wide, "contains");
        let least = count(schema, "minContains").unwrap_or(1);
        if let Some(most) = count(schema, "maxContains")
            && case.items_max.is_none_or(|items| items > most)
        {
            let pointer = join(wide, "maxContains");
            return Err(Gap::new(&pointer, "more items may meet the description"));
        }
        if least == 0 {
            return Ok(());
        }
        for contains in &case.contains {
            let members = std::iter::once(contains.at.clone()).collect();
            if contains.least >= least && self.members_within(members, &target).is_ok() {
                return Ok(());
            }
        }
        if case.items_min < least {
            return Err(Gap::new(&target, "no item may meet the description"));
        }
        // All items that must exist meet it.
        for position in 0..least.min(64) {
            let position = usize::try_from(position).unwrap_or(usize::MAX);
            self.members_within(case.members_of_item(position), &target)?;
        }
        if least > 64 {
            Err(Gap::new(&target, "too many items to compare"))
        } else {
            Ok(())
        }
    }
}

fn counts_within(case: &Facts, schema: &Map<String, Value>, wide: &str) -> Result<(), Gap> {
    let gap = |keyword: &str, because: &str| Err(Gap::new(&join(wide, keyword), because));
    if count(schema, "minItems").is_some_and(|least| case.items_min < least) {
        return gap("minItems", "a list may be shorter");
    }
    if let Some(most) = count(schema, "maxItems")
        && case.items_max.is_none_or(|items| items > most)
    {
        return gap("maxItems", "a list may be longer");
    }
    let must_be_unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
    let is_short = case.items_max.is_some_and(|most| most <= 1);
    if must_be_unique && !case.is_unique && !is_short {
        return gap("uniqueItems", "items may repeat");
    }
    match schema.get("unevaluatedItems") {
        None | Some(Value::Bool(true)) => Ok(()),
        Some(_) => gap("unevaluatedItems", "items left over are not compared"),
    }
}
