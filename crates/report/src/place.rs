//! JSON Pointers (RFC 6901) in words, for readers who never saw one.

/// Returns a pointer as a path in words: `/payload/user_stories/2/title` becomes
/// `payload › user stories › item 3 › title`.
pub(crate) fn in_words(pointer: &str) -> String {
    if pointer.is_empty() {
        return "the whole document".to_owned();
    }
    let steps: Vec<String> = pointer.split('/').skip(1).map(step).collect();
    steps.join(" › ")
}

/// Returns one reference token in words; tilde escapes as in RFC 6901 §4.
fn step(token: &str) -> String {
    let is_index = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    match token
        .parse::<u64>()
        .ok()
        .filter(|_| is_index)
        .and_then(|index| index.checked_add(1))
    {
        Some(position) => format!("item {position}"),
        None if token == "*" => "every item".to_owned(),
        None if token == "-" => "one more item".to_owned(),
        None => token
            .replace("~1", "/")
            .replace("~0", "~")
            .replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_become_paths_in_words() {
        for (pointer, expected) in [
            ("", "the whole document"),
            ("/payload", "payload"),
            (
                "/payload/user_stories/2/title",
                "payload › user stories › item 3 › title",
            ),
            ("/a~1b/c~0d", "a/b › c~d"),
            ("/payload/list/-", "payload › list › one more item"),
            (
                "/payload/18446744073709551615",
                "payload › 18446744073709551615",
            ),
        ] {
            assert_eq!(in_words(pointer), expected);
        }
    }
}
