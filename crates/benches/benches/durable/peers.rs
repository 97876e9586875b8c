//! Peers: programs that run a durable workflow again and again and print how often they did per second. Each is started anew for each
//! round, so that none works while another is measured.

use std::process::{Command, Stdio};

use baton_testkit::postgres::Server;

use crate::load::Load;
use crate::table::Measured;

/// Programs and the database server they may use.
pub(crate) struct Peers {
    given: Vec<Peer>,
    server: Option<Server>,
}

struct Peer {
    name: String,
    command: String,
}

impl Peers {
    /// Returns the peers given as `name=program argument …`. Those whose name says that they are on PostgreSQL get a server, and are
    /// left out where there is none.
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a String>) -> Self {
        let peer = |text: &String| {
            let (name, command) = text.split_once('=').unwrap();
            Peer {
                name: name.to_owned(),
                command: command.to_owned(),
            }
        };
        let mut given: Vec<Peer> = texts.map(peer).collect();
        let server = match given.iter().any(Peer::is_on_postgres).then(Server::start) {
            None => None,
            Some(Ok(server)) => Some(server),
            Some(Err(why)) => {
                println!("\npeers on PostgreSQL skipped: {why}");
                given.retain(|peer| !peer.is_on_postgres());
                None
            }
        };
        Self { given, server }
    }

    /// Measures each of them; those on PostgreSQL get a new database.
    pub(crate) fn rates<'a>(&'a self, load: Load, round: u32) -> Vec<(&'a str, Measured)> {
        let one = |(number, peer): (usize, &'a Peer)| {
            let mut command = peer.command(load);
            if let Some(server) = self.server.as_ref().filter(|_| peer.is_on_postgres()) {
                let database = format!("peer{number}_c{}_r{round}", load.clients);
                server.database(&database);
                command
                    .env("PGHOST", server.socket().parent().unwrap())
                    .env("PGUSER", "baton")
                    .env("PGDATABASE", database);
            }
            (peer.name.as_str(), measured(&mut command))
        };
        self.given.iter().enumerate().map(one).collect()
    }
}

impl Peer {
    fn is_on_postgres(&self) -> bool {
        self.name.contains("PostgreSQL")
    }

    fn command(&self, load: Load) -> Command {
        let mut words = self.command.split_whitespace();
        let mut command = Command::new(words.next().unwrap());
        command
            .args(words)
            .args([load.clients.to_string(), load.seconds.to_string()]);
        command
    }
}

fn measured(command: &mut Command) -> Measured {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let answer = String::from_utf8_lossy(&output.stdout);
    let rate = answer.trim().parse().ok().filter(|rate| *rate > 0.0);
    let complaint = String::from_utf8_lossy(&output.stderr);
    Measured {
        per_second: rate
            .ok_or_else(|| format!("{command:?}: {answer}{complaint}"))
            .unwrap(),
        micros: None,
    }
}
