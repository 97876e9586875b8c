//! A connection that can be cut: bytes go through it to a server's socket until it is told to end after some message was passed on,
//! so that the server works on what nobody will hear the answer to.

#![expect(
    clippy::expect_used,
    reason = "a test whose proxy does not do as told should stop"
)]

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// Stands for "do not cut".
const NEVER: i64 = -1;

/// A listening proxy; its threads end with their connections.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    left: Arc<AtomicI64>,
}

impl Proxy {
    /// Starts a proxy on this machine to a server's socket.
    ///
    /// # Panics
    /// When no port can be listened on.
    pub fn to(socket: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("listen on this machine");
        let address = listener.local_addr().expect("know the port");
        let left = Arc::new(AtomicI64::new(NEVER));
        let (socket, shared) = (PathBuf::from(socket), Arc::clone(&left));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A server that is down refuses by the end of the connection.
                if let Ok(server) = UnixStream::connect(&socket) {
                    join(client, server, Arc::clone(&shared));
                }
            }
        });
        Self { address, left }
    }

    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts a connection as soon as `messages` more parcels of bytes were passed on to the server.
    pub fn cut_after(&self, messages: u32) {
        self.left.store(i64::from(messages), Ordering::SeqCst);
    }
}

/// Passes bytes in both directions until one side ends or the cut.
fn join(client: TcpStream, server: UnixStream, left: Arc<AtomicI64>) {
    let answers = (server.try_clone(), client.try_clone());
    if let (Ok(mut from), Ok(mut to)) = answers {
        std::thread::spawn(move || {
            // Either end may be gone: then so is the connection.
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Both);
        });
    }
    std::thread::spawn(move || {
        let _ = pass(client, server, &left);
    });
}

fn pass(mut client: TcpStream, mut server: UnixStream, left: &AtomicI64) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = client.read(&mut buffer)?;
        if length == 0 {
            return server.shutdown(Shutdown::Write);
        }
        let is_last =
            left.load(Ordering::SeqCst) != NEVER && left.fetch_sub(1, Ordering::SeqCst) == 1;
        if is_last {
            // Before the server hears of it, so that no answer can slip through.
            left.store(NEVER, Ordering::SeqCst);
            client.shutdown(Shutdown::Both)?;
        }
        server.write_all(buffer.get(..length).unwrap_or_default())?;
        if is_last {
            return server.shutdown(Shutdown::Write);
        }
    }
}
