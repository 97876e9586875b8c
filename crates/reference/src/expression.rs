//! Expressions by the `cel` crate's own evaluator, on a converted copy of the data.

use std::collections::HashMap;

use cel::{Context, Program, Value as Cel};
use serde_json::{Value, json};

use crate::Inputs;
use crate::inputs::{number, text};

/// The variables of expressions.
pub(crate) struct Data {
    variables: Vec<(&'static str, Value)>,
}

impl Data {
    pub(crate) fn new(inputs: &Inputs) -> Self {
        let package = &inputs.package;
        let sender = package.get("sender").cloned().unwrap_or_default();
        let context = json!({
            "as_of": text(&inputs.context, "as_of"),
            "risk_tier": text(package, "risk_tier"),
            "work_item": text(package, "work_item"),
            "sender": sender,
            "receiver_pressure": number(&inputs.context, "receiver_pressure", 0),
        });
        Self {
            variables: vec![
                (
                    "payload",
                    package.get("payload").cloned().unwrap_or_default(),
                ),
                ("evidence", inputs.evidence.clone()),
                ("contract", inputs.contract.clone()),
                ("context", context),
                ("history", inputs.history.clone()),
            ],
        }
    }

    /// Adds what only gates see.
    pub(crate) fn with_findings(mut self, findings: Value) -> Self {
        self.variables.push(("findings", findings));
        self
    }

    /// Returns the truth value of an expression, or nothing when it has none.
    pub(crate) fn truth(&self, expression: &str) -> Option<bool> {
        match self.evaluate(expression)? {
            Cel::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    /// Returns the whole number of an expression, or nothing when it has none.
    pub(crate) fn integer(&self, expression: &str) -> Option<i64> {
        match self.evaluate(expression)? {
            Cel::Int(integer) => Some(integer),
            _ => None,
        }
    }

    fn evaluate(&self, expression: &str) -> Option<Cel> {
        // The crate keeps CEL's reserved words; Baton's language lets contracts say `package`.
        let program = Program::compile(&expression.replace("package.", "payload.")).ok()?;
        let mut context = Context::default();
        for (name, value) in &self.variables {
            context.add_variable_from_value(*name, convert(value));
        }
        program.execute(&context).ok()
    }
}

fn convert(value: &Value) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(truth) => Cel::Bool(*truth),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Cel::Int(integer),
            None => Cel::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(convert).collect::<Vec<_>>().into(),
        Value::Object(fields) => {
            let fields: HashMap<String, Cel> = fields
                .iter()
                .map(|(key, value)| (key.clone(), convert(value)))
                .collect();
            fields.into()
        }
    }
}
