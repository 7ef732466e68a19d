//! The whole chain: an instrument file, a quantity, a computed answer, a pixel; and the folder both ways.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use galvanome::{Actor, Galvanome, QuantityOrigin, export, import, jobs, show, why};
use galvanome_model::answer::Answer;
use galvanome_model::ids::{CampaignId, DatasetId};
use galvanome_model::quantity::Quantity;
use galvanome_model::visibility::Viewer;

use crate::examples;

/// Every file below a folder, by its path inside.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    galvanome::files::walk(folder)
        .unwrap()
        .into_iter()
        .map(|(inside, path)| (inside, std::fs::read(path).unwrap()))
        .collect()
}

#[tokio::test]
async fn a_campaign_folder_goes_in_and_out_and_in_again_unchanged() {
    for (name, id) in examples_with_ids() {
        let open = examples::with(&name).await;
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        export::campaign(&open.galvanome, &id, first.path()).await.unwrap();
        let again = tempfile::tempdir().unwrap();
        let other = Galvanome::open(again.path()).await.unwrap();
        import::folder(&other, first.path(), &Actor::local_user(), &|_| {}).await.unwrap();
        export::campaign(&other, &id, second.path()).await.unwrap();
        assert_eq!(files(first.path()), files(second.path()), "{name}");
    }
}

/// The examples, and the ids of their campaigns.
fn examples_with_ids() -> Vec<(String, CampaignId)> {
    let root = examples::folder("");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(path.join("campaign.toml")).unwrap();
        let id = text.lines().find_map(|line| line.strip_prefix("id = \"")).unwrap();
        let id = CampaignId::new(id.trim_end_matches('"')).unwrap();
        found.push((path.file_name().unwrap().to_string_lossy().into_owned(), id));
    }
    assert!(found.len() >= 2, "there are two examples");
    found
}

#[tokio::test]
async fn instrument_files_become_quantities_a_computed_answer_and_a_pixel() {
    let (name, id) =
        examples_with_ids().into_iter().find(|(name, _)| name != "lno-graphite").unwrap();
    let open = examples::with(&name).await;
    let all = show::quantities(&open.galvanome, &id, None, None, &Viewer::All).await.unwrap();
    let ours: Vec<_> = all.iter().filter(|one| one.origin == QuantityOrigin::Computed).collect();
    let rates: Vec<_> = ours
        .iter()
        .filter(|one| one.quantity.descriptor.as_str() == "echem.capacity-loss-rate")
        .collect();
    assert!(rates.len() >= 6, "a loss rate for each of six cells at least: {}", rates.len());
    for rate in rates {
        let quantity = &rate.quantity;
        assert!(quantity.uncertainty.is_some_and(|u| u > 0.0), "{quantity:?}");
        assert_eq!((quantity.unit.as_str(), quantity.n), ("%/cycle", Some(1)));
        assert!(quantity.sample.is_some() && quantity.dataset.is_some());
        assert!(quantity.method.starts_with("echem "));
    }
    let views = examples::views(&open, id.as_str()).await;
    let mut shown = Vec::new();
    for view in &views.views {
        let Some(row) = view.techniques.iter().position(|one| one.as_str() == "echem") else {
            continue;
        };
        for (column, observable) in view.observables.iter().enumerate() {
            let pixel = view.pixel(row, column).unwrap();
            if pixel.by.word() == Some("computed") {
                shown.push((view.component.clone(), view.question.clone(), observable.clone()));
            }
        }
    }
    let (component, question, observable) = shown.first().expect("one computed pixel is shown");
    let of = [component.as_str(), question.as_str(), "echem", observable.as_str()];
    let why = why::pixel(&open.galvanome, &id, of, &Viewer::All).await.unwrap();
    let computed = why.behind.computed.unwrap();
    assert!(!computed.provisional);
    assert!(computed.verdicts.iter().all(|one| one.reference_n >= 3 && one.test_n >= 3));
    assert!(matches!(computed.answer, Answer::Yes | Answer::No | Answer::Unsure));
    assert!(!why.behind.quantities.is_empty());
}

#[tokio::test]
async fn importing_the_same_folder_twice_changes_nothing() {
    let open = examples::with("lno-graphite").await;
    let id = CampaignId::new("lno-graphite").unwrap();
    let before = open.galvanome.known(&id).await.unwrap().revision;
    let folder = examples::folder("lno-graphite");
    import::folder(&open.galvanome, &folder, &Actor::local_user(), &|_| {}).await.unwrap();
    while galvanome::jobs::run_next(&open.galvanome, "test").await.unwrap().is_some() {}
    assert_eq!(open.galvanome.known(&id).await.unwrap().revision, before);
    let history = why::pixel(
        &open.galvanome,
        &id,
        ["LNO", "SQ1", "ndp", "lithium-distribution"],
        &Viewer::All,
    );
    assert_eq!(history.await.unwrap().behind.history.len(), 2);
}

/// What was computed of one sample.
async fn computed_of(galvanome: &Galvanome, id: &CampaignId, sample: &str) -> Vec<Quantity> {
    let all = show::quantities(galvanome, id, None, None, &Viewer::All).await.unwrap();
    all.into_iter()
        .filter(|one| one.origin == QuantityOrigin::Computed)
        .map(|one| one.quantity)
        .filter(|one| one.sample.as_ref().is_some_and(|one| one.as_str() == sample))
        .collect()
}

async fn run_all(galvanome: &Galvanome) {
    while let Some(ran) = jobs::run_next(galvanome, "test").await.unwrap() {
        assert_eq!(ran.failed, None, "{}", ran.what);
    }
}

/// A cell whose cycles lie in two files, the later one listed first, is one specimen: analysed as if it were one
/// file, its numbers kept once, and kept so however often either dataset is asked for again.
#[tokio::test]
async fn several_datasets_of_one_cell_are_analysed_together_in_time_order() {
    let id = CampaignId::new("invented-solid-state").unwrap();
    let whole = examples::with("invented-solid-state").await;
    let truth = computed_of(&whole.galvanome, &id, "cell-25-1").await;
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("folder");
    for (inside, bytes) in files(&examples::folder("invented-solid-state")) {
        let path = folder.join(inside);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let file = folder.join("data/cycler/cell-25-1.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let part = |later: bool| {
        let mut part = format!("{head},Unix Time / s\n");
        for row in rows.lines() {
            let (time, _) = row.split_once(',').unwrap();
            let (_, cycle) = row.rsplit_once(',').unwrap();
            if (cycle.parse::<u32>().unwrap() > 6) == later {
                let unix = 1_700_000_000.0 + time.parse::<f64>().unwrap();
                writeln!(part, "{row},{unix}").unwrap();
            }
        }
        part
    };
    std::fs::write(&file, part(true)).unwrap();
    std::fs::write(folder.join("data/cycler/cell-25-1-early.csv"), part(false)).unwrap();
    let datasets = std::fs::read_to_string(folder.join("datasets.csv")).unwrap();
    let datasets: Vec<String> = datasets
        .lines()
        .map(|line| {
            if !line.starts_with("cycler-cell-25-1,") {
                return line.to_owned();
            }
            let row = |name: &str| {
                format!(
                    "cycler-{name},echem-1,cell-25-1,cycler,,,data/cycler/{name}.csv,,,,,CC0-1.0,,"
                )
            };
            format!("{}\n{}", row("cell-25-1"), row("cell-25-1-early"))
        })
        .collect();
    std::fs::write(folder.join("datasets.csv"), datasets.join("\n") + "\n").unwrap();
    let galvanome = Galvanome::open(&temporary.path().join("data")).await.unwrap();
    import::folder(&galvanome, &folder, &Actor::local_user(), &|_| {}).await.unwrap();
    run_all(&galvanome).await;
    let found = computed_of(&galvanome, &id, "cell-25-1").await;
    let names =
        |all: &[Quantity]| all.iter().map(|one| one.descriptor.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&found), names(&truth), "each number once");
    for (found, truth) in found.iter().zip(&truth) {
        assert_eq!(found.dataset, DatasetId::new("cycler-cell-25-1-early").ok(), "{found:?}");
        let together = "; from cycler-cell-25-1-early, cycler-cell-25-1 in time order";
        assert_eq!(found.source, format!("{}{together}", truth.source));
        assert!((found.value - truth.value).abs() <= 2e-3 * truth.value.abs() + 1e-6, "{found:?}");
    }
    let before = galvanome.known(&id).await.unwrap().revision;
    for dataset in ["cycler-cell-25-1", "cycler-cell-25-1-early"] {
        let dataset = DatasetId::new(dataset).unwrap();
        let work = jobs::Work::Ingest { campaign: id.clone(), dataset };
        jobs::enqueue(&galvanome, &work).await.unwrap();
    }
    run_all(&galvanome).await;
    assert_eq!(galvanome.known(&id).await.unwrap().revision, before);
}

/// A folder with one mistake imports nothing, and says what, where and what would be right.
#[tokio::test]
async fn a_mistake_anywhere_leaves_the_store_as_it_was() {
    let temporary = tempfile::tempdir().unwrap();
    let galvanome = Galvanome::open(&temporary.path().join("data")).await.unwrap();
    let folder = temporary.path().join("folder");
    for (inside, bytes) in files(&examples::folder("lno-graphite")) {
        let path = folder.join(inside);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let answers = std::fs::read_to_string(folder.join("answers.csv")).unwrap();
    std::fs::write(folder.join("answers.csv"), answers.replacen(",yes,", ",maybe,", 2)).unwrap();
    let error = import::folder(&galvanome, &folder, &Actor::local_user(), &|_| {}).await;
    let text = error.unwrap_err().to_string();
    assert!(text.contains("2 problems"), "{text}");
    assert!(text.contains("answers.csv") && text.contains("maybe"), "{text}");
    assert_eq!(show::campaigns(&galvanome, None, 10).await.unwrap(), []);
}
