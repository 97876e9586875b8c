//! Describing a small document field by field, whatever is made of it.

/// Takes the members of a map; a key is given once.
pub trait Members {
    /// Adds a text.
    fn text(&mut self, key: &'static str, value: &str);
    /// Adds a whole number.
    fn count(&mut self, key: &'static str, value: u64);
    /// Adds a list of texts.
    fn texts<'v>(&mut self, key: &'static str, values: impl IntoIterator<Item = &'v str>);
    /// Adds a map.
    fn map(&mut self, key: &'static str, fill: impl FnOnce(&mut Self));
}
