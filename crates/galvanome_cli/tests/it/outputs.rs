//! Where output goes: to a file, into a pipe that closes, onto a disk that is full, onto a terminal.

use std::fs::{File, OpenOptions};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::program::{Data, Ran, Running, ended, example, program, run, text};

#[test]
fn figures_in_every_form() {
    let data = Data::with_paper();
    let folder = tempfile::tempdir().unwrap();
    for (name, begins) in [
        ("figure.svg", &b"<svg"[..]),
        ("figure.png", b"\x89PNG"),
        ("figure.pdf", b"%PDF-"),
        ("figure.csv", b"row,component,question,"),
        ("figure.html", b"<!doctype html>"),
        ("FIGURE.SVG", b"<svg"),
    ] {
        let path = folder.path().join(name);
        let ran = data.run(&["metaview", "lno-graphite", "-o", text(&path)]);
        assert_eq!(ran.good(), "");
        assert!(std::fs::read(&path).unwrap().starts_with(begins), "{name}");
    }
    let nowhere = folder.path().join("missing/figure.svg");
    let error = data.run(&["metaview", "lno-graphite", "-o", text(&nowhere)]).refused();
    assert!(error.contains("missing/figure.svg: No such file"), "{error}");
}

#[test]
fn text_for_people() {
    let data = Data::with_paper();
    let metaview = data.run(&["metaview", "lno-graphite"]).good();
    for part in ["LNO positive electrode", "SQ1", "NDP", "●", "○", "· pending"] {
        assert!(metaview.contains(part), "{part} is missing:\n{metaview}");
    }
    let pixel = "LNO/SQ1/ndp/lithium-distribution";
    let why = data.run(&["why", "lno-graphite", pixel]).good();
    assert!(why.starts_with("LNO/SQ1/ndp/lithium-distribution: yes, expert\n"), "{why}");
    let shown = data.run(&["campaign", "show", "lno-graphite"]).good();
    assert!(shown.contains("(lno-graphite)") && shown.contains("SQ1"), "{shown}");
    let column = ["why", "lno-graphite", "LNO", "SQ1", "lithium-distribution"];
    assert!(data.run(&column).good().contains("pending: "));
    let ndp = run(&["techniques", "ndp"]).good();
    assert!(ndp.contains("(ndp)") && ndp.contains("ndp.lithium-content"), "{ndp}");
    let file = example("invented-solid-state/data/cycler/cell-25-1.csv");
    let inspected = run(&["inspect", text(&file)]).good();
    assert!(inspected.contains("voltage_volt") && inspected.contains("432 rows"), "{inspected}");
    let analysed = run(&["analyze", text(&file), "--technique", "echem"]);
    assert!(analysed.err.contains("note reference-by-default"), "{}", analysed.err);
    assert!(analysed.good().contains(" ± "));
}

/// Every command that prints, with more than a pipe takes where it can.
fn printing(data: &Data) -> Vec<Command> {
    let file = example("invented-solid-state/data/cycler/cell-25-1.csv");
    vec![
        data.program(&["metaview", "lno-graphite", "--json"]),
        data.program(&["metaview", "lno-graphite"]),
        data.program(&["campaign", "show", "lno-graphite"]),
        data.program(&["campaign", "list"]),
        data.program(&["why", "lno-graphite", "LNO", "SQ1", "lithium-distribution", "--json"]),
        program(&["techniques", "--json"]),
        program(&["techniques", "ndp"]),
        program(&["inspect", text(&file), "--json"]),
        program(&["analyze", text(&file), "-t", "echem"]),
        program(&["completions", "zsh"]),
        program(&["--help"]),
    ]
}

#[track_caller]
fn to(mut command: Command, out: Stdio, err: Stdio) -> i32 {
    let mut running = Running(command.stdout(out).stderr(err).spawn().unwrap());
    running.ended_within(Duration::from_mins(1))
}

/// As in `galvanome … | head -0`: the reader is gone before the first line.
#[test]
fn a_closed_pipe_is_no_error() {
    let data = Data::with_paper();
    for mut command in printing(&data) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let (mut said, err) = std::io::pipe().unwrap();
        let shown = format!("{command:?}");
        let status =
            to(std::mem::replace(&mut command, Command::new("true")), writer.into(), err.into());
        let mut text = String::new();
        std::io::Read::read_to_string(&mut said, &mut text).unwrap();
        assert!(!text.contains("panicked") && !text.contains("pipe"), "{shown}: {text}");
        assert_eq!(status, 0, "{shown}");
    }
}

/// Messages that nobody can read do not stop the work, nor change what it comes to.
#[test]
fn standard_error_may_be_closed() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::with_paper();
    let copy = folder.path().join("copy");
    let file = example("invented-solid-state/data/cycler/cell-25-1.csv");
    for (command, expected) in [
        (data.program(&["campaign", "export", "lno-graphite", text(&copy)]), 0),
        (program(&["analyze", text(&file), "-t", "echem"]), 0),
        (data.program(&["metaview", "none"]), 1),
        (program(&["inspect", "/nonexistent"]), 1),
        (program(&["frobnicate"]), 2),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let shown = format!("{command:?}");
        assert_eq!(to(command, Stdio::null(), writer.into()), expected, "{shown}");
    }
    assert!(copy.join("campaign.toml").is_file());
}

#[test]
fn a_full_disk_under_standard_output_is_an_error() {
    let data = Data::with_paper();
    for mut command in printing(&data) {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let shown = format!("{command:?}");
        command.stdout(full);
        let mut child = Running(command.stderr(Stdio::piped()).spawn().unwrap());
        let mut stderr = child.0.stderr.take().unwrap();
        let status = child.ended_within(Duration::from_mins(1));
        let mut err = String::new();
        std::io::Read::read_to_string(&mut stderr, &mut err).unwrap();
        assert_eq!(status, 1, "{shown}: {err}");
        assert!(err.contains("cannot write to standard output: No space left"), "{shown}: {err}");
    }
}

#[test]
fn a_full_disk_under_a_file_is_an_error_that_names_it() {
    let data = Data::with_paper();
    let folder = tempfile::tempdir().unwrap();
    let file = example("invented-solid-state/data/cycler/cell-25-1.csv");
    for form in ["svg", "png", "pdf", "csv", "html"] {
        let path = folder.path().join(format!("full.{form}"));
        std::os::unix::fs::symlink("/dev/full", &path).unwrap();
        let error = data.run(&["metaview", "lno-graphite", "-o", text(&path)]).refused();
        assert!(error.contains(&format!("full.{form}: No space left")), "{error}");
    }
    let plot = folder.path().join("full.svg");
    let error = run(&["analyze", text(&file), "-t", "echem", "--plot", text(&plot)]).refused();
    assert!(error.contains("full.svg: No space left"), "{error}");
}

/// The command on a terminal of its own, which `script` gives.
fn on_a_terminal(data: &Data, env: &[(&str, &str)]) -> Option<Ran> {
    let script = Command::new("script").arg("--version").stdout(Stdio::null()).status();
    if !script.is_ok_and(|status| status.success()) {
        eprintln!("left out: there is no `script` on this machine");
        return None;
    }
    let line = format!(
        "{} metaview lno-graphite --data {}",
        env!("CARGO_BIN_EXE_galvanome"),
        text(data.path())
    );
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).env_remove("NO_COLOR").env("TERM", "xterm");
    command.envs(env.iter().copied());
    Some(ended(command, ""))
}

#[test]
fn colours_on_a_terminal_only_and_never_against_the_users_will() {
    const ESCAPE: char = '\u{1b}';
    let data = Data::with_paper();
    assert!(!data.run(&["metaview", "lno-graphite"]).good().contains(ESCAPE));
    let Some(coloured) = on_a_terminal(&data, &[]) else { return };
    assert!(coloured.good().contains(ESCAPE), "a terminal gets colours");
    let plain = on_a_terminal(&data, &[("NO_COLOR", "1")]).unwrap().good();
    assert!(plain.contains("LNO positive electrode") && !plain.contains(ESCAPE), "{plain}");
    // https://no-color.org: an empty value is none.
    assert!(on_a_terminal(&data, &[("NO_COLOR", "")]).unwrap().good().contains(ESCAPE));
}

/// A folder goes in, comes out, goes in again: the same.
#[test]
fn a_campaign_round_trip() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let one = Data::empty();
    one.run(&["campaign", "import", text(&example("invented-solid-state"))]).good();
    one.run(&["campaign", "export", "invented-solid-state", text(&first)]).good();
    let two = Data::empty();
    two.run(&["campaign", "import", text(&first)]).good();
    two.run(&["campaign", "export", "invented-solid-state", text(&second)]).good();
    let same = Command::new("diff")
        .arg("-r")
        .args([&first, &second])
        .stdout(File::create(folder.path().join("diff")).unwrap())
        .status();
    assert!(same.unwrap().success());
    let views = |data: &Data| {
        data.run(&["metaview", "invented-solid-state", "-o", text(&folder.path().join("x.csv"))])
            .good()
    };
    views(&one);
    let before = std::fs::read(folder.path().join("x.csv")).unwrap();
    views(&two);
    assert_eq!(std::fs::read(folder.path().join("x.csv")).unwrap(), before);
}
