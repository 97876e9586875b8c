//! TLS to a real server whose authority is made for the test: the right one is believed, everything else is refused.

use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

use baton_engine::port::{Ledger, StoreError};
use baton_store::PostgresStore;
use baton_testkit::{
    postgres::Server,
    store::{plain, stream},
};

use crate::cases::at;

/// Makes an authority and, under it, the certificate of a server called `localhost`.
fn make_certificates(folder: &Path) -> Result<(), String> {
    let commands = [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem",
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=stranger -keyout other.key -out other.pem",
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out server.pem",
    ];
    for command in commands {
        let status = Command::new("openssl")
            .args(command.split(' '))
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| format!("openssl: {error}"))?;
        if !status.success() {
            return Err(format!("openssl {command}: {status}"));
        }
    }
    Ok(())
}

fn why(result: Result<PostgresStore, StoreError>) -> String {
    match result {
        Ok(_) => "it was opened".into(),
        Err(StoreError::Unavailable { why }) => why,
        Err(other) => format!("{other:?}"),
    }
}

#[test]
fn the_right_server_is_believed_and_every_other_refused() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let certificates = tempfile::tempdir().unwrap();
    if let Err(why) = make_certificates(certificates.path()) {
        return println!("skipped: {why}");
    }
    let started = Server::start_with(|folder| {
        for name in ["server.pem", "server.key"] {
            std::fs::copy(certificates.path().join(name), folder.join(name)).unwrap();
        }
        [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", folder.join("server.pem").display()),
            format!("ssl_key_file={}", folder.join("server.key").display()),
        ]
        .to_vec()
    });
    let server = match started {
        Ok(server) => server,
        Err(why) => return println!("skipped: {why}"),
    };
    server.database_at("secure", port);
    let path = |name: &str| certificates.path().join(name).display().to_string();
    let url = |host: &str, roots: &str| {
        format!(
            "host={host} port={port} user=baton dbname=secure sslmode=verify-full sslrootcert='{roots}'"
        )
    };
    let store = PostgresStore::open(&url("localhost", &path("ca.pem"))).unwrap();
    store
        .append(plain(stream("handoff/a"), 0, "one", at(0)))
        .unwrap();
    let mut client = postgres::Client::connect(
        &format!("host=127.0.0.1 port={port} user=baton dbname=secure"),
        postgres::NoTls,
    )
    .unwrap();
    let encrypted: i64 = client
        .query_one(
            "select count(*) from pg_stat_ssl join pg_stat_activity using (pid) where ssl and datname = 'secure'",
            &[],
        )
        .unwrap()
        .get(0);
    assert!(encrypted > 0, "the connection is not encrypted");
    // Another authority; a name that the certificate does not have; the system's authorities; no certificate at all.
    for (host, roots, expected) in [
        ("localhost", path("other.pem"), "certificate"),
        ("127.0.0.1", path("ca.pem"), "certificate"),
        ("localhost", "system".to_owned(), "certificate"),
        ("localhost", path("server.key"), "there are none"),
    ] {
        let why = why(PostgresStore::open(&url(host, &roots)));
        assert!(why.contains(expected), "{host}, {roots}: {why}");
    }
    let plain = url("localhost", &path("ca.pem")).replace("localhost", "db.example");
    let why = why(PostgresStore::open(
        &plain.replace("verify-full", "disable"),
    ));
    assert!(why.contains("unprotected"), "{why}");
}
