//! One of the two schemas: its subschemas by pointer, what its references mean, and a validator for each.

use jsonschema::ValidatorMap;
use serde_json::Value;

use crate::schema::{Scan, validators};

/// Subschemas a comparable schema may have; each gets a validator of its own.
const SUBSCHEMAS_MAX: usize = 500;

/// One of the two schemas compared.
#[derive(Debug)]
pub(super) struct Side<'a> {
    root: &'a Value,
    scan: Scan,
    validators: ValidatorMap,
}

impl<'a> Side<'a> {
    /// Prepares a schema that compiles; nothing when it is too large to compare.
    pub(super) fn new(root: &'a Value) -> Option<Self> {
        let scan = Scan::new(root);
        if scan.len() > SUBSCHEMAS_MAX {
            return None;
        }
        Some(Self {
            root,
            scan,
            validators: validators(root)?,
        })
    }

    /// Returns the whole schema.
    pub(super) fn root(&self) -> &'a Value {
        self.root
    }

    /// Returns the subschema at `pointer`.
    pub(super) fn at(&self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer)
    }

    /// Returns the pointer a reference means.
    pub(super) fn target(&self, reference: &str) -> Option<String> {
        self.scan.target(reference).map(str::to_owned)
    }

    /// Returns whether the subschema at `pointer` accepts `value`, when that can be asked.
    pub(super) fn accepts(&self, pointer: &str, value: &Value) -> Option<bool> {
        // The validators' keys are pointers after `#`, without percent-encoding.
        let validator = self.validators.get(&format!("#{pointer}"))?;
        Some(validator.is_valid(value))
    }
}
