//! Databases of the tests' own PostgreSQL server.

use std::sync::{LazyLock, Mutex};

use baton_store::PostgresStore;
use baton_testkit::postgres::{Missing, Server};

use crate::world::Place;

/// No power is lost here: the server may keep its commits in memory.
static SERVER: LazyLock<Result<Server, Missing>> =
    LazyLock::new(|| Server::start_with(|_| vec!["fsync=off".to_owned()]));

/// One database, used by one run after the other.
pub(crate) struct Postgresql {
    url: String,
    client: Mutex<postgres::Client>,
}

impl Postgresql {
    /// Returns a new database; nothing, and says why, where there is no server.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let server = match &*SERVER {
            Ok(server) => server,
            Err(why) => {
                println!("skipped on PostgreSQL: {why}");
                return None;
            }
        };
        let url = server.database(name);
        drop(PostgresStore::open(&url).unwrap());
        let client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        let client = Mutex::new(client);
        Some(Self { url, client })
    }

    pub(crate) fn emptied(&self) -> Place {
        let sql = "set search_path to baton; delete from streams; delete from entries; delete from requests;
            delete from blobs; delete from jobs; delete from register; update standing set checkpoint = null";
        self.client.lock().unwrap().batch_execute(sql).unwrap();
        self.connected()
    }

    /// Returns the store as one more process would open it.
    pub(crate) fn connected(&self) -> Place {
        let store = PostgresStore::open(&self.url).unwrap();
        Place::new("postgresql", Box::new(store))
    }
}
