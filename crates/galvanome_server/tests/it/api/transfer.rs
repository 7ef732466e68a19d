//! How answers travel: entity tags, compression, headers that are always there, assets.

use galvanome_server::assets;

use super::client::{Reply, ask, get};

const SOME: &[&str] = &[
    "/",
    "/c/lno-graphite/metaviews/LNO",
    "/c/lno-graphite/pixel/LNO/SQ1/ndp/lithium-distribution",
    "/api/v1/openapi.json",
    "/api/v1/campaigns",
    "/api/v1/campaigns/lno-graphite/metaviews",
    "/api/v1/campaigns/lno-graphite/quantities",
    "/api/v1/techniques",
    "/api/v1/jobs",
];

fn asset() -> String {
    let script = assets::all().iter().find(|asset| asset.media_type.contains("javascript"));
    format!("/assets/{}", script.unwrap().name)
}

/// The tests see only a server whose data do not change, so that a tag holds.
#[test]
fn an_asker_who_has_it_is_told_so() {
    for path in SOME.iter().map(|path| (*path).to_owned()).chain([asset()]) {
        let first = get(&path);
        let tag = first.header("etag").to_owned();
        let opaque = tag.trim_start_matches("W/").to_owned();
        for given in [tag.clone(), opaque, format!("\"other\", {tag}"), "*".to_owned()] {
            let again = ask("GET", &path, &[("if-none-match", &given)]);
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} with {given}");
            for name in ["etag", "cache-control", "vary"] {
                assert_eq!(again.header(name), first.header(name), "{path}: {name}");
            }
        }
        let other = ask("GET", &path, &[("if-none-match", "\"other\"")]);
        assert_eq!((other.status, other.body), (200, first.body), "{path}");
    }
}

#[test]
fn a_page_comes_in_the_theme_that_the_asker_keeps() {
    let page = ("accept", "text/html");
    for path in ["/", "/techniques", "/c/lno-graphite/metaviews/LNO", "/nowhere"] {
        let plain = ask("GET", path, &[page]);
        assert!(plain.text().contains("<html lang"), "{path}");
        for (cookie, mark) in [
            ("theme=dark", r#"<html data-theme="dark" lang"#),
            ("session=1; theme=light", r#"<html data-theme="light" lang"#),
            ("theme=purple; mytheme=dark", "<html lang"),
        ] {
            // The second time it is kept.
            for _ in 0..2 {
                let themed = ask("GET", path, &[page, ("cookie", cookie)]);
                assert!(themed.text().contains(mark), "{path} with {cookie}");
                assert!(themed.header("vary").contains("cookie"), "{path}");
                assert_eq!(
                    themed.header("etag") == plain.header("etag"),
                    path == "/nowhere" || mark == "<html lang"
                );
            }
        }
        let tag = plain.header("etag");
        if !tag.is_empty() {
            let headers = [page, ("if-none-match", tag), ("cookie", "theme=dark")];
            assert_eq!(ask("GET", path, &headers).status, 200, "{path}: it has another theme");
        }
    }
    let document = "/api/v1/campaigns/lno-graphite/metaviews";
    assert_eq!(get(document).body, ask("GET", document, &[("cookie", "theme=dark")]).body);
}

fn unpacked(reply: &Reply) -> Vec<u8> {
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut reply.body.as_slice(), &mut plain).unwrap();
    plain
}

#[test]
fn text_is_compressed_for_those_who_take_it() {
    for path in [
        "/c/lno-graphite/metaviews/LNO",
        "/api/v1/campaigns/lno-graphite/metaviews",
        "/api/v1/openapi.json",
        "/c/lno-graphite/figure.svg",
        &asset(),
    ] {
        let plain = get(path);
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        let small = ask("GET", path, &[("accept-encoding", "gzip, deflate, br, zstd")]);
        assert_eq!(small.header("content-encoding"), "br", "{path}");
        assert!(small.body.len() * 2 < plain.body.len(), "{path}");
        assert_eq!(unpacked(&small), plain.body, "{path}");
        assert_eq!(small.header("etag"), plain.header("etag"), "{path}");
        assert!(small.header("vary").contains("accept-encoding"), "{path}");
        let refused = ask("GET", path, &[("accept-encoding", "gzip, br;q=0")]);
        assert_eq!(refused.header("content-encoding"), "", "{path}");
    }
}

#[test]
fn every_answer_carries_the_headers_that_keep_a_browser_safe() {
    let mut replies = vec![
        ask("HEAD", "/", &[]),
        ask("POST", "/", &[("content-length", "0")]),
        ask("GET", "/", &[("host", "example.org")]),
        ask("GET", "/nowhere", &[]),
        ask("GET", "/nowhere", &[("accept", "text/html")]),
        get("/api/v1/campaigns?limit=many"),
        get("/assets/none.js"),
        get(&asset()),
    ];
    let tag = get("/").header("etag").to_owned();
    replies.push(ask("GET", "/", &[("if-none-match", &tag)]));
    replies.extend(SOME.iter().map(|path| get(path)));
    for reply in replies {
        let policy = reply.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{}: {policy}", reply.status);
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("referrer-policy"), "same-origin");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin");
    }
}

/// What the policy forbids would not run: no page holds a script or a style of its own.
#[test]
fn pages_keep_to_their_own_policy() {
    for path in SOME.iter().filter(|path| !path.starts_with("/api/")) {
        let page = get(path).text();
        for (mark, what) in [
            ("<style", "a style sheet inside the page"),
            (" style=\"", "a style on an element"),
            (" onclick=", "a script on an element"),
            ("javascript:", "a script in an address"),
        ] {
            assert!(!page.contains(mark), "{path} holds {what}");
        }
        for script in page.split("<script").skip(1) {
            let open = script.split('>').next().unwrap();
            let data = open.contains("application/json");
            assert!(data || open.contains("src=\"/assets/"), "{path}: <script{open}>");
        }
    }
}

#[test]
fn assets_are_kept_for_ever_and_everything_else_is_asked_for_again() {
    assert!(assets::all().len() >= 3);
    for asset in assets::all() {
        let reply = get(&format!("/assets/{}", asset.name));
        assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(reply.header("content-type"), asset.media_type);
        assert_eq!(reply.body, asset.bytes);
    }
    for path in SOME {
        assert_eq!(get(path).header("cache-control"), "private, no-cache", "{path}");
    }
    let page = get("/").text();
    for address in page.split(['"', '\'']).filter(|part| part.starts_with("/assets/")) {
        assert_eq!(get(address).status, 200, "{address}, which the page names");
    }
}

#[test]
fn head_says_what_get_would_answer() {
    for path in SOME.iter().map(|path| (*path).to_owned()).chain([asset(), "/nowhere".to_owned()]) {
        let (get, head) = (get(&path), ask("HEAD", &path, &[]));
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path}: {name}");
        }
    }
}

#[test]
fn the_server_says_how_long_it_took() {
    let timing = get("/api/v1/campaigns/lno-graphite/metaviews");
    let took = timing.header("server-timing").strip_prefix("app;dur=").unwrap().to_owned();
    assert!(took.parse::<f64>().unwrap() < 30_000.0, "{took}");
}
