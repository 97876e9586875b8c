//! The page of a bundle in a real browser, when one is installed.

use std::io::Write as _;
use std::process::Command;

use crate::world::World;

/// Returns the page's document after its script ran, or nothing without a browser.
fn opened(world: &World, page: &str) -> Option<String> {
    let mut browser = Command::new("chromium");
    let browser = browser
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=20000",
        ])
        .arg(format!(
            "--user-data-dir={}",
            world.path("profile").display()
        ))
        .arg("--dump-dom")
        .arg(format!("file://{}", world.path(page).display()));
    let output = match browser.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            assert!(std::env::var_os("CI").is_none(), "CI needs chromium");
            // Not through `println!`, which the test runner keeps to itself.
            let skipped = b"skipped: chromium is not installed\n";
            std::io::stderr().write_all(skipped).unwrap();
            return None;
        }
        answer => answer.unwrap(),
    };
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Returns the state and text of the verdict on a page.
fn verdict(document: &str) -> (String, String) {
    let (_, rest) = document.split_once("id=\"verdict\"").unwrap();
    let (_, rest) = rest.split_once("data-state=\"").unwrap();
    let (state, rest) = rest.split_once('"').unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (text, _) = rest.split_once("</p>").unwrap();
    (state.to_owned(), text.to_owned())
}

// spec: EVIDENCE-75
#[test]
fn a_page_verifies_itself_in_a_browser_and_refuses_what_was_changed() {
    let world = World::with_trace();
    world.export("page.html", &["--html"]).says(0, &[]);
    let Some(document) = opened(&world, "page.html") else {
        return;
    };
    let (state, text) = verdict(&document);
    assert_eq!(state, "good", "{text}\n{document}");
    assert!(text.starts_with("Consistent"), "{text}");
    let page = String::from_utf8(world.read("page.html")).unwrap();
    for (from, to, why) in [
        (
            "\"posture\":\"ready\"",
            "\"posture\":\"review\"",
            "breaks at entry",
        ),
        ("\\n2\\n", "\\n1\\n", "Merkle root"),
        (
            "\"identity\":\"ana@",
            "\"identity\":\"eve@",
            "not so: keyring",
        ),
    ] {
        let changed = page.replacen(from, to, 1);
        assert_ne!(changed, page, "{from}");
        world.write("changed.html", changed.as_bytes());
        let document = opened(&world, "changed.html").unwrap();
        let (state, text) = verdict(&document);
        assert_eq!(state, "bad", "{from}: {text}");
        assert!(document.contains(why), "{from}:\n{document}");
    }
}
