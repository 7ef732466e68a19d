//! What is refused, and in which words.

use galvanome_server::{Policy, declared};

use super::client::{ask, get};

/// Ids that do not exist: the problem names those that do.
#[test]
fn unknown_ids_get_a_problem_that_names_what_there_is() {
    for (path, parts) in [
        ("/api/v1/campaigns/none", &["`none`", "invented-solid-state, lno-graphite"][..]),
        ("/api/v1/campaigns/no%20id", &["`no id`"]),
        ("/api/v1/techniques/none", &["`none`", "echem"]),
        ("/api/v1/campaigns/lno-graphite/metaviews/none/SQ1", &["component `none`", "LNO"]),
        ("/api/v1/campaigns/lno-graphite/metaviews/LNO/none", &["question `none`", "SQ1, SQ2"]),
        ("/api/v1/campaigns/lno-graphite/metaviews?component=none", &["component `none`", "LNO"]),
        (
            "/api/v1/campaigns/lno-graphite/pixels/LNO/SQ1/none/morphology",
            &["technique `none`", "ndp"],
        ),
        (
            "/api/v1/campaigns/lno-graphite/pixels/LNO/SQ1/ndp/none",
            &["observable `none`", "lithium-distribution"],
        ),
        (
            "/api/v1/campaigns/lno-graphite/sublayers/LNO/none/morphology",
            &["question `none`", "SQ1, SQ2"],
        ),
        ("/api/v1/campaigns/lno-graphite/quantities?technique=none", &["technique `none`", "ndp"]),
        ("/api/v1/campaigns/lno-graphite/quantities?component=none", &["component `none`", "LNO"]),
        ("/api/v1/campaigns/lno-graphite/quantities?component=no%20id", &["`no id`", "LNO"]),
        ("/api/v1/campaigns/none/samples", &["campaign `none`"]),
        ("/api/v1/campaigns/none/figures/svg", &["campaign `none`"]),
        ("/assets/none.js", &["`none.js`"]),
        ("/nowhere", &["/nowhere"]),
        ("/api/v1/nowhere", &["/api/v1/nowhere"]),
    ] {
        let detail = get(path).problem(404);
        for part in parts {
            assert!(detail.contains(part), "{path}: {detail}");
        }
    }
}

#[test]
fn requests_that_cannot_be_read_say_why() {
    let quantities = "/api/v1/campaigns/lno-graphite/quantities";
    for (path, part) in [
        (format!("{quantities}?after=elsewhere"), "`after` is not the `next` of a page"),
        (format!("{quantities}?after=-1"), "`after` is not the `next` of a page"),
        (format!("{quantities}?after=1.x"), "`after` is not the `next` of a page"),
        (format!("{quantities}?after=99999999999999999999.1"), "`after` is not the `next`"),
        (format!("{quantities}?limit=many"), "limit"),
        (format!("{quantities}?limit=-1"), "limit"),
        (format!("{quantities}?limit=0"), "ask for 1 to 1000 items"),
        (format!("{quantities}?limit=1001"), "ask for 1 to 1000 items"),
        ("/api/v1/campaigns?limit=101".to_owned(), "ask for 1 to 100 items"),
        (format!("{quantities}?technque=xrd"), "unknown field `technque`"),
        ("/api/v1/campaigns?after=no%20id".to_owned(), "`after` is not the `next` of a page"),
        ("/api/v1/campaigns?limit=1&limit=2".to_owned(), "duplicate field `limit`"),
        (
            "/api/v1/campaigns/lno-graphite/figures/bmp".to_owned(),
            ".svg, .png, .pdf, .csv or .html",
        ),
        ("/api/v1/techniques/%ff".to_owned(), "UTF-8"),
    ] {
        let detail = get(&path).problem(400);
        assert!(detail.contains(part), "{path}: {detail}");
    }
}

#[test]
fn a_cursor_of_another_data_version_is_refused() {
    let detail = get("/api/v1/campaigns/lno-graphite/quantities?after=987654.1").problem(409);
    assert!(detail.contains("begin again"), "{detail}");
}

#[test]
fn a_cursor_behind_the_end_is_none() {
    let path = "/api/v1/campaigns/lno-graphite/quantities";
    let next = get(&format!("{path}?limit=1")).json()["next"].as_str().unwrap().to_owned();
    let (revision, _) = next.split_once('.').unwrap();
    let detail = get(&format!("{path}?after={revision}.18446744073709551615")).problem(400);
    assert!(detail.contains("`after` is not the `next` of a page"), "{detail}");
}

#[test]
fn nothing_can_be_changed_yet() {
    for path in ["/", "/api/v1/campaigns", "/api/v1/openapi.json", "/c/lno-graphite/metaviews/LNO"]
    {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let reply = ask(method, path, &[("content-length", "0")]);
            let detail = reply.problem(405);
            assert!(detail.contains(method) && detail.contains(path), "{detail}");
            assert_eq!(reply.header("allow"), "GET,HEAD", "{method} {path}");
        }
    }
}

#[test]
fn browsers_get_a_page_and_programs_a_problem() {
    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (method, path, host, status) in [
        ("GET", "/nowhere", "", 404),
        ("GET", "/c/none/metaviews/LNO", "", 404),
        ("GET", "/c/lno-graphite/metaviews/none", "", 404),
        ("GET", "/c/lno-graphite/nothing", "", 404),
        ("GET", "/c/lno-graphite/metaviews/%ff", "", 400),
        ("GET", "/assets/none.js", "", 404),
        ("DELETE", "/", "", 405),
        ("GET", "/", "example.org", 403),
    ] {
        let mut headers = vec![("accept", BROWSER)];
        if !host.is_empty() {
            headers.push(("host", host));
        }
        let page = ask(method, path, &headers);
        assert_eq!(
            (page.status, page.header("content-type")),
            (status, "text/html; charset=utf-8")
        );
        assert!(page.header("vary").contains("accept"), "{path}");
        assert!(page.text().contains("<h1"), "{path}");
        headers[0] = ("accept", "application/json");
        ask(method, path, &headers).problem(status);
    }
}

/// There is no login: whoever is not this machine is refused by every route that reads.
#[test]
fn only_this_machine_is_answered() {
    let readers: Vec<String> = declared()
        .into_iter()
        .filter(|one| one.policy == Policy::Reader)
        .map(|one| one.path.replace(['{', '}'], ""))
        .collect();
    assert!(readers.len() > 15);
    for path in &readers {
        for (name, value) in [
            ("host", "example.org"),
            ("host", "127.0.0.1.example.org"),
            ("host", "192.168.1.7:4270"),
            ("x-forwarded-for", "10.0.0.1"),
            ("forwarded", "for=10.0.0.1"),
            ("x-real-ip", "10.0.0.1"),
        ] {
            let detail = ask("GET", path, &[(name, value)]).problem(403);
            assert!(detail.contains("serves only its own machine"), "{detail}");
        }
    }
    for host in ["localhost:4270", "127.0.0.1", "[::1]:80"] {
        assert_eq!(ask("GET", "/", &[("host", host)]).status, 200, "{host}");
    }
}
