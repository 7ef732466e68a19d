//! Two sides of cells whose fade is known, because they were made here.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use galvanome::compare::{self, Asked, Comparison, Declared, Given, Side, Unanswered};
use galvanome::{Error, analyze};
use galvanome_model::answer::Answer;
use galvanome_techniques::analysis::pattern_difference::Differs;
use galvanome_techniques::selection::Rejected;

/// Cells that are cycled at 1C with a row every minute, as BDF csv: each gives `capacity_ah` first and loses `percent`
/// of it with each of `cycles`.
struct Cells(tempfile::TempDir);

impl Cells {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn add(
        &self,
        name: &str,
        capacity_ah: f64,
        percent: f64,
        cycles: std::ops::Range<u32>,
    ) -> String {
        let mut text = "Test Time / s,Voltage / V,Current / A,Cycle Count / 1\n".to_owned();
        let mut clock = 86_400.0 * f64::from(cycles.start);
        for cycle in cycles {
            let given = capacity_ah * (1.0 - percent / 100.0 * f64::from(cycle));
            for (amperes, seconds) in [(0.05, given), (0.0, 0.002), (-0.05, given), (0.0, 0.002)] {
                let seconds = seconds * 3600.0 / 0.05;
                let mut inside = 0.001;
                while inside < seconds {
                    let share =
                        if amperes < 0.0 { 1.0 - inside / seconds } else { inside / seconds };
                    let volts = 3.0 + share + amperes + percent / 1000.0;
                    let _ =
                        writeln!(text, "{:.3},{volts:.5},{amperes},{}", clock + inside, cycle + 1);
                    inside += 60.0;
                }
                clock += seconds;
                let _ = writeln!(text, "{clock:.3},3.5,{amperes},{}", cycle + 1);
            }
        }
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }
}

/// What is asked, with nothing declared.
fn compared(reference: &[String], test: &[String]) -> Result<Comparison, Error> {
    with(reference, test, &Declared::default(), None)
}

fn with(
    reference: &[String],
    test: &[String],
    declared: &Declared,
    select: Option<f64>,
) -> Result<Comparison, Error> {
    let (reference, test) = (compare::specimens(reference)?, compare::specimens(test)?);
    let asked = Asked {
        technique: analyze::technique("echem")?,
        reference: &reference,
        test: &test,
        auxiliary: &[],
        settings: &["reference-cycle=1".to_owned()],
        declared,
        select,
    };
    compare::paths(&asked, &|_, _| {})
}

/// Three cells of nearly one fade.
fn three(cells: &Cells, name: &str, percent: f64) -> Vec<String> {
    [0.97, 1.0, 1.03]
        .map(|part| cells.add(&format!("{name}-{part}.csv"), 0.05 * part, percent * part, 0..12))
        .to_vec()
}

fn decided(comparison: &Comparison) -> (Answer, Vec<&str>) {
    let answers = &comparison.compared.answers;
    let by = answers.iter().flat_map(|one| one.decided_by.iter().copied()).collect();
    (comparison.compared.answer, by)
}

#[test]
fn a_different_fade_is_a_yes_and_the_same_is_none() {
    let cells = Cells::new();
    let (slow, fast) = (three(&cells, "slow", 0.2), three(&cells, "fast", 0.4));
    let also = three(&cells, "also", 0.2001);
    let comparison = compared(&slow, &fast).unwrap();
    assert_eq!(decided(&comparison), (Answer::Yes, vec!["echem.capacity-loss-rate"]));
    let row = &comparison.compared.rows[0];
    let verdict = row.verdict.as_ref().unwrap();
    assert!((verdict.d - 2.0_f64.ln()).abs() < 1e-3, "{verdict:?}");
    assert!((row.reference.mean.unwrap() - 0.2).abs() < 1e-3);
    assert_eq!((verdict.reference_n, verdict.test_n), (3, 3));
    let codes: Vec<&str> = comparison.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, ["specimen-by-file", "margin-unconfirmed"]);
    let same = compared(&slow, &also).unwrap();
    assert_eq!(same.compared.answer, Answer::No);
    // A larger margin, and a spread that hides the difference.
    let declared = |delta: &[&str], s0: &[&str]| {
        let given = |texts: &[&str]| {
            Given::parse(&texts.iter().map(|&one| one.to_owned()).collect::<Vec<_>>()).unwrap()
        };
        Declared { delta: given(delta), s0: given(s0), u_sys: Given::default() }
    };
    let wide = with(&slow, &fast, &declared(&["9"], &[]), None).unwrap();
    assert_eq!(wide.compared.answer, Answer::No);
    // Of 200 %, half is exceeded and the whole is not.
    let grey = with(&slow, &fast, &declared(&["2"], &[]), None).unwrap();
    assert_eq!(grey.compared.answers[0].reason, "grey_zone");
    let spread = with(&slow, &fast, &declared(&[], &["3"]), None).unwrap();
    assert_eq!(spread.compared.answers[0].reason, "too_wide");
    // A plain number is a fraction and leaves what is compared by difference alone.
    let row = |comparison: &Comparison, id: &str| {
        let mut rows = comparison.compared.rows.iter();
        rows.find(|row| row.descriptor.id.as_str() == id).unwrap().clone()
    };
    assert_eq!(row(&wide, "echem.voltage-hysteresis").unanswered, Some(Unanswered::NoMargin));
    let own = declared(&["9", "echem.voltage-hysteresis=0.01"], &[]);
    let hysteresis = row(&with(&slow, &fast, &own, None).unwrap(), "echem.voltage-hysteresis");
    assert_eq!(hysteresis.unanswered, None);
    assert!(!hysteresis.primary);
}

#[test]
fn what_answers_nothing_says_why() {
    let cells = Cells::new();
    let comparison = compared(&three(&cells, "a", 0.2), &three(&cells, "b", 0.4)).unwrap();
    for row in &comparison.compared.rows {
        let expected = match row.descriptor.id.as_str() {
            "echem.capacity-loss-rate" => None,
            "echem.discharge-capacity" | "echem.capacity-retention" => {
                Some(Unanswered::SelectsSpecimens)
            }
            "echem.cycles-to-80" | "echem.time-to-80" => Some(Unanswered::Bound),
            _ => Some(Unanswered::NoMargin),
        };
        assert_eq!(row.unanswered, expected, "{}", row.descriptor.id);
        let differs = !matches!(row.unanswered, Some(Unanswered::Bound | Unanswered::NotPositive));
        assert_eq!(row.verdict.is_some(), differs, "{}", row.descriptor.id);
    }
    // Nobody has reached the end: the bounds leave the order open.
    let directions = |comparison: &Comparison| {
        let notes = comparison.notes.iter().filter(|note| note.code == "bound-tells-direction");
        notes.map(|note| note.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(directions(&comparison), [""; 0]);
    // One side has, the other lasts longer: a direction, and no answer.
    let (long, short) = (three(&cells, "long", 0.2), three(&cells, "short", 4.0));
    for (sides, word) in [([&long, &short], "lower"), ([&short, &long], "higher")] {
        let ended = compared(sides[0], sides[1]).unwrap();
        let said = directions(&ended);
        assert!(
            said[0].contains(&format!("echem.cycles-to-80 is {word} in every test")),
            "{said:?}"
        );
        let end = ended
            .compared
            .rows
            .iter()
            .find(|row| row.descriptor.id.as_str() == "echem.cycles-to-80");
        assert_eq!(end.unwrap().unanswered, Some(Unanswered::Bound));
    }
    // A fade and a gain have no ratio.
    let gain = compared(&three(&cells, "c", 0.2), &three(&cells, "d", -0.2)).unwrap();
    assert_eq!(gain.compared.rows[0].unanswered, Some(Unanswered::NotPositive));
    assert_eq!(decided(&gain), (Answer::Unsure, vec![]));
    assert!(gain.notes.iter().any(|note| note.code == "nothing-decides"));
    // One cell a side, and nothing says how much cells vary.
    let (a, b) = (cells.add("one", 0.05, 0.2, 0..12), cells.add("two", 0.05, 0.4, 0..12));
    let one = compared(&[a], &[b]).unwrap();
    assert_eq!(one.compared.answers[0].reason, "no_spread");
}

#[test]
fn files_of_one_label_are_one_specimen_and_copies_count_once() {
    let cells = Cells::new();
    let whole =
        compared(&[cells.add("whole", 0.05, 0.2, 0..12)], &[cells.add("other", 0.05, 0.4, 0..12)])
            .unwrap();
    let parts = [cells.add("part1", 0.05, 0.2, 0..6), cells.add("part2", 0.05, 0.2, 6..12)];
    let labelled: Vec<String> = parts.iter().map(|part| format!("A={part}")).collect();
    let copy = cells.path("copy");
    std::fs::copy(&parts[0], &copy).unwrap();
    let copied = [&labelled[..], &[format!("A={}", copy.display())]].concat();
    let test = [format!("B={}", cells.path("other").display())];
    for reference in [&labelled, &copied] {
        let joined = compared(reference, &test).unwrap();
        assert_eq!(joined.specimens.len(), 2);
        assert_eq!(joined.specimens[0].files.len(), 2);
        let value =
            |comparison: &Comparison| comparison.compared.rows[0].reference.numbers[0].value;
        assert!((value(&joined) - value(&whole)).abs() < 1e-4, "{}", value(&joined));
        let repeated = joined.notes.iter().any(|note| note.code == "repeated-file");
        assert_eq!(repeated, reference.len() == 3);
    }
}

fn refused(outcome: Result<Comparison, Error>, parts: &[&str]) {
    let error = outcome.unwrap_err().to_string();
    for part in parts {
        assert!(error.contains(part), "`{part}` is missing from: {error}");
    }
}

#[test]
fn one_measurement_is_no_replicate_of_itself() {
    let cells = Cells::new();
    let (a, b) = (cells.add("a", 0.05, 0.2, 0..12), cells.add("b", 0.05, 0.4, 0..12));
    let copy = cells.path("copy of a").display().to_string();
    std::fs::copy(&a, &copy).unwrap();
    let says = ["hold the same bytes", "two specimens", "one label"];
    refused(compared(&[a.clone(), a.clone()], std::slice::from_ref(&b)), &says);
    refused(
        compared(&[a.clone(), copy.clone()], std::slice::from_ref(&b)),
        &[&says[..], &["copy of a"]].concat(),
    );
    refused(compared(std::slice::from_ref(&a), &[copy]), &says);
    refused(compared(&[format!("A={a}")], &[format!("A={a}")]), &says);
    // The same rows in other bytes.
    let text = std::fs::read_to_string(&a).unwrap();
    let again = cells.path("again").display().to_string();
    std::fs::write(&again, text.replace(',', ";")).unwrap();
    refused(
        compared(&[a.clone(), again], std::slice::from_ref(&b)),
        &["the same rows", "one label"],
    );
    // A later download of the same cell is not the same file, and is reported.
    let longer = cells.add("longer", 0.05, 0.2, 0..13);
    let overlap = compared(&[a.clone(), longer], &[b]).unwrap();
    let note = overlap.notes.iter().find(|note| note.code == "overlapping-files").unwrap();
    assert!(note.message.contains("100 %") && note.message.contains(&a), "{}", note.message);
}

#[test]
fn the_same_labels_on_both_sides_are_pairs() {
    let cells = Cells::new();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (place, percent) in [0.1, 0.2, 0.4].into_iter().enumerate() {
        let fresh = cells.add(&format!("fresh{place}"), 0.05, percent, 0..12);
        let aged = cells.add(&format!("aged{place}"), 0.045, percent * 1.3, 0..12);
        before.push(format!("cell {place}={fresh}"));
        // The order on the other side does not matter.
        after.insert(0, format!("cell {place}={aged}"));
    }
    let pairs = compared(&before, &after).unwrap();
    assert!(pairs.paired);
    let verdict = pairs.compared.rows[0].verdict.as_ref().unwrap();
    assert!((verdict.d - 1.3_f64.ln()).abs() < 2e-3, "{verdict:?}");
    assert!(verdict.u.unwrap() < 0.01, "pairs do not carry the spread of cells: {verdict:?}");
    assert_eq!(pairs.compared.answer, Answer::Yes);
    refused(compared(&before, &after[..2]), &["every label on both sides", "cell 0"]);
}

#[test]
fn cells_are_selected_within_their_side_by_the_capacity_before_ageing() {
    let cells = Cells::new();
    let side = |name: &str, capacities: &[f64], percent: f64| -> Vec<String> {
        let each = capacities.iter().enumerate();
        each.map(|(place, capacity)| cells.add(&format!("{name}{place}"), *capacity, percent, 0..8))
            .collect()
    };
    let reference = side("r", &[0.050, 0.051, 0.052, 0.040], 0.2);
    let test = side("t", &[0.040, 0.0395, 0.060], 0.4);
    let chosen = with(&reference, &test, &Declared::default(), Some(0.08)).unwrap();
    let rejected: Vec<_> = chosen.specimens.iter().map(|one| one.rejected).collect();
    let (low, high) = (Some(Rejected::TooLow), Some(Rejected::TooHigh));
    assert_eq!(rejected, [None, None, None, low, None, None, high]);
    let counts: Vec<_> = chosen.selected.iter().map(|one| (one.side, one.kept, one.of)).collect();
    assert_eq!(counts, [(Side::Reference, 3, 4), (Side::Test, 2, 3)]);
    assert_eq!(chosen.selected[0].descriptor, "echem.discharge-capacity");
    let row = &chosen.compared.rows[0];
    assert_eq!((row.reference.numbers.len(), row.test.numbers.len()), (3, 2));
    refused(with(&reference, &test, &Declared::default(), Some(8.0)), &["0.08 for 8 %"]);
}

#[test]
fn wrong_input_is_said() {
    let cells = Cells::new();
    let (a, b) = (cells.add("a=b.csv", 0.05, 0.2, 0..4), cells.add("b", 0.05, 0.4, 0..4));
    // A file of that name is there, so its `=` is no label.
    assert_eq!(compare::specimens(std::slice::from_ref(&a)).unwrap()[0].files, [Path::new(&a)]);
    for (text, part) in [("=x.csv", "lacks a label"), ("A=", "lacks a file")] {
        let error = compare::specimens(&[text.to_owned()]).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    for text in ["ten", "echem.x=", "nan", "inf"] {
        assert!(Given::parse(&[text.to_owned()]).unwrap_err().to_string().contains("no number"));
    }
    let twice = ["0.1".to_owned(), "0.2".to_owned()];
    assert!(Given::parse(&twice).unwrap_err().to_string().contains("twice"));
    let declared = |text: &str| Declared {
        delta: Given::parse(&[text.to_owned()]).unwrap(),
        ..Declared::default()
    };
    let ask = |text: &str| {
        with(std::slice::from_ref(&a), std::slice::from_ref(&b), &declared(text), None)
    };
    refused(ask("echem.none=1"), &["descriptor `echem.none`", "echem.capacity-loss-rate"]);
    refused(ask("0"), &["delta cannot be 0"]);
    refused(ask("-0.1"), &["more than 0"]);
    let missing = cells.path("missing").display().to_string();
    refused(compared(std::slice::from_ref(&missing), &[b]), &[&missing]);
}

/// Patterns of one peak at a place, as text with names, each with scatter of its own.
fn pattern(folder: &Path, name: &str, centre: f64, seed: u32) -> String {
    let mut text = "2Theta (deg),Intensity (counts)\n".to_owned();
    let mut state = u64::from(seed) + 1;
    for point in 0..400 {
        // Scatter that is the same wherever it is made (a linear congruential generator of Knuth's).
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let scatter = (state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5;
        let angle = 17.0 + f64::from(point) * 0.01;
        let away = (angle - centre) / 0.08;
        let counts = 100.0 + 2000.0 * (-away * away).exp() + 20.0 * scatter;
        let _ = writeln!(text, "{angle:.2},{counts:.0}");
    }
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn whole_patterns_are_compared_without_a_model() {
    let folder = tempfile::tempdir().unwrap();
    let side = |name: &str, centre: f64, specimens: u32| -> Vec<String> {
        (0..specimens)
            .map(|number| {
                let seed = number + if name == "a" { 0 } else { 100 };
                let file = format!("{name}{number}.csv");
                format!("{name}{number}={}", pattern(folder.path(), &file, centre, seed))
            })
            .collect()
    };
    let check = |reference: &[String], test: &[String], expected: Option<Differs>| {
        let (reference, test) =
            (compare::specimens(reference).unwrap(), compare::specimens(test).unwrap());
        let asked = Asked {
            technique: analyze::technique("xrd").unwrap(),
            reference: &reference,
            test: &test,
            auxiliary: &[],
            settings: &["cell=none".to_owned()],
            declared: &Declared::default(),
            select: None,
        };
        let found = compare::paths(&asked, &|_, _| {}).unwrap();
        assert_eq!(found.pattern.map(|pattern| pattern.differs), expected, "{:?}", found.notes);
        found.notes.iter().any(|note| note.code == "pattern-not-compared")
    };
    let (same, alike, moved) = (side("a", 18.0, 4), side("b", 18.0, 4), side("c", 18.02, 4));
    assert!(!check(&same, &moved, Some(Differs::Yes)));
    assert!(!check(&same, &alike, Some(Differs::Unsure)));
    assert!(!check(&same[..3], &moved, Some(Differs::TooFew)));
    // The same specimens before and after are pairs, which are compared by their quantities.
    let after: Vec<String> = (0..4)
        .map(|number| {
            format!(
                "a{number}={}",
                pattern(folder.path(), &format!("d{number}.csv"), 18.02, number)
            )
        })
        .collect();
    assert!(check(&same, &after, None));
}
