//! Durable transitions per second of both stores, beside bare loops that write the same bytes to the same kind of place, and
//! beside pgbench: `cargo bench -p baton-benches --bench durable -- [--seconds N] [--rounds N] [--only sqlite|whole|postgresql|parked]
//! [--streams N] [--peer NAME=COMMAND …]`. `parked` runs only when it is asked for, and watches for as many seconds. A peer is a program
//! that is measured beside whole handoffs; `benches/durable/run.sh` names some, and asks for everything.
//!
//! Everything here waits for the disk, so what is measured is elapsed time; contenders take turns, and the median of the ratios
//! within a round is what counts.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program prints what it measured, and stops at the first surprise"
)]

mod asking;
mod bare_postgres;
mod bare_sqlite;
mod due;
mod load;
mod parked;
mod peers;
mod pgbench;
mod table;
mod whole;

use baton_store::{PostgresStore, SqliteStore};
use baton_testkit::postgres::Server;

use load::Load;
use parked::Parking;
use peers::Peers;
use table::Table;
use whole::Sharing;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str, or: u32| {
        let mut from = arguments.iter().skip_while(|argument| *argument != flag);
        from.nth(1).map_or(or, |number| number.parse().unwrap())
    };
    let (seconds, rounds) = (after("--seconds", 3), after("--rounds", 5));
    let is_asked = |name: &str| {
        let mut only = arguments
            .iter()
            .skip_while(|argument| *argument != "--only");
        only.nth(1).is_none_or(|only| only == name)
    };
    if is_asked("sqlite") {
        for clients in [1, 32, 64] {
            sqlite(Load { clients, seconds }, rounds);
        }
    }
    if is_asked("whole") {
        let peers = (arguments.iter().zip(arguments.iter().skip(1)))
            .filter(|(flag, _)| *flag == "--peer")
            .map(|(_, peer)| peer);
        let peers = Peers::of(peers);
        for clients in [1, 32, 64] {
            handoffs(&peers, Load { clients, seconds }, rounds);
        }
    }
    if arguments.iter().any(|argument| argument == "parked") {
        let streams = after("--streams", 1_000_000).into();
        parked(Parking {
            streams,
            seconds: seconds.into(),
        });
    }
    if !is_asked("postgresql") {
        return;
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

fn parked(parking: Parking) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path).unwrap();
    parked::report("SQLite", &store, parking);
    parked::size_of(&path);
    drop(store);
    match Server::start() {
        Ok(server) => {
            let store = PostgresStore::open(&server.database("parked")).unwrap();
            parked::report("PostgreSQL", &store, parking);
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
        table.add("bare group commit of the same rows in the same tables", {
            let path = folder.path().join("rows.db");
            drop(SqliteStore::open(&path).unwrap());
            bare_sqlite::rate_of_rows(&path, load)
        });
        table.add(
            "bare group commit of the same bytes as one row",
            bare_sqlite::rate_of_bytes(&folder.path().join("bytes.db"), load),
        );
        let store = SqliteStore::open(folder.path().join("store.db")).unwrap();
        table.add("Baton: transition", load::rate(&store, load));
    }
    table.print();
}

fn handoffs(peers: &Peers, load: Load, rounds: u32) {
    let mut table = Table::new(&format!(
        "Whole handoffs, SQLite, synchronous = FULL, {} clients",
        load.clients
    ));
    for round in 0..rounds {
        for (what, sharing) in [
            ("one process, 16 teams", Sharing::Desk { teams: 16 }),
            ("one process, one team", Sharing::Desk { teams: 1 }),
            (
                "a process for each handoff, two teams with room for five",
                Sharing::Nothing,
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let store = SqliteStore::open(folder.path().join("whole.db")).unwrap();
            let (rate, entries) = whole::rate(&store, load, sharing);
            table.add(&format!("Baton: {what}; {entries} entries"), rate);
        }
        for (name, rate) in peers.rates(load, round) {
            table.add(name, rate);
        }
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
