//! Nodes that are stopped and killed in the middle of a delivery, by the very receiver that takes the message.

use baton_testkit::postgres::Server;
use rustix::process::Signal;

use super::nodes::{at_work, database, signal};
use super::world::{World, ran};

/// Takes every message; the node that brings the first is stopped, the one that brings the second is killed.
const RECEIVER: &str = r#"echo "$BATON_MESSAGE_ID $PPID" >>LOG
case $(wc -l <LOG) in
1) kill -STOP $PPID ;;
2) kill -KILL $PPID ;;
esac
"#;

/// Which message was brought by which process, as often as it was.
fn brought(world: &World) -> Vec<(String, u32)> {
    let log = std::fs::read_to_string(world.at("log")).unwrap_or_default();
    let lines = log.lines().filter_map(|line| line.split_once(' '));
    lines
        .filter_map(|(id, node)| Some((id.to_owned(), node.parse().ok()?)))
        .collect()
}

#[test]
fn a_delivery_outlives_the_node_that_is_stopped_in_it_and_the_one_that_is_killed_in_it() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(why) => return println!("skipped: {why}"),
    };
    let world = World::new(Some(database(&server, "deliveries")));
    world.submit("web-1");
    world.does("", &["work", "--until-idle"]);
    world.approve("web-1");
    let receiver = world.at("receiver.sh");
    let log = world.at("log");
    std::fs::write(&receiver, RECEIVER.replace("LOG", log.to_str().unwrap())).unwrap();
    let settings = format!(
        "[node]\nlease = \"2s\"\n[[receivers]]\nto = [\"build\"]\nkinds = [\"delivery\"]\ntimeout = \"1s\"\ncommand = [\"/bin/sh\", {receiver:?}]\n"
    );
    std::fs::write(world.at("baton.toml"), settings).unwrap();
    let start = |name| at_work(world.start("", &["work", "--name", name]));
    let nodes = ["one", "two", "three"].map(start);
    let brought = loop {
        let brought = brought(&world);
        if brought.len() >= 3 {
            break brought;
        }
        std::thread::yield_now();
    };
    // Always the same message, each time from another node: the leases of those before were over.
    let [stopped, killed, last] = [0, 1, 2].map(|time: usize| brought[time].clone());
    assert!(stopped.0 == killed.0 && killed.0 == last.0, "{brought:?}");
    assert!(stopped.1 != killed.1 && killed.1 != last.1 && last.1 != stopped.1);
    for node in nodes.iter().filter(|node| node.id() != killed.1) {
        signal(node, Signal::TERM);
    }
    for node in nodes.iter().filter(|node| node.id() == stopped.1) {
        signal(node, Signal::CONT);
    }
    for node in nodes {
        let id = node.id();
        let ran = ran(node);
        assert_eq!(ran.code, (id != killed.1).then_some(0), "{}", ran.problems);
        // What the stopped one had in hand is not its own any more.
        let is_fenced = !ran.answer.contains("taken over by other nodes 0");
        assert!(is_fenced || id != stopped.1, "{}", ran.answer);
    }
    let once = ["opened", "submitted", "checked", "approved", "offered"];
    world.check("web-1", &once);
}
