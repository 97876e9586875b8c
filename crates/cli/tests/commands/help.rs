//! `baton help`.

use super::{baton, repository};

#[test]
fn every_code_with_a_page_is_explained() {
    let pages = std::fs::read_dir(repository().join("docs/errors")).unwrap();
    let mut count = 0;
    for page in pages.map(Result::unwrap) {
        let path = page.path();
        let code = path.file_stem().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let ran = baton(&["help", code]);
        ran.shows(0, &[&format!("# {code}: "), "## Why"]);
        assert_eq!(ran.answer, text);
        count += 1;
    }
    assert!(count > 200, "{count} pages");
}

#[test]
fn commands_are_explained_and_unknown_words_are_not() {
    baton(&["help"]).shows(0, &["lint", "diff", "compose", "Exit codes"]);
    baton(&["help", "diff"]).shows(0, &["--format"]);
    baton(&["help", "E9999"]).refuses(1, &["error[E0906]"]);
    baton(&["help", "frobnicate"]).refuses(1, &["error[E0906]"]);
}
