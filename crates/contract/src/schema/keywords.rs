//! The keywords of JSON Schema 2020-12 and what their values must be.

/// What a keyword's value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One subschema, applied to the same value.
    HereOne,
    /// A non-empty list of subschemas, applied to the same value.
    HereList,
    /// Subschemas by name, applied to the same value.
    HereMap,
    /// Subschemas by name that are only referred to.
    Definitions,
    /// Subschemas by property name.
    Properties,
    /// Subschemas by pattern of property names.
    PatternProperties,
    /// One subschema for properties not named beside it.
    OtherProperties,
    /// One subschema for every property value left.
    AnyProperty,
    /// One subschema for property names.
    Names,
    /// A non-empty list of subschemas by position.
    Positions,
    /// One subschema for items after the positions beside it.
    OtherItems,
    /// One subschema that any item may be checked against.
    AnyItem,
    /// A reference to a subschema.
    Reference,
    /// A number.
    Number,
    /// A number above zero.
    PositiveNumber,
    /// A whole number, zero or above.
    Count,
    /// True or false.
    Flag,
    /// Any text.
    Text,
    /// A regular expression.
    Pattern,
    /// The name of a format.
    Format,
    /// A type's name or several.
    Type,
    /// A list of texts without repetition.
    Texts,
    /// Lists of texts by name.
    TextsMap,
    /// A list of any values.
    Values,
    /// Any value.
    Any,
    /// `$schema`.
    Dialect,
    /// `$id`.
    Identifier,
    /// `$anchor` or `$dynamicAnchor`.
    Anchor,
    /// `$vocabulary`.
    Vocabulary,
    /// Known, but describes a check that is not asserted.
    Unasserted,
}

const KEYWORDS: [(&str, Kind); 57] = [
    ("$anchor", Kind::Anchor),
    ("$comment", Kind::Text),
    ("$defs", Kind::Definitions),
    ("$dynamicAnchor", Kind::Anchor),
    ("$dynamicRef", Kind::Reference),
    ("$id", Kind::Identifier),
    ("$ref", Kind::Reference),
    ("$schema", Kind::Dialect),
    ("$vocabulary", Kind::Vocabulary),
    ("additionalProperties", Kind::OtherProperties),
    ("allOf", Kind::HereList),
    ("anyOf", Kind::HereList),
    ("const", Kind::Any),
    ("contains", Kind::AnyItem),
    ("contentEncoding", Kind::Unasserted),
    ("contentMediaType", Kind::Unasserted),
    ("contentSchema", Kind::Unasserted),
    ("default", Kind::Any),
    ("dependentRequired", Kind::TextsMap),
    ("dependentSchemas", Kind::HereMap),
    ("deprecated", Kind::Flag),
    ("description", Kind::Text),
    ("else", Kind::HereOne),
    ("enum", Kind::Values),
    ("examples", Kind::Values),
    ("exclusiveMaximum", Kind::Number),
    ("exclusiveMinimum", Kind::Number),
    ("format", Kind::Format),
    ("if", Kind::HereOne),
    ("items", Kind::OtherItems),
    ("maxContains", Kind::Count),
    ("maxItems", Kind::Count),
    ("maxLength", Kind::Count),
    ("maxProperties", Kind::Count),
    ("maximum", Kind::Number),
    ("minContains", Kind::Count),
    ("minItems", Kind::Count),
    ("minLength", Kind::Count),
    ("minProperties", Kind::Count),
    ("minimum", Kind::Number),
    ("multipleOf", Kind::PositiveNumber),
    ("not", Kind::HereOne),
    ("oneOf", Kind::HereList),
    ("pattern", Kind::Pattern),
    ("patternProperties", Kind::PatternProperties),
    ("prefixItems", Kind::Positions),
    ("properties", Kind::Properties),
    ("propertyNames", Kind::Names),
    ("readOnly", Kind::Flag),
    ("required", Kind::Texts),
    ("then", Kind::HereOne),
    ("title", Kind::Text),
    ("type", Kind::Type),
    ("unevaluatedItems", Kind::AnyItem),
    ("unevaluatedProperties", Kind::AnyProperty),
    ("uniqueItems", Kind::Flag),
    ("writeOnly", Kind::Flag),
];

/// Returns what the keyword's value must be, when it is known.
pub(super) fn kind(keyword: &str) -> Option<Kind> {
    KEYWORDS
        .iter()
        .find(|(name, _)| *name == keyword)
        .map(|(_, kind)| *kind)
}

/// Returns the names of all known keywords.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().map(|(name, _)| *name)
}

/// Returns what to write instead of a keyword of an older draft.
pub(super) fn successor(keyword: &str) -> Option<&'static str> {
    match keyword {
        "definitions" => Some("write `$defs`"),
        "dependencies" => Some("write `dependentRequired` or `dependentSchemas`"),
        "additionalItems" => Some("write `prefixItems` for the positions and `items` for the rest"),
        "id" => Some("write `$id`"),
        "extends" => Some("write `allOf`"),
        "disallow" => Some("write `not`"),
        "divisibleBy" => Some("write `multipleOf`"),
        "nullable" => Some("write `type: [string, \"null\"]`"),
        "optional" => Some("leave the field out of `required`"),
        _ => None,
    }
}
