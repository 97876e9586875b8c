//! The macros over lists and map keys (cel-spec, "Macros").

use baton_evidence::json::tree::Items;

use super::super::functions::Function;
use super::super::program::{Loop, LoopKind, Node, Operation};
use super::super::value::{List, Value};
use super::{Element, Evaluated, Failure, Machine, Reason};

impl<'a> Machine<'a, '_> {
    /// Returns the value of a loop.
    pub(super) fn run_loop(&mut self, each: &'a Loop) -> Evaluated<'a> {
        let elements = self.elements_of(each)?;
        match each.kind {
            LoopKind::All => self.quantify(each, elements, false),
            LoopKind::Exists => self.quantify(each, elements, true),
            LoopKind::ExistsOne => {
                let mut count = 0_u64;
                for element in elements {
                    if self.with_element(element, |machine| machine.condition(&each.body))? {
                        count += 1;
                    }
                }
                Ok(Value::Bool(count == 1))
            }
            LoopKind::Filter => {
                let mut kept = Vec::new();
                for element in elements {
                    let keep = self
                        .with_element(element.clone(), |machine| machine.condition(&each.body))?;
                    if keep {
                        kept.push(element.into_value());
                    }
                }
                Ok(Value::List(List::Built(kept.into())))
            }
            LoopKind::Map => {
                let mut made = Vec::new();
                for element in elements {
                    let value = self.with_element(element, |machine| {
                        match &each.filter {
                            Some(filter) if !machine.condition(filter)? => return Ok(None),
                            _ => {}
                        }
                        machine.evaluate(&each.body).map(Some)
                    })?;
                    made.extend(value);
                }
                Ok(Value::List(List::Built(made.into())))
            }
        }
    }

    /// Returns the size of what a filter keeps, which is not kept for this; nothing for other calls.
    pub(super) fn count_of_filter(
        &mut self,
        function: Function,
        arguments: &'a [Node],
    ) -> Result<Option<Value<'a>>, Failure> {
        let (Function::Size, [argument]) = (function, arguments) else {
            return Ok(None);
        };
        let Operation::Loop(each) = &argument.operation else {
            return Ok(None);
        };
        if each.kind != LoopKind::Filter {
            return Ok(None);
        }
        self.step(argument)?;
        let mut count = 0_i64;
        for element in self.elements_of(each)? {
            if self.with_element(element, |machine| machine.condition(&each.body))? {
                count += 1;
            }
        }
        Ok(Some(Value::Int(count)))
    }

    /// Returns the elements a loop runs over: the items of a list, or the keys of a map.
    pub(in super::super) fn elements_of(
        &mut self,
        each: &'a Loop,
    ) -> Result<Elements<'a>, Failure> {
        match self.evaluate(&each.range)? {
            Value::List(List::Json(items)) => Ok(Elements::Json(items.iter())),
            Value::List(List::Tree(items)) => Ok(Elements::Tree(items, 0)),
            Value::List(list) => Ok(Elements::List(list, 0)),
            Value::Map(map) => {
                // The keys are collected and sorted before the first of them is looked at.
                self.meter
                    .charge_length(map.len())
                    .map_err(|reason| reason.at(each.range.span))?;
                let keys = map.keys().into_iter().map(Value::Text).collect();
                Ok(Elements::List(List::Built(keys), 0))
            }
            other => Err(Reason::mismatch("a list or a map", &other).at(each.range.span)),
        }
    }

    /// `all` and `exists`: the first element whose condition equals `decisive` decides.
    fn quantify(
        &mut self,
        each: &'a Loop,
        elements: Elements<'a>,
        decisive: bool,
    ) -> Evaluated<'a> {
        let mut error = None;
        for element in elements {
            match self.with_element(element, |machine| machine.condition(&each.body)) {
                Ok(value) if value == decisive => return Ok(Value::Bool(decisive)),
                Ok(_) => {}
                Err(failure) if failure.reason == Reason::Cost => return Err(failure),
                Err(failure) => error = error.or(Some(failure)),
            }
        }
        error.map_or(Ok(Value::Bool(!decisive)), Err)
    }
}

/// The elements of a range, one after the other.
pub(in super::super) enum Elements<'a> {
    Json(std::slice::Iter<'a, serde_json::Value>),
    Tree(Items<'a>, usize),
    List(List<'a>, usize),
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        match self {
            Self::Json(items) => items.next().map(|json| Element::Document(json.into())),
            Self::Tree(items, at) => {
                let view = items.get(*at)?;
                *at += 1;
                Some(Element::Document(view.into()))
            }
            Self::List(list, at) => {
                let value = list.get(*at)?;
                *at += 1;
                Some(Element::Value(value))
            }
        }
    }
}

impl<'a> Element<'a> {
    fn into_value(self) -> Value<'a> {
        match self {
            Self::Document(document) => Value::from_document(document),
            Self::Value(value) => value,
        }
    }
}
