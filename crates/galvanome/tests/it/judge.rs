//! `judge`: one JSON object a line.

use galvanome::judge;
use serde_json::Value;

fn answer(line: &str) -> Value {
    let judged = judge::line(line.as_bytes(), 7);
    serde_json::from_str(&judge::document(&judged, 7)).unwrap()
}

/// The paper's own numbers at one specimen a side with a spread assumed, and plain cases.
fn check(line: &str, expected_answer: &str, expected_reason: Option<&str>) {
    let answer = answer(line);
    assert_eq!(answer["schema"], 1);
    assert_eq!(answer["answer"], expected_answer, "{line}: {answer}");
    assert_eq!(answer["reason"].as_str(), expected_reason, "{line}: {answer}");
}

#[test]
fn lines_are_answered() {
    let ndp = |s0: &str| {
        format!(
            r#"{{"descriptors":[{{"name":"li","scale":"ratio","reference":[0.72],"test":[0.46],"delta":0.1{s0}}}]}}"#
        )
    };
    check(&ndp(r#","s0":0.05"#), "yes", None);
    check(&ndp(r#","s0":0.15"#), "unsure", Some("too_wide"));
    check(&ndp(""), "unsure", Some("no_spread"));
    check(&ndp(r#","s0":0.05,"gates":["void"]"#), "unsure", Some("gate_void"));
    check(&ndp(r#","s0":0.05,"gates":["yes_cannot"]"#), "unsure", Some("gate_yes_cannot"));
    let alike = r#"{"descriptors":[{"name":"grey","scale":"difference","reference":[123,123.2,122.8],"test":[123.1,122.9,123],"delta":3}]}"#;
    check(alike, "no", None);
}

#[test]
fn the_spread_at_which_the_answer_flips_is_told_as_it_is_declared() {
    let line = r#"{"descriptors":[{"name":"li","scale":"ratio","reference":[0.72],"test":[0.46],"delta":0.1,"s0":0.05}]}"#;
    let told = answer(line)["descriptors"][0]["break_even_s0"].as_f64().unwrap();
    for (factor, expected) in [(0.999, "yes"), (1.001, "unsure")] {
        let again = line.replace("\"s0\":0.05", &format!("\"s0\":{}", told * factor));
        assert_eq!(answer(&again)["answer"], expected);
    }
}

/// What a wrong line is told; it names the line.
fn check_wrong(line: &str, expected: &str) {
    let answer = answer(line);
    assert_eq!(answer["error"]["line"], 7, "{line}: {answer}");
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains(expected), "{line}: {message}");
}

#[test]
fn a_wrong_line_is_told_what_is_wrong() {
    check_wrong("{", "EOF");
    check_wrong("[]", "invalid");
    check_wrong(r#"{"descriptors":[],"colour":1}"#, "colour");
    check_wrong(
        r#"{"descriptors":[{"name":"x","scale":"ratio","reference":[0],"test":[1],"delta":0.1,"s0":0.1}]}"#,
        "difference",
    );
    check_wrong(
        r#"{"descriptors":[{"name":"x","scale":"ratio","reference":[1],"test":[1],"delta":0}]}"#,
        "delta",
    );
}
