//! What IT needs for many booths: exit codes, manual pages, completions, the health page of a running booth.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use szz_kiosk::command::exit::Exit;
use szz_kiosk::config;
use szz_kiosk::office::Office;

use crate::window::{Running, Screen};
use crate::{errors, kiosk, project, settings};

#[test]
fn every_exit_code_is_in_the_readme() {
    let readme = fs::read_to_string(project().join("README.md")).unwrap();
    for exit in Exit::ALL {
        let row = format!("| {} | {} |", exit.code(), exit.meaning());
        assert!(readme.contains(&row), "README.md lacks {row}");
    }
}

/// A case of each for the commands that look at something, and for one that only does something.
#[test]
fn commands_end_as_the_table_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = settings(folder.path(), &[]);
    let wrong = folder.path().join("wrong.toml");
    fs::write(&wrong, "[kiosk]\nid = 1\n").unwrap();
    let junk = folder.path().join("junk.jpg");
    fs::write(&junk, "no picture").unwrap();
    // A booth that has started once.
    drop(Office::open(&config::load(&file).unwrap()).unwrap());
    let (file, wrong, junk) = (file.to_str().unwrap(), wrong.to_str().unwrap(), junk.to_str().unwrap());
    let other = tempfile::tempdir().unwrap();
    let fresh = settings(other.path(), &[]);
    let fresh = fresh.to_str().unwrap();
    let none = folder.path().join("none");
    let none = none.to_str().unwrap();
    let cases: [(&[&str], Exit); 18] = [
        (&["check-config", file], Exit::Done),
        (&["check-config", wrong], Exit::Wrong),
        (&["check-config", none], Exit::CannotRun),
        (&["scan", junk, "--json"], Exit::Wrong),
        (&["scan", junk, "--config", none], Exit::CannotRun),
        (&["verify", junk], Exit::CannotRun),
        (&["queue", "--config", file, "status"], Exit::Done),
        (&["queue", "--config", wrong, "status"], Exit::CannotRun),
        (&["queue", "--config", fresh, "status"], Exit::CannotRun),
        (&["report", "--config", fresh], Exit::CannotRun),
        (&["audit", "show", "--config", fresh], Exit::CannotRun),
        (&["audit", "verify", "--config", fresh], Exit::CannotRun),
        (&["audit", "verify", "--config", file], Exit::Done),
        (&["audit", "verify", "--config", none], Exit::CannotRun),
        (&["roster", "--config", none, junk], Exit::CannotRun),
        (&["mint-code", "--seed", "7", "--out", folder.path().to_str().unwrap()], Exit::Done),
        (&["no-such-command"], Exit::CannotRun),
        (&["--help"], Exit::Done),
    ];
    for (arguments, exit) in cases {
        let output = kiosk().args(arguments).output().unwrap();
        let said = errors(&output);
        assert_eq!(output.status.code(), Some(exit.code().into()), "{arguments:?}: {said}");
        if arguments[0] == "verify" {
            assert!(said.contains("neither a record"), "{said}");
        }
        assert!(!other.path().join("data").exists(), "{arguments:?} makes a booth");
        if exit == Exit::CannotRun {
            assert!(!said.trim().is_empty() || !output.stdout.is_empty(), "{arguments:?} says nothing");
        }
    }
}

#[test]
fn a_reader_that_leaves_ends_a_command_without_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let file = settings(folder.path(), &[]);
    for arguments in [&["check-config", "--schema", "kiosk"][..], &["check-config", file.to_str().unwrap(), "--json"]] {
        // The reader is gone before the program begins: it could write all before a later one left.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = kiosk().args(arguments).stdout(writer).output().unwrap();
        assert_eq!((errors(&output).as_str(), output.status.code()), ("", Some(2)), "{arguments:?}");
    }
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let output = kiosk().args(["check-config", "--schema", "kiosk"]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(
            errors(&output).contains("No space left") && !errors(&output).contains("panicked"),
            "{}",
            errors(&output)
        );
    }
}

/// The last words of the command line that lead to a command without further ones.
fn commands(above: &[String], all: &mut Vec<(Vec<String>, String)>) {
    let help = String::from_utf8(kiosk().args(above).arg("--help").output().unwrap().stdout).unwrap();
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return all.push((above.to_vec(), help)) };
    let list = list.split("\n\n").next().unwrap().lines();
    for name in list.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        commands(&[above, &[name.to_owned()]].concat(), all);
    }
}

#[test]
fn every_command_that_says_something_says_it_in_json_too() {
    let mut all = Vec::new();
    commands(&[], &mut all);
    assert!(all.len() > 25, "{all:?}");
    for (name, help) in all {
        // A booth says what it does in its log; pages and completions are files for other programs.
        let is_told = !matches!(name[0].as_str(), "run" | "generate");
        assert_eq!(help.contains("--json"), is_told, "{name:?}");
    }
}

#[test]
fn manual_pages_and_completions_are_made_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let generate = |what: &str| {
        let output = kiosk().args(["generate", what]).arg(folder.path().join(what)).output().unwrap();
        assert!(output.status.success(), "{}", errors(&output));
    };
    generate("man");
    generate("completions");
    let read =
        |name: &str| fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let main = read("man/szz-kiosk.1");
    for word in ["check\\-config", "EXIT STATUS", "SZZ_KIOSK__", "FILES"] {
        assert!(main.contains(word), "{word} is not in the manual page");
    }
    assert!(read("man/szz-kiosk-check-config.1").contains("schema"));
    assert!(read("man/szz-kiosk-queue-export.1").contains("szz-kiosk"), "a page for each subcommand");
    for name in ["szz-kiosk.bash", "_szz-kiosk", "szz-kiosk.fish"] {
        assert!(read(&format!("completions/{name}")).contains("check-config"), "{name}");
    }
    let output = kiosk().args(["generate", "man"]).arg(folder.path().join("man/szz-kiosk.1")).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "a file is no folder");
}

fn ask(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// A whole booth, asked as Prometheus does.
#[test]
fn a_running_booth_tells_how_it_is() {
    let Some(screen) = Screen::start("800x600") else { return };
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let file = settings(folder.path(), &[]);
    let mut booth = kiosk();
    booth.arg("run").arg("--config").arg(&file).env("SZZ_KIOSK__HEALTH__LISTEN", format!("127.0.0.1:{port}"));
    screen.show(&mut booth);
    let mut booth = Running(booth.stderr(Stdio::null()).spawn().unwrap());
    let give_up_at = Instant::now() + Duration::from_secs(60);
    let is_open = |answer: &String| answer.contains("szz_kiosk_database_writable 1");
    let page = loop {
        match ask(port, "/metrics").filter(is_open) {
            Some(page) => break page,
            None => std::thread::sleep(Duration::from_millis(200)),
        }
        assert!(booth.0.try_wait().unwrap().is_none(), "the booth runs");
        assert!(Instant::now() < give_up_at, "no metrics");
    };
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for line in ["szz_kiosk_info{kiosk=\"campus-a-01\"", "szz_kiosk_queue_records{state=\"pending\"} 0"] {
        assert!(page.contains(line), "{page}");
    }
    let leaks = [folder.path().to_str().unwrap(), "device.key"];
    assert!(leaks.iter().all(|leak| !page.contains(leak)), "{page}");
    assert!(ask(port, "/").unwrap().starts_with("HTTP/1.1 404"));
}

#[test]
fn there_is_no_health_page_unless_it_is_asked_for() {
    let text = fs::read_to_string(project().join("kiosk-config/kiosk.toml")).unwrap();
    assert!(!text.lines().any(|line| line.starts_with("listen")));
    let folder = tempfile::tempdir().unwrap();
    let config = szz_kiosk::config::load(&settings(folder.path(), &[])).unwrap();
    assert_eq!(config.health, None);
}
