//! The numbered steps give exactly the schema that is written down, each may run twice, and newer or foreign databases are refused.

use baton_engine::port::StoreError;
use baton_store::{Dialect, PostgresStore, SqliteStore, known_steps};
use rusqlite::Connection;

use crate::stores::postgres_url;

const SQLITE: &str = include_str!("../../schema/sqlite.sql");
const POSTGRESQL: &str = include_str!("../../schema/postgresql.sql");

/// Every object of a SQLite database, in the words it was created with, but for the steps' own table.
fn sqlite_objects(connection: &Connection) -> Vec<String> {
    let mut statement = connection
        .prepare(
            "select sql from sqlite_schema where sql is not null and name <> 'steps' order by name",
        )
        .unwrap();
    let objects = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    objects.map(|sql| words(&sql.unwrap())).collect()
}

fn words(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn sqlite_steps_give_the_written_schema() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(SqliteStore::open(&path).unwrap());
    let stepped = sqlite_objects(&Connection::open(&path).unwrap());
    let written = Connection::open_in_memory().unwrap();
    written.execute_batch(SQLITE).unwrap();
    assert_eq!(stepped, sqlite_objects(&written));
}

#[test]
fn sqlite_steps_may_run_twice() {
    let twice = Connection::open_in_memory().unwrap();
    let once = Connection::open_in_memory().unwrap();
    for step in known_steps(Dialect::Sqlite) {
        twice.execute_batch(step.sql).unwrap();
        twice.execute_batch(step.sql).unwrap();
        once.execute_batch(step.sql).unwrap();
    }
    assert_eq!(sqlite_objects(&twice), sqlite_objects(&once));
    let rows: i64 = twice
        .query_row("select count(*) from standing", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
}

#[test]
fn sqlite_refuses_newer_changed_and_foreign_databases() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, sql: &str| {
        let path = folder.path().join(name);
        if !sql.contains("mine") {
            drop(SqliteStore::open(&path).unwrap());
        }
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        SqliteStore::open(&path).map(|_| ())
    };
    let newer = make("newer", "insert into steps values (999, x'00')");
    assert!(
        matches!(newer, Err(StoreError::TooNew { found: 999, .. })),
        "{newer:?}"
    );
    let changed = make("changed", "update steps set digest = x'00' where step = 3");
    assert!(
        matches!(changed, Err(StoreError::Damaged { .. })),
        "{changed:?}"
    );
    let foreign = make("foreign", "create table mine (a)");
    assert!(
        matches!(foreign, Err(StoreError::Damaged { .. })),
        "{foreign:?}"
    );
    let text = folder.path().join("text");
    std::fs::write(
        &text,
        "not a database, but long enough to have a header of one hundred bytes; ".repeat(3),
    )
    .unwrap();
    assert!(matches!(
        SqliteStore::open(&text),
        Err(StoreError::Damaged { .. })
    ));
}

/// Every column, constraint, index, sequence and function of Baton's schema, but for the steps' own table.
fn postgres_objects(url: &str) -> Vec<String> {
    let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
    client.batch_execute("set search_path to baton").unwrap();
    let rows = client
        .query(
            "select format('%s.%s %s %s %s %s', table_name, column_name, data_type, is_nullable, collation_name, column_default)
               from information_schema.columns where table_schema = 'baton' and table_name <> 'steps'
             union all
             select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
               where connamespace = 'baton'::regnamespace and conrelid <> 'baton.steps'::regclass
             union all
             select indexdef from pg_indexes where schemaname = 'baton' and tablename <> 'steps'
             union all
             select format('%s %s', sequencename, data_type) from pg_sequences where schemaname = 'baton'
             union all
             select pg_get_functiondef(oid) from pg_proc where pronamespace = 'baton'::regnamespace
             order by 1",
            &[],
        )
        .unwrap();
    rows.iter()
        .map(|row| words(row.get::<_, &str>(0)))
        .collect()
}

#[test]
fn postgresql_steps_give_the_written_schema_and_may_run_twice() {
    let (Some(stepped), Some(written), Some(twice)) =
        (postgres_url(), postgres_url(), postgres_url())
    else {
        return;
    };
    // Opened twice: the second time there is nothing to do.
    drop(PostgresStore::open(&stepped).unwrap());
    drop(PostgresStore::open(&stepped).unwrap());
    let prepare = "create schema baton; set search_path to baton; create table steps (step bigint primary key)";
    let mut client = postgres::Client::connect(&written, postgres::NoTls).unwrap();
    client.batch_execute(prepare).unwrap();
    client.batch_execute(POSTGRESQL).unwrap();
    let mut client = postgres::Client::connect(&twice, postgres::NoTls).unwrap();
    client.batch_execute(prepare).unwrap();
    for step in known_steps(Dialect::Postgresql) {
        client.batch_execute(step.sql).unwrap();
        client.batch_execute(step.sql).unwrap();
    }
    assert_eq!(postgres_objects(&stepped), postgres_objects(&written));
    assert_eq!(postgres_objects(&stepped), postgres_objects(&twice));
}

#[test]
fn postgresql_refuses_newer_and_changed_databases() {
    for (sql, is_newer) in [
        ("insert into baton.steps values (999, '\\x00')", true),
        (
            "update baton.steps set digest = '\\x00' where step = 3",
            false,
        ),
    ] {
        let Some(url) = postgres_url() else { return };
        drop(PostgresStore::open(&url).unwrap());
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        client.batch_execute(sql).unwrap();
        let refused = PostgresStore::open(&url).map(|_| ());
        match refused {
            Err(StoreError::TooNew { found: 999, .. }) => assert!(is_newer),
            Err(StoreError::Damaged { .. }) => assert!(!is_newer),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn nodes_that_open_one_database_at_once_agree_on_its_schema() {
    let Some(url) = postgres_url() else { return };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| drop(PostgresStore::open(&url).unwrap()));
        }
    });
}
