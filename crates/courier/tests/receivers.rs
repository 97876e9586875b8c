//! Receivers in earnest: commands that run, and a server that listens on this machine.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use baton_courier::egress::Guard;
use baton_courier::{
    CommandReceiver, Dispatcher, FolderReceiver, HttpReceiver, HttpSettings, Plain, Receiver,
    Route, Secret, TIMEOUT_DEFAULT,
};
use baton_engine::port::{Courier as _, Delivered, Message, MessageKind};

fn message() -> Message {
    Message {
        id: "handoff/release-7.12".to_owned(),
        kind: MessageKind::Delivery,
        to: BTreeSet::from(["payments".parse().unwrap()]),
        body: br#"{"work_item":"REL-7"}"#.to_vec(),
    }
}

fn dispatcher(receivers: Vec<Receiver>) -> Dispatcher {
    let route = |receiver| Route {
        to: BTreeSet::from(["payments".parse().unwrap()]),
        kinds: BTreeSet::from([MessageKind::Delivery, MessageKind::Notification]),
        receiver,
    };
    Dispatcher::new(receivers.into_iter().map(route).collect())
}

fn word(delivered: &Delivered) -> (&'static str, &str) {
    match delivered {
        Delivered::Done => ("done", ""),
        Delivered::Transient { why } => ("transient", why),
        Delivered::Lasting { why } => ("lasting", why),
    }
}

fn shell(script: &str, timeout: Duration) -> Receiver {
    Receiver::Command(CommandReceiver {
        program: PathBuf::from("/bin/sh"),
        arguments: vec!["-c".to_owned(), script.to_owned()],
        timeout,
    })
}

#[test]
fn a_command_says_with_its_code_whether_it_took_the_message() {
    for (script, expected) in [
        ("cat > /dev/null", ("done", "")),
        ("exit 0", ("done", "")),
        ("exit 1", ("transient", "the command ended with 1")),
        ("exit 75", ("transient", "the command ended with 75")),
        ("exit 65", ("lasting", "the command ended with 65")),
        ("exit 78", ("lasting", "the command ended with 78")),
        (
            "kill -9 $$",
            ("transient", "the command was ended by a signal"),
        ),
        (
            "exec 2>&-; exit 64",
            ("lasting", "the command ended with 64"),
        ),
        (
            "head -c 100000 /dev/zero >&2; read -r never < /dev/tty; exit 0",
            (
                "lasting",
                "the command wrote more than 65536 bytes to standard error",
            ),
        ),
        // What it leaves running ends with it and is not waited for.
        ("sleep 600 & exit 0", ("done", "")),
    ] {
        let found = dispatcher(vec![shell(script, TIMEOUT_DEFAULT)]).deliver(&message());
        assert_eq!(word(&found), expected, "{script}");
    }
    let late = dispatcher(vec![shell("sleep 600", Duration::from_millis(1))]).deliver(&message());
    assert_eq!(word(&late), ("transient", "the command took too long"));
    let missing = dispatcher(vec![Receiver::Command(CommandReceiver {
        program: PathBuf::from("/nowhere/at/all"),
        arguments: Vec::new(),
        timeout: TIMEOUT_DEFAULT,
    })]);
    let missing = missing.deliver(&message());
    assert_eq!(word(&missing), ("lasting", "the command is not there"));
}

#[test]
fn a_command_gets_the_message_and_nothing_of_our_environment() {
    let folder = tempfile::tempdir().unwrap();
    let there = |name: &str| folder.path().join(name);
    let script = format!(
        "cat > {0}; env | sort > {1}; pwd > {2}",
        there("body").display(),
        there("environment").display(),
        there("place").display()
    );
    let found = dispatcher(vec![shell(&script, TIMEOUT_DEFAULT)]).deliver(&message());
    assert_eq!(found, Delivered::Done);
    assert_eq!(read(&there("body")), r#"{"work_item":"REL-7"}"#);
    assert_eq!(read(&there("place")), "/\n");
    let environment = read(&there("environment"));
    let names: Vec<&str> = environment
        .lines()
        .filter_map(|line| line.split('=').next())
        .filter(|name| !["_", "OLDPWD", "SHLVL"].contains(name))
        .collect();
    let expected = ["BATON_MESSAGE_ID", "BATON_MESSAGE_KIND", "PATH", "PWD"];
    assert_eq!(names, expected);
}

fn read(path: &Path) -> String {
    let mut text = String::new();
    std::fs::OpenOptions::new()
        .read(true)
        .open(path)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// A server that answers one request with these bytes and returns what it was sent.
fn serve(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://localhost:{}/hook",
        listener.local_addr().unwrap().port()
    );
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut request = String::new();
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            request.push_str(&line);
            if line == "\r\n" || line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        request.push_str(std::str::from_utf8(&body).unwrap());
        stream.write_all(answer.as_bytes()).unwrap();
        request
    });
    (url, thread)
}

fn http(url: &str, allowed: &[&str]) -> Receiver {
    let settings = HttpSettings {
        url: url.to_owned(),
        plain: Plain::Allowed,
        authorization: Some(Secret::new("Bearer hunter2")),
        timeout: TIMEOUT_DEFAULT,
    };
    let allowed = allowed.iter().map(|range| range.parse().unwrap()).collect();
    Receiver::Http(Box::new(
        HttpReceiver::new(settings, Guard::new(allowed)).unwrap(),
    ))
}

#[test]
fn a_server_gets_the_message_with_its_id() {
    let (url, server) = serve("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n");
    let receiver = http(&url, &["127.0.0.0/8", "::1"]);
    assert!(!format!("{receiver:?}").contains("hunter2"));
    assert_eq!(
        dispatcher(vec![receiver]).deliver(&message()),
        Delivered::Done
    );
    let request = server.join().unwrap().to_ascii_lowercase();
    assert!(request.starts_with("post /hook http/1.1\r\n"), "{request}");
    for line in [
        "idempotency-key: handoff/release-7.12\r\n",
        "baton-message-kind: delivery\r\n",
        "content-type: application/json\r\n",
        "authorization: bearer hunter2\r\n",
    ] {
        assert!(request.contains(line), "{line} in {request}");
    }
    assert!(request.ends_with("\r\n\r\n{\"work_item\":\"rel-7\"}"));
}

#[test]
fn no_redirect_is_followed() {
    let (url, server) = serve(
        "HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    );
    let found = dispatcher(vec![http(&url, &["127.0.0.0/8", "::1"])]).deliver(&message());
    let why = "the receiver answered 307: redirects are not followed";
    assert_eq!(word(&found), ("lasting", why));
    server.join().unwrap();
}

#[test]
fn what_is_not_public_is_not_even_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
    ] {
        let receiver = http(&format!("http://{host}:{port}/"), &["10.0.0.0/8"]);
        let found = dispatcher(vec![receiver]).deliver(&message());
        let (word, why) = word(&found);
        assert_eq!(word, "lasting", "{host}: {why}");
        assert!(
            why.contains("no `allow` of the egress guard names it"),
            "{why}"
        );
    }
    let accepted = listener.accept();
    assert_eq!(accepted.unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_server_that_hangs_up_is_tried_again() {
    let (url, server) = serve("");
    let found = dispatcher(vec![http(&url, &["127.0.0.0/8", "::1"])]).deliver(&message());
    assert_eq!(word(&found).0, "transient", "{found:?}");
    server.join().unwrap();
}

#[test]
fn everybody_gets_an_attempt_and_the_worst_counts() {
    let folder = tempfile::tempdir().unwrap();
    let drop_off = Receiver::Folder(FolderReceiver {
        folder: folder.path().to_owned(),
    });
    let receivers = vec![
        shell("exit 65", TIMEOUT_DEFAULT),
        shell("exit 1", TIMEOUT_DEFAULT),
        drop_off,
    ];
    let found = dispatcher(receivers).deliver(&message());
    assert_eq!(word(&found).0, "transient");
    let written = folder.path().join("handoff%2frelease-7.12.json");
    assert_eq!(read(&written), r#"{"work_item":"REL-7"}"#);
    // Whoever has no receiver finds it on the board.
    let other = Message {
        to: BTreeSet::from(["somebody-else".parse().unwrap()]),
        ..message()
    };
    let found = dispatcher(vec![shell("exit 1", TIMEOUT_DEFAULT)]).deliver(&other);
    assert_eq!(found, Delivered::Done);
}
