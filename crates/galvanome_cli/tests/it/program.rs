//! The program as a process: run to its end, or served and stopped. Nothing waits for ever and nothing is left running.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Its output, when it did what it was asked.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert_eq!(self.status, 0, "{}", self.err);
        self.out
    }

    /// Its output as one JSON document, which says its schema.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let document: Value = serde_json::from_str(&self.good()).unwrap();
        assert_eq!(document["schema"], 1);
        document
    }

    /// What it said, when it refused its input: in the name of the program, on standard error alone.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!((self.status, self.out.as_str()), (1, ""), "{}", self.err);
        assert!(self.err.starts_with("galvanome: "), "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self.err
    }
}

/// The program without anything that this machine's user has set.
pub(crate) fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galvanome"));
    command.args(args).stdin(Stdio::null());
    for name in ["GALVANOME_DATA", "GALVANOME_LOG", "NO_COLOR", "XDG_DATA_HOME", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.env("HOME", "/nonexistent");
    command
}

/// Runs the program to its end.
#[track_caller]
pub(crate) fn run(args: &[&str]) -> Ran {
    ended(program(args), "")
}

/// Runs a command to its end with something on its standard input.
#[track_caller]
pub(crate) fn ended(mut command: Command, input: &str) -> Ran {
    let with_input = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Running(with_input.spawn().unwrap());
    let mut stdin = child.0.stdin.take().unwrap();
    let (mut stdout, mut stderr) = (child.0.stdout.take().unwrap(), child.0.stderr.take().unwrap());
    let input = input.to_owned();
    std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let out = std::thread::spawn(move || all_of(&mut stdout));
    let err = std::thread::spawn(move || all_of(&mut stderr));
    let status = child.ended_within(PATIENCE);
    Ran { status, out: out.join().unwrap(), err: err.join().unwrap() }
}

fn all_of(from: &mut impl Read) -> String {
    let mut text = String::new();
    from.read_to_string(&mut text).unwrap();
    text
}

/// A process that does not outlive its test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// The exit status. A process that takes longer is killed, and the test fails.
    #[track_caller]
    pub(crate) fn ended_within(&mut self, patience: Duration) -> i32 {
        let started = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code().unwrap_or_else(|| panic!("ended by a signal: {status}"));
            }
            assert!(started.elapsed() < patience, "still running after {patience:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends a signal: `INT`, `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", name, &id]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server that has said where it listens.
pub(crate) struct Served {
    pub(crate) running: Running,
    /// `http://127.0.0.1:PORT/`
    pub(crate) address: String,
    rest: mpsc::Receiver<String>,
}

impl Served {
    /// Starts `demo` or `serve` and waits for the line with its address.
    #[track_caller]
    pub(crate) fn start(mut command: Command) -> Self {
        let spawned = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut running = Running(spawned.unwrap());
        let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
        let (tell, rest) = mpsc::channel();
        std::thread::spawn(move || {
            while let Some(Ok(line)) = lines.next() {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        let address = rest.recv_timeout(PATIENCE).unwrap();
        Self { running, address, rest }
    }

    /// `127.0.0.1:PORT`
    pub(crate) fn host(&self) -> &str {
        self.address.trim_start_matches("http://").trim_end_matches('/')
    }

    /// Asks for a path: the status, and the body.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let host = self.host();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let answer = all_of(&mut stream);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// Stops it by a signal: its exit status and what else stood on its standard output.
    #[track_caller]
    pub(crate) fn stop(mut self, signal: &str) -> (i32, Vec<String>) {
        self.running.signal(signal);
        let status = self.running.ended_within(Duration::from_secs(5));
        (status, self.rest.iter().collect())
    }
}

/// A folder below `examples/`.
pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Copies a campaign folder, so that a test can change it.
pub(crate) fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A fresh data folder with the paper's campaign in it.
pub(crate) struct Data {
    folder: tempfile::TempDir,
}

impl Data {
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn with_paper() -> Self {
        let data = Self::empty();
        data.run(&["campaign", "import", text(&example("lno-graphite"))]).good();
        data
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A command on this data folder.
    pub(crate) fn program(&self, args: &[&str]) -> Command {
        let mut command = program(args);
        command.arg("--data").arg(self.path());
        command
    }

    /// Runs the program on this data folder.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        ended(self.program(args), "")
    }

    /// Serves this data folder on a free port.
    #[track_caller]
    pub(crate) fn serve(&self) -> Served {
        Served::start(self.program(&["serve", "--listen", "127.0.0.1:0"]))
    }
}
