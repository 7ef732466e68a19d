//! A file arrives in pieces, becomes a dataset, is read and analysed; and its curves keep every extreme.

use std::fmt::Write as _;
use std::path::PathBuf;

use galvanome::curves::{self, Half, View};
use galvanome::dataset::{self, Cells, Step};
use galvanome::upload::{self, Begun, Finished, New, Refused, Upload};
use galvanome::{Actor, Error, Galvanome, jobs};
use galvanome_model::ids::CampaignId;
use galvanome_model::visibility::Viewer;
use sha2::{Digest, Sha256};

use crate::examples::{self, Open};

const CAMPAIGN: &str = "invented-solid-state";

fn id() -> CampaignId {
    CampaignId::new(CAMPAIGN).unwrap()
}

fn me() -> Actor {
    Actor::local_user()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn new(name: &str, bytes: &[u8]) -> New {
    New {
        name: name.to_owned(),
        bytes: bytes.len() as u64,
        sha256: None,
        experiment: "echem-1".to_owned(),
        samples: vec!["cell-25-1".to_owned()],
        role: String::new(),
        note: String::new(),
    }
}

async fn begun(galvanome: &Galvanome, new: New) -> Upload {
    match upload::begin(galvanome, &id(), new, &me()).await.unwrap() {
        Begun::Open(upload) => upload,
        Begun::Held(dataset) => panic!("{dataset} is held"),
    }
}

async fn send(galvanome: &Galvanome, upload: &str, at: u64, piece: &[u8]) -> Result<u64, Error> {
    let mut appending = upload::append(galvanome, &id(), upload, at, &me())?;
    appending.add(piece).await?;
    appending.end().await
}

async fn uploaded(galvanome: &Galvanome, new: New, bytes: &[u8]) -> Finished {
    let upload = begun(galvanome, new).await;
    send(galvanome, &upload.id, 0, bytes).await.unwrap();
    upload::finish(galvanome, &id(), &upload.id, None, &me()).await.unwrap()
}

fn refused(error: Error) -> Refused {
    match error {
        Error::Upload(refused) => refused,
        other => panic!("{other}"),
    }
}

/// Cycles of two hours at constant current with a row every so many seconds, and one wild row that a coarse look would
/// miss.
fn cycler_file(rows: u32, every_s: u32) -> String {
    let mut text = String::from("test_time_second,voltage_volt,current_ampere,cycle_count,step\n");
    for row in 0..rows {
        let time = row * every_s;
        let (cycle, within) = (time / 7200, f64::from(time % 7200) / 7200.0);
        let current = if within < 0.5 { 0.1 } else { -0.1 };
        let filled = if within < 0.5 { 2.0 * within } else { 2.0 - 2.0 * within };
        let volts = if row == 12_345 { 4.9 } else { 3.0 + 1.2 * filled };
        let step = if current > 0.0 { "CC charge" } else { "CC discharge" };
        let _ = writeln!(text, "{time},{volts:.5},{current},{},{step}", cycle + 1);
    }
    text
}

#[tokio::test]
async fn a_file_in_pieces_becomes_a_dataset_with_quantities() {
    let Open { galvanome, .. } = &examples::with(CAMPAIGN).await;
    let text = cycler_file(40_000, 1);
    let bytes = text.as_bytes();
    let upload = begun(galvanome, new("Zelle 1.csv", bytes)).await;

    assert_eq!(send(galvanome, &upload.id, 0, &bytes[..1000]).await.unwrap(), 1000);
    for wrong in [0, 999, 1001] {
        let error = send(galvanome, &upload.id, wrong, b"x").await.unwrap_err();
        assert_eq!(refused(error), Refused::Offset { at: 1000, given: wrong });
    }
    let early = upload::finish(galvanome, &id(), &upload.id, None, &me()).await.unwrap_err();
    let all = bytes.len() as u64;
    assert_eq!(refused(early), Refused::Incomplete { offset: 1000, bytes: all });
    // Two at once would mix their bytes.
    let first = upload::append(galvanome, &id(), &upload.id, 1000, &me()).unwrap();
    let second = upload::append(galvanome, &id(), &upload.id, 1000, &me()).unwrap_err();
    assert_eq!(refused(second), Refused::Busy);
    drop(first);
    let other = Actor::new("somebody-else").unwrap();
    assert!(upload::find(galvanome, &id(), &upload.id, &other).unwrap_err().is_not_found());

    assert_eq!(upload::find(galvanome, &id(), &upload.id, &me()).unwrap().offset, 1000);
    send(galvanome, &upload.id, 1000, &bytes[1000..]).await.unwrap();
    let beyond = send(galvanome, &upload.id, all, b"x").await.unwrap_err();
    assert!(matches!(refused(beyond), Refused::TooLarge(_)));
    let sum = sha256(bytes);
    let done = upload::finish(galvanome, &id(), &upload.id, Some(&sum), &me()).await.unwrap();
    assert_eq!((done.dataset.as_str(), done.was_held), ("Zelle_1", false));
    assert!(upload::find(galvanome, &id(), &upload.id, &me()).unwrap_err().is_not_found());

    let before = dataset::open(galvanome, &id(), "Zelle_1", &Viewer::All).await.unwrap();
    assert_eq!(before.dataset.path, "data/uploads/Zelle_1/Zelle_1.csv");
    assert_eq!(before.dataset.extra["x_file_name"], "Zelle 1.csv");
    assert_eq!(before.work.analysing, Step::Waits);
    while let Some(ran) = jobs::run_next(galvanome, "test").await.unwrap() {
        assert_eq!(ran.failed, None, "{}", ran.what);
    }
    let opened = dataset::open(galvanome, &id(), "Zelle_1", &Viewer::All).await.unwrap();
    assert_eq!((opened.work.reading, opened.work.analysing), (Step::Done, Step::Done));
    // It is of the same cell and experiment as one that was there.
    assert_eq!(opened.together.len(), 2);
    assert!(
        opened
            .quantities
            .iter()
            .any(|held| { held.quantity.descriptor.as_str() == "echem.discharge-capacity" })
    );
    let columns = opened.columns.unwrap();
    assert_eq!(columns.contents().format, "bdf-csv");
    assert_eq!(columns.contents().tables[0].rows, 40_000);

    // The same file again is the same dataset, told before or after it was sent.
    let again = uploaded(galvanome, new("other name.csv", bytes), bytes).await;
    assert_eq!((again.dataset.as_str(), again.was_held), ("Zelle_1", true));
    let told = New { sha256: Some(sum.to_uppercase()), ..new("x.csv", bytes) };
    let told = upload::begin(galvanome, &id(), told, &me()).await.unwrap();
    assert_eq!(told, Begun::Held("Zelle_1".parse().unwrap()));
    // For another cell it is another dataset, and says so.
    let other = New { samples: vec!["cell-25-2".to_owned()], ..new("Zelle 1.csv", bytes) };
    let other = uploaded(galvanome, other, bytes).await;
    assert_eq!((other.dataset.as_str(), other.was_held), ("Zelle_1-2", false));
    assert_eq!(other.same, ["Zelle_1".parse().unwrap()]);
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_the_reason() {
    let Open { galvanome, .. } = &examples::with(CAMPAIGN).await;
    let fine = new("x.csv", b"abc");
    for (new, expected) in [
        (New { experiment: "nowhere".to_owned(), ..fine.clone() }, "no experiment `nowhere`"),
        (
            New { samples: vec!["nobody".to_owned()], ..fine.clone() },
            "no sample of this experiment",
        ),
        (New { name: " ".to_owned(), ..fine.clone() }, "needs a name"),
        (New { name: "a\nb".to_owned(), ..fine.clone() }, "control characters"),
        (New { bytes: 0, ..fine.clone() }, "is empty"),
        (New { bytes: u64::MAX, ..fine.clone() }, "at most"),
        (New { sha256: Some("12".to_owned()), ..fine.clone() }, "no SHA-256"),
    ] {
        let error = upload::begin(galvanome, &id(), new, &me()).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    for wrong in [
        "",
        "upload-1",
        "upload-../../../../../../../etc",
        "../upload",
        "upload-00112233445566778899aabb",
    ] {
        let error = upload::find(galvanome, &id(), wrong, &me()).unwrap_err();
        assert!(error.is_not_found(), "{wrong}: {error}");
    }
    let upload = begun(galvanome, fine.clone()).await;
    send(galvanome, &upload.id, 0, b"abc").await.unwrap();
    let stated = "0".repeat(64);
    let error = upload::finish(galvanome, &id(), &upload.id, Some(&stated), &me()).await;
    assert!(matches!(refused(error.unwrap_err()), Refused::Checksum { .. }));
    assert!(upload::find(galvanome, &id(), &upload.id, &me()).unwrap_err().is_not_found());

    let upload = begun(galvanome, fine.clone()).await;
    upload::give_up(galvanome, &id(), &upload.id, &me()).unwrap();
    assert!(upload::find(galvanome, &id(), &upload.id, &me()).unwrap_err().is_not_found());

    // A file that nothing reads is kept all the same, and its page says why there is nothing to see.
    let noise: Vec<u8> = (0..5000_u32).map(|n| (n * n % 251) as u8).collect();
    let done = uploaded(galvanome, new("noise.bin", &noise), &noise).await;
    let opened =
        dataset::open(galvanome, &id(), done.dataset.as_str(), &Viewer::All).await.unwrap();
    assert!(
        matches!(&opened.work.reading, Step::Failed(why) if why.contains("no reader recognises"))
    );
}

/// Everything that is sent goes to a device that is always full.
#[tokio::test]
async fn a_full_disk_is_told_and_what_has_arrived_is_kept() {
    let open = examples::with(CAMPAIGN).await;
    let upload = begun(&open.galvanome, new("x.csv", b"abcdef")).await;
    let staged = staging(&open).join(&upload.id).join("bytes");
    std::fs::remove_file(&staged).unwrap();
    std::os::unix::fs::symlink("/dev/full", &staged).unwrap();
    let error = send(&open.galvanome, &upload.id, 0, b"abc").await.unwrap_err();
    assert!(error.is_full(), "{error}");
    assert_eq!(refused(error), Refused::Full);
    assert!(upload::find(&open.galvanome, &id(), &upload.id, &me()).is_ok());
}

fn staging(open: &Open) -> PathBuf {
    open.folder.path().join("objects/staging")
}

#[tokio::test]
async fn nobody_sees_what_is_withheld() {
    let Open { galvanome, .. } = &examples::with(CAMPAIGN).await;
    let nobody = Viewer::Member { partners: [].into(), groups: [].into() };
    let error = dataset::open(galvanome, &id(), "xps-session-2", &nobody).await.unwrap_err();
    assert!(matches!(error, Error::Withheld(_)), "{error}");
    assert!(dataset::open(galvanome, &id(), "xps-session-2", &Viewer::All).await.is_ok());
    let error = dataset::open(galvanome, &id(), "none", &nobody).await.unwrap_err();
    assert!(error.is_not_found());
}

/// The rows of the file within a view, and one on either side.
fn seen(times: &[f64], from: f64, to: f64) -> std::ops::Range<usize> {
    let begin = times.partition_point(|time| *time < from).saturating_sub(1);
    let end = times.partition_point(|time| *time <= to) + 1;
    begin..end.min(times.len())
}

#[tokio::test]
async fn curves_keep_every_extreme_of_every_window() {
    let Open { galvanome, .. } = &examples::with(CAMPAIGN).await;
    let rows = 150_000;
    let text = cycler_file(rows, 1);
    let done = uploaded(galvanome, new("long.csv", text.as_bytes()), text.as_bytes()).await;
    while jobs::run_next(galvanome, "test").await.unwrap().is_some() {}
    let name = done.dataset.as_str();
    let (_, _, columns) = dataset::columns(galvanome, &id(), name, &Viewer::All).await.unwrap();
    let times: Vec<f64> = (0..rows).map(f64::from).collect();
    let volts = columns.numbers(0, 1, 0..u64::from(rows)).unwrap();
    assert_eq!(volts.len(), rows as usize);
    for (from, to, width) in [
        (None, None, 400),
        (None, None, 16),
        (Some(100.5), Some(149_000.0), 999),
        (Some(12_000.0), Some(13_000.0), 300),
        (Some(12_344.0), Some(12_346.0), 300),
        (Some(-50.0), Some(40_000.0), 64),
        (Some(140_000.0), Some(1e9), 64),
        (Some(200_000.0), Some(300_000.0), 64),
    ] {
        let view = View { from, to, width };
        let found =
            curves::against_time(&columns, 0, &["voltage_volt", "current_ampere"], view).unwrap();
        let [voltage, current] = found.as_slice() else { panic!("two curves") };
        let seen = seen(&times, from.unwrap_or(0.0), to.unwrap_or(1e9));
        let part = volts.get(seen.clone()).unwrap();
        let greatest = part.iter().copied().fold(f64::MIN, f64::max);
        let least = part.iter().copied().fold(f64::MAX, f64::min);
        assert_eq!(voltage.rows, part.len() as u64, "{view:?}");
        assert_eq!(voltage.y.iter().copied().fold(f64::MIN, f64::max), greatest, "{view:?}");
        assert_eq!(voltage.y.iter().copied().fold(f64::MAX, f64::min), least, "{view:?}");
        assert!(voltage.x.is_sorted() && voltage.x.len() == voltage.y.len());
        assert!(voltage.x.len() <= 4 * width.max(16) + 2, "{} points", voltage.x.len());
        assert_eq!(voltage.whole, part.len() <= 4 * width, "{view:?}");
        // Every point is a row of the file.
        for (x, y) in voltage.x.iter().zip(&voltage.y) {
            assert_eq!(volts[*x as usize], *y);
        }
        assert!(current.y.iter().all(|y| y.abs() == 0.1));
    }
    let unknown = curves::against_time(&columns, 0, &["nothing"], View::whole(100)).unwrap_err();
    assert!(unknown.to_string().contains("there are voltage_volt"), "{unknown}");

    let cycles = curves::cycles(&columns).unwrap();
    assert_eq!(cycles.len(), 21);
    for cycle in &cycles[..20] {
        assert!((cycle.charge_ah - 0.1).abs() < 1e-4 && (cycle.discharge_ah - 0.1).abs() < 1e-4);
    }
    let against = curves::against_cycle(&columns, View::whole(500)).unwrap();
    assert_eq!(against[0].x, (1..=21).map(f64::from).collect::<Vec<_>>());
    let three = curves::chosen(&columns, &[1.0, 2.0, 20.0]).unwrap();
    let voltage = curves::against_charge(&columns, &three, View::whole(300)).unwrap();
    assert_eq!(voltage.len(), 6);
    assert_eq!(voltage[0].name, "cycle 1 charge");
    // The wild row lies in the second cycle, 12 345 s into the test: on its discharge.
    let wild = voltage.iter().find(|series| series.y.contains(&4.9)).unwrap();
    assert_eq!(wild.name, format!("cycle 2 {}", Half::Discharge.word()));
    let dqdv = curves::dqdv(&columns, &three[..1], View::whole(300)).unwrap();
    // 1.2 V over 0.1 Ah in both directions.
    for series in &dqdv {
        let middle = series.y[series.y.len() / 2].abs();
        assert!((middle - 0.1 / 1.2).abs() < 1e-3, "{middle}");
    }
    assert_eq!(dqdv.len(), 2);
    assert!(curves::chosen(&columns, &[99.0]).unwrap_err().is_not_found());
    assert!(curves::chosen(&columns, &[1.0; 13]).is_err());

    let part = dataset::rows(&columns, "records", 65_534, 4).unwrap();
    let of = |name: &str| &part.iter().find(|(of, _)| of == name).unwrap().1;
    let times = Cells::Numbers(vec![65_534.0, 65_535.0, 65_536.0, 65_537.0]);
    assert_eq!(of("test_time_second"), &times);
    let Cells::Texts(steps) = of("step") else { panic!("text") };
    assert_eq!(steps.len(), 4);
    assert!(steps.iter().all(|step| step.starts_with("CC ")));
    assert!(
        dataset::rows(&columns, "records", u64::MAX, 4).unwrap()[0].1 == Cells::Numbers(vec![])
    );
}

#[tokio::test]
async fn a_clock_that_steps_back_and_rows_without_numbers_are_drawn_too() {
    let Open { galvanome, .. } = &examples::with(CAMPAIGN).await;
    let text = "test_time_second,voltage_volt,current_ampere\n0,3.0,0.1\n10,3.1,0.1\n,3.2,0.1\n20,,0.1\n5,3.3,0.1\n15,3.4,-0.1\n";
    let done = uploaded(galvanome, new("back.csv", text.as_bytes()), text.as_bytes()).await;
    let name = done.dataset.as_str();
    let (_, _, columns) = dataset::columns(galvanome, &id(), name, &Viewer::All).await.unwrap();
    let found = curves::against_time(&columns, 0, &["voltage_volt"], View::whole(100)).unwrap();
    assert_eq!(found[0].x, [0.0, 10.0, 10.0, 20.0, 20.0, 30.0]);
    assert!(found[0].y[3].is_nan());
    assert_eq!(found[0].y[4], 3.3);
}

#[tokio::test]
async fn what_was_computed_is_computed_again() {
    let open = examples::with(CAMPAIGN).await;
    let name = "cycler-cell-25-1";
    let shown = async || {
        let (_, _, columns) =
            dataset::columns(&open.galvanome, &id(), name, &Viewer::All).await.unwrap();
        curves::against_time(&columns, 0, &["voltage_volt"], View::whole(100)).unwrap()
    };
    let first = shown().await;
    let derived = open.folder.path().join("objects/derived");
    let (_, file) = galvanome::files::walk(&derived).unwrap().remove(0);
    let whole = std::fs::read(&file).unwrap();
    for damaged in [&whole[..whole.len() / 2], b"", &whole[..8]] {
        std::fs::write(&file, damaged).unwrap();
        // Another process that opens the folder finds the damage.
        let other = Galvanome::open(open.folder.path()).await.unwrap();
        let again = dataset::columns(&other, &id(), name, &Viewer::All).await.unwrap().2;
        let again = curves::against_time(&again, 0, &["voltage_volt"], View::whole(100)).unwrap();
        assert_eq!(again, first);
        assert_eq!(std::fs::read(&file).unwrap(), whole);
    }
}
