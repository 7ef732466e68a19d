//! Files into files that everybody can read.

use std::path::{Path, PathBuf};

use galvanome::convert::{Converted, Options, file};
use galvanome::strict::findings;
use galvanome::{Error, inspect};
use galvanome_model::note::Note;

const CELL: &str = "\
test_time_second,voltage_volt,current_ampere,Operator
0,3.1,0.05,A. Nobody
10.5,3.2,0.05,A. Nobody
20,3.3,0.05,
";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn with(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("a file");
        path
    }

    /// Every file that is there, hidden ones too.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("a folder");
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.expect("an entry").file_name().into_string().expect("UTF-8")
        };
        let mut names: Vec<_> = entries.map(name).collect();
        names.sort();
        names
    }
}

fn convert(from: &Path, to: &Path) -> Result<Converted, Error> {
    file(from, to, Options::default())
}

#[test]
fn what_is_written_says_the_same() {
    let folder = Folder::new();
    let from = folder.with("cell.csv", CELL);
    let before = inspect::path(&from).expect("a file");
    for name in ["out.csv", "out.bdf.parquet", "OUT.PARQUET"] {
        let to = folder.path(name);
        let done = convert(&from, &to).expect("a file that can be written");
        assert!(done.kept);
        assert_eq!((done.written.table.as_str(), done.written.rows), ("records", 3));
        let after = inspect::path(&to).expect("what was written");
        assert_eq!(before.tables[0].rows, after.tables[0].rows);
        for (old, new) in before.tables[0].columns.iter().zip(&after.tables[0].columns) {
            assert_eq!((&old.head.name, &old.span), (&new.head.name, &new.span), "{name}");
        }
    }
    assert_eq!(folder.names(), ["OUT.PARQUET", "cell.csv", "out.bdf.parquet", "out.csv"]);
}

#[test]
fn what_is_there_stays_unless_forced() {
    let folder = Folder::new();
    let from = folder.with("cell.csv", CELL);
    let to = folder.with("out.csv", "precious");
    let error = convert(&from, &to).expect_err("it is there");
    assert!(error.is_wrong_input() && error.to_string().contains("--force"), "{error}");
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "precious");
    file(&from, &to, Options { force: true, ..Options::default() }).expect("replaced");
    assert!(std::fs::read_to_string(&to).unwrap().starts_with("test_time_second,"));
    assert_eq!(folder.names(), ["cell.csv", "out.csv"]);
}

#[test]
fn what_is_read_is_never_written_over() {
    let folder = Folder::new();
    let from = folder.with("cell.csv", CELL);
    let link = folder.path("link.csv");
    std::os::unix::fs::symlink(&from, &link).expect("a link");
    let hard = folder.path("hard.csv");
    std::fs::hard_link(&from, &hard).expect("a link");
    for to in [&from, &link, &hard] {
        let error = file(&from, to, Options { force: true, ..Options::default() });
        assert!(error.expect_err("its own input").to_string().contains("is what is read"));
    }
    assert_eq!(std::fs::read_to_string(&from).unwrap(), CELL);
}

#[test]
fn a_failure_leaves_nothing() {
    let folder = Folder::new();
    let from = folder.with("cell.csv", CELL);
    let noise = folder.with("noise.bin", "\u{1}\u{2}\u{3}");
    let check = |from: &Path, to: &str, options: Options<'_>, said: &str| {
        let error = file(from, &folder.path(to), options).expect_err(said).to_string();
        assert!(error.contains(said), "{error}");
        assert_eq!(folder.names(), ["cell.csv", "noise.bin"]);
    };
    let plain = Options::default();
    check(&from, "out.xlsx", plain, "end the name in .csv or .parquet");
    check(&from, "nowhere/out.csv", plain, "nowhere/out.csv");
    check(&noise, "out.parquet", plain, "no reader recognises");
    let options = Options { table: Some("steps"), ..plain };
    check(&from, "out.parquet", options, "there is no table `steps`");
}

/// Doubts keep a file from being written, statements do not.
#[test]
fn strict_refuses_doubts_only() {
    let folder = Folder::new();
    let check = |text: &str, codes: &[&str], kept: bool| {
        let from = folder.with("cell.csv", text);
        let to = folder.path("out.parquet");
        let done =
            file(&from, &to, Options { strict: true, ..Options::default() }).expect("a file");
        let found: Vec<_> = done.written.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(found, codes);
        assert_eq!(done.kept, kept);
        assert_eq!(to.exists(), kept);
        assert_eq!(findings(&done.written.notes).is_empty(), kept);
        if kept {
            std::fs::remove_file(&to).unwrap();
        }
    };
    let known = "test_time_second,voltage_volt,current_ampere\n0,3.1,0.05\n";
    check(known, &[], true);
    check("Test Time / s;Voltage / V;Current / A\n0,5;3,1;0,05\n", &["decimal-comma"], true);
    check(&known.replace("0.05\n", "0.05\n5,3.2,0.05\n4,3.2,0.05\n"), &["time-goes-back"], false);
    check(&known.replace("0.05\n", "0.05\n5,3."), &["truncated-file"], false);
    check(CELL, &["unknown-column"], false);
    check(known.trim_end(), &["unterminated-last-line"], false);
    // Nothing that a few bytes of text can be.
    let unverified = [Note::new("unverified-format", "nobody has published it", "")];
    assert_eq!(findings(&unverified).len(), 1);
}
