//! PostgreSQL's own measure: pgbench, script simple-update.

use baton_testkit::postgres::Server;

use crate::load::Load;
use crate::table::Measured;

/// Rows of pgbench's tables, in units of 100,000 accounts.
const SCALE: &str = "10";

/// Measures transactions.
pub(crate) fn rate(server: &Server, database: &str, load: Load) -> Measured {
    let make = server
        .program("pgbench")
        .args(["--initialize", "--quiet", "--scale", SCALE, database])
        .output()
        .unwrap();
    assert!(
        make.status.success(),
        "{}",
        String::from_utf8_lossy(&make.stderr)
    );
    let (clients, seconds) = (load.clients.to_string(), load.seconds.to_string());
    let run = server
        .program("pgbench")
        .args([
            "--builtin=simple-update",
            "--no-vacuum",
            "--jobs=2",
            "--protocol=prepared",
        ])
        .args(["--client", &clients, "--time", &seconds, database])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&run.stdout);
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = "));
    let rate = rate.and_then(|rate| rate.split(' ').next()?.parse().ok());
    Measured {
        per_second: rate.unwrap(),
        micros: None,
    }
}
