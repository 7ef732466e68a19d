//! The API's description against the routes, and against what the routes answer.

use std::collections::BTreeSet;

use galvanome_server::{Policy, declared};
use serde_json::Value;

use super::client::{EXAMPLES, get};
use super::schema::Checker;

fn description() -> Value {
    get("/api/v1/openapi.json").json()
}

/// Something of an example for each part of a path.
fn filled(path: &str, example: &str) -> Option<String> {
    let parts: &[(&str, &str)] = match example {
        "lno-graphite" => &[
            ("campaign", "lno-graphite"),
            ("component", "LNO"),
            ("question", "SQ1"),
            ("technique", "ndp"),
            ("observable", "lithium-distribution"),
            ("form", "svg"),
            ("figure", "figure.csv"),
            // It lists no dataset.
            ("dataset", ""),
            ("curve", ""),
            ("picture", ""),
            ("upload", ""),
        ],
        _ => &[
            ("campaign", "invented-solid-state"),
            ("component", "cathode"),
            ("question", "heat"),
            ("technique", "echem"),
            ("observable", "reaction-dynamics"),
            ("form", "csv"),
            ("figure", "figure.svg"),
            ("dataset", "cycler-cell-25-1"),
            ("curve", "time.json"),
            // Its datasets hold no images.
            ("picture", ""),
            // One is begun by whoever wants it.
            ("upload", ""),
        ],
    };
    let mut path = path.to_owned();
    for (name, value) in parts {
        let part = format!("{{{name}}}");
        if value.is_empty() && path.contains(&part) {
            return None;
        }
        path = path.replace(&part, value);
    }
    assert!(!path.contains('{'), "give a sample for the parts of {path}");
    Some(path)
}

/// The paths of the API, read when one is added or taken away: a path that goes away breaks somebody's script.
const PATHS: &[&str] = &[
    "/api/v1/campaigns",
    "/api/v1/campaigns/{campaign}",
    "/api/v1/campaigns/{campaign}/datasets",
    "/api/v1/campaigns/{campaign}/datasets/{dataset}",
    "/api/v1/campaigns/{campaign}/datasets/{dataset}/curves/{curve}",
    "/api/v1/campaigns/{campaign}/datasets/{dataset}/file",
    "/api/v1/campaigns/{campaign}/datasets/{dataset}/pictures/{picture}",
    "/api/v1/campaigns/{campaign}/datasets/{dataset}/rows",
    "/api/v1/campaigns/{campaign}/experiments",
    "/api/v1/campaigns/{campaign}/figures/{form}",
    "/api/v1/campaigns/{campaign}/metaviews",
    "/api/v1/campaigns/{campaign}/metaviews/{component}/{question}",
    "/api/v1/campaigns/{campaign}/pixels/{component}/{question}/{technique}/{observable}",
    "/api/v1/campaigns/{campaign}/quantities",
    "/api/v1/campaigns/{campaign}/samples",
    "/api/v1/campaigns/{campaign}/sublayers/{component}/{question}/{observable}",
    "/api/v1/campaigns/{campaign}/techniques",
    "/api/v1/campaigns/{campaign}/uploads",
    "/api/v1/campaigns/{campaign}/uploads/{upload}",
    "/api/v1/jobs",
    "/api/v1/techniques",
    "/api/v1/techniques/{technique}",
];

#[test]
fn the_description_has_every_route_of_the_api_and_no_other() {
    let description = description();
    let described: BTreeSet<String> =
        description["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(described, PATHS.iter().map(|path| (*path).to_owned()).collect());
    let declared = declared();
    let of_api: BTreeSet<String> =
        declared.iter().filter(|one| one.api).map(|one| one.path.clone()).collect();
    assert_eq!(described, of_api);
    let only_itself = declared.iter().filter(|one| !one.api && one.path.starts_with("/api/"));
    let only_itself: Vec<&str> = only_itself.map(|one| one.path.as_str()).collect();
    assert_eq!(only_itself, ["/api/v1/openapi.json"]);
}

#[test]
fn only_assets_and_the_description_are_open_to_anyone() {
    let open: Vec<String> = declared()
        .into_iter()
        .filter(|one| one.policy == Policy::Anyone)
        .map(|one| one.path)
        .collect();
    assert_eq!(open, ["/api/v1/openapi.json", "/assets/{name}"]);
}

#[test]
fn every_operation_is_told_from_the_others_and_says_what_it_is() {
    let description = description();
    assert_eq!(description["openapi"], "3.1.0");
    let declared = declared();
    let mut ids = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            // What changes something needs a policy for that; the tests of uploads hold what it keeps out.
            let writes =
                declared.iter().any(|one| one.path == *path && one.policy == Policy::Writer);
            assert!(method == "get" || writes, "{path} only reads");
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{path}: there are two operations `{id}`");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{path}");
            for (status, response) in operation["responses"].as_object().unwrap() {
                let says = response["description"].as_str();
                assert!(says.is_some_and(|text| !text.is_empty()), "{path} {status}");
                let problem = &response["content"]["application/problem+json"];
                assert_eq!(problem.is_object(), status.starts_with(['4', '5']), "{path} {status}");
            }
            let parameters = operation.get("parameters").and_then(Value::as_array);
            let in_path: Vec<&str> = parameters
                .into_iter()
                .flatten()
                .filter(|one| one["in"] == "path")
                .map(|one| one["name"].as_str().unwrap())
                .collect();
            let expected: Vec<&str> = path
                .split('/')
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                .collect();
            assert_eq!(in_path, expected, "{path}");
        }
    }
}

/// Every answer of every described route, for both examples, against the schema that describes it.
#[test]
fn what_is_answered_is_what_is_described() {
    let description = description();
    let checker = Checker { description: &description };
    for example in EXAMPLES {
        for (path, item) in description["paths"].as_object().unwrap() {
            let Some(filled) = filled(path, example).filter(|_| item["get"].is_object()) else {
                continue;
            };
            let reply = get(&filled);
            assert_eq!(reply.status, 200, "{path}: {}", reply.text());
            assert!(reply.header("etag").starts_with("W/\""), "{path} has no ETag");
            let described = item["get"]["responses"]["200"]["content"].as_object().unwrap();
            let kind = reply.header("content-type").split(';').next().unwrap();
            let content = described.get(kind).unwrap_or_else(|| panic!("{path}: {kind}"));
            if kind == "application/json" {
                let document = reply.json();
                assert_eq!(document["schema"], 1, "{path}");
                let wrong = checker.wrong(&content["schema"], &document);
                assert!(wrong.is_empty(), "{path}:\n{}", wrong.join("\n"));
            }
        }
    }
}

#[test]
fn problems_are_described_too() {
    let description = description();
    let checker = Checker { description: &description };
    let schema = &description["components"]["schemas"]["Problem"];
    for path in ["/api/v1/campaigns/none", "/api/v1/campaigns?limit=many", "/nowhere"] {
        let wrong = checker.wrong(schema, &get(path).json());
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
    }
}

/// Every page and every export of both examples opens.
#[test]
fn every_route_answers() {
    for example in EXAMPLES {
        for one in declared() {
            if one.path == "/assets/{name}" {
                continue;
            }
            let writes = one.policy == Policy::Writer;
            let Some(path) = filled(&one.path, example).filter(|_| !writes) else { continue };
            let reply = get(&path);
            assert_eq!(reply.status, 200, "{path}: {}", reply.text());
            assert!(!reply.header("etag").is_empty(), "{path} has no ETag");
            assert!(!reply.header("content-type").is_empty(), "{path}");
            assert!(!reply.body.is_empty(), "{path}");
        }
    }
}
