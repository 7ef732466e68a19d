//! What is wrong is said in words, nothing is changed, and the status is 1.

use std::path::Path;
use std::process::Command;

use sqlx::{Connection, Executor};

use crate::program::{Data, copied, ended, example, program, run, text};

#[track_caller]
fn says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "`{part}` is missing from: {error}");
    }
}

#[test]
fn unknown_names_are_told_what_there_is() {
    let data = Data::with_paper();
    for (args, parts) in [
        (&["campaign", "show", "none"][..], &["no campaign `none`", "lno-graphite"][..]),
        (&["campaign", "export", "none", "/nonexistent"], &["no campaign `none`", "lno-graphite"]),
        (&["metaview", "none"], &["no campaign `none`", "lno-graphite"]),
        (&["metaview", "lno-graphite", "--component", "none"], &["component `none`", "LNO"]),
        (&["metaview", "lno-graphite", "--question", "none"], &["question `none`", "SQ1, SQ2"]),
        (&["why", "none", "a/b/c/d"], &["no campaign `none`", "lno-graphite"]),
        (&["why", "lno-graphite", "LNO/SQ1/none/morphology"], &["technique `none`", "ndp"]),
        (&["why", "lno-graphite", "LNO", "SQ1", "none"], &["observable `none`", "morphology"]),
        (&["why", "lno-graphite", "LNO/SQ1"], &["name a pixel as"]),
        (&["metaview", "no id"], &["`no id` is not an id"]),
    ] {
        says(&data.run(args).refused(), parts);
    }
    says(&run(&["techniques", "none"]).refused(), &["technique `none`", "echem"]);
    says(&run(&["analyze", "x", "-t", "none"]).refused(), &["`none`", "echem"]);
    says(&run(&["inspect", "/nonexistent"]).refused(), &["/nonexistent"]);
    says(&run(&["judge", "/nonexistent"]).refused(), &["/nonexistent: No such file"]);
    says(&run(&["judge", "/"]).refused(), &["/: Is a directory"]);
    says(&run(&["judge", "/dev/zero"]).refused(), &["/dev/zero: line 1 is longer than 16 MB"]);
}

/// The system's words are said once, however many errors pass them on.
#[test]
fn causes_are_not_repeated() {
    let error = run(&["judge", "/nonexistent"]).refused();
    assert_eq!(error.matches("No such file").count(), 1, "{error}");
}

#[test]
fn settings_of_an_analysis() {
    let file = example("invented-solid-state/data/cycler/cell-25-1.csv");
    let analyze = |more: &[&str]| {
        run(&[&["analyze", text(&file), "--technique", "echem"], more].concat()).refused()
    };
    says(&analyze(&["--set", "frobnicate=1"]), &["frobnicate"]);
    says(&analyze(&["--set", "frobnicate"]), &["frobnicate"]);
    says(&analyze(&["--with", "nothing=x.csv"]), &["auxiliary role `nothing`"]);
}

#[test]
fn comparisons_that_make_no_sense() {
    let cell = |name: &str| {
        let file = example("invented-solid-state/data/cycler").join(name);
        text(&file).to_owned()
    };
    let (a, b) = (cell("cell-25-1.csv"), cell("cell-60-1.csv"));
    let compare = |reference: &[&str], test: &[&str], more: &[&str]| {
        let args = [&["compare", "-t", "echem", "--reference"], reference, &["--test"], test, more];
        run(&args.concat()).refused()
    };
    says(&compare(&[&a, &a], &[&b], &[]), &["the same bytes", "two specimens", "one label"]);
    says(&compare(&[&a], &[&a], &[]), &["the same bytes"]);
    says(&compare(&["A="], &[&b], &[]), &["`A=` lacks a file"]);
    says(&compare(&["/nonexistent"], &[&b], &[]), &["/nonexistent: No such file"]);
    says(&compare(&[&a], &[&b], &["--delta", "much"]), &["`much` is no number"]);
    says(&compare(&[&a], &[&b], &["--delta", "-0.1"]), &["delta cannot be -0.1"]);
    says(
        &compare(&[&a], &[&b], &["--s0", "echem.x=1"]),
        &["`echem.x`", "echem.voltage-hysteresis"],
    );
    says(&compare(&[&a], &[&b], &["--set", "frobnicate=1"]), &["frobnicate"]);
    says(&compare(&[&a], &[&b], &["--with", "nothing=x.csv"]), &["auxiliary role `nothing`"]);
    says(&compare(&[&a], &[&b], &["--select=0"]), &["0.08 for 8 %"]);
    let same = [format!("A={a}"), format!("A={b}"), "B=x.csv".to_owned()];
    says(&compare(&[&same[0]], &[&same[1], &same[2]], &[]), &["every label on both sides", "B"]);
    says(&run(&["compare", "-t", "none", "--reference", "x", "--test", "y"]).refused(), &["echem"]);
    let table = run(&["analyze", &a, "-t", "echem", "--table", "none=x.csv"]).refused();
    says(&table, &["table `none`", "cycles, rates"]);
}

#[test]
fn a_figure_in_a_form_that_there_is_not() {
    let data = Data::with_paper();
    for name in ["x.bmp", "x", "/dev/full"] {
        let error = data.run(&["metaview", "lno-graphite", "-o", name]).refused();
        says(&error, &[name, ".svg, .png, .pdf, .csv or .html"]);
        assert!(name.starts_with('/') || !Path::new(name).exists());
    }
}

/// Whatever is in a data folder, byte by byte, the locks apart.
fn contents(data: &Data) -> Vec<String> {
    let list = data.run(&["campaign", "list", "--json"]).good();
    let shown = data.run(&["metaview", "lno-graphite", "--json"]).good();
    vec![list, shown]
}

#[test]
fn every_mistake_of_a_folder_at_once_and_nothing_imported() {
    let data = Data::with_paper();
    let before = contents(&data);
    let folder = tempfile::tempdir().unwrap();
    copied(&example("lno-graphite"), folder.path());
    let change = |name: &str, from: &str, to: &str| {
        let path = folder.path().join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    change("answers.csv", ",yes,", ",maybe,");
    change("answers.csv", ",ndp,", ",npd,");
    change("samples.csv", "\ngraphite-supply,", "\nlno-supply,");
    change("experiments.csv", ",done,", ",finished,");
    let error = data.run(&["campaign", "import", text(folder.path())]).refused();
    says(
        &error,
        &[
            "nothing was imported",
            "answers.csv",
            "maybe",
            "npd",
            "samples.csv",
            "lno-supply",
            "experiments.csv",
            "finished",
        ],
    );
    let problems = error.lines().filter(|line| line.starts_with("  ")).count();
    assert!(problems >= 4, "{error}");
    assert_eq!(contents(&data), before);
}

#[test]
fn folders_that_are_none() {
    let data = Data::empty();
    let empty = tempfile::tempdir().unwrap();
    for path in [text(empty.path()), "/nonexistent", text(&example("lno-graphite/README.md"))] {
        let error = data.run(&["campaign", "import", path]).refused();
        says(&error, &[path, "not a campaign folder", "campaign.toml"]);
    }
    std::fs::write(empty.path().join("campaign.toml"), b"id = \"x\xff\"").unwrap();
    says(
        &data.run(&["campaign", "import", text(empty.path())]).refused(),
        &["campaign.toml", "UTF-8"],
    );
    let list = data.run(&["campaign", "list", "--json"]).json();
    assert_eq!(list["campaigns"], serde_json::json!([]));
}

#[test]
fn an_export_goes_into_an_empty_folder_only() {
    let data = Data::with_paper();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("precious.txt");
    std::fs::write(&file, "mine").unwrap();
    let export = |to: &Path| data.run(&["campaign", "export", "lno-graphite", text(to)]);
    says(&export(folder.path()).refused(), &["is not empty"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    says(&export(&file).refused(), &["precious.txt"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let fresh = folder.path().join("new/folder");
    let ran = export(&fresh);
    assert!(ran.err.contains("the folder does not carry"), "{}", ran.err);
    assert_eq!(ran.good(), "");
    assert!(fresh.join("campaign.toml").is_file());
}

#[tokio::test]
async fn a_data_folder_of_a_newer_version() {
    let data = Data::with_paper();
    let file = data.path().join("galvanome.sqlite");
    sqlx::any::install_default_drivers();
    let mut database =
        sqlx::AnyConnection::connect(&format!("sqlite://{}", text(&file))).await.unwrap();
    let newer = "INSERT INTO migration (number, program, applied_at_us) VALUES (9999, '99.8.7', 1)";
    database.execute(newer).await.unwrap();
    database.close().await.unwrap();
    let before = std::fs::read(&file).unwrap();
    for args in [
        &["campaign", "list"][..],
        &["metaview", "lno-graphite"],
        &["serve", "--listen", "127.0.0.1:0"],
        &["campaign", "import", text(&example("lno-graphite"))],
    ] {
        let error = data.run(args).refused();
        says(&error, &["written by Galvanome 99.8.7", "or choose another data folder"]);
    }
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn data_folders_that_cannot_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    for path in [file.clone(), file.join("below"), "/proc/nowhere".into()] {
        let error = run(&["campaign", "list", "--data", text(&path)]).refused();
        says(&error, &[text(&path)]);
    }
    // No home, and nothing named: there is no usual place.
    let mut command = program(&["campaign", "list"]);
    command.env_remove("HOME");
    says(&ended(command, "").refused(), &["--data"]);
}

#[test]
fn the_data_folder_is_where_the_environment_says() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value, inside) in [
        ("GALVANOME_DATA", folder.path().join("a"), "a/galvanome.sqlite"),
        ("XDG_DATA_HOME", folder.path().join("b"), "b/galvanome/galvanome.sqlite"),
        ("HOME", folder.path().join("c"), "c/.local/share/galvanome/galvanome.sqlite"),
    ] {
        let mut command = program(&["campaign", "list"]);
        command.env(name, value);
        assert_eq!(ended(command, "").good(), "");
        assert!(folder.path().join(inside).is_file(), "{name}");
    }
}

/// A file that may not grow fails in the middle of being written, on any machine.
#[test]
fn a_disk_that_fails() {
    let data = Data::with_paper();
    let before = contents(&data);
    let folder = example("invented-solid-state");
    // In blocks of 512 bytes: less than the database needs for a second campaign.
    let limited = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", limited, env!("CARGO_BIN_EXE_galvanome")]);
    command.args(["campaign", "import", text(&folder), "--data", text(data.path())]);
    let ran = ended(command, "");
    says(&ran.refused(), &["could not ", "disk I/O error"]);
    assert_eq!(contents(&data), before);
    data.run(&["campaign", "import", text(&folder)]).good();
}

/// A disk of 700 kB in a namespace of its own, where there may be one: full, then with room again.
#[test]
fn a_full_disk() {
    let disk = tempfile::tempdir().unwrap();
    let inside = r#"
mount -t tmpfs -o size=700k none "$1" || exit 77
cd "$1" && mkdir data
"$0" campaign import "$2" --data data >/dev/null || exit 3
"$0" metaview lno-graphite --json --data data >before || exit 4
dd if=/dev/zero of=filler 2>/dev/null
"$0" campaign import "$3" --data data && exit 5
rm filler
"$0" metaview lno-graphite --json --data data >after && cmp before after || exit 6
rm before after
"$0" campaign list --data data"#;
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", inside]);
    command.args([env!("CARGO_BIN_EXE_galvanome"), text(disk.path())]);
    command.args([example("lno-graphite"), example("invented-solid-state")]);
    let mut allowed = Command::new("unshare");
    allowed.args(["--user", "--map-root-user", "--mount", "true"]);
    if !matches!(allowed.status(), Ok(status) if status.success()) {
        eprintln!("left out: this machine gives no namespaces to its users");
        return;
    }
    let ran = ended(command, "");
    if ran.status == 77 {
        eprintln!("left out: this machine lets no user mount a disk in memory: {}", ran.err);
        return;
    }
    says(&ran.err, &["galvanome: could not ", "the disk is full; make room and try again"]);
    let list = ran.good();
    assert!(list.starts_with("lno-graphite") && list.lines().count() == 1, "{list}");
}
