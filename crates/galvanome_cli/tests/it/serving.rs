//! `demo` and `serve`: one line when they are ready, a clean end, and the command line beside them.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::program::{Data, Running, Served, example, program, run, text};

/// `demo` with a folder of the test's for everything temporary.
fn demo(temporary: &tempfile::TempDir) -> Served {
    let mut command = program(&["demo", "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", temporary.path());
    Served::start(command)
}

fn left_in(folder: &tempfile::TempDir) -> Vec<PathBuf> {
    std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn demo_prints_its_address_answers_and_leaves_nothing_behind() {
    for signal in ["INT", "TERM"] {
        let temporary = tempfile::tempdir().unwrap();
        let demo = demo(&temporary);
        assert!(demo.address.starts_with("http://127.0.0.1:"), "{}", demo.address);
        assert!(demo.address.ends_with('/'), "{}", demo.address);
        let (status, page) = demo.get("/");
        assert!(status == 200 && page.contains("lno-graphite"), "{page}");
        assert_eq!(left_in(&temporary).len(), 1);
        let (status, more) = demo.stop(signal);
        assert_eq!((status, more), (0, Vec::new()), "{signal}");
        assert_eq!(left_in(&temporary), Vec::<PathBuf>::new(), "{signal}");
    }
}

/// The jobs of the example are done in the background, soon.
#[test]
fn demo_computes_its_answers() {
    let temporary = tempfile::tempdir().unwrap();
    let demo = demo(&temporary);
    let started = Instant::now();
    loop {
        let (_, jobs) = demo.get("/api/v1/jobs");
        let jobs: serde_json::Value = serde_json::from_str(&jobs).unwrap();
        let jobs = jobs["items"].as_array().unwrap();
        assert!(!jobs.is_empty() && jobs.iter().all(|job| job["state"] != "failed"), "{jobs:?}");
        if jobs.iter().all(|job| job["state"] == "done") {
            break;
        }
        assert!(started.elapsed() < Duration::from_mins(1), "{jobs:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
    let (_, pixel) =
        demo.get("/api/v1/campaigns/lno-graphite/pixels/LNO/SQ1/ndp/lithium-distribution");
    assert!(pixel.contains("\"computed\":{"), "{pixel}");
}

/// Somebody who is told to stop while starting leaves nothing behind either.
#[test]
fn demo_stopped_while_it_starts() {
    let temporary = tempfile::tempdir().unwrap();
    for wait_ms in [5, 20, 60, 150, 300] {
        let mut command = program(&["demo", "--listen", "127.0.0.1:0"]);
        command.env("TMPDIR", temporary.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = Running(command.spawn().unwrap());
        std::thread::sleep(Duration::from_millis(wait_ms));
        running.signal("TERM");
        // Before it listens to signals it ends by one, and has made nothing yet.
        let started = Instant::now();
        while running.0.try_wait().unwrap().is_none() {
            assert!(started.elapsed() < Duration::from_secs(20), "it does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(left_in(&temporary), Vec::<PathBuf>::new(), "after {wait_ms} ms");
    }
}

#[test]
fn demo_keeps_a_folder_that_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    for _ in 0..2 {
        let demo =
            Served::start(program(&["demo", "--listen", "127.0.0.1:0", "--data", text(&kept)]));
        assert_eq!(demo.stop("TERM").0, 0);
    }
    assert!(run(&["campaign", "list", "--data", text(&kept)]).good().starts_with("lno-graphite"));
}

/// Neither a connection that says nothing nor half a request holds up the end.
#[test]
fn open_connections_do_not_hold_up_the_end() {
    let data = Data::empty();
    let served = data.serve();
    let silent = TcpStream::connect(served.host()).unwrap();
    let mut half = TcpStream::connect(served.host()).unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nhost: 127").unwrap();
    let mut idle = TcpStream::connect(served.host()).unwrap();
    idle.write_all(b"GET /api/v1/jobs HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(served.stop("TERM").0, 0);
    drop((silent, half, idle));
}

#[test]
fn one_server_a_folder() {
    let data = Data::empty();
    let served = data.serve();
    let error = data.run(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(error.contains("another server is already running on this data folder"), "{error}");
    assert_eq!(served.get("/").0, 200);
    assert_eq!(served.stop("INT").0, 0);
    assert_eq!(data.serve().stop("TERM").0, 0, "the folder is free again");
}

#[test]
fn addresses_that_cannot_be_had() {
    let data = Data::empty();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let temporary = tempfile::tempdir().unwrap();
    for (listen, parts) in [
        (format!("127.0.0.1:{port}"), vec![format!("port {port} is taken"), "--listen".to_owned()]),
        ("0.0.0.0:0".to_owned(), vec!["no login yet".to_owned(), "127.0.0.1".to_owned()]),
        ("[::]:0".to_owned(), vec!["no login yet".to_owned()]),
        ("192.0.2.1:80".to_owned(), vec!["no login yet".to_owned()]),
    ] {
        let error = data.run(&["serve", "--listen", &listen]).refused();
        let mut demo = program(&["demo", "--listen", &listen]);
        demo.env("TMPDIR", temporary.path());
        let of_demo = crate::program::ended(demo, "").refused();
        for part in parts {
            assert!(error.contains(&part), "{error}");
            assert!(of_demo.contains(&part), "{of_demo}");
        }
    }
    assert_eq!(left_in(&temporary), Vec::<PathBuf>::new());
}

#[test]
fn the_command_line_works_beside_a_server() {
    let data = Data::empty();
    let served = data.serve();
    assert_eq!(served.get("/api/v1/campaigns/lno-graphite").0, 404);
    data.run(&["campaign", "import", text(&example("lno-graphite"))]).good();
    let (status, shown) = served.get("/api/v1/campaigns/lno-graphite");
    assert!(status == 200 && shown.contains("\"id\":\"lno-graphite\""), "{shown}");
    let (_, of_server) = served.get("/api/v1/campaigns/lno-graphite/metaviews");
    let of_cli = data.run(&["metaview", "lno-graphite", "--json"]).good();
    assert_eq!(of_server, of_cli.trim_end(), "both doors show the same");
    assert!(served.get("/").1.contains("lno-graphite"));
    assert_eq!(served.stop("TERM").0, 0);
    // The write-ahead log is folded into the file.
    let mut names: Vec<_> = std::fs::read_dir(data.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["data.lock", "galvanome.sqlite", "objects", "server.lock"]);
}
