//! Durable transitions per second of both stores, beside bare loops that write the same bytes to the same kind of place, and
//! beside pgbench: `cargo bench -p baton-benches --bench durable -- [--seconds N] [--rounds N]`.
//!
//! Everything here waits for the disk, so what is measured is elapsed time; contenders take turns, and the median of the ratios
//! within a round is what counts.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program prints what it measured, and stops at the first surprise"
)]

mod bare_postgres;
mod bare_sqlite;
mod load;
mod pgbench;
mod table;

use baton_store::{PostgresStore, SqliteStore};
use baton_testkit::postgres::Server;

use load::Load;
use table::Table;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str, or: u32| {
        let mut from = arguments.iter().skip_while(|argument| *argument != flag);
        from.nth(1).map_or(or, |number| number.parse().unwrap())
    };
    let (seconds, rounds) = (after("--seconds", 3), after("--rounds", 5));
    for clients in [1, 32, 64] {
        sqlite(Load { clients, seconds }, rounds);
    }
    match Server::start() {
        Ok(server) => {
            for clients in [1, 32] {
                postgres(&server, Load { clients, seconds }, rounds);
            }
        }
        Err(why) => println!("\nPostgreSQL skipped: {why}"),
    }
}

fn sqlite(load: Load, rounds: u32) {
    let mut table = Table::new(&format!(
        "SQLite, synchronous = FULL, {} clients",
        load.clients
    ));
    for _ in 0..rounds {
        // New files each round: every contender starts with an empty table on the same disk.
        let folder = tempfile::tempdir().unwrap();
        table.add(
            "bare group commit of the same bytes",
            bare_sqlite::rate(folder.path(), load),
        );
        let store = SqliteStore::open(folder.path().join("store.db")).unwrap();
        table.add("Baton: transition", load::rate(&store, load));
    }
    table.print();
}

fn postgres(server: &Server, load: Load, rounds: u32) {
    let mut table = Table::new(&format!("PostgreSQL, {} clients", load.clients));
    for round in 0..rounds {
        let name = format!("c{}_r{round}", load.clients);
        let bare = server.database(&format!("bare_{name}"));
        // The same tables and indexes, made by the store itself.
        drop(PostgresStore::open(&bare).unwrap());
        table.add(
            "bare single statement, same tables",
            bare_postgres::rate(&bare, load),
        );
        let store = PostgresStore::open(&server.database(&format!("baton_{name}"))).unwrap();
        table.add("Baton: transition", load::rate(&store, load));
        drop(store);
        let database = format!("pgbench_{name}");
        server.database(&database);
        table.add(
            "pgbench, simple-update",
            pgbench::rate(server, &database, load),
        );
    }
    table.print();
}
