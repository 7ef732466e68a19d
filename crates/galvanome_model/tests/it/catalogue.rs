//! What a campaign may say of the catalogue, what comes of it, and what is refused.

use galvanome_model::catalogue::{
    Catalogue, DescriptorOverride, Facts, Margin, ObservableOverride, Problem, TechniqueOverride,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

const SHIPPED: &str = r#"
    observables = [
        { id = "crystal", name = "Crystal structure", short_name = "Crystal", source = "paper, section 3.3" },
        { id = "lithium", name = "Lithium distribution", short_name = "Li", source = "paper, section 3.3" },
    ]

    [[techniques]]
    id = "xrd"
    name = "X-ray diffraction"
    short_name = "XRD"
    row = 6
    facts = { facility = "lab", depth_min_m = 1e-6, depth_typical_m = 3e-5, depth_max_m = 1e-4, observables = ["crystal"] }
    sources = { facility = "paper, section 3.2", depth_min_m = "unverified default", depth_typical_m = "unverified default", depth_max_m = "unverified default", observables = "paper, section 4.1" }

    [[techniques.descriptors]]
    id = "xrd.c"
    name = "Lattice parameter c"
    unit = "angstrom"
    scale = "ratio"
    source = "paper, section 4.1"
    speaks_for = [
        { observable = "lithium", delta = 0.001, delta_source = "proposal" },
        { observable = "crystal", primary = true, delta = 0.0005, delta_source = "proposal" },
    ]

    [[techniques.descriptors]]
    id = "xrd.strain"
    name = "Strain"
    unit = "1"
    scale = "ratio"
    source = "unverified default"
    speaks_for = [{ observable = "crystal" }]

    [[techniques]]
    id = "ndp"
    name = "Neutron depth profiling"
    short_name = "NDP"
    row = 15
"#;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Campaign {
    observable: Vec<ObservableOverride>,
    technique: Vec<TechniqueOverride>,
    descriptor: Vec<DescriptorOverride>,
    margin: Vec<Margin>,
}

fn shipped() -> Catalogue {
    toml::from_str(SHIPPED).expect("the catalogue of this test")
}

fn in_campaign(text: &str) -> Result<Catalogue, Vec<Problem>> {
    let campaign: Campaign = toml::from_str(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    shipped().for_campaign(
        &campaign.observable,
        &campaign.technique,
        &campaign.descriptor,
        &campaign.margin,
    )
}

/// The catalogue as a value, so that a row can name the place at which it looks.
fn look(text: &str, pointer: &str) -> serde_json::Value {
    let catalogue = in_campaign(text).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    let value = serde_json::to_value(catalogue).expect("a catalogue as a value");
    value.pointer(pointer).cloned().unwrap_or(serde_json::Value::Null)
}

#[test]
fn what_comes_of_what_a_campaign_says() {
    let xrd = "[[technique]]\nid = \"xrd\"\n";
    let rows: &[(&str, &str, serde_json::Value)] = &[
        // Columns: all of the catalogue's, or those listed, in the campaign's order.
        ("", "/observables/1/id", "lithium".into()),
        (
            "[[observable]]\nid = \"lithium\"\n[[observable]]\nid = \"crystal\"",
            "/observables/0/id",
            "lithium".into(),
        ),
        ("[[observable]]\nid = \"lithium\"", "/observables/1", serde_json::Value::Null),
        ("[[observable]]\nid = \"lithium\"", "/observables/0/short_name", "Li".into()),
        ("[[observable]]\nid = \"lithium\"", "/observables/0/source", "paper, section 3.3".into()),
        (
            "[[observable]]\nid = \"lithium\"\nname = \"Sodium\"",
            "/observables/0/short_name",
            "Sodium".into(),
        ),
        (
            "[[observable]]\nid = \"lithium\"\nname = \"Sodium\"",
            "/observables/0/source",
            "declared by the campaign".into(),
        ),
        (
            "[[observable]]\nid = \"wetting\"\nname = \"Wetting\"\nsource = \"us\"",
            "/observables/0/source",
            "us".into(),
        ),
        // Rows: only those listed, in the campaign's order.
        ("", "/techniques/0", serde_json::Value::Null),
        ("[[technique]]\nid = \"ndp\"\n[[technique]]\nid = \"xrd\"", "/techniques/1/row", 6.into()),
        (
            "[[technique]]\nid = \"afm\"\nname = \"Atomic force microscopy\"",
            "/techniques/0/short_name",
            "Atomic force microscopy".into(),
        ),
        (
            "[[technique]]\nid = \"afm\"\nname = \"Atomic force microscopy\"",
            "/techniques/0/facts/facility",
            serde_json::Value::Null,
        ),
        // Facts that are given replace, the others stay; their sources follow.
        (
            "[[technique]]\nid = \"xrd\"\nfacts = { depth_typical_m = 2e-5 }",
            "/techniques/0/facts/depth_typical_m",
            2e-5.into(),
        ),
        (
            "[[technique]]\nid = \"xrd\"\nfacts = { depth_typical_m = 2e-5 }",
            "/techniques/0/facts/depth_max_m",
            1e-4.into(),
        ),
        (
            "[[technique]]\nid = \"xrd\"\nfacts = { depth_typical_m = 2e-5 }",
            "/techniques/0/sources/depth_typical_m",
            "declared by the campaign".into(),
        ),
        (
            "[[technique]]\nid = \"xrd\"\nfacts = { depth_typical_m = 2e-5 }",
            "/techniques/0/sources/depth_max_m",
            "unverified default".into(),
        ),
        (
            "[[technique]]\nid = \"xrd\"\nsource = \"our log\"\nfacts = { facility = \"synchrotron\" }",
            "/techniques/0/sources/facility",
            "our log".into(),
        ),
        (
            "[[technique]]\nid = \"xrd\"\nextra = { detector = \"strip\" }",
            "/techniques/0/extra/detector",
            "strip".into(),
        ),
        // Descriptors: what is given replaces, a new id is added.
        (
            &format!("{xrd}[[descriptor]]\nid = \"xrd.c\"\nnote = \"hot\""),
            "/techniques/0/descriptors/0/note",
            "hot".into(),
        ),
        (
            &format!("{xrd}[[descriptor]]\nid = \"xrd.c\"\nnote = \"hot\""),
            "/techniques/0/descriptors/0/unit",
            "angstrom".into(),
        ),
        (
            &format!("{xrd}[[descriptor]]\nid = \"xrd.c\"\nselects_specimens = true"),
            "/techniques/0/descriptors/0/selects_specimens",
            true.into(),
        ),
        (
            &format!("{xrd}[[descriptor]]\nid = \"xrd.c\"\nspeaks_for = []"),
            "/techniques/0/descriptors/0/speaks_for",
            serde_json::Value::Null,
        ),
        (
            &format!(
                "{xrd}[[descriptor]]\nid = \"xrd.q\"\nname = \"Q\"\nunit = \"1\"\nscale = \"difference\""
            ),
            "/techniques/0/descriptors/2/scale",
            "difference".into(),
        ),
        // The longest technique with which the id begins yields it.
        (
            "[[technique]]\nid = \"xrd\"\n[[technique]]\nid = \"xrd.hot\"\nname = \"Hot\"\n[[descriptor]]\nid = \"xrd.hot.a\"\nname = \"A\"\nunit = \"1\"\nscale = \"ratio\"",
            "/techniques/1/descriptors/0/id",
            "xrd.hot.a".into(),
        ),
    ];
    for (text, pointer, expected) in rows {
        assert_eq!(look(text, pointer), *expected, "{pointer} of\n{text}");
    }
}

#[test]
fn the_campaigns_margin_goes_over_the_catalogues() {
    let check = |margin: &str, observable: &str, expected: Option<serde_json::Value>| {
        let text = format!("[[technique]]\nid = \"xrd\"\n{margin}");
        let catalogue = in_campaign(&text).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let descriptor = "xrd.c".parse().expect("an id");
        let found = catalogue.margin_for(&descriptor, &observable.parse().expect("an id"));
        let found = found.map(|margin| serde_json::to_value(margin).expect("a margin as a value"));
        for (field, value) in expected.iter().filter_map(serde_json::Value::as_object).flatten() {
            assert_eq!(
                found.as_ref().and_then(|found| found.get(field)),
                Some(value),
                "{field} of\n{text}"
            );
        }
        assert_eq!(found.is_some(), expected.is_some(), "{text}");
    };
    let set = "[[margin]]\ndescriptor = \"xrd.c\"\nobservable = \"crystal\"\n";
    let json = |text| serde_json::from_str(text).ok();
    check(
        "",
        "crystal",
        json(
            r#"{"scale":"ratio","primary":true,"delta":0.0005,"delta_source":"proposal","s0":null}"#,
        ),
    );
    check("", "lithium", json(r#"{"primary":false,"delta":0.001}"#));
    check("", "morphology", None);
    check(
        set,
        "crystal",
        json(r#"{"delta":0.0005,"delta_source":"proposal","confirmed_by":null}"#),
    );
    check(
        &format!(
            "{set}delta = 0.002\ns0 = 0.001\ns0_test = 0.003\nu_sys = 0\nnu_sys = 4\nconfirmed_by = \"Ada\"\nset_on = \"2026-03-01\""
        ),
        "crystal",
        json(
            r#"{"delta":0.002,"delta_source":"declared by the campaign","s0":0.001,"s0_source":"declared by the campaign","s0_test":0.003,"u_sys":0.0,"nu_sys":4.0,"confirmed_by":"Ada","set_on":"2026-03-01"}"#,
        ),
    );
    check(
        &format!("{set}s0 = 0.001\nsource = \"round robin\""),
        "crystal",
        json(r#"{"delta_source":"proposal","s0_source":"round robin"}"#),
    );
    // A margin for one observable leaves the other alone.
    check(
        &format!("{set}delta = 0.002"),
        "lithium",
        json(r#"{"delta":0.001,"delta_source":"proposal"}"#),
    );
}

/// Id, index in its list, field, and words of the message.
type Refused = (&'static str, Option<usize>, &'static str, &'static str);

#[test]
fn what_is_refused_and_where() {
    let xrd = "[[technique]]\nid = \"xrd\"\n";
    let margin = "[[margin]]\ndescriptor = \"xrd.c\"\nobservable = \"crystal\"\n";
    let rows: &[(String, &[Refused])] = &[
        ("[[observable]]\nid = \"wetting\"".into(), &[("wetting", Some(0), "name", "check its spelling")]),
        ("[[observable]]\nid = \"crystal\"\n[[observable]]\nid = \"crystal\"".into(), &[("crystal", Some(1), "id", "twice")]),
        (format!("{xrd}[[technique]]\nid = \"xdr\""), &[("xdr", Some(1), "name", "check its spelling")]),
        (format!("{xrd}{xrd}"), &[("xrd", Some(1), "id", "twice")]),
        (format!("{xrd}not_applicable = [\"taste\"]"), &[("xrd", Some(0), "not_applicable", "`taste`")]),
        (
            format!("[[observable]]\nid = \"crystal\"\n{xrd}not_applicable = [\"lithium\"]"),
            &[("xrd", Some(0), "not_applicable", "no observable `lithium`")],
        ),
        (format!("{xrd}facts = {{ observables = [\"taste\"] }}"), &[("xrd", Some(0), "observables", "`taste`")]),
        (format!("{xrd}facts = {{ depth_min_m = 1e-3 }}"), &[
            ("xrd", Some(0), "depth_min_m", "above `depth_typical_m`"),
            ("xrd", Some(0), "depth_min_m", "above `depth_max_m`"),
        ]),
        (format!("{xrd}facts = {{ depth_min_m = -1 }}"), &[("xrd", Some(0), "depth_min_m", "zero or above")]),
        (format!("{xrd}facts = {{ time_max_h = nan }}"), &[("xrd", Some(0), "time_max_h", "zero or above")]),
        (format!("{xrd}facts = {{ time_min_h = 2, time_max_h = 1 }}"), &[("xrd", Some(0), "time_min_h", "above `time_max_h`")]),
        (format!("{xrd}facts = {{ field_of_view_m = 0 }}"), &[("xrd", Some(0), "field_of_view_m", "above zero")]),
        (
            format!("{xrd}facts = {{ lateral_resolution_m = 2e-3, field_of_view_m = 1e-3 }}"),
            &[("xrd", Some(0), "lateral_resolution_m", "above `field_of_view_m`")],
        ),
        (format!("{xrd}facts = {{ relative_cost = 6 }}"), &[("xrd", Some(0), "relative_cost", "1 (cheap) to 5")]),
        (format!("{xrd}[[descriptor]]\nid = \"xrd.c\"\nunit = \"nm\""), &[("xrd.c", Some(0), "unit", "`angstrom` in the catalogue")]),
        (format!("{xrd}[[descriptor]]\nid = \"xrd.c\"\nscale = \"difference\""), &[("xrd.c", Some(0), "scale", "`ratio` in the catalogue")]),
        (format!("{xrd}[[descriptor]]\nid = \"xrd.new\""), &[
            ("xrd.new", Some(0), "name", "check its spelling"),
            ("xrd.new", Some(0), "unit", "is missing"),
            ("xrd.new", Some(0), "scale", "is missing"),
        ]),
        (format!("{xrd}[[descriptor]]\nid = \"ndp.x\""), &[("ndp.x", Some(0), "technique", "no technique of this campaign")]),
        (
            format!("{xrd}[[technique]]\nid = \"ndp\"\n[[descriptor]]\nid = \"xrd.c\"\ntechnique = \"ndp\""),
            &[("xrd.c", Some(0), "technique", "no technique of this campaign")],
        ),
        (
            format!("{xrd}[[descriptor]]\nid = \"xrd.c\"\n[[descriptor]]\nid = \"xrd.c\""),
            &[("xrd.c", Some(1), "id", "twice")],
        ),
        (
            format!("{xrd}[[descriptor]]\nid = \"xrd.c\"\nspeaks_for = [{{ observable = \"taste\", delta = 0 }}]"),
            &[("xrd.c", Some(0), "speaks_for", "`taste`"), ("xrd.c", Some(0), "delta", "above zero")],
        ),
        (
            format!("{xrd}[[descriptor]]\nid = \"xrd.c\"\ntypical_uncertainty = {{ value = 2, up_to = 1, kind = \"absolute\", source = \"us\" }}"),
            &[("xrd.c", Some(0), "typical_uncertainty", "not below")],
        ),
        (
            format!("{xrd}{}", ["p", "q", "r"].map(|name| format!("[[descriptor]]\nid = \"xrd.{name}\"\nname = \"N\"\nunit = \"1\"\nscale = \"ratio\"\nspeaks_for = [{{ observable = \"crystal\", primary = true }}]\n")).concat()),
            &[("xrd.r", Some(2), "speaks_for", "fourth primary descriptor")],
        ),
        (
            format!("{xrd}[[margin]]\ndescriptor = \"xrd.d\"\nobservable = \"crystal\""),
            &[("xrd.d", Some(0), "descriptor", "not a descriptor of a technique of this campaign")],
        ),
        (
            format!("{xrd}[[margin]]\ndescriptor = \"xrd.strain\"\nobservable = \"lithium\""),
            &[("xrd.strain", Some(0), "observable", "not among what xrd.strain speaks for")],
        ),
        (format!("{xrd}{margin}{margin}"), &[("xrd.c", Some(1), "descriptor", "already has a margin")]),
        (format!("{xrd}{margin}delta = 0"), &[("xrd.c", Some(0), "delta", "above zero")]),
        (format!("{xrd}{margin}s0 = -0.1"), &[("xrd.c", Some(0), "s0", "above zero")]),
        (format!("{xrd}{margin}u_sys = inf"), &[("xrd.c", Some(0), "u_sys", "zero or above")]),
        (format!("{xrd}{margin}s0_test = 0.1"), &[("xrd.c", Some(0), "s0_test", "needs `s0`")]),
        // All at once.
        (
            format!("[[observable]]\nid = \"wetting\"\n[[technique]]\nid = \"xdr\"\n{margin}"),
            &[
                ("wetting", Some(0), "name", "check its spelling"),
                ("xdr", Some(0), "name", "check its spelling"),
                ("xrd.c", Some(0), "descriptor", "not a descriptor"),
            ],
        ),
    ];
    for (text, expected) in rows {
        let problems = in_campaign(text).expect_err(text);
        let found: Vec<_> =
            problems.iter().map(|one| (one.id.as_str(), one.index, one.field)).collect();
        let places: Vec<_> =
            expected.iter().map(|(id, index, field, _)| (*id, *index, *field)).collect();
        assert_eq!(found, places, "{text}\n{problems:#?}");
        for (problem, (.., words)) in problems.iter().zip(*expected) {
            assert!(problem.to_string().contains(words), "{problem} should say {words:?}");
        }
    }
}

#[test]
fn a_word_that_does_not_belong_is_refused_by_its_name() {
    for (text, word) in [
        ("[[technique]]\nid = \"xrd\"\ndepth_typical_m = 1", "depth_typical_m"),
        ("[[technique]]\nid = \"xrd\"\nfacts = { depth = 1 }", "depth"),
        ("[[margin]]\ndescriptor = \"a.b\"\nobservable = \"c\"\ndetla = 1", "detla"),
        ("[[descriptor]]\nid = \"a.b\"\nscale = \"log\"", "log"),
        ("[[observable]]\nid = \"a b\"", "a b"),
    ] {
        let error = toml::from_str::<Campaign>(text).expect_err(text).to_string();
        assert!(error.contains(word), "{error}");
    }
}

fn words() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[ -~µÅ\\n]{0,12}")
}

fn number() -> impl Strategy<Value = Option<f64>> {
    proptest::option::of(prop_oneof![any::<i32>().prop_map(f64::from), -1e300..1e300, 0.0..1e-3])
}

fn facts() -> impl Strategy<Value = Facts> {
    let lists = proptest::option::of(proptest::collection::vec("[a-z]{0,5}", 0..3));
    (words(), number(), number(), lists, proptest::option::of(any::<u8>())).prop_map(
        |(probe, depth_min_m, time_max_h, artefacts, relative_cost)| Facts {
            observables: artefacts.as_ref().map(|_| vec!["crystal".parse().expect("an id")]),
            probe,
            depth_min_m,
            time_max_h,
            artefacts,
            relative_cost,
            ..Facts::default()
        },
    )
}

fn technique() -> impl Strategy<Value = TechniqueOverride> {
    let extra = proptest::collection::btree_map("[ -~]{0,6}", "[ -~]{0,6}", 0..3);
    (words(), words(), proptest::collection::vec("[a-z]{1,5}", 0..3), words(), facts(), extra)
        .prop_map(|(name, source, ids, note, facts, extra)| TechniqueOverride {
            id: "xrd".parse().expect("an id"),
            short_name: name.clone(),
            name,
            partners: ids.iter().map(|id| id.parse().expect("an id")).collect(),
            not_applicable: ids.iter().map(|id| id.parse().expect("an id")).collect(),
            not_applicable_reason: note.clone(),
            source,
            note,
            facts,
            extra,
        })
}

fn descriptor() -> impl Strategy<Value = DescriptorOverride> {
    let speaks = prop_oneof![
        Just(""),
        Just("speaks_for = []"),
        Just(
            "speaks_for = [{ observable = \"crystal\", primary = true, delta = 0.1, s0 = 3 }, { observable = \"lithium\" }]"
        ),
    ];
    let more = prop_oneof![
        Just(""),
        Just("scale = \"ratio\"\ntechnique = \"xrd\""),
        Just(
            "selects_specimens = false\nquantity_iri = \"https://w3id.org/emmo#X\"\nquantity_relation = \"broader\""
        ),
        Just(
            "typical_uncertainty = { value = 0.1, up_to = 0.3, kind = \"relative\", source = \"us\" }"
        ),
    ];
    (speaks, more, words(), words()).prop_map(|(speaks, more, name, unit)| {
        let read: DescriptorOverride =
            toml::from_str(&format!("id = \"xrd.c\"\n{speaks}\n{more}")).expect("a descriptor");
        DescriptorOverride { name, unit, ..read }
    })
}

fn margin() -> impl Strategy<Value = Margin> {
    (number(), number(), number(), number(), words()).prop_map(
        |(delta, s0, u_sys, nu_sys, confirmed_by)| Margin {
            descriptor: "xrd.c".parse().expect("an id"),
            observable: "crystal".parse().expect("an id"),
            s0_test: s0,
            set_on: confirmed_by.clone(),
            source: confirmed_by.clone(),
            delta,
            s0,
            u_sys,
            nu_sys,
            confirmed_by,
        },
    )
}

fn observable() -> impl Strategy<Value = ObservableOverride> {
    (words(), words(), words(), words()).prop_map(|(name, short_name, description, source)| {
        ObservableOverride {
            id: "crystal".parse().expect("an id"),
            name,
            short_name,
            description,
            source,
        }
    })
}

proptest! {
    #[test]
    fn what_a_campaign_says_survives_toml_and_json(
        observable in proptest::collection::vec(observable(), 0..3),
        technique in proptest::collection::vec(technique(), 0..3),
        descriptor in proptest::collection::vec(descriptor(), 0..3),
        margin in proptest::collection::vec(margin(), 0..3),
    ) {
        let said = Campaign { observable, technique, descriptor, margin };
        let text = toml::to_string(&said).expect("TOML");
        prop_assert_eq!(&toml::from_str::<Campaign>(&text).expect(&text), &said);
        let text = serde_json::to_string(&said).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<Campaign>(&text).expect(&text), &said);
    }

    #[test]
    fn no_campaign_makes_the_catalogue_panic(
        observable in proptest::collection::vec(observable(), 0..3),
        technique in proptest::collection::vec(technique(), 0..3),
        descriptor in proptest::collection::vec(descriptor(), 0..3),
        margin in proptest::collection::vec(margin(), 0..3),
    ) {
        // What is accepted has nothing wrong in it; what is refused says at least one thing.
        match shipped().for_campaign(&observable, &technique, &descriptor, &margin) {
            Ok(catalogue) => prop_assert_eq!(catalogue.techniques.len(), technique.len()),
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
