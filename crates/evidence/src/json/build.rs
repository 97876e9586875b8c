//! What the reader makes: it calls a builder for each value, so one grammar serves every tree.

use std::borrow::Cow;

use baton_terms::Span;

/// Makes a tree out of the values of a document, innermost first.
///
/// The reader guarantees that whatever it finally returns has no duplicate or look-alike keys, so
/// a builder may keep either of two equal keys: that tree is thrown away.
pub trait Build {
    /// A finished value.
    type Node;
    /// A list under construction.
    type List;
    /// A map under construction.
    type Map;

    /// Returns `null`.
    fn null(&mut self, span: Span) -> Self::Node;
    /// Returns `true` or `false`.
    fn boolean(&mut self, value: bool, span: Span) -> Self::Node;
    /// Returns an integer within ±(2^53 − 1), however it was spelled.
    fn integer(&mut self, value: i64, span: Span) -> Self::Node;
    /// Returns a finite number with a fractional part.
    fn float(&mut self, value: f64, span: Span) -> Self::Node;
    /// Returns a text; the span includes its quotes.
    fn text(&mut self, value: Cow<'_, str>, span: Span) -> Self::Node;

    /// Starts a list.
    fn list(&mut self) -> Self::List;
    /// Adds an item to a list.
    fn item(&mut self, list: &mut Self::List, node: Self::Node);
    /// Finishes a list; the span includes its brackets.
    fn list_end(&mut self, list: Self::List, span: Span) -> Self::Node;

    /// Starts a map.
    fn map(&mut self) -> Self::Map;
    /// Adds an entry to a map; the key's span includes its quotes.
    fn entry(&mut self, map: &mut Self::Map, key: (Cow<'_, str>, Span), node: Self::Node);
    /// Finishes a map; the span includes its braces.
    fn map_end(&mut self, map: Self::Map, span: Span) -> Self::Node;
}
