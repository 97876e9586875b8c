//! Types of expressions: what the checker knows about a value before there is one.

use std::collections::BTreeMap;

/// The type of a value in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Nothing is known; checked when evaluated.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number of 64 bits.
    Int,
    /// A number with a fraction; it can be compared, not computed with.
    Double,
    /// Text.
    Text,
    /// Text that is one of the listed values.
    TextOf(Vec<String>),
    /// A point in time; in documents RFC 3339 text.
    Timestamp,
    /// A length of time; in documents text such as `36h` or `14d`.
    Duration,
    /// A list.
    List {
        /// Type of every item.
        item: Box<Self>,
        /// Most items there can be, when bounded.
        items_max: Option<u64>,
    },
    /// A map from text to values of one type.
    Map(Box<Self>),
    /// A map with named fields.
    Object(Object),
    /// One of several types.
    Union(Vec<Self>),
}

/// The declared fields of a map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Object {
    /// Fields by name.
    pub fields: BTreeMap<String, Field>,
    /// Whether other fields may be present. Expressions still may not name them.
    pub open: bool,
}

/// One declared field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Type of its value.
    pub kind: Type,
    /// Whether it is always present.
    pub required: bool,
}

impl Field {
    /// Returns a field that is always present.
    pub fn required(kind: Type) -> Self {
        Self {
            kind,
            required: true,
        }
    }

    /// Returns a field that may be absent.
    pub fn optional(kind: Type) -> Self {
        Self {
            kind,
            required: false,
        }
    }
}

impl Type {
    /// Returns the type of lists of `item` without a bound.
    pub fn list(item: Self) -> Self {
        Self::List {
            item: Box::new(item),
            items_max: None,
        }
    }

    /// Returns the type of maps from text to `value`.
    pub fn map(value: Self) -> Self {
        Self::Map(Box::new(value))
    }

    /// Returns the type of a closed record whose fields are all required.
    pub fn record<'n>(fields: impl IntoIterator<Item = (&'n str, Self)>) -> Self {
        let fields = fields
            .into_iter()
            .map(|(name, kind)| (name.to_owned(), Field::required(kind)))
            .collect();
        Self::Object(Object {
            fields,
            open: false,
        })
    }

    /// Returns the smallest type that covers all of `kinds`.
    pub fn union(kinds: impl IntoIterator<Item = Self>) -> Self {
        let mut members: Vec<Self> = Vec::new();
        for kind in kinds {
            match kind {
                Self::Any => return Self::Any,
                Self::Union(inner) => inner.into_iter().for_each(|kind| add(&mut members, kind)),
                kind => add(&mut members, kind),
            }
        }
        match members.len() {
            0 => Self::Any,
            1 => members.pop().unwrap_or(Self::Any),
            _ => Self::Union(members),
        }
    }

    /// Returns the alternatives of a union, or the type itself.
    pub(super) fn members(&self) -> &[Self] {
        match self {
            Self::Union(members) => members,
            single => std::slice::from_ref(single),
        }
    }

    /// Returns whether a value of this type can be one for which `test` holds.
    pub(super) fn may(&self, test: impl Fn(&Self) -> bool) -> bool {
        self.members()
            .iter()
            .any(|kind| matches!(kind, Self::Any) || test(kind))
    }

    /// Returns whether the type is text of any kind.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::TextOf(_))
    }

    /// Returns whether the type is a number.
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Double)
    }

    /// Returns whether the type is a map of any kind.
    pub(super) fn is_map(&self) -> bool {
        matches!(self, Self::Map(_) | Self::Object(_))
    }

    /// Returns whether a value of this type can be of type `expected`.
    pub(super) fn fits(&self, expected: &Self) -> bool {
        self.may(|found| {
            expected
                .members()
                .iter()
                .any(|expected| Self::overlaps(found, expected))
        })
    }

    /// Returns whether a value of one single type can equal a value of the other.
    fn overlaps(left: &Self, right: &Self) -> bool {
        match (left, right) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::Union(_), _) | (_, Self::Union(_)) => left.fits(right),
            (Self::TextOf(left), Self::TextOf(right)) => {
                left.iter().any(|value| right.contains(value))
            }
            (Self::List { item: left, .. }, Self::List { item: right, .. })
            | (Self::Map(left), Self::Map(right)) => left.can_equal(right),
            (left, right) => {
                std::mem::discriminant(left) == std::mem::discriminant(right)
                    || (left.is_text() && right.is_text())
                    || (left.is_map() && right.is_map())
            }
        }
    }

    /// Returns whether `==` between the two types can be true.
    pub(super) fn can_equal(&self, other: &Self) -> bool {
        self.fits(other) || (self.may(Self::is_number) && other.may(Self::is_number))
    }

    /// Returns whether a container of this type holds times, which documents spell in many ways.
    pub(super) fn holds_times(&self) -> bool {
        let is_time = |kind: &Self| {
            kind.members()
                .iter()
                .any(|kind| matches!(kind, Self::Timestamp | Self::Duration) || kind.holds_times())
        };
        match self {
            Self::List { item, .. } | Self::Map(item) => is_time(item),
            Self::Object(object) => object.fields.values().any(|field| is_time(&field.kind)),
            Self::Union(members) => members.iter().any(Self::holds_times),
            _ => false,
        }
    }
}

/// Adds `kind` to the members of a union; there is one member at most for text.
fn add(members: &mut Vec<Type>, kind: Type) {
    if members.contains(&kind) {
        return;
    }
    let text = members.iter_mut().find(|member| member.is_text());
    match (text, kind) {
        (Some(Type::TextOf(known)), Type::TextOf(values)) => {
            let new = values.into_iter().filter(|value| !known.contains(value));
            let new: Vec<_> = new.collect();
            known.extend(new);
        }
        (Some(text), kind) if kind.is_text() => *text = Type::Text,
        (_, kind) => members.push(kind),
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Double => f.write_str("double"),
            Self::Text | Self::TextOf(_) => f.write_str("text"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Duration => f.write_str("duration"),
            Self::List { item, .. } => write!(f, "list({item})"),
            Self::Map(value) => write!(f, "map({value})"),
            Self::Object(_) => f.write_str("object"),
            Self::Union(members) => {
                for (index, member) in members.iter().enumerate() {
                    if index > 0 {
                        f.write_str(" or ")?;
                    }
                    member.fmt(f)?;
                }
                Ok(())
            }
        }
    }
}
