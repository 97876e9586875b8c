//! The repository as the checks see it: paths and texts, ordered by path.

use std::collections::BTreeMap;

/// Paths from the repository root with `/`, each with its text; none for a file that is not UTF-8.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// Returns a tree of these files.
    pub(crate) fn new(files: impl IntoIterator<Item = (String, Option<String>)>) -> Self {
        Self {
            files: files.into_iter().collect(),
        }
    }

    /// Returns the text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Returns every file that has a text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// Returns every Rust source.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| has_extension(path, "rs"))
    }

    /// Returns every Markdown page.
    pub(crate) fn markdown(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| has_extension(path, "md"))
    }

    /// Says whether the path is a file or a folder of the tree.
    pub(crate) fn contains(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty()
            || self.files.contains_key(path)
            || self
                .files
                .range(folder.clone()..)
                .next()
                .is_some_and(|(p, _)| p.starts_with(&folder))
    }

    /// Returns the number of files.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }
}

/// Says whether the path ends in this extension.
pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    std::path::Path::new(path)
        .extension()
        .is_some_and(|found| found == extension)
}

/// Returns a tree of literal files, for the tests of the checks.
#[cfg(test)]
pub(crate) fn tree(files: &[(&str, &str)]) -> Tree {
    Tree::new(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_files_and_folders() {
        let tree = tree(&[("docs/adr/0001.md", ""), ("docs-old/a.md", "")]);
        for (path, expected) in [
            ("docs", true),
            ("docs/adr/", true),
            ("docs/adr/0001.md", true),
            ("docs/ad", false),
            ("doc", false),
            ("", true),
        ] {
            assert_eq!(tree.contains(path), expected, "{path:?}");
        }
    }

    #[test]
    fn skips_what_has_no_text() {
        let tree = Tree::new([
            ("a.rs".to_owned(), None),
            ("b.rs".to_owned(), Some("x".to_owned())),
        ]);
        assert_eq!(tree.rust().collect::<Vec<_>>(), [("b.rs", "x")]);
        assert_eq!(tree.len(), 2);
    }
}
