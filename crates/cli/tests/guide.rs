//! The pages of `docs/guide` are run: every command of a `console` block, in a folder of the page's
//! own that holds the shipped contracts and examples, with the output the page shows.
//!
//! In a `console` block, `$ ` starts a command, `> ` continues it, other lines are its output, a line
//! `…` stands for any number of lines, and `exit code N` ends the output of a command that ends with
//! N. A block whose info string names a file, such as `yaml waivers.yaml`, is that file. A `diff`
//! block whose first line is `--- FILE` changes that file: its `-` lines become its `+` lines.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests write the files they are about and stop at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One thing a page does.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Run {
        command: String,
        output: Vec<String>,
    },
    Write {
        file: String,
        text: String,
    },
    Change {
        file: String,
        from: String,
        to: String,
    },
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

#[test]
fn every_page_does_what_it_says() {
    let mut pages: Vec<_> = fs::read_dir(repository().join("docs/guide"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    pages.sort();
    let mut commands = 0;
    for page in &pages {
        commands += follow(page);
    }
    assert!(commands >= 20, "{commands} commands");
}

#[test]
fn the_check_of_the_readme_prints_what_the_readme_shows() {
    let text = fs::read_to_string(repository().join("README.md")).unwrap();
    let command = text
        .lines()
        .find_map(|line| line.strip_prefix("cargo run --release --bin baton -- check "))
        .unwrap();
    let shown = text.split("## Check a package").nth(1).unwrap();
    let shown = shown.split("```text\n").nth(1).unwrap();
    let shown = shown.split("```").next().unwrap();
    let mut expected: Vec<String> = shown
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    // Digests and the code follow what the README shows.
    expected.push("…".to_owned());
    // The README leaves out the time; a test does not depend on the clock.
    let command = format!("baton check {command} --as-of 2026-11-20T09:00:00Z");
    let found = run(&command, &repository());
    assert!(fits(&expected, &found), "{}", found.join("\n"));
}

/// Carries out a page and returns how many commands it ran.
fn follow(page: &Path) -> usize {
    let folder = tempfile::tempdir().unwrap();
    for shipped in ["contracts", "examples"] {
        copy(&repository().join(shipped), &folder.path().join(shipped));
    }
    let steps = steps(&fs::read_to_string(page).unwrap());
    let mut commands = 0;
    for step in steps {
        match step {
            Step::Write { file, text } => fs::write(folder.path().join(file), text).unwrap(),
            Step::Change { file, from, to } => {
                let path = folder.path().join(&file);
                let text = fs::read_to_string(&path).unwrap();
                let places = text.matches(&from).count();
                assert_eq!(places, 1, "{}: `{from}` in {file}", page.display());
                fs::write(path, text.replace(&from, &to)).unwrap();
            }
            Step::Run { command, output } => {
                commands += 1;
                let found = run(&command, folder.path());
                assert!(
                    fits(&output, &found),
                    "{}: `{command}` says otherwise:\n{}",
                    page.display(),
                    found.join("\n")
                );
            }
        }
    }
    commands
}

/// Runs a command line as a reader would and returns the lines of both streams, then the code.
fn run(command: &str, folder: &Path) -> Vec<String> {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_baton"));
    let path = format!(
        "{}:{}",
        binary.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    match output.status.code() {
        Some(0) => {}
        Some(code) => lines.push(format!("exit code {code}")),
        None => panic!("`{command}` was killed"),
    }
    lines
}

/// Whether the lines found are those expected, where `…` stands for any number of lines.
fn fits(expected: &[String], found: &[String]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((line, rest)) if line.trim() == "…" => {
            (0..=found.len()).any(|skipped| fits(rest, found.get(skipped..).unwrap_or_default()))
        }
        Some((line, rest)) => found
            .split_first()
            .is_some_and(|(first, others)| line == first && fits(rest, others)),
    }
}

/// Returns what a page does, in order.
fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match info.split_once(' ') {
            Some((_, file)) => steps.push(Step::Write {
                file: file.to_owned(),
                text: block.join("\n") + "\n",
            }),
            None if info == "console" => steps.extend(commands(&block)),
            None if info == "diff" => steps.extend(changes(&block)),
            None => {}
        }
    }
    steps
}

fn commands(block: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step::Run {
                command: command.to_owned(),
                output: Vec::new(),
            });
        } else if let Some(Step::Run { command, output }) = steps.last_mut() {
            match line.strip_prefix("> ") {
                Some(more) if output.is_empty() => {
                    command.push('\n');
                    command.push_str(more);
                }
                _ => output.push(line.trim_end().to_owned()),
            }
        }
    }
    steps
}

fn changes(block: &[&str]) -> Vec<Step> {
    let Some(file) = block.first().and_then(|line| line.strip_prefix("--- ")) else {
        panic!("a diff block names its file: {block:?}");
    };
    let mut steps = Vec::new();
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for line in block.iter().skip(1).chain([&""]) {
        if let Some(old) = line.strip_prefix('-') {
            if !to.is_empty() {
                steps.push(change(file, &mut from, &mut to));
            }
            from.push(old);
        } else if let Some(new) = line.strip_prefix('+') {
            to.push(new);
        } else if !from.is_empty() {
            steps.push(change(file, &mut from, &mut to));
        }
    }
    steps
}

fn change(file: &str, from: &mut Vec<&str>, to: &mut Vec<&str>) -> Step {
    Step::Change {
        file: file.to_owned(),
        from: std::mem::take(from).join("\n"),
        to: std::mem::take(to).join("\n"),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_reader_of_pages_reads_them() {
    let page = "\
```console
$ echo a &&
> echo b
a
…
exit code 1
```
```yaml w.yaml
x: 1
```
```diff
--- w.yaml
-x: 1
+x: 2
+y: 3
```
```sh
not run
```
";
    let run = Step::Run {
        command: "echo a &&\necho b".to_owned(),
        output: vec!["a".to_owned(), "…".to_owned(), "exit code 1".to_owned()],
    };
    let write = Step::Write {
        file: "w.yaml".to_owned(),
        text: "x: 1\n".to_owned(),
    };
    let change = Step::Change {
        file: "w.yaml".to_owned(),
        from: "x: 1".to_owned(),
        to: "x: 2\ny: 3".to_owned(),
    };
    assert_eq!(steps(page), [run, write, change]);
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(fits(&lines("a\n…\nd"), &lines("a\nb\nc\nd")));
    assert!(fits(&lines("…"), &[]));
    assert!(!fits(&lines("a\n…\nd"), &lines("a\nb")));
    assert!(!fits(&lines("a"), &lines("a\nb")));
    assert!(fits(&lines("a\n  …"), &lines("a\nb")));
}
