//! What holds of every figure in the shipped catalogue.

use std::collections::BTreeSet;
use std::path::Path;

use galvanome_model::catalogue::{
    Facts, Mode, Scale, Support, Technique, UNVERIFIED, is_unverified,
};
use galvanome_model::ids::{DescriptorId, ObservableId, TechniqueId};
use galvanome_techniques::{catalogue, unreadable_files};

/// Public vocabularies from which terms are taken.
const SCHEMES: &[(&str, &str)] = &[
    ("CHAMEO", "https://w3id.org/emmo/domain/characterisation-methodology/chameo#"),
    ("CHMO", "http://purl.obolibrary.org/obo/CHMO_"),
    ("EMMO electrochemistry", "https://w3id.org/emmo/domain/electrochemistry#electrochemistry_"),
    ("EMMO microscopy", "https://w3id.org/emmo/domain/microscopy#EMMO_"),
    ("ESRFET", "https://w3id.org/PaN/ESRFET#"),
    ("PaNET", "http://purl.org/pan-science/PaNET/PaNET"),
];

/// Where terms of units and quantities live.
const QUANTITIES: &[&str] =
    &["https://w3id.org/emmo#", "https://w3id.org/emmo/domain/electrochemistry#electrochemistry_"];

fn technique(id: &str) -> &'static Technique {
    let id = TechniqueId::new(id).expect("an id");
    catalogue().technique(&id).unwrap_or_else(|| panic!("no technique {id}"))
}

#[test]
fn every_file_is_read_and_nothing_is_wrong_in_it() {
    assert_eq!(unreadable_files(), &[] as &[String]);
    let problems: Vec<String> = catalogue().problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn every_folder_is_in_the_catalogue_under_its_own_name() {
    let mut folders = BTreeSet::new();
    for entry in
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src").read_dir().expect("the source folder")
    {
        let path = entry.expect("an entry").path();
        if path.join("technique.toml").exists() {
            folders.insert(
                path.file_name().and_then(|name| name.to_str()).expect("a UTF-8 name").to_owned(),
            );
        }
    }
    let ids: BTreeSet<String> =
        catalogue().techniques.iter().map(|technique| technique.id.to_string()).collect();
    assert_eq!(ids, folders);
}

#[test]
fn rows_and_columns_stand_in_the_order_of_the_paper() {
    // A technique that the paper does not have has no row, and follows.
    let rows: Vec<&str> =
        catalogue().techniques.iter().take(15).map(|technique| technique.id.as_str()).collect();
    assert_eq!(
        rows,
        [
            "echem", "oems", "fibsem", "nmr", "tem", "xrd", "raman", "xps", "nanoct", "sxdm",
            "saxswaxs", "xas", "xrs", "ni", "ndp"
        ]
    );
    let numbers: Vec<u32> =
        catalogue().techniques.iter().filter_map(|technique| technique.row).collect();
    assert_eq!(numbers, (1..=15).collect::<Vec<_>>());
    let columns: Vec<&str> =
        catalogue().observables.iter().map(|observable| observable.id.as_str()).collect();
    assert_eq!(
        columns,
        [
            "morphology",
            "crystal-structure",
            "lithium-distribution",
            "phase-transformation",
            "reaction-dynamics",
            "homogeneity",
            "sei-interfaces",
            "electronic-structure"
        ]
    );
}

#[test]
fn every_fact_is_given_or_only_a_note_and_every_given_fact_has_one_source() {
    for technique in &catalogue().techniques {
        let given: BTreeSet<&str> = technique.facts.given().into_iter().collect();
        let sourced: BTreeSet<&str> = technique.sources.keys().map(String::as_str).collect();
        assert_eq!(given, sourced, "{}: facts against [sources]", technique.id);
        let missing: Vec<&&str> = Facts::NAMES
            .iter()
            .filter(|name| !given.contains(**name) && !name.ends_with("_note"))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:?}", technique.id);
    }
}

/// Whether a text is what may stand as a source: sections of the paper, named sources, and what is unverified,
/// the latter alone or last.
fn is_source(text: &str) -> bool {
    let is_section = |section: &str| {
        let mut parts = section.split('.');
        parts.clone().count() <= 2
            && parts.all(|part| part.parse::<u8>().is_ok_and(|number| (1..=6).contains(&number)))
    };
    let parts: Vec<&str> = text.split("; ").collect();
    parts.iter().enumerate().all(|(at, part)| {
        if let Some(section) = part.strip_prefix("paper, section ") {
            is_section(section)
        } else if *part == UNVERIFIED {
            parts.len() == 1
        } else if part.contains(UNVERIFIED) {
            *part == format!("otherwise {UNVERIFIED}") && at > 0 && at + 1 == parts.len()
        } else {
            // A named source can be looked up: a year, a number, a page's address.
            part.len() >= 8
                && (part.contains(|c: char| c.is_ascii_digit())
                    || part.contains('.')
                    || NAMED.contains(part))
        }
    })
}

/// Named sources that carry neither a number nor an address.
const NAMED: &[&str] = &[
    "SOLEIL news page (some tens of nm)",
    "SOLEIL news page",
    "BMW OEMS abstract on Research Square (response time)",
];

#[test]
fn what_may_stand_as_a_source() {
    for (text, expected) in [
        ("paper, section 4.3", true),
        ("paper, section 3", true),
        ("paper, section 4.3; otherwise unverified default", true),
        ("unverified default", true),
        ("J. Synchrotron Rad. 24, 521 (2017)", true),
        ("", false),
        ("paper", false),
        ("paper, section 9", false),
        ("paper, section 4.1.2", false),
        ("unverified default; paper, section 4.3", false),
        ("otherwise unverified default", false),
        ("general knowledge, to verify", false),
    ] {
        assert_eq!(is_source(text), expected, "{text:?}");
    }
}

#[test]
fn every_source_is_the_paper_a_named_source_or_unverified() {
    for observable in &catalogue().observables {
        assert!(is_source(&observable.source), "{}: {:?}", observable.id, observable.source);
    }
    for technique in &catalogue().techniques {
        for (fact, source) in &technique.sources {
            assert!(is_source(source), "{} {fact}: {source:?}", technique.id);
        }
        for descriptor in &technique.descriptors {
            assert!(is_source(&descriptor.source), "{}: {:?}", descriptor.id, descriptor.source);
            if let Some(typical) = &descriptor.typical_uncertainty {
                assert!(is_source(&typical.source), "{}: {:?}", descriptor.id, typical.source);
            }
        }
    }
    assert!(is_unverified(technique("ndp").sources.get("probe").expect("a source")));
    assert!(!is_unverified(technique("ndp").sources.get("depth_typical_m").expect("a source")));
}

#[test]
fn no_spread_is_shipped_and_every_margin_awaits_its_lead() {
    for technique in &catalogue().techniques {
        for descriptor in &technique.descriptors {
            for speaks in &descriptor.speaks_for {
                assert_eq!(speaks.s0, None, "{}: nobody has measured it yet", descriptor.id);
                assert_eq!(
                    speaks.delta.is_some(),
                    speaks.delta_source.is_some(),
                    "{}",
                    descriptor.id
                );
                if let Some(source) = &speaks.delta_source {
                    assert_eq!(
                        source, "proposal, to be confirmed by the technique's lead",
                        "{}",
                        descriptor.id
                    );
                }
            }
        }
    }
}

#[test]
fn a_descriptor_speaks_only_for_what_its_technique_can_answer() {
    for technique in &catalogue().techniques {
        for descriptor in &technique.descriptors {
            assert!(!descriptor.speaks_for.is_empty(), "{}", descriptor.id);
            for speaks in &descriptor.speaks_for {
                assert!(
                    technique.expects(&speaks.observable),
                    "{} for {}",
                    descriptor.id,
                    speaks.observable
                );
                assert!(
                    !(descriptor.selects_specimens && speaks.primary),
                    "{} selects specimens and cannot decide a pixel",
                    descriptor.id
                );
            }
        }
    }
}

#[test]
fn every_term_is_of_a_known_vocabulary() {
    for technique in &catalogue().techniques {
        assert!(!technique.terms.is_empty() || technique.terms_note.is_some(), "{}", technique.id);
        let mut seen = BTreeSet::new();
        for term in &technique.terms {
            let start =
                SCHEMES.iter().find(|(scheme, _)| *scheme == term.scheme).map(|(_, start)| *start);
            assert!(
                start.is_some_and(|start| is_within(&term.iri, start)),
                "{}: {}",
                technique.id,
                term.iri
            );
            assert!(seen.insert(&term.iri), "{}: {} twice", technique.id, term.iri);
            assert!(!term.label.is_empty(), "{}", term.iri);
        }
        for descriptor in &technique.descriptors {
            for iri in descriptor.unit_iri.iter().chain(&descriptor.quantity_iri) {
                assert!(
                    QUANTITIES.iter().any(|start| is_within(iri, start)),
                    "{}: {iri}",
                    descriptor.id
                );
            }
            assert_eq!(
                descriptor.quantity_iri.is_some(),
                descriptor.quantity_relation.is_some(),
                "{}",
                descriptor.id
            );
        }
    }
}

fn is_within(iri: &str, start: &str) -> bool {
    iri.strip_prefix(start).is_some_and(|rest| {
        !rest.is_empty()
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    })
}

#[test]
fn one_unit_one_term() {
    let mut terms: Vec<(&str, Option<&str>)> = catalogue()
        .techniques
        .iter()
        .flat_map(|technique| &technique.descriptors)
        .map(|descriptor| (descriptor.unit.as_str(), descriptor.unit_iri.as_deref()))
        .collect();
    terms.sort_unstable();
    terms.dedup();
    let units: BTreeSet<&str> = terms.iter().map(|(unit, _)| *unit).collect();
    assert_eq!(terms.len(), units.len(), "{terms:#?}");
}

/// Descriptors by which others name their numbers: id, unit, scale, and the observable with its δ.
#[test]
fn descriptors_that_others_rely_on() {
    use Scale::{Difference, Ratio};
    let rows: &[(&str, &str, Scale, &str, Option<f64>)] = &[
        ("echem.capacity-loss-rate", "%/cycle", Ratio, "reaction-dynamics", Some(0.10)),
        ("echem.cycles-to-80", "cycle", Ratio, "reaction-dynamics", None),
        ("echem.discharge-capacity-c20", "mAh/g", Ratio, "reaction-dynamics", None),
        ("echem.capacity-retention", "%", Ratio, "reaction-dynamics", None),
        ("echem.coulombic-efficiency", "%", Difference, "reaction-dynamics", None),
        ("echem.discharge-capacity", "Ah", Ratio, "reaction-dynamics", None),
        ("echem.mean-discharge-voltage", "V", Difference, "reaction-dynamics", None),
        ("echem.dqdv-peak-position", "V", Difference, "reaction-dynamics", None),
        ("echem.checkup-capacity", "Ah", Ratio, "reaction-dynamics", None),
        ("echem.state-of-health", "%", Ratio, "reaction-dynamics", None),
        ("echem.checkup-loss-rate", "%/cycle", Ratio, "reaction-dynamics", None),
        ("echem.time-to-80", "d", Ratio, "reaction-dynamics", None),
        ("echem.energy-efficiency", "%", Difference, "reaction-dynamics", None),
        ("echem.mean-charge-voltage", "V", Difference, "reaction-dynamics", None),
        ("echem.voltage-hysteresis", "V", Difference, "reaction-dynamics", None),
        ("echem.hysteresis-growth", "V", Difference, "reaction-dynamics", None),
        ("echem.dqdv-peak-height", "Ah/V", Ratio, "reaction-dynamics", None),
        ("echem.dqdv-peak-area", "Ah", Ratio, "reaction-dynamics", None),
        ("echem.dqdv-peak-shift", "V", Difference, "reaction-dynamics", None),
        ("echem.dqdv-peak-area-retention", "%", Ratio, "reaction-dynamics", None),
        ("echem.internal-resistance", "ohm", Ratio, "reaction-dynamics", None),
        ("echem.resistance-growth", "%", Difference, "reaction-dynamics", None),
        ("oems.co2-onset", "V", Difference, "reaction-dynamics", Some(0.03)),
        ("oems.co2-amount", "umol/g", Ratio, "sei-interfaces", None),
        ("oems.h2-amount", "umol/g", Ratio, "sei-interfaces", None),
        ("fibsem.porosity", "1", Ratio, "morphology", Some(0.10)),
        ("nmr.shift-7li", "ppm", Difference, "crystal-structure", None),
        ("nmr.width-7li", "ppm", Ratio, "sei-interfaces", None),
        ("nmr.lif-amount", "umol/cm2", Ratio, "sei-interfaces", None),
        ("tem.sei-thickness", "nm", Ratio, "sei-interfaces", Some(0.30)),
        ("xrd.lattice-a", "angstrom", Ratio, "crystal-structure", Some(0.0005)),
        ("xrd.lattice-c", "angstrom", Ratio, "crystal-structure", Some(0.0005)),
        ("xrd.lattice-c", "angstrom", Ratio, "lithium-distribution", Some(0.0005)),
        ("xrd.monoclinic-fraction", "1", Difference, "phase-transformation", Some(0.05)),
        ("raman.id-ig", "1", Ratio, "crystal-structure", Some(0.20)),
        ("raman.eg-a1g-ratio", "1", Ratio, "lithium-distribution", None),
        ("xps.component-ratio", "1", Ratio, "sei-interfaces", Some(0.20)),
        ("nanoct.porosity", "1", Ratio, "morphology", Some(0.10)),
        ("nanoct.tortuosity", "1", Ratio, "morphology", None),
        ("sxdm.c-spread", "1", Ratio, "homogeneity", None),
        ("saxswaxs.lattice-c", "angstrom", Ratio, "crystal-structure", Some(0.0005)),
        ("xas.ni-o-distance", "angstrom", Difference, "crystal-structure", Some(0.01)),
        ("xas.edge-position", "eV", Difference, "electronic-structure", Some(0.2)),
        ("xrs.o-k-li2co3-area", "arb:xrs-area", Ratio, "sei-interfaces", None),
        ("ni.mean-grey", "arb:grey", Difference, "lithium-distribution", None),
        ("ndp.lithium-content", "1", Ratio, "lithium-distribution", Some(0.10)),
        ("ndp.profile-slope", "1/um", Difference, "homogeneity", None),
    ];
    for (id, unit, scale, observable, delta) in rows {
        let id = DescriptorId::new(id).expect("an id");
        let observable = ObservableId::new(observable).expect("an id");
        let descriptor =
            catalogue().descriptor(&id).unwrap_or_else(|| panic!("no descriptor {id}"));
        assert_eq!((descriptor.unit.as_str(), descriptor.scale), (*unit, *scale), "{id}");
        let margin = catalogue()
            .margin_for(&id, &observable)
            .unwrap_or_else(|| panic!("{id} is silent on {observable}"));
        assert_eq!(margin.delta, *delta, "{id} for {observable}");
        assert_eq!(margin.confirmed_by, None, "{id}: nobody has confirmed a shipped margin");
    }
}

/// A few figures that the paper's text gives, and the modes and supports on which it insists.
#[test]
fn figures_of_the_paper() {
    let depth = |id| technique(id).facts.depth_typical_m;
    for (id, metres) in [("ndp", 26e-6), ("xps", 10e-9), ("raman", 300e-9), ("ni", 43e-6)] {
        assert_eq!(depth(id), Some(metres), "{id}");
        assert!(technique(id).sources["depth_typical_m"].starts_with("paper, section 4.3"), "{id}");
    }
    assert_eq!(technique("ni").facts.lateral_resolution_m, Some(4.2e-6));
    for (id, support) in [
        ("xps", Support::Surface),
        ("raman", Support::Surface),
        ("ndp", Support::Bulk),
        ("xrs", Support::Bulk),
    ] {
        assert_eq!(technique(id).main_support(), Some(support), "{id}");
    }
    let modes = |id| technique(id).facts.mode_in_paper.clone().unwrap_or_default();
    assert_eq!(modes("xrd"), [Mode::ExSitu, Mode::Operando]);
    assert_eq!(modes("sxdm"), [Mode::Operando]);
    assert_eq!(modes("ni"), [Mode::ExSitu]);
    let selecting: Vec<&str> = catalogue()
        .techniques
        .iter()
        .flat_map(|technique| &technique.descriptors)
        .filter(|descriptor| descriptor.selects_specimens)
        .map(|descriptor| descriptor.id.as_str())
        .collect();
    let by_capacity = [
        "echem.discharge-capacity-c20",
        "echem.capacity-retention",
        "echem.discharge-capacity",
        "echem.checkup-capacity",
        "echem.state-of-health",
    ];
    assert_eq!(selecting, by_capacity);
}

#[test]
fn a_technique_reads_back_as_it_was_written() {
    for technique in &catalogue().techniques {
        let text = toml::to_string(technique).expect("a technique as TOML");
        let read: Technique = toml::from_str(&text).expect("the same technique");
        assert_eq!(read, *technique);
    }
}
