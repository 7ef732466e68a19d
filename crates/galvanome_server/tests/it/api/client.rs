//! The whole application on a port of its own, and as much HTTP as it takes to ask it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, mpsc};
use std::time::Duration;

use galvanome::{Actor, Galvanome, import, jobs};
use serde_json::Value;

/// The campaigns that the server of the tests holds.
pub(crate) const EXAMPLES: [&str; 2] = ["invented-solid-state", "lno-graphite"];

/// Longer than any answer takes, shorter than anybody's patience.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where the one server of all these tests listens. It ends with the test process.
static ADDRESS: LazyLock<SocketAddr> = LazyLock::new(|| started("api"));

/// Where another one listens, whose campaigns are changed.
static CHANGED: LazyLock<SocketAddr> = LazyLock::new(|| started("changed"));

fn started(name: &str) -> SocketAddr {
    let folder = fresh_folder(name);
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let galvanome = Galvanome::open(&folder).await.unwrap();
            for name in EXAMPLES {
                let example =
                    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
                let actor = Actor::local_user();
                import::folder(&galvanome, &example, &actor, &|_| {}).await.unwrap();
            }
            while let Some(ran) = jobs::run_next(&galvanome, "test").await.unwrap() {
                assert_eq!(ran.failed, None, "{}", ran.what);
            }
            let any = SocketAddr::from(([127, 0, 0, 1], 0));
            let server = galvanome_server::bind(Arc::new(galvanome), any).await.unwrap();
            let address = server.address();
            let address = address.trim_start_matches("http://").trim_end_matches('/');
            tell.send(address.parse().unwrap()).unwrap();
            server.run(std::future::pending()).await.unwrap();
        });
    });
    told.recv_timeout(PATIENCE * 2).unwrap()
}

/// A data folder of this process. Those of processes that are gone are removed.
fn fresh_folder(name: &str) -> PathBuf {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&all).unwrap();
    for entry in std::fs::read_dir(&all).unwrap().flatten() {
        if !Path::new("/proc").join(entry.file_name()).exists() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    all.join(std::process::id().to_string())
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The detail of a problem, after a look at whether it is a whole one (RFC 9457).
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(problem["type"].as_str().unwrap().starts_with("/problems/"), "{problem}");
        assert!(!problem["title"].as_str().unwrap().is_empty(), "{problem}");
        problem["detail"].as_str().unwrap().to_owned()
    }
}

/// Asks with GET.
pub(crate) fn get(target: &str) -> Reply {
    ask("GET", target, &[])
}

/// Asks. Headers given here come beside `Host` and `Connection`, or in their place.
pub(crate) fn ask(method: &str, target: &str, headers: &[(&str, &str)]) -> Reply {
    request(*ADDRESS, method, target, headers, b"")
}

/// Asks the server whose campaigns are changed, with a body.
pub(crate) fn send(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let length = body.len().to_string();
    let headers: Vec<_> = headers.iter().copied().chain([("content-length", &*length)]).collect();
    request(*CHANGED, method, target, &headers, body)
}

/// The name of that server as browsers give it.
pub(crate) fn changed_origin() -> String {
    format!("http://{}", *CHANGED)
}

fn request(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let mut all = vec![("host", address.to_string()), ("connection", "close".to_owned())];
    for (name, value) in headers {
        all.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        all.push((name, (*value).to_owned()));
    }
    let mut request = format!("{method} {target} HTTP/1.1\r\n");
    for (name, value) in all {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    request.push_str("\r\n");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    parse(&bytes, method)
}

fn parse(bytes: &[u8], method: &str) -> Reply {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let body = bytes[end + 4..].to_vec();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: BTreeMap<String, String> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    if method != "HEAD" && status != 304 && status != 204 {
        let length: usize = headers["content-length"].parse().unwrap();
        assert_eq!(body.len(), length, "the body is as long as its header says");
    }
    Reply { status, headers, body }
}
