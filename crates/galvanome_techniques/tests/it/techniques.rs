//! Rules that hold for every technique with an analysis.

use galvanome_techniques::analysis::{SettingKind, Settings};
use galvanome_techniques::{Inputs, TECHNIQUES, catalogue};

#[test]
fn techniques_are_sorted_and_stand_in_the_catalogue() {
    assert!(TECHNIQUES.is_sorted_by(|a, b| a.id < b.id));
    for technique in TECHNIQUES {
        let entry = catalogue().techniques.iter().find(|entry| entry.id.as_str() == technique.id);
        let entry = entry.unwrap_or_else(|| panic!("{} is not in the catalogue", technique.id));
        // Numbers remember the version of the analysis; the page of the technique shows the catalogue's.
        assert_eq!(
            entry.version.as_deref(),
            Some(technique.version.to_string().as_str()),
            "{}",
            technique.id
        );
        for descriptor in technique.descriptors {
            let known = entry.descriptors.iter().any(|known| known.id.as_str() == *descriptor);
            assert!(known, "{descriptor} is not a descriptor of {}", technique.id);
        }
        assert_eq!(technique.method(), format!("{} {}", technique.id, technique.version));
    }
}

#[test]
fn an_analysis_of_nothing_finds_nothing_and_says_so() {
    for technique in TECHNIQUES {
        let analysis = (technique.analyze)(&Inputs::default(), &Settings::default());
        assert!(analysis.quantities.is_empty(), "{}", technique.id);
        assert!(!analysis.notes.is_empty(), "{}", technique.id);
    }
}

#[test]
fn settings_are_declared_well() {
    for technique in TECHNIQUES {
        for setting in technique.settings {
            let kebab = setting
                .key
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            assert!(kebab, "{} of {}", setting.key, technique.id);
            assert!(
                !setting.meaning.is_empty() && !setting.otherwise.is_empty(),
                "{}",
                setting.key
            );
            match setting.kind {
                SettingKind::Number { min, max, .. } => assert!(min < max),
                SettingKind::Whole { min, max } => assert!(min < max),
                SettingKind::Word(words) => assert!(words.len() > 1),
            }
        }
        let mut keys: Vec<_> = technique.settings.iter().map(|setting| setting.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), technique.settings.len(), "{}", technique.id);
    }
}

/// What `echem` says to settings: the messages, or none.
fn check(given: &[&str], expected: &[&str]) {
    let echem = TECHNIQUES.iter().find(|technique| technique.id == "echem").expect("echem");
    let messages: Vec<String> = match Settings::parse(echem.settings, given) {
        Ok(_) => Vec::new(),
        Err(bad) => bad.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(messages, expected);
}

#[test]
fn settings_are_parsed_once_with_every_fault_named() {
    check(&[], &[]);
    check(&["reference-cycle=3", " rates = all "], &[]);
    check(&["reference-cycle"], &["`reference-cycle`: a setting is written KEY=VALUE"]);
    check(
        &["reference=3", "rates=none", "first-cycle=-1", "last-cycle=2.5"],
        &[
            "`reference=3`: there is no setting reference; there are reference-cycle, checkup-reference-cycle, first-cycle, last-cycle, rates, checkup-rate, end-of-life-by, nominal-capacity, active-mass, dqdv-rate, dqdv-branch, dqdv-step, dqdv-window, dqdv-near, resistance-time, resistance-direction, resistance-soc, current-sign, current-accuracy, current-range, voltage-accuracy, voltage-range, accuracy-drift",
            "`rates=none`: rates takes one of common, all",
            "`first-cycle=-1`: first-cycle takes a whole number from 0 to 10000000",
            "`last-cycle=2.5`: last-cycle takes a whole number from 0 to 10000000",
        ],
    );
    check(&["rates=all", "rates=common"], &["`rates=common`: rates is set twice; set it once"]);
}

#[test]
fn the_module_comment_is_a_page_of_the_manual() {
    for technique in TECHNIQUES {
        let path = format!("{}/src/{}/mod.rs", env!("CARGO_MANIFEST_DIR"), technique.id);
        let source = std::fs::read_to_string(&path).unwrap();
        let headings: Vec<_> =
            source.lines().filter_map(|line| line.strip_prefix("//! # ")).collect();
        let fixed =
            ["What it measures", "How the numbers are made", "When it is unsure", "References"];
        assert_eq!(headings, fixed, "{path}");
        // Every number that it yields and everything that may be set stand on it.
        let page: String = source.lines().filter_map(|line| line.strip_prefix("//!")).collect();
        let keys = technique.settings.iter().map(|setting| setting.key);
        for word in keys.chain(technique.descriptors.iter().copied()) {
            assert!(page.contains(&format!("`{word}")), "{path}: {word} is not explained");
        }
    }
}
