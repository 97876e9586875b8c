//! The environment, read in one place.

/// Returns a variable that is set to text.
#[expect(
    clippy::disallowed_methods,
    reason = "the composition root reads the environment"
)]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
