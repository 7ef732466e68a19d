//! From quantities to the two sides of a comparison, and on to computed answers.

use galvanome_inference::answers;
use galvanome_inference::rule::Rule;
use galvanome_model::campaign::{Campaign, Definition};
use galvanome_model::catalogue::Catalogue;
use galvanome_model::metaview::Frame;
use galvanome_model::quantity::Quantity;
use galvanome_model::verdict::ComputedAnswer;
use serde_json::{Value, json};

/// One technique with one descriptor on a plain difference scale, margin 1, spread 0.1; two test groups.
fn campaign(change: impl FnOnce(&mut Value)) -> Campaign {
    let mut definition = json!({
        "format": 1, "id": "test", "title": "Test",
        "component": [{"id": "C", "name": "C"}],
        "group": [{"id": "new", "name": "New"}, {"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
        "question": [{"id": "Q", "name": "Q", "text": "?", "kind": "difference",
                      "reference": ["new"], "test": ["a", "b"]}],
        "observable": [{"id": "o", "name": "O"}],
        "technique": [{"id": "t", "name": "T", "facts": {"observables": ["o"]}}],
        "descriptor": [{"id": "t.x", "name": "x", "unit": "V", "scale": "difference", "source": "test",
                        "speaks_for": [{"observable": "o", "primary": true}]}],
        "margin": [{"descriptor": "t.x", "observable": "o", "delta": 1.0, "s0": 0.1,
                    "confirmed_by": "lead"}],
    });
    change(&mut definition);
    let definition: Definition = serde_json::from_value(definition).unwrap();
    Campaign::new(definition)
}

/// `groups value` or `groups value n uncertainty`, a sample after `@`.
fn quantity(text: &str) -> Quantity {
    let (numbers, sample) = text.split_once('@').map_or((text, None), |(a, b)| (a, Some(b)));
    let words: Vec<&str> = numbers.split_whitespace().collect();
    let groups: Vec<&str> = words[0].split('+').collect();
    let number = |at: usize| words.get(at).map(|word| word.parse::<f64>().unwrap());
    serde_json::from_value(json!({
        "descriptor": "t.x", "component": "C", "groups": groups, "sample": sample,
        "experiment": null, "dataset": null, "qualifier": "=", "value": number(1),
        "n": number(2).map(|n| n as u32), "uncertainty": number(3), "unit": "V",
        "method": "", "source": "", "extra": {},
    }))
    .unwrap()
}

fn computed(campaign: &Campaign, quantities: &[&str]) -> Vec<ComputedAnswer> {
    let catalogue = campaign.definition.catalogue(&Catalogue::default()).unwrap();
    let quantities: Vec<Quantity> = quantities.iter().map(|text| quantity(text)).collect();
    answers::of_campaign(&Frame::new(campaign, catalogue), &quantities, Rule::default())
}

/// `expected` lists each comparison as `test:n-n:answer`, after the pixel's own answer.
fn check(campaign: &Campaign, quantities: &[&str], expected: &str) {
    let answers = computed(campaign, quantities);
    let told: Vec<String> = answers
        .iter()
        .map(|answer| {
            let verdicts = answer.verdicts.iter().map(|one| {
                let test: Vec<&str> =
                    one.test.iter().map(galvanome_model::ids::GroupId::as_str).collect();
                format!(
                    "{}:{}-{}:{}",
                    test.join("+"),
                    one.reference_n,
                    one.test_n,
                    one.answer.word()
                )
            });
            format!("{} {}", answer.answer.word(), verdicts.collect::<Vec<_>>().join(" "))
        })
        .collect();
    assert_eq!(told.join("; "), expected, "{quantities:?}");
}

#[test]
fn each_pair_of_groups_with_numbers_on_both_sides_is_compared() {
    let plain = campaign(|_| {});
    check(&plain, &["new 5", "a 9"], "yes a:1-1:yes");
    check(&plain, &["new 5", "a 9", "b 5"], "yes a:1-1:yes b:1-1:no");
    check(&plain, &["new 5", "a 5", "b 5"], "no a:1-1:no b:1-1:no");
    check(&plain, &["new 5"], "");
    check(&plain, &["a 5", "b 9"], "");
    // A value given for both test groups together stands for that side.
    check(&plain, &["new 5", "a+b 9"], "yes a+b:1-1:yes");
    // Groups are pooled only when the question says so.
    let pooled = campaign(|one| one["question"][0]["pool"] = json!(true));
    check(&pooled, &["new 5", "a 9", "b 9"], "yes a+b:1-2:yes");
}

#[test]
fn the_specimen_is_the_unit_of_replication() {
    let plain = campaign(|_| {});
    // Three spots of one electrode are one specimen; a mean over three electrodes is three.
    check(&plain, &["new 5 @R", "a 9 @S", "a 9.1 @S", "a 8.9 @S"], "yes a:1-1:yes");
    check(&plain, &["new 5 3 0.05", "a 9 3 0.05"], "yes a:3-3:yes");
}

#[test]
fn a_mean_with_its_standard_error_stands_for_specimens_of_that_spread() {
    let bare = campaign(|one| one["margin"][0]["s0"] = Value::Null);
    let answers = computed(&bare, &["new 5 4 0.25", "a 5.2 4 0.25"]);
    let verdict = &answers[0].verdicts[0];
    // Two groups of four with standard deviation 0.5: u = 0.5 √(1/4 + 1/4), six degrees of freedom.
    assert!((verdict.u.unwrap() - 0.5 * 0.5f64.sqrt()).abs() < 1e-12);
    assert_eq!(verdict.nu, Some(6.0));
    assert!((verdict.d - 0.2).abs() < 1e-12);
}

#[test]
fn what_answers_no_question_is_left_out() {
    let rows: &[fn(&mut Value)] = &[
        |one| one["descriptor"][0]["selects_specimens"] = json!(true),
        |one| one["descriptor"][0]["speaks_for"][0]["primary"] = json!(false),
        |one| one["margin"] = json!([]),
        |one| one["technique"][0]["not_applicable"] = json!(["o"]),
        |one| one["question"][0]["kind"] = json!("value"),
    ];
    for change in rows {
        check(&campaign(*change), &["new 5", "a 9"], "");
    }
}

#[test]
fn an_answer_is_provisional_until_its_margin_is_confirmed_and_knows_what_it_rests_on() {
    let confirmed = &computed(&campaign(|_| {}), &["new 5", "a 9"])[0];
    assert!(!confirmed.provisional);
    let open = campaign(|one| one["margin"][0]["confirmed_by"] = Value::Null);
    assert!(computed(&open, &["new 5", "a 9"])[0].provisional);
    let again = &computed(&campaign(|_| {}), &["new 5", "a 9"])[0];
    assert_eq!(again.basis, confirmed.basis);
    let other = &computed(&campaign(|_| {}), &["new 5", "a 9.0001"])[0];
    assert_ne!(other.basis, confirmed.basis);
}
