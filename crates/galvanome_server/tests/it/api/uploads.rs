//! Uploads over HTTP: verbs, headers, problems, and who is kept out.

use serde_json::json;

use super::client::{Reply, ask, changed_origin, send};

const UPLOADS: &str = "/api/v1/campaigns/invented-solid-state/uploads";

fn begin(name: &str, bytes: &[u8]) -> Reply {
    let body = json!({
        "name": name, "bytes": bytes.len(), "experiment": "echem-1", "samples": ["cell-60-2"],
    });
    send("POST", UPLOADS, &[], body.to_string().as_bytes())
}

fn piece(place: &str, offset: usize, bytes: &[u8]) -> Reply {
    let offset = offset.to_string();
    let headers =
        [("upload-offset", &*offset), ("content-type", "application/offset+octet-stream")];
    send("PATCH", place, &headers, bytes)
}

#[test]
fn a_file_goes_up_in_pieces_and_comes_back_as_a_dataset() {
    let mut bytes = b"test_time_second,voltage_volt,current_ampere\n".to_vec();
    for row in 0..500 {
        bytes
            .extend_from_slice(format!("{row},{},0.1\n", 3.0 + f64::from(row) / 1000.0).as_bytes());
    }
    let begun = begin("cell 60-2.csv", &bytes);
    assert_eq!(begun.status, 201, "{}", begun.text());
    let place = begun.header("location").to_owned();
    assert!(place.starts_with(UPLOADS));
    assert_eq!(begun.json()["offset"], 0);

    let first = piece(&place, 0, &bytes[..700]);
    assert_eq!((first.status, first.header("upload-offset")), (204, "700"));
    let told = send("HEAD", &place, &[], b"");
    assert_eq!((told.status, told.header("upload-offset")), (200, "700"));
    assert_eq!(told.header("upload-length"), bytes.len().to_string());
    let wrong = piece(&place, 0, &bytes);
    assert_eq!(wrong.header("upload-offset"), "700");
    assert!(wrong.problem(409).contains("send on from byte 700"));
    assert!(send("PATCH", &place, &[], b"x").problem(400).contains("Upload-Offset"));
    let early = send("POST", &place, &[], b"{}").problem(409);
    assert!(early.contains("send the rest first"), "{early}");
    let long: Vec<u8> = [&bytes[700..], b"more"].concat();
    assert!(piece(&place, 700, &long).problem(413).contains("goes on beyond them"));
    assert_eq!(piece(&place, 700, &bytes[700..]).status, 204);
    let done = send("POST", &place, &[], b"{}");
    assert_eq!(done.status, 201, "{}", done.text());
    let done = done.json();
    assert_eq!(done["dataset"], "cell_60-2");
    assert_eq!(done["href"], "/c/invented-solid-state/datasets/cell_60-2");
    assert_eq!(send("GET", &place, &[], b"").status, 404);

    let file =
        send("GET", "/api/v1/campaigns/invented-solid-state/datasets/cell_60-2/file", &[], b"");
    assert!(file.body == bytes);
    let page = send("GET", "/c/invented-solid-state/datasets/cell_60-2", &[], b"");
    assert!(page.text().contains("cell 60-2.csv"));

    let again = begin("again.csv", &bytes).header("location").to_owned();
    piece(&again, 0, &bytes);
    let again = send("POST", &again, &[], b"{}").json();
    assert_eq!((&again["dataset"], &again["was_held"]), (&json!("cell_60-2"), &json!(true)));
}

#[test]
fn a_changed_file_is_refused_and_an_unwanted_one_is_gone() {
    let place = begin("x.csv", b"abc").header("location").to_owned();
    piece(&place, 0, b"abc");
    let end = json!({"sha256": "0".repeat(64)}).to_string();
    let detail = send("POST", &place, &[], end.as_bytes()).problem(422);
    assert!(detail.contains("upload the file again"), "{detail}");
    assert_eq!(send("GET", &place, &[], b"").status, 404);

    let place = begin("x.csv", b"abc").header("location").to_owned();
    assert_eq!(send("DELETE", &place, &[], b"").status, 204);
    assert_eq!(piece(&place, 0, b"abc").status, 404);
    for (body, status, part) in [
        (json!({"name": "x", "bytes": 1_u64 << 40, "experiment": "echem-1"}), 413, "at most"),
        (json!({"name": "x", "bytes": 1, "experiment": "none"}), 404, "experiment `none`"),
        (json!({"name": "x", "bytes": 1}), 400, "experiment"),
        (json!({"name": "x", "bytes": 1, "experiment": "echem-1", "colour": 1}), 400, "colour"),
    ] {
        let detail = send("POST", UPLOADS, &[], body.to_string().as_bytes()).problem(status);
        assert!(detail.contains(part), "{detail}");
    }
}

#[test]
fn pages_of_other_servers_change_nothing() {
    let body = json!({"name": "x", "bytes": 3, "experiment": "echem-1"}).to_string();
    for (header, value) in [
        ("origin", "http://example.org"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("host", "example.org"),
        ("x-forwarded-for", "192.0.2.1"),
    ] {
        send("POST", UPLOADS, &[(header, value)], body.as_bytes()).problem(403);
    }
    let own = [("origin", &*changed_origin()), ("sec-fetch-site", "same-origin")];
    assert_eq!(send("POST", UPLOADS, &own, body.as_bytes()).status, 201);
    // Reading is as open as it was.
    assert_eq!(ask("GET", "/api/v1/campaigns", &[("origin", "http://example.org")]).status, 200);
}
