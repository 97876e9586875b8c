//! What `baton tour` refuses; the tour itself is the README's first command.

use super::baton_in;

#[test]
fn a_tour_writes_over_nothing_and_says_when_a_log_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    baton_in(folder.path(), &["tour", "mine"]).refuses(1, &["error[E0905]", "`mine`"]);
    std::fs::write(
        folder.path().join("log.csv"),
        "id,at,what\n1,2026-01-01T08:00:00Z,new\n",
    )
    .unwrap();
    baton_in(folder.path(), &["tour", "--data", "log.csv", "there"])
        .refuses(1, &["error[E0907]", "--mapping, --contract and --fields"]);
}
