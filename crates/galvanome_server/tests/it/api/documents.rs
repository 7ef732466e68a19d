//! What the documents hold, and lists by cursor.

use serde_json::Value;

use super::client::{EXAMPLES, get};

const VIEWS: &str = "/api/v1/campaigns/lno-graphite/metaviews";

/// Every item of a list, walked page by page.
fn walked(path: &str, limit: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let mut target = format!("{path}{}limit={limit}", if path.contains('?') { '&' } else { '?' });
    let first = target.clone();
    loop {
        let page = get(&target).json();
        let items = page["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() <= limit, "{target} holds {} items", items.len());
        all.extend(items.iter().cloned());
        assert!(all.len() < 10_000, "{path} never ends");
        match page["next"].as_str() {
            Some(next) => target = format!("{first}&after={next}"),
            None => return all,
        }
    }
}

#[test]
fn walking_by_cursor_gives_the_whole_list_in_order_for_any_size_of_page() {
    for path in [
        "/api/v1/campaigns",
        "/api/v1/campaigns/lno-graphite/quantities",
        "/api/v1/campaigns/lno-graphite/quantities?technique=nmr",
        "/api/v1/campaigns/lno-graphite/experiments",
        "/api/v1/campaigns/lno-graphite/samples",
        "/api/v1/campaigns/invented-solid-state/datasets",
        "/api/v1/jobs",
        "/api/v1/campaigns/invented-solid-state/quantities?component=cathode&technique=echem",
    ] {
        let whole = get(path).json();
        assert_eq!(whole["next"], Value::Null, "{path}: one page holds the examples");
        let whole = whole["items"].as_array().unwrap();
        assert!(whole.len() >= 2, "{path} holds {}", whole.len());
        for limit in [1, 2, 3, whole.len() - 1, whole.len(), whole.len() + 1] {
            if limit * 40 >= whole.len() {
                assert_eq!(walked(path, limit), *whole, "{path} by {limit}");
            }
        }
    }
}

#[test]
fn the_list_of_campaigns_names_both_examples() {
    let list = get("/api/v1/campaigns").json();
    let ids: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, EXAMPLES);
    assert_eq!(list["items"][0]["invented"], true);
    assert_eq!(list["items"][1]["invented"], false);
}

#[test]
fn one_metaview_is_the_same_alone_and_among_all() {
    let all = get(VIEWS).json();
    let views = all["views"].as_array().unwrap();
    assert_eq!(views.len(), 4);
    for view in views {
        let (component, question) =
            (view["component"].as_str().unwrap(), view["question"].as_str().unwrap());
        let one = get(&format!("{VIEWS}/{component}/{question}")).json();
        assert_eq!(one["views"], Value::Array(vec![view.clone()]));
        let same = get(&format!("{VIEWS}?component={component}&question={question}")).json();
        assert_eq!(one, same);
    }
    let rows: Vec<&str> = all["techniques"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(rows.len(), 15);
    let cells = views[0]["cells"].as_object().unwrap();
    assert!(cells.keys().eq(rows.iter()), "the rows of a view are in the campaign's order");
}

/// What is asked for twice is the same the second time, when it comes from memory.
#[test]
fn a_kept_answer_is_the_first_one() {
    let path = "/api/v1/campaigns/lno-graphite/pixels/LNO/SQ1/ndp/lithium-distribution";
    let (first, second) = (get(path), get(path));
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("etag"), second.header("etag"));
    assert_eq!(first.json()["history"].as_array().unwrap().len(), 2);
}

#[test]
fn a_column_is_made_of_its_pixels() {
    let column = "/api/v1/campaigns/lno-graphite/sublayers/LNO/SQ1/lithium-distribution";
    let column = get(column).json();
    let pixels = column["pixels"].as_array().unwrap();
    assert_eq!(pixels.len(), 15);
    for pixel in pixels.iter().take(3) {
        let technique = pixel["technique"].as_str().unwrap();
        let path = format!(
            "/api/v1/campaigns/lno-graphite/pixels/LNO/SQ1/{technique}/lithium-distribution"
        );
        assert_eq!(get(&path).json(), *pixel);
    }
}

#[test]
fn figures_come_in_every_form() {
    for (form, kind, begins) in [
        ("svg", "image/svg+xml", "<svg"),
        ("png", "image/png", "\u{fffd}PNG"),
        ("pdf", "application/pdf", "%PDF-"),
        ("csv", "text/csv; charset=utf-8", "row,component,"),
        ("html", "text/html; charset=utf-8", "<!doctype html>"),
    ] {
        let figure = get(&format!("/api/v1/campaigns/lno-graphite/figures/{form}?component=LNO"));
        assert_eq!((figure.status, figure.header("content-type")), (200, kind));
        let save = format!("attachment; filename=\"lno-graphite-LNO.{form}\"");
        assert_eq!(figure.header("content-disposition"), save);
        let start = String::from_utf8_lossy(&figure.body[..figure.body.len().min(60)]).into_owned();
        assert!(start.to_lowercase().starts_with(&begins.to_lowercase()), "{form}: {start}");
        let page = get(&format!("/c/lno-graphite/figure.{form}?component=LNO"));
        assert_eq!(page.header("etag"), figure.header("etag"), "{form}: the page's is the same");
    }
}
