//! What a dataset shows beside the curves of its main table: spectra of impedance, other tables, what its analysis said; and
//! what is kept of files is cleared away when another version keeps it differently.

use std::fmt::Write as _;

use galvanome::curves::{self, Impedance, View};
use galvanome::dataset::{self, Opened, Step};
use galvanome::upload::{self, Begun, New};
use galvanome::{Actor, Galvanome, jobs};
use galvanome_model::ids::CampaignId;
use galvanome_model::visibility::Viewer;

use crate::examples::{self, Open};

const CAMPAIGN: &str = "invented-solid-state";

fn id() -> CampaignId {
    CampaignId::new(CAMPAIGN).unwrap()
}

/// Uploads a file of a cell; gives its dataset. Nothing is read or analysed yet.
async fn uploaded(galvanome: &Galvanome, name: &str, sample: &str, text: &str) -> String {
    let me = Actor::local_user();
    let new = New {
        name: name.to_owned(),
        bytes: text.len() as u64,
        sha256: None,
        experiment: "echem-1".to_owned(),
        samples: vec![sample.to_owned()],
        role: String::new(),
        note: String::new(),
    };
    let Begun::Open(begun) = upload::begin(galvanome, &id(), new, &me).await.unwrap() else {
        panic!("{name} is held");
    };
    let mut appending = upload::append(galvanome, &id(), &begun.id, 0, &me).unwrap();
    appending.add(text.as_bytes()).await.unwrap();
    appending.end().await.unwrap();
    let done = upload::finish(galvanome, &id(), &begun.id, None, &me).await.unwrap();
    done.dataset.to_string()
}

async fn opened(galvanome: &Galvanome, dataset: &str) -> Opened {
    dataset::open(galvanome, &id(), dataset, &Viewer::All).await.unwrap()
}

async fn work(galvanome: &Galvanome) {
    while let Some(ran) = jobs::run_next(galvanome, "test").await.unwrap() {
        assert_eq!(ran.failed, None, "{}", ran.what);
    }
}

/// A resistor before a resistor beside a capacitor (10 Ω, 90 Ω, 1 mF), from 1 kHz down to 0.01 Hz, as often as is asked,
/// with rests without frequency between.
fn spectra_file(sweeps: u32, polar: bool) -> String {
    let names = if polar {
        "absolute_impedance_ohm,phase_degree"
    } else {
        "real_impedance_ohm,imaginary_impedance_ohm"
    };
    let mut text =
        format!("test_time_second,voltage_volt,current_ampere,frequency_hertz,{names}\n");
    let mut time = 0;
    for sweep in 0..sweeps {
        for _ in 0..3 {
            time += 10;
            let _ = writeln!(text, "{time},3.7,0,,,");
        }
        for step in 0..51 {
            time += 1;
            let hertz = 10_f64.powf(3.0 - f64::from(step) / 10.0);
            let (real, imaginary) = circuit(hertz, f64::from(sweep));
            let (a, b) = if polar {
                (real.hypot(imaginary), imaginary.atan2(real).to_degrees())
            } else {
                (real, imaginary)
            };
            let _ = writeln!(text, "{time},3.7,0.001,{hertz},{a},{b}");
        }
    }
    text
}

fn circuit(hertz: f64, sweep: f64) -> (f64, f64) {
    let (series, parallel, farad) = (10.0 + sweep, 90.0, 1e-3);
    let x = std::f64::consts::TAU * hertz * parallel * farad;
    (series + parallel / (1.0 + x * x), -parallel * x / (1.0 + x * x))
}

#[tokio::test]
async fn spectra_are_told_apart_and_both_ways_of_writing_them_are_read() {
    let Open { galvanome, .. } = &examples::with(CAMPAIGN).await;
    for (name, polar) in [("cartesian.csv", false), ("polar.csv", true)] {
        let dataset = uploaded(galvanome, name, "cell-25-1", &spectra_file(14, polar)).await;
        let columns = opened(galvanome, &dataset).await.columns.unwrap();
        let all = curves::spectra(&columns).unwrap();
        let rows: Vec<(u64, u64, u64)> =
            all.iter().map(|one| (one.number, one.first_row, one.rows)).collect();
        let expected: Vec<_> = (0..14).map(|n| (n + 1, n * 54 + 3, 51)).collect();
        assert_eq!(rows, expected, "{name}");
        assert_eq!(all[1].begins_s, Some(112.0));
        let two = curves::spectra_chosen(&columns, &[1.0, 14.0]).unwrap();
        let points = curves::impedance(&columns, &two).unwrap();
        for (points, sweep) in points.iter().zip([0.0, 13.0]) {
            assert_eq!((points.rows, points.frequency_hz.len()), (51, 51));
            for (place, hertz) in points.frequency_hz.iter().enumerate() {
                let (real, imaginary) = circuit(*hertz, sweep);
                assert!((points.real_ohm[place] - real).abs() < 1e-9, "{name} at {hertz} Hz");
                assert!((points.imaginary_ohm[place] - imaginary).abs() < 1e-9);
            }
        }
        let window: Impedance = points[0].within(Some(0.1), Some(10.0));
        assert_eq!(window.frequency_hz.len(), 21, "both ends are among them");
        assert_eq!((window.modulus_ohm().len(), window.phase_degree().len()), (21, 21));
        assert!(curves::spectra_chosen(&columns, &[15.0]).unwrap_err().is_not_found());
        assert!(curves::spectra_chosen(&columns, &[1.0; 13]).is_err());
        // Five of fourteen, the first and the last among them.
        let few: Vec<u64> = curves::spread(&all, 5).iter().map(|one| one.number).collect();
        assert_eq!(few, [1, 4, 7, 10, 14]);
    }
    let dataset =
        uploaded(galvanome, "none.csv", "cell-25-1", "test_time_second,voltage_volt\n0,3\n1,3.1\n")
            .await;
    let columns = opened(galvanome, &dataset).await.columns.unwrap();
    assert_eq!(curves::spectra(&columns).unwrap(), []);
}

/// EC-Lab text with a rest, a sweep down and one back up: the reader gives the impedance a table of its own.
fn eclab_text() -> String {
    let mut text = String::from(
        "EC-Lab ASCII FILE\nNb header lines : 3\nmode\ttime/s\tEwe/V\tI/mA\tfreq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\n",
    );
    for row in 0..40 {
        let hertz = match row {
            0..10 => 0.0,
            10..25 => 10_f64.powi(5 - (row - 10) / 3),
            _ => 10_f64.powi((row - 25) / 3 + 2),
        };
        let _ = writeln!(text, "2\t{row}.5\t3.7\t0.1\t{hertz}\t{}\t{}", 10 + row, row);
    }
    text
}

#[tokio::test]
async fn tables_beside_the_main_one_are_drawn_against_their_own_time() {
    let Open { galvanome, .. } = &examples::with(CAMPAIGN).await;
    let dataset = uploaded(galvanome, "peis.mpt", "cell-25-1", &eclab_text()).await;
    let columns = opened(galvanome, &dataset).await.columns.unwrap();
    let table = curves::table_named(&columns, "impedance").unwrap();
    assert!(curves::has_spectra(&columns, table) && !curves::has_spectra(&columns, 0));
    assert_eq!(curves::time_span(&columns, table), Some((10.5, 39.5)));
    let found =
        curves::against_time(&columns, table, &["real_impedance_ohm"], View::whole(100)).unwrap();
    assert_eq!((found[0].x[0], found[0].y[0], found[0].rows), (10.5, 20.0, 30));
    let rows: Vec<u64> = curves::spectra(&columns).unwrap().iter().map(|one| one.rows).collect();
    assert_eq!(rows, [15, 15], "the way down and the way up are two");
    let error = curves::table_named(&columns, "nothing").unwrap_err().to_string();
    assert!(error.contains("there are records, impedance"), "{error}");
}

const CELL: &str = "test_time_second,voltage_volt,current_ampere\n0,3.0,0.1\n3600,4.0,0.1\n3601,4.0,-0.1\n7200,3.0,-0.1\n";

#[tokio::test]
async fn what_the_analysis_said_stands_beside_its_numbers_and_comes_back_when_it_is_gone() {
    let open = examples::with(CAMPAIGN).await;
    let galvanome = &open.galvanome;
    // It counts no cycles, which the analysis says, and so does not come from the reader.
    let dataset = uploaded(galvanome, "one.csv", "cell-60-1", CELL).await;
    let before = opened(galvanome, &dataset).await;
    assert_eq!((before.findings, before.work.analysing), (None, Step::Waits));
    work(galvanome).await;
    let after = opened(galvanome, &dataset).await;
    let findings = after.findings.unwrap();
    assert!(findings.method.starts_with("echem "), "{}", findings.method);
    assert!(!findings.notes.is_empty());
    let read = &after.columns.unwrap().contents().notes.clone();
    assert!(findings.notes.iter().all(|note| !read.contains(note)));
    // Those that are analysed together say the same.
    let other = opened(galvanome, "cycler-cell-60-1").await.findings.unwrap();
    assert_eq!(other, findings);

    let kept = open.folder.path().join("objects/derived/findings-1");
    std::fs::remove_dir_all(&kept).unwrap();
    let gone = opened(galvanome, &dataset).await;
    assert_eq!((gone.findings, gone.work.analysing), (None, Step::Waits));
    work(galvanome).await;
    let again = opened(galvanome, &dataset).await;
    assert_eq!((again.findings, again.work.analysing), (Some(findings), Step::Done));
}

#[tokio::test]
async fn a_file_that_nothing_reads_takes_no_numbers_away() {
    let open = examples::with(CAMPAIGN).await;
    let galvanome = &open.galvanome;
    let before = opened(galvanome, "cycler-cell-60-2").await.quantities.len();
    let noise: String = (0..3000_u32).map(|n| char::from(b'!' + (n * n % 90) as u8)).collect();
    uploaded(galvanome, "noise.bin", "cell-60-2", &noise).await;
    while jobs::run_next(galvanome, "test").await.unwrap().is_some() {}
    let after = opened(galvanome, "cycler-cell-60-2").await;
    assert_eq!((after.quantities.len(), after.work.analysing), (before, Step::Done));
    let notes = after.findings.unwrap().notes;
    let told = notes.iter().find(|note| note.code == "unreadable-file").unwrap();
    assert_eq!(told.place, "noise");
    assert!(told.message.contains("no reader recognises"), "{}", told.message);
}

#[tokio::test]
async fn columns_of_other_versions_go_when_a_file_is_read_by_this_one() {
    let open = examples::with(CAMPAIGN).await;
    let derived = open.folder.path().join("objects/derived");
    let elsewhere = open.folder.path().join("elsewhere");
    for folder in [&derived.join("columns-0.0.9-1/ab"), &derived.join("spectra-1/ab"), &elsewhere] {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join("cdef"), b"older").unwrap();
    }
    std::os::unix::fs::symlink(&elsewhere, derived.join("columns-somewhere-else")).unwrap();
    let dataset = uploaded(&open.galvanome, "one.csv", "cell-60-1", CELL).await;
    assert!(opened(&open.galvanome, &dataset).await.columns.is_some());
    let mut left: Vec<String> = std::fs::read_dir(&derived)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("findings"))
        .collect();
    left.sort();
    let [ours, link, other] = left.as_slice() else { panic!("{left:?}") };
    assert!(ours.starts_with("columns-") && ours != "columns-0.0.9-1", "{ours}");
    assert_eq!((link.as_str(), other.as_str()), ("columns-somewhere-else", "spectra-1"));
    assert!(elsewhere.join("cdef").is_file());
}
