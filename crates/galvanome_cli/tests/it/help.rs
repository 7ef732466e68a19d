//! Help, versions, completions, and command lines that are wrong.

use crate::program::{ended, program, run};

const COMMANDS: &[&str] = &[
    "",
    "demo",
    "serve",
    "campaign",
    "campaign import",
    "campaign export",
    "campaign list",
    "campaign show",
    "metaview",
    "why",
    "techniques",
    "inspect",
    "convert",
    "analyze",
    "compare",
    "judge",
    "completions",
];

/// The commands that a help text lists, `help` itself apart.
fn listed(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_has_help_with_an_example_of_itself() {
    for command in COMMANDS {
        let mut args: Vec<&str> = command.split_whitespace().collect();
        args.push("--help");
        let help = run(&args).good();
        let (_, examples) = help.split_once("\nExample").unwrap_or_else(|| panic!("{command}"));
        assert!(examples.contains(&format!("galvanome {command}")), "{command}: {examples}");
        for name in listed(&help) {
            let full = format!("{command} {name}");
            assert!(COMMANDS.contains(&full.trim()), "`{full}` is not in the list of this test");
        }
    }
}

#[test]
fn help_is_data_and_says_what_statuses_mean() {
    let help = run(&["--help"]);
    assert_eq!(help.err, "");
    assert!(help.good().contains("Exit status: 0 done, 1 the input"));
    assert_eq!(run(&["--version"]).good(), concat!("galvanome ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_wrong_command_line_is_status_2_and_nothing_on_standard_output() {
    for args in [
        &[][..],
        &["frobnicate"],
        &["serve", "--listen", "nowhere"],
        &["serve", "--listen", "127.0.0.1:99999"],
        &["campaign"],
        &["campaign", "import"],
        &["metaview"],
        &["metaview", "x", "--json", "-o", "x.svg"],
        &["why", "x"],
        &["why", "x", "a", "b", "c", "d", "e"],
        &["inspect"],
        &["convert"],
        &["convert", "x.mpr"],
        &["analyze", "x.csv"],
        &["analyze", "x.csv", "--technique", "echem", "--with", "no-role"],
        &["analyze", "x.csv", "--technique", "echem", "--table", "=x.csv"],
        &["compare", "-t", "echem", "--reference", "x.csv"],
        &["compare", "-t", "echem", "--test", "x.csv"],
        &["compare", "--reference", "x.csv", "--test", "y.csv"],
        &["compare", "-t", "echem", "--reference", "x", "--test", "y", "--select=many"],
        &["judge", "a", "b"],
        &["completions", "cmd"],
        &["techniques", "--frobnicate"],
    ] {
        let ran = run(args);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains("Usage:") || ran.err.contains("invalid value"), "{}", ran.err);
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&["completions", shell]).good();
        for word in ["metaview", "techniques", "component", "listen"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
}

/// The shell itself accepts its script and completes with it.
#[test]
fn bash_completes_a_command() {
    let script = run(&["completions", "bash"]).good();
    let ask = r#"
eval "$(cat)"
COMP_WORDS=(galvanome meta) COMP_CWORD=1
_galvanome galvanome meta galvanome
echo "${COMPREPLY[@]}""#;
    let mut bash = std::process::Command::new("bash");
    bash.args(["--norc", "-c", ask]);
    let ran = ended(bash, &script);
    assert_eq!((ran.status, ran.out.trim()), (0, "metaview"), "{}", ran.err);
}

/// What the help of `judge` shows can be run as it stands.
#[test]
fn the_example_of_judge_works() {
    let help = run(&["judge", "--help"]).good();
    let line = help.lines().find(|line| line.trim_start().starts_with("echo '")).unwrap();
    let json = line.split('\'').nth(1).unwrap();
    let answer = ended(program(&["judge"]), &format!("{json}\n")).json();
    assert!(["yes", "no", "unsure"].contains(&answer["answer"].as_str().unwrap()));
}
