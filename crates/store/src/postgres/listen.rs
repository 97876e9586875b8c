//! News between nodes: who has set something urgent says so to all who listen (`notify`), in a transaction of its own that waits for
//! no disk, so that no commit waits for another one's news. News may get lost; nodes look by themselves as well.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use baton_engine::port::StoreError;
use postgres::{Client, fallible_iterator::FallibleIterator};

use super::{address::Address, connect, error::of_read, pool::Session};
use crate::bell::Bell;

/// How long the listener waits before it looks whether its store is still there, and between two attempts to connect.
const TURN: Duration = Duration::from_secs(1);

const LISTEN: &str = "listen baton_work";
const NOTIFY: &str = "set local synchronous_commit = off; notify baton_work";

/// Tells the other nodes.
pub(super) fn tell(session: &mut Session) {
    // What is not told is found a rest later.
    let _ = session.client.batch_execute(NOTIFY);
}

/// Starts the thread that rings the bell for other nodes' news; it ends with the bell.
pub(super) fn start(address: Address, bell: &Arc<Bell>) {
    let bell = Arc::downgrade(bell);
    // Without the thread, as without a connection, nodes look once per rest.
    let _ = std::thread::Builder::new()
        .name("baton-listen".into())
        .spawn(move || listen(&address, &bell));
}

fn listen(address: &Address, bell: &Weak<Bell>) {
    while bell.strong_count() > 0 {
        if let Ok(mut client) = connect(address) {
            // What was said before it listened.
            ring(bell);
            pass_on(&mut client, bell);
        }
        std::thread::sleep(TURN);
    }
}

fn connect(address: &Address) -> Result<Client, StoreError> {
    let mut client = connect::open(address)?;
    client.batch_execute(LISTEN).map_err(|e| of_read(&e))?;
    Ok(client)
}

/// Passes news on until the connection or the store ends.
fn pass_on(client: &mut Client, bell: &Weak<Bell>) {
    while bell.strong_count() > 0 && !client.is_closed() {
        match client.notifications().timeout_iter(TURN).next() {
            Ok(Some(_)) => ring(bell),
            Ok(None) => {}
            Err(_) => return,
        }
    }
}

fn ring(bell: &Weak<Bell>) {
    if let Some(bell) = bell.upgrade() {
        bell.ring();
    }
}
